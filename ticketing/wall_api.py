"""The routes of the supervisors' wall, and of the check of a reply before it goes out."""

from dataclasses import dataclass

from kernel.errors import NotFound
from kernel.people import May, Role
from kernel.room import Call, Floor, Route
from ticketing.access import is_unit_staff
from ticketing.queries import Queries
from ticketing.replying import Replying
from ticketing.rules.checks import Check
from ticketing.wall import SHOWN, Wall, WallList, WallPage, WallView

LISTS = {each.value: each for each in WallList}


@dataclass(frozen=True, slots=True)
class WallQuery:
    """A page of the tickets behind a number."""

    cursor: str = ""
    limit: int = SHOWN


@dataclass(frozen=True, slots=True)
class ReplyForm:
    """A reply as it would go out."""

    text: str
    basis: str = ""


@dataclass(frozen=True, slots=True)
class ReplyCheckView:
    """What a look at the reply found; nothing of the reply is kept."""

    checks: list[Check]


class WallApi:
    """Shows what is open and checks replies."""

    def __init__(self, floor: Floor, wall: Wall, queries: Queries, replying: Replying) -> None:
        self._database = floor.database
        self._wall = wall
        self._queries = queries
        self._replying = replying

    async def show(self, call: Call) -> WallView:
        async with self._database.reading() as tx:
            return await self._wall.view(tx, call.principal)

    async def behind(self, call: Call) -> WallPage:
        name = LISTS.get(call.path["list"])
        if name is None:
            raise NotFound("list")
        q = call.asked(WallQuery)
        async with self._database.reading() as tx:
            return await self._wall.behind(tx, name, call.principal, q.cursor, q.limit)

    async def check(self, call: Call) -> ReplyCheckView:
        form = call.form(ReplyForm)
        async with self._database.reading() as tx:
            ticket = await self._queries.by_number(tx, call.path["number"], call.principal)
            of_reviewer = call.principal.has(Role.REVIEWER) and not is_unit_staff(call.principal)
            return ReplyCheckView(
                await self._replying.checks(tx, ticket, form.text, form.basis, of_reviewer=of_reviewer)
            )


def routes(api: WallApi) -> list[Route]:
    """The wall, the lists behind its numbers, the check of a reply."""
    may, check = May.WATCH_WALL, "/api/v1/tickets/{number}/reply-check"
    return [
        Route("GET", "/api/v1/wall", api.show, may, "督办大屏", gives=WallView),
        Route("GET", "/api/v1/wall/{list}", api.behind, may, "督办大屏数字对应的工单", query=WallQuery, gives=WallPage),
        Route("POST", check, api.check, May.READ_TICKET, "答复核对", body=ReplyForm, gives=ReplyCheckView, unkept=True),
    ]
