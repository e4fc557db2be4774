"""The directory's scheduled jobs."""

from collections.abc import Sequence
from datetime import timedelta

from directory.accounts import Accounts
from directory.calendars import CalendarKeeping
from directory.keys import Keys
from kernel.jobs import Job


def jobs(accounts: Accounts, calendars: CalendarKeeping, keys: Keys) -> Sequence[Job]:
    """One row a job."""
    return [
        Job("directory.sweep_sessions", timedelta(hours=1), accounts.sweep),
        Job("directory.calendar_year", timedelta(hours=6), calendars.alarm),
        Job("directory.expire_keys", timedelta(minutes=5), keys.expire),
    ]
