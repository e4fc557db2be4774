"""What is done to a ticket without moving it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound
from kernel.messages import Address
from tests.schedule import local
from tests.ticketing.making import BAD, GOOD, PROOF, RESULT, Life
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    AssignmentState,
    ClockKind,
    ErrandKind,
    Flag,
    Outcome,
    SideAction,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import ContactProof
from ticketing.rules.invariants import check
from ticketing.rules.side_actions import SIDE_TABLE, side_fields, side_rows
from ticketing.rules.situation import FORM_FIELDS

A, S, W = SideAction, State, Actor
HOW = "用办公座机打通并核对了情况"
HURRIED = {"urgency": Urgency.P1, "reason": "急"}


def test_every_side_action_has_one_row_and_its_fields_are_on_the_form() -> None:
    assert sorted(row.action for row in SIDE_TABLE) == sorted(SideAction)
    assert {name for row in SIDE_TABLE for name in row.needs} <= FORM_FIELDS
    assert side_fields(A.LOG_CALL) == ("channel", "reached")
    assert A.URGE in {row.action for row in side_rows(S.IN_PROGRESS, W.CITIZEN)}
    assert A.URGE not in {row.action for row in side_rows(S.IN_PROGRESS, W.UNIT)}


REFUSALS: list[tuple[State, SideAction, Actor, dict[str, Any], type[HotlineError], object]] = [
    (S.REPLIED, A.URGE, W.CITIZEN, {}, Conflict, "wrong_state"),
    (S.TRIAGE, A.URGE, W.UNIT, {}, NotAllowed, "wrong_actor"),
    (S.TRIAGE, A.ADD_EVIDENCE, W.CITIZEN, {}, Invalid, {"text": "required"}),
    (S.TRIAGE, A.RAISE_URGENCY, W.BOT, {"urgency": Urgency.P3}, Invalid, {"urgency": "not_higher"}),
    (S.TRIAGE, A.RAISE_URGENCY, W.BOT, {"urgency": Urgency.P2}, Invalid, {"urgency": "not_higher"}),
    (S.TRIAGE, A.RAISE_URGENCY, W.DISPATCHER, {"urgency": Urgency.P1}, Invalid, {"reason": "required"}),
    (S.TRIAGE, A.RAISE_URGENCY, W.DISPATCHER, HURRIED, Invalid, {"reason": "reason_too_short"}),
    (S.TRIAGE, A.LOWER_URGENCY, W.AGENT, {"urgency": Urgency.P1, "reason": "x"}, Invalid, {"urgency": "not_lower"}),
    (S.TRIAGE, A.LOWER_URGENCY, W.AGENT, {"urgency": Urgency.P3}, Invalid, {"reason": "required"}),
    (S.TRIAGE, A.LOWER_URGENCY, W.BOT, {"urgency": Urgency.P3, "reason": "x"}, NotAllowed, "wrong_actor"),
    (S.DISPATCHED, A.LOG_CONTACT, W.UNIT, {"contacted_at": local("2026-04-02 09:00")}, Invalid,
     {"contacted_at": "in_the_future"}),
    (S.DISPATCHED, A.LOG_CONTACT, W.UNIT, {"contacted_at": local("2026-03-01 09:00")}, Invalid,
     {"contacted_at": "before_dispatch"}),
    (S.TRIAGE, A.LOG_CONTACT, W.UNIT, {"contacted_at": local("2026-03-02 09:00")}, Conflict, "wrong_state"),
    (S.DECLINED, A.UPHOLD_APPEAL, W.SUPERVISOR, {"reason": "x"}, Conflict, "no_appeal"),
    (S.DECLINED, A.REJECT_APPEAL, W.SUPERVISOR, {"reason": "x"}, Conflict, "no_appeal"),
    (S.DISPATCHED, A.ADD_SUPPORTING, W.DISPATCHER, {"unit": "unit-a", "reason": "x"}, Invalid,
     {"unit": "works_on_it_already"}),
    (S.ACCEPTED, A.ACCEPT_PART, W.UNIT, {}, NotAllowed, "lead_part"),
    (S.ACCEPTED, A.FINISH_PART, W.UNIT, {"findings": "x"}, NotAllowed, "lead_part"),
    (S.ACCEPTED, A.NOTE_DISSENT, W.UNIT, {"assignment": "none", "dissent": "x"}, NotFound, "not_found"),
    (S.CALL_BACK, A.CHANGE_RATING, W.CITIZEN, {}, Invalid, {"score": "required", "solved": "required"}),
    (S.SHELVED, A.RENEW_HOLD, W.SUPERVISOR, {"reason": "x", "review_at": local("2027-03-02 09:00")}, Invalid,
     {"review_at": "within_longest_shelving"}),
]  # fmt: skip


@pytest.mark.parametrize(("state", "action", "actor", "form", "error", "said"), REFUSALS)
def test_what_may_not_be_done_is_refused_with_its_code(
    state: State, action: SideAction, actor: Actor, form: dict[str, Any], error: type[HotlineError], said: object
) -> None:
    life = Life().to(state)
    before = life.ticket
    with pytest.raises(error) as raised:
        life.do(action, actor, **form)
    assert (raised.value.fields if isinstance(raised.value, Invalid) else raised.value.code) == said
    assert life.ticket is before


def test_the_third_urging_raises_supervision_and_never_blocks_the_citizen() -> None:
    life = Life().to(S.IN_PROGRESS)
    levels = []
    for _ in range(6):
        life.do(A.URGE, W.CITIZEN)
        levels.append(life.ticket.supervision)
    assert levels == [0, 0, 1, 2, 3, 3]


def test_an_agent_who_urges_for_a_citizen_the_third_time_names_the_supervisor() -> None:
    life = Life().to(S.IN_PROGRESS)
    for _ in range(2):
        life.do(A.URGE, W.AGENT)
    with pytest.raises(Invalid):
        life.do(A.URGE, W.AGENT)
    life.do(A.URGE, W.AGENT, supervisor="督办员")
    assert (life.ticket.supervision, life.ticket.supervisor) == (1, "督办员")


def test_evidence_is_added_to_what_there_is() -> None:
    life = Life().to(S.IN_PROGRESS)
    life.do(A.ADD_EVIDENCE, W.CITIZEN, text="昨晚又不亮", evidence=PROOF)
    assert (life.ticket.text, life.ticket.evidence) == ("路灯不亮\n昨晚又不亮", PROOF)


def test_raising_the_urgency_aims_every_clock_from_its_own_start() -> None:
    life = Life().to(S.DISPATCHED).wait(hours=1)
    life.do(A.RAISE_URGENCY, W.AGENT, urgency=Urgency.P1, reason="有人受伤")
    total, lead = life.ticket.clocks[0], life.ticket.lead
    accept = life.ticket.clock(ClockKind.ACCEPT)
    assert lead is not None
    assert accept is not None
    assert total.due == lead.clock.due == local("2026-03-03 17:30")
    assert accept.due == local("2026-03-02 09:30")
    assert total.started == local("2026-03-02 09:00")


def test_lowering_the_urgency_takes_a_person_and_a_reason() -> None:
    life = Life(urgency=Urgency.P0).to(S.DISPATCHED)
    life.do(A.LOWER_URGENCY, W.SUPERVISOR, urgency=Urgency.P2, reason="现场已排除险情")
    assert life.ticket.clocks[0].due == local("2026-03-11 17:30")


def test_the_supervisor_raises_supervision_in_their_own_name() -> None:
    life = Life().to(S.IN_PROGRESS)
    result = life.do(A.SUPERVISE, W.SUPERVISOR, reason="媒体关注")
    assert (life.ticket.supervision, life.ticket.supervisor) == (1, "supervisor-1")
    assert [(errand.kind, errand.level) for errand in result.errands] == [(ErrandKind.RAISE_SUPERVISION, 1)]


def test_the_first_contact_is_logged_once_and_stops_its_clock_for_good() -> None:
    life = Life().to(S.DISPATCHED)
    first = life.now
    life.do(A.LOG_CONTACT, W.UNIT, contacted_at=first, contact_how=HOW)
    life.wait(minutes=5).do(A.LOG_CONTACT, W.UNIT, contacted_at=life.now, contact_how=HOW)
    clock = life.ticket.clock(ClockKind.FIRST_CONTACT)
    assert clock is not None
    assert (life.ticket.first_contact, clock.stopped) == (first, first)
    life.do(Action.ACCEPT, W.UNIT)
    life.do(Action.START, W.UNIT)
    assert [c.kind for c in life.ticket.clocks].count(ClockKind.FIRST_CONTACT) == 1


@pytest.mark.parametrize(
    ("told_after", "call", "counts_when_told"),
    [(20, "", False), (40, "", True), (40, "call-1", False)],
    ids=["soon", "late", "late but relayed"],
)
def test_a_contact_written_down_late_counts_from_then_unless_a_relayed_call_proves_it(
    told_after: int, call: str, counts_when_told: bool
) -> None:
    life = Life().to(S.DISPATCHED)
    at = life.now
    life.wait(minutes=told_after).do(A.LOG_CONTACT, W.UNIT, contacted_at=at, relayed_call=call, contact_how=HOW)
    counted = life.now if counts_when_told else at
    assert (life.ticket.first_contact, life.ticket.contact_counted) == (at, counted)


def test_a_contact_told_late_on_starting_work_counts_from_then() -> None:
    life = Life().to(S.DISPATCHED)
    at = life.now
    life.do(Action.ACCEPT, W.UNIT)
    life.wait(minutes=40).do(Action.START, W.UNIT, contacted_at=at, contact_how=HOW)
    assert (life.ticket.first_contact, life.ticket.contact_counted) == (at, life.now)


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ("", "no_contact_on_record"),
        ("已联系", "no_contact_on_record"),
        ("已电话", "no_contact_on_record"),
        ("我单位已及时与市民本人取得联系", "contact_says_nothing"),
        ("联系了联系了联系了", "contact_says_nothing"),
        ("电话电话电话电话", "contact_says_nothing"),
    ],
)
@pytest.mark.parametrize("start", [True, False], ids=["on starting", "by itself"])
def test_a_first_contact_no_call_stands_behind_says_how_it_was_made(how: str, fault: str, *, start: bool) -> None:
    life = Life().to(S.ACCEPTED)
    with pytest.raises(Invalid) as refused:
        life.do(Action.START if start else A.LOG_CONTACT, W.UNIT, contacted_at=life.now, contact_how=how)
    assert refused.value.fields == {"contact_how": fault}
    assert life.ticket.first_contact is None


@pytest.mark.parametrize("start", [True, False], ids=["on starting", "by itself"])
def test_how_the_citizen_was_reached_tells_of_a_contact_now_without_the_box(*, start: bool) -> None:
    life = Life().to(S.ACCEPTED)
    life.do(Action.START if start else A.LOG_CONTACT, W.UNIT, contact_how=HOW)
    assert (life.ticket.first_contact, life.ticket.contact_counted) == (life.now, life.now)
    assert life.ticket.contact_proof == ContactProof(how=HOW)


@pytest.mark.parametrize("how", ["上午打了两次电话都没人接听", "拨打来电号码，对方已关机", "一直联系不上诉求人本人"])
def test_words_of_nobody_reached_are_no_contact_without_the_box(how: str) -> None:
    life = Life().to(S.ACCEPTED)
    with pytest.raises(Invalid) as refused:
        life.do(Action.START, W.UNIT, contact_how=how)
    assert refused.value.fields == {"contact_how": "contact_or_none"}
    life.do(Action.START, W.UNIT, contact_how=how, no_contact_reason="打了两次电话都没人接听")
    assert life.ticket.first_contact is None


def test_a_first_contact_by_word_is_marked_as_such_and_one_by_call_is_not() -> None:
    told, called = Life().to(S.ACCEPTED), Life().to(S.ACCEPTED)
    told.do(Action.START, W.UNIT, contacted_at=told.now, contact_how=HOW)
    called.do(Action.START, W.UNIT, contacted_at=called.now, relayed_call="call-1")
    assert told.ticket.contact_proof == ContactProof(how=HOW)
    assert told.ticket.contact_proof.unproven
    assert told.history[-1].why == f"无通话记录：{HOW}"
    assert called.ticket.contact_proof == ContactProof(call="call-1")
    assert not called.ticket.contact_proof.unproven


def test_a_message_of_the_house_is_the_first_contact_the_moment_it_goes_out() -> None:
    life = Life().to(S.ACCEPTED)
    life.ticket = replace(life.ticket, address=None)
    words = "路灯班组今天下午到现场检修，请保持电话畅通"
    with pytest.raises(Invalid) as refused:
        life.do(Action.START, W.UNIT, contact_text=words)
    assert refused.value.fields == {"contact_text": "citizen_not_written_to"}
    life.ticket = replace(life.ticket, address=Address("web", "site", "v1"))
    with pytest.raises(Invalid) as refused:
        life.do(Action.START, W.UNIT, contact_text="您好，您反映的问题已收到")
    assert refused.value.fields == {"contact_text": "says_nothing"}
    done = life.do(Action.START, W.UNIT, contact_text=words)
    assert [(each.kind, each.text) for each in done.errands] == [(ErrandKind.CONTACT_CITIZEN, words)]
    assert (life.ticket.first_contact, life.ticket.contact_counted) == (life.now, life.now)
    assert life.ticket.contact_proof == ContactProof(messaged=True)


def test_only_the_lead_logs_the_first_contact() -> None:
    life = Life().to(S.DISPATCHED)
    with pytest.raises(NotAllowed, match="not_the_lead_unit"):
        life.do(A.LOG_CONTACT, W.UNIT, of="unit-b", contacted_at=life.now, contact_how=HOW)


def test_p41_a_vote_can_be_changed_until_a_date_and_the_last_one_counts() -> None:
    life = Life().to(S.REPLIED)
    life.do(Action.RATE, W.CITIZEN, **GOOD)
    result = life.wait(days=15).do(A.CHANGE_RATING, W.CITIZEN, **BAD)
    assert life.ticket.rating is not None
    assert life.ticket.rating.bad
    assert [errand.kind for errand in result.errands] == [ErrandKind.CALL_BACK_TASK]
    assert life.ticket.state is S.CLOSED
    with pytest.raises(NotAllowed, match="rating_final"):
        life.wait(seconds=1).do(A.CHANGE_RATING, W.CITIZEN, **GOOD)


def test_a_ticket_closed_without_a_reply_has_nothing_to_rate() -> None:
    life = Life().to(S.NEED_INFO).at("2026-03-09 17:30")
    life.do(Action.GIVE_UP_INFO, W.TIMER)
    with pytest.raises(Conflict, match="nothing_to_rate"):
        life.do(A.CHANGE_RATING, W.CITIZEN, **GOOD)


def test_a_citizen_who_changes_a_bad_vote_to_a_good_one_lets_the_ticket_close() -> None:
    life = Life().to(S.CALL_BACK)
    life.do(A.CHANGE_RATING, W.CITIZEN, **GOOD)
    life.do(Action.CLOSE, W.CITIZEN)
    assert life.ticket.outcome is Outcome.RESOLVED


def test_nobody_of_the_handling_unit_calls_back() -> None:
    with pytest.raises(NotAllowed, match="of_the_handling_unit"):
        Life().to(S.CALL_BACK).do(A.LOG_CALL, W.CALLBACK, of="unit-a", channel="phone", reached=True, relayed_call="x")


def test_shelving_is_renewed_to_a_date_within_its_longest_time() -> None:
    life = Life().to(S.SHELVED)
    life.do(A.RENEW_HOLD, W.SUPERVISOR, reason="计划延后", review_at=local("2026-08-03 09:00"))
    assert life.ticket.hold is not None
    assert life.ticket.hold.review_at == local("2026-08-03 09:00")


# -- parts ----------------------------------------------------------------------------------------------


def handed_down() -> Life:
    """unit-a leads; down to unit-b, unit-c and unit-d."""
    life = Life().to(S.IN_PROGRESS)
    for above, below in (("unit-a", "unit-b"), ("unit-b", "unit-c"), ("unit-c", "unit-d")):
        life.do(A.SUB_DISPATCH, W.UNIT, of=above, unit=below)
    return life


def test_work_is_handed_down_three_levels_and_no_further() -> None:
    life = handed_down()
    assert [a.role for a in life.ticket.assignments] == [AssignmentRole.LEAD, *[AssignmentRole.SUB] * 3]
    with pytest.raises(NotAllowed, match="handed_down_too_far"):
        life.do(A.SUB_DISPATCH, W.UNIT, of="unit-d", unit="unit-e")


def test_a_unit_above_waits_for_those_below_it() -> None:
    life = handed_down()
    with pytest.raises(Conflict) as raised:
        life.do(A.FINISH_PART, W.UNIT, of="unit-b", findings="x")
    assert raised.value.data["units"] == ["unit-c"]
    for unit in ("unit-d", "unit-c", "unit-b"):
        life.do(A.ACCEPT_PART, W.UNIT, of=unit)
        life.do(A.FINISH_PART, W.UNIT, of=unit, findings="已到现场清走全部杂物")
    assert {a.state for a in life.ticket.assignments if a.role is AssignmentRole.SUB} == {AssignmentState.DONE}
    assert not any(a.clock.running for a in life.ticket.assignments if a.role is AssignmentRole.SUB)


def test_reassigning_the_lead_ends_what_it_handed_down_and_leaves_the_supporting() -> None:
    life = handed_down()
    life.do(A.ADD_SUPPORTING, W.DISPATCHER, unit="unit-s", reason="涉及两家")
    life.do(Action.REASSIGN, W.DISPATCHER, unit="unit-n", duty_item="i", reason="派单有误")
    assert {a.unit for a in life.ticket.assignments if a.open} == {"unit-n", "unit-s"}


@pytest.mark.parametrize(
    ("findings", "fault"), [("好了", "says_too_little"), ("您反映的问题已处理完毕", "says_nothing")]
)
def test_a_part_ends_with_words_the_lead_can_answer_from(findings: str, fault: str) -> None:
    life = handed_down()
    life.do(A.ACCEPT_PART, W.UNIT, of="unit-d")
    with pytest.raises(Invalid) as raised:
        life.do(A.FINISH_PART, W.UNIT, of="unit-d", findings=findings)
    assert raised.value.fields == {"findings": fault}


def test_a_unit_without_a_part_finishes_nothing() -> None:
    with pytest.raises(NotAllowed, match="no_part_in_it"):
        handed_down().do(A.FINISH_PART, W.UNIT, of="unit-x", findings="x")


DISSENT = "认为不属本单位职责"
SILENT = "该单位逾期未办，催办无果"


def supported() -> tuple[Life, str]:
    """unit-a leads, unit-b helps and has not signed."""
    life = Life().to(S.IN_PROGRESS)
    life.do(A.ADD_SUPPORTING, W.DISPATCHER, unit="unit-b", reason="涉及两家")
    return life, life.ticket.assignments[-1].id


def test_dissent_is_noted_by_the_unit_itself() -> None:
    life = handed_down()
    part = life.ticket.assignments[1].id
    with pytest.raises(Conflict, match="part_not_open"):
        life.do(A.NOTE_DISSENT, W.UNIT, assignment=life.ticket.assignments[0].id, dissent=DISSENT)
    life.do(A.NOTE_DISSENT, W.UNIT, of="unit-b", assignment=part, dissent=DISSENT)
    assert life.ticket.assignments[1].dissent == DISSENT


@pytest.mark.parametrize("speaks", ["unit-a", "unit-c", "unit-d"])
def test_no_unit_notes_the_dissent_of_another_not_even_the_one_that_handed_it_down(speaks: str) -> None:
    life = handed_down()
    part = life.ticket.assignments[1].id
    with pytest.raises(NotAllowed, match="dissent_is_the_units_own"):
        life.do(A.NOTE_DISSENT, W.UNIT, of=speaks, assignment=part, dissent=DISSENT)


def test_the_lead_silences_nobody_and_the_ticket_stays_with_it() -> None:
    life, part = supported()
    for at in (life.now, life.ticket.assignments[-1].clock.due + timedelta(days=1)):
        life.now = at
        with pytest.raises(NotAllowed, match="dissent_is_the_units_own"):
            life.do(A.NOTE_DISSENT, W.UNIT, assignment=part, dissent=DISSENT)
        with pytest.raises(Conflict, match="parts_open"):
            life.do(Action.SUBMIT_RESULT, W.UNIT, **RESULT)


@pytest.mark.parametrize("actor", [W.DISPATCHER, W.SUPERVISOR])
def test_the_hotline_notes_it_for_a_unit_that_let_its_clock_run_out_and_says_so(actor: Actor) -> None:
    life, part = supported()
    said = {"assignment": part, "dissent": "该部分未办，由主办一并说明"}
    with pytest.raises(NotAllowed, match="part_not_overdue"):
        life.do(A.NOTE_DISSENT, actor, reason=SILENT, **said)
    life.now = life.ticket.assignments[-1].clock.due + timedelta(minutes=1)
    with pytest.raises(Invalid) as raised:
        life.do(A.NOTE_DISSENT, actor, **said)
    assert raised.value.fields == {"reason": "required"}
    done = life.do(A.NOTE_DISSENT, actor, reason=SILENT, **said)
    assert (done.record.why, done.record.actor) == (SILENT, actor)
    life.do(Action.SUBMIT_RESULT, W.UNIT, **RESULT)
    assert life.ticket.state is S.SUBMITTED


@pytest.mark.parametrize("words", ["无异议", "没有意见。", "本单位对此无不同意见", "同意", "我单位没有任何异议"])
def test_no_objection_is_no_dissent(words: str) -> None:
    life, part = supported()
    with pytest.raises(Invalid) as raised:
        life.do(A.NOTE_DISSENT, W.UNIT, of="unit-b", assignment=part, dissent=words)
    assert raised.value.fields == {"dissent": "is_no_dissent"}


@pytest.mark.parametrize("words", ["不", "x", "不同意不同意不同意"])
def test_a_dissent_says_how_the_unit_disagrees(words: str) -> None:
    life, part = supported()
    with pytest.raises(Invalid) as raised:
        life.do(A.NOTE_DISSENT, W.UNIT, of="unit-b", assignment=part, dissent=words)
    assert raised.value.fields["dissent"].startswith("reason_")


MISTAKE = "误加协办，与该单位职责无关"


@pytest.mark.parametrize("actor", [W.DISPATCHER, W.SUPERVISOR])
@pytest.mark.parametrize("accepted", [False, True])
def test_a_part_given_by_mistake_is_withdrawn_and_the_lead_waits_for_it_no_more(actor: Actor, accepted: bool) -> None:
    life, part = supported()
    if accepted:
        life.do(A.ACCEPT_PART, W.UNIT, of="unit-b")
    result = life.do(A.WITHDRAW_PART, actor, assignment=part, reason=MISTAKE)
    assert (result.record.why, result.record.actor) == (MISTAKE, actor)
    ended = life.ticket.assignments[-1]
    assert (ended.state, ended.ended, ended.clock.running) == (AssignmentState.TAKEN_BACK, life.now, False)
    assert [(e.kind, e.unit, e.text) for e in result.errands] == [(ErrandKind.END_PART, "unit-b", MISTAKE)]
    life.do(Action.SUBMIT_RESULT, W.UNIT, **RESULT)
    assert life.ticket.state is S.SUBMITTED
    assert check(life.ticket, life.history) == []


def test_what_a_withdrawn_part_handed_down_ends_with_it_and_the_leads_own_stays() -> None:
    life, part = supported()
    life.do(A.SUB_DISPATCH, W.UNIT, of="unit-b", unit="unit-c")
    life.do(A.SUB_DISPATCH, W.UNIT, unit="unit-d")
    result = life.do(A.WITHDRAW_PART, W.DISPATCHER, assignment=part, reason=MISTAKE)
    assert [errand.unit for errand in result.errands] == ["unit-b", "unit-c"]
    assert {a.unit for a in life.ticket.assignments if a.open} == {"unit-a", "unit-d"}
    life.do(A.ADD_SUPPORTING, W.DISPATCHER, unit="unit-b", reason="仍需协办")
    assert life.ticket.assignments[-1].open


def test_what_was_worked_on_is_not_withdrawn() -> None:
    life, part = supported()
    life.do(A.SUB_DISPATCH, W.UNIT, of="unit-b", unit="unit-c")
    life.do(A.FINISH_PART, W.UNIT, of="unit-c", findings="已到现场清走全部杂物")
    with pytest.raises(NotAllowed, match="part_has_result"):
        life.do(A.WITHDRAW_PART, W.DISPATCHER, assignment=part, reason=MISTAKE)
    life.do(A.FINISH_PART, W.UNIT, of="unit-b", findings="已到现场清走全部杂物")
    with pytest.raises(Conflict, match="part_not_open"):
        life.do(A.WITHDRAW_PART, W.DISPATCHER, assignment=part, reason=MISTAKE)


def test_only_a_supporting_part_is_withdrawn_by_the_hotline_and_with_a_reason_that_says_something() -> None:
    life, part = supported()
    lead = life.ticket.lead
    assert lead is not None
    life.do(A.SUB_DISPATCH, W.UNIT, unit="unit-d")
    for other in (lead.id, life.ticket.assignments[-1].id):
        with pytest.raises(Invalid) as raised:
            life.do(A.WITHDRAW_PART, W.SUPERVISOR, assignment=other, reason=MISTAKE)
        assert raised.value.fields == {"assignment": "not_supporting"}
    with pytest.raises(NotAllowed, match="wrong_actor"):
        life.do(A.WITHDRAW_PART, W.UNIT, assignment=part, reason=MISTAKE)
    with pytest.raises(Invalid) as raised:
        life.do(A.WITHDRAW_PART, W.DISPATCHER, assignment=part, reason="误加")
    assert raised.value.fields == {"reason": "reason_too_short"}


def test_an_enterprise_is_contacted_within_a_business_hour() -> None:
    life = Life(TicketKind.CONSULT, flags=frozenset({Flag.ENTERPRISE})).to(S.DISPATCHED)
    clock = life.ticket.clock(ClockKind.FIRST_CONTACT)
    assert clock is not None
    assert clock.due == local("2026-03-02 10:00")
