"""What administrators are told of the limits: every value, the versions, what each changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kernel.errors import Invalid
from kernel.labels import Labelled
from ticketing.model.labels import LimitUnit
from ticketing.model.ticket import Limit
from ticketing.rules.limitrows import Value


class ValueKind(Labelled):
    """How a value is counted."""

    MINUTES = "minutes", "分钟"
    BUSINESS_MINUTES = "business_minutes", "工作分钟"
    WORKING_DAYS = "working_days", "个工作日"
    SAME_DAY = "same_day", "当日"
    DAYS = "days", "天"
    SHARE = "share", "%"
    COUNT = "count", ""


@dataclass(frozen=True, slots=True)
class ValueView:
    """A value as it is typed: ``amount`` in the unit of its kind, a share in per cent. ``text`` is how it reads."""

    kind: ValueKind
    amount: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class LimitRowView:
    """One value of the version in force; ``kinds`` are those it may be given. ``weaker`` is the way it becomes the
    weaker promise to the citizen (more, less, neither), ``bound`` how far that way the rule ``source`` lets it go."""

    key: str
    group: str
    group_label: str
    label: str
    value: ValueView
    kinds: Sequence[ValueKind]
    weaker: str
    bound: ValueView | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """A value another than in the version before."""

    key: str
    label: str
    before: ValueView
    after: ValueView


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version; ``valid_from`` is empty for that of the program, ``state`` is past, current or coming."""

    version: int
    valid_from: datetime | None
    at: datetime | None
    by_name: str
    why: str
    state: str
    beyond_why: str
    differences: Sequence[DifferenceView]


@dataclass(frozen=True, slots=True)
class LimitsView:
    """The values in force, and every version, the newest to take effect first."""

    newest: int
    today: date
    rows: Sequence[LimitRowView]
    versions: Sequence[VersionView]


@dataclass(frozen=True, slots=True)
class TypedValue:
    """What somebody typed."""

    kind: ValueKind
    amount: int


@dataclass(frozen=True, slots=True)
class LimitsForm:
    """A version: ``values`` by key, against what is in force on the day; ``newest`` is the version last seen. Beyond a
    bound only what ``beyond_why`` says a reason for is set."""

    valid_from: date
    values: Mapping[str, TypedValue]
    why: str
    newest: int
    beyond_why: str = ""


OF_LIMIT = frozenset(LimitUnit)


def value_of(typed: TypedValue, key: str) -> Value:
    """The value somebody typed; Invalid under ``key``."""
    if abs(typed.amount) > 10**7:
        raise Invalid({key: "out_of_range"})
    match typed.kind:
        case ValueKind.DAYS:
            return timedelta(days=typed.amount)
        case ValueKind.SHARE:
            return typed.amount / 100
        case ValueKind.COUNT:
            return typed.amount
        case kind:
            unit = LimitUnit(kind.value)
            return Limit(unit, 0 if unit is LimitUnit.SAME_DAY else typed.amount)


def view_of(value: Value) -> ValueView:
    """A value as it is shown."""
    if isinstance(value, Limit):
        return ValueView(ValueKind(value.unit.value), value.amount, _words(value))
    if isinstance(value, timedelta):
        return ValueView(ValueKind.DAYS, value.days, f"{value.days} 天")
    if isinstance(value, float):
        percent = round(value * 100)
        return ValueView(ValueKind.SHARE, percent, f"{percent}%")
    return ValueView(ValueKind.COUNT, value, str(value))


def kinds_of(value: Value) -> Sequence[ValueKind]:
    """What a value may be changed to."""
    if isinstance(value, Limit):
        return [ValueKind(unit.value) for unit in LimitUnit]
    return [view_of(value).kind]


def _words(limit: Limit) -> str:
    hours, minutes = divmod(limit.amount, 60)
    match limit.unit:
        case LimitUnit.SAME_DAY:
            return "当日"
        case LimitUnit.WORKING_DAYS:
            return f"{limit.amount} 个工作日"
        case LimitUnit.BUSINESS_MINUTES:
            return f"{hours} 工作小时" if not minutes else f"{limit.amount} 工作分钟"
        case LimitUnit.MINUTES:
            return f"{hours} 小时" if hours and not minutes else f"{limit.amount} 分钟"
