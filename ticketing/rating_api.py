"""The routes of a rating link: whoever holds it votes on one reply, and is shown nothing of whose it is."""

from dataclasses import dataclass
from datetime import datetime

from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import Kind, May, Principal
from kernel.room import Call, Floor, Route
from ticketing.links import Ballot, Links
from ticketing.model.acting import Form
from ticketing.model.labels import Score, Solved
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.showing import Showing
from ticketing.store import votes
from ticketing.tickets import Tickets
from ticketing.tracking import Tracking

LONGEST = 2000
EXPIRED = "token_expired"


@dataclass(frozen=True, slots=True)
class VoteForm:
    """The five-level vote and whether it is solved, with a word if one is wanted."""

    score: Score
    solved: Solved
    text: str = ""
    contacted: bool | None = None


@dataclass(frozen=True, slots=True)
class BallotView:
    """What is voted on, without a word of the citizen or of the reply: a link is passed on easily. ``why`` tells why it
    takes no vote (any more); ``score`` and ``solved`` are the vote as it stands."""

    number: str
    matter_name: str
    unit_name: str
    until: datetime
    open: bool
    why: str
    score: str
    score_label: str
    solved: str
    solved_label: str
    voted_at: datetime | None


class RatingApi:
    """Takes votes."""

    def __init__(
        self, floor: Floor, links: Links, tickets: Tickets, queries: Queries, tracking: Tracking, showing: Showing
    ) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._links = links
        self._tickets = tickets
        self._queries = queries
        self._tracking = tracking
        self._showing = showing

    async def show(self, call: Call) -> BallotView:
        ballot = self._links.ballot(call.path["link"])
        async with self._database.reading() as tx:
            return await self._view(tx, ballot, await self._queries.by_number(tx, ballot.number, _holder(ballot)))

    async def vote(self, call: Call) -> BallotView:
        ballot, form = self._links.ballot(call.path["link"]), call.form(VoteForm)
        if len(form.text) > LONGEST:
            raise Invalid({"text": "too_long"}, limit=LONGEST)
        by = _holder(ballot)
        async with self._database.transaction() as tx:
            ticket = await self._queries.by_number(tx, ballot.number, by)
            why = self._why_not(ballot, ticket)
            if why == EXPIRED:
                raise NotAllowed(why)
            action = self._tracking.ways(ticket).get("rate")
            if why or action is None:
                raise Conflict(why or "wrong_state", current=ticket.state.value)
            words = form.text.strip()
            given = Form(text=words, score=form.score, solved=form.solved, contacted=form.contacted, channel="link")
            return await self._view(tx, ballot, await self._tickets.act(tx, ballot.number, action, given, by))

    def _why_not(self, ballot: Ballot, ticket: Ticket) -> str:
        if self._clock.now() > ballot.until:
            return EXPIRED
        if ballot.round != ticket.round:
            return "reply_superseded"
        return "" if ticket.reply else "nothing_to_rate"

    async def _view(self, tx: Tx, ballot: Ballot, ticket: Ticket) -> BallotView:
        found = next((v for v in await votes.of_ticket(tx, ticket.id) if v.round == ballot.round), None)
        why = self._why_not(ballot, ticket)
        if not why and "rate" not in self._tracking.ways(ticket):
            why = "rating_final"
        return BallotView(
            ticket.number,
            self._showing.names.matter(ticket.matter),
            self._showing.names.unit(ticket.lead.unit) if ticket.lead else "",
            ballot.until,
            not why,
            why,
            found.score.value if found else "",
            found.score.label if found else "",
            found.solved.value if found else "",
            found.solved.label if found else "",
            found.at if found else None,
        )


def _holder(ballot: Ballot) -> Principal:
    return Principal(Kind.LINK, id=f"rating:{ballot.number}", link=ballot.number)


def routes(api: RatingApi) -> list[Route]:
    """The rating link's part of the API."""
    one, may = "/api/v1/rate/{link}", May.RATE_BY_LINK
    return [
        Route("GET", one, api.show, may, "评价链接", gives=BallotView),
        Route("POST", one, api.vote, may, "通过链接评价", body=VoteForm, gives=BallotView),
    ]
