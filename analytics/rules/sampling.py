"""Which replies are inspected and which answers of the bot are judged: drawn by lot, the same each time it is
drawn; and how much a share of what was drawn tells of all."""

import hashlib
from collections.abc import Iterable
from datetime import date
from math import ceil, sqrt

Z95 = 1.959964


def draw(day: date, numbers: Iterable[str], share: float) -> list[str]:
    """``share`` of ``numbers``, at least one of any; the day is the seed, the order of ``numbers`` plays no part."""
    known = sorted(set(numbers), key=lambda number: hashlib.sha256(f"{day.isoformat()} {number}".encode()).digest())
    return sorted(known[: ceil(len(known) * share)])


def drawn(turn: str, share: float) -> bool:
    """Whether an answer is among the ``share`` that is judged: its id alone decides, each with the same likelihood, so
    that busy days have as many more as they have more answers, and a pooled share is that of all answers."""
    first = int.from_bytes(hashlib.sha256(f"bot {turn}".encode()).digest()[:8])
    return first < share * 2**64


def wilson(hits: int, of: int, z: float = Z95) -> tuple[float, float]:
    """The interval in which the share of all lies with 95 % confidence, when ``hits`` of ``of`` drawn had it.

    The score interval of E. B. Wilson (1927, JASA 22, 209–212): it stays within 0 and 1 and tells of few and of none.
    ``of`` is at least one.
    """
    share, squared = hits / of, z * z
    middle = (share + squared / (2 * of)) / (1 + squared / of)
    half = z * sqrt(share * (1 - share) / of + squared / (4 * of * of)) / (1 + squared / of)
    return max(0.0, middle - half), min(1.0, middle + half)
