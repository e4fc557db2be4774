"""Two search engines: a server's, and the embedded one that answers while the server does not."""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from kernel.clock import Clock
from kernel.errors import Unavailable
from knowledge.model import Entry, Found, SearchEngine, SearchIndex

# Nobody waits for a server that did not answer a moment ago.
PAUSE = timedelta(seconds=30)

log = structlog.get_logger("knowledge.search")


class StandbyEngine:
    """Builds both indexes; without the server's, the other one alone, and the server is tried again later."""

    def __init__(self, first: SearchEngine, second: SearchEngine, clock: Clock) -> None:
        self._first = first
        self._second = second
        self._clock = clock

    async def build(self, entries: Sequence[Entry], version: int) -> "StandbyIndex":
        """Never Unavailable because of the first engine."""
        second = await self._second.build(entries, version)
        try:
            first = await self._first.build(entries, version)
        except Unavailable as error:
            log.warning("search_engine_not_built", code=error.code, **error.data)
            first = None
        return StandbyIndex(first, second, self._clock)

    async def close(self) -> None:
        """Both."""
        await self._first.close()
        await self._second.close()


class StandbyIndex:
    """Asks the server; while it fails, the embedded index."""

    def __init__(self, first: SearchIndex | None, second: SearchIndex, clock: Clock) -> None:
        self._first = first
        self._second = second
        self._clock = clock
        self._failed, self._again = False, clock.now() + PAUSE

    @property
    def stale(self) -> bool:
        """Whether the server's index is missing and it is time to try once more."""
        return self._first is None and self._clock.now() >= self._again

    async def search(self, text: str, limit: int) -> tuple[Found, ...]:
        """The best entries of whichever answers."""
        if self._first is not None and (not self._failed or self._clock.now() >= self._again):
            try:
                found = await self._first.search(text, limit)
            except Unavailable as error:
                log.warning("search_engine_failed", code=error.code, **error.data)
                self._failed, self._again = True, self._clock.now() + PAUSE
            else:
                self._failed = False
                return found
        return await self._second.search(text, limit)

    async def close(self) -> None:
        """Both."""
        if self._first is not None:
            await self._first.close()
        await self._second.close()
