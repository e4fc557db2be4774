"""Every screen as the requests it sends, answered by the routes' own handlers."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from kernel.people import Principal, allow
from kernel.room import Call, Download, Route


class Door:
    """The API without HTTP: the same table of routes, the same permissions, the same decoding, the same answers."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", route.path)), route) for route in routes]

    async def call(
        self, method: str, path: str, by: Principal, query: Mapping[str, object] | None = None, body: object = None
    ) -> Any:
        """What the route gives, written as it would be sent."""
        route, holes = self._find(method, path)
        asked = msgspec.convert(dict(query or {}), route.query, strict=False) if route.query is not None else None
        form = msgspec.convert(body, route.body) if route.body is not None else None
        given = await route.handler(Call(by, allow(by, route.may), holes, asked, form))
        return given.data if isinstance(given, Download) else msgspec.json.encode(given)

    def _find(self, method: str, path: str) -> tuple[Route, Mapping[str, str]]:
        for pattern, route in self._routes:
            found = pattern.fullmatch(path)
            if found and route.method == method and not route.raw:
                return route, found.groupdict()
        raise LookupError(f"{method} {path}")


@dataclass(frozen=True, slots=True)
class Request:
    """One request of a screen."""

    path: str
    by: Principal
    query: Mapping[str, object] = field(default_factory=dict)
