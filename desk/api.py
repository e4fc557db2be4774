"""The desk's routes: the queue, a conversation, what may help, the ticket that comes of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.model import KNOWN_CONTACT, NO_CONTACT
from desk.alike import Alike
from desk.assist import Assist, Assistance, TicketForm, dialogue_of
from desk.conversations import Conversations
from desk.distribution import Distribution
from desk.identities import Identities
from desk.model import Conversation, Presence, Reason, Turn
from desk.proposing import ArticleForm, Proposing
from desk.rules.showing import shown, shown_beside
from desk.rules.windows import note, reply_until
from desk.store import ConversationStore, presence_of
from desk.views import (
    AlikeLine,
    ArticleHit,
    AssistView,
    CallerView,
    CandidateView,
    ConversationRow,
    ConversationView,
    DecisionView,
    DraftView,
    OpenedTicket,
    Option,
    Page,
    PresenceView,
    ProposedView,
    TicketBrief,
    Window,
    message_view,
)
from directory.lookup import Lookup
from directory.model import Contact, SamePerson
from kernel.database import Tx
from kernel.labels import Labelled
from kernel.mailbox import Entry, OutState
from kernel.messages import Attachment
from kernel.people import May
from kernel.privacy import mask_name, mask_phone, mask_text
from kernel.room import Call, Floor, Route
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import State, Urgency
from ticketing.model.privacy import NAMED_PURPOSES, Purpose
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.tickets import Tickets

LIST_LIMIT = 100
DELIVERY_LABELS: Mapping[str, str] = {state.value: state.label for state in OutState}


class Channel(Labelled):
    """The channels' names on the screens."""

    WEB = "web", "网页"
    WECHAT = "wechat", "微信"
    WEIBO = "weibo", "微博"
    SMS = "sms", "短信"
    KIOSK = "kiosk", "市民之窗"
    PHONE = "phone", "电话"


class ListView(Labelled):
    """Which conversations a list shows."""

    WAITING = "waiting", "等待人工"
    MINE = "mine", "我的会话"
    BOT = "bot", "智能客服中"
    CLOSED = "closed", "已结束"


@dataclass(frozen=True, slots=True)
class ListQuery:
    """A list of conversations; ``cursor`` is what the page before gave as ``next``."""

    view: ListView = ListView.WAITING
    cursor: str = ""


@dataclass(frozen=True, slots=True)
class AssistQuery:
    """What the agent types at the moment."""

    typing: str = ""


@dataclass(frozen=True, slots=True)
class SayForm:
    """A message of an agent; ``id`` is a UUID the screen made, kept when it sends again."""

    id: str
    text: str = ""
    attachments: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class PurposeForm:
    """What somebody needs to know for who a citizen is; not asked for in one's own live talk."""

    purpose: str = ""
    reason: Purpose = Purpose.OTHER


@dataclass(frozen=True, slots=True)
class SameForm:
    """Whether another citizen is the same person: yes, no, or null to take back what was said."""

    verdict: SamePerson | None = None


@dataclass(frozen=True, slots=True)
class TransferForm:
    """To whom a conversation goes; None puts it back into the queue."""

    agent_id: str | None = None


@dataclass(frozen=True, slots=True)
class PresenceForm:
    """What an agent says of themselves."""

    state: Presence


