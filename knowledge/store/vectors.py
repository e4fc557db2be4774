"""Vectors of entries, kept by what made them and by what they were made of, so that nothing is reckoned twice."""

from collections.abc import Collection, Mapping

from sqlalchemy import Column, LargeBinary, String, Table, delete, select

from kernel.database import Tx, metadata

vectors = Table(
    "entry_vector",
    metadata,
    Column("maker", String(200), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("vector", LargeBinary, nullable=False),
)
_BATCH = 400


async def load(tx: Tx, maker: str, digests: Collection[str]) -> dict[str, bytes]:
    """The vectors there are of some texts."""
    found: dict[str, bytes] = {}
    wanted = sorted(digests)
    for start in range(0, len(wanted), _BATCH):
        some = wanted[start : start + _BATCH]
        rows = await tx.rows(select(vectors).where(vectors.c.maker == maker, vectors.c.digest.in_(some)))
        found |= {row["digest"]: row["vector"] for row in rows}
    return found


async def keep(tx: Tx, maker: str, made: Mapping[str, bytes]) -> None:
    """Keep vectors; another process may have kept them before."""
    rows = [{"maker": maker, "digest": digest, "vector": vector} for digest, vector in made.items()]
    if rows:
        await tx.execute(tx.insert(vectors).values(rows).on_conflict_do_nothing())


async def forget_others(tx: Tx, maker: str, digests: Collection[str]) -> int:
    """Drop what another maker made and what no entry says any more; gives how many."""
    gone = (await tx.execute(delete(vectors).where(vectors.c.maker != maker))).rowcount
    rows = await tx.rows(select(vectors.c.digest).where(vectors.c.maker == maker))
    old = [row["digest"] for row in rows if row["digest"] not in digests]
    for start in range(0, len(old), _BATCH):
        some = old[start : start + _BATCH]
        gone += (await tx.execute(delete(vectors).where(vectors.c.maker == maker, vectors.c.digest.in_(some)))).rowcount
    return int(gone)
