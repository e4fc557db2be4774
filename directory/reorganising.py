"""The door to changing units: an order is planned, then carried out, journaled and kept for those who ask later."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from directory.events import (
    DirectoryChanged,
    StaffAccountChanged,
    UnitAdded,
    UnitDutiesChanged,
    UnitRenamed,
    UnitSucceeded,
)
from directory.lookup import TOPIC
from directory.model import Staff, Unit, UnitChange, UnitOrder
from directory.rules import reorganising as rules
from directory.rules.cityfiles import units_file
from directory.rules.reference import Duties
from directory.rules.reorganising import Plan
from directory.store import changes, reference
from directory.store.staff import StaffStore
from kernel.database import Tx
from kernel.errors import Conflict
from kernel.ids import new_id
from kernel.people import Principal
from kernel.room import Floor

MOVED = "moved"


@dataclass(frozen=True, slots=True)
class Move:
    """An account that goes to another unit."""

    staff: Staff
    unit: str


@dataclass(frozen=True, slots=True)
class Planned:
    """What an order comes to on the directory's ``version``; ``duties_before`` and ``duties_after`` say who is charged
    with what, ``alone`` are new units nobody has an account of."""

    plan: Plan
    version: int
    moves: tuple[Move, ...]
    alone: tuple[str, ...]
    duties_before: Duties
    duties_after: Duties


class Reorganising:
    """Plans and makes changes of units."""

    def __init__(self, floor: Floor) -> None:
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._staff = StaffStore()

    async def begin(self, tx: Tx, version: int) -> None:
        """Wait until whoever decides by the directory has ended and let nobody begin; Conflict when it has changed
        since ``version``."""
        now = await reference.lock(tx)
        if now != version:
            raise Conflict("directory_changed", current={"version": now})

    async def plan(self, tx: Tx, order: UnitOrder) -> Planned:
        """What ``order`` comes to, with effect now; changes nothing. Invalid names what is wrong with it."""
        version, data = await reference.version(tx), await reference.load(tx)
        city = rules.City(data.units, {area.code: area for area in data.areas}, data.functions, data.powers)
        made = rules.plan(city, order, self._clock.now())
        moves = await self._moves(tx, made)
        people = await self._staff.counts(tx)
        peopled = {*people, *(move.unit for move in moves if move.staff.active)}
        alone = tuple(part.code for part in order.into if part.code not in peopled)
        return Planned(made, version, moves, alone, Duties(data.units), Duties(made.units))

    async def _moves(self, tx: Tx, plan: Plan) -> tuple[Move, ...]:
        """People of a unit that is no more go to its successor, unless the order says where; of one that stays only
        whom it names."""
        default = {code: plan.routes[code].default for code in plan.retired}
        found = [
            Move(member, plan.order.staff.get(member.id, default.get(member.unit, member.unit)))
            for member in await self._staff.of_units(tx, plan.order.units)
        ]
        return tuple(move for move in found if move.unit != move.staff.unit)

    async def carry_out(self, tx: Tx, planned: Planned, by: Principal, tickets: int) -> UnitChange:
        """Make the change; ``tickets`` is how many will move by it. ``begin`` was called in the same transaction."""
        now, plan = self._clock.now(), planned.plan
        await reference.save_units(tx, plan.after)
        version = await reference.next_version(tx, now)
        change = UnitChange(
            new_id(),
            plan.order.kind,
            now,
            by.id,
            plan.order.why.strip(),
            version,
            plan.before,
            plan.after,
            plan.routes,
            len(planned.moves),
            tickets,
        )
        await changes.add(tx, change)
        for move in planned.moves:
            await self._staff.move(tx, move.staff.id, move.unit)
            was, is_ = {"unit": move.staff.unit}, {"unit": move.unit}
            fact = StaffAccountChanged(move.staff.id, now, MOVED, by.id, was, is_, change.id)
            await self._journal.state(tx, fact)
        await self._state(tx, change)
        await self._journal.state(tx, DirectoryChanged(version, {"unit": len(plan.after)}, now))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return change

    async def _state(self, tx: Tx, change: UnitChange) -> None:
        earlier = {unit.code: unit for unit in change.before}
        for unit in change.after:
            about = (unit.code, change.id, change.by, change.why, change.at)
            before = earlier.get(unit.code)
            if before is None:
                await self._journal.state(tx, UnitAdded(*about, unit.name))
            elif before.name != unit.name:
                await self._journal.state(tx, UnitRenamed(*about, unit.name, before.name))
            if unit.active and (before is None or _charge(before) != _charge(unit)):
                await self._journal.state(tx, UnitDutiesChanged(*about, *_charge(unit)))
        for code, route in change.routes.items():
            retired = any(unit.code == code and not unit.active for unit in change.after)
            about = (code, change.id, change.by, change.why, change.at)
            heirs = tuple(heir.unit for heir in route.heirs)
            await self._journal.state(tx, UnitSucceeded(*about, route.default, heirs, retired))

    async def changes(self, tx: Tx, limit: int, before: int | None = None) -> Sequence[UnitChange]:
        """Changes that were made, the newest first, below the version ``before`` if given."""
        return await changes.newest(tx, limit, before)

    async def people(self, tx: Tx) -> Mapping[str, int]:
        """How many active accounts each unit has."""
        return await self._staff.counts(tx)

    async def people_of(self, tx: Tx, units: Collection[str]) -> Sequence[Staff]:
        """The accounts of some units, shut ones too."""
        return await self._staff.of_units(tx, units)

    async def file(self, tx: Tx) -> str:
        """The units.csv that says what the units are now: imported again it changes nothing."""
        return units_file(unit for unit in await reference.load_units(tx) if unit.active)


def _charge(unit: Unit) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    return unit.functions, unit.powers, unit.areas, unit.parent
