"""The directory's scheduled jobs."""

from collections.abc import Sequence
from datetime import timedelta

from directory.accounts import Accounts
from directory.calendars import CalendarKeeping
from kernel.jobs import Job


def jobs(accounts: Accounts, calendars: CalendarKeeping) -> Sequence[Job]:
    """One row a job."""
    return [
        Job("directory.sweep_sessions", timedelta(hours=1), accounts.sweep),
        Job("directory.calendar_year", timedelta(hours=6), calendars.alarm),
    ]
