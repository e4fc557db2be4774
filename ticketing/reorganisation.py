"""Changes of member units with all they mean for tickets: what an order comes to, and the order carried out."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from directory.lookup import Lookup
from directory.model import Level, UnitChange, UnitOrder
from directory.reorganising import Planned, Reorganising
from kernel.database import Tx
from kernel.errors import Conflict
from kernel.people import Principal
from ticketing.catalogue import Catalogue
from ticketing.following import Following
from ticketing.model.duties import Matter
from ticketing.rules.dispatch import COORDINATION
from ticketing.rules.standing import Standing, standing
from ticketing.store.follow import Follow


@dataclass(frozen=True, slots=True)
class Preview:
    """What an order comes to: units and people, open work that follows, what the duty catalogue finds afterwards."""

    planned: Planned
    follows: Sequence[Follow]
    standing: Standing


class Reorganisation:
    """Previews orders and carries them out."""

    def __init__(self, lookup: Lookup, catalogue: Catalogue, reorganising: Reorganising, following: Following) -> None:
        self._lookup = lookup
        self._catalogue = catalogue
        self._reorganising = reorganising
        self._following = following

    async def preview(self, tx: Tx, order: UnitOrder) -> Preview:
        """What ``order`` would come to now; changes nothing. Invalid names what is wrong with it."""
        planned = await self._reorganising.plan(tx, order)
        follows = await self._following.wanted(tx, planned.plan.routes)
        return Preview(planned, follows, await self._standing(planned))

    async def carry_out(self, tx: Tx, order: UnitOrder, version: int, by: Principal) -> UnitChange:
        """Make the change that was previewed on the directory's ``version``, and let open work follow.

        Conflict("directory_changed") when that is not the version any more, Conflict("duties_broken") when a matter
        would lose its lead somewhere or get a second one; Invalid as the preview.
        """
        await self._reorganising.begin(tx, version)
        await self._lookup.hold(tx)
        preview = await self.preview(tx, order)
        broken = preview.standing.broken
        if broken:
            raise Conflict("duties_broken", current=[each.matter.code for each in broken], count=len(broken))
        tickets = len({each.ticket for each in preview.follows})
        change = await self._reorganising.carry_out(tx, preview.planned, by, tickets)
        await self._following.order(tx, preview.follows, change.id)
        return change

    async def _standing(self, planned: Planned) -> Standing:
        towns = [self._lookup.lineage(town.code) for town in self._lookup.areas(Level.TOWN)]
        before, after = planned.duties_before.units_at, planned.duties_after.units_at
        return await asyncio.to_thread(standing, self._concerned(planned), towns, before, after)

    def _concerned(self, planned: Planned) -> Sequence[Matter]:
        """Matters of the functions that change hands; all, when that of the last resort does."""
        plan = planned.plan
        functions = {function for unit in (*plan.before, *plan.after) for function in unit.functions}
        if COORDINATION in functions:
            return self._catalogue.all()
        return [matter for matter in self._catalogue.all() if matter.function in functions]
