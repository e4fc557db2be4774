"""The platforms of a simulated month: what comes in is put into the mailbox, what goes out is collected."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

from hotline.simulation.plan.dice import Dice
from kernel.database import Database, Tx
from kernel.mailbox import Mailbox, Posted, Received
from kernel.messages import Inbound

CHANNELS = ("web", "wechat")
LEASE = timedelta(minutes=2)
BATCH = 200
# Assumed: one message in fifty is delivered twice or thrice by its platform; one in two hundred of ours is refused,
# one in a thousand nobody can tell, one in fifty has to be tried again.
REPEATED, REFUSED, UNCLEAR, BUSY = 0.02, 0.005, 0.001, 0.02
REFUSALS = ("45015", "user_refuse")


@dataclass
class Ledger:
    """What the platforms know: every message they delivered, once; how ours ended."""

    delivered: set[tuple[str, str]] = field(default_factory=set)
    repeated: Counter[str] = field(default_factory=Counter)
    wrong_receipts: int = 0
    carried: set[str] = field(default_factory=set)
    carried_twice: int = 0
    ends: Counter[str] = field(default_factory=Counter)


class Post:
    """Carries both ways."""

    def __init__(self, database: Database, mailbox: Mailbox, seed: int) -> None:
        self._database = database
        self._mailbox = mailbox
        self._seed = seed
        self.ledger = Ledger()

    async def deliver(self, message: Inbound, dice: Dice) -> None:
        """A platform delivers a message, some more than once; the receipt must say which was the first."""
        times = dice.pick((2, 3)) if dice.chance(REPEATED) else 1
        first: Received | None = None
        for _ in range(times):
            async with self._database.transaction() as tx:
                (received,) = await self._mailbox.put_in(tx, [message])
            expected = first is None
            self.ledger.wrong_receipts += received.fresh is not expected or received.id != (first or received).id
            first = first or received
        self.ledger.repeated[message.address.key] += times - 1
        self.ledger.delivered.add((message.address.key, message.external_id))

    async def collect(self) -> None:
        """Take everything that is queued and may go out now."""
        while True:
            async with self._database.transaction() as tx:
                posts = await self._mailbox.claim_out(tx, CHANNELS, LEASE, BATCH)
            if not posts:
                return
            async with self._database.transaction() as tx:
                for post in posts:
                    await self._settle(tx, post)

    async def _settle(self, tx: Tx, post: Posted) -> None:
        dice = Dice(self._seed, "out", post.message.address.key, post.seq, post.attempts)
        key = f"{post.message.address.key}#{post.seq}"
        if dice.chance(BUSY):
            self.ledger.ends["try_later"] += 1
            await self._mailbox.try_later(tx, post, timedelta(minutes=2), "busy")
        elif dice.chance(REFUSED):
            self.ledger.ends["failed"] += 1
            await self._mailbox.failed(tx, post, dice.pick(REFUSALS))
        elif dice.chance(UNCLEAR):
            self.ledger.ends["unknown"] += 1
            await self._mailbox.unknown(tx, post, "no_answer")
        else:
            self.ledger.carried_twice += key in self.ledger.carried
            self.ledger.carried.add(key)
            self.ledger.ends["sent"] += 1
            await self._mailbox.sent(tx, post, key)
