"""One event, one ticket: offers the open ticket of the same matter before another is opened, and ties to it whoever
wants to follow it.

Who follows has a ticket of their own, merged into the other: a number, a query code, a way to be answered, and the
way back, which a dispatcher can take.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from directory.lookup import Lookup
from directory.model import Level
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.room import Floor
from ticketing.catalogue import Catalogue
from ticketing.changing import Changing, Course
from ticketing.model.acting import Form
from ticketing.model.labels import Action, Actor, State
from ticketing.model.ticket import Alike, Draft, Ticket
from ticketing.opening import Opened, Opening
from ticketing.rules.merging import may_be_joined
from ticketing.rules.recognising import is_news
from ticketing.rules.repeats import Repeat, RepeatKind
from ticketing.store.tickets import MOST_PEOPLE, TicketStore

WANTS_TO_FOLLOW = "诉求人选择跟进同一问题"
SIGNED_AT_ONCE = 500


class Joining:
    """Offers, ties, and raises what many follow."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        catalogue: Catalogue,
        store: TicketStore,
        opening: Opening,
        changing: Changing,
    ) -> None:
        self._database = floor.database
        self._lookup = lookup
        self._catalogue = catalogue
        self._store = store
        self._opening = opening
        self._changing = changing
        self._signed: str | None = ""

    async def offer(self, tx: Tx, draft: Draft) -> Alike | None:
        """What whoever tells of ``draft`` may follow instead: their own ticket first, else the one told of first; None
        when there is none. Writes nothing; Invalid for an unknown matter or area."""
        new, found = await self._opening.compared(tx, draft)
        # A telephone number is only said to be one's own: whoever writes themselves learns nothing by another's.
        found = [each for each in found if each.kind is RepeatKind.EVENT or _may_know(each.ticket, draft)]
        alike = [each for each in await self._leading(tx, found) if may_be_joined(new, each, self._changing.limits)]
        if not alike:
            return None
        mine = [each for each in alike if draft.citizen and each.citizen == draft.citizen]
        first = min(mine or alike, key=lambda each: (each.received or each.created, each.number))
        persons = await self._store.people_behind(tx, [each.number for each in alike])
        since = first.received or first.created
        where, or_more = self._where(first), persons >= MOST_PEOPLE
        return Alike(first.number, persons, or_more, self._what(first), where, since, bool(mine))

    async def join(self, tx: Tx, course: Course, opened: Opened, number: str) -> bool:
        """Merge a ticket that is being opened into the one of ``number``; whether that could be: what is no longer open
        or not the same after all leaves the new one on its own."""
        try:
            parent = await self._changing.load(tx, number)
        except NotFound:
            return False
        if not may_be_joined(course.ticket, parent.ticket, self._changing.limits):
            return False
        told = 1 + len(await self._store.children(tx, number))
        # Merging is an agent's doing; here the citizen has said that it is the same.
        by = replace(opened.doer, actor=Actor.AGENT)
        try:
            await self._changing.take(tx, course, Action.MERGE, Form(parent=number, reason=WANTS_TO_FOLLOW), by)
        except (Conflict, Invalid):
            return False
        crowd = await self._opening.crowd(tx, course.ticket, opened.repeats, told)
        await self._changing.recognise(tx, parent, crowd)
        await self._changing.save(tx, parent)
        return True

    async def raise_first(self, tx: Tx, opened: Opened) -> None:
        """What a crowd raises, the first telling of it is raised by too, or what that is merged into: that one is being
        worked on."""
        first = min((each.ticket for each in opened.repeats), key=_first_told, default=None)
        if first is None or not is_news(first, opened.crowd):
            return
        course = await self._changing.load(tx, first.parent if first.state is State.MERGED else first.number)
        await self._changing.recognise(tx, course, opened.crowd)
        await self._changing.save(tx, course)

    async def sign(self) -> None:
        """Give open tickets of before the rows they are found by, some at a time; begins anew with each process, which
        passes over what has them."""
        if self._signed is None:
            return
        async with self._database.transaction() as tx:
            self._signed = await self._store.sign(tx, self._signed, SIGNED_AT_ONCE) or None

    async def _leading(self, tx: Tx, found: Sequence[Repeat]) -> list[Ticket]:
        """What looked alike, each with what it is merged into in its place."""
        told = [each.ticket for each in found]
        leading = {each.number: each for each in told if each.state is not State.MERGED}
        for number in dict.fromkeys(each.parent for each in told if each.state is State.MERGED):
            if number and number not in leading:
                leading[number] = await self._store.by_number(tx, number)
        return list(leading.values())

    def _what(self, ticket: Ticket) -> str:
        matter = self._catalogue.known(ticket.matter)
        return matter.name if matter else ""

    def _where(self, ticket: Ticket) -> str:
        """The area, and the road, estate or park the directory knows by name."""
        known = self._lookup.lineage(ticket.area) if ticket.area else ()
        areas = [area.name for area in known if area.level is not Level.CITY]
        hits = self._lookup.find_places(ticket.place)
        named = next((hit.name for hit in reversed(hits) if hit.name not in areas), "")
        return "".join([*areas, named])


def _may_know(ticket: Ticket, draft: Draft) -> bool:
    return not draft.citizen or ticket.citizen == draft.citizen


def _first_told(ticket: Ticket) -> tuple[datetime, str]:
    return ticket.received or ticket.created, ticket.number
