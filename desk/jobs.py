"""The desk's scheduled jobs."""

from datetime import timedelta

from desk.conversations import Conversations
from desk.drafts import Drafts
from desk.store import ConversationStore
from desk.texts import STILL_THERE
from kernel.jobs import Job
from kernel.messages import Author
from kernel.room import Floor

BATCH = 200
# A job that did not run for so long asks nobody about a talk of yesterday.
ASKED_WITHIN = timedelta(minutes=30)


class IdleConversations:
    """Ends conversations in which nothing was said for long; who waits for a person is never given up."""

    def __init__(self, floor: Floor, store: ConversationStore, conversations: Conversations) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._after = timedelta(minutes=floor.settings.desk.idle_close_minutes)
        self._store = store
        self._conversations = conversations

    async def run(self) -> None:
        """End them without a word, some at a time; the next message opens a new one."""
        while True:
            async with self._database.transaction() as tx:
                idle = await self._store.idle_since(tx, self._clock.now() - self._after, BATCH)
                for conversation in idle:
                    await self._conversations.end(tx, conversation, "", tell=False)
            if len(idle) < BATCH:
                return


class SilentCitizens:
    """Asks once whether somebody is still there who fell silent in the middle of a ticket."""

    def __init__(self, floor: Floor, conversations: Conversations, drafts: Drafts) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._after = timedelta(minutes=floor.settings.desk.remind_minutes)
        self._channels = frozenset(floor.settings.desk.remind_channels.split())
        self._conversations = conversations
        self._drafts = drafts

    async def run(self) -> None:
        """Ask those whose silence has just become so long; who has been silent longer was asked, or is not."""
        if not self._after:
            return
        until = self._clock.now() - self._after
        async with self._database.transaction() as tx:
            for conversation in await self._drafts.unfinished(tx, until - ASKED_WITHIN, until, BATCH):
                if conversation.address.channel in self._channels:
                    await self._drafts.note_asked(tx, conversation)
                    await self._conversations.tell(tx, conversation, STILL_THERE, author=Author.BOT)


def jobs(idle: IdleConversations, silent: SilentCitizens) -> list[Job]:
    """One row a job."""
    return [
        Job("desk.end_idle_conversations", timedelta(minutes=10), idle.run),
        Job("desk.ask_silent_citizens", timedelta(minutes=1), silent.run),
    ]
