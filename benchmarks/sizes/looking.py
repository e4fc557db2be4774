"""Chooses what is looked at in a filled database."""

from collections import Counter

import asyncpg

from benchmarks.sizes.affairs import Affairs
from benchmarks.sizes.house import SizedHouse
from benchmarks.sizes.screens import People, Sample
from kernel.people import Principal, Role
from ticketing.store.search import cut

ONE_OF_ALL = "SELECT t.number FROM ticket t WHERE {0} AND EXISTS (SELECT FROM ticket_record r WHERE r.ticket = t.id)"


async def people(house: SizedHouse) -> People:
    """Who looks at the screens."""
    connection = await asyncpg.connect(house.url)
    try:
        rows = await connection.fetch("SELECT unit, count(*) FROM ticket_unit WHERE open GROUP BY 1 ORDER BY 2 DESC, 1")
    finally:
        await connection.close()
    units = [row[0] for row in rows if row[0] in house.liaisons]
    busy, quiet = house.liaisons[units[0]], house.liaisons[units[-1]]
    leader = Principal(busy.kind, busy.id, busy.name, frozenset({Role.UNIT_LEADER}), busy.unit, login=busy.login)
    return People(house.people, busy, quiet, leader)


async def sample(house: SizedHouse, found: Affairs, who: People) -> Sample:
    """What is looked at."""
    connection = await asyncpg.connect(house.url)
    try:

        async def one(where: str, *given: object) -> str:
            return str(await connection.fetchval(f"{ONE_OF_ALL.format(where)} LIMIT 1", *given))

        going_on = await one("t.state = 'in_progress' AND t.address <> ''")
        closed = await one("t.state = 'closed' AND t.address <> '' AND t.public")
        oldest = await one(
            "t.received = (SELECT min(received) FROM ticket t2 JOIN ticket_record r2 ON r2.ticket = t2.id)"
        )
        of_unit = await one("t.state = 'in_progress' AND t.lead = $1", who.busy.unit)
        talk = str(await connection.fetchval("SELECT id FROM conversation WHERE turn = 'waiting' LIMIT 1"))
        rare = str(
            await connection.fetchval("SELECT substring(body FROM 'lamp[a-z]{4}') FROM ticket LIMIT 1 OFFSET 500")
        )
    finally:
        await connection.close()
    return Sample(
        going_on, closed, oldest, of_unit, talk, _frequent(found), rare, found.all[0].matter, found.all[9].area
    )


def _frequent(found: Affairs) -> str:
    """The word of three characters or more that most tickets hold."""
    counted: Counter[str] = Counter()
    for weight, each in zip(_shares(found), found.all, strict=True):
        counted.update({term: weight for term in each.terms.split() if len(term) > 2 and cut(term)})
    return counted.most_common(1)[0][0]


def _shares(found: Affairs) -> list[float]:
    return [after - before for before, after in zip((0.0, *found.weights), found.weights, strict=False)]
