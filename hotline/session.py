"""Signing in and out, and who is signed in."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
from aiohttp import web

from hotline.decoding import decode_body, read_body
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
    """A member of staff; ``login`` stands on every page that shows a citizen's ticket."""

    id: str
    name: str
    roles: Sequence[RoleView]
    unit: UnitView | None
    login: str


@dataclass(frozen=True, slots=True)
class SessionView:
    """Who is signed in."""

    staff: StaffView


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
        signed_in = await self._accounts.sign_in(form.login, form.password, call.remote)
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

    def _view(self, principal: Principal) -> SessionView:
        roles = [RoleView(role.value, role.label) for role in Role if role in principal.roles]
        return SessionView(StaffView(principal.id, principal.name, roles, self._unit(principal.unit), principal.login))

    def _unit(self, code: str) -> UnitView | None:
        if not code:
            return None
        try:
            return UnitView(code, self._units.unit(code).name)
        except NotFound:
            return UnitView(code, code)


def _json(view: SessionView) -> web.Response:
    return web.Response(
        body=msgspec.json.encode(view), content_type="application/json", headers={"Cache-Control": "no-store"}
    )


def routes(api: SessionApi) -> list[Route]:
    """The session's routes."""
    path = "/api/v1/session"
    return [
        Route("POST", path, api.open, May.SIGN_IN, "登录", body=SignInForm, gives=SessionView, raw=True),
        Route("GET", path, api.show, May.USE_OWN_SESSION, "当前登录人", gives=SessionView),
        Route("DELETE", path, api.close, May.USE_OWN_SESSION, "退出登录", status=204, raw=True),
    ]
