"""Ticket numbers: prefix, day, a sequence of the day and a check digit."""

from datetime import date

from kernel.database import Tx
from ticketing.rules.numbering import number_of
from ticketing.store.tables import numbers


async def next_number(tx: Tx, prefix: str, day: date) -> str:
    """The next number of ``day``; unique over all processes, as the row is held until the transaction ends."""
    statement = tx.insert(numbers).values(day=f"{day:%y%m%d}", last=1)
    statement = statement.on_conflict_do_update(index_elements=["day"], set_={"last": numbers.c.last + 1})
    last = (await tx.execute(statement.returning(numbers.c.last))).scalar_one()
    return number_of(prefix, day, last)
