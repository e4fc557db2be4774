"""Moments and stretches of time as people say them, in the city's own calendar."""

from datetime import datetime, timedelta

from kernel.workcalendar import WorkCalendar
from ticketing.model import Clock
from ticketing.rules import deadlines

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def day_words(calendar: WorkCalendar, moment: datetime) -> str:
    """3月20日."""
    local = moment.astimezone(calendar.zone)
    return f"{local.month}月{local.day}日"


def moment_words(calendar: WorkCalendar, moment: datetime) -> str:
    """3月20日17:30."""
    local = moment.astimezone(calendar.zone)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def due_words(calendar: WorkCalendar, clock: Clock, now: datetime) -> str:
    """The due time of a clock: the day where it counts in days, else with the hour."""
    due = deadlines.due_at(calendar, clock, now)
    return day_words(calendar, due) if clock.limit.unit in deadlines.BY_THE_DAY else moment_words(calendar, due)


def remaining_words(calendar: WorkCalendar, clock: Clock | None, now: datetime) -> str:
    """还剩2个工作日, 还剩3小时, 今天到期, 已超期3小时, 暂停计时; empty when no clock runs."""
    if clock is None or not clock.running:
        return ""
    if clock.paused:
        return "暂停计时"
    due = clock.due
    late = now > due
    first, last = (due, now) if late else (now, due)
    days = calendar.working_days_between(calendar.local_date(first), calendar.local_date(last))
    head = "已超期" if late else "还剩"
    if days and (clock.limit.unit in deadlines.BY_THE_DAY or last - first >= timedelta(days=2)):
        return f"{head}{days}个工作日"
    if not late and clock.limit.unit in deadlines.BY_THE_DAY:
        return f"今天{due.astimezone(calendar.zone):%H:%M}到期" if not days else f"{head}{days}个工作日"
    return head + stretch_words(last - first)


def stretch_words(stretch: timedelta) -> str:
    """45分钟, 3小时, 2天; rounded down, at least one minute."""
    if stretch >= timedelta(days=2):
        return f"{stretch.days}天"
    if stretch >= HOUR:
        return f"{stretch // HOUR}小时"
    return f"{max(stretch // MINUTE, 1)}分钟"
