"""Each invariant is found broken when it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone

import pytest

from tests.ticketing.making import PROOF, Life
from ticketing.model.acting import Record
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    ClockKind,
    Flag,
    Outcome,
    RequestKind,
    RequestState,
    Secrecy,
    SideAction,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Assignment, Pause, Ticket
from ticketing.rules.invariants import CHECKS, check, times_add_up

S = State


def lead_of(ticket: Ticket) -> Assignment:
    assert ticket.lead is not None
    return ticket.lead


def in_progress() -> Life:
    return Life().to(S.IN_PROGRESS)


def closed() -> Life:
    life = Life().to(S.CALL_BACK)
    life.do(SideAction.LOG_CALL, Actor.CALLBACK, channel="phone", reached=True, relayed_call="x")
    life.do(SideAction.PROPOSE_REFUSAL, Actor.CALLBACK, legal_basis="城乡规划法", reason="违法加建不能补证")
    life.do(Action.CLOSE, Actor.CALLBACK, who="second")
    return life


def had_been_asked() -> Life:
    life = Life().to(S.NEED_INFO).wait(hours=3)
    life.do(Action.SUPPLY_INFO, Actor.CITIZEN, text="在路口")
    return life


def changed(life: Life, change: Callable[[Ticket], Ticket]) -> list[str]:
    return check(change(life.ticket), life.history)


def with_clock(ticket: Ticket, kind: ClockKind, **changes: object) -> Ticket:
    return replace(
        ticket,
        clocks=tuple(replace(c, **changes) if c.kind is kind else c for c in ticket.clocks),  # type: ignore[arg-type]
    )


def two_leads(ticket: Ticket) -> Ticket:
    return replace(ticket, assignments=(*ticket.assignments, replace(lead_of(ticket), id="other")))


def open_part(ticket: Ticket) -> Ticket:
    part = replace(lead_of(ticket), id="part", role=AssignmentRole.SUPPORTING)
    return replace(ticket, assignments=(*ticket.assignments, part))


def paused_for_nothing(ticket: Ticket) -> Ticket:
    at = ticket.state_since
    return with_clock(ticket, ClockKind.TOTAL, pauses=(Pause(at, at, S.IN_PROGRESS),))


def overlapping(ticket: Ticket) -> Ticket:
    at, later = ticket.state_since, ticket.state_since + timedelta(hours=1)
    return with_clock(ticket, ClockKind.TOTAL, pauses=(Pause(at, later, S.SUSPENDED), Pause(at, later, S.SUSPENDED)))


BROKEN: list[tuple[str, Callable[[], Life], Callable[[Ticket], Ticket]]] = [
    ("one_lead_from_dispatch_to_review", in_progress, lambda t: replace(t, assignments=())),
    ("one_lead_from_dispatch_to_review", in_progress, two_leads),
    ("total_is_never_reset", in_progress, lambda t: with_clock(t, ClockKind.TOTAL, started=t.created + timedelta(1))),
    ("total_is_never_reset", in_progress, lambda t: replace(t, clocks=())),
    ("total_is_never_reset", in_progress, lambda t: with_clock(t, ClockKind.TOTAL, stopped=t.updated)),
    ("total_is_never_reset", closed, lambda t: with_clock(t, ClockKind.TOTAL, stopped=None)),
    ("clocks_pause_only_where_said", in_progress, paused_for_nothing),
    ("clocks_pause_only_where_said", in_progress, overlapping),
    ("clocks_pause_only_where_said", in_progress, lambda t: with_clock(
        t, ClockKind.TOTAL, pauses=(Pause(t.updated, None, S.SUSPENDED),))),
    ("clocks_pause_only_where_said", lambda: Life().to(S.SHELVED), lambda t: with_clock(
        t, ClockKind.TOTAL, pauses=())),
    ("clocks_pause_only_where_said", closed, lambda t: with_clock(
        t, ClockKind.TOTAL, pauses=(Pause(t.updated, None, S.SUSPENDED),))),
    ("clocks_pause_only_where_said", in_progress, lambda t: with_clock(
        t, ClockKind.TOTAL, pauses=(Pause(t.created - timedelta(1), t.created, S.SUSPENDED),))),
    ("released_only_when_parts_are_done", lambda: Life().to(S.REVIEW), open_part),
    ("closed_has_outcome", closed, lambda t: replace(t, outcome=None)),
    ("closed_has_outcome", closed, lambda t: replace(t, outcome=None, state=S.ARCHIVED)),
    ("total_stands_still_as_its_ticket_did", had_been_asked, lambda t: with_clock(t, ClockKind.TOTAL, pauses=())),
    ("closed_has_outcome", closed, lambda t: replace(t, outcome=Outcome.RESOLVED, proof=())),
    ("closed_has_outcome", closed, lambda t: replace(t, outcome=Outcome.DUPLICATE, reply=None)),
    ("closed_has_outcome", in_progress, lambda t: replace(t, outcome=Outcome.EXPLAINED)),
    ("report_is_secret", in_progress, lambda t: replace(t, kind=TicketKind.REPORT, secrecy=Secrecy.OPEN)),
    ("history_is_whole", in_progress, lambda t: replace(t, version=t.version + 1)),
    ("history_is_whole", in_progress, lambda t: replace(t, state=S.ACCEPTED)),
    ("moments_are_utc", in_progress, lambda t: replace(t, updated=t.updated.astimezone(timezone(timedelta(hours=8))))),
    ("moments_are_utc", in_progress, lambda t: with_clock(
        t, ClockKind.TOTAL, due=t.clocks[0].due.astimezone(timezone(timedelta(hours=8))))),
    ("exclusion_is_only_a_flag", in_progress, lambda t: replace(t, flags=frozenset({Flag.EXCLUDED}))),
    ("only_the_living_wait", closed, lambda t: with_clock(t, ClockKind.CALL_BACK, stopped=None)),
    ("merged_have_a_parent", in_progress, lambda t: replace(t, state=S.MERGED, assignments=())),
    ("merged_have_a_parent", in_progress, lambda t: replace(t, parent="P1")),
]  # fmt: skip


@pytest.mark.parametrize(("name", "life", "change"), BROKEN)
def test_a_broken_invariant_is_named(name: str, life: Callable[[], Life], change: Callable[[Ticket], Ticket]) -> None:
    whole = life()
    assert check(whole.ticket, whole.history) == []
    assert name in {wrong.split(":")[0] for wrong in changed(whole, change)}


def tampered(life: Life, what: str, **changes: object) -> list[str]:
    history = [replace(r, **changes) if r.what == what else r for r in life.history]  # type: ignore[arg-type]
    return [wrong.split(":")[0] for wrong in check(life.ticket, history)]


def test_a_record_without_who_or_why_or_out_of_order_is_found() -> None:
    assert tampered(in_progress(), "accept", by="") == ["history_is_whole"]
    assert tampered(in_progress(), "accept", why="") == ["history_is_whole"]
    assert tampered(in_progress(), "accept", before=S.DRAFT) == ["history_is_whole"]
    late = in_progress().now + timedelta(days=1)
    assert tampered(in_progress(), "accept", at=late) == ["history_is_whole"]


def test_a_closing_by_the_handling_unit_is_found() -> None:
    assert tampered(closed(), "close", unit="unit-a") == ["handling_unit_does_not_judge"]
    assert tampered(closed(), "close", actor=Actor.UNIT) == ["handling_unit_does_not_judge"]


def test_an_emergency_only_the_bot_has_seen_is_found() -> None:
    life = Life(TicketKind.CONSULT).to(S.RECEIVED)
    life.do(Action.TRIAGE, Actor.BOT)
    history = [replace(record, actor=Actor.BOT) for record in life.history]
    emergency = replace(life.ticket, urgency=Urgency.P0)
    assert [wrong.split(":")[0] for wrong in check(emergency, history)] == ["emergencies_are_not_left_to_the_bot"]


def test_an_emergency_recognised_later_is_no_fault_of_the_bot() -> None:
    life = Life(TicketKind.CONSULT).to(S.RECEIVED)
    life.do(Action.TRIAGE, Actor.BOT)
    history: list[Record] = [replace(record, actor=Actor.BOT) for record in life.history]
    raised = replace(history[-1], what="raise_urgency", version=3, before=S.TRIAGE, after=S.TRIAGE)
    added = replace(raised, what="add_evidence", version=4)
    emergency = replace(life.ticket, urgency=Urgency.P0, version=4)
    assert check(emergency, [*history, raised, added]) == []


def test_a_late_extension_that_was_granted_is_found() -> None:
    life = in_progress()
    life.ask(RequestKind.EXCLUSION, reason_code="malicious", evidence=PROOF)
    request = life.ticket.requests[0]
    late = replace(
        request,
        kind=RequestKind.EXTENSION,
        state=RequestState.GRANTED,
        asked_at=request.due_then + timedelta(seconds=1),
    )
    wrong = changed(life, lambda t: replace(t, requests=(late,)))
    assert [each.split(":")[0] for each in wrong] == ["extensions_were_asked_in_time"]


def test_every_invariant_says_what_it_is_about() -> None:
    assert all(each.__doc__ for each in CHECKS)


def test_p33_a_clock_that_allows_more_than_limit_pauses_and_extensions_make_is_found() -> None:
    life = had_been_asked().wait(hours=30)
    assert list(times_add_up(life.ticket, life.calendar, life.now)) == []
    longer = with_clock(life.ticket, ClockKind.TOTAL, due=life.ticket.clocks[0].due + timedelta(days=3))
    assert list(times_add_up(longer, life.calendar, life.now)) != []
    unpaused = with_clock(life.ticket, ClockKind.TOTAL, pauses=())
    assert list(times_add_up(unpaused, life.calendar, life.now)) != []
