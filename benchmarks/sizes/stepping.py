"""Takes tickets through a step, each in a transaction of its own as the API does."""

import asyncpg

from benchmarks.sizes.house import SizedHouse
from benchmarks.sizes.measuring import timed
from ticketing.model.acting import Form
from ticketing.model.labels import Action

WAITING = "SELECT number, lead FROM ticket WHERE state = 'dispatched' AND NOT asking ORDER BY id LIMIT $1"


async def steps(house: SizedHouse, count: int) -> list[float]:
    """Seconds each of so many steps took: a unit accepts a ticket, which is committed."""
    connection = await asyncpg.connect(house.url)
    try:
        waiting = await connection.fetch(WAITING, count + 1)
    finally:
        await connection.close()
    taken = []
    for number, lead in waiting:

        async def accept(number: str = number, lead: str = lead) -> None:
            async with house.database.transaction() as tx:
                unit = house.liaisons[lead]
                await house.rooms.ticketing.tickets.act(tx, number, Action.ACCEPT, Form(), unit)

        taken.append(await timed(accept))
    return taken[1:]
