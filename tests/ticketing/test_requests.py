"""Requests beside the state: who may ask for what until when, who decides, and that the work goes on meanwhile."""

from dataclasses import replace
from typing import Any

import pytest

from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound
from tests.schedule import local
from tests.ticketing.making import PROOF, RESULT, Life
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentState,
    ClockKind,
    ErrandKind,
    Flag,
    Outcome,
    RequestKind,
    RequestMove,
    RequestState,
    State,
    TicketKind,
    Urgency,
)
from ticketing.rules.moving import DISPUTES_OUTLIVE_IN, REQUESTS_LIVE_IN
from ticketing.rules.requests import askable
from ticketing.rules.transitions import TABLE

K, M, S, W = RequestKind, RequestMove, State, Actor
RETURN: dict[str, Any] = {"reason_code": "not_our_duty", "clause": "三定规定", "suggested_unit": "unit-b"}
EXTENSION: dict[str, Any] = {"reason": "等待配件", "new_due": local("2026-03-13 17:30")}
SUSPENSION: dict[str, Any] = {"reason": "等待鉴定", "reason_code": "procedure"}
SHELVING: dict[str, Any] = {"reason": "需列入年度计划", "plan": "明年改造"}
EXCLUSION: dict[str, Any] = {"reason_code": "lawful_refusal", "evidence": PROOF}
FORMS = {
    K.RETURN: RETURN,
    K.EXTENSION: EXTENSION,
    K.SUSPENSION: SUSPENSION,
    K.SHELVING: SHELVING,
    K.EXCLUSION: EXCLUSION,
}


@pytest.mark.parametrize("kind", K)
def test_work_and_clocks_go_on_while_a_request_is_open(kind: RequestKind) -> None:
    life = Life().to(S.DISPATCHED)
    before = life.ticket
    life.ask(kind, **FORMS[kind])
    assert replace(
        life.ticket,
        requests=(),
        version=before.version,
        updated=before.updated,
        counters=before.counters,
    ) == replace(before, requests=())
    life.do(Action.ACCEPT, W.UNIT)
    assert life.ticket.requests[0].state is RequestState.OPEN


@pytest.mark.parametrize("kind", K)
def test_only_the_lead_asks_and_only_while_it_has_the_ticket(kind: RequestKind) -> None:
    life = Life().to(S.DISPATCHED)
    with pytest.raises(NotAllowed, match="not_the_lead_unit"):
        life.do(M.ASK, W.UNIT, of="unit-b", request_kind=kind, **FORMS[kind])
    with pytest.raises(NotAllowed, match="wrong_actor"):
        life.do(M.ASK, W.CITIZEN, request_kind=kind, **FORMS[kind])
    life.to(S.SUBMITTED)
    with pytest.raises(Conflict, match="wrong_state"):
        life.ask(kind, **FORMS[kind])


@pytest.mark.parametrize("kind", K)
def test_the_same_is_not_asked_twice_at_a_time(kind: RequestKind) -> None:
    life = Life().to(S.DISPATCHED)
    life.ask(kind, **FORMS[kind])
    with pytest.raises(Conflict, match="asked_already"):
        life.ask(kind, **FORMS[kind])


MISSING: list[tuple[RequestKind, str, str]] = [
    (K.RETURN, "reason_code", "required"),
    (K.RETURN, "suggested_unit", "required"),
    (K.RETURN, "clause", "evidence_or_clause"),
    (K.EXTENSION, "reason", "required"),
    (K.EXTENSION, "new_due", "required"),
    (K.SUSPENSION, "reason", "required"),
    (K.SUSPENSION, "reason_code", "required"),
    (K.SHELVING, "plan", "required"),
    (K.EXCLUSION, "reason_code", "required"),
    (K.EXCLUSION, "evidence", "required"),
]


@pytest.mark.parametrize(("kind", "field", "code"), MISSING)
def test_p47_a_request_says_what_it_needs(kind: RequestKind, field: str, code: str) -> None:
    form = {name: value for name, value in FORMS[kind].items() if name != field}
    with pytest.raises(Invalid) as raised:
        Life().to(S.DISPATCHED).ask(kind, **form)
    assert raised.value.fields == {field: code}


