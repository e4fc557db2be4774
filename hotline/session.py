"""Signing in and out, and who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from aiohttp import web

from hotline.decoding import decode_body, read_body
from hotline.devices import device_of
from hotline.house import Accounts, Units
from hotline.security import Doorman
from kernel.errors import NotFound
from kernel.people import May, Principal, Role
from kernel.room import Call, Route

BODY_LIMIT_KIB = 4


@dataclass(frozen=True, slots=True)
class SignInForm:
    """What the sign-in page sends."""

    login: str
    password: str


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role and its name."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class UnitView:
    """The member unit of unit staff."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class StaffView:
    """A member of staff; ``login`` stands on every page that shows a citizen's ticket, ``renew`` asks for another
    password before anything else."""

    id: str
    name: str
    roles: Sequence[RoleView]
    unit: UnitView | None
    login: str
    renew: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    """Who is signed in."""

    staff: StaffView


@dataclass(frozen=True, slots=True)
class OpenView:
    """A session somebody has open; ``current`` is the one that asks."""

    id: str
    device: str
    created: datetime
    seen: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class OpenPage:
    """One's own sessions, the last used first."""

    items: Sequence[OpenView]


class SessionApi:
    """The session's routes. They are raw because they set cookies."""

    def __init__(self, accounts: Accounts, doorman: Doorman, units: Units) -> None:
        self._accounts = accounts
        self._doorman = doorman
        self._units = units

    async def open(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Sign in: a new session and a CSRF token that belongs to it."""
        form = decode_body(SignInForm, await read_body(request, files=False, limit_kib=BODY_LIMIT_KIB))
        before = self._doorman.session(request)
        device = device_of(request.headers.get("User-Agent", ""))
        signed_in = await self._accounts.sign_in(form.login, form.password, call.remote, device)
        if before:
            await self._accounts.sign_out(before)
        response = _json(self._view(signed_in.principal))
        cookies = self._doorman.cookies
        cookies.keep(response, cookies.session, signed_in.token)
        cookies.keep(response, cookies.csrf, self._doorman.csrf.issue(signed_in.token))
        return response

    async def show(self, call: Call) -> SessionView:
        """Who is signed in."""
        return self._view(call.principal)

    async def close(self, request: web.Request, _call: Call) -> web.StreamResponse:
        """Sign out; the page gets a guest's token."""
        await self._accounts.sign_out(self._doorman.session(request))
        response = web.Response(status=204, headers={"Cache-Control": "no-store"})
        cookies = self._doorman.cookies
        cookies.drop(response, cookies.session)
        cookies.keep(response, cookies.csrf, self._doorman.csrf.issue(""))
        return response

    async def browse(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Where one is signed in."""
        return await self._sessions(request, call)

    async def end_one(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Sign out somewhere."""
        await self._accounts.end_session_of(call.principal.id, call.path["id"])
        return await self._sessions(request, call)

    async def end_others(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Sign out everywhere else."""
        await self._accounts.end_others_of(call.principal.id, self._doorman.session(request))
        return await self._sessions(request, call)

    async def _sessions(self, request: web.Request, call: Call) -> web.StreamResponse:
        found = await self._accounts.sessions_of(call.principal.id, self._doorman.session(request))
        return _json(OpenPage([OpenView(s.id, s.device, s.created, s.seen, s.current) for s in found]))

    def _view(self, principal: Principal) -> SessionView:
        roles = [RoleView(role.value, role.label) for role in Role if role in principal.roles]
        unit = self._unit(principal.unit)
        return SessionView(StaffView(principal.id, principal.name, roles, unit, principal.login, principal.renew))

    def _unit(self, code: str) -> UnitView | None:
        if not code:
            return None
        try:
            return UnitView(code, self._units.unit(code).name)
        except NotFound:
            return UnitView(code, code)


def _json(view: SessionView | OpenPage) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(view), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def routes(api: SessionApi) -> list[Route]:
    """The session's routes."""
    path, own = "/api/v1/session", May.USE_OWN_SESSION
    return [
        Route("POST", path, api.open, May.SIGN_IN, "登录", body=SignInForm, gives=SessionView, raw=True),
        Route("GET", path, api.show, own, "当前登录人", gives=SessionView),
        Route("DELETE", path, api.close, own, "退出登录", status=204, raw=True),
        Route("GET", "/api/v1/sessions", api.browse, own, "本人的登录", gives=OpenPage, raw=True),
        Route("DELETE", "/api/v1/sessions", api.end_others, own, "退出其他登录", gives=OpenPage, raw=True),
        Route("DELETE", "/api/v1/sessions/{id}", api.end_one, own, "退出一处登录", gives=OpenPage, raw=True),
    ]
