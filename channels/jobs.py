"""The room's scheduled jobs."""

from datetime import timedelta

import structlog

from channels.asking import Asking
from channels.model import PickedUp
from channels.relaying import Relaying
from channels.store import give_up_unread
from kernel.clock import Clock
from kernel.database import Database
from kernel.jobs import Job

log = structlog.get_logger()


class UnreadMessages:
    """Messages for pages that never came back."""

    def __init__(self, database: Database, clock: Clock, channel: PickedUp) -> None:
        self._database = database
        self._clock = clock
        self._channel = channel

    async def give_up(self) -> None:
        """Take what nobody will come back for out of the queue; it stays in the thread."""
        now = self._clock.now()
        before = now - timedelta(days=self._channel.rules.unread_days)
        async with self._database.transaction() as tx:
            number = await give_up_unread(tx, self._channel.name, before, now)
        if number:
            log.info("chat.unread_given_up", number=number)


def jobs(unread: UnreadMessages, asking: Asking, relaying: Relaying) -> list[Job]:
    """What the scheduler runs for this room."""
    return [
        Job("channels.unread", timedelta(hours=6), unread.give_up),
        Job("channels.ask", timedelta(minutes=2), asking.ask),
        Job("channels.silent_calls", timedelta(minutes=10), relaying.expire),
    ]
