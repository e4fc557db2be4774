"""The ticket routes for staff: lists, one ticket, everything that may be done to it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace

from directory.lookup import Lookup
from kernel.attachments import check_file
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.pages import part
from kernel.people import May, Principal
from kernel.phones import phone as valid_phone
from kernel.room import Call, Floor, Route
from ticketing.access import is_unit_staff
from ticketing.catalogue import Catalogue
from ticketing.deciding import Deciding
from ticketing.differing import Differing
from ticketing.dispatch_views import AlikeView, DecisionView, OpenedView
from ticketing.forms import read_form
from ticketing.guarding import Guarding
from ticketing.model.acting import Form
from ticketing.model.labels import Action, Flag, RequestKind, Secrecy, SideAction, State, TicketKind, Urgency
from ticketing.model.privacy import Purpose
from ticketing.model.ticket import Draft, Ticket
from ticketing.queries import OUTSIDE, Queries, View, ViewName, limited
from ticketing.row_showing import flag_views
from ticketing.row_views import FileView, TicketPage
from ticketing.rules.raising import BY_PERSON
from ticketing.showing import Showing
from ticketing.tickets import Tickets
from ticketing.views import IdentityView, MatterPage, TicketView


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of tickets; ``q`` is a number or words."""

    view: ViewName = ViewName.ALL
    state: State | None = None
    q: str = ""
    unit: str = ""
    matter: str = ""
    area: str = ""
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class MatterQuery:
    """Matters that are called, or are about, ``q``."""

    q: str = ""
    cursor: str = ""
    limit: int = 100


@dataclass(frozen=True, slots=True)
class OpenForm:
    """A ticket an agent writes down, e.g. from a telephone call."""

    kind: TicketKind
    text: str
    title: str = ""
    where_text: str = ""
    area: str = ""
    when_text: str = ""
    name: str = ""
    phone: str = ""
    matter: str = ""
    urgency: Urgency = Urgency.P2
    secrecy: Secrecy = Secrecy.NORMAL
    attachments: list[str] = field(default_factory=list)
    anonymous: bool = False
    enterprise: bool = False
    flags: list[Flag] = field(default_factory=list)
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class ActForm:
    """An action on a ticket as it was at ``version``."""

    version: int
    form: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AskForm:
    """A request of the lead unit."""

    kind: RequestKind
    form: dict[str, object] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class DecideForm:
    """What was decided about a request; ``disputed`` brings it before the supervisor instead of granting it."""

    granted: bool = False
    disputed: bool = False
    form: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PurposeForm:
    """What somebody needs to know for who a citizen is: one of the list, and in words."""

    purpose: str
    reason: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class SuggestForm:
    """Another matter or area to try."""

    matter: str = ""
    area: str = ""


Change = Callable[[Tx, Form], Awaitable[Ticket]]
MOVES: Mapping[str, Action | SideAction] = {each.value: each for kind in (Action, SideAction) for each in kind}


