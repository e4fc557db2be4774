"""Officers call citizens over a number of ours: asked for here, rung by the channels, noted on the ticket."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from directory.lookup import Lookup
from kernel.calls import CallHeard, CallResult, CallState, RelayedCall
from kernel.database import Tx
from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound
from kernel.people import Kind, Principal
from kernel.relay import Relay
from kernel.room import Floor
from ticketing.access import may_know
from ticketing.callbacks import NOT_THE_CITIZEN, subject_of
from ticketing.deciding import Deciding
from ticketing.events import CallJudged, CitizenCalled
from ticketing.guarding import Guarding
from ticketing.model.acting import Form
from ticketing.model.labels import Actor, SideAction
from ticketing.model.ticket import Ticket
from ticketing.rules.doers import actors_of
from ticketing.standing_in import StandingIn
from ticketing.store import reaching as reaches
from ticketing.store.tickets import TicketStore
from ticketing.tickets import Tickets

log = structlog.get_logger()


class Calling:
    """Neither side sees the other's number, and none of it leaves the tray."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        store: TicketStore,
        tickets: Tickets,
        deciding: Deciding,
        guarding: Guarding,
        standing: StandingIn,
    ) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._vault = floor.vault
        self._relay = Relay(floor.vault, floor.clock, floor.bell)
        self._corrected_within = timedelta(minutes=floor.settings.tickets.call_correction_minutes)
        self._is_set_up = any(section.get("relay_number") for section in floor.settings.channels.values())
        self._lookup = lookup
        self._store = store
        self._tickets = tickets
        self._deciding = deciding
        self._guarding = guarding
        self._standing = standing

    async def hindrance(self, tx: Tx, ticket: Ticket, by: Principal) -> str:
        """Why ``by`` cannot call the citizen of a ticket now, a code; empty when they can."""
        if not self._is_set_up:
            return "relay_not_set_up"
        acting = await self._standing.acting(tx, by)
        if not self._guarding.may_unmask(ticket, acting.whole, self._deciding.matter_of(ticket)):
            return "not_competent"
        if await self._guarding.is_frozen(tx, ticket):
            return "identity_frozen"
        return "" if self._store.reach(ticket).phone else "no_phone_of_citizen"

    async def calls(self, tx: Tx, ticket: Ticket) -> Sequence[RelayedCall]:
        """The calls about a ticket, the newest first."""
        return await self._relay.about(tx, subject_of(ticket))

    def correctable_until(self, call: RelayedCall) -> datetime | None:
        """Until when whoever called may put right who picked up; None before it was said, and once it is too late."""
        until = call.judged_at + self._corrected_within if call.judged_at and call.heard else None
        return until if until is not None and self._clock.now() <= until else None

    async def phone_of(self, tx: Tx, by: Principal) -> str:
        """Where an officer is rung: what they said, else where short messages go."""
        reach = (await reaches.of(tx, self._vault, [by.id])).get(by.id)
        return reach.own_phone if reach is not None else ""

    async def ask(self, tx: Tx, number: str, by: Principal) -> RelayedCall:
        """Have the officer rung and put through to the citizen. Conflict says what hinders it, or that a call about the
        ticket is going on; Invalid when nobody knows where to ring the officer."""
        ticket = await self._store.by_number(tx, number)
        may_know(by, ticket, self._lookup.stands_for(by.unit))
        if hindrance := await self.hindrance(tx, ticket, by):
            raise NotAllowed(hindrance) if hindrance == "not_competent" else Conflict(hindrance)
        if any(call.state is not CallState.ENDED for call in await self.calls(tx, ticket)):
            raise Conflict("call_going_on")
        phone = await self.phone_of(tx, by)
        if not phone:
            raise Invalid({"phone": "required"})
        return await self._relay.ask(tx, subject_of(ticket), by.id, phone, self._store.reach(ticket).phone)

    async def note(self) -> bool:
        """Keep one call that ended as a fact; whether it reached the citizen is the officer's to say. Gives whether
        there may be more."""
        async with self._database.reading() as tx:
            ended = await self._relay.ended(tx)
        for call in ended:
            async with self._database.transaction() as tx:
                if await self._relay.note(tx, call.id):
                    await self._note(tx, call)
        return bool(ended)

    async def _note(self, tx: Tx, call: RelayedCall) -> None:
        try:
            ticket = await self._store.by_number(tx, call.subject.removeprefix("ticket:"))
            staff = await self._lookup.staff(tx, call.asked_by)
        except NotFound:
            return
        by = Principal(Kind.STAFF, staff.id, staff.name, staff.roles, staff.unit)
        actor, units = next(iter(actors_of(by)), Actor.UNIT), (staff.unit,) if staff.unit else ()
        result = call.result or CallResult.UNCLEAR
        now = call.ended_at or self._clock.now()
        fact = CitizenCalled(ticket.number, now, actor, by.id, units, staff.unit, result, call.seconds)
        await self._journal.state(tx, fact)

    async def hear(self, tx: Tx, number: str, call_id: str, heard: CallHeard, by: Principal) -> None:
        """The officer says who picked up, or puts it right for a while; the first time it was the citizen is the first
        contact. NotFound for the call of a colleague or of another ticket, Conflict for one that was not answered, of
        which it was said long ago, or that a call-back rests on."""
        ticket = await self._store.by_number(tx, number)
        may_know(by, ticket, self._lookup.stands_for(by.unit))
        call = await self._relay.one(tx, call_id)
        if call.subject != subject_of(ticket) or call.asked_by != by.id:
            raise NotFound("call")
        before = await self._judged(tx, ticket, call_id, heard)
        actor, units = next(iter(actors_of(by)), Actor.UNIT), (by.unit,) if by.unit else ()
        fact = CallJudged(number, self._clock.now(), actor, by.id, units, by.unit, heard, before)
        await self._journal.state(tx, fact)
        if before is CallHeard.REACHED and ticket.first_contact == call.answered_at:
            await self._follow(tx, number, SideAction.TAKE_BACK_CONTACT, call, by)
        if heard is CallHeard.REACHED and ticket.first_contact is None:
            await self._follow(tx, number, SideAction.LOG_CONTACT, call, by)

    async def _judged(self, tx: Tx, ticket: Ticket, call: str, heard: CallHeard) -> CallHeard | None:
        """Keep who picked up; gives what was said before, where that is put right."""
        if await self._relay.hear(tx, call, heard):
            return None
        if heard in NOT_THE_CITIZEN and any(attempt.call == call for attempt in ticket.attempts):
            raise Conflict("call_back_rests_on_it")
        before = await self._relay.correct(tx, call, heard, self._corrected_within)
        if before is None:
            raise Conflict("call_not_to_be_judged")
        return before

    async def _follow(self, tx: Tx, number: str, action: SideAction, call: RelayedCall, by: Principal) -> None:
        try:
            form = Form(contacted_at=call.answered_at, relayed_call=call.id)
            await self._tickets.act(tx, number, action, form, by)
        except HotlineError as error:
            # The ticket is past the first contact, or another's by now; the call stands on it all the same.
            log.info("call.contact_stays", ticket=number, action=action.value, reason=error.code)
