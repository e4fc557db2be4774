"""Pushes a thread to an open page: in order, each message claimed first and settled after."""

from collections.abc import Sequence
from datetime import timedelta

import structlog
from sqlalchemy.exc import SQLAlchemyError

from channels.model import PickedUp
from channels.store import confirm, has_unknown, take_at
from channels.wire import Gone, Wire
from kernel.bell import Ear
from kernel.errors import HotlineError
from kernel.mailbox import OutState, Posted, address_topic
from kernel.messages import Address
from kernel.room import Floor

log = structlog.get_logger()

LEASE = timedelta(minutes=5)
LOOK_SECONDS = 20.0


class Pusher:
    """Sends what comes after line ``pushed`` of the thread with ``address``."""

    def __init__(self, channel: PickedUp, floor: Floor, wire: Wire, address: Address, pushed: int) -> None:
        self._channel = channel
        self._floor = floor
        self._wire = wire
        self._address = address
        self._pushed = pushed
        self._ear: Ear | None = None
        self._over = False

    def stop(self) -> None:
        """Let ``run`` come to its end. A cancelled statement would cost the database a connection."""
        self._over = True
        if self._ear is not None:
            self._ear.ring()

    async def run(self) -> None:
        """Until the page is gone."""
        with self._floor.bell.listen(address_topic(self._address)) as self._ear:
            while not self._over:
                try:
                    await self._push_new()
                except Gone:
                    self._wire.abort()
                    return
                except (SQLAlchemyError, OSError, HotlineError) as error:
                    log.warning("chat.push_failed", kind=type(error).__name__)
                await self._ear.heard(LOOK_SECONDS)

    async def confirm(self, seq: int) -> None:
        """The page has everything up to ``seq``: what a process that died was about to push is sent."""
        seq = min(seq, self._pushed)
        async with self._floor.database.reading() as tx:
            if not await has_unknown(tx, self._address, seq):
                return
        async with self._floor.database.transaction() as tx:
            await confirm(tx, self._address, seq, self._floor.clock.now())

    async def _push_new(self) -> None:
        """Push what came after the last push; what comes meanwhile has rung."""
        async with self._floor.database.reading() as tx:
            entries = await self._floor.mailbox.thread(tx, self._address, after=self._pushed)
        if not entries:
            return
        taken: Sequence[Posted] = ()
        if any(entry.state == OutState.QUEUED for entry in entries):
            async with self._floor.database.transaction() as tx:
                taken = await take_at(tx, entries, self._floor.clock.now() + LEASE)
        try:
            for entry in entries:
                line = entry.inbound or entry.outbound
                if line is not None and (frame := self._channel.frame(entry.seq, line)):
                    await self._wire.send(frame)
                self._pushed = entry.seq
        finally:
            await self._settle(taken)
        if any(entry.state == OutState.UNKNOWN for entry in entries):
            await self.confirm(self._pushed)

    async def _settle(self, taken: Sequence[Posted]) -> None:
        if not taken:
            return
        async with self._floor.database.transaction() as tx:
            for posted in taken:
                if posted.seq <= self._pushed:
                    await self._floor.mailbox.sent(tx, posted)
                else:
                    # The page knows lines by their number: a second push does no harm.
                    await self._floor.mailbox.try_later(tx, posted, timedelta(), "page_gone")
