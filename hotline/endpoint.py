"""One route of the API over HTTP: who asks, may they, is the page ours, decode, do, answer."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

import msgspec
from aiohttp import web

from hotline.decoding import Sent, decode_body, decode_query, read_body
from hotline.idempotency import HEADER, Asked, Kept, Once
from hotline.limits import Limits
from hotline.security import SAFE_METHODS, SHARED_WITH, Doorman
from kernel.errors import NotAllowed, NotSignedIn
from kernel.people import GUEST, Kind, May, Principal, allow
from kernel.room import Call, Download, Route

JSON_HEADERS = {"Cache-Control": "no-store"}
# A downloaded file must not run anything, whatever it turns out to be.
FILE_POLICY = "default-src 'none'; sandbox"
# Browsers hide the status of a refused upgrade from scripts: the socket is opened and closed with a code instead.
SIGNED_OUT, FORBIDDEN = 4401, 4403


@dataclass(frozen=True, slots=True)
class Gate:
    """What every endpoint passes its requests through."""

    doorman: Doorman
    limits: Limits
    once: Once
    max_request_kib: int


class Endpoint:
    """Serves one Route row."""

    def __init__(self, route: Route, gate: Gate) -> None:
        self._route = route
        self._gate = gate

    async def answer(self, request: web.Request) -> web.StreamResponse:
        route, doorman = self._route, self._gate.doorman
        upgrade = _is_upgrade(request)
        remote = doorman.remote(request)
        if doorman.shares(request, route.may):
            request[SHARED_WITH] = request.headers["Origin"]
        principal = GUEST if route.may is May.CALL_HOOK else await doorman.principal(request, route.may)
        self._gate.limits.take(route.may, principal.id or remote, unsafe=request.method not in SAFE_METHODS)
        try:
            scope = allow(principal, route.may)
        except NotAllowed as error:
            if not upgrade:
                raise
            return await _closed(request, SIGNED_OUT if isinstance(error, NotSignedIn) else FORBIDDEN)
        doorman.check_page(request, route.may, upgrade=upgrade)
        query = decode_query(route.query, request) if route.query is not None else None
        key = request.headers.get(HEADER, "")
        call = Call(principal, scope, dict(request.match_info), query, key=key, remote=remote)
        if not route.raw:
            return await self._serve(request, call)
        response = await route.handler(request, call)
        if not isinstance(response, web.StreamResponse):
            raise TypeError(f"{route.method} {route.path}: a raw handler answers itself")
        return response

    async def _serve(self, request: web.Request, call: Call) -> web.StreamResponse:
        route = self._route
        sent = Sent()
        if request.method not in SAFE_METHODS:
            sent = await read_body(request, files=route.takes_files, limit_kib=self._gate.max_request_kib)
        body = decode_body(route.body, sent) if route.body is not None else None
        call = Call(
            call.principal, call.scope, call.path, call.query, body, sent.uploads, key=call.key, remote=call.remote
        )
        if route.method == "POST" and call.key:
            asked = Asked(call.key, _who(call.principal), f"{route.method} {request.path}", _content(sent))
            kept = await self._gate.once.do(asked, lambda: self._keep(call))
            return _json(kept.body, kept.status)
        given = await route.handler(call)
        if isinstance(given, Download):
            return _file(given)
        response = _json(msgspec.json.encode(given), route.status)
        if request.method in SAFE_METHODS:
            self._gate.doorman.ensure_csrf(request, response)
        return response

    async def _keep(self, call: Call) -> Kept:
        return Kept(self._route.status, msgspec.json.encode(await self._route.handler(call)))


class Preflight:
    """Answers the browser's question whether an embedding site's page may post to the chat."""

    def __init__(self, doorman: Doorman, may: May) -> None:
        self._doorman = doorman
        self._may = may

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if not self._doorman.shares(request, self._may):
            raise NotAllowed("bad_origin")
        request[SHARED_WITH] = request.headers["Origin"]
        headers = {
            "Access-Control-Allow-Methods": "GET, POST",
            "Access-Control-Allow-Headers": "Content-Type, Idempotency-Key, X-Visitor",
            "Access-Control-Max-Age": "600",
        }
        return web.Response(status=204, headers=headers)


def _is_upgrade(request: web.BaseRequest) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


async def _closed(request: web.Request, code: int) -> web.WebSocketResponse:
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await socket.close(code=code)
    return socket


def _who(principal: Principal) -> str:
    # A guest is known by nothing but the key itself, which only their own page has.
    return f"{principal.kind}:{principal.id}" if principal.kind is not Kind.GUEST else "guest"


def _content(sent: Sent) -> bytes:
    if sent.fields is None:
        return sent.raw
    files = [[each.field, each.name, hashlib.sha256(each.data).hexdigest()] for each in sent.uploads]
    return msgspec.json.encode([sorted(sent.fields.items()), files])


def _json(body: bytes, status: int) -> web.Response:
    return web.Response(body=body, status=status, content_type="application/json", headers=JSON_HEADERS)


def _file(given: Download) -> web.Response:
    where = "inline" if given.inline else "attachment"
    headers: Mapping[str, str] = {
        "Content-Disposition": f"{where}; filename*=UTF-8''{quote(given.name, safe='')}",
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "no-store" if given.fresh else "private, max-age=3600",
        # A picture sent in the chat is also seen where another site embeds the chat; the link is the permission.
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    return web.Response(body=given.data, content_type=given.media_type, headers=headers)
