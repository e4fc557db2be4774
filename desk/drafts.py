"""Tickets begun and not submitted: they wait a week and go on in the citizen's next talk, on whichever channel."""

from dataclasses import replace
from datetime import datetime, timedelta

import msgspec

from bot.model import Dialogue
from desk.assist import dialogue_of
from desk.model import Conversation, Turn
from desk.store import ConversationStore
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.room import Floor

KEPT = timedelta(days=7)
LOOKED_AT = 5


class Drafts:
    """Finds what a citizen left, by the addresses that are surely theirs and no others (docs/decisions/0011)."""

    def __init__(self, floor: Floor, store: ConversationStore, lookup: Lookup) -> None:
        self._clock = floor.clock
        self._store = store
        self._lookup = lookup

    async def take_up(self, tx: Tx, conversation: Conversation) -> Conversation:
        """The new conversation with what its citizen began in their latest; there it is forgotten.

        What a person has or had in hand is left to them.
        """
        addresses = await self._lookup.addresses_of(tx, conversation.citizen_id)
        since = self._clock.now() - KEPT
        for seen in await self._store.latest_at(tx, addresses, since, LOOKED_AT):
            if seen.id == conversation.id or seen.agent_id or seen.turn in {Turn.WAITING, Turn.AGENT}:
                continue
            left = dialogue_of(seen).left()
            if left is not None:
                earlier = await self._store.by_id(tx, seen.id, lock=True)
                await self._store.save(tx, replace(earlier, dialogue=""))
                return await self._store.save(tx, replace(conversation, dialogue=_written(left)))
        return conversation

    async def unfinished(self, tx: Tx, after: datetime, until: datetime, limit: int) -> list[Conversation]:
        """Conversations that fell silent between the two in the middle of a ticket, and nobody was asked yet."""
        silent = await self._store.silent_between(tx, after, until, limit)
        return [each for each in silent if dialogue_of(each).waits and not dialogue_of(each).nudged]

    async def note_asked(self, tx: Tx, conversation: Conversation) -> None:
        """The citizen was asked whether they are still there."""
        asked = replace(dialogue_of(conversation), nudged=True)
        await self._store.save(tx, replace(conversation, dialogue=_written(asked)))


def _written(dialogue: Dialogue) -> str:
    return msgspec.json.encode(dialogue).decode()
