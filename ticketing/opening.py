"""From what a citizen said to a ticket that can be submitted: understood, masked, sealed, compared with others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from directory.lookup import Lookup
from directory.model import Level
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Invalid, NotAllowed
from kernel.ids import new_id
from kernel.people import KeyScope, Kind, Principal, Role
from kernel.privacy import mask_text
from ticketing.deciding import Deciding, Reading
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Doer, Form
from ticketing.model.labels import Actor, Flag, State, TicketKind, Urgency
from ticketing.model.ticket import Draft, Ticket
from ticketing.numbering import Numbering, Numbers
from ticketing.rules.dispatch import Where
from ticketing.rules.doers import doer
from ticketing.rules.foreign import is_foreign
from ticketing.rules.limits import rank
from ticketing.rules.repeats import (
    Repeat,
    RepeatKind,
    Scope,
    by_same_person,
    crowd,
    same_event,
)
from ticketing.rules.spots import spot
from ticketing.rules.telling import SECRET
from ticketing.rules.transitions import TABLE
from ticketing.store.tickets import Reach, TicketStore, Words

LONGEST_TITLE = 40
TITLE_WORDS = 18
LONGEST_TEXT = 10_000
OPENERS = next(row.by for row in TABLE if row.action.value == "submit")


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft ready for submission, and what is kept beside it."""

    ticket: Ticket
    words: Words
    phone: str
    reading: Reading
    doer: Doer
    numbering: Numbering
    repeats: Sequence[Repeat]
    crowd: Form


class Opening:
    """Prepares tickets."""

    def __init__(
        self,
        clock: Clock,
        store: TicketStore,
        lookup: Lookup,
        deciding: Deciding,
        numbers: Numbers,
        limits: LimitKeeper,
    ) -> None:
        self._limits = limits
        self._clock = clock
        self._store = store
        self._lookup = lookup
        self._deciding = deciding
        self._numbers = numbers

    async def prepare(self, tx: Tx, draft: Draft, by: Principal) -> Opened:
        """Understand and seal a draft; Invalid for a suggestion, an unknown matter or area, or too long a text."""
        await self._lookup.hold(tx)
        await self._limits.hold(tx)
        if draft.kind is TicketKind.SUGGEST:
            raise Invalid({"kind": "opens_a_suggestion"})
        if len(draft.text) > LONGEST_TEXT:
            raise Invalid({"text": "too_long"}, limit=LONGEST_TEXT)
        who = opener(by)
        reading = self._deciding.read(draft)
        citizen = await self._citizen(tx, draft)
        reach = await self._reach(tx, draft, citizen)
        ticket = self._ticket(draft, reading, citizen, reach)
        found = await self._repeats(tx, ticket, reach.phone)
        if any(repeat.kind is RepeatKind.SAME_PERSON for repeat in found):
            ticket = _flagged(ticket, Flag.REPEAT)
        words = Words(draft.text.strip(), draft.place.strip(), draft.happened.strip())
        raised = await self.crowd(tx, ticket, found)
        return Opened(ticket, words, reach.phone, reading, who, await self._numbers.next(tx), found, raised)

    async def compared(self, tx: Tx, draft: Draft) -> tuple[Ticket, Sequence[Repeat]]:
        """The ticket a draft would become and what looks like it; writes nothing. Invalid as ``prepare``."""
        ticket = self._ticket(draft, self._deciding.read(draft), draft.citizen, Reach())
        return ticket, await self._repeats(tx, ticket, (draft.contact or "").strip())

    async def keep_repeats(self, tx: Tx, ticket: Ticket, found: Sequence[Repeat]) -> None:
        """Remember which tickets looked alike, for whoever decides about merging."""
        rows = [(repeat.ticket.id, repeat.kind.value, repeat.likeness) for repeat in found]
        await self._store.keep_repeats(tx, ticket.id, rows)

    async def _citizen(self, tx: Tx, draft: Draft) -> str:
        if draft.citizen or draft.address is None or Flag.ANONYMOUS in draft.flags:
            return draft.citizen
        return (await self._lookup.citizen_at(tx, draft.address)).id

    async def _reach(self, tx: Tx, draft: Draft, citizen: str) -> Reach:
        """What the draft says; what it leaves open is filled from what the citizen told before, and what is new is
        kept for the next time. A number or a name that was refused is not filled in, nor forgotten."""
        name, phone = (draft.name or "").strip(), (draft.contact or "").strip()
        if Flag.ANONYMOUS in draft.flags or not citizen:
            return Reach(name, phone)
        known = await self._lookup.contact(tx, citizen)
        if (name or known.name, phone or known.phone) != (known.name, known.phone):
            await self._lookup.keep_contact(tx, citizen, name=name or None, phone=phone or None)
        return Reach(known.name if draft.name is None else name, known.phone if draft.contact is None else phone)

    def _ticket(self, draft: Draft, reading: Reading, citizen: str, reach: Reach) -> Ticket:
        now, ticket_id, matter = self._clock.now(), new_id(), reading.matter
        finest = reading.where.finest
        area = finest.code if finest is not None and finest.level is not Level.CITY else ""
        text, place = mask_text(draft.text.strip()), mask_text(draft.place.strip())
        if not place and area and finest is not None:
            place = mask_text(self._spot(draft.text, reading.where)) or _beside(reading.where) or finest.name
        other = draft.kind is TicketKind.OTHER and matter is not None and matter.kind is not TicketKind.SUGGEST
        kind = matter.kind if other and matter else draft.kind
        title = mask_text(draft.title.strip())[:LONGEST_TITLE] or _title(matter.name if matter else "", place, text)
        if draft.secrecy in SECRET or kind is TicketKind.REPORT:
            title = _guarded(title, matter.name if matter else "", place, text, kind)
        return Ticket(
            id=ticket_id,
            kind=kind,
            urgency=more_urgent(draft.urgency, matter.urgency if matter else draft.urgency),
            state=State.DRAFT,
            state_since=now,
            text=text,
            created=now,
            updated=now,
            title=title,
            matter=matter.code if matter else "",
            area=area,
            place=place,
            placeless=draft.placeless or not place,
            point=draft.point,
            happened=mask_text(draft.happened.strip()),
            citizen=citizen,
            contact=self._store.seal_reach(ticket_id, reach),
            address=draft.address,
            conversation=draft.conversation,
            secrecy=draft.secrecy,
            flags=draft.flags,
            evidence=draft.evidence,
        )

    @staticmethod
    def _spot(text: str, where: Where) -> str:
        """The road or spot the words name, where they name one."""
        return spot(text, where.words, (name for area in where.lineage for name in (area.name, *area.aliases)))

    async def _repeats(self, tx: Tx, ticket: Ticket, phone: str) -> list[Repeat]:
        now, limits = self._clock.now(), self._limits.now()
        earlier = await self._store.told_by_same(tx, ticket.citizen, phone, now - limits.repeat_within)
        same = by_same_person(ticket, earlier, now, limits)
        scope, areas = self._scope(ticket.area)
        around = {each.id: each for each in await self._store.near(tx, ticket, areas, now - limits.event_within)}
        around |= {each.id: each for each in await self._store.alike(tx, ticket, now - limits.event_goes_on)}
        known = {repeat.ticket.id for repeat in same}
        found = same_event(ticket, around.values(), now, scope, limits)
        return [*same, *(repeat for repeat in found if repeat.ticket.id not in known)]

    def _scope(self, area: str) -> tuple[Scope, list[str]]:
        """The town and the district of an area, and all areas that lie in that town."""
        levels = {each.level: each.code for each in self._lookup.lineage(area)} if area else {}
        town = levels.get(Level.TOWN, area)
        areas = [town, *(each.code for each in self._lookup.areas(parent=town))] if town else []
        return Scope(town, levels.get(Level.DISTRICT, ""), self._lookup.lies_in), areas

    async def crowd(self, tx: Tx, ticket: Ticket, found: Sequence[Repeat], joined: int = 0) -> Form:
        """What it raises that so many tell of it; ``joined`` tickets are one already that it is merged into."""
        limits = self._limits.now()
        since = self._clock.now() - limits.event_within
        events = (each.ticket for each in found if each.kind is RepeatKind.EVENT)
        event = [each.id for each in events if (each.received or each.created) >= since]
        persons = 1 + await self._store.people_of(tx, event) if len(event) + 1 >= limits.group_from else 1
        areas, nearby = self._scope(ticket.area)[1], 0
        if ticket.matter and areas:
            others = await self._store.people_about(tx, ticket.matter, areas, since)
            nearby = others + (0 if any(repeat.kind is RepeatKind.SAME_PERSON for repeat in found) else 1)
        return crowd(persons, max(len(found), joined), nearby, limits)


