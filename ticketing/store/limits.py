"""Rows of the versions of the limits: written once, never changed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec
from sqlalchemy import Column, Integer, String, Table, Text, func, select

from kernel.database import Json, Moment, Tx, metadata
from ticketing.rules.limitrows import Value, values_of
from ticketing.rules.limits import TIMERS, Limits

limit_versions = Table(
    "limit_version",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("valid_from", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("by", String(64), nullable=False),
    Column("why", Text, nullable=False),
    Column("body", Json, nullable=False),
    # By key what the version changes. Without it the body holds as a whole: it was in force so.
    Column("changes", Json),
    Column("beyond_why", Text),
)


@dataclass(frozen=True, slots=True)
class LimitVersion:
    """What somebody set, in force from ``valid_from`` on: ``changes`` on top of what holds by then, of two of the same
    moment the newer on top. ``limits`` are all as they are then, or were when it was written down."""

    version: int
    valid_from: datetime
    at: datetime
    by: str
    why: str
    limits: Limits
    changes: Mapping[str, Value] | None = field(default_factory=dict)
    beyond_why: str = ""


async def newest(tx: Tx) -> int:
    """The number of the newest version; 0 while there is none."""
    return int(await tx.scalar(select(func.max(limit_versions.c.version))) or 0)


async def all_versions(tx: Tx) -> Sequence[LimitVersion]:
    """Every version as it was written down, in the order they take effect."""
    query = select(limit_versions).order_by(limit_versions.c.valid_from, limit_versions.c.version)
    return [
        LimitVersion(
            row["version"],
            row["valid_from"],
            row["at"],
            row["by"],
            row["why"],
            body := _limits(row["body"]),
            None if row["changes"] is None else values_of(body, row["changes"]),
            row["beyond_why"] or "",
        )
        for row in await tx.rows(query)
    ]


def _limits(body: object) -> Limits:
    found = msgspec.convert(body, Limits)
    # A version written down before a step had a limit keeps to the default of that step.
    return replace(found, timers={**TIMERS, **found.timers})


async def add(tx: Tx, made: LimitVersion) -> bool:
    """Keep a version; False when another has its number already."""
    statement = tx.insert(limit_versions).values(
        version=made.version,
        valid_from=made.valid_from,
        at=made.at,
        by=made.by,
        why=made.why,
        body=msgspec.to_builtins(made.limits),
        changes=None if made.changes is None else msgspec.to_builtins(made.changes),
        beyond_why=made.beyond_why or None,
    )
    return (await tx.execute(statement.on_conflict_do_nothing(index_elements=["version"]))).rowcount == 1