class DeskApi:
    """Reads, asks the use cases, shows."""

    def __init__(
        self,
        floor: Floor,
        store: ConversationStore,
        conversations: Conversations,
        distribution: Distribution,
        assist: Assist,
        lookup: Lookup,
        tickets: Tickets,
        queries: Queries,
        identities: Identities,
        alike: Alike,
        proposing: Proposing,
    ) -> None:
        self._proposing = proposing
        self._alike = alike
        self._database = floor.database
        self._clock = floor.clock
        self._attachments = floor.attachments
        self._store = store
        self._conversations = conversations
        self._distribution = distribution
        self._assist = assist
        self._lookup = lookup
        self._tickets = tickets
        self._queries = queries
        self._identities = identities
        self._unmask_seconds = floor.settings.security.unmask_minutes * 60

    async def browse(self, call: Call) -> Page:
        asked = call.asked(ListQuery)
        async with self._database.reading() as tx:
            if asked.view is ListView.WAITING:
                return Page(await self._rows(tx, await self._store.waiting(tx, LIST_LIMIT)))
            if asked.view is ListView.MINE:
                return Page(await self._rows(tx, await self._store.held_by(tx, call.principal.id)))
            turn = Turn.BOT if asked.view is ListView.BOT else Turn.CLOSED
            after = await self._store.by_id(tx, asked.cursor) if asked.cursor else None
            found = await self._store.latest(tx, turn, LIST_LIMIT, after)
            return Page(await self._rows(tx, found), found[-1].id if len(found) == LIST_LIMIT else None)

    async def counts(self, call: Call) -> dict[str, int]:
        async with self._database.reading() as tx:
            return await self._store.counts(tx, call.principal.id)

    async def show(self, call: Call) -> ConversationView:
        async with self._database.reading() as tx:
            conversation = await self._store.by_id(tx, call.path["id"])
            view = await self._view(tx, conversation)
            is_news = await self._identities.is_news(tx, conversation, call.principal)
        if is_news:
            async with self._database.transaction() as tx:
                await self._identities.opened(tx, conversation, call.principal)
        return view

    async def unmask(self, call: Call) -> CallerView:
        form, one = call.form(PurposeForm), call.path["id"]
        async with self._database.transaction() as tx:
            caller = await self._identities.show(tx, one, call.principal, form.reason, form.purpose)
        return CallerView(caller.name, caller.phone, caller.address, self._unmask_seconds)

    async def judge(self, call: Call) -> ConversationView:
        verdict = call.form(SameForm).verdict
        async with self._database.transaction() as tx:
            await self._alike.judge(tx, call.path["id"], call.path["citizen"], verdict, call.principal)
        return await self.show(call)

    async def claim(self, call: Call) -> ConversationView:
        async with self._database.transaction() as tx:
            await self._conversations.claim(tx, call.path["id"], call.principal)
        return await self.show(call)

    async def say(self, call: Call) -> ConversationView:
        form = call.form(SayForm)
        async with self._database.transaction() as tx:
            await self._conversations.say(
                tx, call.path["id"], form.id, form.text, tuple(form.attachments), call.principal
            )
        return await self.show(call)

    async def seen(self, call: Call) -> dict[str, bool]:
        async with self._database.transaction() as tx:
            await self._conversations.read(tx, call.path["id"], call.principal)
        return {"seen": True}

    async def release(self, call: Call) -> ConversationView:
        async with self._database.transaction() as tx:
            await self._conversations.release(tx, call.path["id"], call.principal)
        return await self.show(call)

    async def close(self, call: Call) -> ConversationView:
        async with self._database.transaction() as tx:
            await self._conversations.close(tx, call.path["id"], call.principal)
        return await self.show(call)

    async def transfer(self, call: Call) -> ConversationView:
        to = call.form(TransferForm).agent_id or ""
        async with self._database.transaction() as tx:
            await self._conversations.transfer(tx, call.path["id"], to, call.principal)
        return await self.show(call)

    async def assist(self, call: Call) -> AssistView:
        async with self._database.reading() as tx:
            conversation = await self._store.by_id(tx, call.path["id"])
        return self._assist_view(await self._assist.offer(conversation, call.asked(AssistQuery).typing.strip()))

    async def open_ticket(self, call: Call) -> OpenedTicket:
        async with self._database.reading() as tx:
            conversation = await self._store.by_id(tx, call.path["id"])
        ticket = await self._assist.open_ticket(conversation, call.form(TicketForm), call.principal)
        async with self._database.reading() as tx:
            decision = await self._queries.decision(tx, ticket.number)
        return OpenedTicket(
            ticket.number,
            ticket.query_code,
            self._tickets.link_for(ticket.number),
            ticket.state,
            State(ticket.state).label,
            self._lookup.unit(ticket.lead.unit).name if ticket.lead else "",
            self._decision_view(decision) if decision else None,
        )

    async def propose(self, call: Call) -> ProposedView:
        async with self._database.reading() as tx:
            conversation = await self._store.by_id(tx, call.path["id"])
        made = await self._proposing.propose(conversation, call.form(ArticleForm), call.principal)
        owner = self._lookup.unit(made.owner).name if made.owner else ""
        return ProposedView(made.id, made.version, made.title, made.state, made.state.label, owner)

    async def presence(self, call: Call) -> PresenceView:
        async with self._database.reading() as tx:
            state = await presence_of(tx, call.principal.id)
        return PresenceView(state, state.label)

    async def set_presence(self, call: Call) -> PresenceView:
        state = call.form(PresenceForm).state
        async with self._database.transaction() as tx:
            await self._distribution.report(tx, call.principal, state)
        return PresenceView(state, state.label)

    async def _rows(self, tx: Tx, found: Sequence[Conversation]) -> list[ConversationRow]:
        names = await self._lookup.staff_names(tx, {c.agent_id for c in found if c.agent_id})
        contacts = await self._lookup.contacts(tx, {c.citizen_id for c in found})
        return [_row(c, contacts.get(c.citizen_id, Contact()), names) for c in found]

    async def _view(self, tx: Tx, c: Conversation) -> ConversationView:
        thread = await self._conversations.thread(tx, c)
        contact = await self._lookup.contact(tx, c.citizen_id)
        urls = {a.id: self._attachments.url(a) for entry in thread for a in _attachments(entry)}
        tickets = await self._queries.of_citizens(tx, await self._alike.everybody(tx, c.citizen_id))
        slots = dialogue_of(c).slots
        phone = "" if slots.contact == NO_CONTACT else slots.contact.removeprefix(KNOWN_CONTACT) or contact.phone
        spoken = [entry.inbound.received_at for entry in thread if entry.inbound is not None]
        until = reply_until(c.address.channel, max(spoken, default=None))
        return ConversationView(
            conversation=(await self._rows(tx, [c]))[0],
            messages=[message_view(entry, urls, DELIVERY_LABELS) for entry in thread],
            slots={
                "what": shown(slots.what),
                "where": shown(slots.where),
                "when": shown(slots.when),
                "contact": mask_phone(phone) if phone else "",
            },
            tickets=[self._brief(ticket) for ticket in tickets],
            window=Window(until, note(until, self._clock.now())),
            purposes=[Option(each.value, each.label) for each in NAMED_PURPOSES],
            alike=await self._alike.of(tx, c.citizen_id),
        )

    def _brief(self, ticket: Ticket) -> TicketBrief:
        unit = self._lookup.unit(ticket.lead.unit).name if ticket.lead else ""
        return TicketBrief(
            ticket.number, self._queries.title(ticket), ticket.state, State(ticket.state).label, unit, ticket.received
        )

    def _assist_view(self, offered: Assistance) -> AssistView:
        draft, alike = offered.draft, offered.alike
        return AssistView(
            articles=[
                ArticleHit(
                    hit.article.id,
                    hit.article.title,
                    hit.article.short,
                    round(hit.score, 3),
                    hit.article.owner,
                    self._lookup.unit(hit.article.owner).name,
                    str(hit.article.verified_on or ""),
                    hit.why,
                )
                for hit in offered.hits
            ],
            draft=DraftView(
                kind=draft.kind,
                title=shown_beside(draft.title, draft.text),
                text=shown(draft.text),
                where_text=shown(draft.place),
                area=draft.area,
                area_name=self._lookup.area(draft.area).name if draft.area else "",
                when_text=shown(draft.happened),
                name_masked=offered.name_masked,
                phone_masked=offered.phone_masked,
                matter=offered.matter,
                matter_name=self._queries.matter_name(offered.matter),
                urgency=Urgency(draft.urgency),
            ),
            decision=self._decision_view(offered.decision),
            alike=AlikeLine(alike.number, alike.persons, alike.or_more, alike.what, alike.where) if alike else None,
        )

    def _decision_view(self, decision: DispatchDecision) -> DecisionView:
        candidates = [
            CandidateView(c.unit, self._lookup.unit(c.unit).name, round(c.confidence, 2), c.basis)
            for c in decision.candidates
        ]
        return DecisionView(decision.explanation, candidates, decision.automatic)


