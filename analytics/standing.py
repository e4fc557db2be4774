"""Takes numbers that stand at a moment: how many entries each unit is to keep right, how many are past their day."""

from collections.abc import Awaitable, Callable, Mapping

from analytics.rules.indicators import ENTRIES, LATE_ENTRIES, TOTAL, UNIT
from analytics.store import figures
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database, Tx

# By the unit that keeps them: how many entries, and how many of them are past their day.
Owned = Callable[[Tx], Awaitable[Mapping[str, tuple[int, int]]]]


class Standing:
    """A day's numbers are those taken last on it."""

    def __init__(self, database: Database, clock: Clock, lookup: Lookup, owned: Owned) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup
        self._owned = owned

    async def take(self) -> None:
        """Write down what stands now; a job."""
        today = self._lookup.calendar().local_date(self._clock.now())
        async with self._database.transaction() as tx:
            await figures.put(tx, today, _numbers(await self._owned(tx)))


def _numbers(owned: Mapping[str, tuple[int, int]]) -> dict[tuple[str, str], int]:
    found = {(ENTRIES, TOTAL): 0, (LATE_ENTRIES, TOTAL): 0}
    for unit, (many, late) in owned.items():
        for name, count in ((ENTRIES, many), (LATE_ENTRIES, late)):
            found[name, f"{UNIT}={unit}"] = count
            found[name, TOTAL] += count
    return found
