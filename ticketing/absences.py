"""Absences people of units say of themselves: who stands in, who is told meanwhile."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from directory.lookup import Lookup
from directory.model import Staff
from directory.reorganising import Reorganising
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id
from kernel.people import UNIT_ROLES, Principal, Role
from ticketing.model.presence import Absence
from ticketing.rules.absences import LATEST_SAID, Away, in_place, refused
from ticketing.rules.approving import leaves_nobody
from ticketing.store import approvals as rows


class Absences:
    """Says, takes back, and tells who is there instead."""

    def __init__(self, clock: Clock, lookup: Lookup, reorganising: Reorganising) -> None:
        self._clock = clock
        self._lookup = lookup
        self._reorganising = reorganising

    def now(self) -> datetime:
        """This moment."""
        return self._clock.now()

    async def mine(self, tx: Tx, by: Principal) -> list[Absence]:
        """One's own absences of now and later, the earliest first."""
        found = await rows.absences_of(tx, by.unit, self._clock.now())
        return [each for each in found if each.absent == by.id]

    async def colleagues(self, tx: Tx, by: Principal) -> list[Staff]:
        """Who may stand in: active people of the same unit."""
        return [each for each in await self._lookup.staff_of(tx, by.unit) if may_stand_in(each, by)]

    async def stands_in_for(self, tx: Tx, by: Principal) -> list[Absence]:
        """Absences of colleagues who named ``by``, now and later, the earliest first."""
        found = await rows.absences_of(tx, by.unit, self._clock.now())
        return [each for each in found if each.stand_in == by.id]

    async def say(
        self, tx: Tx, stand_in: str, since: datetime, until: datetime, by: Principal, *, aware: bool = False
    ) -> None:
        """``by`` is away from ``since`` until before ``until``; ``stand_in`` is a colleague's id, or empty. Invalid for
        anybody who is no colleague or is away then, for days long gone, too many or said already; and, unless ``by``
        is ``aware`` of it, while a colleague counts on ``by`` or where nobody is left to approve results."""
        name = ""
        if stand_in:
            colleague = next((each for each in await self.colleagues(tx, by) if each.id == stand_in), None)
            if colleague is None:
                raise Invalid({"stand_in": "not_of_the_unit"})
            name = colleague.name
        said = Absence(new_id(), by.unit, by.id, by.name, stand_in, name, since, until)
        await check_absence(tx, self._lookup, said, self._clock.now(), aware=aware)
        if not aware and await self._leaves_nobody(tx, said):
            raise Invalid({"aware": "nobody_approves_then"})
        await rows.keep_absence(tx, said)

    async def _leaves_nobody(self, tx: Tx, said: Absence) -> bool:
        if not await wants_approval(tx, self._lookup, said.unit):
            return False
        staff = [each for each in await self._lookup.staff_of(tx, said.unit) if each.active]
        leaders = [each.id for each in staff if Role.UNIT_LEADER in each.roles]
        workers = [each.id for each in staff if each.roles & UNIT_ROLES - {Role.UNIT_LEADER}]
        known = await rows.absences_of(tx, said.unit, self._clock.now())
        return leaves_nobody(said, known, leaders, workers)

    async def take_back(self, tx: Tx, id_: str, by: Principal) -> None:
        """``by`` is there after all; NotFound for what is not theirs."""
        if id_ not in {each.id for each in await self.mine(tx, by)}:
            raise NotFound("absence")
        await rows.end_absence(tx, by.unit, id_)

    # -- meanwhile --------------------------------------------------------------------------------------

    async def away(self, tx: Tx, people: Collection[Staff]) -> Away:
        """Who of ``people``, which are all of their units, is away now and who stands in: only whoever is still one of
        the unit does."""
        running = await rows.running(tx, self._clock.now(), {each.unit for each in people if each.unit})
        there = {(each.unit, each.id) for each in people if each.active and each.roles & UNIT_ROLES}
        found: dict[str, str] = {}
        for each in running:
            if (each.unit, each.absent) in there:
                stands_in = each.stand_in if (each.unit, each.stand_in) in there else ""
                found[each.absent] = found.get(each.absent) or stands_in
        return found

    async def instead(self, tx: Tx, people: Collection[Staff]) -> Mapping[str, str]:
        """Who is told in the place of those of ``people`` that are away now; ``people`` are all of their units."""
        away = await self.away(tx, people)
        leaders = defaultdict[str, list[str]](list)
        for each in people:
            if each.active and Role.UNIT_LEADER in each.roles:
                leaders[each.unit].append(each.id)
        return {each.id: in_place(each.id, away, leaders[each.unit]) for each in people if each.id in away}

    async def all_instead(self, tx: Tx) -> Mapping[str, str]:
        """The same for everybody who is away now."""
        units = await rows.units_with_absences(tx, self._clock.now())
        return await self.instead(tx, await self._people(tx, units)) if units else {}

    async def _people(self, tx: Tx, units: Sequence[str]) -> Sequence[Staff]:
        return await self._reorganising.people_of(tx, units)


async def wants_approval(tx: Tx, lookup: Lookup, unit: str) -> bool:
    """Whether results pass through the leader: as the unit has set it, else as the city's file says."""
    said = await rows.wanted(tx, unit)
    return lookup.unit(unit).approval if said is None else said


async def check_absence(tx: Tx, lookup: Lookup, said: Absence, now: datetime, *, aware: bool) -> None:
    """Invalid, with the days and the person it meets, for an absence that cannot be as it is said."""
    found = refused(said, await rows.absences_of(tx, said.unit, now), now, aware=aware)
    if found is None:
        return
    other, zone = found.other or said, lookup.calendar().zone
    last = (other.until - timedelta(days=1)).astimezone(zone).date()
    raise Invalid(
        found.fields,
        name=other.absent_name,
        since=other.since.astimezone(zone).date().isoformat(),
        until=last.isoformat(),
        days=LATEST_SAID.days,
    )


def may_stand_in(person: Staff, absent: Principal) -> bool:
    """Whether somebody can be there for ``absent``."""
    return person.active and person.unit == absent.unit and person.id != absent.id and bool(person.roles & UNIT_ROLES)
