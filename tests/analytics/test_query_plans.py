"""Reports read roll-ups and indexes: at a hundred thousand parts no plan walks through a whole large table."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from analytics.model import Grain, Slice, Version
from analytics.reporting import Reporting
from analytics.store import inspections, rollups
from directory.room import build as build_directory
from kernel import cursors
from kernel.database import Database, Tx
from kernel.room import Floor

pytestmark = pytest.mark.postgresql

LARGE = 10_000
TICKETS = 20_000
FIRST, LAST = date(2025, 3, 17), date(2026, 3, 16)
MEASURES = ("volume", "satisfied", "on_time", "responded", "first_time")
FILL = (
    """INSERT INTO measured_case SELECT 'N' || n, 'p' || n % 9000, 'm' || n % 300, ts, ts + interval '5 day',
       CASE WHEN n % 1000 = 0 THEN ts END, '{}' FROM
       (SELECT n, timestamptz '2025-03-17' + n % 365 * interval '1 day' AS ts FROM generate_series(1, :tickets) n) t""",
    """INSERT INTO measured_part SELECT 'N' || n, measure, 0, date '2025-03-17' + n % 365, 'u' || n % 200,
       'm' || n % 300,
       '44060' || n % 5 || n % 32, 'web', n % 2, 1, n % 50 = 0, false
       FROM generate_series(1, :tickets) n, unnest(CAST(:measures AS text[])) measure""",
    """INSERT INTO rollup SELECT grain, measure, day, CASE grain WHEN 'unit' THEN unit ELSE '' END,
       CASE grain WHEN 'place' THEN matter ELSE '' END, CASE grain WHEN 'place' THEN area ELSE '' END,
       CASE grain WHEN 'channel' THEN channel ELSE '' END, sum(numerator), count(*), sum(numerator), count(*),
       sum(numerator), count(*) FROM measured_part, unnest(ARRAY['city', 'unit', 'place', 'channel']) grain
       GROUP BY 1, 2, 3, 4, 5, 6, 7""",
    """INSERT INTO inspection SELECT 'N' || n, date '2025-03-17' + n % 365, 'u' || n % 200, '',
       CASE WHEN n % 40 > 0 THEN timestamptz '2026-01-01' + n * interval '1 minute' END, 80, '[]', '', 'lot'
       FROM generate_series(1, :tickets) n""",
)


@pytest.fixture
async def filled(postgresql_database: Database) -> Database:
    async with postgresql_database.engine.begin() as connection:
        for statement in FILL:
            given = {"tickets": TICKETS, "measures": list(MEASURES)}
            used = {name: value for name, value in given.items() if f":{name}" in statement}
            await connection.execute(text(statement).bindparams(**used))
        for table in ("measured_case", "measured_part", "rollup", "inspection"):
            await connection.execute(text(f"ANALYZE {table}"))
    return postgresql_database


def walks(plan: Any) -> Iterator[str]:
    """Tables a plan reads from one end to the other."""
    if isinstance(plan, dict):
        if plan.get("Node Type") == "Seq Scan":
            yield str(plan["Relation Name"])
        for value in plan.values():
            yield from walks(value)
    if isinstance(plan, list):
        for value in plan:
            yield from walks(value)


async def reports(tx: Tx, floor: Floor) -> None:
    """Every query a report is made of."""
    reporting = Reporting(floor.clock, build_directory(floor).lookup, 20)
    month, year = LAST - timedelta(days=29), FIRST
    for part in (
        Slice(month, LAST),
        Slice(month, LAST, unit="u7"),
        Slice(month, LAST, matter="m7"),
        Slice(month, LAST, matter="m7", area="44060"),
        Slice(month, LAST, channel="web"),
        Slice(year, LAST, unit="u7"),
    ):
        await reporting.indicators(tx, part)
        await reporting.drill(tx, "satisfied", part, Version.KEPT, False, 200)
        await reporting.drill(tx, "satisfied", part, Version.ALL, None, 200, (LAST, "N5"))
    await reporting.trend(tx, Slice(LAST - timedelta(weeks=8), LAST, unit="u7"))
    await rollups.scored(tx, month, LAST, Grain.UNIT)
    await rollups.scored(tx, month, LAST, Grain.CITY)
    await rollups.hottest(tx, LAST - timedelta(days=6), LAST, 12)
    await rollups.parts_of(tx, [f"N{n}" for n in range(100)])
    await rollups.cases_of(tx, [])
    await rollups.waiting(tx, floor.clock.now() - timedelta(days=9999), 200)
    await rollups.cases_of_people(tx, [], floor.clock.now())
    await inspections.released_on(tx, "satisfied", LAST)
    for read, last in ((inspections.waiting, LAST), (inspections.done, floor.clock.now())):
        await read(tx, 100)
        await read(tx, 100, cursors.written([last, "N5"]))


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_no_report_walks_through_a_large_table(filled: Database, floor: Floor) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    event.listen(filled.engine.sync_engine, "before_cursor_execute", note)
    async with filled.reading() as tx:
        await reports(tx, floor)
    event.remove(filled.engine.sync_engine, "before_cursor_execute", note)
    assert len(asked) > 20
    async with filled.engine.connect() as connection:
        sizes = {
            name: (await connection.execute(text(f"SELECT count(*) FROM {name}"))).scalar_one()  # noqa: S608 - ours
            for name in ("measured_case", "measured_part", "rollup", "inspection")
        }
        assert sizes["measured_part"] == TICKETS * len(MEASURES)
        wrong = []
        for statement, parameters in asked:
            plan = (await connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters)).scalar_one()
            found = json.loads(plan) if isinstance(plan, str) else plan
            wrong += [f"{table}: {statement}" for table in walks(found) if sizes.get(table, 0) > LARGE]
    assert wrong == []


async def test_a_unit_reads_its_own_inspections_by_the_unit(filled: Database) -> None:
    asked = (
        "SELECT * FROM inspection WHERE unit = 'u7' AND done_at IS NOT NULL ORDER BY done_at DESC, number DESC LIMIT 51"
    )
    async with filled.reading() as tx:
        assert len((await inspections.done(tx, 5, units={"u7"}))[0]) == 5
    async with filled.engine.connect() as connection:
        plan = await connection.execute(text(f"EXPLAIN {asked}"))
        assert "ix_inspection_unit" in "\n".join(plan.scalars())
