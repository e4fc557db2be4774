"""When a ticket is due, and when the timer looks at it next."""

from datetime import UTC, datetime

from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import Action, Actor, ClockKind, State, Urgency
from ticketing.model.ticket import Clock, Ticket
from ticketing.rules import deadlines

FAR = datetime(9999, 12, 31, tzinfo=UTC)


def due_clock(ticket: Ticket) -> Clock | None:
    """The running clock the ticket is due by; None when none runs."""
    rehandle, total = ticket.clock(ClockKind.REHANDLE), ticket.clock(ClockKind.TOTAL)
    return next((clock for clock in (rehandle, total) if clock is not None and clock.running), None)


def due_of(ticket: Ticket) -> datetime:
    """When the reply is due; far away while no clock runs or it stands still."""
    clock = due_clock(ticket)
    return FAR if clock is None or clock.paused else clock.due


def waits_for_a_person(ticket: Ticket, opened_by: Actor) -> bool:
    """For P0 the bot alone reaches only RECEIVED: a person is to take it on."""
    return ticket.state is State.RECEIVED and ticket.urgency is Urgency.P0 and opened_by is Actor.BOT


def goes_to_a_service(ticket: Ticket) -> bool:
    """Life, fire, crime in progress: a person hands it over to 110, 119 or 120, or sends it to a unit; no machine
    does, as it can be handed over no more once a unit has it."""
    return ticket.urgency is Urgency.P0 and bool(ticket.dangers)


def next_look(
    ticket: Ticket, wake: tuple[datetime, Action] | None, calendar: WorkCalendar
) -> tuple[datetime, Action] | None:
    """When the timer takes up a ticket, given what the table of wakes says: an emergency that waits for a person is
    brought to the dispatchers only once its dispatch limit is over."""
    if wake is None or ticket.state is not State.RECEIVED or ticket.urgency is not Urgency.P0:
        return wake
    clock = ticket.clock(ClockKind.DISPATCH)
    return (deadlines.due_at(calendar, clock, ticket.state_since) if clock else wake[0]), wake[1]
