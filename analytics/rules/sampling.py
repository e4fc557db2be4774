"""Which replies are inspected: drawn by lot, the same lot for a day however often it is drawn."""

import hashlib
from collections.abc import Iterable
from datetime import date
from math import ceil


def draw(day: date, numbers: Iterable[str], share: float) -> list[str]:
    """``share`` of ``numbers``, at least one of any; the day is the seed, the order of ``numbers`` plays no part."""
    known = sorted(set(numbers), key=lambda number: hashlib.sha256(f"{day.isoformat()} {number}".encode()).digest())
    return sorted(known[: ceil(len(known) * share)])
