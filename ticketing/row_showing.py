"""Makes what lists tell of a ticket: where it stands, whose turn it is, and how long there is."""

from collections.abc import Callable
from datetime import datetime

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.people import Principal
from ticketing.access import is_unit_staff
from ticketing.limiting import LimitKeeper
from ticketing.model.labels import AssignmentRole, State
from ticketing.model.ticket import Clock as TicketClock
from ticketing.model.ticket import Rating, Ticket
from ticketing.names import Names
from ticketing.row_views import OptionView, StepView, TicketRow, VoteView
from ticketing.rules import deadlines
from ticketing.rules.agenda import due_clock
from ticketing.rules.assigning import moved_enough
from ticketing.rules.awaiting import (
    clock_of_next,
    decision_clock,
    decision_comes_first,
    decision_words,
    request_for,
)
from ticketing.rules.doers import actors_of
from ticketing.rules.following import units_at_work
from ticketing.rules.overdue import next_clock, step_words
from ticketing.rules.redacting import Veil
from ticketing.rules.telling import SECRET, remaining_words
from ticketing.rules.transitions import AT_THE_UNIT
from ticketing.store.tickets import Reach

NO_LIGHT = "none"
# What has ended reads as it ended, whatever its unit is called now.
ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.WITHDRAWN})


class RowShowing:
    """Rows of tickets, and the lights and words of their clocks."""

    def __init__(
        self, clock: Clock, lookup: Lookup, limits: LimitKeeper, names: Names, reach: Callable[[Ticket], Reach]
    ) -> None:
        self._clock = clock
        self._lookup = lookup
        self._limits = limits
        self._names = names
        self._reach = reach

    def row(self, ticket: Ticket, by: Principal) -> TicketRow:
        """A ticket in a list; its light is that of the reader's own part, if they have one."""
        clock = self._clock_for(ticket, by)
        lead = ticket.lead.unit if ticket.lead else ""
        ended = ticket.state_since if ticket.state in ENDED else None
        return TicketRow(
            number=ticket.number,
            title=self._title(ticket, by),
            kind=ticket.kind.value,
            kind_label=ticket.kind.label,
            urgency=ticket.urgency.value,
            urgency_label=ticket.urgency.label,
            state=ticket.state.value,
            state_label=ticket.state.label,
            matter=ticket.matter,
            matter_name=self._names.matter(ticket.matter),
            area=ticket.area,
            area_name=self._names.area(ticket.area),
            unit=lead,
            unit_name=self._names.unit(lead, ended),
            received_at=ticket.received,
            due_at=clock.due if clock and clock.running and not clock.paused else None,
            light=self.light(clock),
            remaining_text=self.remaining(clock),
            flags=flag_views(ticket),
            supervision=ticket.supervision,
            version=ticket.version,
            part_label=_part_label(ticket, by),
            step=self._step(ticket, clock, by),
            vote=_vote(ticket.rating),
            moves=ticket.counters.reassigns,
            moves_used_up=ticket.state in AT_THE_UNIT and moved_enough(ticket, self._limits.now()),
            rehandles=ticket.counters.rehandles,
            second_awaited=ticket.refusal is not None and not is_unit_staff(by),
        )

    def _title(self, ticket: Ticket, by: Principal) -> str:
        """What a ticket is called; of a secret one a unit reads its matter alone, for a title made of what the writer
        says may hold what is still to be decided on."""
        if ticket.secrecy in SECRET and is_unit_staff(by):
            return self._names.matter(ticket.matter) or ticket.kind.label
        return self.veil(ticket, by).over(ticket.title)

    def light(self, clock: TicketClock | None) -> str:
        """The light of a clock now; NO_LIGHT while nothing counts."""
        if clock is None or not clock.running or clock.paused:
            return NO_LIGHT
        return deadlines.light(self._lookup.calendar(), clock, self._now(), self._limits.now()).value

    def remaining(self, clock: TicketClock | None) -> str:
        """How long there is, in words."""
        return remaining_words(self._lookup.calendar(), clock, self._now())

    def acting_for(self, ticket: Ticket, by: Principal) -> str:
        """The unit of ``by``, or the one it goes on for until what that had of the ticket has followed."""
        at_work = units_at_work(ticket)
        return next((unit for unit in self._lookup.stands_for(by.unit) if unit in at_work), by.unit)

    def veil(self, ticket: Ticket, by: Principal) -> Veil:
        """How ``by`` reads the words about a ticket, as long as nobody decided about doubtful ones: of a secret ticket
        whose it is opens by a purpose only, to the hotline's own people too; they see who it is about."""
        if ticket.secrecy not in SECRET:
            return Veil()
        reach = self._reach(ticket)
        return Veil(True, sees_accused=not is_unit_staff(by), name=reach.name, phone=reach.phone)

    def next_clock(self, ticket: Ticket) -> TicketClock | None:
        """The clock of what is to be done next, be it a step or a decision."""
        return clock_of_next(ticket, self._lookup.calendar(), self._limits.now())

    def _step(self, ticket: Ticket, whole: TicketClock | None, by: Principal) -> StepView | None:
        """What is to be done next, where it is not the whole itself that is; of those who decide about a request that
        they do."""
        clock = next_clock(ticket, self.acting_for(ticket, by))
        asked = request_for(ticket, actors_of(by))
        if asked is not None and decision_comes_first(ticket, asked, clock):
            until = decision_clock(ticket, asked, self._limits.now())
            return StepView(decision_words(asked), until.due, self.light(until), self.remaining(until), decides=True)
        counts = clock is not None and clock.running and not clock.paused
        if clock is None or not counts or (whole is not None and whole.running and whole.due == clock.due):
            return None
        return StepView(step_words(clock), clock.due, self.light(clock), self.remaining(clock))

    def _clock_for(self, ticket: Ticket, by: Principal) -> TicketClock | None:
        own = next((a.clock for a in ticket.assignments if a.open and a.unit == by.unit), None) if by.unit else None
        return own or due_clock(ticket)

    def _now(self) -> datetime:
        return self._clock.now()


def flag_views(ticket: Ticket) -> list[OptionView]:
    """What is remarkable about a ticket."""
    return [OptionView(flag.value, flag.label) for flag in sorted(ticket.flags)]


def _part_label(ticket: Ticket, by: Principal) -> str:
    """The reader's own part, where it is not the lead's."""
    own = [a for a in ticket.assignments if a.unit == by.unit and a.role is not AssignmentRole.LEAD and a.open]
    return f"{own[0].role.label} · {own[0].state.label}" if by.unit and own else ""


def _vote(rating: Rating | None) -> VoteView | None:
    return VoteView(f"{rating.score.label} · {rating.solved.label}", rating.bad) if rating else None