EMPTY: list[tuple[RequestKind, dict[str, Any], dict[str, str]]] = [
    (K.RETURN, {"clause": "不归我们管"}, {"clause": "clause_names_nothing"}),
    (K.RETURN, {"clause": "按照有关规定不属我单位职责"}, {"clause": "clause_names_nothing"}),
    (K.RETURN, {"clause": "。", "reason": "退"}, {"clause": "clause_names_nothing", "reason": "reason_too_short"}),
    (K.RETURN, {"clause": "无", "reason_code": "not_our_area"}, {"clause": "reason_too_short"}),
    (K.RETURN, {"clause": "", "evidence": PROOF, "reason": "退退退退"}, {"reason": "reason_repeats"}),
    (K.EXTENSION, {"reason": "忙"}, {"reason": "reason_too_short"}),
    (K.SUSPENSION, {"reason": "……"}, {"reason": "reason_too_short"}),
    (K.SHELVING, {"reason": "难", "plan": "待定"}, {"reason": "reason_too_short", "plan": "reason_too_short"}),
]


@pytest.mark.parametrize(("kind", "words", "faults"), EMPTY)
def test_a_request_whose_words_say_nothing_is_refused_field_by_field(
    kind: RequestKind, words: dict[str, Any], faults: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as raised:
        Life().to(S.DISPATCHED).ask(kind, **FORMS[kind] | words)
    assert raised.value.fields == faults


@pytest.mark.parametrize(
    ("reason", "clause"),
    [
        ("not_our_duty", "《城市道路管理条例》第二十条"),
        ("not_our_duty", "区职责清单：路灯由市政管养"),
        ("not_our_duty", "按职责清单，由市政管养单位负责"),
        ("other_lead", "派单目录 street-lamp/road@CC-CG"),
        ("not_our_area", "该路段属于邻镇"),
    ],
)
def test_a_return_names_the_law_or_duty_item_it_rests_on_or_says_where_it_lies(reason: str, clause: str) -> None:
    life = Life().to(S.DISPATCHED)
    life.ask(K.RETURN, **RETURN | {"reason_code": reason, "clause": clause})
    assert [(each.kind, each.clause) for each in life.ticket.requests] == [(K.RETURN, clause)]


def test_a_decision_that_says_nothing_is_none() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    for move in (M.REFUSE, M.DISPUTE):
        with pytest.raises(Invalid) as raised:
            life.do(move, W.DISPATCHER, request=request, reason="不")
        assert raised.value.fields == {"reason": "reason_too_short"}


@pytest.mark.parametrize("kind", [K.RETURN, K.SUSPENSION, K.EXCLUSION])
def test_reasons_come_from_the_list(kind: RequestKind) -> None:
    with pytest.raises(Invalid) as raised:
        Life().to(S.DISPATCHED).ask(kind, **FORMS[kind] | {"reason_code": "because"})
    assert raised.value.fields == {"reason_code": "not_in_list"}


def test_a_request_says_of_which_kind_it_is() -> None:
    with pytest.raises(Invalid) as raised:
        Life().to(S.DISPATCHED).do(M.ASK, W.UNIT)
    assert raised.value.fields == {"request_kind": "required"}


# -- return ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("urgency", "inside", "outside"),
    [
        (Urgency.P0, {"minutes": 15}, {"seconds": 1}),
        (Urgency.P1, {"minutes": 30}, {"seconds": 1}),
        (Urgency.P2, {"hours": 32.5}, {"seconds": 1}),  # 17:30 of the next working day
        (Urgency.P3, {"hours": 32.5}, {"seconds": 1}),
    ],
)
def test_a_return_is_asked_within_its_window_after_dispatch(
    urgency: Urgency, inside: dict[str, float], outside: dict[str, float]
) -> None:
    early = Life(urgency=urgency).to(S.DISPATCHED).wait(**inside)
    assert K.RETURN in askable(early.ticket, early.now, early.calendar, early.limits)
    early.ask(K.RETURN, **RETURN)
    late = Life(urgency=urgency).to(S.DISPATCHED).wait(**inside).wait(**outside)
    assert K.RETURN not in askable(late.ticket, late.now, late.calendar, late.limits)
    with pytest.raises(NotAllowed, match="return_window_over"):
        late.ask(K.RETURN, **RETURN)


