"""Inner approval: whether a unit's results pass through its leader, and who approves while the leader is away."""

from datetime import datetime

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id
from kernel.people import Principal, Role
from ticketing.absences import check_absence
from ticketing.model.presence import Absence
from ticketing.store import approvals

MAY_STAND_IN = frozenset({Role.LIAISON, Role.HANDLER, Role.UNIT_LEADER})


class Approving:
    """Reads and sets how a unit approves."""

    def __init__(self, clock: Clock, lookup: Lookup) -> None:
        self._clock = clock
        self._lookup = lookup

    async def wanted(self, tx: Tx, unit: str) -> bool:
        """Whether results pass through the leader: as the unit has set it, else as the city's file says."""
        said = await approvals.wanted(tx, unit)
        return self._lookup.unit(unit).approval if said is None else said

    async def set_wanted(self, tx: Tx, unit: str, want: bool, by: Principal) -> None:
        """From now on; NotFound for a unit nobody knows."""
        self._lookup.unit(unit)
        await approvals.set_wanted(tx, unit, want, self._clock.now(), by.id)

    def now(self) -> datetime:
        """This moment."""
        return self._clock.now()

    # -- deputies ---------------------------------------------------------------------------------------

    async def deputies(self, tx: Tx, unit: str) -> list[Absence]:
        """Who stands in for a leader now or later: named here, or where the leader said that they are away."""
        found = [each for each in await approvals.absences_of(tx, unit, self._clock.now()) if each.stand_in]
        if not found:
            return []
        leads = {p.id for p in await self._lookup.staff_of(tx, unit) if p.active and Role.UNIT_LEADER in p.roles}
        return [each for each in found if each.absent in leads]

    async def name_deputy(self, tx: Tx, deputy: str, since: datetime, until: datetime, by: Principal) -> None:
        """A leader names a colleague of the same unit for some days; Invalid for anybody else, or days gone by."""
        wrong = {}
        try:
            person = await self._lookup.staff(tx, deputy)
        except NotFound as error:
            raise Invalid({"deputy": "unknown"}) from error
        if not person.active or person.unit != by.unit or person.id == by.id or not person.roles & MAY_STAND_IN:
            wrong["deputy"] = "not_of_the_unit"
        if wrong:
            raise Invalid(wrong)
        named = Absence(new_id(), by.unit, by.id, by.name, person.id, person.name, since, until)
        try:
            await check_absence(tx, self._lookup, named, self._clock.now(), aware=True)
        except Invalid as error:
            fields = {"deputy" if name == "stand_in" else name: code for name, code in error.fields.items()}
            raise Invalid(fields, error.code, **error.data) from error
        await approvals.keep_absence(tx, named)

    async def end_deputy(self, tx: Tx, id_: str, by: Principal) -> None:
        """The leader is back."""
        if id_ in {each.id for each in await self.deputies(tx, by.unit)}:
            await approvals.end_absence(tx, by.unit, id_)