class TicketApi:
    """Reads, does, shows."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        catalogue: Catalogue,
        tickets: Tickets,
        queries: Queries,
        deciding: Deciding,
        showing: Showing,
        guarding: Guarding,
        differing: Differing,
    ) -> None:
        self._differing = differing
        self._database = floor.database
        self._clock = floor.clock
        self._attachments = floor.attachments
        self._lookup = lookup
        self._catalogue = catalogue
        self._tickets = tickets
        self._queries = queries
        self._deciding = deciding
        self._showing = showing
        self._guarding = guarding
        self._unmask_seconds = floor.settings.security.unmask_minutes * 60

    # -- reading ----------------------------------------------------------------------------------------

    async def browse(self, call: Call) -> TicketPage:
        q = call.asked(ListQuery)
        view = View(q.view, q.state, q.q, q.unit, q.matter, q.area, q.cursor, q.limit)
        async with self._database.reading() as tx:
            page = await self._queries.find(tx, limited(view, call.principal))
        return TicketPage([self._showing.rows.row(ticket, call.principal) for ticket in page.items], page.next)

    async def counts(self, call: Call) -> dict[str, int]:
        units = is_unit_staff(call.principal)
        names = [ViewName.INBOX, ViewName.ALL, ViewName.APPROVAL] if units else list(ViewName)
        views = {name.value: View(name) for name in names}
        views |= {} if units else {state.value: View(ViewName.OUTSIDE, state) for state in OUTSIDE}
        async with self._database.reading() as tx:
            found = await self._queries.counts(tx, [limited(view, call.principal) for view in views.values()])
        return dict(zip(views, found, strict=True))

    async def show(self, call: Call) -> TicketView:
        async with self._database.reading() as tx:
            ticket = await self._queries.by_number(tx, call.path["number"], call.principal)
            shown = await self._showing.ticket(tx, ticket, call.principal)
            is_news = await self._guarding.is_news(tx, ticket, call.principal)
        if is_news:
            async with self._database.transaction() as tx:
                await self._guarding.viewed(tx, ticket, call.principal)
        return shown

    async def matters(self, call: Call) -> MatterPage:
        asked = call.asked(MatterQuery)
        found = part(self._catalogue.search(asked.q), asked.cursor, asked.limit)
        return MatterPage([self._showing.matter(matter.code) for matter in found.items], found.next, found.total)

    async def suggest(self, call: Call) -> DecisionView:
        form = call.form(SuggestForm)
        async with self._database.reading() as tx:
            ticket = await self._queries.by_number(tx, call.path["number"], call.principal)
        veil = self._showing.rows.veil(ticket, call.principal)
        return self._showing.decision(self._deciding.reread(ticket, form.matter, form.area).decision, veil)

    # -- changing ---------------------------------------------------------------------------------------

    async def open(self, call: Call) -> OpenedView:
        form = call.form(OpenForm)
        async with self._database.transaction() as tx:
            files = await self._attachments.known(tx, tuple(form.attachments))
            contact = valid_phone(form.phone) if form.phone.strip() else ""
            draft = replace(_draft(form), contact=contact, evidence=files, same_as=form.same_as)
            ticket = await self._tickets.open(tx, draft, call.principal)
            decision = await self._queries.decision(tx, ticket.number)
            history = await self._queries.history(tx, ticket)
        return OpenedView(
            ticket.number,
            ticket.query_code,
            self._tickets.link_for(ticket.number),
            ticket.state.value,
            ticket.state.label,
            self._showing.names.unit(ticket.lead.unit if ticket.lead else ""),
            self._showing.decision(decision),
            ticket.urgency.value,
            ticket.urgency.label,
            flag_views(ticket),
            self._showing.dangers(ticket),
            "；".join(record.why for record in history if record.what == SideAction.RECOGNISE.value),
            ticket.parent,
        )

    async def alike(self, call: Call) -> list[AlikeView]:
        """What others told already of the same, while it is being written down: one or none."""
        form = call.form(OpenForm)
        async with self._database.reading() as tx:
            found = await self._tickets.alike(tx, replace(_draft(form), contact=form.phone))
            if found is None:
                return []
            ticket = await self._queries.by_number(tx, found.number, call.principal)
        return [self._showing.alike(found, ticket, call.principal)]

    async def act(self, call: Call) -> TicketView:
        sent = call.form(ActForm)
        action, number = MOVES.get(call.path["action"]), call.path["number"]
        if action is None:
            raise NotFound("action")

        async def do(tx: Tx, form: Form) -> Ticket:
            return await self._tickets.act(tx, number, action, form, call.principal, version=sent.version)

        return await self._told_what_changed(number, sent.version, sent.form, call.principal, do)

    async def ask(self, call: Call) -> TicketView:
        sent, number = call.form(AskForm), call.path["number"]

        async def do(tx: Tx, form: Form) -> Ticket:
            return await self._tickets.ask(tx, number, sent.kind, form, call.principal, version=sent.version)

        return await self._told_what_changed(number, sent.version, sent.form, call.principal, do)

    async def decide(self, call: Call) -> TicketView:
        sent, number, request = call.form(DecideForm), call.path["number"], call.path["id"]
        if sent.granted and sent.disputed:
            raise Invalid({"disputed": "granted_too"})

        async def do(tx: Tx, form: Form) -> Ticket:
            if sent.disputed:
                return await self._tickets.dispute(tx, number, request, form, call.principal)
            return await self._tickets.decide(tx, number, request, sent.granted, form, call.principal)

        return await self._changed(sent.form, call.principal, do)

    async def _told_what_changed(
        self, number: str, version: int | None, given: Mapping[str, object], by: Principal, do: Change
    ) -> TicketView:
        """Done, or a Conflict that says field by field what became of the ticket since ``version``."""
        try:
            return await self._changed(given, by, do)
        except Conflict as late:
            if late.code != "ticket_changed" or version is None:
                raise
            async with self._database.reading() as tx:
                ticket = await self._queries.by_number(tx, number, by)
                changes = await self._differing.since(tx, ticket, version)
            current = {"state": ticket.state.value, "version": ticket.version, "changes": changes}
            raise Conflict(late.code, current=current) from late

    async def _changed(self, given: Mapping[str, object], by: Principal, do: Change) -> TicketView:
        async with self._database.transaction() as tx:
            form = await read_form(tx, given, self._attachments, self._lookup.calendar(), self._clock.now())
            ticket = await do(tx, form)
            return await self._showing.ticket(tx, ticket, by)

    async def unmask(self, call: Call) -> IdentityView:
        form, number = call.form(PurposeForm), call.path["number"]
        async with self._database.transaction() as tx:
            shown = await self._tickets.show_identity(tx, number, form.purpose, call.principal, form.reason)
        return IdentityView(shown.name, shown.phone, shown.address, shown.text, self._unmask_seconds)

    async def keep(self, call: Call) -> list[FileView]:
        """Keep files for a ticket that is still to be opened."""
        if not call.uploads:
            raise Invalid({"file": "missing"})
        checked = [await check_file(upload.name, upload.data) for upload in call.uploads]
        async with self._database.transaction() as tx:
            kept = [await self._attachments.keep(tx, file) for file in checked]
        return self._showing.files(kept)


def _draft(form: OpenForm) -> Draft:
    """What the form says, without who is to be reached and the files."""
    return Draft(
        kind=form.kind,
        text=form.text,
        title=form.title,
        urgency=form.urgency,
        matter=form.matter,
        area=form.area,
        place=form.where_text,
        placeless=not (form.where_text or form.area),
        happened=form.when_text,
        name=form.name,
        secrecy=form.secrecy,
        flags=_flags(form),
    )


def _flags(form: OpenForm) -> frozenset[Flag]:
    """What the form ticks; Invalid for a flag that is none of a person's to set."""
    if not set(form.flags) <= set(BY_PERSON):
        raise Invalid({"flags": "not_in_list"})
    ticked = ((Flag.ANONYMOUS, form.anonymous), (Flag.ENTERPRISE, form.enterprise))
    return frozenset({*form.flags, *(flag for flag, so in ticked if so)})


