"""Rows of what became of answers."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Column, Date, Integer, String, Table, func, select

from kernel.database import Tx, metadata

uses = Table(
    "article_use",
    metadata,
    Column("article", String(60), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("solved", Integer, nullable=False),
    Column("unsolved", Integer, nullable=False),
)


async def count_use(tx: Tx, article_id: str, day: date, *, solved: bool) -> None:
    """One more answer that helped or did not."""
    name = "solved" if solved else "unsolved"
    first = {"solved": int(solved), "unsolved": int(not solved)}
    statement = tx.insert(uses).values(article=article_id, day=day, **first)
    more = {name: uses.c[name] + 1}
    await tx.execute(statement.on_conflict_do_update(index_elements=["article", "day"], set_=more))


async def use_since(tx: Tx, day: date) -> Mapping[str, int]:
    """How often each entry was quoted and rated from ``day`` on."""
    total = func.sum(uses.c.solved + uses.c.unsolved).label("total")
    rows = await tx.rows(select(uses.c.article, total).where(uses.c.day >= day).group_by(uses.c.article))
    return {row["article"]: int(row["total"]) for row in rows}