def _row(c: Conversation, contact: Contact, names: Mapping[str, str]) -> ConversationRow:
    return ConversationRow(
        id=c.id,
        channel=c.address.channel,
        channel_label=channel_label(c.address.channel),
        citizen_name=mask_name(contact.name) if contact.name else f"市民 {c.id[-4:].upper()}",
        state=c.turn,
        state_label=c.turn.label,
        waiting_since=c.waiting_since,
        first_reply_due=c.first_reply_due,
        last_text=mask_text(c.last_text),
        last_at=c.last_at,
        unread=c.unread,
        agent_id=c.agent_id,
        agent_name=names.get(c.agent_id, ""),
        reason=c.reason,
        reason_label=Reason(c.reason).label if c.reason else "",
        tickets=c.tickets,
    )


def channel_label(channel: str) -> str:
    """What a channel is called; one nobody has named here is called as it is written."""
    return Channel(channel).label if channel in set(Channel) else channel


def _attachments(entry: Entry) -> Sequence[Attachment]:
    if entry.inbound is not None:
        return entry.inbound.attachments
    return entry.outbound.attachments if entry.outbound is not None else ()


def routes(api: DeskApi) -> list[Route]:
    """The desk's part of the API."""
    one = "/api/v1/desk/conversations/{id}"
    may = May.WORK_DESK
    return [
        Route("GET", "/api/v1/desk/conversations", api.browse, may, "会话列表", query=ListQuery, gives=Page),
        Route("GET", "/api/v1/desk/counts", api.counts, may, "会话数量", gives=dict[str, int]),
        Route("GET", one, api.show, may, "会话详情", gives=ConversationView),
        Route(
            "POST",
            f"{one}/unmask",
            api.unmask,
            May.UNMASK_TALK,
            "查看会话市民身份",
            body=PurposeForm,
            gives=CallerView,
            unkept=True,
        ),
        Route(
            "PUT", f"{one}/alike/{{citizen}}", api.judge, may, "判断是否同一人", body=SameForm, gives=ConversationView
        ),
        Route("POST", f"{one}/claim", api.claim, may, "接入会话", gives=ConversationView),
        Route("POST", f"{one}/messages", api.say, may, "坐席发言", body=SayForm, gives=ConversationView),
        Route("POST", f"{one}/seen", api.seen, may, "已读", gives=dict[str, bool]),
        Route("POST", f"{one}/release", api.release, may, "交还智能客服", gives=ConversationView),
        Route("POST", f"{one}/close", api.close, may, "结束会话", gives=ConversationView),
        Route("POST", f"{one}/transfer", api.transfer, may, "转接", body=TransferForm, gives=ConversationView),
        Route("GET", f"{one}/assist", api.assist, may, "坐席辅助", query=AssistQuery, gives=AssistView),
        Route(
            "POST",
            f"{one}/tickets",
            api.open_ticket,
            may,
            "由会话建单",
            body=TicketForm,
            gives=OpenedTicket,
            status=201,
        ),
        Route(
            "POST", f"{one}/article", api.propose, may, "答复存为知识", body=ArticleForm, gives=ProposedView, status=201
        ),
        Route("GET", "/api/v1/desk/presence", api.presence, may, "坐席状态", gives=PresenceView),
        Route(
            "PUT", "/api/v1/desk/presence", api.set_presence, may, "设置坐席状态", body=PresenceForm, gives=PresenceView
        ),
    ]
