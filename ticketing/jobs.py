"""Ticketing's scheduled jobs."""

from collections.abc import Sequence
from datetime import timedelta

from kernel.jobs import Job
from ticketing.attending import Attending
from ticketing.waking import Waking


def jobs(waking: Waking, attending: Attending) -> Sequence[Job]:
    """One row a job."""
    return [
        Job("ticketing.wake", timedelta(minutes=1), waking.wake),
        Job("ticketing.note_late", timedelta(minutes=5), waking.note_late),
        Job("ticketing.remind", timedelta(minutes=10), waking.remind),
        Job("ticketing.sweep_watchers", timedelta(hours=1), attending.sweep),
    ]
