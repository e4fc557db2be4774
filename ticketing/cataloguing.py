"""Changes single matters of the catalogue: previewed, at once or from a day on, undone; rulings taken over."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

import structlog

from directory.lookup import Lookup
from directory.model import Area, Level, Unit
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.ids import new_id
from kernel.people import Principal
from kernel.room import Floor
from ticketing.catalogue import TOPIC, Catalogue
from ticketing.events import MatterChanged, MattersChanged
from ticketing.model.duties import Matter, NamedLead
from ticketing.model.rulings import Amendment, Precedent
from ticketing.rules.dispatch import Where
from ticketing.rules.exceptions import leads_at
from ticketing.rules.matterchanges import (
    LONGEST_WHY,
    ChangeKind,
    ChangeState,
    Flow,
    Hole,
    Known,
    MatterChange,
    MatterOrder,
    Past,
    Retired,
    applied,
    checked,
    flows,
    holes,
)
from ticketing.store import matterchanges as rows
from ticketing.store import matters as matter_rows
from ticketing.store import precedents

log = structlog.get_logger()

RECENT = timedelta(days=90)
MOST_TICKETS = 5000
MOST_CANDIDATES = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order comes to on the catalogue's ``version``: towns not led as they must be, tickets that would have
    gone elsewhere, sentences and keywords the text model learns with its next training."""

    version: int
    before: Matter | None
    after: Matter | None
    hole: Hole
    flows: Sequence[Flow]
    tickets: int
    learns: bool


