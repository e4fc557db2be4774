"""A small house for the host's tests: one room with a route of each kind, and accounts held in memory."""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar
from zoneinfo import ZoneInfo

from aiohttp import web

from directory.model import OpenSession
from hotline.house import House
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable
from kernel.journal import Journal
from kernel.people import Kind, May, Principal, Role
from kernel.room import Call, Check, Download, Floor, Room, Route
from tests.rooms import all_facts

ORIGIN = "http://127.0.0.1:12345"
AGENT = Principal(Kind.STAFF, "agent-1", "陈晓", frozenset({Role.AGENT}))
LIAISON = Principal(Kind.STAFF, "liaison-1", "李明", frozenset({Role.LIAISON}), unit="U1")
OTHER_LIAISON = Principal(Kind.STAFF, "liaison-2", "黄强", frozenset({Role.LIAISON}), unit="U2")
ANALYST = Principal(Kind.STAFF, "analyst-1", "何静", frozenset({Role.ANALYST}))
ADMIN = Principal(Kind.STAFF, "admin-1", "管理员", frozenset({Role.ADMIN}))
STAFF = {p.id: p for p in (AGENT, LIAISON, OTHER_LIAISON, ANALYST, ADMIN)}
PASSWORD = "correct horse"
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Session:
    """A session as the accounts give it."""

    token: str
    principal: Principal
    expires: datetime


class SmallAccounts:
    """Everybody's login is their id, and all have one password."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self.sessions: dict[str, Session] = {}

    async def sign_in(self, login: str, password: str, remote: str, device: str = "") -> Session:
        if login not in STAFF or password != PASSWORD:
            raise NotAllowed("wrong_login")
        token = f"token-{len(self.sessions)}-{login}"
        self.sessions[token] = Session(token, STAFF[login], self._now + timedelta(hours=12))
        return self.sessions[token]

    async def principal_of(self, token: str) -> Session:
        if token not in self.sessions:
            raise NotSignedIn
        return self.sessions[token]

    async def sign_out(self, token: str) -> None:
        self.sessions.pop(token, None)

    async def sessions_of(self, staff_id: str, token: str) -> list[OpenSession]:
        return []

    async def end_session_of(self, staff_id: str, session_id: str) -> None: ...

    async def end_others_of(self, staff_id: str, token: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit with a name."""

    name: str


class SmallUnits:
    """One unit."""

    def unit(self, code: str) -> Unit:
        if code != "U1":
            raise NotFound("unit")
        return Unit("城管局")


@dataclass(frozen=True, slots=True)
class Note:
    """A body to send."""

    text: str
    stars: int = 0


@dataclass(frozen=True, slots=True)
class Search:
    """A query to ask."""

    q: str = ""
    limit: int = 20
    unit: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NoteView:
    """What the routes give."""

    number: int
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A fact that concerns units."""

    CHAINED: ClassVar[bool] = False

    number: str
    at: datetime
    units: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return f"ticket:{self.number}"


@dataclass(frozen=True, slots=True)
class StaffChanged:
    """A fact about a member of staff."""

    CHAINED: ClassVar[bool] = False

    staff: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"staff:{self.staff}"


class SmallApi:
    """Handlers that do what tests need."""

    def __init__(self) -> None:
        self.notes: list[Note] = []
        self.gate = asyncio.Event()
        self.gate.set()
        self.entered = asyncio.Event()
        self.fail: Exception | None = None
        self.healthy = True

    async def add(self, call: Call) -> NoteView:
        self.entered.set()
        await self.gate.wait()
        if self.fail is not None:
            raise self.fail
        note = call.form(Note)
        self.notes.append(note)
        return NoteView(len(self.notes), note.text, call.principal.id)

    async def search(self, call: Call) -> dict[str, object]:
        asked = call.asked(Search)
        return {"q": asked.q, "limit": asked.limit, "unit": asked.unit, "scope": call.scope.value}

    async def raise_it(self, call: Call) -> object:
        errors: dict[str, Exception] = {
            "invalid": Invalid({"phone": "missing"}),
            "not_allowed": NotAllowed(),
            "not_found": NotFound("note"),
            "conflict": Conflict(current={"version": 3}),
            "unavailable": Unavailable(after=timedelta(seconds=7)),
            "unforeseen": RuntimeError("电话 13812345678 出错"),
        }
        raise errors[call.path["what"]]

    async def track(self, call: Call) -> dict[str, str]:
        return {"number": call.principal.link, "kind": call.principal.kind.value}

    async def upload(self, call: Call) -> list[dict[str, object]]:
        return [{"field": each.field, "name": each.name, "size": len(each.data)} for each in call.uploads]

    async def download(self, _call: Call) -> Download:
        return Download("现场 照片.pdf", "application/pdf", b"%PDF-1.7")

    async def hook(self, request: web.Request, _call: Call) -> web.StreamResponse:
        return web.Response(text=f"heard {len(await request.read())}")

    async def socket(self, request: web.Request, _call: Call) -> web.StreamResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str("hello")
        await socket.close()
        return socket

    async def check(self) -> None:
        if not self.healthy:
            raise Unavailable


def small_room(api: SmallApi) -> Room:
    """One route of each kind."""
    v1 = "/api/v1"
    note, own = May.OPEN_TICKET, May.TRACK_TICKET
    return Room(
        "small",
        routes=[
            Route("POST", f"{v1}/notes", api.add, note, "写", body=Note, gives=NoteView, status=201),
            Route("GET", f"{v1}/notes", api.search, May.READ_TICKET, "找", query=Search, gives=dict[str, str]),
            Route("GET", f"{v1}/raise/{{what}}", api.raise_it, May.READ_SITE, "出错"),
            Route("GET", f"{v1}/track/{{link}}", api.track, own, "查", gives=dict[str, str]),
            Route("POST", f"{v1}/track/{{link}}/urge", api.track, own, "催", gives=dict[str, str]),
            Route("POST", f"{v1}/files", api.upload, note, "上传", gives=list[dict[str, str]], takes_files=True),
            Route("GET", f"{v1}/paper", api.download, note, "下载", gives=Download),
            Route("POST", f"{v1}/suggestions", api.add, May.MAKE_SUGGESTION, "建言", body=Note, gives=NoteView),
            Route("POST", "/webhooks/{channel}", api.hook, May.CALL_HOOK, "回调", raw=True),
            Route("GET", f"{v1}/chat", api.socket, May.CHAT, "聊天", raw=True),
            Route("POST", f"{v1}/chat/uploads", api.hook, May.CHAT, "聊天附件", raw=True),
        ],
        checks=[Check("small", api.check)],
    )


def small_house(floor: Floor, api: SmallApi, accounts: SmallAccounts) -> House:
    """The house over ``floor`` with the small room."""
    facts = [*all_facts(), Moved, StaffChanged]
    journal = Journal(floor.vault, floor.clock, floor.bell, facts)
    return House(replace(floor, journal=journal), [small_room(api)], accounts, SmallUnits(), lambda: ZONE)