@pytest.mark.parametrize(("urgency", "by"), [(Urgency.P1, "2026-03-02 09:15"), (Urgency.P2, "2026-03-02 15:00")])
def test_a_return_is_to_be_decided_within_four_business_hours_or_a_quarter_of_an_hour(
    urgency: Urgency, by: str
) -> None:
    life = Life(urgency=urgency).to(S.DISPATCHED)
    life.ask(K.RETURN, **RETURN)
    assert life.ticket.requests[0].decide_by == local(by)


def test_a_granted_return_ends_in_a_reassignment_which_labels_the_dispatch_as_wrong() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    form = {"unit": "unit-b", "duty_item": "item-b", "request": request}
    with pytest.raises(Invalid) as raised:
        life.do(Action.REASSIGN, W.DISPATCHER, **form)
    assert raised.value.fields == {"request": "not_granted"}
    life.do(M.GRANT, W.DISPATCHER, request=request)
    result = life.do(Action.REASSIGN, W.DISPATCHER, **form)
    assert life.ticket.assignments[0].state is AssignmentState.RETURNED
    assert ErrandKind.LABEL_DISPATCH_ERROR in {errand.kind for errand in result.errands}
    assert life.ticket.requests[0].used


def test_a_granted_return_may_be_recalled_instead() -> None:
    life = Life().to(S.ACCEPTED)
    request = life.ask(K.RETURN, **RETURN)
    life.do(M.GRANT, W.SUPERVISOR, request=request)
    life.do(Action.RECALL, W.DISPATCHER, reason="重新研判", request=request)
    assert (life.ticket.state, life.ticket.assignments[0].state) == (S.TRIAGE, AssignmentState.RETURNED)


def test_a_refused_return_leaves_unit_and_clock_as_they_were() -> None:
    life = Life().to(S.DISPATCHED)
    lead = life.ticket.lead
    request = life.ask(K.RETURN, **RETURN)
    with pytest.raises(Invalid):
        life.do(M.REFUSE, W.DISPATCHER, request=request)
    life.do(M.REFUSE, W.DISPATCHER, request=request, reason="目录明确")
    assert life.ticket.lead == lead
    assert life.ticket.requests[0].decision == "目录明确"


def test_a_dispute_is_ruled_on_by_the_supervisor_and_becomes_a_precedent() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    result = life.do(M.DISPUTE, W.DISPATCHER, request=request, reason="两家均不认领")
    assert [errand.kind for errand in result.errands] == [ErrandKind.RULE_DISPUTE, ErrandKind.HEAR_UNIT]
    assert life.ticket.requests[0].decide_by == local("2026-03-03 17:30")
    with pytest.raises(NotAllowed):
        life.do(M.GRANT, W.DISPATCHER, request=request)
    life.do(Action.ACCEPT, W.UNIT)  # the first receiver works meanwhile
    result = life.do(M.GRANT, W.SUPERVISOR, request=request, reason="由乙单位办理", clause="第3条")
    assert [errand.kind for errand in result.errands] == [ErrandKind.RECORD_PRECEDENT]


def test_what_is_disputed_is_decided_with_reason_and_clause_and_disputed_once() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    life.do(M.DISPUTE, W.DISPATCHER, request=request, reason="两家均不认领")
    with pytest.raises(Conflict, match="disputed_already"):
        life.do(M.DISPUTE, W.SUPERVISOR, request=request, reason="再次提请")
    for move in (M.GRANT, M.REFUSE):
        with pytest.raises(Invalid) as raised:
            life.do(move, W.SUPERVISOR, request=request, reason="同意退单")
        assert raised.value.fields == {"clause": "required"}


