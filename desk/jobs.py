"""The desk's scheduled jobs."""

from datetime import timedelta

from desk.conversations import Conversations
from desk.store import ConversationStore
from kernel.jobs import Job
from kernel.room import Floor

BATCH = 200


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


def jobs(idle: IdleConversations) -> list[Job]:
    """One row a job."""
    return [Job("desk.end_idle_conversations", timedelta(minutes=10), idle.run)]
