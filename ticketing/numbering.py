"""Gives tickets their number and the query code that opens them."""

from dataclasses import dataclass

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.ids import new_code
from ticketing.rules.numbering import number_of
from ticketing.store.tables import numbers


@dataclass(frozen=True, slots=True)
class Numbering:
    """Number and query code for a submission."""

    number: str
    query_code: str


class Numbers:
    """Counts the tickets of a day. ``prefix`` replaces the city's own when it is given."""

    def __init__(self, clock: Clock, lookup: Lookup, prefix: str) -> None:
        self._clock = clock
        self._lookup = lookup
        self._prefix = prefix

    async def next(self, tx: Tx) -> Numbering:
        """The next number of today; unique over all processes, as the row is held until the transaction ends."""
        day = self._lookup.calendar().local_date(self._clock.now())
        statement = tx.insert(numbers).values(day=f"{day:%y%m%d}", last=1)
        statement = statement.on_conflict_do_update(index_elements=["day"], set_={"last": numbers.c.last + 1})
        last = (await tx.execute(statement.returning(numbers.c.last))).scalar_one()
        prefix = self._prefix or self._lookup.city().ticket_prefix
        return Numbering(number_of(prefix, day, last), new_code())
