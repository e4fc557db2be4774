"""The door to changing tickets: open, act, ask and decide, urge, add, show who it is."""

from dataclasses import dataclass, replace
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.messages import Attachment
from kernel.people import Principal, Role
from kernel.privacy import mask_text
from kernel.relay import Relay
from kernel.room import Floor
from ticketing.access import is_unit_staff, may_know
from ticketing.approving import DONE_FROM_ABOVE, Approving
from ticketing.callbacks import Proving, close_if_done
from ticketing.changing import Changing, Course
from ticketing.deciding import Deciding
from ticketing.guarding import Guarding
from ticketing.joining import Joining
from ticketing.links import Links
from ticketing.model.acting import Doer, Form
from ticketing.model.duties import DispatchDecision, Matter
from ticketing.model.labels import (
    Action,
    Actor,
    RequestKind,
    RequestMove,
    RequestState,
    ReturnReason,
    SideAction,
    State,
)
from ticketing.model.privacy import Purpose
from ticketing.model.ticket import Alike, Draft, Request, Ticket
from ticketing.opening import Opening
from ticketing.reaching import Reaching
from ticketing.replying import Replying
from ticketing.rules.deadlines import due_after
from ticketing.rules.doers import doer
from ticketing.rules.fields import NAMES_MATTER
from ticketing.rules.following import units_at_work
from ticketing.rules.moving import REQUESTS_LIVE_IN
from ticketing.rules.purposes import check_said, shown_for
from ticketing.rules.reaching import Ping
from ticketing.rules.requests import RULES, decided_by
from ticketing.rules.side_actions import SIDE_TABLE
from ticketing.rules.telling import CITIZENS_WORDS, SECRET
from ticketing.rules.transitions import TABLE
from ticketing.sensitive import WordKeeper
from ticketing.standing_in import StandingIn
from ticketing.store.tickets import TicketStore, Words

