"""The open chat pages of this process: counted, and told when it goes."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Protocol

BYE_WITHIN = 4.0
COME_BACK = (1.0, 6.0)


class Page(Protocol):
    """An open page."""

    async def bye(self, after: float) -> None:
        """Tell it to come back ``after`` seconds and close it; never raises."""
        ...


class Hub:
    """Holds the pages. ``random`` spreads their return, so that they do not all come in one second."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._pages: set[Page] = set()
        self._closing = False

    @property
    def closing(self) -> bool:
        """Whether no new page is let in."""
        return self._closing

    def __len__(self) -> int:
        return len(self._pages)

    @contextmanager
    def holding(self, page: Page) -> Iterator[None]:
        """Count the page in while it is open."""
        self._pages.add(page)
        try:
            yield
        finally:
            self._pages.discard(page)

    async def stop(self) -> None:
        """Tell every page to come back a little later, and close."""
        self._closing = True
        pages = tuple(self._pages)
        if pages:
            byes = [asyncio.create_task(page.bye(round(self._random.uniform(*COME_BACK), 1))) for page in pages]
            _, late = await asyncio.wait(byes, timeout=BYE_WITHIN)
            for task in late:
                task.cancel()
