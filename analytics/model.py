"""Values of analytics: by what a roll-up is told apart, which version of a number is meant, what is inspected."""

from dataclasses import dataclass
from datetime import date

from kernel.labels import Labelled


class Grain(Labelled):
    """By what a row of the roll-up is told apart, besides the day."""

    CITY = "city", "全市"
    UNIT = "unit", "承办单位"
    PLACE = "place", "事项与镇街"
    CHANNEL = "channel", "渠道"


class Version(Labelled):
    """Which tickets count."""

    ALL = "all", "全部工单"
    KEPT = "kept", "扣除经审核的剔除"


class Finding(Labelled):
    """What an inspection looks at; each is worth the same."""

    POINTS = "points", "逐点答复"
    BASIS = "basis", "依据充分"
    TRUE = "true", "处理属实"
    COURTESY = "courtesy", "用语文明"
    NO_LEAK = "no_leak", "无泄露"


class Drawn(Labelled):
    """Why a reply is inspected."""

    LOT = "lot", "抽签"
    UNPROVEN_CALL = "unproven_call", "回访或代为撤回无通话记录"
    UNPROVEN_CONTACT = "unproven_contact", "首次联系无通话记录"


class Judged(Labelled):
    """What a person says of an answer of the bot."""

    RIGHT = "right", "正确"
    WRONG = "wrong", "错误"
    UNSURE = "unsure", "说不准"


@dataclass(frozen=True, slots=True)
class Tally:
    """What was said of answers that were drawn: how many were right, wrong, left open by who looked, looked at by
    nobody yet."""

    right: int = 0
    wrong: int = 0
    unsure: int = 0
    waiting: int = 0

    @property
    def judged(self) -> int:
        """Of how many it is known."""
        return self.right + self.wrong

    @property
    def drawn(self) -> int:
        """All."""
        return self.judged + self.unsure + self.waiting


@dataclass(frozen=True, slots=True)
class Slice:
    """The days, and of which unit, matter, towns (beginning of the code) or channel; empty for all. ``below`` are units
    counted in with ``unit``."""

    since: date
    until: date
    unit: str = ""
    matter: str = ""
    area: str = ""
    channel: str = ""
    below: tuple[str, ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        """The unit and those counted in with it; empty for all."""
        return (self.unit, *self.below) if self.unit else ()
