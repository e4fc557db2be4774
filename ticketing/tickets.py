"""The door to changing tickets: open, act, ask and decide, urge, add, show who it is."""

from dataclasses import replace

from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.ids import new_code
from kernel.messages import Attachment
from kernel.people import Principal
from kernel.privacy import mask_text
from kernel.room import Floor
from ticketing.access import may_know
from ticketing.changing import Changing, Course, Numbering
from ticketing.deciding import Deciding
from ticketing.links import Links
from ticketing.model import (
    Action,
    Actor,
    DispatchDecision,
    Draft,
    Form,
    RequestKind,
    RequestMove,
    SideAction,
    State,
    Ticket,
)
from ticketing.opening import Opening
from ticketing.rules.doers import doer
from ticketing.rules.requests import RULES
from ticketing.rules.side_actions import SIDE_TABLE
from ticketing.rules.transitions import TABLE
from ticketing.store.numbers import next_number
from ticketing.store.tickets import Words

CITIZENS_WORDS = frozenset({Action.SUPPLY_INFO, SideAction.ADD_EVIDENCE})
CITIZENS_VOICE = frozenset({Actor.CITIZEN, Actor.BOT})
GOES_ON = frozenset({Action.SUPPLY_INFO, Action.TRIAGE})
ASKERS = frozenset({Actor.UNIT, Actor.UNIT_LEADER})
DISPATCHING = frozenset({Action.DISPATCH, Action.REASSIGN})


class Tickets:
    """Changes tickets. Every method takes the transaction it writes in and raises kernel.errors."""

    def __init__(
        self, floor: Floor, opening: Opening, changing: Changing, deciding: Deciding, links: Links, prefix: "Prefix"
    ) -> None:
        self._clock = floor.clock
        self._opening = opening
        self._changing = changing
        self._deciding = deciding
        self._links = links
        self._prefix = prefix

    # -- opening ----------------------------------------------------------------------------------------

    async def open(self, tx: Tx, draft: Draft, by: Principal) -> Ticket:
        """A ticket of a citizen's words: repeats, matter and place, urgency, then triage and — when the catalogue
        leaves no doubt — the unit; clocks, facts and messages with it.

        Invalid names the missing fields (text, place, contact) or ``kind`` for a suggestion.
        """
        opened = await self._opening.prepare(tx, draft, by)
        course = Course(opened.ticket, decision=opened.reading.decision)
        number = await next_number(tx, self._prefix.value(), self._prefix.today(self._clock.now()))
        given = Numbering(number, new_code())
        await self._changing.take(tx, course, Action.SUBMIT, Form(), opened.doer, given)
        await self._changing.forward(tx, course)
        # In a conversation whoever opened it says number and unit in the same breath.
        ticket = await self._changing.add(tx, course, opened.words, opened.phone, quiet=bool(draft.conversation))
        await self._opening.keep_repeats(tx, ticket, opened.repeats)
        return ticket

    async def preview(self, draft: Draft) -> DispatchDecision:
        """Where a draft would go, with the reasons; writes nothing. Invalid for an unknown matter or area."""
        return self._deciding.read(draft).decision

    # -- acting -----------------------------------------------------------------------------------------

    async def act(
        self, tx: Tx, number: str, action: Action | SideAction, form: Form, by: Principal, *, version: int | None = None
    ) -> Ticket:
        """One action of the tables on a ticket.

        NotFound when it is none of ``by``'s business; Conflict (``current``) when it has changed since ``version`` or
        its state does not know the action; NotAllowed for another's part; Invalid with the fields of the form.
        """
        course = await self._loaded(tx, number, by, version)
        actor = doer(by, _admitted(action))
        form, words = self._private(action, form, actor.actor)
        form = self._with_basis(course, action, form)
        await self._changing.take(tx, course, action, form, actor)
        if action in GOES_ON and course.ticket.state in {State.RECEIVED, State.TRIAGE}:
            await self._changing.forward(tx, course)
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
        await self._changing.take(tx, course, RequestMove.ASK, replace(form, request_kind=kind), doer(by, ASKERS))
        return await self._changing.save(tx, course)

    async def decide(self, tx: Tx, number: str, request_id: str, granted: bool, form: Form, by: Principal) -> Ticket:
        """Grant or refuse a request; a granted return goes to the next unit in the same step, a granted suspension or
        shelving takes effect when a supervisor grants it."""
        course = await self._loaded(tx, number, by, None)
        request = next((each for each in course.ticket.requests if each.id == request_id), None)
        deciders = RULES[request.kind].decided_by if request else ASKERS
        if request and request.state.value == "disputed":
            deciders = frozenset({Actor.SUPERVISOR})
        actor = doer(by, [a for a in Actor if a in deciders])
        move = RequestMove.GRANT if granted else RequestMove.REFUSE
        await self._changing.take(tx, course, move, replace(form, request=request_id), actor)
        if granted and request is not None:
            await self._follow_grant(tx, course, request.kind, form, actor)
        return await self._changing.save(tx, course)

