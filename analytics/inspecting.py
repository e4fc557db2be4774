"""Quality inspection: replies are drawn by lot, somebody looks at each, and what they find counts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import NamedTuple

from analytics.counting import attributes
from analytics.events import ReplyInspected
from analytics.model import Drawn, Finding
from analytics.rules.sampling import draw
from analytics.store import inspections
from analytics.store.inspections import Found, Inspection, Second
from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.journal import Journal, Recorded
from kernel.people import Principal
from kernel.privacy import mask_text

WHOLE = 100
LONGEST = 2000
RELEASED = "ticketing.TicketReplied"
UNPROVEN = "ticketing.TalkUnproven"
CONTACTED = "ticketing.CitizenContacted"
# What a draw is made from: every reply let go, and apart from that those the citizen called satisfying.
DRAWN_FROM = ("rehandled", "satisfied")
DRAW_AT = "20 1 * * *"  # once yesterday's facts are counted


@dataclass(frozen=True, slots=True)
class UnitFound:
    """A unit's replies that were looked at, how many passed, and the points on average."""

    unit: str
    looked_at: int
    passed: int
    points: int


class InspectionTerms(NamedTuple):
    """The share of replies that is drawn, and the points from which one passes."""

    share: float
    least: int


class Inspecting:
    """Draws and settles inspections."""

    def __init__(
        self, database: Database, clock: Clock, journal: Journal, lookup: Lookup, terms: Callable[[], InspectionTerms]
    ) -> None:
        self._database = database
        self._clock = clock
        self._journal = journal
        self._lookup = lookup
        self._terms = terms

    async def draw(self) -> None:
        """Put a share of yesterday's replies on the list; done again it draws the same. A job."""
        day, share = self._lookup.calendar().local_date(self._clock.now()) - timedelta(days=1), self.terms.share
        async with self._database.transaction() as tx:
            for measure in DRAWN_FROM:
                known = await inspections.released_on(tx, measure, day)
                drawn = [(number, known[number]) for number in draw(day, known, share)]
                await inspections.add(tx, day, drawn, Drawn.LOT)

    async def follow(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """A talk no call stands behind is looked at, and a reply before which the citizen was reached without one,
        whatever the lot says. The observer of the journal."""
        calendar = self._lookup.calendar()
        for each in facts:
            if each.kind == UNPROVEN:
                said = attributes(each.fact)
                drawn = [(str(said["number"]), str(said["unit"]))]
                await inspections.add(tx, calendar.local_date(each.at), drawn, Drawn.UNPROVEN_CALL)
            elif each.kind == RELEASED and (unit := await self._unproven_contact(tx, each)):
                drawn = [(str(attributes(each.fact)["number"]), unit)]
                await inspections.add(tx, calendar.local_date(each.at), drawn, Drawn.UNPROVEN_CONTACT)

    async def _unproven_contact(self, tx: Tx, released: Recorded) -> str:
        """The unit of a reply, if its first contact rests on its word alone; else empty."""
        said = attributes(released.fact)
        about = await self._journal.about(tx, f"ticket:{said['number']}")
        contacts = [attributes(each.fact) for each in about if each.kind == CONTACTED]
        unit = str(said.get("unit", ""))
        return unit if contacts and contacts[-1].get("unproven") and contacts[-1].get("unit") == unit else ""

    async def waiting(self, tx: Tx, limit: int, cursor: str = "") -> Found:
        """A page of what waits, the oldest first; Invalid for a cursor that is not ours."""
        return await inspections.waiting(tx, limit, cursor)

    async def done(self, tx: Tx, limit: int, cursor: str = "") -> Found:
        """The same of what is done, the newest first."""
        return await inspections.done(tx, limit, cursor)

    @property
    def terms(self) -> InspectionTerms:
        """Those of today."""
        return self._terms()

    async def to_look_at_again(self, tx: Tx, limit: int, cursor: str = "") -> Found:
        """The same of what waits for a second person, the longest waiting first."""
        return await inspections.waiting_seconds(tx, limit, cursor)

    async def of_unit(self, tx: Tx, unit: str, limit: int, cursor: str = "") -> Found:
        """The same of what was found about a unit's replies, the newest first."""
        return await inspections.done(tx, limit, cursor, self._lookup.stands_for(unit))

    async def seconds_of(self, tx: Tx, found: Sequence[Inspection]) -> dict[str, Second]:
        """The second looks at these."""
        return await inspections.seconds_of(tx, [each.number for each in found])

    async def by_unit(self, tx: Tx, days: int) -> list[UnitFound]:
        """What was found about each unit's replies drawn in the last days, by name; a second finding counts."""
        day = self._lookup.calendar().local_date(self._clock.now()) - timedelta(days=days)
        found = await inspections.done_since(tx, day)
        again = await self.seconds_of(tx, found)
        points: dict[str, list[int]] = {}
        for each in found:
            second = again.get(each.number)
            last = second.points if second and second.points is not None else each.points
            points.setdefault(each.unit, []).append(last or 0)
        return [
            UnitFound(unit, len(all_), sum(p >= self.terms.least for p in all_), round(sum(all_) / len(all_)))
            for unit, all_ in points.items()
        ]

    async def _may_look(self, tx: Tx, number: str, unit: str, by: Principal) -> None:
        """Nobody of the unit whose reply it is, nor whoever let it go or called back without a call on record, looks at
        it."""
        if by.unit and by.unit in self._lookup.stands_for(unit):
            raise NotAllowed("of_the_handling_unit")
        about = await self._journal.about(tx, f"ticket:{number}")
        released = [attributes(each.fact).get("by") for each in about if each.kind == RELEASED]
        if released and released[-1] == by.id:
            raise NotAllowed("judges_own_reply")
        if any(each.kind == UNPROVEN and attributes(each.fact).get("by") == by.id for each in about):
            raise NotAllowed("judges_own_call")

    async def ask_second(self, tx: Tx, number: str, why: str, by: Principal) -> Second:
        """Whoever disagrees wants a second person to look: the unit once, or another inspector. NotFound for a reply
        that is not theirs, Conflict when nothing was found yet or it was asked for before, Invalid without a reason."""
        found = await inspections.one(tx, number)
        if found is None or (by.unit and by.unit not in self._lookup.stands_for(found.unit)):
            raise NotFound("inspection")
        if found.done_at is None:
            raise Conflict("not_inspected_yet", current={"number": number})
        if not why.strip():
            raise Invalid({"why": "required"})
        if len(why) > LONGEST:
            raise Invalid({"why": "too_long"}, limit=LONGEST)
        second = Second(number, by.unit, by.id, self._clock.now(), mask_text(why.strip()))
        if not await inspections.ask_second(tx, second):
            raise Conflict("second_look_already", current={"number": number})
        return second

    async def settle_second(
        self, tx: Tx, number: str, failed: Sequence[Finding], note: str, by: Principal
    ) -> Inspection:
        """What the second person found stands. NotAllowed for the first, for whoever asked, let it go or handled it."""
        found, second = await inspections.one(tx, number), await inspections.second_for_update(tx, number)
        if found is None or second is None:
            raise NotFound("inspection")
        if second.done_at is not None:
            raise Conflict("inspected_already", current={"number": number})
        if by.id in {found.inspector, second.asked_by}:
            raise NotAllowed("second_is_another")
        await self._may_look(tx, number, found.unit, by)
        wrong, points = _judged(failed, note)
        done = replace(
            second,
            inspector=by.id,
            done_at=self._clock.now(),
            points=points,
            failed=wrong,
            note=mask_text(note.strip()),
        )
        await inspections.settle_second(tx, done)
        await self._state(tx, found, by, points, wrong)
        return found

    async def _state(self, tx: Tx, found: Inspection, by: Principal, points: int, wrong: tuple[str, ...]) -> None:
        units = (found.unit,) if found.unit else ()
        fact = ReplyInspected(found.number, self._clock.now(), by.id, units, points, points >= self.terms.least, wrong)
        await self._journal.state(tx, fact)

    async def settle(self, tx: Tx, number: str, failed: Sequence[Finding], note: str, by: Principal) -> Inspection:
        """What somebody found. NotFound when it was not drawn, Conflict when it is done, NotAllowed for whoever let the
        reply go or is of the unit, Invalid when something is wanting and nobody says what."""
        found = await inspections.one(tx, number)
        if found is None:
            raise NotFound("inspection")
        if found.done_at is not None:
            raise Conflict("inspected_already", current={"number": number})
        await self._may_look(tx, number, found.unit, by)
        wrong, points = _judged(failed, note)
        done = replace(
            found, inspector=by.id, done_at=self._clock.now(), points=points, failed=list(wrong),
            note=mask_text(note.strip()),
        )  # fmt: skip
        await inspections.settle(tx, done)
        await self._state(tx, found, by, points, wrong)
        return done


def _judged(failed: Sequence[Finding], note: str) -> tuple[tuple[str, ...], int]:
    """What is wanting, and the points that leaves."""
    wrong = tuple(each.value for each in Finding if each in failed)
    if wrong and not note.strip():
        raise Invalid({"note": "required"})
    if len(note) > LONGEST:
        raise Invalid({"note": "too_long"}, limit=LONGEST)
    return wrong, WHOLE - WHOLE * len(wrong) // len(Finding)
