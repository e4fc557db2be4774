"""Gives waiting conversations to agents, and takes them back from agents who have gone."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from desk.conversations import QUEUE_TOPIC, Conversations
from desk.model import AgentState, Presence, Reason
from desk.rules.queueing import next_pair, present
from desk.store import ConversationStore, agents, keep_presence, note_given, presence_of
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import NotFound
from kernel.journal import Recorded
from kernel.people import PERMISSIONS, May, Principal
from kernel.room import Floor

BATCH = 50
ACCOUNT_CHANGED, STAFF = "directory.StaffAccountChanged", "staff:"
AT_THE_DESK = PERMISSIONS[May.WORK_DESK].keys()


class Distribution:
    """One distributor works at a time: it holds the agents' rows while it gives out."""

    def __init__(self, floor: Floor, store: ConversationStore, conversations: Conversations, lookup: Lookup) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._bell = floor.bell
        self._settings = floor.settings.desk
        self._store = store
        self._conversations = conversations
        self._lookup = lookup

    @property
    def _absent_after(self) -> timedelta:
        return timedelta(seconds=self._settings.absent_seconds)

    async def step(self) -> bool:
        """Take back from the absent, give out what waits; whether anything was given."""
        async with self._database.transaction() as tx:
            known = list(await agents(tx, lock=True))
            here = await self._take_back(tx, known)
            return await self._give_out(tx, here)

    async def follow(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Take back at once what whoever can work here no longer has: their account was shut, or has other roles."""
        changed = dict.fromkeys(each.subject.removeprefix(STAFF) for each in facts if each.kind == ACCOUNT_CHANGED)
        for staff_id in changed:
            if await self._works_here(tx, staff_id) or not await self._has_been_here(tx, staff_id):
                continue
            await keep_presence(tx, staff_id, Presence.OFFLINE, self._clock.now())
            await self._take_from(tx, staff_id)
            tx.after_commit(lambda: self._bell.ring(QUEUE_TOPIC), key=("bell", QUEUE_TOPIC))

    async def _works_here(self, tx: Tx, staff_id: str) -> bool:
        try:
            member = await self._lookup.staff(tx, staff_id)
        except NotFound:
            return False
        return member.active and not member.roles.isdisjoint(AT_THE_DESK)

    async def _has_been_here(self, tx: Tx, staff_id: str) -> bool:
        here = await presence_of(tx, staff_id) is not Presence.OFFLINE
        return here or bool(await self._store.held_by(tx, staff_id))

    async def _take_back(self, tx: Tx, known: list[AgentState]) -> list[AgentState]:
        now = self._clock.now()
        here = [agent for agent in known if present(agent, now, self._absent_after)]
        for gone in (agent for agent in known if agent not in here):
            await self._take_from(tx, gone.staff_id)
            await keep_presence(tx, gone.staff_id, Presence.OFFLINE, gone.seen_at)
        return here

    async def _take_from(self, tx: Tx, staff_id: str) -> None:
        for conversation in await self._store.held_by(tx, staff_id, lock=True):
            await self._conversations.hand_over(tx, conversation, Reason.RETURNED)

    async def _give_out(self, tx: Tx, here: list[AgentState]) -> bool:
        now = self._clock.now()
        waiting = await self._store.waiting(tx, BATCH, lock=True)
        given = False
        while pair := next_pair(waiting, here, now, self._absent_after, self._settings.per_agent):
            conversation, agent = pair
            await self._conversations.give(tx, conversation, agent.staff_id)
            await note_given(tx, agent.staff_id, now)
            waiting.remove(conversation)
            busier = replace(agent, load=agent.load + 1, last_given_at=now)
            here = [busier if each.staff_id == agent.staff_id else each for each in here]
            given = True
        return given

    async def report(self, tx: Tx, by: Principal, presence: Presence) -> None:
        """An agent's screen says whether they take conversations; it must say so again before it counts as gone."""
        await keep_presence(tx, by.id, presence, self._clock.now())
        if presence is Presence.OFFLINE:
            await self._take_from(tx, by.id)
        tx.after_commit(lambda: self._bell.ring(QUEUE_TOPIC), key=("bell", QUEUE_TOPIC))
