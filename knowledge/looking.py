"""A search engine whose best are gone through a second time, whichever engine it is."""

import asyncio
from collections.abc import Sequence

from knowledge.model import Entry, Found, SearchEngine, SearchIndex
from knowledge.rules.looking import LOOKED_AT, SecondLook


class LookingEngine:
    """Builds the other engine's index, and beside it what the second look needs to know."""

    def __init__(self, worded: SearchEngine) -> None:
        self._worded = worded

    async def build(self, entries: Sequence[Entry], version: int) -> "LookingIndex":
        """Unavailable when the other engine is."""
        index = await self._worded.build(entries, version)
        return LookingIndex(index, await asyncio.to_thread(SecondLook, tuple(entries)))

    async def close(self) -> None:
        """The other one."""
        await self._worded.close()


class LookingIndex:
    """Another engine's index, and the look at what it found."""

    def __init__(self, worded: SearchIndex, look: SecondLook) -> None:
        self._worded = worded
        self._look = look

    @property
    def stale(self) -> bool:
        """As the other index says."""
        return self._worded.stale

    async def search(self, text: str, limit: int) -> tuple[Found, ...]:
        """The best entries; Unavailable when the other engine is."""
        found = await self._worded.search(text, max(limit, LOOKED_AT))
        return (*self._look.look(text, found[:LOOKED_AT]), *found[LOOKED_AT:])[:limit]

    async def close(self) -> None:
        """The other one."""
        await self._worded.close()
