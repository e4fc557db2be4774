"""Each guard refuses what it should, and each road of a ticket leads where the workflow says."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed
from kernel.messages import Address
from tests.schedule import local
from tests.ticketing.making import (
    BAD,
    DISPATCHED,
    GOOD,
    PLAN_DONE,
    PROOF,
    RECEIVED,
    REFUSAL,
    RELEASED,
    RESULT,
    Life,
    ticket,
)
from ticketing.changing import ASKS_LEADER, ENDS_NOTHING
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    AssignmentState,
    ClockKind,
    ErrandKind,
    Flag,
    Outcome,
    RequestKind,
    RequestMove,
    ReviewCheck,
    Score,
    Secrecy,
    SideAction,
    Solved,
    State,
    TicketKind,
    Urgency,
    VoteAwaits,
)
from ticketing.model.ticket import Reply, Ticket
from ticketing.rules.invariants import ENDED, check
from ticketing.rules.transitions import TABLE

A, S, W = Action, State, Actor


def decision(confidence: float = 0.9, *, automatic: bool = True, **candidate: Any) -> DispatchDecision:
    found = Candidate("unit-a", confidence, "item", **candidate)
    return DispatchDecision(automatic, (found,), threshold=0.8)


MERGED_INTO = {"parent": "P1", "reason": "同一路灯"}

# state, action, doer, form, the error with its code or fields
REFUSALS: list[tuple[State, Action, Actor, dict[str, Any], type[HotlineError], object]] = [
    (S.RECEIVED, A.ASK_INFO, W.AGENT, {}, Invalid, {"question": "required"}),
    (S.RECEIVED, A.ASK_INFO, W.AGENT, {"question": "  "}, Invalid, {"question": "required"}),
    (S.RECEIVED, A.ACCEPT, W.UNIT, {}, Conflict, "wrong_state"),
    (S.RECEIVED, A.ASK_INFO, W.CITIZEN, {"question": "?"}, NotAllowed, "wrong_actor"),
    (S.NEED_INFO, A.SUPPLY_INFO, W.CITIZEN, {}, Invalid, {"text": "required"}),
    (S.NEED_INFO, A.GIVE_UP_INFO, W.TIMER, {}, Conflict, "too_early"),
    (S.TRIAGE, A.ANSWER, W.AGENT, {"text": "答", "citations": ("e",)}, NotAllowed, "not_a_consultation"),
    (S.TRIAGE, A.ANSWER, W.BOT, {"text": "答", "status_query": True}, NotAllowed, "needs_a_person"),
    (S.TRIAGE, A.DECLINE, W.AGENT, {}, Conflict, "nothing_proposed"),
    (S.DECLINED, A.APPEAL, W.CITIZEN, {}, Conflict, "no_appeal"),
    (S.DECLINED, A.LET_STAND, W.TIMER, {}, Conflict, "too_early"),
    (S.TRIAGE, A.HAND_OVER, W.BOT, {"platform": "110", "reason": "警情"}, Invalid, {"live_person": "required"}),
    (S.RECEIVED, A.TRIAGE, W.BOT, {"kind": TicketKind.SUGGEST}, Invalid, {"kind": "opens_a_suggestion"}),
    (S.RECEIVED, A.TRIAGE, W.BOT, {"urgency": Urgency.P3}, NotAllowed, "urgency_lowered_by_machine"),
    (S.RECEIVED, A.TRIAGE, W.AGENT, {"urgency": Urgency.P3}, Invalid, {"reason": "required_to_lower_urgency"}),
    (S.RECEIVED, A.TRIAGE, W.BOT, {"urgency": Urgency.P0}, NotAllowed, "emergency_needs_a_person"),
    (S.TRIAGE, A.MERGE, W.AGENT, MERGED_INTO | {"parent": "P9"}, Invalid, {"parent": "unknown"}),
    (S.TRIAGE, A.DISPATCH, W.DISPATCHER, {"unit": "unit-a"}, Invalid, {"basis": "required"}),
    (S.TRIAGE, A.DISPATCH, W.DISPATCHER, DISPATCHED | {"supporting": ("unit-a",)}, Invalid,
     {"supporting": "is_the_lead"}),
    (S.TRIAGE, A.DISPATCH, W.DISPATCHER, DISPATCHED | {"decision": decision(has_power=False)}, Invalid,
     {"unit": "lacks_power"}),
    (S.TRIAGE, A.DISPATCH, W.DISPATCHER, DISPATCHED | {"decision": decision(covers_area=False)}, Invalid,
     {"beyond_area": "outside_area"}),
    (S.TRIAGE, A.DISPATCH, W.TIMER, DISPATCHED, NotAllowed, "not_sure_enough"),
    (S.TRIAGE, A.DISPATCH, W.TIMER, DISPATCHED | {"decision": decision(0.7)}, NotAllowed, "not_sure_enough"),
    (S.TRIAGE, A.DISPATCH, W.TIMER, DISPATCHED | {"decision": decision(automatic=False)}, NotAllowed,
     "not_sure_enough"),
    (S.TRIAGE, A.DISPATCH, W.TIMER, {"unit": "unit-b", "duty_item": "item", "decision": decision()}, NotAllowed,
     "not_sure_enough"),
    (S.DISPATCHED, A.REASSIGN, W.DISPATCHER, {"unit": "unit-b", "duty_item": "item"}, Invalid,
     {"reason": "required"}),
    (S.DISPATCHED, A.REASSIGN, W.DISPATCHER, DISPATCHED | {"reason": "派单有误"}, Invalid, {"unit": "leads_already"}),
    (S.DISPATCHED, A.REASSIGN, W.DISPATCHER, {"unit": "unit-b", "duty_item": "i", "request": "none"}, Invalid,
     {"request": "unknown"}),
    (S.DISPATCHED, A.RECALL, W.DISPATCHER, {}, Invalid, {"reason": "required"}),
    (S.DISPATCHED, A.RECALL, W.DISPATCHER, {"reason": "派单有误", "request": "none"}, Invalid, {"request": "unknown"}),
    (S.DISPATCHED, A.ACCEPT, W.TIMER, {}, Conflict, "too_early"),
    (S.ACCEPTED, A.START, W.UNIT, {}, Invalid, {"contacted_at": "required"}),
    (S.ACCEPTED, A.START, W.UNIT, {"contacted_at": local("2026-03-09 09:00")}, Invalid,
     {"contacted_at": "in_the_future"}),
    (S.ACCEPTED, A.START, W.UNIT, {"contacted_at": local("2026-03-01 09:00")}, Invalid,
     {"contacted_at": "before_dispatch"}),
    (S.IN_PROGRESS, A.SUSPEND, W.SUPERVISOR, {"request": "none", "reason_code": "citizen", "reason": "外出"}, Invalid,
     {"request": "unknown"}),
    (S.IN_PROGRESS, A.SHELVE, W.SUPERVISOR,
     {"plan": "x", "owner": "x", "public_text": "x", "review_at": local("2026-09-01 09:00")}, Invalid,
     {"review_at": "within_longest_shelving"}),
    (S.IN_PROGRESS, A.SHELVE, W.SUPERVISOR,
     {"plan": "x", "owner": "x", "public_text": "x", "review_at": local("2026-03-01 09:00")}, Invalid,
     {"review_at": "within_longest_shelving"}),
    (S.SHELVED, A.UNSHELVE, W.TIMER, {}, Conflict, "too_early"),
    (S.IN_PROGRESS, A.SUBMIT_RESULT, W.UNIT, RESULT | {"evidence": ()}, Invalid,
     {"evidence": "required_if_resolved"}),
    (S.IN_PROGRESS, A.SUBMIT_RESULT, W.UNIT, RESULT | {"outcome": Outcome.DUPLICATE}, Invalid,
     {"outcome": "not_for_units"}),
    (S.IN_PROGRESS, A.SUBMIT_RESULT, W.UNIT, RESULT | {"handler": "", "phone": ""}, Invalid,
     {"handler": "required", "phone": "required"}),
    (S.SUBMITTED, A.REDO_INSIDE, W.UNIT_LEADER, {}, Invalid, {"reason": "required"}),
    (S.SUBMITTED, A.REDO_INSIDE, W.UNIT_LEADER, {"reason": "不行"}, Invalid, {"reason": "reason_too_short"}),
    (S.SUBMITTED, A.REDO_INSIDE, W.UNIT_LEADER, {"reason": "不行不行不行"}, Invalid, {"reason": "reason_repeats"}),
    (S.REVIEW, A.RELEASE, W.REVIEWER, {"text": "答复"}, Invalid, {"checked": "all_required"}),
    (S.REVIEW, A.RELEASE, W.REVIEWER, {"text": "答复", "checked": frozenset({ReviewCheck.POINTS})}, Invalid,
     {"checked": "all_required"}),
    (S.REVIEW, A.RELEASE, W.REVIEWER, {"checked": frozenset(ReviewCheck)}, Invalid, {"text": "required"}),
    (S.REVIEW, A.BOUNCE, W.REVIEWER, {}, Invalid, {"reason": "required"}),
    (S.REVIEW, A.BOUNCE, W.REVIEWER, {"reason": "。"}, Invalid, {"reason": "reason_too_short"}),
    (S.REVIEW, A.BOUNCE, W.REVIEWER, {"reason": "重写重写重写"}, Invalid, {"reason": "reason_repeats"}),
    (S.DISPATCHED, A.RECALL, W.DISPATCHER, {"reason": "错"}, Invalid, {"reason": "reason_too_short"}),
    (S.DISPATCHED, A.REASSIGN, W.DISPATCHER, {"unit": "unit-b", "duty_item": "i", "reason": "改"}, Invalid,
     {"reason": "reason_too_short"}),
    (S.REPLIED, A.RATE, W.CITIZEN, {}, Invalid, {"score": "required", "solved": "required"}),
    (S.REPLIED, A.BEGIN_CALLBACK, W.TIMER, {}, Conflict, "too_early"),
    (S.REPLIED, A.WITHDRAW, W.CITIZEN, {}, Conflict, "wrong_state"),
    (S.CALL_BACK, A.CLOSE, W.CALLBACK, {}, Conflict, "call_back_not_done"),
    (S.CALL_BACK, A.CLOSE, W.TIMER, {}, Conflict, "call_back_not_done"),
    (S.CALL_BACK, A.CLOSE, W.CITIZEN, {}, Conflict, "call_back_not_done"),
    (S.CALL_BACK, A.REHANDLE, W.CALLBACK, {"reason_code": "because"}, Invalid, {"reason_code": "not_in_list"}),
    (S.IN_PROGRESS, A.WITHDRAW, W.AGENT, {}, Invalid, {"reason": "required"}),
    (S.IN_PROGRESS, A.WITHDRAW, W.AGENT, {"reason": "x"}, Invalid, {"reason": "reason_too_short"}),
    (S.IN_PROGRESS, A.WITHDRAW, W.AGENT, {"reason": "市民来电撤回"}, Invalid, {"no_call_reason": "no_wish_on_record"}),
    (S.REVIEW, A.WITHDRAW, W.AGENT, {"reason": "市民来电撤回"}, NotAllowed, "unit_has_replied"),
]  # fmt: skip


@pytest.mark.parametrize(("state", "action", "actor", "form", "error", "said"), REFUSALS)
def test_what_may_not_be_done_is_refused_with_its_code(
    state: State, action: Action, actor: Actor, form: dict[str, Any], error: type[HotlineError], said: object
) -> None:
    life = Life().to(state)
    before = life.ticket
    with pytest.raises(error) as raised:
        life.do(action, actor, **form)
    assert (raised.value.fields if isinstance(raised.value, Invalid) else raised.value.code) == said
    assert life.ticket is before


UNIT_STEPS = [
    (S.DISPATCHED, A.ACCEPT, W.UNIT, {}),
    (S.ACCEPTED, A.START, W.UNIT, {"no_contact_reason": "匿名无法联系诉求人"}),
    (S.IN_PROGRESS, A.SUBMIT_RESULT, W.UNIT, RESULT),
    (S.SUBMITTED, A.APPROVE, W.UNIT_LEADER, {}),
    (S.SUBMITTED, A.REDO_INSIDE, W.UNIT_LEADER, {"reason": "请补充现场照片"}),
]


@pytest.mark.parametrize(("state", "action", "actor", "form"), UNIT_STEPS)
def test_people_of_another_unit_may_not_act_for_the_lead(
    state: State, action: Action, actor: Actor, form: dict[str, Any]
) -> None:
    with pytest.raises(NotAllowed, match="not_the_lead_unit"):
        Life().to(state).do(action, actor, of="unit-b", **form)


# -- taking in ------------------------------------------------------------------------------------------


def test_a_submission_gets_number_and_code_and_starts_the_clocks() -> None:
    life = Life().to(S.RECEIVED)
    assert (life.ticket.number, life.ticket.query_code, life.ticket.received) == ("N1", "Q1", life.now)
    assert [clock.kind for clock in life.ticket.clocks] == [ClockKind.TOTAL, ClockKind.DISPATCH]
    assert life.ticket.clocks[0].due == local("2026-03-11 17:30")
    assert life.ticket.clocks[0].ceiling_due == local("2026-03-23 17:30")


@pytest.mark.parametrize(
    ("missing", "fields"),
    [
        ({"text": " "}, {"text": "required"}),
        ({"place": ""}, {"place": "required"}),
        ({"contact": ""}, {"contact": "required"}),
        ({"text": "", "place": "", "contact": ""}, dict.fromkeys(("text", "place", "contact"), "required")),
    ],
)
def test_a_submission_needs_the_matter_a_place_and_a_way_to_reach_the_citizen(
    missing: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as raised:
        Life(**missing).to(S.RECEIVED)
    assert raised.value.fields == fields


def test_a_matter_without_a_place_and_an_anonymous_category_are_taken() -> None:
    life = Life(place="", placeless=True, contact="")
    life.around = replace(life.around, anonymous_allowed=True)
    assert life.to(S.RECEIVED).ticket.state is S.RECEIVED


def test_a_suggestion_is_never_a_ticket() -> None:
    with pytest.raises(Invalid):
        Life(TicketKind.SUGGEST).to(S.RECEIVED)


def test_a_report_is_secret_from_the_submission_on_and_after_being_classified_as_one() -> None:
    assert Life(TicketKind.REPORT).to(S.RECEIVED).ticket.secrecy is Secrecy.REPORT
    life = Life(TicketKind.COMPLAINT).to(S.RECEIVED)
    life.do(A.TRIAGE, W.AGENT, kind=TicketKind.REPORT)
    assert life.ticket.secrecy is Secrecy.REPORT


def test_classifying_aims_the_total_clock_without_restarting_it() -> None:
    life = Life(TicketKind.CONSULT).to(S.RECEIVED).wait(hours=30)
    before = life.ticket.clocks[0]
    life.do(A.TRIAGE, W.AGENT, kind=TicketKind.COMPLAINT, matter="lamp", area="a1", title="路灯")
    after = life.ticket.clocks[0]
    assert (before.due, after.due) == (local("2026-03-03 17:30"), local("2026-03-11 17:30"))
    assert after.started == before.started
    assert (life.ticket.matter, life.ticket.area, life.ticket.title) == ("lamp", "a1", "路灯")


def test_waiting_for_the_citizen_stops_the_total_clock_and_their_words_are_added() -> None:
    life = Life().to(S.NEED_INFO)
    assert life.ticket.wanted == "在哪里？"
    life.at("2026-03-03 09:00").do(A.SUPPLY_INFO, W.CITIZEN, text="门口第二盏", evidence=PROOF)
    assert life.ticket.text == "路灯不亮\n门口第二盏"
    assert (life.ticket.wanted, life.ticket.evidence) == ("", PROOF)
    assert life.ticket.clocks[0].due == local("2026-03-12 17:30")


def test_a_citizen_who_never_answers_closes_as_invalid_after_five_working_days_and_may_come_back() -> None:
    life = Life().to(S.NEED_INFO).at("2026-03-09 17:30")
    life.do(A.GIVE_UP_INFO, W.TIMER)
    assert (life.ticket.state, life.ticket.outcome) == (S.CLOSED, Outcome.INVALID)
    life.wait(days=1).do(A.REHANDLE, W.CITIZEN, reason_code="unsolved")
    lead = life.ticket.lead
    assert lead is not None
    assert lead.unit == "unit-z"


def test_a_consultation_answered_from_entries_is_resolved_when_the_citizen_says_so() -> None:
    life = Life(TicketKind.CONSULT).to(S.RECEIVED)
    life.do(A.ANSWER, W.BOT, text="周一至周五。", citations=("entry",))
    assert not life.ticket.clocks[0].running
    life.do(A.CONFIRM, W.CITIZEN)
    assert life.ticket.outcome is Outcome.RESOLVED


def test_a_consultation_is_explained_after_a_day_of_silence() -> None:
    life = Life(TicketKind.CONSULT).to(S.RECEIVED)
    life.do(A.ANSWER, W.BOT, text="周一至周五。", citations=("entry",))
    with pytest.raises(Conflict, match="too_early"):
        life.wait(hours=23).do(A.CONFIRM, W.TIMER)
    life.wait(hours=1).do(A.CONFIRM, W.TIMER)
    assert life.ticket.outcome is Outcome.EXPLAINED


def test_a_consultation_without_a_cited_entry_is_not_answered() -> None:
    with pytest.raises(Invalid) as raised:
        Life(TicketKind.CONSULT).to(S.RECEIVED).do(A.ANSWER, W.BOT, text="大概吧。")
    assert raised.value.fields == {"citations": "required"}


def test_an_answer_that_did_not_help_lets_the_total_clock_count_as_if_it_had_never_stopped() -> None:
    life = Life(TicketKind.CONSULT).to(S.RECEIVED)
    before = life.ticket.clocks[0]
    life.do(A.ANSWER, W.BOT, text="周一至周五。", citations=("entry",))
    life.wait(hours=3).do(A.NOT_SOLVED, W.CITIZEN)
    assert life.ticket.state is S.TRIAGE
    assert life.ticket.clocks[0] == before


def test_a_refusal_tells_the_right_road_and_the_legal_basis() -> None:
    reply = Life().to(S.DECLINED).ticket.reply
    assert reply is not None
    assert (reply.text, reply.basis) == ("原因：已进入信访渠道。办理途径：向信访部门提出。", "《信访工作条例》")


def test_two_people_decline_a_ticket_and_nobody_agrees_to_their_own_proposal() -> None:
    life = Life().to(S.TRIAGE)
    life.do(SideAction.PROPOSE_DECLINE, W.AGENT, who="agent-1", **REFUSAL)
    assert life.ticket.state is S.TRIAGE
    with pytest.raises(NotAllowed, match="agrees_to_own_proposal"):
        life.do(A.DECLINE, W.AGENT, who="agent-1")
    with pytest.raises(Conflict, match="proposed_already"):
        life.do(SideAction.PROPOSE_DECLINE, W.AGENT, who="agent-2", **REFUSAL)
    life.do(A.DECLINE, W.AGENT, who="agent-2")
    assert (life.ticket.state, life.ticket.refusal) == (S.DECLINED, None)


def test_a_proposal_to_decline_is_opposed_with_a_reason_or_falls_when_the_ticket_moves_on() -> None:
    life = Life().to(S.TRIAGE)
    life.do(SideAction.PROPOSE_DECLINE, W.AGENT, **REFUSAL)
    with pytest.raises(Invalid):
        life.do(SideAction.OPPOSE_DECLINE, W.DISPATCHER)
    life.do(SideAction.OPPOSE_DECLINE, W.DISPATCHER, reason="属市政职责")
    with pytest.raises(Conflict, match="nothing_proposed"):
        life.do(A.DECLINE, W.DISPATCHER)
    life.do(SideAction.PROPOSE_DECLINE, W.AGENT, **REFUSAL)
    assert life.do(A.DISPATCH, W.DISPATCHER, **DISPATCHED).ticket.refusal is None


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        (REFUSAL | {"reason_code": "busy"}, {"reason_code": "not_in_list"}),
        (REFUSAL | {"right_road": ""}, {"right_road": "required"}),
        (REFUSAL | {"legal_basis": " "}, {"legal_basis": "required"}),
        (
            REFUSAL | {"legal_basis": "x", "right_road": "无"},
            {"legal_basis": "clause_names_nothing", "right_road": "reason_too_short"},
        ),
        (REFUSAL | {"reason_code": "settled"}, {"text": "settled_names_no_ticket"}),
    ],
)
def test_declining_takes_a_reason_of_the_list_a_basis_and_the_right_road(
    form: dict[str, Any], fields: dict[str, str]
) -> None:
    with pytest.raises(Invalid) as raised:
        Life().to(S.TRIAGE).do(SideAction.PROPOSE_DECLINE, W.AGENT, **form)
    assert raised.value.fields == fields


@pytest.mark.parametrize(
    ("platform", "reason", "fields"),
    [("1", "火情", {"platform": "other_side_unnamed"}), ("隔壁老王", "试", {"reason": "reason_too_short"})],
)
def test_handing_over_names_who_takes_it_and_why(platform: str, reason: str, fields: dict[str, str]) -> None:
    with pytest.raises(Invalid) as raised:
        Life().to(S.TRIAGE).do(A.HAND_OVER, W.AGENT, platform=platform, reason=reason)
    assert raised.value.fields == fields


def test_what_tells_of_danger_goes_to_an_emergency_service_and_is_lowered_by_others_than_who_took_it() -> None:
    life = Life().to(S.TRIAGE)
    life.ticket = replace(life.ticket, urgency=Urgency.P0, dangers=("fire",))
    with pytest.raises(Invalid) as raised:
        life.do(A.HAND_OVER, W.AGENT, platform="隔壁老王", reason="起火")
    assert raised.value.fields == {"platform": "no_emergency_service"}
    with pytest.raises(Invalid):
        life.do(SideAction.LOWER_URGENCY, W.DISPATCHER, urgency=Urgency.P3, reason="x")
    with pytest.raises(NotAllowed, match="danger_is_lowered_by_others"):
        life.do(SideAction.LOWER_URGENCY, W.AGENT, urgency=Urgency.P3, reason="现场核实没有危险")
    missed = life.ticket.clock(ClockKind.DISPATCH)
    assert missed is not None
    life.now = missed.due + timedelta(minutes=5)
    life.do(SideAction.LOWER_URGENCY, W.DISPATCHER, urgency=Urgency.P3, reason="现场核实没有危险")
    still = life.ticket.clock(ClockKind.DISPATCH)
    assert (still is not None and still.due, life.ticket.urgency) == (missed.due, Urgency.P3)


def test_a_question_how_it_stands_names_the_ticket_it_asks_after() -> None:
    life = Life().to(S.TRIAGE)
    with pytest.raises(Invalid) as raised:
        life.do(A.ANSWER, W.AGENT, text="正在处理", status_query=True)
    assert raised.value.fields == {"parent": "ticket_asked_after"}
    life.around = replace(life.around, parent=replace(life.ticket, number="N1"))
    with pytest.raises(Invalid) as raised:
        life.do(A.ANSWER, W.AGENT, text="正在处理", status_query=True, parent="N1")
    assert raised.value.fields == {"parent": "another_ticket_of_the_citizen"}
    life.around = replace(life.around, parent=replace(life.ticket, id="other", number="P1", state=S.IN_PROGRESS))
    life.do(A.ANSWER, W.AGENT, text="正在处理", status_query=True, parent="P1")
    assert life.ticket.state is S.ANSWERED


def test_an_appeal_goes_back_to_triage_when_the_supervisor_upholds_it_and_only_once() -> None:
    life = Life().to(S.DECLINED)
    result = life.do(SideAction.FILE_APPEAL, W.CITIZEN, reason="应由热线受理")
    assert [errand.kind for errand in result.errands] == [ErrandKind.DECIDE_APPEAL]
    with pytest.raises(Conflict, match="appeal_pending"):
        life.at("2026-03-20 09:00").do(A.LET_STAND, W.TIMER)
    with pytest.raises(Conflict, match="no_appeal"):
        life.do(A.APPEAL, W.CITIZEN)
    life.do(SideAction.UPHOLD_APPEAL, W.SUPERVISOR, reason="属热线受理范围")
    assert (life.ticket.state, life.ticket.appeal_pending, life.ticket.supervisor) == (S.TRIAGE, False, "supervisor-1")
    life.to(S.TRIAGE).do(SideAction.PROPOSE_DECLINE, W.AGENT, **REFUSAL)
    life.do(A.DECLINE, W.DISPATCHER)
    with pytest.raises(NotAllowed, match="appealed_already"):
        life.do(SideAction.FILE_APPEAL, W.CITIZEN, reason="再次")


def test_the_supervisor_upholds_an_appeal_under_their_own_name() -> None:
    life = Life().to(S.DECLINED)
    life.do(SideAction.FILE_APPEAL, W.CITIZEN, reason="应由热线受理")
    life.do(SideAction.UPHOLD_APPEAL, W.SUPERVISOR, reason="应当受理")
    assert (life.ticket.state, life.ticket.appeal_pending) == (S.TRIAGE, False)
    assert life.ticket.supervisor == "supervisor-1"


def test_a_refusal_stands_after_five_working_days_or_when_the_appeal_is_rejected() -> None:
    life = Life().to(S.DECLINED)
    life.do(SideAction.FILE_APPEAL, W.CITIZEN, reason="应由热线受理")
    life.do(SideAction.REJECT_APPEAL, W.SUPERVISOR, reason="程序内事项")
    life.at("2026-03-09 17:30").do(A.LET_STAND, W.TIMER)
    assert life.ticket.outcome is Outcome.REFERRED


def test_what_was_handed_over_stays_ours_until_the_other_side_has_it() -> None:
    life = Life().to(S.HANDED_OVER)
    assert life.ticket.clocks[0].running
    assert life.ticket.handed_to == "110"
    life.do(A.SENT_BACK, W.PLATFORM, reason="不属警情")
    life.do(A.HAND_OVER, W.AGENT, platform="119", reason="火情")
    life.do(A.RECEIPT, W.PLATFORM, **RECEIVED)
    assert (life.ticket.outcome, life.ticket.clocks[0].running) == (Outcome.REFERRED, False)


@pytest.mark.parametrize(
    ("action", "form"),
    [(A.ASK_INFO, {"question": "?"}), (A.TRIAGE, {}), (A.ANSWER, {"text": "答", "citations": ("e",)})],
)
def test_an_emergency_is_not_left_to_the_bot(action: Action, form: dict[str, Any]) -> None:
    life = Life(TicketKind.CONSULT, Urgency.P0).to(S.RECEIVED)
    with pytest.raises(NotAllowed, match="emergency_needs_a_person"):
        life.do(action, W.BOT, **form)
    life.do(A.HAND_OVER, W.BOT, platform="119", reason="火情", live_person="agent-1")
    assert life.ticket.state is S.HANDED_OVER


# -- merging --------------------------------------------------------------------------------------------


def parent(state: State = S.IN_PROGRESS, **more: Any) -> Ticket:
    return ticket(id="parent", number="P1", **({"state": state} | more))


@pytest.mark.parametrize("state", [S.CLOSED, S.ARCHIVED, S.WITHDRAWN, S.DRAFT, S.MERGED])
def test_merging_goes_only_into_an_open_ticket(state: State) -> None:
    life = Life().to(S.TRIAGE)
    life.around = replace(life.around, parent=parent(state))
    with pytest.raises(Conflict) as raised:
        life.do(A.MERGE, W.AGENT, **MERGED_INTO)
    assert raised.value.current == state.value


def test_a_ticket_is_not_merged_into_itself_nor_when_others_are_merged_into_it() -> None:
    life = Life().to(S.TRIAGE)
    life.around = replace(life.around, parent=replace(life.ticket, number="P1"))
    with pytest.raises(Invalid):
        life.do(A.MERGE, W.AGENT, **MERGED_INTO)
    life.around = replace(life.around, parent=parent(), children=("C1",))
    with pytest.raises(Conflict, match="is_a_parent"):
        life.do(A.MERGE, W.AGENT, **MERGED_INTO)


def test_merging_ends_the_work_and_tells_the_unit_and_taking_it_apart_leaves_the_clock_alone() -> None:
    life = Life().to(S.IN_PROGRESS)
    life.around = replace(life.around, parent=parent())
    before = life.ticket.clocks[0]
    told = life.do(A.MERGE, W.DISPATCHER, **MERGED_INTO).errands
    assert [(errand.kind, errand.unit) for errand in told] == [(ErrandKind.END_ASSIGNMENT, "unit-a")]
    life.wait(days=2).do(A.UNMERGE, W.SUPERVISOR, reason="不是同一处")
    assert (life.ticket.state, life.ticket.parent, life.ticket.clocks[0]) == (S.TRIAGE, "", before)


def test_p38_a_merged_requester_is_answered_with_the_reply_of_the_parent() -> None:
    life = Life().to(S.TRIAGE)
    life.around = replace(life.around, parent=parent())
    life.do(A.MERGE, W.AGENT, **MERGED_INTO)
    with pytest.raises(Conflict, match="parent_not_closed"):
        life.do(A.CLOSE_MERGED, W.TIMER)
    life.around = replace(life.around, parent=parent(S.CLOSED))
    with pytest.raises(Conflict, match="parent_not_closed"):
        life.do(A.CLOSE_MERGED, W.TIMER)
    reply = Reply("路灯已修复。", life.now, "reviewer")
    life.around = replace(life.around, parent=parent(S.CLOSED, reply=reply))
    life.do(A.CLOSE_MERGED, W.TIMER)
    assert (life.ticket.outcome, life.ticket.reply) == (Outcome.DUPLICATE, reply)
    assert check(life.ticket, life.history) == []


@pytest.mark.parametrize("ending", ["close", "withdraw"])
def test_the_end_of_a_parent_answers_or_frees_those_merged_into_it(ending: str) -> None:
    life = Life().to(S.REPLIED if ending == "close" else S.IN_PROGRESS)
    life.around = replace(life.around, children=("C1",))
    if ending == "close":
        life.do(A.RATE, W.CITIZEN, **BAD)
        call(life, "2026-03-04 09:00", "phone", reached=True)
        life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
        result = life.do(A.CLOSE, W.CALLBACK, who="second")
    else:
        result = life.do(A.WITHDRAW, W.CITIZEN)
    assert ErrandKind.RELEASE_MERGED in {errand.kind for errand in result.errands}


# -- dispatching ----------------------------------------------------------------------------------------


def test_the_machine_dispatches_when_it_is_sure_and_the_basis_is_kept() -> None:
    life = Life().to(S.TRIAGE)
    life.do(A.DISPATCH, W.TIMER, **DISPATCHED, decision=decision(), supporting=("unit-b", "unit-b"))
    lead = life.ticket.lead
    assert lead is not None
    assert (lead.unit, lead.clock.due, life.ticket.duty_item) == ("unit-a", local("2026-03-11 17:30"), "item")
    assert [(a.unit, a.role) for a in life.ticket.assignments] == [
        ("unit-a", AssignmentRole.LEAD),
        ("unit-b", AssignmentRole.SUPPORTING),
    ]


def test_p46_reassigning_ends_the_old_order_and_gives_the_new_unit_its_floor() -> None:
    life = Life().to(S.DISPATCHED).at("2026-03-11 10:00")
    total = life.ticket.clocks[0]
    result = life.do(A.REASSIGN, W.DISPATCHER, unit="unit-b", duty_item="other", reason="派单有误")
    old, new = life.ticket.assignments
    assert (old.state, old.clock.running) == (AssignmentState.TAKEN_BACK, False)
    assert (new.unit, new.clock.due) == ("unit-b", local("2026-03-13 17:30"))
    assert life.ticket.clocks[0] == total
    assert [errand.unit for errand in result.errands] == ["unit-a"]
    accepts = [clock for clock in life.ticket.clocks if clock.kind is ClockKind.ACCEPT]
    assert [clock.running for clock in accepts] == [False, True]


def test_a_late_first_dispatch_gives_the_unit_its_floor_too() -> None:
    life = Life().to(S.TRIAGE).at("2026-03-11 16:00")
    life.do(A.DISPATCH, W.DISPATCHER, **DISPATCHED)
    lead = life.ticket.lead
    assert lead is not None
    assert lead.clock.due == local("2026-03-13 17:30")


def test_a_recalled_ticket_has_no_unit_and_its_dispatch_clock_starts_again() -> None:
    life = Life().to(S.ACCEPTED)
    life.do(A.RECALL, W.SUPERVISOR, reason="派单有误")
    assert life.ticket.lead is None
    dispatches = [clock for clock in life.ticket.clocks if clock.kind is ClockKind.DISPATCH]
    assert [clock.running for clock in dispatches] == [False, True]


def test_a_unit_that_does_not_accept_in_time_is_marked() -> None:
    life = Life().to(S.DISPATCHED).wait(hours=2)
    life.do(A.ACCEPT, W.TIMER)
    assert (life.ticket.state, Flag.LATE_ACCEPT in life.ticket.flags) == (S.ACCEPTED, True)


# -- working --------------------------------------------------------------------------------------------


def test_suspending_needs_its_granted_request_which_serves_once() -> None:
    life = Life().to(S.IN_PROGRESS)
    request = life.ask(RequestKind.SUSPENSION, reason="等待鉴定", reason_code="procedure")
    form = {"request": request, "reason_code": "procedure", "reason": "等待鉴定"}
    with pytest.raises(Invalid):
        life.do(A.SUSPEND, W.SUPERVISOR, **form)
    life.do(RequestMove.GRANT, W.DISPATCHER, request=request)
    life.do(A.SUSPEND, W.SUPERVISOR, **form)
    assert life.ticket.hold is not None
    lead = life.ticket.lead
    assert lead is not None
    assert lead.clock.paused
    assert life.ticket.clocks[0].paused
    life.wait(days=2).do(A.RESUME, W.UNIT)
    resumed = life.ticket
    assert resumed.hold is None
    assert not resumed.clocks[0].paused
    with pytest.raises(Invalid):
        life.do(A.SUSPEND, W.SUPERVISOR, **form)


def test_a_suspension_nobody_renews_ends_at_its_review() -> None:
    life = Life().to(S.IN_PROGRESS)
    request = life.ask(RequestKind.SUSPENSION, reason="市民外出", reason_code="citizen")
    life.do(RequestMove.GRANT, W.SUPERVISOR, request=request)
    life.do(A.SUSPEND, W.SUPERVISOR, request=request, reason_code="citizen", reason="外出")
    life.wait(days=29).do(SideAction.RENEW_HOLD, W.SUPERVISOR, reason="仍在外出")
    with pytest.raises(Conflict, match="too_early"):
        life.wait(days=29).do(A.RESUME, W.TIMER)
    life.wait(days=1).do(A.RESUME, W.TIMER)
    assert life.ticket.state is S.IN_PROGRESS


def test_a_shelved_ticket_is_closed_with_the_text_the_citizen_was_given() -> None:
    life = Life().to(S.SHELVED)
    with pytest.raises(Invalid) as raised:
        life.do(A.CLOSE_SHELVED, W.SUPERVISOR, reason="结")
    assert raised.value.fields == {"reason": "says_too_little", "measures": "plan_is_not_due"}
    with pytest.raises(Invalid) as raised:
        life.do(A.CLOSE_SHELVED, W.SUPERVISOR, reason="纳入明年计划", measures="已办理完毕")
    assert raised.value.fields == {"measures": "says_too_little"}
    life.at("2026-06-01 08:30").do(A.CLOSE_SHELVED, W.SUPERVISOR, reason="纳入明年计划")
    assert life.ticket.outcome is Outcome.SHELVED_CLOSED
    assert life.ticket.reply is not None
    assert life.ticket.reply.text == "说明"


def test_a_plan_that_was_done_early_closes_early_and_the_citizen_reads_what_was_done() -> None:
    life = Life().to(S.SHELVED)
    life.do(A.CLOSE_SHELVED, W.SUPERVISOR, **PLAN_DONE)
    assert life.ticket.reply is not None
    assert life.ticket.reply.text == "说明\n整条路的灯具已提前更换"


def test_the_lead_accepts_works_and_keeps_its_first_contact() -> None:
    life = Life().to(S.ACCEPTED)
    states = [life.ticket.assignments[0].state]
    states.append(
        life.do(A.START, W.UNIT, contacted_at=life.now, contact_how="用办公座机打通并核对了情况")
        .ticket.assignments[0]
        .state
    )
    assert states == [AssignmentState.ACCEPTED, AssignmentState.WORKING]
    assert life.ticket.first_contact == life.now


def test_a_result_waits_for_every_part_unless_its_dissent_is_noted() -> None:
    life = Life().to(S.IN_PROGRESS)
    life.do(SideAction.ADD_SUPPORTING, W.DISPATCHER, unit="unit-b", reason="涉及两家")
    with pytest.raises(Conflict) as raised:
        life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT)
    assert raised.value.data["units"] == ["unit-b"]
    part = life.ticket.assignments[-1].id
    life.do(SideAction.NOTE_DISSENT, W.UNIT, of="unit-b", assignment=part, dissent="认为不属本单位")
    life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT)
    assert life.ticket.state is S.SUBMITTED


def test_a_unit_without_inner_approval_passes_at_once() -> None:
    life = Life()
    life.around = replace(life.around, inner_approval=False)
    life.to(S.IN_PROGRESS).do(A.SUBMIT_RESULT, W.UNIT, **RESULT)
    assert life.ticket.state is S.REVIEW


def test_nobody_approves_their_own_result() -> None:
    life = Life().to(S.SUBMITTED)
    with pytest.raises(NotAllowed, match="approves_own_result"):
        life.do(A.APPROVE, W.UNIT_LEADER, who="unit-1")


# -- reply, vote, call-back -----------------------------------------------------------------------------


def test_the_reply_stops_the_clocks_and_ends_the_work() -> None:
    life = Life().to(S.REPLIED)
    assert life.ticket.reply is not None
    assert life.ticket.reply.text == "您好，路灯已修复。"
    assert {clock.kind for clock in life.ticket.clocks if clock.running} == set()
    assert {a.state for a in life.ticket.assignments} == {AssignmentState.DONE}


@pytest.mark.parametrize("action", [A.RELEASE, A.CLOSE, A.REHANDLE])
def test_nobody_of_the_handling_unit_reviews_calls_back_or_closes(action: Action) -> None:
    state, actor, form = {
        A.RELEASE: (S.REVIEW, W.REVIEWER, RELEASED),
        A.CLOSE: (S.CALL_BACK, W.CALLBACK, {}),
        A.REHANDLE: (S.CALL_BACK, W.CALLBACK, {}),
    }[action]
    with pytest.raises(NotAllowed, match="of_the_handling_unit"):
        Life().to(state).do(action, actor, of="unit-a", **form)


def test_the_third_bounce_needs_the_supervisor_by_name_and_raises_supervision() -> None:
    life = Life().to(S.REVIEW)
    for _ in range(2):
        life.do(A.BOUNCE, W.REVIEWER, reason="没有逐点答复")
        life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT)
        life.do(A.APPROVE, W.UNIT_LEADER)
    with pytest.raises(Invalid) as raised:
        life.do(A.BOUNCE, W.REVIEWER, reason="没有逐点答复")
    assert raised.value.fields == {"supervisor": "required_beyond_limit"}
    assert life.ticket.supervision == 0
    result = life.do(A.BOUNCE, W.REVIEWER, reason="没有逐点答复", supervisor="督办员")
    assert (life.ticket.supervision, life.ticket.supervisor) == (1, "督办员")
    assert [errand.kind for errand in result.errands] == [ErrandKind.RAISE_SUPERVISION]


def test_a_good_vote_closes_the_ticket_at_once_with_the_outcome_of_the_unit() -> None:
    life = Life().to(S.REPLIED)
    life.do(A.RATE, W.CITIZEN, **GOOD)
    assert (life.ticket.state, life.ticket.outcome) == (S.CLOSED, Outcome.RESOLVED)
    assert [record.what for record in life.history[-2:]] == ["rate", "close"]


def test_a_vote_for_partly_solved_is_not_closed_as_resolved() -> None:
    life = Life().to(S.REPLIED)
    life.do(A.RATE, W.CITIZEN, **GOOD | {"solved": Solved.PARTLY})
    assert life.ticket.outcome is Outcome.PARTLY


def test_a_bad_vote_makes_a_call_back_task_and_keeps_the_ticket_open() -> None:
    life = Life().to(S.REPLIED)
    result = life.do(A.RATE, W.CITIZEN, **BAD)
    assert [errand.kind for errand in result.errands] == [ErrandKind.CALL_BACK_TASK]
    assert life.ticket.state is S.CALL_BACK


def test_silence_begins_the_call_back_a_working_day_after_the_reply() -> None:
    life = Life().to(S.REPLIED).at("2026-03-03 17:30")
    result = life.do(A.BEGIN_CALLBACK, W.TIMER)
    assert [errand.kind for errand in result.errands] == [ErrandKind.CALL_BACK_TASK]


def call(life: Life, moment: str, channel: str, *, reached: bool = False, **vote: Any) -> None:
    """One attempt, over the relay unless it is said how else."""
    proof = {} if "no_call_reason" in vote else {"relayed_call": f"call at {moment}"}
    life.at(moment).do(SideAction.LOG_CALL, W.CALLBACK, channel=channel, reached=reached, **proof, **vote)


def called_back() -> Life:
    life = Life().to(S.REPLIED).at("2026-03-03 17:30")
    life.do(A.BEGIN_CALLBACK, W.TIMER)
    return life


@pytest.mark.parametrize(
    ("calls", "enough"),
    [
        ([("2026-03-04 09:00", "phone"), ("2026-03-05 09:00", "sms"), ("2026-03-05 15:00", "phone")], True),
        ([("2026-03-04 09:00", "phone"), ("2026-03-05 09:00", "sms")], False),
        ([("2026-03-04 09:00", "phone"), ("2026-03-04 10:00", "sms"), ("2026-03-04 15:00", "phone")], False),
        ([("2026-03-04 09:00", "phone"), ("2026-03-05 09:00", "phone"), ("2026-03-05 15:00", "phone")], False),
        # one day in UTC, two in the city
        ([("2026-03-04 23:50", "phone"), ("2026-03-05 00:10", "sms"), ("2026-03-05 00:20", "phone")], True),
    ],
)
def test_three_attempts_on_two_days_over_two_channels_close_as_unreachable(
    calls: list[tuple[str, str]], enough: bool
) -> None:
    life = called_back()
    for moment, channel in calls:
        call(life, moment, channel)
    if enough:
        life.do(A.CLOSE, W.TIMER)
        assert life.ticket.outcome is Outcome.UNREACHABLE
    else:
        with pytest.raises(Conflict, match="call_back_not_done"):
            life.do(A.CLOSE, W.TIMER)


def test_a_citizen_who_was_reached_and_gave_no_vote_leaves_the_outcome_of_the_unit() -> None:
    life = called_back()
    call(life, "2026-03-04 09:00", "phone", reached=True)
    call(life, "2026-03-05 09:00", "sms")
    call(life, "2026-03-05 15:00", "phone", reached=True)
    life.do(A.CLOSE, W.CALLBACK)
    assert life.ticket.outcome is Outcome.RESOLVED


def test_p41_no_number_of_attempts_closes_over_a_bad_vote() -> None:
    life = Life().to(S.CALL_BACK)
    for moment, channel in (("2026-03-04 09:00", "phone"), ("2026-03-05 09:00", "sms"), ("2026-03-05 15:00", "sms")):
        call(life, moment, channel)
    for actor in (W.TIMER, W.CALLBACK):
        with pytest.raises(Conflict, match="call_back_not_done"):
            life.do(A.CLOSE, actor)
    life.do(A.REHANDLE, W.CALLBACK)
    assert life.ticket.state is S.REHANDLE


def test_a_vote_given_on_the_telephone_counts() -> None:
    life = called_back()
    call(life, "2026-03-04 09:00", "phone", reached=True, **GOOD)
    life.do(A.CLOSE, W.CALLBACK)
    assert life.ticket.outcome is Outcome.RESOLVED


def test_nobody_closes_as_resolved_without_evidence() -> None:
    life = Life().to(S.IN_PROGRESS)
    life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT | {"outcome": Outcome.EXPLAINED, "evidence": ()})
    life.do(A.APPROVE, W.UNIT_LEADER)
    life.do(A.RELEASE, W.REVIEWER, **RELEASED)
    life.at("2026-03-03 17:30").do(A.BEGIN_CALLBACK, W.TIMER)
    call(life, "2026-03-04 09:00", "phone", reached=True, **GOOD)
    with pytest.raises(Invalid) as raised:
        life.do(A.CLOSE, W.CALLBACK, outcome=Outcome.RESOLVED)
    assert raised.value.fields == {"outcome": "no_evidence"}
    life.do(A.CLOSE, W.CALLBACK)
    assert life.ticket.outcome is Outcome.EXPLAINED


BY_LAW = {"legal_basis": "城乡规划法第四十条", "reason": "属违法加建，不能补证"}


def test_a_lawful_refusal_two_people_agree_on_closes_as_explained_and_is_not_handled_again() -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True)
    life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
    assert life.ticket.state is S.CALL_BACK
    with pytest.raises(NotAllowed, match="agrees_to_own_proposal"):
        life.do(A.CLOSE, W.CALLBACK)
    with pytest.raises(Conflict, match="call_back_not_done"):
        life.do(A.CLOSE, W.TIMER)
    life.do(A.CLOSE, W.CALLBACK, who="second")
    assert (life.ticket.outcome, life.ticket.lawful_refusal) == (Outcome.EXPLAINED, True)
    for actor in (W.CITIZEN, W.CALLBACK, W.SUPERVISOR):
        with pytest.raises(NotAllowed, match="lawful_refusal_confirmed"):
            life.do(A.REHANDLE, actor, reason_code="unsolved")


@pytest.mark.parametrize("actor", [W.CALLBACK, W.SUPERVISOR])
def test_who_does_not_agree_to_a_lawful_refusal_says_why_and_it_is_handled_again(actor: Actor) -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True)
    with pytest.raises(Conflict, match="nothing_proposed"):
        life.do(SideAction.OPPOSE_REFUSAL, actor, reason="不属违法加建")
    life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
    with pytest.raises(Conflict, match="proposed_already"):
        life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, who="second", **BY_LAW)
    with pytest.raises(Invalid):
        life.do(SideAction.OPPOSE_REFUSAL, actor)
    life.do(SideAction.OPPOSE_REFUSAL, actor, reason="不属违法加建")
    assert life.ticket.refusal is None
    with pytest.raises(Conflict, match="call_back_not_done"):
        life.do(A.CLOSE, W.CALLBACK, who="second")
    life.do(A.REHANDLE, W.CALLBACK)
    assert life.ticket.state is S.REHANDLE


def test_a_good_vote_closes_though_a_refusal_was_proposed_and_is_none() -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True)
    life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
    life.do(SideAction.CHANGE_RATING, W.CITIZEN, **GOOD)
    life.do(A.CLOSE, W.TIMER)
    assert (life.ticket.outcome, life.ticket.lawful_refusal) == (Outcome.RESOLVED, False)


def test_what_is_handled_again_is_proposed_afresh() -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True)
    life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
    life.do(A.REHANDLE, W.CALLBACK)
    assert life.ticket.refusal is None


def test_a_lawful_refusal_needs_its_law_its_reason_and_a_talk() -> None:
    life = Life().to(S.CALL_BACK)
    with pytest.raises(Invalid) as raised:
        life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK)
    assert raised.value.fields == {"legal_basis": "required", "reason": "required"}
    with pytest.raises(Conflict, match="call_back_not_done"):
        life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
    with pytest.raises(NotAllowed, match="of_the_handling_unit"):
        life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, of="unit-a", **BY_LAW)
    call(life, "2026-03-04 09:00", "phone", reached=True)
    for field, words in (("legal_basis", "x"), ("reason", "y")):
        with pytest.raises(Invalid) as raised:
            life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW | {field: words})
        assert raised.value.fields == {field: "reason_too_short"}
    life.do(SideAction.PROPOSE_REFUSAL, W.CALLBACK, **BY_LAW)
    with pytest.raises(Invalid) as raised:
        life.do(A.CLOSE, W.CALLBACK, who="second", outcome=Outcome.PARTLY)
    assert raised.value.fields == {"outcome": "not_after_a_call_back"}
    life.do(A.CLOSE, W.CALLBACK, who="second")
    assert life.ticket.outcome is Outcome.EXPLAINED


@pytest.mark.parametrize("outcome", [Outcome.DUPLICATE, Outcome.INVALID, Outcome.SHELVED_CLOSED, Outcome.REFERRED])
def test_a_call_back_does_not_end_as_what_it_cannot_find_out(outcome: Outcome) -> None:
    life = called_back()
    call(life, "2026-03-04 09:00", "phone", reached=True, **GOOD)
    with pytest.raises(Invalid) as raised:
        life.do(A.CLOSE, W.CALLBACK, outcome=outcome)
    assert raised.value.fields == {"outcome": "not_after_a_call_back"}


def test_after_a_bad_vote_who_was_reached_is_not_closed_as_unreachable() -> None:
    life = Life().to(S.CALL_BACK)
    for moment, channel in (("2026-03-04 09:00", "phone"), ("2026-03-05 09:00", "sms"), ("2026-03-05 15:00", "phone")):
        call(life, moment, channel, reached=True)
    with pytest.raises(Conflict, match="call_back_not_done"):
        life.do(A.CLOSE, W.CALLBACK)
    life.do(A.REHANDLE, W.CALLBACK)
    assert life.ticket.state is S.REHANDLE


def test_nobody_votes_in_a_call_that_was_not_answered() -> None:
    life = Life().to(S.CALL_BACK)
    with pytest.raises(Invalid) as raised:
        call(life, "2026-03-04 09:00", "phone", **GOOD)
    assert raised.value.fields == {"reached": "vote_without_a_talk"}
    assert life.ticket.rating is not None
    assert life.ticket.rating.bad


def test_p41_what_is_told_on_the_telephone_never_takes_the_place_of_the_citizens_own_vote() -> None:
    life = Life().to(S.CALL_BACK)
    own = life.ticket.rating
    with pytest.raises(Invalid) as raised:
        call(life, "2026-03-04 09:00", "phone", reached=True, **GOOD)
    assert raised.value.fields == {"text": "why_the_vote_changed"}
    result = life.at("2026-03-04 09:00").do(
        SideAction.LOG_CALL,
        W.CALLBACK,
        channel="phone",
        reached=True,
        relayed_call="one",
        text="灯昨晚已经修好",
        **GOOD,
    )
    assert life.ticket.rating == own
    told = life.ticket.attempts[-1].told
    assert told is not None
    assert (told.score, life.ticket.awaits) == (Score.SATISFIED, VoteAwaits.CONFIRMING)
    assert [(errand.kind, errand.text) for errand in result.errands] == [(ErrandKind.CONFIRM_VOTE, "满意，已解决")]
    for actor in (W.TIMER, W.CALLBACK):
        with pytest.raises(Conflict, match="call_back_not_done"):
            life.do(A.CLOSE, actor)
    # They never confirm it: their own vote counts, and the matter is handled again.
    life.at("2026-03-24 09:00").do(A.REHANDLE, W.CALLBACK)
    assert life.ticket.state is S.REHANDLE


def test_p41_the_citizen_alone_changes_their_own_vote_and_then_the_ticket_closes() -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True, text="灯昨晚已经修好", **GOOD)
    life.wait(hours=1).do(SideAction.CHANGE_RATING, W.CITIZEN, **GOOD)
    assert life.ticket.awaits is None
    life.do(A.CLOSE, W.TIMER)
    assert life.ticket.outcome is Outcome.RESOLVED


def test_p41_who_says_again_that_it_is_bad_is_asked_no_more() -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True, text="灯昨晚已经修好", **GOOD)
    life.wait(hours=1).do(SideAction.CHANGE_RATING, W.CITIZEN, **BAD)
    assert life.ticket.awaits is VoteAwaits.CALLING


def test_a_worse_word_on_the_telephone_is_kept_and_nobody_is_asked_to_confirm_it() -> None:
    life = Life().to(S.CALL_BACK)
    worse = {"score": Score.VERY_DISSATISFIED, "solved": Solved.NO}
    call(life, "2026-03-04 09:00", "phone", reached=True, text="还是不亮", **worse)
    attempt = life.ticket.attempts[-1]
    assert attempt.told is not None
    assert (attempt.told.score, attempt.to_confirm) == (Score.VERY_DISSATISFIED, False)
    assert life.ticket.rating is not None
    assert life.ticket.rating.score is Score.DISSATISFIED


@pytest.mark.parametrize("channel", ["phone", "sms", "wechat", "visit"])
@pytest.mark.parametrize("why", ["", "已打", "     办公  ", "打打打打打打打", "called from desk"])
@pytest.mark.parametrize("reached", [True, False])
def test_p41_no_attempt_counts_without_a_call_a_message_or_a_reason(channel: str, why: str, reached: bool) -> None:
    life = Life().to(S.CALL_BACK)
    with pytest.raises(Invalid) as raised:
        call(life, "2026-03-04 09:00", channel, reached=reached, no_call_reason=why)
    assert raised.value.fields == {"no_call_reason": "no_call_on_record"}
    assert life.ticket.attempts == ()


def test_p41_a_talk_without_a_call_on_record_is_marked_as_such() -> None:
    life = Life().to(S.CALL_BACK)
    call(life, "2026-03-04 09:00", "phone", reached=True, no_call_reason="办公座机拨打")
    (attempt,) = life.ticket.attempts
    assert (attempt.unproven, life.history[-1].why) == (True, "无通话记录：办公座机拨打")
    call(life, "2026-03-04 10:00", "phone", no_call_reason="线路故障，用手机拨打")
    call(life, "2026-03-04 11:00", "phone", reached=True)
    call(life, "2026-03-04 12:00", "phone")
    assert [each.unproven for each in life.ticket.attempts] == [True, True, False, False]


def test_p41_a_try_on_the_channel_the_citizen_wrote_from_is_the_message_the_house_sends() -> None:
    life, own = Life().to(S.CALL_BACK), "wechat"
    life.ticket = replace(life.ticket, address=Address(own, "", "citizen"))
    result = life.at("2026-03-04 09:00").do(SideAction.LOG_CALL, W.CALLBACK, channel=own, reached=False)
    (attempt,) = life.ticket.attempts
    assert (attempt.invited, attempt.unproven) == (True, False)
    assert [errand.kind for errand in result.errands] == [ErrandKind.INVITE_VOTE]
    talked = life.at("2026-03-04 10:00").do(
        SideAction.LOG_CALL, W.CALLBACK, channel=own, reached=True, no_call_reason="市民在对话里回了话"
    )
    assert (life.ticket.attempts[-1].unproven, talked.errands) == (True, ())


# -- handling again -------------------------------------------------------------------------------------


def again(life: Life, actor: Actor = W.CALLBACK, **form: Any) -> Life:
    """Rehandle, and work until it is replied to and badly voted again."""
    life.do(A.REHANDLE, actor, **form)
    life.do(A.RESTART, W.TIMER)
    lead = life.ticket.lead
    assert lead is not None
    life.do(A.SUBMIT_RESULT, W.UNIT, lead.unit, **RESULT)
    life.do(A.APPROVE, W.UNIT_LEADER, lead.unit)
    life.do(A.RELEASE, W.REVIEWER, **RELEASED)
    life.do(A.RATE, W.CITIZEN, **BAD)
    return life


def test_handling_again_has_a_clock_of_its_own_and_touches_no_earlier_one() -> None:
    life = Life().to(S.CALL_BACK)
    earlier = [c for c in life.ticket.clocks if c.kind is not ClockKind.CALL_BACK]
    before = life.ticket.assignments
    life.at("2026-03-16 10:00").do(A.REHANDLE, W.CALLBACK)
    clock = life.ticket.clock(ClockKind.REHANDLE)
    assert clock is not None
    assert clock.due == local("2026-03-20 17:30")  # half of seven working days, rounded up
    assert [c for c in life.ticket.clocks if c in earlier] == earlier
    assert life.ticket.assignments[: len(before)] == before
    lead = life.ticket.lead
    assert lead is not None
    assert (lead.unit, lead.clock.due) == ("unit-a", clock.due)
    life.do(A.RESTART, W.UNIT)
    assert life.ticket.assignments[-1].state is AssignmentState.WORKING


def test_the_second_rehandling_goes_one_level_up_and_the_third_needs_the_supervisor_by_name() -> None:
    life = Life().to(S.CALL_BACK)
    life.around = replace(life.around, upper_unit="unit-up")
    again(life)
    assert life.ticket.supervision == 0
    again(life)
    lead = life.ticket.lead
    assert lead is not None
    assert (lead.unit, life.ticket.supervision) == ("unit-up", 1)
    assert Flag.ESCALATED in life.ticket.flags
    with pytest.raises(Invalid) as raised:
        life.do(A.REHANDLE, W.CALLBACK)
    assert raised.value.fields == {"supervisor": "required_beyond_limit"}
    again(life, supervisor="督办员")
    assert (life.ticket.supervision, life.ticket.counters.rehandles) == (2, 3)
    assert check(life.ticket, life.history) == []


def closed() -> Life:
    life = Life().to(S.REPLIED)
    life.do(A.RATE, W.CITIZEN, **GOOD)
    return life


def test_a_citizen_reopens_a_closed_ticket_once_within_fifteen_days() -> None:
    life = closed().wait(days=15)
    life.do(A.REHANDLE, W.CITIZEN, reason_code="unsolved")
    life.do(A.RESTART, W.TIMER)
    life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT)
    life.do(A.APPROVE, W.UNIT_LEADER)
    life.do(A.RELEASE, W.REVIEWER, **RELEASED)
    life.do(A.RATE, W.CITIZEN, **GOOD)
    with pytest.raises(NotAllowed, match="reopened_already"):
        life.do(A.REHANDLE, W.CITIZEN, reason_code="unsolved")


def test_after_fifteen_days_a_citizen_does_not_reopen_but_a_supervisor_may() -> None:
    life = closed().wait(days=15, seconds=1)
    with pytest.raises(NotAllowed, match="reopening_too_late"):
        life.do(A.REHANDLE, W.CITIZEN, reason_code="unsolved")
    life.do(A.REHANDLE, W.SUPERVISOR, reason_code="unsolved")
    assert life.ticket.state is S.REHANDLE


def test_a_ticket_nobody_led_needs_somebody_to_handle_it_again() -> None:
    life = Life().to(S.NEED_INFO).at("2026-03-09 17:30")
    life.do(A.GIVE_UP_INFO, W.TIMER)
    life.around = replace(life.around, fallback_unit="")
    with pytest.raises(Invalid) as raised:
        life.do(A.REHANDLE, W.CITIZEN, reason_code="unsolved")
    assert raised.value.fields == {"unit": "required"}


def test_a_call_back_worker_does_not_pick_who_handles_it_again_and_a_supervisor_only_one_with_the_power() -> None:
    life = Life().to(S.CALL_BACK)
    with pytest.raises(NotAllowed, match="unit_is_the_supervisors_choice"):
        life.do(A.REHANDLE, W.CALLBACK, unit="unit-far")
    powerless = DispatchDecision(False, (Candidate("unit-far", 0.0, has_power=False),))
    with pytest.raises(Invalid) as raised:
        life.do(A.REHANDLE, W.SUPERVISOR, unit="unit-far", decision=powerless)
    assert raised.value.fields == {"unit": "lacks_power"}
    life.do(A.REHANDLE, W.SUPERVISOR, unit="unit-near")
    assert life.ticket.lead is not None
    assert life.ticket.lead.unit == "unit-near"


# -- the ends -------------------------------------------------------------------------------------------


def test_a_report_in_enforcement_is_not_withdrawn_and_other_tickets_are() -> None:
    with pytest.raises(NotAllowed, match="report_in_enforcement"):
        Life(TicketKind.REPORT, matter="m").to(S.ACCEPTED).do(A.WITHDRAW, W.CITIZEN)
    with pytest.raises(NotAllowed, match="report_in_enforcement"):
        Life(TicketKind.REPORT, flags=frozenset({Flag.ENFORCEMENT})).to(S.TRIAGE).do(A.WITHDRAW, W.CITIZEN)
    assert Life(TicketKind.REPORT).to(S.TRIAGE).do(A.WITHDRAW, W.CITIZEN).ticket.state is S.WITHDRAWN
    result = Life().to(S.REVIEW).do(A.WITHDRAW, W.CITIZEN)
    assert [errand.unit for errand in result.errands] == ["unit-a"]


def test_after_thirty_days_what_is_personal_is_forgotten() -> None:
    life = closed().wait(days=29)
    with pytest.raises(Conflict, match="too_early"):
        life.do(A.ARCHIVE, W.TIMER)
    result = life.wait(days=1).do(A.ARCHIVE, W.TIMER)
    assert (life.ticket.contact, life.ticket.address, life.ticket.citizen) == ("", None, "")
    assert [errand.kind for errand in result.errands] == [ErrandKind.MINIMISE]


def test_every_step_raises_the_version_and_says_who_when_and_why() -> None:
    life = Life().to(S.TRIAGE)
    result = life.do(A.DISPATCH, W.DISPATCHER, **DISPATCHED, reason="按目录")
    record = result.record
    assert (record.version, result.ticket.version) == (3, 3)
    assert (record.what, record.by, record.before, record.after) == (
        "dispatch",
        "dispatcher-1",
        S.TRIAGE,
        S.DISPATCHED,
    )
    assert (record.at, record.why) == (life.now, "按目录")


def test_what_the_citizen_showed_is_no_proof_that_it_is_solved() -> None:
    life = Life().to(S.IN_PROGRESS)
    life.do(SideAction.ADD_EVIDENCE, W.CITIZEN, evidence=PROOF)
    with pytest.raises(Invalid) as raised:
        life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT | {"evidence": PROOF})
    assert raised.value.fields == {"evidence": "is_the_citizens"}
    after = replace(PROOF[0], id="after")
    assert life.do(A.SUBMIT_RESULT, W.UNIT, **RESULT | {"evidence": (after,)}).ticket.proof == (after,)


def test_what_is_said_to_end_nothing_leads_nowhere_where_the_merged_are_set_free() -> None:
    targets = {row.target for row in TABLE if row.action in ENDS_NOTHING}
    assert targets.isdisjoint({*ENDED, State.MERGED, State.REPLIED})


def test_the_leader_is_asked_for_wherever_a_rule_looks_at_it() -> None:
    looks = {"approved_by_another", "keep_result"}
    assert {row.action for row in TABLE if looks & {*row.guards, *row.effects}} == ASKS_LEADER
