"""Brings the database's tables to the newest form, and writes the step that leads there."""

import logging
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import JSON, Connection

from kernel.database import Database, Moment, metadata

# Alembic tells each look it takes.
logging.getLogger("alembic").setLevel(logging.WARNING)

FOLDER = Path(__file__).resolve().parent / "migrations"
# Full-text tables have shadow tables that SQLite makes and minds by itself.
UNMINDED = ("sqlite_", "fts_")


async def migrate(database: Database) -> None:
    """Run the steps that have not run yet; several processes may start at once."""
    async with database.engine.begin() as connection:
        await connection.run_sync(upgrade)


async def is_newest(database: Database) -> bool:
    """Whether every step has run."""
    async with database.engine.connect() as connection:
        current = await connection.run_sync(lambda sync: MigrationContext.configure(sync).get_current_heads())
    return set(current) == set(ScriptDirectory.from_config(_config(None)).get_heads())


def upgrade(connection: Connection) -> None:
    """Run the steps over a connection whose transaction is open."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(1234502)")
    command.upgrade(_config(connection), "head")


def write_step(connection: Connection, message: str) -> None:
    """Write the step from the tables as they are to the tables as the code wants them.

    Indexes over expressions and full-text tables are not seen here: they are added to the step by hand, and the test
    of the steps fails until they are.
    """
    command.revision(_config(connection), message=message, autogenerate=True)


def differences(connection: Connection) -> Sequence[Any]:
    """What the tables lack or have too much, compared with the code."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": _is_ours})
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="autogenerate skipping metadata-specified expression-based index")
        found: Sequence[Any] = compare_metadata(context, metadata)
    return found


def options() -> dict[str, Any]:
    """How Alembic looks at the tables; asked for by its entry module."""
    return {
        "target_metadata": metadata,
        "compare_type": True,
        "include_object": _is_ours,
        "render_item": _render,
        "render_as_batch": True,
    }


def _config(connection: Connection | None) -> Config:
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(slug)s")
    return config


def _is_ours(_item: object, name: str | None, _kind: str, _reflected: bool, _compared: object) -> bool:
    return not (name or "").startswith(UNMINDED)


def _render(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    # A step must not change when a type of ours does: it names what the type was made of.
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        context.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False
