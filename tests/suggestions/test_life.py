"""The table of a suggestion's life and what its author is told."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import Conflict, NotAllowed
from kernel.people import SYSTEM
from suggestions.model import OPEN_TO_SUPPORT, PUBLIC, Decision, Suggestion, SuggestionState
from suggestions.rules.life import DECISIONS, LIFE, SuggestionAction, SuggestionActor, actors, step
from suggestions.rules.notices import NOTICES, notice
from tests.knowledge.small_city import POLICE
from tests.suggestions.conftest import EDITOR, OTHER, UNIT

NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
GIVEN = Suggestion("JY202603160001", "ABC", "题目", "正文", "", "c1", None, SuggestionState.SUBMITTED, NOW, NOW)


def test_the_table_is_sound() -> None:
    LIFE.check()


def test_every_action_is_in_the_table() -> None:
    assert {row.action for row in LIFE.transitions} == set(SuggestionAction)


def test_refusing_and_deciding_need_a_reason() -> None:
    must = {*DECISIONS, SuggestionAction.DECLINE, SuggestionAction.GIVE_UP, SuggestionAction.REALISE}
    assert all("reason" in row.needs for row in LIFE.transitions if row.action in must)


def test_only_the_editors_decide_what_becomes_public() -> None:
    rows = [row for row in LIFE.transitions if row.target in PUBLIC and set(row.sources) - PUBLIC]
    assert rows
    assert {actor for row in rows for actor in row.by} == {SuggestionActor.EDITOR}


def test_what_is_public_never_becomes_hidden_again() -> None:
    assert not [row for row in LIFE.transitions if set(row.sources) & PUBLIC and row.target not in PUBLIC]


def test_support_ends_with_the_decision() -> None:
    decided = {row.target for row in LIFE.transitions if row.action in DECISIONS}
    assert not decided & OPEN_TO_SUPPORT
    assert OPEN_TO_SUPPORT <= PUBLIC


def test_a_person_is_what_roles_and_unit_say() -> None:
    assert actors(EDITOR, "") == (SuggestionActor.EDITOR,)
    assert actors(SYSTEM, "") == (SuggestionActor.EDITOR,)
    assert actors(UNIT, POLICE) == (SuggestionActor.UNIT,)
    for by, unit in ((OTHER, POLICE), (UNIT, "")):
        with pytest.raises(NotAllowed):
            actors(by, unit)


def test_a_wrong_state_and_a_wrong_person_are_told_apart() -> None:
    with pytest.raises(Conflict):
        step(SuggestionState.SUBMITTED, SuggestionAction.ADOPT, (SuggestionActor.EDITOR,))
    with pytest.raises(NotAllowed):
        step(SuggestionState.SUBMITTED, SuggestionAction.PUBLISH, (SuggestionActor.AUTHOR,))


@given(st.lists(st.sampled_from(SuggestionAction), max_size=30))
def test_whatever_is_tried_a_suggestion_stays_in_the_table(tried: list[SuggestionAction]) -> None:
    state = LIFE.initial
    for action in tried:
        try:
            state = step(state, action, (SuggestionActor.EDITOR,)).target
        except (Conflict, NotAllowed):
            continue
    assert state not in LIFE.final or not LIFE.allowed(state, SuggestionActor.EDITOR)


@pytest.mark.parametrize("state", list(SuggestionState))
def test_every_notice_can_be_written(state: SuggestionState) -> None:
    decided = replace(GIVEN, state=state, decision=Decision(reason="{理由}", plan="安排"), note="说明")
    text = notice(decided, "公安局")
    assert bool(text) is (state in NOTICES)
    if text:
        assert GIVEN.number in text


def test_the_author_is_told_of_every_decision_with_its_reason() -> None:
    targets = {row.target for row in LIFE.transitions if row.action in DECISIONS}
    for state in targets:
        assert "因为这样" in notice(replace(GIVEN, state=state, decision=Decision(reason="因为这样")), "")
