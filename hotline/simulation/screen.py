"""A screen without HTTP: what a person presses goes through the house's own routes, permissions and decoding."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from hotline.decoding import Sent, decode_body
from kernel.people import Principal, allow
from kernel.room import Call, Room, Route, Upload


class Screen:
    """Finds a route by method and path, asks whether the person may, decodes as the host does, and calls it."""

    def __init__(self, rooms: Sequence[Room]) -> None:
        self._routes: Mapping[tuple[str, str], Route] = {
            (route.method, route.path): route for room in rooms for route in room.routes
        }

    async def get(self, who: Principal, path: str, query: Mapping[str, object] | None = None, **holes: str) -> Any:
        """What the route shows."""
        return await self._call(who, "GET", path, holes, query=query)

    async def post(
        self, who: Principal, path: str, body: object = None, files: Sequence[Upload] = (), **holes: str
    ) -> Any:
        """What the route gives for a form or files."""
        return await self._call(who, "POST", path, holes, body=body, files=files)

    async def put(self, who: Principal, path: str, body: object, **holes: str) -> Any:
        """What the route gives for a setting."""
        return await self._call(who, "PUT", path, holes, body=body)

    async def _call(
        self, who: Principal, method: str, path: str, holes: Mapping[str, str], *,
        query: Mapping[str, object] | None = None, body: object = None, files: Sequence[Upload] = (),
    ) -> Any:  # fmt: skip
        route = self._routes[method, path]
        scope = allow(who, route.may)
        asked = msgspec.convert(dict(query or {}), route.query, strict=False) if route.query is not None else None
        form = decode_body(route.body, Sent(msgspec.json.encode(body or {}))) if route.body is not None else None
        return await route.handler(Call(who, scope, holes, asked, form, tuple(files)))
