"""Units of which nobody can be reached: everybody is away, or is told on no way and has not come in for long."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from directory.model import Account, Unit
from kernel.database import Tx
from kernel.people import UNIT_ROLES
from kernel.room import Floor
from ticketing.absences import Absences
from ticketing.limiting import LimitKeeper
from ticketing.reaching import Reaching
from ticketing.rules.absences import Away, Officer, Silence, silence
from ticketing.store import reaching as rows
from ticketing.store import wall, webhooks


@dataclass(frozen=True, slots=True)
class UnreachedUnit:
    """A unit nobody answers for: why, how many people it has and how many of them are away, how much work lies there,
    and when somebody of it came in last."""

    unit: Unit
    why: Silence
    people: int
    away: int
    open: int
    seen: datetime | None


class Unreached:
    """Reads; writes nothing."""

    def __init__(
        self, floor: Floor, lookup: Lookup, limits: LimitKeeper, absences: Absences, reaching: Reaching
    ) -> None:
        self._clock = floor.clock
        self._vault = floor.vault
        self._lookup = lookup
        self._limits = limits
        self._absences = absences
        self._reaching = reaching

    async def units(self, tx: Tx) -> list[UnreachedUnit]:
        """Those with most work first, last those nobody has come to use yet. A unit without any account counts where
        work lies there, one whose own system is told by webhook does not."""
        accounts = [each for each in await self._lookup.officers(tx) if each.staff.roles & UNIT_ROLES]
        away = await self._absences.away(tx, [each.staff for each in accounts])
        heard = await self._heard(tx, accounts, away)
        own_system = {each.unit for each in await webhooks.of_unit(tx) if each.active}
        people = defaultdict[str, list[Account]](list)
        for each in accounts:
            people[each.staff.unit].append(each)

        def said(theirs: Sequence[Account]) -> Silence | None:
            return silence([Officer(each.staff.id, each.staff.id in heard) for each in theirs], away)

        silent = {unit.code: (unit, why) for unit in self._lookup.units() if (why := said(people[unit.code]))}
        work = await wall.open_parts(tx, [*silent])
        never = {c for c, (_, why) in silent.items() if why is Silence.UNSEEN and not _came_in(people[c])}
        unused = never - await wall.ever_had(tx, never)
        found = [
            _told(unit, Silence.UNUSED if code in unused else why, people[code], away, work.get(code, 0))
            for code, (unit, why) in silent.items()
            if code not in own_system and (why is not Silence.NOBODY or work.get(code))
        ]
        return sorted(found, key=lambda each: (each.why is Silence.UNUSED, -each.open))

    async def _heard(self, tx: Tx, accounts: Sequence[Account], away: Away) -> set[str]:
        """Who came in of late, or is told on some way; of units that are reached anyway nobody's ways are read."""
        since = self._clock.now() - self._limits.now().unseen_after
        heard = {a.staff.id for a in accounts if a.signed_in is not None and a.signed_in > since}
        reached = {a.staff.unit for a in accounts if a.staff.id in heard and a.staff.id not in away}
        asked = [a.staff.id for a in accounts if a.staff.unit not in reached]
        reaches = await rows.of(tx, self._vault, asked)
        return heard | {who for who, reach in reaches.items() if reach.in_order(self._reaching.ways)}


def _came_in(theirs: Sequence[Account]) -> bool:
    return any(each.signed_in for each in theirs)


def _told(unit: Unit, why: Silence, theirs: Sequence[Account], away: Away, work: int) -> UnreachedUnit:
    seen = max((each.signed_in for each in theirs if each.signed_in), default=None)
    return UnreachedUnit(unit, why, len(theirs), sum(each.staff.id in away for each in theirs), work, seen)
