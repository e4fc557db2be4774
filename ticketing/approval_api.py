"""The routes of inner approval: the unit's setting and the leader's deputies."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from directory.lookup import Lookup
from kernel.database import Database, Tx
from kernel.errors import NotAllowed
from kernel.people import May, Principal, Role, Scope
from kernel.room import Call, Route
from ticketing.approving import Approving


@dataclass(frozen=True, slots=True)
class DeputyView:
    """Who stands in; both days are included."""

    id: str
    deputy: str
    deputy_name: str
    leader_name: str
    since: date
    until: date
    now: bool


@dataclass(frozen=True, slots=True)
class ColleagueView:
    """Somebody who can stand in."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ApprovalView:
    """How a unit approves its results."""

    unit: str
    unit_name: str
    wanted: bool
    may_change: bool
    deputies: Sequence[DeputyView]
    colleagues: Sequence[ColleagueView]


@dataclass(frozen=True, slots=True)
class ApprovalForm:
    """Whether results pass through the leader."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class DeputyForm:
    """A colleague by id, and the days, both included."""

    deputy: str
    since: date
    until: date


class ApprovalApi:
    """Reads and sets."""

    def __init__(self, database: Database, lookup: Lookup, approving: Approving) -> None:
        self._database = database
        self._lookup = lookup
        self._approving = approving

    async def show(self, call: Call) -> ApprovalView:
        if call.scope is not Scope.ANY and call.path["unit"] != call.principal.unit:
            raise NotAllowed("not_allowed")
        async with self._database.reading() as tx:
            return await self._view(tx, call.path["unit"], call)

    async def set(self, call: Call) -> ApprovalView:
        unit = _of_ones_own(call)
        async with self._database.transaction() as tx:
            await self._approving.set_wanted(tx, unit, call.form(ApprovalForm).wanted, call.principal)
            return await self._view(tx, unit, call)

    async def name(self, call: Call) -> ApprovalView:
        form, unit = call.form(DeputyForm), _of_ones_own(call, strictly=True)
        zone = self._lookup.calendar().zone
        since = datetime.combine(form.since, time(), zone)
        until = datetime.combine(form.until + timedelta(days=1), time(), zone)
        async with self._database.transaction() as tx:
            await self._approving.name_deputy(tx, form.deputy, since, until, call.principal)
            return await self._view(tx, unit, call)

    async def end(self, call: Call) -> ApprovalView:
        unit = _of_ones_own(call, strictly=True)
        async with self._database.transaction() as tx:
            await self._approving.end_deputy(tx, call.path["id"], call.principal)
            return await self._view(tx, unit, call)

    async def _view(self, tx: Tx, unit: str, call: Call) -> ApprovalView:
        zone = self._lookup.calendar().zone
        found = await self._approving.deputies(tx, unit)
        now = self._approving.now()
        deputies = [
            DeputyView(
                d.id,
                d.stand_in,
                d.stand_in_name,
                d.absent_name,
                d.since.astimezone(zone).date(),
                (d.until.astimezone(zone) - timedelta(days=1)).date(),
                d.since <= now,
            )
            for d in found
        ]
        people = await self._lookup.staff_of(tx, unit)
        colleagues = [ColleagueView(p.id, p.name) for p in people if p.active and p.id != call.principal.id]
        name = self._lookup.unit(unit).name
        may = _may_change(call.principal, unit)
        return ApprovalView(unit, name, await self._approving.wanted(tx, unit), may, deputies, colleagues)


def _may_change(by: Principal, unit: str) -> bool:
    return by.has(Role.ADMIN) or (by.has(Role.UNIT_LEADER) and by.unit == unit)


def _of_ones_own(call: Call, *, strictly: bool = False) -> str:
    """The unit of the path, for its leader; unless ``strictly`` for an administrator too. NotAllowed for others."""
    unit, by = call.path["unit"], call.principal
    leads = by.has(Role.UNIT_LEADER) and by.unit == unit
    if not leads and (strictly or call.scope is not Scope.ANY):
        raise NotAllowed("not_allowed")
    return unit


def routes(api: ApprovalApi) -> list[Route]:
    """The routes."""
    one = "/api/v1/units/{unit}/approval"
    may, whole = May.SET_APPROVAL, ApprovalView
    return [
        Route("GET", one, api.show, may, "内审设置", gives=whole),
        Route("PUT", one, api.set, may, "设置内审", body=ApprovalForm, gives=whole),
        Route("POST", f"{one}/deputies", api.name, may, "指定代审人", body=DeputyForm, gives=whole),
        Route("DELETE", f"{one}/deputies/{{id}}", api.end, may, "撤销代审", gives=whole),
    ]
