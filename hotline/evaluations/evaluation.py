"""What an evaluation is, and how its figures are made."""

import argparse
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import ceil

from kernel.settings import Settings

SAID = 3

Figures = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One command of ``evaluate``: its name, its words in the help, its arguments, and what gives its figures."""

    name: str
    help: str
    add_arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[Settings, argparse.Namespace], Awaitable[Figures]]


def share(part: int, whole: int) -> float | None:
    """Four digits of part in whole; None where there is nothing to have a share of."""
    return round(part / whole, 4) if whole else None


def spread(milliseconds: Sequence[float]) -> Mapping[str, float | None]:
    """The median and the 95th percentile (nearest rank), in milliseconds."""
    return {"p50": _percentile(milliseconds, 0.50), "p95": _percentile(milliseconds, 0.95)}


def said_of(ranked: Iterable[tuple[str, float]]) -> str:
    """The first few of what was thought likely, for a person to read."""
    return "、".join(f"{name} {likely:.2f}" for name, likely in islice(ranked, SAID))


def _percentile(values: Sequence[float], of: float) -> float | None:
    if not values:
        return None
    return round(sorted(values)[max(0, ceil(of * len(values)) - 1)], 3)
