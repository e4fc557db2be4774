"""Messages out: claimed, handed to the platform outside any transaction, settled."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from channels.events import DeliveryFailed
from channels.model import Doubtful, Refused, Sends, Sent
from channels.rules.retrying import LOOP_SPAN, delivery_is_over, delivery_wait, is_loop
from channels.standings import Standings
from channels.store import sent_since
from kernel.clock import Clock
from kernel.database import Database, Tx, outside_transaction
from kernel.errors import Conflict, HotlineError, Unavailable
from kernel.journal import Journal
from kernel.mailbox import Mailbox, Posted
from kernel.messages import Author

log = structlog.get_logger()

LEASE = timedelta(minutes=2)
BATCH = 50
AT_ONCE = 10
MACHINES = frozenset({Author.BOT, Author.SYSTEM})


class Delivery:
    """Carries queued messages to the platforms that take them."""

    def __init__(
        self,
        database: Database,
        mailbox: Mailbox,
        journal: Journal,
        clock: Clock,
        senders: Mapping[str, Sends],
        standings: Standings,
    ) -> None:
        self._database = database
        self._mailbox = mailbox
        self._journal = journal
        self._clock = clock
        self._senders = senders
        self._standings = standings
        self._room = asyncio.Semaphore(AT_ONCE)

    async def drain(self) -> bool:
        """Send what is queued; whether there may be more at once. Per address one after the other."""
        async with self._database.transaction() as tx:
            posts = await self._mailbox.claim_out(tx, list(self._senders), LEASE, BATCH)
            looping = await self.looping(tx, posts)
            unwanted = await self._standings.refusing(tx, [post.message.address for post in posts])
        await asyncio.gather(
            *(
                self.deliver(post, looping=post.message.address.key in looping)
                if post.message.address not in unwanted
                else self._settle_failure(post, Refused("opted_out"))
                for post in posts
            )
        )
        return bool(posts)

    async def looping(self, tx: Tx, posts: Sequence[Posted]) -> frozenset[str]:
        """The keys of the addresses whose machine answers ours, and ours theirs."""
        addresses = [post.message.address for post in posts if post.message.author in MACHINES]
        if not addresses:
            return frozenset()
        counts = await sent_since(tx, addresses, self._clock.now() - LOOP_SPAN)
        return frozenset(key for key, count in counts.items() if is_loop(count))

    async def expire(self) -> bool:
        """Messages whose sender died become unknown."""
        async with self._database.transaction() as tx:
            number = await self._mailbox.expire_sending(tx)
        if number:
            log.warning("delivery.unknown", number=number)
        return False

    async def deliver(self, post: Posted, *, looping: bool = False) -> None:
        """Hand one claimed message to its platform and settle it."""
        async with self._room:
            try:
                sent = await self._send(post, looping=looping)
            except HotlineError as error:
                await self._settle_failure(post, error)
            except Exception as error:
                log.exception("delivery.broken", message=post.message.id, channel=post.message.address.channel)
                await self._settle_failure(post, Doubtful(type(error).__name__))
            else:
                await self.settle_sent(post, sent)

    async def _send(self, post: Posted, *, looping: bool) -> Sent:
        if looping and post.message.author in MACHINES:
            raise Refused("loop")
        outside_transaction("delivery")
        return await self._senders[post.message.address.channel].send(post.message)

    async def settle_sent(self, post: Posted, sent: Sent) -> None:
        """The platform has it."""
        try:
            async with self._database.transaction() as tx:
                await self._mailbox.sent(tx, post, sent.external_id)
        except Conflict:
            log.warning("delivery.lease_lost", message=post.message.id)

    async def give_back(self, post: Posted, reason: str) -> None:
        """The message surely did not travel; it goes into the queue again."""
        try:
            async with self._database.transaction() as tx:
                await self._mailbox.try_later(tx, post, timedelta(), reason)
        except Conflict:
            log.warning("delivery.lease_lost", message=post.message.id)

    async def _settle_failure(self, post: Posted, error: HotlineError) -> None:
        retry = isinstance(error, Unavailable) and not delivery_is_over(post.attempts)
        log.info("delivery.failed", message=post.message.id, reason=error.code, attempts=post.attempts, retry=retry)
        try:
            async with self._database.transaction() as tx:
                if isinstance(error, Unavailable) and retry:
                    wait = delivery_wait(post.attempts, error.after)
                    await self._mailbox.try_later(tx, post, wait, error.code)
                else:
                    await self._settle_for_good(tx, post, error)
        except Conflict:
            log.warning("delivery.lease_lost", message=post.message.id)

    async def _settle_for_good(self, tx: Tx, post: Posted, error: HotlineError) -> None:
        doubtful = isinstance(error, Doubtful)
        reason = f"gave_up:{error.code}" if isinstance(error, Unavailable) else error.code
        if doubtful:
            await self._mailbox.unknown(tx, post, reason)
        else:
            await self._mailbox.failed(tx, post, reason)
        channel = post.message.address.channel
        await self._journal.state(tx, DeliveryFailed(post.message.id, channel, reason, doubtful, self._clock.now()))