def opener(by: Principal) -> Doer:
    """In which part somebody opens a ticket; a dispatcher takes it in as an agent would. NotAllowed."""
    if by.kind is Kind.STAFF and by.has(Role.DISPATCHER, Role.AGENT, Role.SHIFT_LEAD):
        return Doer(Actor.AGENT, by.id, by.unit, by.name)
    if by.kind is Kind.KEY and KeyScope.OPEN311_POST in by.scopes:
        return Doer(Actor.CITIZEN, by.id, name=by.name)
    if by.kind is Kind.STAFF:
        raise NotAllowed("wrong_actor")
    return doer(by, OPENERS)


def more_urgent(one: Urgency, other: Urgency) -> Urgency:
    """The more urgent of two: rules only raise."""
    return min(one, other, key=rank)


def _beside(where: Where) -> str:
    """What a point is near, for a place nobody put in words."""
    return f"{where.near.place}附近（定位约{where.near.metres}米）" if where.near else ""


def _title(matter: str, place: str, text: str) -> str:
    if matter:
        return f"{_before(place, matter)[: LONGEST_TITLE - len(matter)]}{matter}" if place else matter
    first = text.splitlines()[0] if text else ""
    return first if len(first) <= TITLE_WORDS else f"{first[:TITLE_WORDS]}…"


def _guarded(title: str, matter: str, place: str, text: str, kind: TicketKind) -> str:
    """The title of a secret ticket, without words in another language that came into it from elsewhere: once they are
    let pass where they stand, a piece of them would still wait in the title."""
    made_of_foreign = title == _title(matter, place, text) and (is_foreign(place) or (not matter and is_foreign(text)))
    return (matter or f"外文{kind.label}") if made_of_foreign or is_foreign(title) else title


def _before(place: str, matter: str) -> str:
    """A place without the words it ends with and the matter begins with."""
    shared = next((n for n in range(len(matter), 1, -1) if place.endswith(matter[:n])), 0)
    return place[: len(place) - shared]


def _flagged(ticket: Ticket, flag: Flag) -> Ticket:
    return replace(ticket, flags=ticket.flags | {flag})
