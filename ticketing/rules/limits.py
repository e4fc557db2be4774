"""How long everything may take: one table of limits, which a city can replace by its own."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ticketing.model.labels import ClockKind, LimitUnit, RequestKind, TicketKind, Urgency
from ticketing.model.ticket import Limit


def minutes(amount: int) -> Limit:
    """So many minutes of any day and hour."""
    return Limit(LimitUnit.MINUTES, amount)


def business_hours(amount: int) -> Limit:
    """So many hours of business time."""
    return Limit(LimitUnit.BUSINESS_MINUTES, amount * 60)


def working_days(amount: int) -> Limit:
    """So many working days after the day it begins."""
    return Limit(LimitUnit.WORKING_DAYS, amount)


SAME_DAY = Limit(LimitUnit.SAME_DAY)
ONE_HOUR = business_hours(1)
ONE_DAY = working_days(1)
FIVE_DAYS = working_days(5)
ROUND_THE_CLOCK = minutes(24 * 60)
THREE_MINUTES = minutes(3)
TEN_MINUTES = minutes(10)
HALF_AN_HOUR = minutes(30)
FOUR_HOURS = business_hours(4)

# kind: legal ceiling, promise; in working days
HANDLE: Mapping[TicketKind, tuple[int, int]] = {
    TicketKind.CONSULT: (2, 1),
    TicketKind.HELP: (10, 5),
    TicketKind.SUGGEST: (10, 10),
    TicketKind.COMPLAINT: (15, 7),
    TicketKind.REPORT: (15, 7),
    TicketKind.PRAISE: (2, 2),
    TicketKind.OTHER: (10, 5),
}

# timer: P0, P1, P2, P3
TIMERS: Mapping[ClockKind, tuple[Limit, Limit, Limit, Limit]] = {
    ClockKind.DISPATCH: (minutes(5), minutes(20), business_hours(2), business_hours(4)),
    ClockKind.ACCEPT: (minutes(15), minutes(30), business_hours(2), working_days(1)),
    ClockKind.FIRST_CONTACT: (minutes(30), minutes(120), working_days(1), working_days(1)),
    # a result that waits for the leader of its unit: as long as the hotline has to review it
    ClockKind.APPROVAL: (minutes(15), minutes(60), working_days(1), working_days(1)),
    ClockKind.REVIEW: (minutes(15), minutes(60), working_days(1), working_days(1)),
    ClockKind.CALL_BACK: (SAME_DAY, working_days(1), working_days(1), working_days(1)),
    # until the other side says it has it: as long as a unit has to sign
    ClockKind.RECEIPT: (minutes(15), minutes(30), business_hours(2), working_days(1)),
}

# request: how long after dispatch it may be asked; and within what it is decided; for P0, P1, P2, P3
RETURN_WINDOW = (minutes(15), minutes(30), working_days(1), working_days(1))
RETURN_DECISION = (minutes(15), minutes(15), business_hours(4), business_hours(4))
# within what somebody decides about words of a secret ticket that wait; for P0, P1, P2, P3
SPAN_DECISION = (minutes(15), minutes(15), ONE_HOUR, ONE_HOUR)


@dataclass(frozen=True, slots=True)
class Limits:
    """Every limit of ticketing. The defaults are the national and provincial ceilings with the house's promises.

    ``versions`` are those that took effect until now, the oldest first: a clock keeps to what was in force when it
    started.
    """

    handle: Mapping[TicketKind, tuple[int, int]] = field(default_factory=lambda: dict(HANDLE))
    enterprise_consult: tuple[int, int] = (2, 2)
    enterprise_other: tuple[int, int] = (4, 4)
    enterprise_first_contact: Limit = ONE_HOUR
    urgent: Mapping[Urgency, Limit] = field(default_factory=lambda: {Urgency.P0: SAME_DAY, Urgency.P1: working_days(1)})
    timers: Mapping[ClockKind, tuple[Limit, Limit, Limit, Limit]] = field(default_factory=lambda: dict(TIMERS))

    floor_share: float = 0.2
    floor_days: int = 1
    rehandle_share: float = 0.5
    rehandle_days: int = 2
    yellow_share: float = 0.7
    yellow_days: int = 1
    escalation_days: tuple[int, int, int] = (1, 3, 5)

    info_reminders: tuple[Limit, ...] = (working_days(1), working_days(3))
    info_given_up: Limit = FIVE_DAYS
    answer_confirmed: Limit = ROUND_THE_CLOCK
    refusal_stands: Limit = FIVE_DAYS
    callback_begins: Limit = ONE_DAY
    archived_after: timedelta = timedelta(days=30)
    reopened_within: timedelta = timedelta(days=15)
    rating_changed_within: timedelta = timedelta(days=15)
    suspension_review: timedelta = timedelta(days=30)
    longest_shelving: timedelta = timedelta(days=180)
    return_window: tuple[Limit, Limit, Limit, Limit] = RETURN_WINDOW
    return_decision: tuple[Limit, Limit, Limit, Limit] = RETURN_DECISION
    ruling: Limit = ONE_DAY
    span_decision: tuple[Limit, Limit, Limit, Limit] = SPAN_DECISION
    review_notice_days: int = 3
    most_extensions: int = 2
    # so often who leads may change; each time beyond, supervision goes one level up and staff name the supervisor
    most_moves: int = 3
    deepest_assignment: int = 3
    callback_attempts: int = 3
    callback_days: int = 2
    callback_channels: int = 2
    # from the how-manieth time on supervision goes one level up, and staff must name the supervisor
    patience_returns: tuple[int, int] = (2, 3)
    patience_bounces: tuple[int, int] = (3, 3)
    patience_rehandles: tuple[int, int] = (2, 3)
    patience_urges: tuple[int, int] = (3, 3)
    ruled_from: int = 3
    highest_supervision: int = 3
    first_reply: Limit = THREE_MINUTES
    mailbox_first_reply: Limit = ROUND_THE_CLOCK
    leak_notice: Limit = ROUND_THE_CLOCK
    # a contact without a relayed call that is written down later counts from then
    contact_told: Limit = HALF_AN_HOUR
    # what is told again: by the same person, of one event
    repeat_within: timedelta = timedelta(days=30)
    event_within: timedelta = timedelta(days=3)
    # what is still open after that goes on: told again in like words of the very same spot it is the same
    event_goes_on: timedelta = timedelta(days=30)
    event_metres: int = 200
    # so many earlier tellings, people at one event, and people with such a matter in one town raise something
    repeats_from: int = 3
    group_from: int = 5
    hot_from: int = 10
    next_way_urgent: Limit = TEN_MINUTES
    # from which confidence on no person is asked where a ticket goes
    auto_dispatch: float = 0.8
    # the share of replies that is drawn for inspection, and the points of 100 with which one passes
    inspection_share: float = 0.05
    inspection_passed: int = 80
    next_way: Limit = FOUR_HOURS
    # a unit whose people are told on no way and have not come in for so long is not reached
    unseen_after: timedelta = timedelta(days=7)
    versions: tuple[tuple[datetime, "Limits"], ...] = field(default=(), compare=False, repr=False)

    def at(self, moment: datetime) -> "Limits":
        """The limits that were in force at ``moment``, which is not later than now."""
        found = next((limits for begins, limits in reversed(self.versions) if begins <= moment), None)
        if found is None or found is self.versions[-1][1]:
            return self
        return replace(found, versions=self.versions)

    def patience(self, counter: str) -> tuple[int, int]:
        """From the how-manieth time of what ``counter`` counts on supervision goes one level up, and staff must name
        the supervisor."""
        if counter == "reassigns":
            return self.most_moves + 1, self.most_moves + 1
        found: tuple[int, int] = getattr(self, f"patience_{counter}")
        return found

    def promise(self, kind: TicketKind, urgency: Urgency, *, enterprise: bool) -> Limit:
        """Within what the citizen is promised a reply."""
        return self.urgent.get(urgency) or working_days(self._days(kind, enterprise)[1])

    def ceiling(self, kind: TicketKind, *, enterprise: bool) -> Limit:
        """Within what the law wants a reply."""
        return working_days(self._days(kind, enterprise)[0])

    def timer(self, kind: ClockKind, urgency: Urgency, *, enterprise: bool) -> Limit:
        """How long one step may take."""
        limit = self.timers[kind][rank(urgency)]
        slow = urgency in {Urgency.P2, Urgency.P3}
        return self.enterprise_first_contact if kind is ClockKind.FIRST_CONTACT and enterprise and slow else limit

    def decision(self, kind: RequestKind, urgency: Urgency) -> Limit:
        """Within what a request is decided; only for returns a rule says so, the others follow the ruling's day."""
        return self.return_decision[rank(urgency)] if kind is RequestKind.RETURN else self.ruling

    def _days(self, kind: TicketKind, enterprise: bool) -> tuple[int, int]:
        if enterprise:
            return self.enterprise_consult if kind is TicketKind.CONSULT else self.enterprise_other
        return self.handle[kind]


def rank(urgency: Urgency) -> int:
    """The column of a four-column row: P0 is 0."""
    return tuple(Urgency).index(urgency)
