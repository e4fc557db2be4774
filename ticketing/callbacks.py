"""Call-backs and first contacts: the relayed call behind a talk, and the end of a call-back that is done."""

from dataclasses import replace

from directory.lookup import Lookup
from kernel.calls import CallHeard, CallResult, RelayedCall
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.journal import Journal
from kernel.people import Kind, Principal
from kernel.privacy import mask_text
from kernel.relay import Relay
from ticketing.changing import TIMER, Changing, Course
from ticketing.events import CallJudged
from ticketing.model.acting import Form
from ticketing.model.labels import Action, Actor, ClockKind, State
from ticketing.model.ticket import Ticket
from ticketing.rules.side_actions import PHONE

# Whoever hangs up at once has tried nothing.
TRIED = frozenset(CallResult) - {CallResult.GIVEN_UP, CallResult.FAILED, CallResult.OFFICER_AWAY}
NOT_THE_CITIZEN = frozenset({CallHeard.OTHER, CallHeard.NOBODY, CallHeard.VOICEMAIL})


def subject_of(ticket: Ticket) -> str:
    """What the calls about a ticket are kept under."""
    return f"ticket:{ticket.number}"


def proves(call: RelayedCall, ticket: Ticket, by: str) -> bool:
    """Whether a call stands behind a talk of this call-back: asked for by the same person since it began, answered, and
    neither by a machine nor cited before."""
    answered = call.result is CallResult.ANSWERED and call.heard not in NOT_THE_CITIZEN
    return answered and was_made(call, ticket, by)


def was_made(call: RelayedCall, ticket: Ticket, by: str) -> bool:
    """Whether a call is one of this call-back's, made by the same person, that no attempt rests on yet."""
    cited = any(attempt.call == call.id for attempt in ticket.attempts)
    in_it = ticket.state is State.CALL_BACK and call.asked_at >= ticket.state_since
    return call.asked_by == by and call.result in TRIED and in_it and not cited


def contacts(call: RelayedCall, ticket: Ticket, by: str) -> bool:
    """Whether a call may be a unit's first contact: answered since the unit got the ticket, by the citizen as its
    caller said, or asked for by ``by``, who says so now."""
    clock = ticket.clock(ClockKind.FIRST_CONTACT)
    since = clock.started if clock else ticket.created
    heard = call.heard is CallHeard.REACHED or (call.heard is None and call.asked_by == by)
    return call.result is CallResult.ANSWERED and heard and call.answered_at is not None and call.asked_at >= since


class Proving:
    """Finds what proves a talk."""

    def __init__(self, lookup: Lookup, relay: Relay, clock: Clock, journal: Journal) -> None:
        self._lookup = lookup
        self._relay = relay
        self._clock = clock
        self._journal = journal

    async def proven(self, tx: Tx, ticket: Ticket, form: Form, by: Principal) -> Form:
        """The form of an attempt with the call behind it, of which it is said thereby who picked up; why there is
        none is left out where there is one."""
        calls = await self._relay.about(tx, subject_of(ticket)) if form.channel == PHONE else ()
        if not form.reached:
            rang = next((call for call in calls if was_made(call, ticket, by.id)), None)
            if rang is None:
                return replace(form, relayed_call="")
            if form.other_person:
                await self._heard(tx, ticket, rang, CallHeard.OTHER, Actor.CALLBACK, by)
            other = form.other_person or rang.heard is CallHeard.OTHER
            return replace(form, relayed_call=rang.id, no_call_reason="", other_person=other)
        found = next((call for call in calls if proves(call, ticket, by.id)), None)
        if found is None:
            return replace(form, relayed_call="")
        await self._heard(tx, ticket, found, CallHeard.REACHED, Actor.CALLBACK, by)
        return replace(form, relayed_call=found.id, no_call_reason="")

    async def contacted(self, tx: Tx, ticket: Ticket, form: Form, by: Principal) -> Form:
        """The form of a first contact with the unit's relayed call behind it, and its moment; how the citizen was
        reached is left out where there is one. A message is its own proof."""
        if ticket.first_contact is not None:
            return replace(form, contact_how="", contact_text="")
        told = form.contacted_at is not None or (form.contact_how.strip() and not form.no_contact_reason.strip())
        if form.relayed_call or not told or form.contact_text.strip():
            return replace(form, contact_how="")
        about = await self._relay.about(tx, subject_of(ticket))
        calls = [each for each in about if contacts(each, ticket, by.id) and await self._is_of(tx, each, by.unit)]
        found = calls[-1] if calls else None
        if found is None:
            return replace(form, contact_how=mask_text(form.contact_how))
        if found.asked_by == by.id:
            await self._heard(tx, ticket, found, CallHeard.REACHED, Actor.UNIT, by)
        return replace(form, relayed_call=found.id, contacted_at=found.answered_at, contact_how="")

    async def wished(self, tx: Tx, ticket: Ticket, form: Form, by: Principal) -> Form:
        """The form of a withdrawal with the answered call of whoever withdraws for the citizen behind it."""
        calls = await self._relay.about(tx, subject_of(ticket)) if by.kind is Kind.STAFF else ()
        talks = (each for each in calls if each.result is CallResult.ANSWERED and each.heard not in NOT_THE_CITIZEN)
        found = next((each for each in talks if each.asked_by == by.id), None)
        if found is None:
            return replace(form, relayed_call="")
        return replace(form, relayed_call=found.id, no_call_reason="")

    async def _is_of(self, tx: Tx, call: RelayedCall, unit: str) -> bool:
        """Whether somebody of a unit, or of one it stands for, asked for a call."""
        try:
            return (await self._lookup.staff(tx, call.asked_by)).unit in self._lookup.stands_for(unit)
        except NotFound:
            return False

    async def _heard(
        self, tx: Tx, ticket: Ticket, call: RelayedCall, heard: CallHeard, actor: Actor, by: Principal
    ) -> None:
        if await self._relay.hear(tx, call.id, heard):
            units = (by.unit,) if by.unit else ()
            said = actor, by.id, units, by.unit, heard
            await self._journal.state(tx, CallJudged(ticket.number, self._clock.now(), *said))


async def close_if_done(tx: Tx, changing: Changing, course: Course) -> None:
    """Close a ticket in call-back if its vote or the attempts allow it; else a person goes on."""
    if course.ticket.state is not State.CALL_BACK:
        return
    try:
        await changing.take(tx, course, Action.CLOSE, Form(), TIMER)
    except (Conflict, Invalid):
        # The rules say when it is done; until then nothing has changed.
        return
