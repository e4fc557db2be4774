"""Whatever anybody does in whatever order, the invariants hold."""

import random
from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ticketing.walking import Walk, start
from ticketing.model.labels import Action, RequestMove, SideAction, State
from ticketing.rules.invariants import check, times_add_up
from ticketing.rules.transitions import LIFE

# They mark a ticket by what its words hold or a person knows; tests of their own say when, a walk has no such words.
MARKS = {
    *(SideAction.MARK_SENSITIVE, SideAction.CLEAR_SENSITIVE),
    *(SideAction.ADD_FLAG, SideAction.REMOVE_FLAG),
    # Of what was handed over before there was such a clock, which no walk can do.
    SideAction.START_RECEIPT,
}


def unhurt(walk: Walk) -> None:
    assert check(walk.ticket, walk.history) == [], [r.what for r in walk.history]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.integers(5, 40))
def test_the_invariants_hold_after_every_step_of_any_walk(data: st.DataObject, steps: int) -> None:
    def pick(options: Sequence[Any]) -> Any:
        return options[data.draw(st.integers(0, len(options) - 1))]

    walk = start(pick)
    for _ in range(steps):
        if walk.go():
            unhurt(walk)
            # P33 on every clock of the ticket.
            assert list(times_add_up(walk.ticket, walk.calendar, walk.now)) == []


def long_walks(seeds: range, steps: int) -> list[Walk]:
    walks = []
    for seed in seeds:
        walk = start(random.Random(seed).choice)
        for _ in range(steps):
            walk.go()
            unhurt(walk)
            if walk.ticket.state is State.ARCHIVED:
                break
        walks.append(walk)
    return walks


def test_walks_take_every_action_from_every_state_without_a_violation() -> None:
    taken = {move for walk in long_walks(range(1500, 2100), 60) for move in walk.taken}
    assert {move for _, move, _ in taken} == {*Action, *SideAction, *RequestMove} - MARKS
    assert {state for state, _, _ in taken} | {State.ARCHIVED} == set(State)
    rows = {(source, row.action, actor) for row in LIFE.transitions for source in row.sources for actor in row.by}
    assert len(rows & taken) > 0.9 * len(rows)


def test_beyond_the_limits_supervision_rises_and_nothing_is_blocked() -> None:
    urged = [walk.ticket for walk in long_walks(range(2000, 2100), 60) if walk.ticket.counters.urges >= 3]
    assert urged
    assert all(ticket.supervision > 0 for ticket in urged)
