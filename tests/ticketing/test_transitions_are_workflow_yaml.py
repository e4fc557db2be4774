"""The code's tables are the published workflow: every state, row, request, limit and invariant of workflow.yaml."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ticketing.model.labels import (
    CITIZEN_WORDS,
    Action,
    Actor,
    ClockKind,
    Open311,
    Outcome,
    RequestKind,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Limit
from ticketing.rules import invariants
from ticketing.rules.doers import ROLES
from ticketing.rules.limits import SAME_DAY, Limits, business_hours, minutes, rank, working_days
from ticketing.rules.moving import PAUSED_IN
from ticketing.rules.requests import ASKED_IN, RULES
from ticketing.rules.situation import FORM_FIELDS
from ticketing.rules.transitions import EFFECTS, GUARDS, LIFE, STAGES, TABLE, required_fields

WORKFLOW = Path(__file__).resolve().parents[3] / "shared" / "workflow.yaml"
LIMITS = Limits()


@pytest.fixture(scope="module")
def workflow() -> dict[str, Any]:
    if not WORKFLOW.exists():
        if os.environ.get("HOTLINE_CI"):
            pytest.fail("shared/workflow.yaml is needed here")
        pytest.skip("shared/workflow.yaml is not beside the repository")
    loaded: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    return loaded


# -- the machine, without the file ----------------------------------------------------------------------


def test_the_machine_is_sound() -> None:
    LIFE.check()


def test_every_named_guard_and_effect_exists_and_each_is_used() -> None:
    assert {name for row in TABLE for name in row.guards} == set(GUARDS)
    assert {name for row in TABLE for name in row.effects} == set(EFFECTS)
    assert len(GUARDS) == sum(len(stage.GUARDS) for stage in STAGES)
    assert len(EFFECTS) == sum(len(stage.EFFECTS) for stage in STAGES)


def test_every_field_a_row_needs_is_on_the_form() -> None:
    assert {name for row in TABLE for name in row.needs} <= FORM_FIELDS


def test_every_action_has_one_row_and_the_buttons_read_its_fields() -> None:
    assert [row.action for row in TABLE] == list(Action)
    assert required_fields(Action.MERGE) == ("parent", "reason")


# -- the file -------------------------------------------------------------------------------------------


def test_the_states_are_those_of_the_file_with_their_words(workflow: dict[str, Any]) -> None:
    assert [state.name for state in State] == list(workflow["states"])
    for name, facts in workflow["states"].items():
        state = State[name]
        words, status = CITIZEN_WORDS[state]
        assert (state.label, words) == (facts["zh"], facts["citizen"])
        expected = {"follows parent": Open311.OF_PARENT, None: Open311.UNPUBLISHED}
        said = facts.get("open311")
        assert status is (expected[said] if said in expected else Open311(said))
        assert (state in LIFE.final) is facts.get("final", False)


def test_clocks_pause_in_the_states_of_the_file(workflow: dict[str, Any]) -> None:
    for name, facts in workflow["states"].items():
        said = facts.get("pauses", [])
        kinds = {ClockKind(kind) for kind in ([said] if isinstance(said, str) else said)}
        # the rehandling's clock pauses wherever the ticket's does
        expected = kinds | {ClockKind.REHANDLE} if kinds else kinds
        assert PAUSED_IN.get(State[name], frozenset()) == expected


def test_the_rows_are_those_of_the_file_in_its_order(workflow: dict[str, Any]) -> None:
    said = [
        (
            Action(row["action"]),
            {State[name] for name in row["from"]},
            State[row["to"]],
            {Actor(name) for name in row["by"]},
        )
        for row in workflow["transitions"]
    ]
    assert [(row.action, set(row.sources), row.target, set(row.by)) for row in TABLE] == said


# rows whose guard is the wait of the timer, which timers.py holds
GUARDED_BY_TIME = {"give_up_info", "confirm", "begin_callback", "archive"}


def test_every_guard_of_the_file_is_a_guard_or_a_needed_field_or_a_wait(workflow: dict[str, Any]) -> None:
    for said in workflow["transitions"]:
        row = next(row for row in TABLE if row.action.value == said["action"])
        if "guard" in said and said["action"] not in GUARDED_BY_TIME:
            assert row.guards or row.needs, said["action"]


def test_every_effect_of_the_file_has_an_effect(workflow: dict[str, Any]) -> None:
    by_state_alone = {"supply_info": "add_words", "approve": ""}
    for said in workflow["transitions"]:
        row = next(row for row in TABLE if row.action.value == said["action"])
        if "effect" in said and said["action"] not in {*by_state_alone, "not_solved"}:
            assert row.effects, said["action"]


def test_the_requests_are_those_of_the_file(workflow: dict[str, Any]) -> None:
    said = workflow["requests"]
    assert [kind.name for kind in RequestKind] == list(said)
    assert {state.name for state in ASKED_IN} == {"DISPATCHED", "ACCEPTED", "IN_PROGRESS"}
    assert [action.value for action in RULES[RequestKind.RETURN].leads_to] == said["RETURN"]["granted"].split(" or ")
    assert RULES[RequestKind.SUSPENSION].leads_to[0].value == said["SUSPENSION"]["granted"]
    assert RULES[RequestKind.SHELVING].leads_to[0].value == said["SHELVING"]["granted"]
    assert RULES[RequestKind.EXCLUSION].decided_by == {Actor.REVIEWER}
    assert len(said["RETURN"]["needs"]) == len(RULES[RequestKind.RETURN].needs) + 1  # evidence or clause: a guard


def test_kinds_outcomes_and_roles_are_those_of_the_file(workflow: dict[str, Any]) -> None:
    assert [kind.name for kind in TicketKind] == workflow["types"]
    assert [outcome.name for outcome in Outcome] == workflow["outcomes"]
    said = {
        actor: {
            {"call-back worker": "callback", "joint-meeting office": "joint_office"}.get(role, role.replace(" ", "_"))
            for role in roles
        }
        for actor, roles in workflow["roles"].items()
    }
    assert {actor.value: {role.value for role in roles} for actor, roles in ROLES.items()} == said


def test_the_handling_limits_are_those_of_the_file(workflow: dict[str, Any]) -> None:
    said = workflow["handle_limit_wd"]
    for kind in TicketKind:
        assert list(LIMITS.handle[kind]) == said[kind.name]
        assert LIMITS.ceiling(kind, enterprise=False) == working_days(said[kind.name][0])
        assert LIMITS.promise(kind, Urgency.P2, enterprise=False) == working_days(said[kind.name][1])
    assert list(LIMITS.enterprise_consult) == said["enterprise"]["CONSULT"]
    assert list(LIMITS.enterprise_other) == said["enterprise"]["other"]
    assert LIMITS.timer(ClockKind.FIRST_CONTACT, Urgency.P2, enterprise=True) == limit_of(
        said["enterprise"]["first_contact"], Urgency.P2
    )


def limit_of(text: str, urgency: Urgency) -> Limit:
    """A limit as the file writes it: hours of P0 and P1 are by the clock, others of business."""
    if text == "same day":
        return SAME_DAY
    found = re.fullmatch(r"(\d+) (min|h|business h|WD)", text)
    assert found, text
    amount, unit = int(found[1]), found[2]
    if unit == "WD":
        return working_days(amount)
    if unit == "min":
        return minutes(amount)
    by_the_clock = unit == "h" and urgency in {Urgency.P0, Urgency.P1}
    return minutes(amount * 60) if by_the_clock else business_hours(amount)


@pytest.mark.parametrize("urgency", Urgency)
def test_the_timers_are_those_of_the_file(workflow: dict[str, Any], urgency: Urgency) -> None:
    column = rank(urgency)
    for name in ("dispatch", "accept", "first_contact", "review", "call_back"):
        said = workflow["timers"][name][column]
        assert LIMITS.timer(ClockKind(name), urgency, enterprise=False) == limit_of(said, urgency), name
    said = workflow["timers"]["handle_urgent"][column]
    by_type = LIMITS.promise(TicketKind.HELP, Urgency.P2, enterprise=False)
    expected = by_type if said == "by type" else limit_of(said, urgency)
    assert LIMITS.promise(TicketKind.HELP, urgency, enterprise=False) == expected


def test_escalation_and_lights_are_those_of_the_file(workflow: dict[str, Any]) -> None:
    said = workflow["escalation_wd_after_due"]
    assert LIMITS.escalation_days == (said["notice_to_head"], said["level_2"], said["circular"])
    yellow = workflow["lights"]["yellow"]
    assert f"{LIMITS.yellow_share * 100:g} %" in yellow
    assert f"{LIMITS.yellow_days} WD before due" in yellow
    assert f"max({LIMITS.floor_share * 100:g} % of the limit, {LIMITS.floor_days} WD)" in workflow["clocks"]["C_unit"]


def test_first_replies_are_those_of_the_file(workflow: dict[str, Any]) -> None:
    said = workflow["timers"]
    assert LIMITS.first_reply == limit_of(said["chat_or_sms_first_reply"], Urgency.P2)
    assert LIMITS.mailbox_first_reply == limit_of(said["mailbox_first_reply"], Urgency.P0)


def test_the_waits_of_the_timer_are_those_the_rows_name(workflow: dict[str, Any]) -> None:
    said = {row["action"]: f"{row.get('guard', '')} {row.get('effect', '')}" for row in workflow["transitions"]}
    assert f"{LIMITS.info_given_up.amount} WD" in said["give_up_info"]
    assert " and ".join(str(limit.amount) for limit in LIMITS.info_reminders) + " WD" in said["ask_info"]
    assert f"{LIMITS.answer_confirmed.amount // 60} h" in said["confirm"]
    assert f"{LIMITS.refusal_stands.amount} WD" in said["let_stand"]
    assert f"{LIMITS.callback_begins.amount} WD" in said["begin_callback"]
    assert f"{LIMITS.suspension_review.days} d" in said["suspend"]
    assert f"{LIMITS.longest_shelving.days} d" in said["shelve"]
    assert f"{LIMITS.reopened_within.days} d" in said["rehandle"]
    assert f"at least {LIMITS.rehandle_days} WD" in said["rehandle"]
    assert f"{LIMITS.archived_after.days} d" in said["archive"]
    calls = (
        f"{LIMITS.callback_attempts} attempts on {LIMITS.callback_days} days over {LIMITS.callback_channels} channels"
    )
    assert calls in said["close"]


# the file's invariants: the check that holds each, or the part of the house that does
HELD_BY = {
    "exactly one lead assignment from DISPATCHED to REVIEW": invariants.one_lead_from_dispatch_to_review,
    "C_total only grows, pauses only where said, is never reset": invariants.total_is_never_reset,
    "a ticket is not released while a supporting or sub-assignment is open without noted dissent": (
        invariants.released_only_when_parts_are_done
    ),
    "CLOSED has an outcome, and RESOLVED has evidence": invariants.closed_has_outcome,
    "nobody of the handling unit calls back or closes": invariants.handling_unit_does_not_judge,
    "a REPORT shows no identity to a role without unmask and purpose": invariants.report_is_secret,
    "every transition and request is written with who, when, from, to, why; the chain of digests verifies": (
        invariants.history_is_whole
    ),
    "each merged requester gets the reply in their own channel": invariants.closed_has_outcome,
    "an extension asked after due is refused": invariants.extensions_were_asked_in_time,
    "for P0 the bot alone reaches only RECEIVED and HANDED_OVER": invariants.emergencies_are_not_left_to_the_bot,
    "due times do not depend on any client's time zone": invariants.moments_are_utc,
    "exclusion changes only the second KPI version": invariants.exclusion_is_only_a_flag,
}


def test_every_invariant_of_the_file_is_checked(workflow: dict[str, Any]) -> None:
    assert list(HELD_BY) == workflow["invariants"]
    assert set(HELD_BY.values()) <= set(invariants.CHECKS)