def test_the_second_return_raises_supervision_and_the_third_is_ruled_on() -> None:
    life = Life().to(S.DISPATCHED)
    for times, (state, supervision) in enumerate(
        [(RequestState.OPEN, 0), (RequestState.OPEN, 1), (RequestState.DISPUTED, 2)], start=1
    ):
        request = life.ask(K.RETURN, **RETURN)
        assert (life.ticket.requests[-1].state, life.ticket.supervision) == (state, supervision)
        assert life.ticket.counters.returns == times
        life.do(M.REFUSE, W.SUPERVISOR, request=request, reason="目录明确", clause="第3条")


def test_nobody_goes_around_a_ruling_that_waits() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    life.do(M.DISPUTE, W.DISPATCHER, request=request, reason="两家均不认领")
    moves: dict[Action, dict[str, str]] = {
        Action.REASSIGN: {"unit": "unit-b", "duty_item": "item-b", "reason": "先给乙单位"},
        Action.RECALL: {"reason": "重新研判"},
        Action.MERGE: {"parent": "N2", "reason": "同一事件"},
    }
    life.around = replace(life.around, parent=replace(life.ticket, id="parent", number="N2"))
    for action, form in moves.items():
        for who in (W.DISPATCHER, W.AGENT if action is Action.MERGE else W.SUPERVISOR):
            with pytest.raises(Conflict, match="dispute_waits"):
                life.do(action, who, **form)
    assert life.ticket.requests[0].state is RequestState.DISPUTED
    life.do(M.GRANT, W.SUPERVISOR, request=request, reason="由乙单位办理", clause="第3条")
    life.do(Action.REASSIGN, W.SUPERVISOR, **moves[Action.REASSIGN] | {"request": request})
    assert life.ticket.lead is not None
    assert life.ticket.lead.unit == "unit-b"


def test_nobody_ends_a_dispute_by_shelving_or_referring_it_while_the_first_receiver_works() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    life.do(M.DISPUTE, W.DISPATCHER, request=request, reason="两家均不认领")
    life.to(S.IN_PROGRESS)
    with pytest.raises(Conflict, match="dispute_waits"):
        life.to(S.SHELVED)
    with pytest.raises(Invalid) as raised:
        life.do(Action.SUBMIT_RESULT, W.UNIT, **RESULT | {"outcome": Outcome.REFERRED})
    assert raised.value.fields == {"outcome": "dispute_waits"}
    assert life.ticket.requests[0].state is RequestState.DISPUTED
    life.do(Action.SUBMIT_RESULT, W.UNIT, **RESULT)
    assert life.ticket.requests[0].state is RequestState.DISPUTED


def test_a_dispute_ends_without_a_ruling_only_with_the_citizens_wish() -> None:
    ends = {
        row.action
        for row in TABLE
        if REQUESTS_LIVE_IN.intersection(row.sources)
        and row.target not in REQUESTS_LIVE_IN | DISPUTES_OUTLIVE_IN
        and "no_dispute_waits" not in row.guards
    }
    assert ends == {Action.WITHDRAW}


def test_what_a_unit_gave_back_comes_to_it_again_only_by_a_ruling() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    life.do(M.GRANT, W.DISPATCHER, request=request)
    life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-b", duty_item="item-b", request=request)
    with pytest.raises(Conflict, match="was_given_back"):
        life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-a", duty_item="item-a", reason="再试一次")
    life.ask(K.RETURN, **RETURN | {"suggested_unit": "unit-a"})
    assert life.ticket.requests[-1].state is RequestState.DISPUTED


