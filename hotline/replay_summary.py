"""What came of a replay, counted and written down."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from kernel.labels import Labelled

TOP = 20


class Ended(Labelled):
    """How one talk ended."""

    ANSWERED = "answered", "知识库直接答复"
    DISPATCHED = "dispatched", "建单并自动派单"
    QUEUED = "queued", "建单并进入人工分办"
    SUGGESTION = "suggestion", "登记为建议"
    PERSON = "person", "转人工"
    UNFINISHED = "unfinished", "未谈完"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One talk: how it ended, how often the bot asked back, where the ticket went, why a person was fetched."""

    ended: Ended
    asked_back: int
    unit: str = ""
    matter: str = ""
    reason: str = ""


@dataclass(slots=True)
class Summary:
    """All talks of a replay."""

    file: str
    channel: str
    rows: int
    seconds: float = 0.0
    ended: Counter[Ended] = field(default_factory=Counter)
    asked_back: Counter[int] = field(default_factory=Counter)
    units: Counter[str] = field(default_factory=Counter)
    matters: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count a talk."""
        self.ended[outcome.ended] += 1
        self.asked_back[outcome.asked_back] += 1
        for counter, name in ((self.units, outcome.unit), (self.reasons, outcome.reason)):
            if name:
                counter[name] += 1
        if outcome.ended in {Ended.DISPATCHED, Ended.QUEUED}:
            self.matters[outcome.matter or "（未定事项）"] += 1
        # The bot gave up because something broke: the citizen got a person, the program has a fault.
        if outcome.reason == "error":
            self.errors["bot_failed"] += 1

    def fail(self, code: str, times: int = 1) -> None:
        """Count an error."""
        if times:
            self.errors[code] += times

    @property
    def ticketed(self) -> int:
        """How many talks ended with a ticket."""
        return self.ended[Ended.DISPATCHED] + self.ended[Ended.QUEUED]

    @property
    def rows_asked_back(self) -> int:
        """In how many talks the bot asked back at least once."""
        return sum(count for times, count in self.asked_back.items() if times)

    def figures(self) -> Mapping[str, object]:
        """Everything as JSON."""
        return {
            "file": self.file,
            "channel": self.channel,
            "rows": self.rows,
            "seconds": round(self.seconds, 1),
            "ended": {each.value: self.ended[each] for each in Ended},
            "ticketed": self.ticketed,
            "asked_back": self.rows_asked_back,
            "questions_asked_back": {str(times): count for times, count in sorted(self.asked_back.items())},
            "units": dict(self.units.most_common()),
            "matters": dict(self.matters.most_common()),
            "reasons": dict(self.reasons.most_common()),
            "errors": dict(self.errors),
        }

    def text(self) -> str:
        """Everything for a person."""
        rows = max(1, self.rows)
        speed = self.rows / max(self.seconds, 0.001)
        lines = [
            "",
            f"{self.file}：{self.rows} 条，经 {self.channel}，{self.seconds:.0f} 秒，每秒 {speed:.1f} 条",
            *(f"  {each.label:　<10}{self.ended[each]:>6}  {self.ended[each] / rows:6.1%}" for each in Ended),
            f"  其中建单 {self.ticketed}，追问过的 {self.rows_asked_back}",
            *_list("承办单位", self.units),
            *_list("诉求事项", self.matters),
            *_list("转人工原因", self.reasons),
            *(_list("错误", self.errors) or ["  错误 0"]),
        ]
        return "\n".join(lines)


def _list(title: str, counter: Counter[str]) -> list[str]:
    if not counter:
        return []
    shown = [f"    {count:>6}  {name}" for name, count in counter.most_common(TOP)]
    rest = len(counter) - len(shown)
    return [f"  {title}", *shown, *([f"           另有 {rest} 项"] if rest > 0 else [])]
