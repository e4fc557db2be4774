"""What somebody is going to do and when; the clock jumps from one to the next."""

import heapq
from collections.abc import Awaitable, Callable
from datetime import datetime

Errand = Callable[[], Awaitable[None]]


class Agenda:
    """Errands by their moment; those of the same moment in the order they were set down."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Errand, bool]] = []
        self._count = 0

    def at(self, moment: datetime, errand: Errand, *, quiet: bool = False) -> None:
        """Do ``errand`` at ``moment``; of a ``quiet`` one nobody hears at once."""
        self._count += 1
        heapq.heappush(self._heap, (moment, self._count, errand, quiet))

    @property
    def next_at(self) -> datetime | None:
        """When the next one is."""
        return self._heap[0][0] if self._heap else None

    def take(self) -> tuple[datetime, Errand, bool]:
        """The next one: when, what, whether it is quiet."""
        moment, _, errand, quiet = heapq.heappop(self._heap)
        return moment, errand, quiet