def test_p47_a_dispatcher_alone_does_not_send_a_ticket_round_in_a_circle() -> None:
    life = Life().to(S.DISPATCHED)
    life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-b", duty_item="item-b", reason="地点在乙单位辖区")
    with pytest.raises(Conflict, match="led_before"):
        life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-a", duty_item="item-a", reason="改回原单位办理")
    # Whoever put it wrong has the supervisor put it right; what the unit asks for and gets goes there as well.
    request = life.ask(K.RETURN, **RETURN | {"suggested_unit": "unit-a"})
    life.do(M.GRANT, W.DISPATCHER, request=request)
    life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-a", duty_item="item-a", request=request)
    other = Life().to(S.DISPATCHED)
    other.do(Action.REASSIGN, W.DISPATCHER, unit="unit-b", duty_item="item-b", reason="地点在乙单位辖区")
    other.do(Action.REASSIGN, W.SUPERVISOR, unit="unit-a", duty_item="item-a", reason="改回原单位办理")
    assert other.ticket.lead is not None
    assert other.ticket.lead.unit == "unit-a"


@pytest.mark.parametrize("basis", ["职责", "按职责办理", "请你单位办理", "按有关规定"])
def test_a_lead_without_a_duty_item_stands_on_more_than_a_word(basis: str) -> None:
    life = Life().to(S.TRIAGE)
    with pytest.raises(Invalid) as raised:
        life.do(Action.DISPATCH, W.DISPATCHER, unit="unit-a", matter="m", basis=basis)
    assert raised.value.fields == {"basis": "clause_names_nothing"}
    for founded in ("《城市道路管理条例》第二十条", "区领导批示", "第3号裁定", "8月2日会议纪要"):
        other = Life().to(S.TRIAGE)
        other.do(Action.DISPATCH, W.DISPATCHER, unit="unit-a", matter="m", basis=founded)
        assert other.ticket.basis == founded


def test_p47_no_circle_goes_by_taking_it_back_first() -> None:
    life = Life().to(S.DISPATCHED)
    life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-b", duty_item="item-b", reason="地点在乙单位辖区")
    life.do(Action.RECALL, W.DISPATCHER, reason="派错单位，收回重派")
    with pytest.raises(Conflict, match="led_before"):
        life.do(Action.DISPATCH, W.DISPATCHER, unit="unit-a", basis="职责清单")
    # Whose duty it is by the catalogue gets it: nobody has it now who could ask for a return.
    right = Life(life.ticket.kind)
    right.ticket = life.ticket
    right.do(Action.DISPATCH, W.DISPATCHER, unit="unit-a", duty_item="item-a")
    # What was taken back by mistake goes where it was.
    life.do(Action.DISPATCH, W.DISPATCHER, unit="unit-b", duty_item="item-b", basis="职责清单")
    given_back = Life().to(S.DISPATCHED)
    request = given_back.ask(K.RETURN, **RETURN)
    given_back.do(M.GRANT, W.DISPATCHER, request=request)
    given_back.do(Action.RECALL, W.DISPATCHER, reason="退单已同意，收回重派", request=request)
    with pytest.raises(Conflict, match="was_given_back"):
        given_back.do(Action.DISPATCH, W.DISPATCHER, unit="unit-a", duty_item="item-a", basis="职责清单")


def test_a_return_names_another_unit_than_ones_own() -> None:
    with pytest.raises(Invalid) as raised:
        Life().to(S.DISPATCHED).ask(K.RETURN, **RETURN | {"suggested_unit": "unit-a"})
    assert raised.value.fields == {"suggested_unit": "own_unit"}


def test_only_a_return_is_disputed() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.SHELVING, **SHELVING)
    with pytest.raises(Invalid):
        life.do(M.DISPUTE, W.DISPATCHER, request=request, reason="两家争议")
    with pytest.raises(NotFound):
        life.do(M.DISPUTE, W.DISPATCHER, request="none", reason="两家争议")


# -- extension ------------------------------------------------------------------------------------------


def test_a_granted_extension_moves_unit_and_ticket_and_tells_the_citizen_why() -> None:
    life = Life().to(S.IN_PROGRESS)
    request = life.ask(K.EXTENSION, **EXTENSION)
    result = life.do(M.GRANT, W.DISPATCHER, request=request)
    lead, total = life.ticket.lead, life.ticket.clocks[0]
    assert lead is not None
    assert lead.clock.due == total.due == local("2026-03-13 17:30")
    assert [(errand.kind, errand.text) for errand in result.errands] == [(ErrandKind.TELL_EXTENSION, "等待配件")]
    assert life.ticket.counters.extensions == 1


