"""Files citizens sent are fetched at once and kept under the id the message already carries."""

from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy import update

from channels.events import MediaLost
from channels.model import FetchesMedia, Refused
from channels.rules.retrying import media_is_over, media_wait
from channels.store import MediaDue, claim_media, finish_media, put_off_media
from kernel.attachments import Attachments, CheckedFile, check_file, files
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Invalid, Unavailable
from kernel.journal import Journal

log = structlog.get_logger()

LEASE = timedelta(minutes=2)


class MediaFetcher:
    """Brings files from the platforms into the attachments."""

    def __init__(
        self,
        database: Database,
        attachments: Attachments,
        journal: Journal,
        clock: Clock,
        sources: Mapping[str, FetchesMedia],
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._journal = journal
        self._clock = clock
        self._sources = sources

    async def step(self) -> bool:
        """Fetch one file that is due; whether there may be more."""
        async with self._database.transaction() as tx:
            due = await claim_media(tx, list(self._sources), self._clock.now(), LEASE)
        if due is None:
            return False
        try:
            got = await self._sources[due.channel].fetch(due.media_ref)
            await self._keep(due, await check_file(due.name, got.data))
        except Unavailable as error:
            await self._put_off(due, error)
        except Refused as error:
            await self._lose(due, error.code)
        except Invalid as error:
            await self._lose(due, error.fields.get("file", error.code))
        return True

    async def _keep(self, due: MediaDue, file: CheckedFile) -> None:
        async with self._database.transaction() as tx:
            if await finish_media(tx, due.attachment):
                stored = await self._attachments.keep(tx, file)
                await tx.execute(update(files).where(files.c.id == stored.id).values(id=due.attachment))

    async def _put_off(self, due: MediaDue, error: Unavailable) -> None:
        now = self._clock.now()
        if media_is_over(due.first_seen, now):
            await self._lose(due, f"gave_up:{error.code}")
            return
        until = now + media_wait(due.attempts, error.after)
        async with self._database.transaction() as tx:
            await put_off_media(tx, due.attachment, until, error.code, due.attempts)

    async def _lose(self, due: MediaDue, reason: str) -> None:
        log.warning("media.lost", channel=due.channel, attachment=due.attachment, reason=reason)
        async with self._database.transaction() as tx:
            if await finish_media(tx, due.attachment):
                now = self._clock.now()
                await self._journal.state(tx, MediaLost(due.attachment, due.message, due.channel, reason, now))
