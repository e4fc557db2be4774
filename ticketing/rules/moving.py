"""What every change of state does to the clocks, the requests and the assignments, by tables over the states."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace

from kernel.errors import Invalid
from ticketing.model.labels import (
    Action,
    AssignmentRole,
    AssignmentState,
    ClockKind,
    ErrandKind,
    RequestKind,
    RequestState,
    State,
)
from ticketing.model.ticket import Assignment, Clock, Ticket
from ticketing.rules import deadlines
from ticketing.rules.situation import Situation

WORKED_ON = frozenset({ClockKind.TOTAL, ClockKind.UNIT, ClockKind.REHANDLE})
PAUSED_IN: dict[State, frozenset[ClockKind]] = {
    State.NEED_INFO: frozenset({ClockKind.TOTAL, ClockKind.REHANDLE}),
    State.SUSPENDED: WORKED_ON,
    State.SHELVED: WORKED_ON,
}
OF_THE_TICKET = frozenset({ClockKind.TOTAL, ClockKind.REHANDLE})
AT_REST = frozenset({State.ANSWERED, State.DECLINED, State.REPLIED, State.CLOSED, State.WITHDRAWN})
# the clock of a step starts on entering these states and stops on leaving them
STEP_RUNS_IN: dict[ClockKind, frozenset[State]] = {
    ClockKind.DISPATCH: frozenset({State.RECEIVED, State.TRIAGE}),
    ClockKind.ACCEPT: frozenset({State.DISPATCHED}),
    ClockKind.FIRST_CONTACT: frozenset({State.DISPATCHED, State.ACCEPTED}),
    ClockKind.APPROVAL: frozenset({State.SUBMITTED}),
    ClockKind.REVIEW: frozenset({State.REVIEW}),
    ClockKind.CALL_BACK: frozenset({State.CALL_BACK}),
    ClockKind.RECEIPT: frozenset({State.HANDED_OVER}),
}
# an answer that was not the last word: the ticket's clock counts on as if it had not stopped
GOES_ON_AFTER = frozenset({Action.NOT_SOLVED, Action.APPEAL})
STARTS_AFRESH_AFTER = frozenset({Action.REASSIGN})
REQUESTS_LIVE_IN = frozenset({State.DISPATCHED, State.ACCEPTED, State.IN_PROGRESS, State.SUSPENDED})
# the work is done, whose it was is still to be ruled: the ruling is the next ticket's precedent
DISPUTES_OUTLIVE_IN = frozenset(
    {State.SUBMITTED, State.REVIEW, State.REPLIED, State.CALL_BACK, State.REHANDLE, State.CLOSED}
)


def move(s: Situation, action: Action, target: State) -> Situation:
    """Into ``target``, with what that means for every clock."""
    before = s.ticket.state
    s = s.change(state=target, state_since=s.now, refusal=None)
    s = s.change(clocks=tuple(_moved(s, clock, action, target) for clock in s.ticket.clocks))
    s = on_open_clocks(s, lambda clock: _paused(s, clock, target))
    for kind, states in STEP_RUNS_IN.items():
        if kind is ClockKind.APPROVAL and not s.around.inner_approval:
            continue
        if target in states and (before not in states or action in STARTS_AFRESH_AFTER):
            s = s.change(clocks=(*s.ticket.clocks, deadlines.step_clock(s.calendar, kind, s.ticket, s.now, s.limits)))
    return s if target in REQUESTS_LIVE_IN else lapse_requests(s, disputes=target not in DISPUTES_OUTLIVE_IN)


def _moved(s: Situation, clock: Clock, action: Action, target: State) -> Clock:
    if clock.kind in STEP_RUNS_IN:
        leaves = target not in STEP_RUNS_IN[clock.kind] or action in STARTS_AFRESH_AFTER
        return deadlines.stop(s.calendar, clock, s.now) if leaves else clock
    if target in AT_REST:
        return deadlines.stop(s.calendar, clock, s.now)
    last = next(c for c in reversed(s.ticket.clocks) if c.kind in OF_THE_TICKET)
    if action in GOES_ON_AFTER and clock is last:
        clock = deadlines.go_on(clock)
    return _paused(s, clock, target)


def _paused(s: Situation, clock: Clock, target: State) -> Clock:
    if clock.kind in PAUSED_IN.get(target, frozenset()):
        # from one pausing state into another it goes on standing still
        return deadlines.pause(clock, s.now, target)
    return deadlines.resume(s.calendar, clock, s.now)


def on_open_clocks(s: Situation, change: Callable[[Clock], Clock]) -> Situation:
    """Change the clock of every open assignment."""
    return s.change(assignments=tuple(replace(a, clock=change(a.clock)) if a.open else a for a in s.ticket.assignments))


# -- assignments ----------------------------------------------------------------------------------------


def assign(
    s: Situation,
    unit: str,
    role: AssignmentRole,
    *,
    late: bool,
    parent: str = "",
    state: AssignmentState = AssignmentState.DISPATCHED,
) -> Situation:
    """Give ``unit`` a part, with a clock of its own."""
    clock = deadlines.unit_clock(s.calendar, s.ticket, s.now, s.limits, late=late)
    new = Assignment(s.around.new_id(), s.ticket.id, unit, role, state, s.now, clock, parent)
    return s.change(assignments=(*s.ticket.assignments, new))


def end_assignments(
    s: Situation,
    ending: AssignmentState,
    which: Callable[[Assignment], bool] = lambda _: True,
    told: ErrandKind = ErrandKind.END_ASSIGNMENT,
    why: str = "",
) -> Situation:
    """End open assignments: their clocks stop; units whose work is taken away are told."""
    ended = [a for a in s.ticket.assignments if a.open and which(a)]
    s = s.change(
        assignments=tuple(
            replace(a, state=ending, ended=s.now, clock=deadlines.stop(s.calendar, a.clock, s.now)) if a in ended else a
            for a in s.ticket.assignments
        )
    )
    if ending is AssignmentState.DONE:
        return s
    for each in ended:
        s = s.send(told, each.unit, text=why or each.id)
    return s


def below(ticket: Ticket, part: Assignment) -> Callable[[Assignment], bool]:
    """Tells a part and those handed down from it."""
    ids = {part.id}
    for _ in range(len(ticket.assignments)):
        ids |= {a.id for a in ticket.assignments if a.parent in ids}
    return lambda assignment: assignment.id in ids


def set_lead(s: Situation, state: AssignmentState) -> Situation:
    """Move the lead's work on."""
    lead = s.ticket.lead
    return s.change(assignments=tuple(_in_state(s, a, state) if a == lead else a for a in s.ticket.assignments))


