"""The steps lead to exactly the tables the code wants, on both databases, and back again."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, select, text

from directory.model import Level, Unit
from directory.store.reference import load_units
from hotline.migrating import _config, differences, is_newest, migrate
from kernel.database import Database, Json, Moment, metadata
from ticketing.rules.limits import Limits
from ticketing.store.limits import all_versions, limit_versions
from ticketing.store.search import span_terms
from ticketing.store.tables import asks, texts, tickets

SQLITE_SCHEMA = (
    "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master "
    "WHERE type = 'index' AND name NOT LIKE 'sqlite_%' OR name LIKE 'fts_%' ORDER BY 1"
)
SQLITE_COLUMNS = (
    "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' ' || c.pk FROM sqlite_master m "
    "JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'fts_%' "
    "AND m.name NOT LIKE 'alembic%' AND m.name NOT LIKE 'sqlite_%' ORDER BY 1"
)
POSTGRESQL_SCHEMA = (
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'alembic_version' "
    "UNION ALL SELECT c.conrelid::regclass || ' ' || c.conname || ' ' || pg_get_constraintdef(c.oid) "
    "FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid JOIN pg_namespace n ON n.oid = t.relnamespace "
    "WHERE n.nspname = 'public' AND t.relname <> 'alembic_version' "
    "UNION ALL SELECT table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || "
    "coalesce(character_maximum_length, 0) || ' ' || coalesce(column_default, '') FROM information_schema.columns "
    "WHERE table_schema = 'public' AND table_name <> 'alembic_version' ORDER BY 1"
)


@pytest.fixture
async def bare_sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    """A SQLite file without tables."""
    made = Database(f"sqlite+aiosqlite:///{tmp_path}/bare.sqlite3")
    yield made
    await made.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def bare(request: pytest.FixtureRequest) -> Database:
    """A database of each kind without tables."""
    made: Database = request.getfixturevalue(f"bare_{request.param}")
    return made


def schema(connection: Connection) -> list[str]:
    """All that can be said of the tables, as lines."""
    if connection.dialect.name == "sqlite":
        found = [*connection.execute(text(SQLITE_SCHEMA)), *connection.execute(text(SQLITE_COLUMNS))]
    else:
        found = list(connection.execute(text(POSTGRESQL_SCHEMA)))
    lines = (" ".join(str(row[0]).split()).replace('"', "").replace("IF NOT EXISTS ", "") for row in found)
    return sorted(line for line in lines if "alembic_version" not in line)


async def test_the_steps_lead_to_the_tables_the_code_wants(bare: Database) -> None:
    assert not await is_newest(bare)
    await migrate(bare)
    assert await is_newest(bare)
    async with bare.engine.connect() as connection:
        assert list(await connection.run_sync(differences)) == []


async def test_migrated_tables_equal_made_ones_to_the_letter(bare: Database) -> None:
    async with bare.engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
        wanted = await connection.run_sync(schema)
        await connection.run_sync(metadata.drop_all)
    await migrate(bare)
    async with bare.engine.connect() as connection:
        assert await connection.run_sync(schema) == wanted


async def test_migrating_again_changes_nothing(bare: Database) -> None:
    await migrate(bare)
    async with bare.engine.connect() as connection:
        before = await connection.run_sync(schema)
    await migrate(bare)
    async with bare.engine.connect() as connection:
        assert await connection.run_sync(schema) == before


async def test_the_steps_can_be_gone_back(bare: Database) -> None:
    await migrate(bare)
    async with bare.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "base"))
        assert await connection.run_sync(schema) == []


async def test_units_of_before_their_changes_were_kept_have_no_successor(bare: Database) -> None:
    await migrate(bare)
    async with bare.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "55f2f432141f"))
        await connection.execute(
            text(
                "INSERT INTO unit (code, name, short_name, level, area, functions, powers, parent, hours, active, rank)"
                " VALUES ('A', '甲局', '甲', 'city', '1', '[]', '[]', '', '', true, 0)"
            )
        )
    await migrate(bare)
    async with bare.reading() as tx:
        assert await load_units(tx) == (Unit("A", "甲局", "甲", Level.CITY, "1"),)


def test_the_steps_are_one_line() -> None:
    script = ScriptDirectory.from_config(_config(None))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def any_values(table: Table, moment: datetime) -> dict[str, object]:
    """Something of the right type for every column that must be filled."""
    kinds: dict[type, object] = {Moment: moment, type(Json): {}}
    wanted = [column for column in table.columns if not (column.nullable or column.primary_key)]
    return {each.name: kinds.get(type(each.type), each.type.python_type()) for each in wanted}


async def test_tickets_of_before_are_found_span_by_span(bare: Database) -> None:
    await migrate(bare)
    received = datetime(2026, 6, 15, 1, 59, 59, 999999, tzinfo=UTC)
    row = {"ticket": "t", "terms": "路灯", "received": received}
    async with bare.engine.begin() as connection:
        await connection.execute(tickets.insert(), {"id": "t", **any_values(tickets, received)})
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "d81b5c3e70fa"))
        await connection.execute(texts.insert(), row)
    await migrate(bare)
    wanted = " ".join(("路灯", *span_terms(received)))
    async with bare.reading() as tx:
        assert await tx.scalar(select(texts.c.terms)) == wanted
        if not tx.is_postgresql:
            assert await tx.scalar(text("SELECT terms FROM fts_ticket")) == wanted
    async with bare.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "d81b5c3e70fa"))
        assert await connection.scalar(select(texts.c.terms)) == "路灯"


@pytest.mark.parametrize(("kind", "what"), [("exclusion", "exclusion"), ("extension", "other")])
async def test_exclusions_of_before_wait_apart_from_what_others_decide(bare: Database, kind: str, what: str) -> None:
    await migrate(bare)
    moment = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
    body = json.dumps({"requests": [{"id": "r", "kind": kind}]})
    row = {"ticket": "t", "request": "r", "what": "other", "decide_by": moment}
    async with bare.engine.begin() as connection:
        await connection.execute(tickets.insert(), {**any_values(tickets, moment), "id": "t", "body": body})
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "2b8f6e01d9c5"))
        await connection.execute(asks.insert(), row)
    await migrate(bare)
    async with bare.engine.begin() as connection:
        assert await connection.scalar(select(asks.c.what)) == what
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "2b8f6e01d9c5"))
        assert await connection.scalar(select(asks.c.what)) == "other"


async def test_limits_of_before_that_are_still_to_come_hold_what_they_changed(bare: Database) -> None:
    await migrate(bare)
    now, coming = datetime(2026, 1, 5, tzinfo=UTC), datetime(2199, 1, 5, tzinfo=UTC)
    bodies = [Limits(), replace(Limits(), ruled_from=4)]
    async with bare.engine.begin() as connection:
        await connection.run_sync(lambda sync: command.downgrade(_config(sync), "e0a7d35c1f48"))
        for number, (begins, body) in enumerate(zip((now, coming), bodies, strict=True), start=1):
            row = {"version": number, "valid_from": begins, "at": now, "by": "x", "why": "y"}
            await connection.execute(limit_versions.insert().values(**row, body=msgspec.to_builtins(body)))
    await migrate(bare)
    async with bare.reading() as tx:
        assert [each.changes for each in await all_versions(tx)] == [None, {"ruled_from": 4}]
