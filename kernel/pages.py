"""Pages of lists that are short or held in memory: the cursor is how many came before."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kernel.errors import Invalid

LONGEST = 200
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class PageQuery:
    """Which page of a list that has no other choice."""

    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins and how long it is."""

    start: int
    limit: int

    def next_of(self, found: Sequence[object]) -> str | None:
        """The cursor of the page behind ``found``, of which one more than the page holds was asked for."""
        return str(self.start + self.limit) if len(found) > self.limit else None


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A page of a list, how many there are in all, the cursor of the next (None at the end)."""

    items: Sequence[T]
    total: int
    next: str | None


def length(limit: int) -> int:
    """How long a page is for which ``limit`` was asked: of one that cannot be the nearest that can."""
    return max(1, min(limit, LONGEST))


def place(cursor: str, limit: int) -> Place:
    """The page a cursor names; Invalid for one that is not ours."""
    if cursor and not (cursor.isascii() and cursor.isdigit() and len(cursor) < 10):
        raise Invalid({"cursor": "wrong"})
    return Place(int(cursor or 0), length(limit))


def part(items: Sequence[T], cursor: str, limit: int) -> Part[T]:
    """A page of ``items``; Invalid for a cursor that is not ours."""
    at = place(cursor, limit)
    found = items[at.start : at.start + at.limit + 1]
    return Part(found[: at.limit], len(items), at.next_of(found))
