"""Rows by which open tickets are found by their words, and how long it takes to find what is like a new one."""

import random
from functools import partial

import asyncpg

from benchmarks.sizes.affairs import Affairs
from benchmarks.sizes.house import SizedHouse
from benchmarks.sizes.measuring import Stopwatch, timed
from ticketing.model.labels import TicketKind
from ticketing.model.ticket import Draft, Ticket
from ticketing.store.body import decode
from ticketing.store.likes import rows_of
from ticketing.store.tables import OVER, listed

CROWD = (
    """INSERT INTO ticket SELECT (jsonb_populate_record(a, jsonb_build_object('id', 'crowd' || n, 'number', 'X' || n,
       'received', a.received + n * interval '1 second'))).* FROM ticket a, generate_series(1, $2::int) n
       WHERE a.id = $1""",
    """INSERT INTO ticket_band SELECT 'crowd' || n, band, town, received + n * interval '1 second'
       FROM ticket_band, generate_series(1, $2::int) n WHERE ticket = $1""",
)
COLUMNS = ("ticket", "band", "town", "received")


async def sign(connection: asyncpg.Connection, house: SizedHouse) -> int:
    """Write the rows of every open ticket; how many tickets that were."""
    lookup = house.rooms.ticketing.lookup
    found = await connection.fetch(f"SELECT body FROM ticket WHERE state NOT IN ({listed(OVER)})")  # noqa: S608
    tickets = [decode(row[0]) for row in found]
    rows = [tuple(row[name] for name in COLUMNS) for t in tickets for row in rows_of(t, lookup.town_of(t.area))]
    await connection.copy_records_to_table("ticket_band", records=rows, columns=list(COLUMNS))
    return len(tickets)


async def crowd(connection: asyncpg.Connection, many: int) -> Ticket:
    """One event that ``many`` others tell of today, each in an open ticket of their own, in the same words as a ticket
    that is open already; gives that one."""
    query = "SELECT body FROM ticket WHERE id = (SELECT max(ticket) FROM ticket_band)"
    like = decode(await connection.fetchval(query))
    for statement in CROWD:
        await connection.execute(statement, like.id, many)
    return like


async def disperse(connection: asyncpg.Connection) -> None:
    """The crowd goes again."""
    for table, name in (("ticket_band", "ticket"), ("ticket", "id")):
        await connection.execute(f"DELETE FROM {table} WHERE {name} LIKE 'crowd%'")  # noqa: S608


async def lookups(house: SizedHouse, found: Affairs, watch: Stopwatch, rounds: int) -> list[float]:
    """Seconds each of so many looks for what is like a new ticket took, in turn with the floor."""
    draws, taken = random.Random(777), []
    for affair in found.draw(draws, rounds + 1):
        draft = Draft(
            TicketKind.COMPLAINT,
            f"{affair.text}，希望尽快处理",
            matter=affair.matter,
            area=affair.area,
            place=affair.place,
            citizen="somebody else",
        )
        taken.append(await timed(partial(look, house, draft)))
        watch.floor.append(await timed(watch.read_one))
    return taken[1:]


async def look(house: SizedHouse, draft: Draft) -> object:
    """What intake does before it offers to follow."""
    async with house.database.reading() as tx:
        return await house.rooms.ticketing.tickets.alike(tx, draft)
