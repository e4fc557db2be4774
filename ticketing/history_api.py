"""The staff's routes to closed tickets of other systems: by number, by words."""

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.database import Database
from kernel.errors import NotFound
from kernel.pages import length
from kernel.people import May
from kernel.room import Call, Route
from ticketing.dispatch_views import PastView
from ticketing.history import FOUND, History
from ticketing.past_showing import PastShowing


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What is looked for: the beginning of an external number, or words; empty for the newest."""

    q: str = ""
    cursor: str = ""
    limit: int = FOUND


@dataclass(frozen=True, slots=True)
class PastPage:
    """A page of closed tickets, the newest first."""

    items: Sequence[PastView]
    next: str | None


class HistoryApi:
    """Shows closed tickets to staff; a member unit's staff see their unit's."""

    def __init__(self, database: Database, history: History, showing: PastShowing) -> None:
        self._database = database
        self._history = history
        self._showing = showing

    async def find(self, call: Call) -> PastPage:
        """The newest that fit."""
        asked = call.asked(HistoryQuery)
        limit = length(asked.limit)
        async with self._database.reading() as tx:
            found, behind = await self._history.find(tx, asked.q, call.principal, asked.cursor, limit)
        return PastPage([self._showing.ticket(each) for each in found], behind)

    async def show(self, call: Call) -> Sequence[PastView]:
        """Those of one number: other systems may share it."""
        async with self._database.reading() as tx:
            found = await self._history.by_number(tx, call.path["number"], call.principal)
        if not found:
            raise NotFound("ticket")
        return [self._showing.ticket(each) for each in found]


def routes(api: HistoryApi) -> list[Route]:
    """The routes of closed tickets."""
    one, read = "/api/v1/history/{number}", May.READ_TICKET
    return [
        Route("GET", "/api/v1/history", api.find, read, "历史工单", query=HistoryQuery, gives=PastPage),
        Route("GET", one, api.show, read, "历史工单（按原编号）", gives=list[PastView]),
    ]
