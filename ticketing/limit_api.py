"""The administrators' routes for the limits: what holds, the versions, a new one."""

from collections.abc import Mapping

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.people import May
from kernel.room import Call, Route
from ticketing.limit_views import (
    DifferenceView,
    LimitRowView,
    LimitsForm,
    LimitsView,
    VersionView,
    kinds_of,
    value_of,
    view_of,
)
from ticketing.limiting import ALWAYS, LimitKeeper, LimitOrder
from ticketing.rules.bounds import BOUNDS, weaker
from ticketing.rules.limitrows import Difference, LimitRow, differences, rows_of
from ticketing.store.limits import LimitVersion


class LimitApi:
    """Reads and adds versions."""

    def __init__(self, database: Database, clock: Clock, lookup: Lookup, keeper: LimitKeeper) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup
        self._keeper = keeper

    async def show(self, call: Call) -> LimitsView:
        async with self._database.reading() as tx:
            return await self._view(tx)

    async def add(self, call: Call) -> LimitsView:
        form = call.form(LimitsForm)
        values = {key: value_of(typed, key) for key, typed in form.values.items()}
        order = LimitOrder(form.valid_from, values, form.why, form.beyond_why)
        async with self._database.transaction() as tx:
            await self._keeper.add(tx, order, form.newest, call.principal)
        await self._keeper.load()
        async with self._database.reading() as tx:
            return await self._view(tx)

    async def _view(self, tx: Tx) -> LimitsView:
        versions, now = await self._keeper.versions(tx), self._clock.now()
        names = await self._lookup.staff_names(tx, {each.by for each in versions if each.by})
        current = [each for each in versions if each.valid_from <= now][-1]
        shown = []
        for place, each in enumerate(versions):
            differs = differences(versions[place - 1].limits, each.limits) if place else ()
            state = "current" if each is current else "past" if each.valid_from <= now else "coming"
            shown.append(_version(each, state, differs, names))
        rows = [_row(row) for row in rows_of(current.limits)]
        newest = max(each.version for each in versions)
        return LimitsView(newest, self._lookup.calendar().local_date(now), rows, shown[::-1])


def _row(row: LimitRow) -> LimitRowView:
    value, bound = view_of(row.value), BOUNDS.get(row.key)
    furthest, source = (view_of(bound.furthest), bound.source) if bound else (None, "")
    return LimitRowView(
        row.key, row.group.value, row.group.label, row.label, value, kinds_of(row.value), weaker(row.key).value,
        furthest, source,
    )  # fmt: skip


def _version(made: LimitVersion, state: str, differs: tuple[Difference, ...], names: Mapping[str, str]) -> VersionView:
    built_in = made.valid_from == ALWAYS
    return VersionView(
        made.version,
        None if built_in else made.valid_from,
        None if built_in else made.at,
        names.get(made.by, made.by),
        made.why,
        state,
        made.beyond_why,
        [
            DifferenceView(each.row.key, f"{each.row.label}", view_of(each.before), view_of(each.row.value))
            for each in differs
        ],
    )


def routes(api: LimitApi) -> list[Route]:
    """The administrators' part of the API."""
    may = May.MANAGE_LIMITS
    return [
        Route("GET", "/api/v1/limits", api.show, may, "时限与规则各版本", gives=LimitsView),
        Route("POST", "/api/v1/limits", api.add, may, "新增时限版本", body=LimitsForm, gives=LimitsView, status=201),
    ]
