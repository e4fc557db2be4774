"""How a replayed citizen answers what the bot asks back: a fixed script over what is shown on the screen."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kernel.messages import Outbound

# Made up. Nothing is ever sent to it: a replay steps no channel.
TEST_PHONE = "1380000{number:04d}"
TURNS = 8


@dataclass(frozen=True, slots=True)
class Citizen:
    """One replayed citizen: what they wrote, the place in it (or the city's default town), their made-up phone."""

    text: str
    place: str
    town: str
    number: int

    @property
    def phone(self) -> str:
        """The phone of the test range."""
        return TEST_PHONE.format(number=self.number % 10_000)


@dataclass(frozen=True, slots=True)
class Shown:
    """What a citizen sees after one message: everything the hotline wrote back, the last with its choices."""

    texts: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    cited: bool

    @classmethod
    def of(cls, messages: Sequence[Outbound]) -> "Shown":
        """The view of some messages out."""
        choices = next((m.choices for m in reversed(messages) if m.choices), ())
        return cls(
            tuple(m.text for m in messages),
            tuple((choice.label, choice.value) for choice in choices),
            any(m.citations for m in messages),
        )

    @property
    def text(self) -> str:
        """All of it."""
        return "\n".join(self.texts)

    def choice(self, pattern: str) -> str:
        """The value of the first choice whose label fits, empty when none does."""
        return next((value for label, value in self.choices if re.search(pattern, label)), "")


@dataclass(frozen=True, slots=True)
class Row:
    """When the screen reads like this, the citizen answers that."""

    asks: re.Pattern[str]
    answer: Callable[[Citizen, Shown], str]


def _chosen(pattern: str, otherwise: str) -> Callable[[Citizen, Shown], str]:
    return lambda _citizen, shown: shown.choice(pattern) or otherwise


# From the top: the first row that fits is the answer.
SCRIPT: tuple[Row, ...] = (
    Row(re.compile("核对|确认提交"), _chosen("确认", "确认")),
    Row(re.compile("在哪里|地点"), lambda citizen, _shown: citizen.place),
    Row(re.compile("镇街"), lambda citizen, shown: shown.choice(re.escape(citizen.town)) or citizen.town),
    Row(re.compile("什么时候|时间"), lambda _citizen, _shown: "今天"),
    Row(re.compile("电话|号码"), lambda citizen, _shown: citizen.phone),
    Row(re.compile("哪一项|都不是|登记工单"), _chosen("登记", "登记工单")),
    Row(re.compile("没有完全明白|我主要为您|有什么可以帮"), _chosen("投诉", "我要投诉")),
    Row(re.compile("说说|具体|描述|困难"), lambda citizen, _shown: citizen.text),
)

SUGGESTION_KEPT = re.compile("谢谢您的建议，已登记")


def next_words(citizen: Citizen, shown: Shown) -> str:
    """What the citizen writes next; empty when nothing was asked."""
    for row in SCRIPT:
        if row.asks.search(shown.text):
            return row.answer(citizen, shown)
    return ""
