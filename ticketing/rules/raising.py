"""What raises a ticket: urgency, flags, supervision, by the words of the citizen, by numbers, by a person."""

from dataclasses import replace

from kernel.errors import Conflict, Invalid, NotAllowed
from ticketing.model.labels import Actor, Cause, Flag, Urgency
from ticketing.model.ticket import Clock, Ticket
from ticketing.rules import deadlines
from ticketing.rules.limits import rank
from ticketing.rules.moving import STEP_RUNS_IN
from ticketing.rules.recognising import is_news
from ticketing.rules.situation import Situation, supervise
from ticketing.rules.substance import say_grounds, says_why
from ticketing.rules.taking_in import aim_clocks, machine_does_not_lower_urgency

# What a person may set and take away; the other flags follow from what happens to the ticket.
BY_PERSON = (
    Flag.ENTERPRISE,
    Flag.MINOR,
    Flag.ELDER_OR_DISABLED,
    Flag.GROUP,
    Flag.HOT,
    Flag.LEADER_NOTE,
    Flag.MEDIA,
)
RAISING = {Flag.GROUP: Cause.GROUP, Flag.LEADER_NOTE: Cause.LEADER_NOTE, Flag.MEDIA: Cause.MEDIA}


def urgency_rises(s: Situation) -> None:
    """To a more urgent one; a person says why."""
    if s.form.urgency is None or rank(s.form.urgency) >= rank(s.ticket.urgency):
        raise Invalid({"urgency": "not_higher"})
    if s.by.actor not in (Actor.BOT, Actor.TIMER):
        say_grounds(reason=s.form.reason)


def urgency_falls(s: Situation) -> None:
    """To a less urgent one, by a person who says why; who took it in does not lower what words of danger raised."""
    if s.form.urgency is None or rank(s.form.urgency) <= rank(s.ticket.urgency):
        raise Invalid({"urgency": "not_lower"})
    machine_does_not_lower_urgency(s)
    if not s.ticket.dangers and s.ticket.urgency is not Urgency.P0:
        say_grounds(reason=s.form.reason)
        return
    says_why(s.form.reason)
    if s.by.actor is Actor.AGENT:
        raise NotAllowed("danger_is_lowered_by_others")


def set_urgency(s: Situation) -> Situation:
    """Every running clock gets the limit it would have had; a unit keeps its floor from now."""
    lowered = s.form.urgency is not None and rank(s.form.urgency) > rank(s.ticket.urgency)
    changed = s.change(urgency=s.form.urgency or s.ticket.urgency, dangers=() if lowered else s.ticket.dangers)
    return _all_aimed(changed, s.ticket)


def _all_aimed(s: Situation, before: Ticket) -> Situation:
    s = aim_clocks(s, before)
    s = s.change(clocks=tuple(_aimed(s, clock) for clock in s.ticket.clocks))
    return s.change(
        assignments=tuple(replace(a, clock=_unit_aimed(s, a.clock)) if a.open else a for a in s.ticket.assignments)
    )


def _aimed(s: Situation, clock: Clock) -> Clock:
    # What was missed stays missed, however long the new limit is.
    if clock.kind not in STEP_RUNS_IN or not clock.running or clock.due <= s.now:
        return clock
    return deadlines.step_clock(s.calendar, clock.kind, s.ticket, clock.started, s.limits.at(clock.started))


def _unit_aimed(s: Situation, clock: Clock) -> Clock:
    fresh = deadlines.unit_clock(s.calendar, s.ticket, s.now, s.limits, late=True)
    return replace(clock, limit=fresh.limit, due=fresh.due, ceiling_due=fresh.ceiling_due)


# -- what rules recognise, and people say -----------------------------------------------------------------


def something_is_recognised(s: Situation) -> None:
    """It raises something the ticket does not have."""
    if not is_news(s.ticket, s.form):
        raise Conflict("nothing_to_raise", current=s.ticket.state.value)


def raise_as_recognised(s: Situation) -> Situation:
    """Urgency and flags rise, every clock gets its limit, and each new cause raises supervision one level."""
    before, form = s.ticket, s.form
    urgency = min(before.urgency, form.urgency or before.urgency, key=rank)
    dangers = tuple(dict.fromkeys((*before.dangers, *form.dangers)))
    s = s.change(urgency=urgency, flags=before.flags | form.flags, dangers=dangers)
    if urgency is not before.urgency or form.flags - before.flags:
        s = _all_aimed(s, before)
    return _supervised(s, form.causes | _causes(form.flags - before.flags))


def may_be_added(s: Situation) -> None:
    """Flags people set, that it does not have."""
    if not s.form.flags <= set(BY_PERSON):
        raise Invalid({"flags": "not_in_list"})
    if not s.form.flags - s.ticket.flags:
        raise Invalid({"flags": "there_already"})


def add_flag(s: Situation) -> Situation:
    """The clocks follow; what raises supervision does so once."""
    new = s.form.flags - s.ticket.flags
    return _supervised(_all_aimed(s.change(flags=s.ticket.flags | new), s.ticket), _causes(new))


def may_be_removed(s: Situation) -> None:
    """Flags people set, that it has."""
    if not s.form.flags <= set(BY_PERSON):
        raise Invalid({"flags": "not_in_list"})
    if not s.form.flags & s.ticket.flags:
        raise Invalid({"flags": "not_there"})


def remove_flag(s: Situation) -> Situation:
    """The clocks follow; supervision stays as it is."""
    return _all_aimed(s.change(flags=s.ticket.flags - s.form.flags), s.ticket)


def has_flags_to_remove(s: Situation) -> None:
    """There is one people may take away."""
    if not s.ticket.flags & set(BY_PERSON):
        raise Conflict("no_flag", current=s.ticket.state.value)


def is_not_enforced_yet(s: Situation) -> None:
    """One case a ticket."""
    if Flag.ENFORCEMENT in s.ticket.flags:
        raise Conflict("enforced_already", current=s.ticket.state.value)


def open_enforcement(s: Situation) -> Situation:
    """The unit has opened a case: the citizen can no longer take a report back."""
    return s.change(flags=s.ticket.flags | {Flag.ENFORCEMENT})


def _causes(flags: frozenset[Flag]) -> frozenset[Cause]:
    return frozenset(RAISING[flag] for flag in flags if flag in RAISING)


def _supervised(s: Situation, causes: frozenset[Cause]) -> Situation:
    for cause in sorted(causes - s.ticket.supervised_for, key=list(Cause).index):
        known = s.ticket.supervised_for | {cause}
        s = supervise(s.change(supervised_for=known), s.ticket.supervision + 1, cause.label)
    return s
