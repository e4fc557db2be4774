"""Disputes between units: who says what, what was ruled before, the ruling. Meanwhile the first receiver works."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.ids import new_id
from kernel.people import Principal
from kernel.privacy import mask_text
from kernel.room import Floor
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.events import RulingLate
from ticketing.facts import units_concerned
from ticketing.model.acting import Form
from ticketing.model.labels import Actor, RequestKind, RequestState, SideAction
from ticketing.model.rulings import Amendment, Argument, Precedent
from ticketing.model.ticket import Request, Ticket
from ticketing.queries import Queries
from ticketing.rules.moving import REQUESTS_LIVE_IN
from ticketing.store import disputes, precedents
from ticketing.tickets import Tickets

DISPUTES = 50
MOST_DISPUTES = 200
MOST_SHOWN = 20
LONGEST_WORDS = 2000


@dataclass(frozen=True, slots=True)
class Ruling:
    """Who leads, who supports, why and by which clause. ``beyond_area``: why one that is not in charge of the place."""

    lead: str
    supporting: tuple[str, ...]
    reason: str
    clause: str
    beyond_area: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of disputes, how many there are in all, and the cursor of the next page."""

    items: Sequence[tuple[Ticket, Request]]
    total: int
    next: str | None


class Rulings:
    """Reads disputes and rules on them."""

    def __init__(self, floor: Floor, lookup: Lookup, catalogue: Catalogue, tickets: Tickets, queries: Queries) -> None:
        self._database = floor.database
        self._journal = floor.journal
        self._clock = floor.clock
        self._bell = floor.bell
        self._lookup = lookup
        self._catalogue = catalogue
        self._tickets = tickets
        self._queries = queries

    async def open(self, tx: Tx, cursor: str = "", limit: int = DISPUTES) -> Waiting:
        """A page of the disputes that wait for a ruling, the most pressing first; Invalid for a cursor not ours."""
        found, behind = await disputes.page(tx, max(1, min(limit, MOST_DISPUTES)), cursor)
        pairs = [(t, r) for t, id_ in found for r in t.requests if r.id == id_]
        return Waiting(pairs, await disputes.count(tx), behind)

    async def _every(self, tx: Tx) -> list[tuple[Ticket, Request]]:
        found, cursor = list[tuple[Ticket, Request]](), ""
        while True:
            page = await self.open(tx, cursor, MOST_DISPUTES)
            found += page.items
            if page.next is None:
                return found
            cursor = page.next

    async def dispute(self, tx: Tx, number: str, request_id: str, by: Principal) -> tuple[Ticket, Request]:
        """A return that was brought before the supervisor, ruled on or not; NotFound."""
        ticket = await self._queries.by_number(tx, number, by)
        request = next((r for r in ticket.requests if r.id == request_id and r.kind is RequestKind.RETURN), None)
        if request is None:
            raise NotFound("request", id=request_id)
        return ticket, request

    async def arguments(self, tx: Tx, request: Request) -> Sequence[Argument]:
        """What units said beside their requests."""
        return await precedents.arguments_of(tx, request.id)

    async def of_unit(self, tx: Tx, unit: str) -> list[tuple[Ticket, Request]]:
        """Disputes that wait for a ruling and concern a unit, the most pressing first."""
        ours = set(self._lookup.stands_for(unit))
        found = await self._every(tx)
        said = await precedents.arguments_in(tx, [request.id for _, request in found])
        return [(t, r) for t, r in found if ours.intersection(sides(t, r, said.get(r.id, ())))]

    async def state(self, tx: Tx, number: str, request_id: str, text: str, clause: str, by: Principal) -> None:
        """A unit of the dispute says in its own words what it has to say; NotFound for one it is no side of, Invalid
        without words or clause, Conflict once it is ruled."""
        ours = await self.of_unit(tx, by.unit)
        ticket, request = next(((t, r) for t, r in ours if (t.number, r.id) == (number, request_id)), (None, None))
        if ticket is None or request is None:
            raise NotFound("request", id=request_id)
        given = {"text": text.strip(), "clause": clause.strip()}
        wrong = {name: "required" for name, value in given.items() if not value}
        wrong |= {name: "too_long" for name, value in given.items() if len(value) > LONGEST_WORDS}
        if wrong:
            raise Invalid(wrong, limit=LONGEST_WORDS)
        said = Argument(
            new_id(), number, request_id, by.unit, self._said(ticket, given["text"]), given["clause"],
            self._clock.now(), by.id,
            own=True,
        )  # fmt: skip
        await precedents.argue(tx, said)

    async def note_late(self) -> int:
        """State once of each dispute that it was not ruled on in time. A job; gives how many."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            fresh = [
                (ticket, request)
                for ticket, request in await self._every(tx)
                if request.decide_by < now and await precedents.note_late(tx, request.id, now)
            ]
            for ticket, request in fresh:
                about = (ticket.number, now, Actor.TIMER, "system", units_concerned(ticket))
                await self._journal.state(tx, RulingLate(*about, request.id, request.decide_by))
        return len(fresh)

    async def argue(
        self, tx: Tx, number: str, request_id: str, unit: str, text: str, clause: str, by: Principal
    ) -> None:
        """Write down what a unit says; Invalid for a unit nobody knows or without a word, Conflict once it is ruled."""
        ticket, request = await self.dispute(tx, number, request_id, by)
        if not request.open:
            raise Conflict("decided_already", current=request.state.value)
        if not text.strip():
            raise Invalid({"text": "required"})
        self._known(unit)
        said = Argument(
            new_id(), ticket.number, request.id, unit, self._said(ticket, text.strip()), clause.strip(),
            self._clock.now(), by.id,
        )  # fmt: skip
        await precedents.argue(tx, said)

    async def rule(self, tx: Tx, number: str, request_id: str, ruling: Ruling, by: Principal) -> Ticket:
        """The ruling: another leads, or the first receiver goes on; supporting units are added. It becomes a precedent.

        Invalid names what is missing, Conflict when it is no dispute any more, NotAllowed for who may not rule.
        """
        ticket, request = await self.dispute(tx, number, request_id, by)
        if request.state is not RequestState.DISPUTED:
            raise Conflict("not_disputed", current=request.state.value)
        needed = {"lead": ruling.lead, "reason": ruling.reason, "clause": ruling.clause}
        missing = {name: "required" for name, value in needed.items() if not value.strip()}
        if missing:
            raise Invalid(missing)
        form = Form(
            reason=ruling.reason.strip(),
            clause=ruling.clause.strip(),
            basis=ruling.clause.strip(),
            unit=ruling.lead,
            supporting=ruling.supporting,
            beyond_area=ruling.beyond_area,
        )
        at_work = ticket.state in REQUESTS_LIVE_IN
        has_it = ticket.lead.unit if at_work and ticket.lead is not None else request.unit
        stays = has_it == ruling.lead
        with _named_for("lead"):
            ticket = await self._tickets.rule(tx, number, request_id, not stays, form, by)
        self._ring(tx)
        return await self._add_supporting(tx, ticket, ruling, by) if stays and at_work else ticket

    async def _add_supporting(self, tx: Tx, ticket: Ticket, ruling: Ruling, by: Principal) -> Ticket:
        for unit in dict.fromkeys(ruling.supporting):
            if not any(a.open and a.unit == unit for a in ticket.assignments):
                form = Form(unit=unit, reason=ruling.reason)
                with _named_for("supporting"):
                    ticket = await self._tickets.act(tx, ticket.number, SideAction.ADD_SUPPORTING, form, by)
        return ticket

    # -- precedents -------------------------------------------------------------------------------------

    async def precedents(
        self, tx: Tx, *, matter: str = "", amendment: Amendment | None = None, words: str = "", before: str = "",
        limit: int = MOST_SHOWN,
    ) -> list[Precedent]:  # fmt: skip
        """Rulings, the newest first; ``words`` may also name a matter or a unit."""
        words = words.strip()
        matters = [m.code for m in self._catalogue.all() if words and words in m.name]
        units = [u.code for u in self._lookup.units(retired=True) if words and words in u.name]
        return await precedents.find(
            tx, matter=matter, amendment=amendment, words=words, matters=matters, units=units, before=before,
            limit=limit,
        )  # fmt: skip

    async def amend(self, tx: Tx, id_: str, amendment: Amendment, note: str) -> Precedent:
        """Say what becomes of the catalogue; NotFound."""
        self._ring(tx)
        return await precedents.amend(tx, id_, amendment, note.strip())

    def _ring(self, tx: Tx) -> None:
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))

    def _said(self, ticket: Ticket, words: str) -> str:
        return self._tickets.unnamed(ticket, mask_text(words))

    def _known(self, unit: str) -> None:
        try:
            self._lookup.unit(unit)
        except NotFound as error:
            raise Invalid({"unit": "unknown_unit"}) from error


@contextmanager
def _named_for(field: str) -> Iterator[None]:
    """What is wrong with a unit is told of the field of the ruling that names it."""
    try:
        yield
    except Invalid as error:
        fields = {field if name == "unit" else name: why for name, why in error.fields.items()}
        raise Invalid(fields, error.code, **error.data) from error


def sides(ticket: Ticket, request: Request, said: Sequence[Argument]) -> list[str]:
    """Whose dispute it is: who has it, whom it was to go to, whoever gave it back before or was heard."""
    lead = [ticket.lead.unit] if ticket.lead else []
    returned = [r.unit for r in ticket.requests if r.kind is RequestKind.RETURN]
    named = [*lead, request.unit, request.suggested_unit, *returned, *(each.unit for each in said)]
    return list(dict.fromkeys(unit for unit in named if unit))
