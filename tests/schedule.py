"""The State Council's published schedule of 2025 and 2026, and the calendar of a city that keeps the usual hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kernel.workcalendar import WorkCalendar

ZONE = ZoneInfo("Asia/Shanghai")
HOURS = ((time(8, 30), time(12)), (time(14), time(17, 30)))

# 元旦, 春节, 清明, 劳动节, 端午, (中秋,) 国庆: first and last day off
HOLIDAYS = (
    ("2025-01-01", "2025-01-01"),
    ("2025-01-28", "2025-02-04"),
    ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"),
    ("2025-05-31", "2025-06-02"),
    ("2025-10-01", "2025-10-08"),
    ("2026-01-01", "2026-01-03"),
    ("2026-02-15", "2026-02-23"),
    ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"),
    ("2026-06-19", "2026-06-21"),
    ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)
MAKE_UP_DAYS = (
    *("2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"),
    *("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"),
)


def exceptions() -> dict[date, bool]:
    """Day → worked, for every day the notices of the two years name."""
    days = {date.fromisoformat(day): True for day in MAKE_UP_DAYS}
    for first, last in HOLIDAYS:
        start, end = date.fromisoformat(first), date.fromisoformat(last)
        days |= {start + timedelta(days=n): False for n in range((end - start).days + 1)}
    return days


def calendar() -> WorkCalendar:
    """The working calendar every test of ticketing uses; 2025 and 2026 are announced."""
    return WorkCalendar(ZONE, HOURS, exceptions(), {2025, 2026})


def local(text: str) -> datetime:
    """``2026-03-06 17:29`` in the city, as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)
