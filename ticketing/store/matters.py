"""Rows of the catalogue of matters, and their version."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import delete, select

from kernel.database import Tx
from ticketing.model.duties import Matter
from ticketing.store.tables import matter_states, matters

_STATE = 1  # the one row of matter_state


async def version(tx: Tx) -> int:
    """The version of the catalogue; 0 when it was never loaded."""
    found = await tx.scalar(select(matter_states.c.version).where(matter_states.c.id == _STATE))
    return int(found or 0)


async def all_matters(tx: Tx) -> tuple[Matter, ...]:
    """The whole catalogue in the order of its file."""
    rows = await tx.rows(select(matters.c.body).order_by(matters.c.position))
    return tuple(msgspec.convert(row["body"], Matter) for row in rows)


async def replace_all(tx: Tx, catalogue: Sequence[Matter], at: datetime) -> int:
    """Put ``catalogue`` in place of what was there; gives its version."""
    statement = tx.insert(matter_states).values(id=_STATE, version=1, changed_at=at)
    changes = {"version": matter_states.c.version + 1, "changed_at": at}
    statement = statement.on_conflict_do_update(index_elements=["id"], set_=changes)
    new = (await tx.execute(statement.returning(matter_states.c.version))).scalar_one()
    await tx.execute(delete(matters))
    rows = [
        {"code": matter.code, "position": place, "body": msgspec.to_builtins(matter)}
        for place, matter in enumerate(catalogue)
    ]
    if rows:
        await tx.execute(matters.insert(), rows)
    return int(new)