class Cataloguing:
    """Reads and changes matters one by one."""

    def __init__(self, floor: Floor, lookup: Lookup, catalogue: Catalogue) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._lookup = lookup
        self._catalogue = catalogue

    # -- reading ----------------------------------------------------------------------------------------

    async def matters(self, tx: Tx) -> tuple[int, tuple[Matter, ...]]:
        """The catalogue as it is kept, with its version."""
        return await matter_rows.version(tx), await matter_rows.all_matters(tx)

    async def retired(self, tx: Tx) -> list[Retired]:
        """Matters nothing new comes to."""
        return await rows.all_retired(tx)

    async def waiting(self, tx: Tx) -> list[MatterChange]:
        """Changes whose day has not come."""
        return await rows.waiting(tx)

    async def history(self, tx: Tx, code: str) -> list[MatterChange]:
        """What was done to a matter, the newest first."""
        return await rows.of_matter(tx, code)

    async def candidates(
        self, tx: Tx, matter: str = "", before: str = "", limit: int = MOST_CANDIDATES
    ) -> list[Precedent]:
        """Rulings that say otherwise than the catalogue, and were neither taken over nor dismissed; the newest first,
        or the newest ``before`` one of them."""
        return await precedents.find(tx, matter=matter, amendment=Amendment.CANDIDATE, before=before, limit=limit)

    def towns(self) -> list[tuple[Area, ...]]:
        """Every town with the areas above it."""
        return [self._lookup.lineage(town.code) for town in self._lookup.areas(Level.TOWN)]

    def unit_of(self, code: str) -> Unit | None:
        """An active unit, or None."""
        try:
            unit = self._lookup.unit(code)
        except NotFound:
            return None
        return unit if unit.active else None

    def name_of(self, code: str) -> str:
        """What a matter is called, also one that is retired; the code for one nobody knows."""
        found = self._catalogue.known(code)
        return found.name if found else code

    # -- ordering ---------------------------------------------------------------------------------------

    async def preview(self, tx: Tx, order: MatterOrder) -> Preview:
        """What an order would come to; Invalid names what is wrong with it."""
        version, matters = await self.matters(tx)
        before = next((each for each in matters if each.code == order.code), None)
        after = await self._after(tx, order, before, matters)
        whose = order.successor if after is None else order.code
        heir = next((each for each in matters if each.code == whose), None) if after is None else after
        hole = await asyncio.to_thread(self._holes, before, after) if after else Hole((), ())
        past = await self._past(tx, order.code)
        found = flows(before, heir, past, self._lookup.units_at, self.unit_of) if before else ()
        learns = after is None or before is None or _lessons(before) != _lessons(after)
        return Preview(version, before, after, hole, found, len(past), learns)

    async def order(self, tx: Tx, order: MatterOrder, version: int, by: Principal, precedent: str = "") -> MatterChange:
        """Make the change that was previewed on the catalogue's ``version``: at once, or when its day begins.

        Conflict("matters_changed") when that is not the version any more, Conflict("coverage_broken") where a town
        would be without its one lead; Invalid as the preview, and for no reason or a day that is over.
        """
        await self._lookup.hold(tx)
        begins = self._begins(order.valid_from, order.why)
        preview = await self.preview(tx, order)
        if preview.version != version:
            raise Conflict("matters_changed", current={"version": preview.version})
        if preview.hole.many:
            raise Conflict("coverage_broken", current=_named(preview.hole), count=preview.hole.many)
        now = self._clock.now()
        change = MatterChange(
            new_id(), order.code, order.kind, ChangeState.WAITING, begins, now, by.id, order.why.strip(),
            preview.before, preview.after, order.successor if preview.after is None else "", precedent,
        )  # fmt: skip
        return await self._keep(tx, change)

    async def cancel(self, tx: Tx, id_: str, by: Principal) -> MatterChange:
        """A change whose day has not come is given up; Conflict when it has."""
        change = await rows.by_id(tx, id_)
        if change is None:
            raise NotFound("change", id=id_)
        if not await rows.settle(tx, id_, ChangeState.CANCELLED):
            raise Conflict("already_begun", current=change.state.value)
        await self._state(tx, replace(change, by=by.id), self._clock.now(), "cancelled")
        return replace(change, state=ChangeState.CANCELLED)

    async def undo(self, tx: Tx, code: str, version: int, why: str, by: Principal) -> MatterChange:
        """The matter as it was before its last change; Conflict when there is none, or the catalogue changed since
        ``version`` or in between otherwise."""
        begins = self._begins(self.today(), why)
        done = [each for each in await rows.of_matter(tx, code) if each.state is ChangeState.DONE]
        last = next((each for each in done if each.kind is not ChangeKind.UNDO), None)
        if last is None or (done and done[0] is not last):
            raise Conflict("nothing_to_undo", current={"matter": code})
        found, _ = await self.matters(tx)
        if found != version:
            raise Conflict("matters_changed", current={"version": found})
        hole = await asyncio.to_thread(self._holes, last.after, last.before) if last.before else Hole((), ())
        if hole.many:
            raise Conflict("coverage_broken", current=_named(hole), count=hole.many)
        change = MatterChange(
            new_id(), code, ChangeKind.UNDO, ChangeState.WAITING, begins, self._clock.now(), by.id, why.strip(),
            last.after, last.before,
        )  # fmt: skip
        return await self._keep(tx, change)

    # -- rulings ----------------------------------------------------------------------------------------

    async def adopt(self, tx: Tx, id_: str, by: Principal) -> Precedent:
        """Take a ruling over: in its area its unit leads the matter from now on, unless the catalogue says so already.

        Invalid where the unit lacks the power or is no more; Conflict when it is no candidate any more.
        """
        found = await self._candidate(tx, id_)
        version, matters = await self.matters(tx)
        matter = next((each for each in matters if each.code == found.matter), None)
        if matter is None:
            raise Invalid({"matter": "retired"})
        area = found.area or self._lookup.unit(found.lead).area
        where = Where(self._lookup.lineage(area))
        if leads_at(matter, where, self._lookup.units_at, self.unit_of) != (found.lead,):
            lead = NamedLead(area, found.lead, found.supporting, found.clause, found.id)
            others = tuple(each for each in matter.leads if each.area != area)
            why = f"采纳裁定（{found.ticket}）：{found.reason}"[:LONGEST_WHY]
            order = MatterOrder(
                ChangeKind.RULING, matter.code, replace(matter, leads=(*others, lead)), self.today(), why
            )
            await self.order(tx, order, version, by, found.id)
        return await precedents.amend(tx, id_, Amendment.ADOPTED, "已采纳，写入事项目录")

    async def dismiss(self, tx: Tx, id_: str, why: str) -> Precedent:
        """Leave the catalogue as it is; why must be said."""
        await self._candidate(tx, id_)
        if not why.strip():
            raise Invalid({"why": "required"})
        if len(why) > LONGEST_WHY:
            raise Invalid({"why": "too_long"}, limit=LONGEST_WHY)
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return await precedents.amend(tx, id_, Amendment.DROPPED, why.strip())

    async def _candidate(self, tx: Tx, id_: str) -> Precedent:
        found = await precedents.by_id(tx, id_)
        if found is None:
            raise NotFound("precedent", id=id_)
        if found.amendment is not Amendment.CANDIDATE:
            raise Conflict("decided_already", current=found.amendment.value)
        return found

    # -- taking effect ----------------------------------------------------------------------------------

    async def take_effect(self) -> int:
        """Changes whose day has come, one transaction each; gives how many."""
        done, now = 0, self._clock.now()
        async with self._database.reading() as tx:
            due = await rows.waiting(tx, now)
        for change in due:
            try:
                async with self._database.transaction() as tx:
                    await self._apply(tx, change)
                done += 1
            except Conflict as conflict:
                # The matter was changed otherwise meanwhile, by hand or by data that were loaded: people decide anew.
                log.warning("ticketing.matter_change_stale", change=change.id, matter=change.matter, code=conflict.code)
                async with self._database.transaction() as tx:
                    if await rows.settle(tx, change.id, ChangeState.CANCELLED):
                        await self._state(tx, change, now, "stale")
        return done

    async def _keep(self, tx: Tx, change: MatterChange) -> MatterChange:
        await rows.add(tx, change)
        await self._state(tx, change, self._clock.now(), change.kind.value)
        if change.valid_from > self._clock.now():
            return change
        await self._apply(tx, change)
        return replace(change, state=ChangeState.DONE)

    async def _apply(self, tx: Tx, change: MatterChange) -> None:
        version, matters = await self.matters(tx)
        made, now = applied(matters, change), self._clock.now()
        if not await rows.settle(tx, change.id, ChangeState.DONE):
            return
        if change.after is None and change.before is not None:
            if change.kind is ChangeKind.RETIRE or await rows.has_tickets(tx, change.matter):
                await rows.retire(tx, change.before, change.successor, now)
        elif change.before is None:
            await rows.revive(tx, change.matter)
        new = await matter_rows.replace_all(tx, made, now)
        if new != version + 1:
            raise Conflict("matters_changed", current={"version": new - 1})
        await self._journal.state(tx, MattersChanged(new, len(made), now, change.by))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))

    async def _state(self, tx: Tx, change: MatterChange, now: datetime, kind: str) -> None:
        fact = MatterChanged(change.id, change.matter, kind, change.valid_from, change.by, change.why, now)
        await self._journal.state(tx, fact)

    # -- parts ------------------------------------------------------------------------------------------

    async def _after(
        self, tx: Tx, order: MatterOrder, before: Matter | None, matters: Sequence[Matter]
    ) -> Matter | None:
        if order.kind is ChangeKind.ADD:
            gone = {each.matter.code for each in await rows.all_retired(tx)}
            if before is not None or order.code in gone:
                raise Invalid({"code": "code_taken"})
        elif before is None:
            raise NotFound("matter", matter=order.code)
        if order.kind is ChangeKind.RETIRE:
            self._check_successor(order, matters)
            return None
        if order.after is None:
            raise Invalid({"name": "required"})
        after = checked(replace(order.after, code=order.code), self._known())
        if any(each.name == after.name and each.level2 == after.level2 and each.code != after.code for each in matters):
            raise Invalid({"name": "name_taken"})
        if after == before:
            raise Invalid({"name": "nothing_changed"})
        return after

    @staticmethod
    def _check_successor(order: MatterOrder, matters: Sequence[Matter]) -> None:
        if order.successor == order.code:
            raise Invalid({"successor": "is_itself"})
        if not order.successor:
            raise Invalid({"successor": "required"})
        if order.successor not in {each.code for each in matters}:
            raise Invalid({"successor": "unknown_matter"})

    def _known(self) -> Known:
        lookup = self._lookup
        areas = {area.code for level in Level for area in lookup.areas(level)}
        return Known(lookup.functions(), lookup.powers(), areas, {unit.code: unit for unit in lookup.units()})

    def _holes(self, before: Matter | None, after: Matter) -> Hole:
        return holes(before, after, self.towns(), self._lookup.units_at)

    async def _past(self, tx: Tx, matter: str) -> list[Past]:
        found = await rows.tickets_of(tx, matter, self._clock.now() - RECENT, MOST_TICKETS)
        return [Past(number, self._lineage(area), open_) for number, area, open_ in found]

    def _lineage(self, area: str) -> tuple[Area, ...]:
        try:
            return self._lookup.lineage(area) if area else self._lookup.areas(Level.CITY)
        except NotFound:
            return self._lookup.areas(Level.CITY)

    def today(self) -> date:
        """The day in the city."""
        return self._lookup.calendar().local_date(self._clock.now())

    def _begins(self, day: date, why: str) -> datetime:
        if not why.strip():
            raise Invalid({"why": "required"})
        if len(why) > LONGEST_WHY:
            raise Invalid({"why": "too_long"}, limit=LONGEST_WHY)
        if day < self.today():
            raise Invalid({"valid_from": "in_the_past"})
        if day == self.today():
            return self._clock.now()
        return datetime.combine(day, time.min, self._lookup.calendar().zone).astimezone(UTC)


def _lessons(matter: Matter) -> tuple[object, ...]:
    return matter.examples, matter.keywords, matter.name, matter.level2


def _named(hole: Hole) -> dict[str, list[str]]:
    return {"nobody": [area.name for area in hole.nobody], "several": [area.name for area in hole.several]}
