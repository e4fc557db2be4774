"""One route of the API over HTTP: who asks, may they, is the page ours, decode, do, answer."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qs, quote

import msgspec
from aiohttp import web

from hotline.decoding import JSON_LIMIT_KIB, Sent, decode_body, decode_query, fields_of_json, many_of, read_body
from hotline.frame import WIRE, MethodNotAllowed
from hotline.house import Keys
from hotline.idempotency import HEADER, Asked, Kept, Once
from hotline.limits import Limits, Shared
from hotline.security import SAFE_METHODS, SHARED_WITH, Doorman
from kernel.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from kernel.people import GUEST, Kind, May, Principal, allow
from kernel.room import Call, Download, Route, Wire

# How Open311 calls the field that holds a key.
API_KEY = "api_key"
MOST_FIELDS = 200
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
    shared: Shared
    once: Once
    max_request_kib: int
    keys: Keys


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
        if route.wire is not None:
            request[WIRE] = route.wire
        sent = await self._read(request)
        given = _fields(request, sent) if route.wire is not None else {}
        principal = await self._principal(request, given)
        who, unsafe = principal.id or remote, request.method not in SAFE_METHODS
        if principal.kind is not Kind.KEY:
            self._gate.limits.take(route.may, who, unsafe=unsafe)
            await self._gate.shared.take(route.may, who, unsafe=unsafe)
        try:
            scope = allow(principal, route.may)
        except NotAllowed as error:
            if not upgrade:
                raise
            return await _closed(request, SIGNED_OUT if isinstance(error, NotSignedIn) else FORBIDDEN)
        if principal.kind is not Kind.KEY:
            doorman.check_page(request, route.may, upgrade=upgrade)
        query = decode_query(route.query, request) if route.query is not None else None
        key = request.headers.get(HEADER, "")
        call = Call(principal, scope, dict(request.match_info), query, key=key, remote=remote, fields=given)
        response = await (self._raw(request, call) if route.raw else self._serve(request, call, sent))
        if principal.kind is not Kind.KEY:
            self._gate.limits.give_back(route.may, who)
        return response

    async def _raw(self, request: web.Request, call: Call) -> web.StreamResponse:
        response = await self._route.handler(request, call)
        if not isinstance(response, web.StreamResponse):
            raise TypeError(f"{self._route.method} {self._route.path}: a raw handler answers itself")
        return response

    async def _principal(self, request: web.Request, given: Mapping[str, Sequence[str]]) -> Principal:
        """Who asks. A key, where one is shown, counts alone: cookies beside it are not looked at."""
        route = self._route
        if route.may is May.CALL_HOOK:
            return GUEST
        token = next(iter(given.get(API_KEY, ())), "") or self._gate.doorman.token(request)
        if token:
            holder = await self._gate.keys.holder_of(token)
            self._gate.limits.take_key(holder.principal.id, holder.per_minute)
            return holder.principal
        return GUEST if route.wire is not None else await self._gate.doorman.principal(request, route.may)

    async def _read(self, request: web.Request) -> Sent:
        """The body where it holds the key; elsewhere it is read only once it is known who sends it."""
        if self._route.wire is None or request.method in SAFE_METHODS:
            return Sent()
        sent = await read_body(request, files=True, limit_kib=JSON_LIMIT_KIB)
        if sent.uploads:
            raise Invalid({each.field: "files_not_taken" for each in sent.uploads})
        return sent

    async def _serve(self, request: web.Request, call: Call, sent: Sent) -> web.StreamResponse:
        route = self._route
        if route.wire is None:
            if request.method not in SAFE_METHODS:
                sent = await read_body(request, files=route.takes_files, limit_kib=self._gate.max_request_kib)
            body = decode_body(route.body, sent) if route.body is not None else None
            call = replace(call, body=body, uploads=sent.uploads)
        if route.method == "POST" and call.key and not route.unkept:
            asked = Asked(call.key, _who(call.principal), f"{route.method} {request.path}", _content(sent))
            kept = await self._gate.once.do(asked, lambda: self._keep(call))
            return self._told(kept.body, kept.status)
        given = await route.handler(call)
        if isinstance(given, Download):
            return _file(given)
        response = self._told(self._written(given), route.status)
        # A program has no use for what a page sends back.
        if request.method in SAFE_METHODS and route.wire is None and call.principal.kind is not Kind.KEY:
            self._gate.doorman.ensure_csrf(request, response)
        return response

    async def _keep(self, call: Call) -> Kept:
        return Kept(self._route.status, self._written(await self._route.handler(call)))

    def _written(self, given: object) -> bytes:
        return self._route.wire.answer(given) if self._route.wire is not None else msgspec.json.encode(given)

    def _told(self, body: bytes, status: int) -> web.Response:
        if self._route.wire is None:
            return web.Response(body=body, status=status, content_type="application/json", headers=JSON_HEADERS)
        kind = self._route.wire.media_type
        return web.Response(body=body, status=status, content_type=kind, charset="utf-8", headers=JSON_HEADERS)


class OtherMethods:
    """Refuses the methods an address of another standard does not know, in that standard's own words."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def answer(self, request: web.Request) -> web.StreamResponse:
        request[WIRE] = self._wire
        raise MethodNotAllowed


class NoSuchAddress:
    """Tells whoever asks for an address another standard does not have so in that standard's own words."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def answer(self, request: web.Request) -> web.StreamResponse:
        request[WIRE] = self._wire
        raise NotFound("page")


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


def _fields(request: web.BaseRequest, sent: Sent) -> Mapping[str, Sequence[str]]:
    """What a form or a JSON object and the query string say; the body wins."""
    if sent.fields is not None:
        form = many_of(sent)
    elif request.content_type == "application/json":
        form = fields_of_json(sent.raw)
    else:
        try:
            form = parse_qs(sent.raw.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise Invalid({"body": "wrong"}) from error
    return {name: request.query.getall(name) for name in request.query} | form


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
