"""What a platform tells beside messages: what became of one, who wants none, how a call goes."""

import structlog

from channels.events import DeliveryFailed
from channels.model import HookReading, Receipt
from channels.standings import Standings
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.journal import Journal
from kernel.mailbox import Mailbox

log = structlog.get_logger()


class Hearing:
    """Keeps it, each once."""

    def __init__(
        self, database: Database, mailbox: Mailbox, journal: Journal, clock: Clock, standings: Standings
    ) -> None:
        self._database = database
        self._mailbox = mailbox
        self._journal = journal
        self._clock = clock
        self._standings = standings

    async def hear(self, channel: str, reading: HookReading) -> None:
        """Whatever of it there is in a reading."""
        if reading.receipt is None and reading.standing is None:
            return
        async with self._database.transaction() as tx:
            if reading.receipt is not None:
                await self._receipt(tx, channel, reading.receipt)
            if reading.standing is not None:
                await self._standings.keep(tx, channel, reading.standing)

    async def _receipt(self, tx: Tx, channel: str, receipt: Receipt) -> None:
        known = await self._mailbox.reported(
            tx, receipt.message, reason=receipt.reason, external_id=receipt.external_id
        )
        if known and receipt.reason:
            log.info("delivery.failed", message=receipt.message, reason=receipt.reason, reported=True)
            now = self._clock.now()
            await self._journal.state(tx, DeliveryFailed(receipt.message, channel, receipt.reason, False, now))
