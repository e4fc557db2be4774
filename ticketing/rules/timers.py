"""What the timer does by itself, and when: one table of state, action and moment."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from kernel.errors import Conflict
from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import Action, ClockKind, State
from ticketing.model.ticket import Ticket
from ticketing.rules.deadlines import due_after, due_at
from ticketing.rules.limits import Limits

Moment = Callable[[Ticket, WorkCalendar, Limits], datetime]


@dataclass(frozen=True, slots=True)
class Wake:
    """In ``state`` the timer may take ``action`` from ``moment`` on; ``words`` say when, with the names of Limits."""

    state: State
    action: Action
    moment: Moment
    words: str


def _at_once(ticket: Ticket, _calendar: WorkCalendar, _limits: Limits) -> datetime:
    return ticket.state_since


def _given_up(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> datetime:
    return due_after(calendar, limits.at(ticket.state_since).info_given_up, ticket.state_since)


def _confirmed(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> datetime:
    return due_after(calendar, limits.at(ticket.state_since).answer_confirmed, ticket.state_since)


def _stands(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> datetime:
    return due_after(calendar, limits.at(ticket.state_since).refusal_stands, ticket.state_since)


def _accept_due(ticket: Ticket, calendar: WorkCalendar, _limits: Limits) -> datetime:
    clock = ticket.clock(ClockKind.ACCEPT)
    return due_at(calendar, clock, ticket.state_since) if clock else ticket.state_since


def _review(ticket: Ticket, _calendar: WorkCalendar, _limits: Limits) -> datetime:
    return ticket.hold.review_at if ticket.hold else ticket.state_since


def _callback(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> datetime:
    return due_after(calendar, limits.at(ticket.state_since).callback_begins, ticket.state_since)


def _archived(ticket: Ticket, _calendar: WorkCalendar, limits: Limits) -> datetime:
    return ticket.state_since + limits.at(ticket.state_since).archived_after


WAKES = (
    Wake(
        State.RECEIVED,
        Action.TRIAGE,
        _at_once,
        "at once; an emergency the bot took in, when its dispatch limit is over",
    ),
    Wake(State.NEED_INFO, Action.GIVE_UP_INFO, _given_up, "after {info_given_up}"),
    Wake(State.ANSWERED, Action.CONFIRM, _confirmed, "after {answer_confirmed}"),
    Wake(State.DECLINED, Action.LET_STAND, _stands, "after {refusal_stands}, unless an appeal waits"),
    Wake(State.DISPATCHED, Action.ACCEPT, _accept_due, "when the limit to accept is over"),
    Wake(State.SUSPENDED, Action.RESUME, _review, "on the day of review, {suspension_review} after it began"),
    Wake(State.SHELVED, Action.UNSHELVE, _review, "on the day of review, {longest_shelving} after it began at most"),
    Wake(State.REPLIED, Action.BEGIN_CALLBACK, _callback, "after {callback_begins} without a vote"),
    Wake(State.REHANDLE, Action.RESTART, _at_once, "at once"),
    Wake(State.CLOSED, Action.ARCHIVE, _archived, "after {archived_after}"),
    Wake(State.WITHDRAWN, Action.ARCHIVE, _archived, "after {archived_after}"),
)


def next_wake(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> tuple[datetime, Action] | None:
    """What the timer does next and from when on; None when it has nothing to do in this state.

    Not here because no moment decides them: dispatching (a decision does), closing (a vote or the call-back does) and
    closing a merged ticket (its parent does).
    """
    wake = next((wake for wake in WAKES if wake.state is ticket.state), None)
    if wake is None or ticket.appeal_pending:
        return None
    return wake.moment(ticket, calendar, limits), wake.action


def not_too_early(ticket: Ticket, action: Action, now: datetime, calendar: WorkCalendar, limits: Limits) -> None:
    """Raise Conflict when the timer takes ``action`` before its moment."""
    due = next((wake.moment for wake in WAKES if wake.state is ticket.state and wake.action is action), None)
    if due is not None and (moment := due(ticket, calendar, limits)) > now:
        raise Conflict("too_early", current=ticket.state.value, until=moment)


def reminders(ticket: Ticket, calendar: WorkCalendar, limits: Limits) -> tuple[datetime, ...]:
    """When a citizen who owes information is reminded; empty in other states."""
    if ticket.state is not State.NEED_INFO:
        return ()
    waits = limits.at(ticket.state_since).info_reminders
    return tuple(due_after(calendar, limit, ticket.state_since) for limit in waits)