def routes(api: TicketApi) -> list[Route]:
    """The staff's part of the API."""
    all_, one, matters = "/api/v1/tickets", "/api/v1/tickets/{number}", "/api/v1/matters"
    read, act, ask, decide = May.READ_TICKET, May.ACT_ON_TICKET, May.ASK_REQUEST, May.DECIDE_REQUEST
    request, unmask = f"{one}/requests", f"{one}/unmask"
    whole = TicketView
    return [
        Route("GET", matters, api.matters, May.READ_DIRECTORY, "事项目录", query=MatterQuery, gives=MatterPage),
        Route("GET", all_, api.browse, read, "工单列表", query=ListQuery, gives=TicketPage),
        Route("GET", f"{all_}/counts", api.counts, read, "工单数量", gives=dict[str, int]),
        Route(
            "POST", f"{all_}/alike", api.alike, May.OPEN_TICKET, "登记前查同类", body=OpenForm, gives=list[AlikeView]
        ),
        Route("POST", all_, api.open, May.OPEN_TICKET, "登记工单", body=OpenForm, gives=OpenedView, status=201),
        Route(
            "POST",
            f"{all_}/attachments",
            api.keep,
            May.OPEN_TICKET,
            "上传登记附件",
            gives=list[FileView],
            status=201,
            takes_files=True,
        ),
        Route("GET", one, api.show, read, "工单详情", gives=whole),
        Route("POST", f"{one}/actions/{{action}}", api.act, act, "办理工单", body=ActForm, gives=whole),
        Route("POST", request, api.ask, ask, "提出申请", body=AskForm, gives=whole),
        Route("POST", f"{request}/{{id}}", api.decide, decide, "审批申请", body=DecideForm, gives=whole),
        Route(
            "POST",
            unmask,
            api.unmask,
            May.UNMASK_TICKET,
            "查看诉求人",
            body=PurposeForm,
            gives=IdentityView,
            unkept=True,
        ),
        Route("POST", f"{one}/suggest", api.suggest, read, "试算派单", body=SuggestForm, gives=DecisionView),
    ]
