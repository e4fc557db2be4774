"""Messages into the mailbox, many in one commit: what gathers while one commit runs goes into the next."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import InterfaceError, OperationalError

from channels.store import Kept, kept, want_media
from kernel.bell import Bell
from kernel.database import Database, outside_transaction
from kernel.errors import Unavailable
from kernel.mailbox import Mailbox, Received
from kernel.messages import Inbound

BATCH = 200
# So many in one commit mean load: then a moment's wait (seconds) makes the next commit hold more.
BUSY = 16
GATHER = 0.008
MEDIA_TOPIC = "channels.media"


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message that is committed. ``id``, ``seq`` and ``reply_by`` are the first one's when it had come before;
    ``seq`` is 0 unless it was asked for."""

    id: str
    reply_by: datetime | None
    fresh: bool
    seq: int = 0


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A message with the caller who waits for it."""

    message: Inbound
    numbered: bool
    done: asyncio.Future[Accepted]


class Intake:
    """The way in for every channel."""

    def __init__(self, database: Database, mailbox: Mailbox, bell: Bell) -> None:
        self._database = database
        self._mailbox = mailbox
        self._bell = bell
        self._waiting: list[_Waiting] = []
        self._committer: asyncio.Task[None] | None = None

    async def accept(self, message: Inbound, *, numbered: bool = False) -> Accepted:
        """Keep a message; returns after the commit. The same external id from the same address is once.

        ``numbered`` asks for its place in the thread. Unavailable when the database cannot be reached: the
        platform's or the page's retry brings it again.
        """
        outside_transaction("intake.accept")
        done: asyncio.Future[Accepted] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(message, numbered, done))
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
                if len(batch) >= BUSY:
                    await asyncio.sleep(GATHER)
        finally:
            self._committer = None

    async def _keep(self, batch: list[_Waiting]) -> None:
        try:
            answers = await self._commit(batch)
        except (OperationalError, InterfaceError, OSError, TimeoutError) as error:
            for one in batch:
                _fail(one.done, Unavailable("database", kind=type(error).__name__))
        except Exception as error:  # noqa: BLE001 - handed to the caller whose message it is
            await self._keep_apart(batch, error)
        else:
            for one, answer in zip(batch, answers, strict=True):
                if not one.done.done():
                    one.done.set_result(answer)

    async def _keep_apart(self, batch: list[_Waiting], error: Exception) -> None:
        """One message spoils the batch: find it by committing each alone."""
        if len(batch) == 1:
            _fail(batch[0].done, error)
            return
        for one in batch:
            await self._keep([one])

    async def _commit(self, batch: list[_Waiting]) -> list[Accepted]:
        async with self._database.transaction() as tx:
            received = await self._mailbox.put_in(tx, [one.message for one in batch])
            pairs = list(zip(batch, received, strict=True))
            # What a fresh message has is known; only what came before must be looked up, and asked-for numbers.
            rows = await kept(tx, {got.id for one, got in pairs if one.numbered or not got.fresh})
            if await want_media(tx, [one.message for one, got in pairs if got.fresh]):
                tx.after_commit(lambda: self._bell.ring(MEDIA_TOPIC))
        return [_accepted(one, got, rows) for one, got in pairs]


def _accepted(one: _Waiting, got: Received, rows: Mapping[str, Kept]) -> Accepted:
    row = rows.get(got.id)
    if row is None:
        return Accepted(got.id, one.message.reply_by, got.fresh)
    return Accepted(got.id, row.reply_by, got.fresh, row.seq)


def _fail(done: asyncio.Future[Accepted], error: Exception) -> None:
    if not done.done():
        done.set_exception(error)
