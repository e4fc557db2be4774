"""The statements a piece of work really sends, and what PostgreSQL does to answer each."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, text

from kernel.database import Database

# Tables with more rows are never read as a whole; no step of a plan reads more rows than MOST_READ: the most any
# screen needs are the sums of every unit over thirty days.
LARGE, MOST_READ = 10_000, 20_000
READING = ("SELECT", "WITH")
# As the runbook sets the server: for its default, made for disks that turn, a walk through 12,000 rows is cheaper than
# a hundred looks into an index.
SOLID_STATE = "SET LOCAL random_page_cost = 1.1"
PLANNED = (*READING, "UPDATE", "DELETE", "INSERT")


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement as it was sent."""

    sql: str
    parameters: Any


@dataclass(frozen=True, slots=True)
class Fault:
    """What a plan does that it must not."""

    what: str
    table: str
    rows: int
    sql: str

    def __str__(self) -> str:
        return f"{self.what} of {self.table} ({self.rows} rows): {' '.join(self.sql.split())}"


@contextmanager
def heard(database: Database) -> Iterator[list[Statement]]:
    """Everything that is sent to the database in the block, each statement once."""
    found: dict[str, Statement] = {}

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if not many and statement.lstrip().startswith(PLANNED):
            found.setdefault(f"{statement}{parameters!r}", Statement(statement, parameters))

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    told: list[Statement] = []
    try:
        yield told
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
        told.extend(found.values())


async def sizes(database: Database) -> dict[str, int]:
    """How many rows every table has, as the statistics tell."""
    query = (
        "SELECT relname, reltuples::bigint FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    )
    async with database.engine.connect() as connection:
        return {row[0]: row[1] for row in await connection.execute(text(query))}


async def faults(database: Database, statements: Sequence[Statement], but_first: str = "") -> list[Fault]:
    """What is wrong with how statements are answered. Each is planned, what reads is run; ``but_first`` something is
    done to the tables, and undone."""
    large = {name: rows for name, rows in (await sizes(database)).items() if rows > LARGE}
    found: list[Fault] = []
    for statement in statements:
        plan = await explained(database, statement, but_first)
        found += faults_of(plan, large, statement.sql)
    return found


async def explained(database: Database, statement: Statement, but_first: str = "") -> Any:
    """The plan with what each step really read."""
    async with database.engine.connect() as connection, connection.begin() as begun:
        await connection.exec_driver_sql(SOLID_STATE)
        if but_first:
            await connection.execute(text(but_first))
        # What is read is read once more; what is written was written, and is only planned again.
        analyze = "ANALYZE, " if statement.sql.lstrip().startswith(READING) else ""
        sql = f"EXPLAIN ({analyze}FORMAT JSON) {statement.sql}"
        plan = (await connection.exec_driver_sql(sql, statement.parameters)).scalar_one()
        await begun.rollback()
    return json.loads(plan) if isinstance(plan, str) else plan


def faults_of(plan: Any, large: Mapping[str, int], sql: str) -> list[Fault]:
    """Large tables a plan reads from one end to the other, and steps that read too many rows."""
    found = []
    for node in steps(plan):
        table, read = str(node.get("Relation Name", node.get("Index Name", ""))), rows_read(node)
        if node["Node Type"].endswith("Seq Scan") and table in large:
            found.append(Fault("walk", table, large[table], sql))
        elif "Scan" in node["Node Type"] and read > MOST_READ:
            found.append(Fault(f"long {node['Node Type'].lower()}", table, read, sql))
    return found


def steps(plan: Any) -> Iterator[Mapping[str, Any]]:
    """Every step of a plan."""
    if isinstance(plan, list):
        for each in plan:
            yield from steps(each)
    elif isinstance(plan, dict):
        if "Node Type" in plan:
            yield plan
        for value in plan.values():
            yield from steps(value)


def rows_read(node: Mapping[str, Any]) -> int:
    """Rows a step took in hand, those it let go among them."""
    kept = node.get("Actual Rows", 0) + node.get("Rows Removed by Filter", 0)
    kept += node.get("Rows Removed by Index Recheck", 0)
    return int(kept * node.get("Actual Loops", 1))