def test_an_extension_asked_after_due_is_refused_and_one_asked_before_may_be_granted_later() -> None:
    life = Life().to(S.IN_PROGRESS).at("2026-03-11 17:30")
    request = life.ask(K.EXTENSION, **EXTENSION)
    life.at("2026-03-12 09:00").do(M.GRANT, W.DISPATCHER, request=request)
    late = Life().to(S.IN_PROGRESS).at("2026-03-11 17:31")
    assert K.EXTENSION not in askable(late.ticket, late.now, late.calendar, late.limits)
    with pytest.raises(NotAllowed, match="extension_after_due"):
        late.ask(K.EXTENSION, **EXTENSION)


@pytest.mark.parametrize(
    ("kind", "new_due", "code"),
    [
        (TicketKind.COMPLAINT, "2026-03-11 17:30", "after_due"),
        (TicketKind.COMPLAINT, "2026-03-20 17:31", "beyond_original_limit"),
        (TicketKind.CONSULT, "2026-03-05 17:30", "beyond_original_limit"),
        (TicketKind.PRAISE, "2026-03-05 17:30", "beyond_legal_ceiling"),
    ],
)
def test_an_extension_goes_at_most_one_original_limit_further_and_never_beyond_the_ceiling(
    kind: TicketKind, new_due: str, code: str
) -> None:
    life = Life(kind).to(S.IN_PROGRESS)
    with pytest.raises(Invalid) as raised:
        life.ask(K.EXTENSION, reason="等待配件", new_due=local(new_due))
    assert raised.value.fields == {"new_due": code}


def test_a_third_extension_is_refused() -> None:
    life = Life().to(S.IN_PROGRESS)
    for new_due in ("2026-03-12 17:30", "2026-03-13 17:30"):
        request = life.ask(K.EXTENSION, reason="等待配件", new_due=local(new_due))
        life.do(M.GRANT, W.DISPATCHER, request=request)
    with pytest.raises(NotAllowed, match="extended_too_often"):
        life.ask(K.EXTENSION, reason="等待配件", new_due=local("2026-03-16 17:30"))


def test_a_refused_extension_leaves_the_clock() -> None:
    life = Life().to(S.IN_PROGRESS)
    before = life.ticket.clocks
    request = life.ask(K.EXTENSION, **EXTENSION)
    life.do(M.REFUSE, W.DISPATCHER, request=request, reason="时间充足")
    assert life.ticket.clocks == before


# -- exclusion ------------------------------------------------------------------------------------------


def test_an_exclusion_is_decided_by_a_reviewer_even_after_the_reply_and_moves_nothing() -> None:
    life = Life().to(S.IN_PROGRESS)
    request = life.ask(K.EXCLUSION, **EXCLUSION)
    life.to(S.REPLIED)
    with pytest.raises(NotAllowed):
        life.do(M.GRANT, W.SUPERVISOR, request=request)
    before = life.ticket
    life.do(M.GRANT, W.REVIEWER, who="reviewer-2", request=request)
    assert life.ticket.flags == set()
    life.do(M.GRANT, W.REVIEWER, who="reviewer-3", request=request)
    assert life.ticket.flags == {Flag.EXCLUDED}
    assert (life.ticket.clocks, life.ticket.outcome, life.ticket.state) == (
        before.clocks,
        before.outcome,
        before.state,
    )


def test_an_exclusion_takes_two_reviewers_neither_of_whom_let_the_reply_go() -> None:
    life = Life().to(S.IN_PROGRESS)
    request = life.ask(K.EXCLUSION, **EXCLUSION)
    life.to(S.REPLIED)
    with pytest.raises(NotAllowed, match="judges_own_reply"):
        life.do(M.GRANT, W.REVIEWER, request=request)
    life.do(M.GRANT, W.REVIEWER, who="reviewer-2", request=request)
    with pytest.raises(NotAllowed, match="second_person_agrees"):
        life.do(M.GRANT, W.REVIEWER, who="reviewer-2", request=request)
    waiting = life.ticket.requests[-1]
    assert (waiting.state, waiting.agreed_by, waiting.decided_by) == (RequestState.OPEN, "reviewer-2", "")


