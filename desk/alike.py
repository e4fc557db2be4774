"""Whether two citizens who left the same number are one person: the agent who speaks with them says so."""

from collections.abc import Sequence

from desk.store import ConversationStore
from desk.views import AlikeView
from directory.lookup import Lookup
from directory.model import Judgement, SamePerson
from kernel.database import Tx
from kernel.errors import NotAllowed
from kernel.people import Principal, Role
from kernel.privacy import mask_name
from ticketing.queries import Queries

SHOWN = 5


class Alike:
    """Suggests, keeps what was said, and takes it back; what the bot tells a citizen is never joined."""

    def __init__(self, store: ConversationStore, lookup: Lookup, queries: Queries) -> None:
        self._store = store
        self._lookup = lookup
        self._queries = queries

    async def of(self, tx: Tx, citizen: str) -> list[AlikeView]:
        """Who was judged, then who is suggested, masked."""
        judged = await self._lookup.judgements(tx, citizen)
        suggested = (await self._lookup.perhaps_same(tx, citizen))[:SHOWN]
        names = await self._lookup.staff_names(tx, {each.by for each in judged})
        known = [await self._shown(tx, each.other, each, names.get(each.by, "")) for each in judged]
        return [*known, *[await self._shown(tx, each.id, None, "") for each in suggested]]

    async def _shown(self, tx: Tx, citizen: str, said: Judgement | None, by: str) -> AlikeView:
        contact = await self._lookup.contact(tx, citizen)
        tickets = await self._queries.of_citizen(tx, citizen)
        channels = {each.channel: None for each in await self._lookup.addresses_of(tx, citizen)}
        name = mask_name(contact.name) if contact.name else ""
        verdict = (said.verdict.value, said.verdict.label) if said else ("", "")
        return AlikeView(citizen, name, tuple(channels), len(tickets), *verdict, by, said.at if said else None)

    async def everybody(self, tx: Tx, citizen: str) -> Sequence[str]:
        """The citizen with all ids a person found to be the same."""
        return [citizen, *await self._lookup.same_as(tx, citizen)]

    async def judge(self, tx: Tx, talk: str, other: str, verdict: SamePerson | None, by: Principal) -> None:
        """Keep what the agent of a talk says of its citizen and ``other``; None takes it back.

        NotAllowed for the talk of a colleague but by a shift lead; NotFound for one that is not suggested.
        """
        conversation = await self._store.by_id(tx, talk)
        if conversation.agent_id != by.id and not by.has(Role.SHIFT_LEAD):
            raise NotAllowed("conversation_of_colleague")
        await self._lookup.judge_same(tx, conversation.citizen_id, other, verdict, by.id)
