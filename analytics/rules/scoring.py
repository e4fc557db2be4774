"""A unit's score of 100: shares by weight, small numbers drawn towards the city's, and the band it falls into."""

from collections.abc import Mapping
from dataclasses import dataclass

# Measure → weight. What is not measured anywhere in the city yet is left out and the rest weigh more.
WEIGHTS: Mapping[str, int] = {"responded": 10, "on_time": 20, "first_time": 30, "satisfied": 20, "inspected": 20}
PENALTIES: Mapping[str, int] = {"rehandled": 10}
# What a lawful refusal counts in; in the others it would be a bad mark for keeping the law.
OF_LAWFUL_REFUSALS = frozenset({"responded", "inspected"})
BANDS: tuple[tuple[float, str], ...] = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (0.0, "D"))


@dataclass(frozen=True, slots=True)
class Share:
    """A numerator over its denominator."""

    numerator: float
    denominator: int

    @property
    def value(self) -> float | None:
        """The quotient; None of nothing."""
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True, slots=True)
class Score:
    """``points`` of 100, rounded to a tenth; ``tickets`` is the greatest denominator it rests on."""

    points: float
    band: str
    tickets: int


def shrunk(own: Share, city: Share, weight: int) -> float:
    """The share as if ``weight`` tickets more had gone as in the whole city: three tickets make no champion."""
    usual = city.value or 0.0
    return (own.numerator + weight * usual) / (own.denominator + weight) if own.denominator + weight else usual


def score(own: Mapping[str, Share], city: Mapping[str, Share], weight: int) -> Score | None:
    """None when nothing of the unit was measured."""
    nothing = Share(0, 0)
    measured = {name: each for name, each in WEIGHTS.items() if city.get(name, nothing).denominator}
    tickets = max((own.get(name, nothing).denominator for name in measured), default=0)
    if not tickets:
        return None
    whole = sum(measured.values())
    points = sum(each * shrunk(own.get(name, nothing), city[name], weight) for name, each in measured.items())
    points = 100 * points / whole
    for name, each in PENALTIES.items():
        points -= each * shrunk(own.get(name, nothing), city.get(name, nothing), weight)
    points = round(min(max(points, 0.0), 100.0), 1)
    return Score(points, next(band for least, band in BANDS if points >= least), tickets)