def _in_state(s: Situation, assignment: Assignment, state: AssignmentState) -> Assignment:
    return replace(assignment, state=state, accepted=assignment.accepted or s.now)


def of_lead(ticket: Ticket) -> Callable[[Assignment], bool]:
    """Tells the lead's assignment and those handed down from it."""
    return below(ticket, ticket.lead) if ticket.lead else lambda _: False


def open_parts(ticket: Ticket) -> list[Assignment]:
    """Open assignments other than the lead's."""
    return [a for a in ticket.assignments if a.open and a.role is not AssignmentRole.LEAD]


def handling_units(ticket: Ticket) -> set[str]:
    """Every unit that works or has worked on it."""
    return {a.unit for a in ticket.assignments if a.open or a.state is AssignmentState.DONE}


def end_work(s: Situation) -> Situation:
    """Open assignments end and open requests lapse, but for what is disputed where that outlives the work."""
    return lapse_requests(end_assignments(s, AssignmentState.TAKEN_BACK), disputes=False)


# -- requests -------------------------------------------------------------------------------------------


def lapse_requests(s: Situation, *, disputes: bool = True) -> Situation:
    """Open requests about the work have lost their object; an exclusion outlives the work, and so do ``disputes``
    where they are not to lapse."""
    return s.change(
        requests=tuple(
            replace(r, state=RequestState.LAPSED, decided_at=s.now)
            if r.open and r.kind is not RequestKind.EXCLUSION and (disputes or r.state is not RequestState.DISPUTED)
            else r
            for r in s.ticket.requests
        )
    )


def use_request(s: Situation) -> Situation:
    """The grant the form names is used up."""
    return s.change(requests=tuple(replace(r, used=True) if r.id == s.form.request else r for r in s.ticket.requests))


def granted(s: Situation, kind: RequestKind) -> None:
    """Raise Invalid unless the form names a request of ``kind`` of the present lead, granted and not used up."""
    found = next((r for r in s.ticket.requests if r.id == s.form.request and r.kind is kind), None)
    lead = s.ticket.lead
    if found is None or lead is None or found.unit != lead.unit:
        raise Invalid({"request": "unknown"})
    if found.state is not RequestState.GRANTED or found.used:
        raise Invalid({"request": "not_granted"})


def unused_grant(ticket: Ticket) -> str:
    """The return that was granted and not acted on, by its id; empty where there is none."""
    granted = (r for r in ticket.requests if r.kind is RequestKind.RETURN and r.state is RequestState.GRANTED)
    return next((each.id for each in granted if not each.used), "")


def led_before(ticket: Ticket) -> frozenset[str]:
    """Units it was taken from to be led by another."""
    taken = AssignmentRole.LEAD, AssignmentState.TAKEN_BACK
    return frozenset(each.unit for each in ticket.assignments if (each.role, each.state) == taken)


def gave_back(ticket: Ticket) -> frozenset[str]:
    """Units that led it and returned it."""
    returned = AssignmentRole.LEAD, AssignmentState.RETURNED
    return frozenset(each.unit for each in ticket.assignments if (each.role, each.state) == returned)


def barred(ticket: Ticket, request: str = "", duty: Collection[str] = ()) -> Mapping[str, str]:
    """Units a dispatcher alone does not make the lead → the code of why: one that gave it back, and one it was taken
    from to go elsewhere, but on a ``request`` that was granted. What was taken back and lies with the hotline may go
    where it was last, and to units whose ``duty`` it is: nobody has it who could ask for a return."""
    leads = [each for each in ticket.assignments if each.role is AssignmentRole.LEAD]
    again = {leads[-1].unit, *duty} if leads and ticket.lead is None else set()
    circles = frozenset() if request else led_before(ticket) - again
    return dict.fromkeys(circles, "led_before") | dict.fromkeys(gave_back(ticket), "was_given_back")
