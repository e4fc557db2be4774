"""Ticketing's scheduled jobs."""

from collections.abc import Sequence
from datetime import timedelta

from kernel.jobs import Job
from ticketing.attending import Attending
from ticketing.cataloguing import Cataloguing
from ticketing.history import History
from ticketing.joining import Joining
from ticketing.leaking import Leaking
from ticketing.learning import Learning
from ticketing.reaching import Reaching
from ticketing.receipting import Receipting
from ticketing.rulings import Rulings
from ticketing.second_opinions import SecondOpinions
from ticketing.unveiling import Unveiling
from ticketing.waking import Waking
from ticketing.webhooks import Webhooks


def jobs(
    waking: Waking,
    reaching: Reaching,
    leaking: Leaking,
    webhooks: Webhooks,
    attending: Attending,
    history: History,
    cataloguing: Cataloguing,
    rulings: Rulings,
    joining: Joining,
    learning: Learning,
    opinions: SecondOpinions,
    unveiling: Unveiling,
    receipting: Receipting,
) -> Sequence[Job]:
    """One row a job."""
    return [
        Job("ticketing.wake", timedelta(minutes=1), waking.wake),
        Job("ticketing.matters_take_effect", timedelta(minutes=1), cataloguing.take_effect),
        Job("ticketing.note_late", timedelta(minutes=1), waking.note_late),
        Job("ticketing.remind", timedelta(minutes=10), waking.remind),
        # Not on the hour or the half: that is when everybody writes to the platforms.
        Job("ticketing.officers_digest", "7 * * * *", reaching.digest),
        Job("ticketing.officers_failed", timedelta(minutes=1), reaching.look_after),
        Job("ticketing.officers_forget", timedelta(days=1), reaching.forget),
        Job("ticketing.note_late_leaks", timedelta(minutes=10), leaking.note_late),
        Job("ticketing.note_late_spans", timedelta(minutes=1), unveiling.note_late),
        Job("ticketing.note_late_rulings", timedelta(minutes=10), rulings.note_late),
        Job("ticketing.forget_webhooks", timedelta(hours=6), webhooks.forget_old),
        Job("ticketing.learn_corrections", timedelta(days=1), learning.look),
        Job("ticketing.second_opinions", timedelta(seconds=20), opinions.ask),
        Job("ticketing.forget_callers", timedelta(days=1), history.forget_callers),
        Job("ticketing.sign_open", timedelta(seconds=20), joining.sign),
        Job("ticketing.start_receipts", timedelta(minutes=1), receipting.start),
        Job("ticketing.sweep_watchers", timedelta(hours=1), attending.sweep),
    ]
