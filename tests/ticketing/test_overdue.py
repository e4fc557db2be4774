"""No ticket is overdue in silence: everybody's, why and what next are said in every state."""

from dataclasses import replace

import pytest

from tests.ticketing.making import PROOF, Life, ticket
from ticketing.model.labels import Actor, RequestKind, RequestMove, State
from ticketing.rules.overdue import ROWS, explain
from ticketing.rules.side_actions import BEFORE_THE_REPLY


@pytest.mark.parametrize("state", State)
def test_every_state_says_why_and_what_next(state: State) -> None:
    told = explain(replace(ticket(), state=state))
    assert told.reason
    assert told.step


def test_where_no_unit_has_it_a_desk_of_the_hotline_does() -> None:
    without = [State.RECEIVED, State.NEED_INFO, State.TRIAGE, State.HANDED_OVER, State.REVIEW]
    assert all(ROWS[state].owner for state in without)
    assert set(without) - {State.REVIEW} <= set(BEFORE_THE_REPLY)


def test_what_waits_for_a_decision_is_the_reason_and_the_decision_is_next() -> None:
    life = Life().to(State.DISPATCHED)
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "suggested_unit": "unit-b", "evidence": PROOF}
    request = life.ask(RequestKind.RETURN, **form)
    assert explain(life.ticket).step == "分办员审批退单"
    life.do(RequestMove.DISPUTE, Actor.DISPATCHER, request=request, reason="两家都不接")
    told = explain(life.ticket)
    assert (told.owner, told.step) == ("督办", "督办员或联席会议裁决")


def test_how_often_it_came_back_is_told() -> None:
    counted = Life().to(State.IN_PROGRESS)
    counters = replace(counted.ticket.counters, bounces=2)
    assert "审核退回2次" in explain(replace(counted.ticket, counters=counters)).reason
