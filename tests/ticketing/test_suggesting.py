"""Forms open with what the ticket already says."""

from datetime import UTC, datetime

import pytest

from tests.ticketing.making import ticket
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import Action, AssignmentRole, AssignmentState, ClockKind, LimitUnit, Outcome, Secrecy
from ticketing.model.ticket import Assignment, Clock, Limit, Result
from ticketing.rules.suggesting import suggested

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
RESULT = Result("路灯灯泡损坏三只", "已更换灯泡", "市政设施养护职责", "李", "0757-88888888", Outcome.RESOLVED, "u", NOW)


def test_the_reviewer_starts_from_what_the_unit_found_and_did() -> None:
    given = suggested(ticket(title="同济路路灯不亮", result=RESULT), Action.RELEASE, None)
    for part in ("同济路路灯不亮", RESULT.findings, RESULT.measures, RESULT.basis, RESULT.phone):
        assert part in given["text"]


def test_no_reply_begins_with_half_a_title() -> None:
    given = suggested(ticket(title="张槎街道聚锦路人行道上的井盖破损，老…", result=RESULT), Action.RELEASE, None)
    assert given["text"].startswith("您好！您反映的问题已收悉。")


def test_no_form_of_a_secret_ticket_holds_words_that_may_tell_whose_it_is() -> None:
    secret = ticket(title="厨师李国强举报后厨", place="东方广场3栋", secrecy=Secrecy.REPORT, result=RESULT)
    for action in (Action.RELEASE, Action.TRIAGE):
        given = suggested(secret, action, None)
        assert "李国强" not in str(given)
        assert "东方广场" not in str(given)


def test_the_dispatcher_starts_from_the_best_candidate() -> None:
    decision = DispatchDecision(False, (Candidate("A", 0.6), Candidate("B", 0.3)))
    assert suggested(ticket(), Action.DISPATCH, decision) == {"unit": "A", "matter": ""}
    assert suggested(ticket(), Action.DISPATCH, None) == {"unit": "", "matter": ""}
    assert suggested(ticket(matter="lamp"), Action.DISPATCH, decision) == {"unit": "A", "matter": "lamp"}


def test_no_form_proposes_a_unit_it_would_be_refused_for() -> None:
    clock = Clock(ClockKind.UNIT, NOW, Limit(LimitUnit.WORKING_DAYS, 1), NOW)
    gave = Assignment("1", "T", "A", AssignmentRole.LEAD, AssignmentState.RETURNED, NOW, clock)
    decision = DispatchDecision(False, (Candidate("A", 0.6), Candidate("B", 0.5)))
    assert suggested(ticket(assignments=(gave,)), Action.DISPATCH, decision) == {"unit": "B", "matter": ""}


@pytest.mark.parametrize("action", [Action.CLOSE, Action.BOUNCE, Action.DECLINE])
def test_what_only_a_person_can_say_stays_empty(action: Action) -> None:
    assert suggested(ticket(result=RESULT), action, None) == {}
