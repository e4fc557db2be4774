"""The routes of the tracking page: no log-in, a number with its query code or the signed link."""

from dataclasses import dataclass

from kernel.attachments import check_file, place_in
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.messages import GeoPoint
from kernel.people import May, Principal
from kernel.room import Call, Floor, Route
from ticketing.model.acting import Form
from ticketing.model.labels import Action, RehandleGround, Score, SideAction, Solved
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.tickets import Tickets
from ticketing.track_views import LinkView, TrackView
from ticketing.tracking import CAN, Tracking

LONGEST = 2000
MOST_PHOTOS = 9
APPEALING = frozenset({SideAction.FILE_APPEAL})


@dataclass(frozen=True, slots=True)
class CodeForm:
    """A ticket's number and query code."""

    number: str
    code: str


@dataclass(frozen=True, slots=True)
class WishForm:
    """What the citizen says with what they do."""

    text: str = ""
    score: Score | None = None
    solved: Solved | None = None
    contacted: bool | None = None


@dataclass(frozen=True, slots=True)
class PhotosQuery:
    """Whether the place a photo was taken at may be kept as the place of the matter; it is never kept in the photo."""

    place: bool = False


class TrackApi:
    """The citizen's own ticket."""

    def __init__(self, floor: Floor, tickets: Tickets, queries: Queries, tracking: Tracking) -> None:
        self._database = floor.database
        self._attachments = floor.attachments
        self._tickets = tickets
        self._queries = queries
        self._tracking = tracking

    async def find(self, call: Call) -> LinkView:
        form = call.form(CodeForm)
        async with self._database.reading() as tx:
            ticket = await self._queries.by_code(tx, form.number, form.code)
        return LinkView(self._tickets.link_for(ticket.number))

    async def show(self, call: Call) -> TrackView:
        async with self._database.reading() as tx:
            return await self._tracking.view(tx, await self._own(call.principal, tx))

    async def act(self, call: Call) -> TrackView:
        wish, name = call.form(WishForm), call.path["action"]
        if name not in CAN.values():
            raise NotFound("action")
        if len(wish.text) > LONGEST:
            raise Invalid({"text": "too_long"}, limit=LONGEST)
        async with self._database.transaction() as tx:
            ticket = await self._own(call.principal, tx)
            action = self._tracking.ways(ticket).get(name)
            if action is None:
                raise Conflict("wrong_state", current=ticket.state.value)
            changed = await self._tickets.act(tx, ticket.number, action, _form(action, wish), call.principal)
            return await self._tracking.view(tx, changed)

    async def add_photos(self, call: Call) -> TrackView:
        if not call.uploads:
            raise Invalid({"file": "missing"})
        if len(call.uploads) > MOST_PHOTOS:
            raise Invalid({"file": "too_many"}, limit=MOST_PHOTOS)
        checked = [await check_file(upload.name, upload.data) for upload in call.uploads]
        point = await self._place(call)
        async with self._database.transaction() as tx:
            ticket = await self._own(call.principal, tx)
            kept = tuple([await self._attachments.keep(tx, file) for file in checked])
            if "supply_info" in self._tracking.ways(ticket):
                action: Action | SideAction = Action.SUPPLY_INFO
            else:
                action = SideAction.ADD_EVIDENCE
            form = Form(evidence=kept, point=point)
            changed = await self._tickets.act(tx, ticket.number, action, form, call.principal)
            return await self._tracking.view(tx, changed)

    async def _place(self, call: Call) -> GeoPoint | None:
        if not call.asked(PhotosQuery).place:
            return None
        found = [await place_in(upload.data) for upload in call.uploads]
        return next((point for point in found if point is not None), None)

    async def _own(self, by: Principal, tx: Tx) -> Ticket:
        return await self._queries.by_number(tx, by.link, by)


def _form(action: Action | SideAction, wish: WishForm) -> Form:
    text = wish.text.strip()
    if action is Action.REHANDLE:
        return Form(reason=text, reason_code=RehandleGround.UNSOLVED.value)
    if action in APPEALING or action is Action.WITHDRAW:
        return Form(reason=text)
    return Form(text=text, score=wish.score, solved=wish.solved, contacted=wish.contacted)


def routes(api: TrackApi) -> list[Route]:
    """The citizen's part of the API."""
    one, may = "/api/v1/track/{link}", May.TRACK_TICKET
    return [
        Route("POST", "/api/v1/track", api.find, May.FIND_OWN_TICKET, "查询诉求", body=CodeForm, gives=LinkView),
        Route("GET", one, api.show, may, "诉求进度", gives=TrackView),
        Route(
            "POST",
            f"{one}/photos",
            api.add_photos,
            may,
            "补充照片",
            query=PhotosQuery,
            gives=TrackView,
            takes_files=True,
        ),
        Route("POST", f"{one}/{{action}}", api.act, may, "催办、评价、撤回等", body=WishForm, gives=TrackView),
    ]