def test_the_second_reviewer_may_still_refuse_an_exclusion() -> None:
    life = Life().to(S.IN_PROGRESS)
    request = life.ask(K.EXCLUSION, **EXCLUSION)
    life.do(M.GRANT, W.REVIEWER, who="reviewer-2", request=request)
    life.do(M.REFUSE, W.REVIEWER, who="reviewer-3", request=request, reason="证据不足")
    assert life.ticket.requests[-1].state is RequestState.REFUSED
    assert Flag.EXCLUDED not in life.ticket.flags


# -- deciding -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [K.RETURN, K.EXTENSION, K.SUSPENSION, K.SHELVING])
@pytest.mark.parametrize("actor", [W.UNIT, W.UNIT_LEADER, W.AGENT, W.REVIEWER, W.CITIZEN, W.TIMER])
def test_only_dispatchers_and_supervisors_decide(kind: RequestKind, actor: Actor) -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(kind, **FORMS[kind])
    with pytest.raises(NotAllowed, match="wrong_actor"):
        life.do(M.GRANT, actor, request=request)


def test_nobody_decides_for_their_own_unit() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    with pytest.raises(NotAllowed, match="decides_own_request"):
        life.do(M.GRANT, W.SUPERVISOR, of="unit-a", request=request)


@pytest.mark.parametrize("move", [M.GRANT, M.REFUSE])
def test_what_is_decided_is_not_decided_again(move: RequestMove) -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.SHELVING, **SHELVING)
    life.do(M.GRANT, W.DISPATCHER, request=request)
    with pytest.raises(Conflict, match="decided_already"):
        life.do(move, W.DISPATCHER, request=request, reason="再次审议")


ENDS: list[tuple[State, Action, Actor, dict[str, Any]]] = [
    (S.DISPATCHED, Action.RECALL, W.DISPATCHER, {"reason": "派单有误"}),
    (S.DISPATCHED, Action.REASSIGN, W.DISPATCHER, {"unit": "unit-b", "duty_item": "i", "reason": "派单有误"}),
    (S.IN_PROGRESS, Action.WITHDRAW, W.CITIZEN, {}),
]


@pytest.mark.parametrize(("state", "action", "actor", "form"), ENDS)
def test_requests_lapse_with_the_work_they_were_about(
    state: State, action: Action, actor: Actor, form: dict[str, Any]
) -> None:
    life = Life().to(state)
    request = life.ask(K.SHELVING, **SHELVING)
    life.do(action, actor, **form)
    assert life.ticket.requests[0].state is RequestState.LAPSED
    with pytest.raises(HotlineError):
        life.do(M.GRANT, W.DISPATCHER, request=request)


def test_a_grant_of_the_lead_before_does_not_serve_the_next_one() -> None:
    life = Life().to(S.DISPATCHED)
    request = life.ask(K.RETURN, **RETURN)
    life.do(M.GRANT, W.DISPATCHER, request=request)
    life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-b", duty_item="i", reason="另有安排")
    with pytest.raises(Invalid) as raised:
        life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-c", duty_item="i", request=request)
    assert raised.value.fields == {"request": "unknown"}


def test_what_may_be_asked_for_is_what_the_buttons_show() -> None:
    life = Life().to(S.TRIAGE)
    assert askable(life.ticket, life.now, life.calendar, life.limits) == ()
    life.to(S.DISPATCHED)
    assert askable(life.ticket, life.now, life.calendar, life.limits) == tuple(K)
    life.ask(K.SHELVING, **SHELVING)
    assert K.SHELVING not in askable(life.ticket, life.now, life.calendar, life.limits)
    assert life.ticket.clock(ClockKind.UNIT) is not None
