"""The routes of disputes and precedents: both sides on one page, the ruling, what was ruled before."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from directory.lookup import Lookup
from kernel import cursors
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.pages import length
from kernel.people import May
from kernel.room import Call, Route
from ticketing.deciding import Deciding
from ticketing.model.duties import Candidate
from ticketing.model.labels import RequestKind
from ticketing.model.rulings import Amendment, Argument, Precedent
from ticketing.model.ticket import Request, Ticket
from ticketing.names import REASON_LABELS
from ticketing.row_views import FileView, TicketRow
from ticketing.rules.redacting import Veil
from ticketing.rulings import DISPUTES, Ruling, Rulings, sides
from ticketing.showing import Showing
from ticketing.views import TicketView


@dataclass(frozen=True, slots=True)
class ArgumentView:
    """What a unit says, and what it shows for it; ``own``: in its own words."""

    at: datetime
    text: str
    clause: str
    own: bool
    attachments: Sequence[FileView] = ()


@dataclass(frozen=True, slots=True)
class SideView:
    """One unit in a dispute: what the catalogue charges it with, and what it says. ``first``: it has the ticket."""

    unit: str
    name: str
    first: bool
    duty_item: str
    duty: str
    duties: Sequence[str]
    areas: Sequence[str]
    has_power: bool
    covers_area: bool
    arguments: Sequence[ArgumentView]


@dataclass(frozen=True, slots=True)
class PrecedentView:
    """A ruling."""

    id: str
    ticket: str
    matter: str
    matter_name: str
    area_name: str
    units: Sequence[str]
    unit_names: Sequence[str]
    lead: str
    lead_name: str
    supporting_names: Sequence[str]
    reason: str
    clause: str
    at: datetime
    amendment: str
    amendment_label: str
    note: str


@dataclass(frozen=True, slots=True)
class PrecedentPage:
    """Rulings, the newest first."""

    items: Sequence[PrecedentView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """A dispute in the list, with the moment it is to be ruled on by."""

    ticket: TicketRow
    request: str
    unit_name: str
    suggested_name: str
    decide_by: datetime
    overdue: bool


@dataclass(frozen=True, slots=True)
class DisputePage:
    """Disputes that wait, the most pressing first; ``total`` of all pages."""

    items: Sequence[DisputeRow]
    total: int
    next: str | None = None


@dataclass(frozen=True, slots=True)
class DisputesQuery:
    """A page of the disputes."""

    cursor: str = ""
    limit: int = DISPUTES


@dataclass(frozen=True, slots=True)
class DisputeView:
    """A dispute in full: the matter, the sides, what was ruled in cases of this matter before."""

    ticket: TicketView
    request: str
    state_label: str
    open: bool
    decide_by: datetime
    overdue: bool
    sides: Sequence[SideView]
    precedents: Sequence[PrecedentView]


@dataclass(frozen=True, slots=True)
class ArgumentForm:
    """What a unit says, written down for it."""

    unit: str
    text: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class RulingForm:
    """Who leads, who supports, why, by which clause."""

    lead: str
    reason: str
    clause: str
    supporting: list[str] = field(default_factory=list)
    beyond_area: str = ""


@dataclass(frozen=True, slots=True)
class PrecedentQuery:
    """Rulings on a matter, with words, or by what becomes of the catalogue."""

    matter: str = ""
    q: str = ""
    amendment: Amendment | None = None
    cursor: str = ""
    limit: int = 20


@dataclass(frozen=True, slots=True)
class AmendForm:
    """What becomes of the catalogue."""

    amendment: Amendment
    note: str = ""


class RulingApi:
    """Reads, rules, shows."""

    def __init__(
        self, database: Database, clock: Clock, lookup: Lookup, rulings: Rulings, deciding: Deciding, showing: Showing
    ) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup
        self._rulings = rulings
        self._deciding = deciding
        self._showing = showing

    async def disputes(self, call: Call) -> DisputePage:
        q = call.asked(DisputesQuery)
        async with self._database.reading() as tx:
            found = await self._rulings.open(tx, q.cursor, q.limit)
        name, now = self._showing.names.unit, self._clock.now()
        return DisputePage(
            [
                DisputeRow(
                    self._showing.rows.row(ticket, call.principal),
                    request.id,
                    name(request.unit),
                    name(request.suggested_unit),
                    request.decide_by,
                    now > request.decide_by,
                )
                for ticket, request in found.items
            ],
            found.total,
            found.next,
        )

    async def show(self, call: Call) -> DisputeView:
        async with self._database.reading() as tx:
            ticket, request = await self._rulings.dispute(tx, call.path["number"], call.path["id"], call.principal)
            return await self._view(tx, ticket, request, call)

    async def argue(self, call: Call) -> DisputeView:
        form, number, id_ = call.form(ArgumentForm), call.path["number"], call.path["id"]
        async with self._database.transaction() as tx:
            await self._rulings.argue(tx, number, id_, form.unit, form.text, form.clause, call.principal)
            ticket, request = await self._rulings.dispute(tx, number, id_, call.principal)
            return await self._view(tx, ticket, request, call)

    async def rule(self, call: Call) -> TicketView:
        form = call.form(RulingForm)
        ruling = Ruling(form.lead, tuple(form.supporting), form.reason, form.clause, form.beyond_area)
        async with self._database.transaction() as tx:
            ticket = await self._rulings.rule(tx, call.path["number"], call.path["id"], ruling, call.principal)
            return await self._showing.ticket(tx, ticket, call.principal)

    async def precedents(self, call: Call) -> PrecedentPage:
        q = call.asked(PrecedentQuery)
        limit = length(q.limit)
        before = str(cursors.read(q.cursor, 1)[0]) if q.cursor else ""
        async with self._database.reading() as tx:
            found = await self._rulings.precedents(
                tx, matter=q.matter, amendment=q.amendment, words=q.q, before=before, limit=limit + 1
            )
        shown = found[:limit]
        behind = cursors.written([shown[-1].id]) if len(found) > limit else None
        return PrecedentPage([self._precedent(p) for p in shown], behind)

    async def amend(self, call: Call) -> PrecedentView:
        form = call.form(AmendForm)
        async with self._database.transaction() as tx:
            return self._precedent(await self._rulings.amend(tx, call.path["id"], form.amendment, form.note))

    # -- showing ----------------------------------------------------------------------------------------

    async def _view(self, tx: Tx, ticket: Ticket, request: Request, call: Call) -> DisputeView:
        said = await self._rulings.arguments(tx, request)
        before = await self._rulings.precedents(tx, matter=ticket.matter) if ticket.matter else []
        veil = self._showing.rows.veil(ticket, call.principal)
        both = [self._side(ticket, unit, said, veil) for unit in sides(ticket, request, said)]
        units = {side.unit for side in both}
        # Those between the same units first.
        before = sorted(before, key=lambda p: units.isdisjoint({*p.units, p.lead}))
        overdue = request.open and self._clock.now() > request.decide_by
        return DisputeView(
            await self._showing.ticket(tx, ticket, call.principal),
            request.id,
            request.state.label,
            request.open,
            request.decide_by,
            overdue,
            both,
            [self._precedent(p) for p in before],
        )

    def _side(self, ticket: Ticket, code: str, said: Sequence[Argument], veil: Veil) -> SideView:
        unit, fit = self._lookup.unit(code), self._fit(ticket, code)
        item = self._deciding.duty_item(ticket, code)
        returns = [r for r in ticket.requests if r.kind is RequestKind.RETURN and r.unit == code]
        spoken = [
            ArgumentView(
                r.asked_at,
                veil.over_note(_words(r)),
                r.clause,
                own=True,
                attachments=self._showing.files(r.evidence),
            )
            for r in returns
        ]
        spoken += [ArgumentView(a.at, veil.over_note(a.text), a.clause, a.own) for a in said if a.unit == code]
        functions = self._lookup.functions()
        return SideView(
            unit=code,
            name=unit.name,
            first=ticket.lead is not None and ticket.lead.unit == code,
            duty_item=item,
            duty=self._showing.names.duty(item),
            duties=[functions.get(each, each) for each in unit.functions],
            areas=[self._lookup.area(each).name for each in unit.areas],
            has_power=fit.has_power if fit else True,
            covers_area=fit.covers_area if fit else True,
            arguments=sorted(spoken, key=lambda each: each.at),
        )

    def _fit(self, ticket: Ticket, code: str) -> Candidate | None:
        decision = self._deciding.with_choice(ticket, code, "", None)
        return next((each for each in decision.candidates if each.unit == code), None)

    def _precedent(self, precedent: Precedent) -> PrecedentView:
        name = self._showing.names.unit
        return PrecedentView(
            precedent.id,
            precedent.ticket,
            precedent.matter,
            self._showing.names.matter(precedent.matter),
            self._showing.names.area(precedent.area),
            precedent.units,
            [name(each) for each in precedent.units],
            precedent.lead,
            name(precedent.lead),
            [name(each) for each in precedent.supporting],
            precedent.reason,
            precedent.clause,
            precedent.at,
            precedent.amendment.value,
            precedent.amendment.label,
            precedent.note,
        )


def _words(request: Request) -> str:
    label = REASON_LABELS.get(request.reason_code, "")
    return "：".join(part for part in (label, request.reason) if part)


def routes(api: RulingApi) -> list[Route]:
    """The routes."""
    one, rulings = "/api/v1/tickets/{number}/disputes/{id}", "/api/v1/precedents"
    read, rule = May.READ_PRECEDENTS, May.RULE_DISPUTE
    said, whole, page, which = ArgumentForm, DisputeView, PrecedentPage, PrecedentQuery
    amend = f"{rulings}/{{id}}/amendment"
    return [
        Route("GET", "/api/v1/disputes", api.disputes, read, "派单争议", query=DisputesQuery, gives=DisputePage),
        Route("GET", one, api.show, read, "争议详情", gives=whole),
        Route("POST", f"{one}/arguments", api.argue, May.DECIDE_REQUEST, "记录单位意见", body=said, gives=whole),
        Route("POST", f"{one}/ruling", api.rule, rule, "裁定争议", body=RulingForm, gives=TicketView),
        Route("GET", rulings, api.precedents, read, "裁决先例", query=which, gives=page),
        Route("POST", amend, api.amend, rule, "目录修订建议", body=AmendForm, gives=PrecedentView),
    ]
