"""Ticketing's scheduled jobs."""

from collections.abc import Sequence
from datetime import timedelta

from kernel.jobs import Job
from ticketing.waking import Waking
from ticketing.webhooks import Webhooks


def jobs(waking: Waking, webhooks: Webhooks) -> Sequence[Job]:
    """One row a job."""
    return [
        Job("ticketing.wake", timedelta(minutes=1), waking.wake),
        Job("ticketing.note_late", timedelta(minutes=5), waking.note_late),
        Job("ticketing.remind", timedelta(minutes=10), waking.remind),
        Job("ticketing.forget_webhooks", timedelta(hours=6), webhooks.forget_old),
    ]
