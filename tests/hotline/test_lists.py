"""Every list of the API is read page by page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import get_origin

import pytest

from hotline.assembly import Assembled
from hotline.metrics import Metrics
from hotline.web import host
from kernel.pages import PageQuery
from kernel.people import May
from kernel.room import Call, Route

# What has no pages, and why.
WHOLE = {
    "/api/v1/roles": "the program's own table of roles",
    "/api/v1/sessions": "one's own open sessions",
    "/api/v1/figures": "days of a stretch that is limited",
    "/api/v1/indicators/hottest": "as many as are asked for, fifty at most",
    "/api/v1/knowledge/hot": "as many as are asked for, the most frequent",
    "/api/v1/knowledge/search": "the best few",
    "/api/v1/suggestions/similar": "the best few",
    "/api/v1/history/{number}": "one of each system that has the number",
    "/api/v1/tickets/{number}/spans": "those of one ticket's words",
    "/api/v1/tickets/{number}/looks": "those at one ticket",
    "/api/v1/tickets/{number}/drafts": "those for one ticket",
    "/api/v1/tickets/{number}/photographs": "those of one ticket",
    "/open311/v2/services.json": "as that standard says",
    "/open311/v2/requests.json": "as that standard says",
    "/open311/v2/requests/{service_request_id}.json": "as that standard says",
    "/open311/v2/tokens/{token}.json": "as that standard says",
}


def unpaged(routes: Iterable[Route]) -> set[str]:
    """Lists that have no cursor in their query or no next in their answer."""
    return {each.path for each in routes if each.method == "GET" and _is_list(each.gives) and not _has_pages(each)}


def _is_list(gives: object) -> bool:
    return get_origin(gives) in (list, tuple, Sequence) or "items" in _names(gives)


def _has_pages(route: Route) -> bool:
    return "next" in _names(route.gives) and "cursor" in _names(route.query)


def _names(kind: object) -> set[str]:
    return {each.name for each in fields(kind)} if is_dataclass(kind) else set()


def test_every_list_has_pages_but_those_that_are_named(city: Assembled) -> None:
    assert unpaged(host(city.house, Metrics()).routes) == set(WHOLE)


@dataclass(frozen=True, slots=True)
class Unending:
    """A list without a next."""

    items: Sequence[str]


@dataclass(frozen=True, slots=True)
class Paged:
    """A list with one."""

    items: Sequence[str]
    next: str | None


async def nothing(_call: Call) -> None: ...


@pytest.mark.parametrize(
    ("gives", "query", "found"),
    [
        (list[str], PageQuery, True),
        (Unending, PageQuery, True),
        (Paged, None, True),
        (Paged, PageQuery, False),
        (PageQuery, None, False),
        (None, None, False),
    ],
)
def test_a_list_without_pages_is_found(gives: type | None, query: type | None, found: bool) -> None:
    route = Route("GET", "/api/v1/x", nothing, May.READ_SITE, "x", query=query, gives=gives)
    assert unpaged([route]) == ({"/api/v1/x"} if found else set())
