"""Reads a list page by page, as the screens do."""

from collections.abc import Awaitable, Callable
from typing import Any

MOST_PAGES = 50


async def read_on(
    read: Callable[[str], Awaitable[Any]], meanwhile: Callable[[], Awaitable[object]] | None = None
) -> list[list[Any]]:
    """The items of each page of what ``read`` gives for a cursor; after the first page ``meanwhile`` happens."""
    pages, cursor = list[list[Any]](), ""
    for _ in range(MOST_PAGES):
        page = await read(cursor)
        pages.append(list(page["items"] if isinstance(page, dict) else page.items))
        behind = page["next"] if isinstance(page, dict) else page.next
        if behind is None:
            return pages
        if meanwhile is not None and len(pages) == 1:
            await meanwhile()
        cursor = behind
    raise AssertionError("the list has no end")
