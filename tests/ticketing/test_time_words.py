"""What is left is said as people say it."""

import pytest

from tests.schedule import calendar, local
from ticketing.model.labels import ClockKind
from ticketing.rules import deadlines
from ticketing.rules.limits import SAME_DAY, business_hours, working_days
from ticketing.rules.telling import remaining_words


@pytest.mark.parametrize("day", ["2026-03-02", "2026-03-07"])
def test_what_is_due_at_midnight_is_due_today_at_24(day: str) -> None:
    clock = deadlines.start(calendar(), ClockKind.TOTAL, SAME_DAY, local(f"{day} 09:00"))
    assert remaining_words(calendar(), clock, local(f"{day} 20:00")) == "今天24:00到期"


def test_what_is_due_in_business_hours_keeps_its_hour_and_days_are_counted_till_then() -> None:
    clock = deadlines.start(calendar(), ClockKind.TOTAL, working_days(2), local("2026-03-02 09:00"))
    assert remaining_words(calendar(), clock, local("2026-03-02 10:00")) == "还剩2个工作日"
    assert remaining_words(calendar(), clock, local("2026-03-04 10:00")) == "今天17:30到期"
    assert remaining_words(calendar(), clock, local("2026-03-04 18:30")) == "已超期1小时"


def test_what_counts_in_hours_of_work_says_by_when_it_is_due_until_that_is_near() -> None:
    clock = deadlines.start(calendar(), ClockKind.DISPATCH, business_hours(2), local("2026-03-02 19:00"))
    assert remaining_words(calendar(), clock, local("2026-03-02 19:00")) == "3月3日10:30前"
    assert remaining_words(calendar(), clock, local("2026-03-03 08:00")) == "今天10:30前"
    assert remaining_words(calendar(), clock, local("2026-03-03 09:00")) == "还剩1小时"
    assert remaining_words(calendar(), clock, local("2026-03-03 10:00")) == "还剩30分钟"
    assert remaining_words(calendar(), clock, local("2026-03-03 10:33")) == "已超期3分钟"
