"""Messages into the mailbox, many in one commit: what gathers while one commit runs goes into the next."""

import asyncio
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError

from channels.store import kept, want_media
from kernel.bell import Bell
from kernel.database import Database, outside_transaction
from kernel.errors import Unavailable
from kernel.mailbox import Mailbox
from kernel.messages import Inbound

BATCH = 200
MEDIA_TOPIC = "channels.media"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is committed. ``id``, ``seq`` and ``reply_by`` are the first one's when it had come before."""

    id: str
    seq: int
    reply_by: datetime | None
    fresh: bool


class Intake:
    """The way in for every channel."""

    def __init__(self, database: Database, mailbox: Mailbox, bell: Bell) -> None:
        self._database = database
        self._mailbox = mailbox
        self._bell = bell
        self._waiting: list[tuple[Inbound, asyncio.Future[Accepted]]] = []
        self._committer: asyncio.Task[None] | None = None

    async def accept(self, message: Inbound) -> Accepted:
        """Keep a message; returns after the commit. The same external id from the same address is once.

        Unavailable when the database cannot be reached: the platform's or the page's retry brings it again.
        """
        outside_transaction("intake.accept")
        done: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append((message, done))
        if self._committer is None:
            # A task of its own: a caller that goes away must not take the others' messages along.
            self._committer = asyncio.create_task(self._drain())
        return await done

    async def stop(self) -> None:
        """Wait until what was handed in is committed."""
        if self._committer is not None:
            await self._committer

    async def _drain(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                await self._keep(batch)
        finally:
            self._committer = None

    async def _keep(self, batch: list[tuple[Inbound, asyncio.Future[Accepted]]]) -> None:
        try:
            answers = await self._commit([message for message, _ in batch])
        except (OperationalError, InterfaceError, OSError, TimeoutError) as error:
            for _, done in batch:
                _fail(done, Unavailable("database", kind=type(error).__name__))
        except Exception as error:  # noqa: BLE001 - handed to the caller whose message it is
            await self._keep_apart(batch, error)
        else:
            for (_, done), answer in zip(batch, answers, strict=True):
                if not done.done():
                    done.set_result(answer)

    async def _keep_apart(self, batch: list[tuple[Inbound, asyncio.Future[Accepted]]], error: Exception) -> None:
        """One message spoils the batch: find it by committing each alone."""
        if len(batch) == 1:
            _fail(batch[0][1], error)
            return
        for one in batch:
            await self._keep([one])

    async def _commit(self, messages: list[Inbound]) -> list[Accepted]:
        async with self._database.transaction() as tx:
            received = await self._mailbox.put_in(tx, messages)
            rows = await kept(tx, {one.id for one in received})
            fresh = [m for m, r in zip(messages, received, strict=True) if r.fresh]
            if await want_media(tx, fresh):
                tx.after_commit(lambda: self._bell.ring(MEDIA_TOPIC))
        return [Accepted(r.id, rows[r.id].seq, rows[r.id].reply_by, r.fresh) for r in received]


def _fail(done: asyncio.Future[Accepted], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
