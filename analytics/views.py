"""What the screens are told of figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from analytics.model import Tally
from analytics.rules.sampling import wilson


@dataclass(frozen=True, slots=True)
class ShareView:
    """A number with what it is made of; ``value`` is None of nothing."""

    numerator: float
    denominator: int
    value: float | None


@dataclass(frozen=True, slots=True)
class SampleView:
    """What a share rests on that is known of a sample only: how many were drawn, of how many it is known, how many
    somebody has still to say (待核实), and the 95 % interval of the share, None while nothing is known."""

    drawn: int
    judged: int
    waiting: int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class RateView:
    """An indicator: all tickets (``all``), and without those excluded after audit (``kept``); ``sample`` where it is
    known of a sample only."""

    name: str
    label: str
    definition: str
    shape: str
    rising: bool | None
    drills: bool
    all: ShareView
    kept: ShareView
    sample: SampleView | None = None


def sample_view(tally: Tally) -> SampleView:
    """A sample with the interval of its share of wrong ones."""
    low, high = wilson(tally.wrong, tally.judged) if tally.judged else (None, None)
    ends = (None if end is None else round(end, 4) for end in (low, high))
    return SampleView(tally.drawn, tally.judged, tally.unsure + tally.waiting, *ends)


@dataclass(frozen=True, slots=True)
class ScoreView:
    """A unit's band; points only where they are shown."""

    unit: str
    unit_name: str
    band: str
    tickets: int
    points: float | None


@dataclass(frozen=True, slots=True)
class IndicatorsView:
    """Indicators of a stretch of days; ``excluded`` is how many tickets the second version leaves out. ``below`` are
    the names of units below the one asked about, ``counts_below`` whether they are counted in: then there is no
    band, which is each unit's own."""

    since: date
    until: date
    excluded: int
    rates: Sequence[RateView]
    score: ScoreView | None
    below: Sequence[str] = ()
    counts_below: bool = False


@dataclass(frozen=True, slots=True)
class WeekView:
    """A week from Monday on."""

    monday: date
    rates: Sequence[RateView]


@dataclass(frozen=True, slots=True)
class TrendView:
    """Week by week."""

    weeks: Sequence[WeekView]


@dataclass(frozen=True, slots=True)
class ScoresView:
    """Units with their bands: by name, or by points where a league table is wanted."""

    league_table: bool
    items: Sequence[ScoreView]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class HotView:
    """A matter in a town."""

    matter: str
    matter_name: str
    area: str
    area_name: str
    count: int


@dataclass(frozen=True, slots=True)
class HotPage:
    """The most frequent first."""

    items: Sequence[HotView]


@dataclass(frozen=True, slots=True)
class DrilledView:
    """A ticket behind a number."""

    number: str
    day: date
    unit: str
    unit_name: str
    numerator: float
    denominator: int
    excluded: bool


@dataclass(frozen=True, slots=True)
class DrilledPage:
    """Tickets behind a number, the newest first."""

    items: Sequence[DrilledView]
    next: str | None


@dataclass(frozen=True, slots=True)
class FindingView:
    """What an inspection looks at."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class SecondView:
    """A second look: who wanted it and why, and what came of it. ``may``: whoever reads it may take it."""

    by_unit: bool
    why: str
    asked_at: datetime
    done_at: datetime | None
    points: int | None
    failed: Sequence[FindingView]
    note: str
    may: bool


@dataclass(frozen=True, slots=True)
class InspectionView:
    """A reply drawn for inspection; ``may_ask``: a second look may be wanted."""

    number: str
    drawn: date
    unit_name: str
    done_at: datetime | None
    points: int | None
    passed: bool | None
    failed: Sequence[FindingView]
    note: str
    second: SecondView | None
    may_ask: bool
    why: str
    why_label: str


@dataclass(frozen=True, slots=True)
class InspectionPage:
    """The list, with what each inspection looks at, what each of it is worth, the share that is drawn and the points
    from which a reply passes."""

    items: Sequence[InspectionView]
    findings: Sequence[FindingView]
    worth: int
    share: float
    least: int
    next: str | None


@dataclass(frozen=True, slots=True)
class UnitFoundView:
    """What was found about a unit's replies, as a band."""

    unit_name: str
    band: str
    looked_at: int
    passed: int
    points: int


@dataclass(frozen=True, slots=True)
class UnitFoundPage:
    """Units by name."""

    items: Sequence[UnitFoundView]
    total: int
    next: str | None
