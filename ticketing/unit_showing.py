"""Makes what administrators are told of member units."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from directory.lookup import Lookup
from directory.model import Staff, Unit, UnitChange
from kernel.errors import NotFound
from ticketing.reorganisation import Preview
from ticketing.rules.standing import Broken
from ticketing.store.follow import Follow
from ticketing.unit_views import (
    BrokenView,
    ChangeView,
    FateView,
    FlowView,
    FormerView,
    NamedView,
    PersonView,
    PreviewView,
    UnitRow,
)

Names = Mapping[str, str]


class UnitShowing:
    """Views of units."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    # -- the list ---------------------------------------------------------------------------------------

    def row(self, unit: Unit, depth: int, tickets: int, people: int) -> UnitRow:
        """A unit in the list."""
        return UnitRow(
            code=unit.code,
            name=unit.name,
            short_name=unit.short_name,
            level=unit.level,
            level_label=unit.level.label,
            areas=[NamedView(code, self._area(code)) for code in unit.areas],
            functions=[NamedView(code, self._lookup.functions().get(code, code)) for code in unit.functions],
            powers=[NamedView(code, self._lookup.powers().get(code, code)) for code in unit.powers],
            parent=self._named(unit.parent),
            hours=unit.hours,
            active=unit.active,
            successor=self._named(unit.successor),
            former=[FormerView(each.name, each.until) for each in unit.former],
            depth=depth,
            tickets=tickets,
            people=people,
        )

    def _named(self, code: str) -> NamedView | None:
        if not code:
            return None
        try:
            return NamedView(code, self._lookup.unit(code).name)
        except NotFound:
            return NamedView(code, code)

    def _area(self, code: str) -> str:
        try:
            return self._lookup.area(code).name
        except NotFound:
            return code

    # -- a change ---------------------------------------------------------------------------------------

    def preview(self, preview: Preview, people: Iterable[Staff]) -> PreviewView:
        """What an order would come to."""
        planned, plan = preview.planned, preview.planned.plan
        names = {unit.code: unit.name for unit in plan.units}
        goes = {move.staff.id: move.unit for move in planned.moves}
        return PreviewView(
            version=planned.version,
            units=list(self._fates(plan.before, plan.after, names)),
            people=[_person(each, goes.get(each.id, each.unit), names) for each in people],
            tickets=len({each.ticket for each in preview.follows}),
            flows=_flows(preview.follows, names),
            shifts=[FlowView(_of(s.before, names), _of(s.after, names), s.many) for s in preview.standing.shifts],
            broken=_broken(preview.standing.broken, names),
            coordinated=_broken(preview.standing.coordinated, names),
            alone=[names[code] for code in planned.alone],
        )

    def change(self, change: UnitChange, left: int, staff: Names) -> ChangeView:
        """A change that was made."""
        names = {unit.code: unit.name for unit in (*self._lookup.units(retired=True), *change.after)}
        return ChangeView(
            change.id,
            change.kind,
            change.kind.label,
            change.at,
            staff.get(change.by, ""),
            change.why,
            list(self._fates(change.before, change.after, names)),
            change.staff,
            change.tickets,
            left,
        )

    def _fates(self, before: Iterable[Unit], after: Iterable[Unit], names: Names) -> Iterator[FateView]:
        earlier = {unit.code: unit for unit in before}
        for unit in after:
            was = earlier.get(unit.code)
            gained, lost = self._difference(was, unit)
            parent = unit.parent if was is None or was.parent != unit.parent else ""
            called = was.name if was is not None and was.name != unit.name else ""
            yield FateView(unit.code, unit.name, called, _fate(was, unit), gained, lost, _of(parent, names))

    def _difference(self, was: Unit | None, unit: Unit) -> tuple[Sequence[str], Sequence[str]]:
        """Names of the functions, powers and areas a unit got and gave away."""
        before = self._charges(was) if was is not None and was.active else []
        after = self._charges(unit) if unit.active else [self._area(code) for code in unit.areas]
        return [one for one in after if unit.active and one not in before], [one for one in before if one not in after]

    def _charges(self, unit: Unit) -> list[str]:
        functions, powers = self._lookup.functions(), self._lookup.powers()
        return [
            *(functions.get(code, code) for code in unit.functions),
            *(powers.get(code, code) for code in unit.powers),
            *(self._area(code) for code in unit.areas),
        ]


def _fate(was: Unit | None, unit: Unit) -> str:
    if was is None:
        return "new"
    if not unit.active:
        return "retired"
    return "renamed" if (was.name, was.short_name) != (unit.name, unit.short_name) else "changed"


def _person(member: Staff, to: str, names: Names) -> PersonView:
    return PersonView(member.id, member.login, member.name, member.active, _of(member.unit, names), to, _of(to, names))


def _flows(follows: Iterable[Follow], names: Names) -> list[FlowView]:
    pairs = Counter((each.source, each.target) for each in follows)
    return [FlowView(_of(source, names), _of(target, names), many) for (source, target), many in pairs.most_common()]


def _broken(broken: Iterable[Broken], names: Names) -> list[BrokenView]:
    towns: dict[tuple[str, str, tuple[str, ...]], list[str]] = defaultdict(list)
    for each in broken:
        towns[each.matter.code, each.matter.name, each.leads].append(each.town.name)
    return [
        BrokenView(code, name, [_of(lead, names) for lead in leads], where)
        for (code, name, leads), where in towns.items()
    ]


def _of(code: str, names: Names) -> str:
    return names.get(code, code)