CITIZENS_VOICE = frozenset({Actor.CITIZEN, Actor.BOT})
GOES_ON = frozenset({Action.SUPPLY_INFO, Action.TRIAGE})
ENDS_CALLBACK = frozenset({SideAction.LOG_CALL, SideAction.CHANGE_RATING})
CONTACTING = frozenset({Action.START, SideAction.LOG_CONTACT})
SUPERVISING = frozenset({Role.SUPERVISOR, Role.JOINT_OFFICE})
ASKERS = frozenset({Actor.UNIT, Actor.UNIT_LEADER})
DISPATCHING = frozenset({Action.DISPATCH, Action.REASSIGN, Action.REHANDLE})
GIVES_WORK = DISPATCHING | {SideAction.ADD_SUPPORTING, SideAction.SUB_DISPATCH}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the citizen is, unmasked."""

    name: str
    phone: str
    address: str
    text: str


# Channels people write letters on: nobody waits before a screen.
MAILBOXES = frozenset({"email"})


class Tickets:
    """Changes tickets. Every method takes the transaction it writes in and raises kernel.errors."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        store: TicketStore,
        opening: Opening,
        changing: Changing,
        deciding: Deciding,
        links: Links,
        guarding: Guarding,
        standing: StandingIn,
        words: WordKeeper,
        joining: Joining,
        reaching: Reaching,
        replying: Replying,
        approving: Approving,
    ) -> None:
        self._approving = approving
        self._replying = replying
        self._reaching = reaching
        self._joining = joining
        self._words = words
        self._lookup = lookup
        self._clock = floor.clock
        self._proving = Proving(lookup, Relay(floor.vault, floor.clock, floor.bell), floor.clock, floor.journal)
        self._store = store
        self._opening = opening
        self._changing = changing
        self._deciding = deciding
        self._links = links
        self._guarding = guarding
        self._standing = standing

    # -- opening ----------------------------------------------------------------------------------------

    async def open(self, tx: Tx, draft: Draft, by: Principal) -> Ticket:
        """A ticket of a citizen's words: repeats, matter and place, urgency, then triage and — when the catalogue
        leaves no doubt — the unit; clocks, facts and messages with it. Where whoever tells it wants to follow another
        (``same_as``) and still can, it is merged into that one instead.

        Invalid names the missing fields (text, place, contact) or ``kind`` for a suggestion.
        """
        opened = await self._opening.prepare(tx, draft, by)
        course = Course(opened.ticket, decision=opened.reading.decision, unreached=draft.followed_elsewhere)
        await self._changing.take(tx, course, Action.SUBMIT, Form(), opened.doer, opened.numbering)
        await self._changing.look(tx, course, f"{mask_text(draft.title)}\n{opened.ticket.text}".strip())
        joined = bool(draft.same_as) and await self._joining.join(tx, course, opened, draft.same_as)
        if not joined:
            await self._changing.recognise(tx, course, opened.crowd)
            await self._changing.forward(tx, course)
        # In a conversation whoever opened it says number and unit in the same breath.
        ticket = await self._changing.add(tx, course, opened.words, opened.phone, quiet=bool(draft.conversation))
        await self._opening.keep_repeats(tx, ticket, opened.repeats)
        if not joined:
            await self._joining.raise_first(tx, opened)
        return ticket

    async def alike(self, tx: Tx, draft: Draft) -> Alike | None:
        """The open ticket whoever tells of ``draft`` may follow instead, if there is one; writes nothing. Invalid as
        ``preview``."""
        return await self._joining.offer(tx, draft)

    async def preview(self, draft: Draft) -> DispatchDecision:
        """Where a draft would go, with the reasons; writes nothing. Invalid for an unknown matter or area."""
        return self._deciding.read(draft).decision

    def matter_in(self, text: str) -> tuple[Matter, float] | None:
        """The matter a text is likeliest about, and how surely (0 to 1); None when it is about none."""
        return self._deciding.matter_in(text)

    def wants_a_person(self, text: str) -> bool:
        """Whether somebody should speak with whoever writes this, for a sensitive word it holds."""
        return self._words.wants_a_person(text)

    # -- acting -----------------------------------------------------------------------------------------

    async def act(
        self, tx: Tx, number: str, action: Action | SideAction, form: Form, by: Principal, *, version: int | None = None
    ) -> Ticket:
        """One action of the tables on a ticket.

        NotFound when it is none of ``by``'s business; Conflict (``current``) when it has changed since ``version`` or
        its state does not know the action; NotAllowed for another's part; Invalid with the fields of the form.
        """
        course, actor = await self._entered(tx, number, action, by, version)
        self._deciding.check_units(form)
        self._refuse_wrong_hands(course.ticket, action, form, actor)
        form = await self._named_supervisor(tx, form)
        form, words = self._private(action, form, actor.actor)
        form = self._with_basis(course, action, form)
        if action is SideAction.LOG_CALL:
            form = await self._proving.proven(tx, course.ticket, form, by)
        if action in CONTACTING:
            form = await self._proving.contacted(tx, course.ticket, form, by)
        elif action is Action.WITHDRAW:
            form = await self._proving.wished(tx, course.ticket, form, by)
        if action is Action.RELEASE:
            form = await self._replying.cleared(tx, course.ticket, form)
        matter = course.ticket.matter
        await self._changing.take(tx, course, action, form, actor)
        if action in NAMES_MATTER and course.ticket.matter != matter:
            # One that stays may have been judged less urgent by a person.
            await self._changing.rise_to_matter(tx, course)
        if action in CITIZENS_WORDS:
            await self._changing.look(tx, course, form.text)
        if action in GOES_ON and course.ticket.state in {State.RECEIVED, State.TRIAGE}:
            await self._changing.forward(tx, course)
        if action in ENDS_CALLBACK:
            await close_if_done(tx, self._changing, course)
        return await self._changing.save(tx, course, words)

    async def urge(self, tx: Tx, number: str, by: Principal) -> Ticket:
        """The citizen (or somebody for them) asks to hurry."""
        return await self.act(tx, number, SideAction.URGE, Form(), by)

    async def add_attachment(self, tx: Tx, number: str, attachments: tuple[Attachment, ...], by: Principal) -> Ticket:
        """Pictures and files that came later."""
        return await self.act(tx, number, SideAction.ADD_EVIDENCE, Form(evidence=attachments), by)

    async def add_note(self, tx: Tx, number: str, text: str, by: Principal) -> Ticket:
        """Words of the citizen that came later."""
        return await self.act(tx, number, SideAction.ADD_EVIDENCE, Form(text=text), by)

    # -- requests ---------------------------------------------------------------------------------------

    async def ask(
        self, tx: Tx, number: str, kind: RequestKind, form: Form, by: Principal, *, version: int | None = None
    ) -> Ticket:
        """The lead unit asks for something; the work goes on meanwhile."""
        course = await self._loaded(tx, number, by, version)
        self._deciding.check_units(form)
        asker = (await self._standing.acting(tx, by)).doer(ASKERS)
        await self._changing.take(tx, course, RequestMove.ASK, replace(form, request_kind=kind), asker)
        return await self._changing.save(tx, course)

    def first_reply_due(self, channel: str) -> datetime:
        """Until when somebody who waits for a person, from now on, is answered; letters have their own limit."""
        limits = self._changing.limits
        limit = limits.mailbox_first_reply if channel in MAILBOXES else limits.first_reply
        return due_after(self._lookup.calendar(), limit, self._clock.now())

    async def decide(self, tx: Tx, number: str, request_id: str, granted: bool, form: Form, by: Principal) -> Ticket:
        """Grant or refuse a request. A granted return goes to the next unit in the same step; a suspension or shelving
        a supervisor grants takes effect at once. Conflict for one that is disputed: it is ruled on."""
        course, request = await self._request(tx, number, request_id, by)
        if request.state is RequestState.DISPUTED:
            raise Conflict("only_a_ruling_decides", current=request.state.value)
        actor = doer(by, RULES[request.kind].decided_by)
        return await self._decide(tx, course, request, granted, form, actor)

    async def rule(self, tx: Tx, number: str, request_id: str, moves: bool, form: Form, by: Principal) -> Ticket:
        """Rule on a disputed return: it ``moves`` to ``form.unit``, or its unit goes on. Conflict where no dispute
        waits, Invalid without reason or clause."""
        course, request = await self._request(tx, number, request_id, by)
        if request.state is not RequestState.DISPUTED:
            raise Conflict("not_disputed", current=request.state.value)
        return await self._decide(tx, course, request, moves, form, doer(by, decided_by(request)))

    async def _request(self, tx: Tx, number: str, request_id: str, by: Principal) -> tuple[Course, Request]:
        course = await self._loaded(tx, number, by, None)
        request = next((each for each in course.ticket.requests if each.id == request_id), None)
        if request is None:
            raise NotFound("request", id=request_id)
        return course, request

    async def _decide(self, tx: Tx, course: Course, request: Request, granted: bool, form: Form, actor: Doer) -> Ticket:
        self._deciding.check_units(form)
        form = await self._named_supervisor(tx, form)
        move = RequestMove.GRANT if granted else RequestMove.REFUSE
        await self._changing.take(tx, course, move, replace(form, request=request.id), actor)
        if granted and course.ticket.state in REQUESTS_LIVE_IN:
            await self._follow_grant(tx, course, request, form, actor)
        return await self._changing.save(tx, course)

    async def dispute(self, tx: Tx, number: str, request_id: str, form: Form, by: Principal) -> Ticket:
        """Units disagree about a return: the supervisor or the joint meeting is to rule."""
        course = await self._loaded(tx, number, by, None)
        actor = doer(by, (Actor.DISPATCHER, Actor.SUPERVISOR))
        await self._changing.take(tx, course, RequestMove.DISPUTE, replace(form, request=request_id), actor)
        return await self._changing.save(tx, course)

    async def _follow_grant(self, tx: Tx, course: Course, request: Request, form: Form, actor: Doer) -> None:
        if request.kind is RequestKind.RETURN:
            unit = form.unit or self._deciding.heir(course.ticket, request.suggested_unit)
            why = form.reason or request.reason or request.clause or RequestKind.RETURN.label
            area = form.area
            if not area and request.reason_code == ReturnReason.NOT_OUR_AREA.value:
                area = self._deciding.area_for(course.ticket, unit)
            again = replace(form, unit=unit, area=area, request=request.id, reason=why, basis=form.basis or why)
            self._deciding.refuse_party(course.ticket, again)
            again = self._with_basis(course, Action.REASSIGN, again)
            await self._changing.take(tx, course, Action.REASSIGN, again, actor)
        elif actor.actor is Actor.SUPERVISOR and course.ticket.state is State.IN_PROGRESS:
            why = request.reason or form.reason
            held = replace(form, request=request.id, reason=why, reason_code=request.reason_code)
            if request.kind is RequestKind.SUSPENSION:
                await self._changing.take(tx, course, Action.SUSPEND, held, actor)
            elif request.kind is RequestKind.SHELVING and form.review_at is not None:
                await self._changing.take(tx, course, Action.SHELVE, held, actor)

    # -- who it is --------------------------------------------------------------------------------------

    async def show_identity(
        self, tx: Tx, number: str, purpose: str, by: Principal, reason: Purpose = Purpose.OTHER
    ) -> Identity:
        """Name, phone, exact place and own words of the citizen; that they were looked at, by whom and what for is
        kept as a fact; of a secret ticket only what the purpose needs, the rest is empty. Invalid without a purpose in
        words, or one that is no unit's; NotAllowed, of a secret ticket, for a unit that is not the competent one;
        Conflict while a leak is being looked into."""
        check_said(reason, purpose)
        ticket = await self._store.by_number(tx, number)
        may_know(by, ticket, self._lookup.stands_for(by.unit))
        acting, matter = await self._standing.acting(tx, by), self._deciding.matter_of(ticket)
        if not self._guarding.may_unmask(ticket, acting.whole, matter):
            raise NotAllowed("not_competent")
        looker = by
        if not self._guarding.may_unmask(ticket, by, matter):
            looker = acting.whole
            purpose = f"代{acting.for_whom}：{purpose}"
        opened = shown_for(reason, secret=ticket.secrecy in SECRET, of_unit=is_unit_staff(by))
        reach, words = self._store.reach(ticket), await self._store.words(tx, ticket)
        whole = Identity(reach.name, reach.phone, words.place or ticket.place, words.text)
        shown = Identity(**{name: getattr(whole, name) if name in opened else "" for name in Identity.__slots__})
        fields = tuple(name for name in Identity.__slots__ if getattr(shown, name))
        await self._guarding.unmasked(tx, ticket, looker, reason, purpose, fields)
        return shown

    async def is_talk_news(self, tx: Tx, talk: str, by: Principal, since: datetime) -> bool:
        """Whether it is not kept yet, ``since`` then, that ``by`` has a citizen's talk on the screen."""
        return await self._guarding.is_talk_news(tx, talk, by, since)

    async def talk_opened(self, tx: Tx, talk: str, by: Principal) -> None:
        """Keep that ``by`` has a citizen's talk on the screen."""
        await self._guarding.talk_opened(tx, talk, by)

    async def talk_unmasked(
        self, tx: Tx, talk: str, citizen: str, by: Principal, reason: Purpose | None, purpose: str,
        fields: tuple[str, ...], since: datetime,
    ) -> bool:  # fmt: skip
        """Keep that somebody is shown who the citizen of a talk is. Whoever is in it at the moment (no ``reason``)
        need not say what for and is kept once ``since`` then: gives whether it was kept. Invalid without a purpose,
        Conflict while a leak of theirs is being looked into."""
        if reason is not None:
            check_said(reason, purpose)
        why = reason or Purpose.TALK
        return await self._guarding.talk_unmasked(tx, talk, citizen, by, why, purpose, fields, since)

    def link_for(self, number: str) -> str:
        """The path of the signed tracking page of a ticket."""
        return self._links.link_for(number)

    # -- preparing --------------------------------------------------------------------------------------

    async def remind_unit(self, tx: Tx, unit: str, text: str, short: str, link: str, *, leaders: bool = False) -> int:
        """Write to a unit's officers, or its leaders, of what is no ticket, on the ways they chose; ``short`` is for
        short messages, ``link`` a page behind the log-in. Gives how many were written to."""
        ping = Ping.LEADER if leaders else Ping.WORKERS
        return await self._reaching.remind(tx, [unit], ping, (text, short), link)

    async def _entered(
        self, tx: Tx, number: str, action: Action | SideAction, by: Principal, version: int | None
    ) -> tuple[Course, Doer]:
        """The ticket, and ``by`` in the part they act on it: their own, of whoever they stand in for, or from above."""
        if action in DONE_FROM_ABOVE:
            course = await self._changing.load(tx, number)
            above = await self._approving.from_above(tx, course.ticket, by)
            if above is not None:
                _check_version(course.ticket, version)
                return course, above
        course = await self._loaded(tx, number, by, version)
        return course, (await self._standing.acting(tx, by)).doer(_admitted(action))

    async def _loaded(self, tx: Tx, number: str, by: Principal, version: int | None) -> Course:
        course = await self._changing.load(tx, number)
        before = course.ticket
        if is_unit_staff(by) and by.unit not in units_at_work(before):
            # Theirs already, though it has not followed their unit yet: it does now.
            await self._changing.follow(tx, course)
        may_know(by, course.ticket, self._lookup.stands_for(by.unit))
        _check_version(before, version)
        return course

    def _refuse_wrong_hands(self, ticket: Ticket, action: Action | SideAction, form: Form, actor: Doer) -> None:
        """Nothing is handed to those it is against, nor sideways or upwards as if it were handed down."""
        if action in GIVES_WORK and (form.unit or form.supporting):
            self._deciding.refuse_party(ticket, form)
        if action is SideAction.SUB_DISPATCH and form.unit:
            self._deciding.check_below(actor.unit, form.unit)

    async def _named_supervisor(self, tx: Tx, form: Form) -> Form:
        """The form with the supervisor it names as an account; Invalid when there is none of that name or login."""
        if not form.supervisor:
            return form
        known = await self._lookup.staff_with(tx, SUPERVISING)
        found = [each for each in known if form.supervisor.strip() in {each.id, each.login, each.name}]
        if len(found) != 1:
            raise Invalid({"supervisor": "not_a_supervisor" if not found else "several_of_this_name"})
        return replace(form, supervisor=found[0].id, supervisor_name=found[0].name)

    def unnamed(self, ticket: Ticket, words: str) -> str:
        """What staff wrote about a ticket, without its requester's name and number."""
        return self._changing.unnamed(ticket, words)

    def _private(self, action: Action | SideAction, form: Form, actor: Actor) -> tuple[Form, Words | None]:
        """The form with the citizen's words masked, and the words themselves to be sealed."""
        adds = action in CITIZENS_WORDS
        if not adds and actor not in CITIZENS_VOICE and action is not SideAction.LOG_CALL:
            return form, None
        words = Words(form.text.strip(), form.place.strip()) if adds else None
        text, reason, place = mask_text(form.text), mask_text(form.reason), mask_text(form.place)
        why = mask_text(form.no_call_reason)
        return replace(form, text=text, reason=reason, place=place, no_call_reason=why), words

    def _with_basis(self, course: Course, action: Action | SideAction, form: Form) -> Form:
        """What the catalogue says of the unit somebody picked, and the duty that is the basis."""
        if action is SideAction.SUB_DISPATCH and form.unit and self._deciding.is_enforced(course.ticket):
            return replace(form, decision=self._deciding.with_choice(course.ticket, form.unit, "", None))
        if action not in DISPATCHING or not form.unit:
            return form
        corrected = self._deciding.correction(course.ticket, form.matter) if action in NAMES_MATTER else ""
        ticket = replace(course.ticket, matter=form.matter) if corrected else course.ticket
        decision = self._deciding.with_choice(ticket, form.unit, form.area, course.decision)
        duty = self._deciding.duty_item(ticket, form.unit)
        outside = form.beyond_area and not decision.candidates[0].covers_area if decision.candidates else False
        said = (form.reason, corrected, f"跨辖区承办：{form.beyond_area}" if outside else "")
        return replace(form, decision=decision, duty_item=duty, reason="；".join(part for part in said if part))


def _check_version(ticket: Ticket, version: int | None) -> None:
    if version is not None and version != ticket.version:
        current = {"state": ticket.state.value, "version": ticket.version}
        raise Conflict("ticket_changed", current=current)


def _admitted(action: Action | SideAction) -> list[Actor]:
    if isinstance(action, SideAction):
        return [actor for row in SIDE_TABLE if row.action is action for actor in row.by]
    return [actor for row in TABLE if row.action is action for actor in row.by]
