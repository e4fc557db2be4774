"""Messages nobody can tell of: the platform itself is asked, where it can be; nothing is sent again blindly."""

from collections.abc import Mapping
from datetime import timedelta

import structlog

from channels.events import DeliveryFailed
from channels.model import Asks, Doubtful, Refused
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Unavailable
from kernel.journal import Journal
from kernel.mailbox import Mailbox
from kernel.messages import Outbound

log = structlog.get_logger()

# A platform may list a message a moment after it took it; a day later nobody waits for it any more.
SETTLED, FRESH = timedelta(minutes=2), timedelta(days=1)


class Asking:
    """Asks what became of messages in doubt."""

    def __init__(
        self, database: Database, mailbox: Mailbox, journal: Journal, clock: Clock, platforms: Mapping[str, Asks]
    ) -> None:
        self._database = database
        self._mailbox = mailbox
        self._journal = journal
        self._clock = clock
        self._platforms = platforms

    async def ask(self) -> int:
        """Ask for every message in doubt once; gives how many are in doubt no more."""
        now = self._clock.now()
        async with self._database.reading() as tx:
            found = await self._mailbox.unclear(tx, list(self._platforms), now - FRESH)
        return sum([await self._ask(message) for message in found if now - message.created_at >= SETTLED])

    async def _ask(self, message: Outbound) -> bool:
        try:
            sent = await self._platforms[message.address.channel].ask(message)
        except (Unavailable, Doubtful) as error:
            log.info("delivery.still_unknown", message=message.id, reason=error.code)
            return False
        except Refused as error:
            return await self._failed(message, error.code)
        async with self._database.transaction() as tx:
            if sent is None:
                await self._mailbox.disproved(tx, message.id, "never_arrived")
            else:
                await self._mailbox.reported(tx, message.id, reason="", external_id=sent.external_id)
        log.info("delivery.asked", message=message.id, had=sent is not None)
        return True

    async def _failed(self, message: Outbound, reason: str) -> bool:
        async with self._database.transaction() as tx:
            if await self._mailbox.reported(tx, message.id, reason=reason):
                channel = message.address.channel
                await self._journal.state(tx, DeliveryFailed(message.id, channel, reason, False, self._clock.now()))
        return True
