"""The routes of several people at one ticket: presence and drafts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from kernel.database import Database
from kernel.people import May
from kernel.room import Call, Route
from ticketing.attending import Attending
from ticketing.showing import Showing


@dataclass(frozen=True, slots=True)
class WatcherView:
    """Somebody else who has the ticket open; ``doing_label`` says what they are filling in."""

    name: str
    unit_name: str
    doing: str
    doing_label: str


@dataclass(frozen=True, slots=True)
class WatcherPage:
    """Who else has it open."""

    items: Sequence[WatcherView]


@dataclass(frozen=True, slots=True)
class SeenForm:
    """What the reader is filling in; empty while they only read, ``left`` when they have closed it."""

    doing: str = ""
    left: bool = False


@dataclass(frozen=True, slots=True)
class DraftView:
    """A form that was begun."""

    action: str
    values: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftPage:
    """What the reader has begun at a ticket."""

    items: Sequence[DraftView]


@dataclass(frozen=True, slots=True)
class DraftForm:
    """A form as far as it is filled in; no values forget it."""

    values: dict[str, object] = field(default_factory=dict)


class AttendingApi:
    """Reads and keeps."""

    def __init__(self, database: Database, attending: Attending, showing: Showing) -> None:
        self._database = database
        self._attending = attending
        self._showing = showing

    async def see(self, call: Call) -> WatcherPage:
        form, number = call.form(SeenForm), call.path["number"]
        async with self._database.transaction() as tx:
            if form.left:
                await self._attending.leave(tx, number, call.principal)
                return WatcherPage([])
            found = await self._attending.see(tx, number, form.doing, call.principal)
        name, words = self._showing.names.unit, self._showing.names.action
        return WatcherPage([WatcherView(w.name, name(w.unit), w.doing, words(w.doing)) for w in found])

    async def drafts(self, call: Call) -> DraftPage:
        async with self._database.reading() as tx:
            found = await self._attending.drafts(tx, call.path["number"], call.principal)
        return DraftPage([DraftView(k.action, msgspec.json.decode(k.values), k.at) for k in found])

    async def keep(self, call: Call) -> DraftPage:
        form, number = call.form(DraftForm), call.path["number"]
        async with self._database.transaction() as tx:
            await self._attending.keep(tx, number, call.path["action"], form.values, call.principal)
        return DraftPage([])


def routes(api: AttendingApi) -> list[Route]:
    """The routes."""
    one = "/api/v1/tickets/{number}"
    draft, may = f"{one}/drafts/{{action}}", May.ATTEND_TICKET
    return [
        Route("PUT", f"{one}/watching", api.see, may, "正在查看", body=SeenForm, gives=WatcherPage),
        Route("GET", f"{one}/drafts", api.drafts, may, "未提交的草稿", gives=DraftPage),
        Route("PUT", draft, api.keep, may, "保存草稿", body=DraftForm, gives=DraftPage),
    ]
