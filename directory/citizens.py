"""Citizens by the address they write from, and how they can be reached; what is typed never merges two of them."""

from collections.abc import Collection, Mapping

from directory.events import CitizenContactKept, CitizensJudged
from directory.model import Citizen, Contact, Judgement, SamePerson
from directory.store.citizens import CitizenStore
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.ids import new_id
from kernel.journal import Journal
from kernel.messages import Address
from kernel.privacy import phone as written_phone

# More addresses than this are no one person's.
_MOST_SAME = 50
_LONGEST = {"name": 60, "address": 300}


class Citizens:
    """Finds citizens and keeps their contacts."""

    def __init__(self, store: CitizenStore, clock: Clock, journal: Journal) -> None:
        self._store = store
        self._clock = clock
        self._journal = journal

    async def at(self, tx: Tx, address: Address) -> Citizen:
        """The citizen who writes from ``address``, made when nobody did before."""
        known = await self._store.at(tx, address)
        if known is not None:
            return known
        made = Citizen(new_id(), self._clock.now())
        if await self._store.add(tx, made, address):
            return made
        known = await self._store.at(tx, address)
        if known is None:
            raise Conflict("citizen_address")
        return known

    async def keep_contact(
        self, tx: Tx, citizen_id: str, name: str | None, phone: str | None, address: str | None
    ) -> None:
        """Keep what is given; None leaves a field as it is, empty removes it. Invalid, NotFound."""
        given = {"name": name, "phone": phone, "address": address}
        values = {field: value.strip() for field, value in given.items() if value is not None}
        wrong = {field: "too_long" for field, limit in _LONGEST.items() if len(values.get(field, "")) > limit}
        if wrong:
            raise Invalid(wrong)
        if values.get("phone"):
            values["phone"] = written_phone(values["phone"])
        before = await self._store.contact(tx, citizen_id)
        changed = {field: value for field, value in values.items() if getattr(before, field) != value}
        if changed:
            await self._store.keep(tx, citizen_id, changed)
            await self._journal.state(tx, CitizenContactKept(citizen_id, tuple(changed), self._clock.now()))

    async def contact(self, tx: Tx, citizen_id: str) -> Contact:
        """The unsealed contact; NotFound."""
        return await self._store.contact(tx, citizen_id)

    async def contacts(self, tx: Tx, citizen_ids: Collection[str]) -> Mapping[str, Contact]:
        """Unsealed contacts by citizen, in one query; who is not known is left out."""
        return await self._store.contacts(tx, citizen_ids)

    async def addresses_of(self, tx: Tx, citizen_id: str) -> tuple[Address, ...]:
        """Every address the citizen writes from, the oldest first."""
        return await self._store.addresses_of(tx, citizen_id)

    async def with_phone(self, tx: Tx, phone: str) -> tuple[Citizen, ...]:
        """Citizens who left this number, however it is written; Invalid({"phone": …})."""
        return await self._store.with_phone(tx, written_phone(phone))

    async def perhaps_same(self, tx: Tx, citizen_id: str) -> tuple[Citizen, ...]:
        """Others who left the same phone number, of whom nobody said anything yet: a suggestion for a person to judge,
        never a merge."""
        contact = await self._store.contact(tx, citizen_id)
        if not contact.phone:
            return ()
        known = {citizen_id, *(each.other for each in await self.judgements(tx, citizen_id))}
        known.update(await self.same_as(tx, citizen_id))
        return tuple(each for each in await self._store.with_phone(tx, contact.phone) if each.id not in known)

    async def judgements(self, tx: Tx, citizen_id: str) -> tuple[Judgement, ...]:
        """What people said of this citizen and others, the oldest first."""
        found = [judgement for _, judgement in await self._store.judgements_of(tx, [citizen_id])]
        return tuple(sorted(found, key=lambda each: (each.at, each.other)))

    async def same_as(self, tx: Tx, citizen_id: str) -> tuple[str, ...]:
        """Citizens a person found to be the same one, also by way of each other; never by what was typed alone."""
        found, new = {citizen_id}, {citizen_id}
        while new and len(found) < _MOST_SAME:
            said = await self._store.judgements_of(tx, new)
            new = {each.other for _, each in said if each.verdict is SamePerson.YES} - found
            found |= new
        return tuple(sorted(found - {citizen_id}))

    async def judge(self, tx: Tx, citizen_id: str, other: str, verdict: SamePerson | None, by: str) -> None:
        """Keep whether ``other`` is the same person, or take it back (None). NotFound for one nobody suggests."""
        said = {each.other: each.verdict for each in await self.judgements(tx, citizen_id)}
        if other not in said and other not in {each.id for each in await self.perhaps_same(tx, citizen_id)}:
            raise NotFound("citizen")
        if said.get(other) is verdict:
            return
        now = self._clock.now()
        if verdict is None:
            await self._store.unjudge(tx, citizen_id, other)
        else:
            await self._store.judge(tx, citizen_id, Judgement(other, verdict, by, now))
        told = CitizensJudged(citizen_id, other, verdict.value if verdict else "", by, now)
        await self._journal.state(tx, told)
