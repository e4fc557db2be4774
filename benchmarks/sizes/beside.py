"""What grows beside tickets: looks, precedents, notices to officers, tickets of other systems, talks."""

import asyncpg

from benchmarks.sizes.house import SizedHouse


async def fill_beside(connection: asyncpg.Connection, house: SizedHouse, tickets: int) -> None:
    """Rows of everything that lies beside tickets, a fixed share of their number."""
