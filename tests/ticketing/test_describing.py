"""docs/transitions.md says what the tables say."""

from datetime import timedelta
from pathlib import Path

from ticketing.model.labels import Action, LimitUnit, RequestKind, SideAction, State
from ticketing.model.ticket import Limit
from ticketing.rules.describing import limit_words, page
from ticketing.rules.limits import Limits

PAGE = Path(__file__).resolve().parents[2] / "docs" / "transitions.md"


def test_the_page_is_what_the_code_says() -> None:
    assert PAGE.read_text("utf-8") == page(Limits()), (
        "write ticketing.rules.describing.page(Limits()) into docs/transitions.md"
    )


def test_nothing_of_the_tables_is_left_out() -> None:
    text = page(Limits())
    for members in (State, Action, SideAction, RequestKind):
        assert [each for each in members if f"`{each.value}`" not in text] == []


def test_a_city_with_other_limits_reads_its_own() -> None:
    own = page(Limits(info_given_up=Limit(LimitUnit.WORKING_DAYS, 9)))
    assert "after 9 working days" in own
    assert "after 9 working days" not in page(Limits())


def test_limits_are_said_in_words() -> None:
    assert limit_words(Limit(LimitUnit.WORKING_DAYS, 1)) == "1 working day"
    assert limit_words(Limit(LimitUnit.BUSINESS_MINUTES, 120)) == "2 business h"
    assert limit_words(Limit(LimitUnit.SAME_DAY)) == "same day"
    assert limit_words(Limit(LimitUnit.MINUTES, 30)) == "30 min"
    assert limit_words(Limit(LimitUnit.MINUTES, 1440)) == "24 h"
    assert limit_words(timedelta(days=15)) == "15 days"
