"""Whatever units become, in whatever order: every open ticket has one lead that there is, and its clocks as ever."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from directory.model import Area, CityData, Level, Part, Unit, UnitChangeKind, UnitOrder
from directory.rules.reference import Reference
from directory.rules.reorganising import City, plan
from kernel.errors import Conflict, HotlineError
from kernel.people import Role
from tests.ticketing.city import AGENT, Hotline, address, staff
from tests.ticketing.making import MORNING, Life
from tests.ticketing.walking import UNITS, Walk, start
from ticketing.model.acting import Doer, Form
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    AssignmentState,
    RequestKind,
    RequestMove,
    SideAction,
    State,
)
from ticketing.model.ticket import Ticket
from ticketing.rules.following import units_at_work
from ticketing.rules.invariants import LED, check, every_clock
from ticketing.rules.side_actions import side_step
from ticketing.rules.situation import Around

K = UnitChangeKind
Pick = Callable[[Sequence[Any]], Any]
AREA = Area("1", "市", Level.CITY, "")
FUNCTIONS = ("f1", "f2", "f3", "f4")
TIMER = Doer(Actor.TIMER, "system")


# -- one step -------------------------------------------------------------------------------------------


def follow(life: Life, **heirs: str) -> Ticket:
    life.around = replace(life.around, heirs={k.replace("_", "-"): v for k, v in heirs.items()})
    life.do(SideAction.FOLLOW_UNIT, Actor.TIMER, reason="机构调整")
    return life.ticket


def test_a_part_keeps_all_but_its_unit_and_remembers_who_had_it() -> None:
    life = Life().to(State.IN_PROGRESS)
    before = life.ticket.lead
    moved = follow(life.wait(hours=2), unit_a="unit-b").lead
    assert before is not None
    assert moved is not None
    assert replace(moved, unit="unit-a", held=()) == before
    assert [moved.unit_at(at) for at in (before.opened, life.now)] == ["unit-a", "unit-b"]


def test_of_two_parts_that_meet_the_stronger_stays_and_keeps_what_hung_on_the_other() -> None:
    life = Life().to(State.ACCEPTED)
    life.do(SideAction.ADD_SUPPORTING, Actor.DISPATCHER, unit="unit-b", reason="协办")
    life.do(Action.START, Actor.UNIT, no_contact_reason="匿名无法联系诉求人")
    life.do(SideAction.SUB_DISPATCH, Actor.UNIT, of="unit-b", unit="unit-c")
    lead, other, below = follow(life, unit_a="unit-d", unit_b="unit-d").assignments
    assert (lead.unit, lead.role, lead.open) == ("unit-d", AssignmentRole.LEAD, True)
    assert (other.state, other.clock.running) == (AssignmentState.TAKEN_BACK, False)
    assert (below.unit, below.parent, below.open) == ("unit-c", lead.id, True)
    assert check(life.ticket, life.history) == []


def test_a_granted_request_serves_the_heir() -> None:
    life = Life().to(State.IN_PROGRESS)
    request = life.ask(RequestKind.SUSPENSION, reason="等待鉴定", reason_code="procedure")
    life.do(RequestMove.GRANT, Actor.DISPATCHER, request=request)
    follow(life, unit_a="unit-b")
    life.do(Action.SUSPEND, Actor.SUPERVISOR, request=request, reason="等鉴定", reason_code="procedure")
    assert life.ticket.state is State.SUSPENDED


def test_there_must_be_something_to_follow() -> None:
    life = Life().to(State.IN_PROGRESS)
    with pytest.raises(Conflict) as caught:
        follow(life, unit_c="unit-b")
    assert caught.value.code == "nothing_to_follow"


# -- any sequence, by the rules -------------------------------------------------------------------------


class Town:
    """Units that change at random, and tickets that follow."""

    def __init__(self, pick: Pick) -> None:
        self.pick = pick
        self.names = count(1)
        self.units: tuple[Unit, ...] = tuple(
            Unit(code, code, code, Level.CITY, "1", (function,))
            for code, function in zip(UNITS, FUNCTIONS, strict=True)
        )
        self.tickets: list[tuple[Walk, str]] = []

    def walks(self, steps: int) -> None:
        """Tickets of any matter in any state."""
        for function in FUNCTIONS:
            walk = start(self.pick)
            for _ in range(steps):
                walk.go()
            self.tickets.append((walk, function))

    def change(self) -> None:
        """One change at random; every ticket follows it."""
        planned = plan(City(self.units, {"1": AREA}, FUNCTIONS, ()), self.order(), MORNING)
        self.units = planned.units
        reference = Reference(CityData(areas=(AREA,), units=self.units))
        for walk, function in self.tickets:
            at_work = units_at_work(walk.ticket)
            heirs = {
                unit: heir
                for unit in at_work
                if (heir := reference.heir_by(planned.routes[unit], function, "") if unit in planned.routes else unit)
                != unit
            }
            if heirs:
                self.follow(walk, heirs)

    def follow(self, walk: Walk, heirs: dict[str, str]) -> None:
        around, form = Around(str, heirs=heirs), Form(reason="机构调整")
        rest = (walk.calendar, walk.limits, around)
        before = walk.ticket
        result = side_step(before, SideAction.FOLLOW_UNIT, form, TIMER, walk.now, *rest)
        walk.ticket = result.ticket
        walk.history.append(result.record)
        assert walk.ticket.clocks == before.clocks
        kept = {part.id: part.clock for part in before.assignments if part.open}
        assert all(kept[part.id] == part.clock for part in walk.ticket.assignments if part.open)

    def order(self) -> UnitOrder:
        active = [unit for unit in self.units if unit.active]
        kind = self.pick((K.RENAME, K.SPLIT) if len(active) == 1 else (K.RENAME, K.MERGE, K.MERGE, K.SPLIT, K.CLOSE))
        one = self.pick(active)
        others = [unit for unit in active if unit is not one]
        new = f"new-{next(self.names)}"
        if kind is K.RENAME:
            return UnitOrder(kind, (one.code,), (Part(one.code, new),), "改革")
        if kind is K.SPLIT:
            cut = self.pick(range(len(one.functions) + 1))
            stays = one.code if self.pick((True, False)) else f"{new}-a"
            parts = (self.part(stays, one.functions[:cut]), self.part(new, one.functions[cut:]))
            return UnitOrder(kind, (one.code,), parts, "改革", self.pick((stays, new)))
        other = self.pick(others)
        taken = (*one.functions, *other.functions)
        if kind is K.CLOSE:
            return UnitOrder(kind, (one.code,), (self.part(other.code, one.functions),), "改革")
        target = self.pick((one.code, other.code, new))
        return UnitOrder(kind, (one.code, other.code), (self.part(target, taken),), "改革")

    def part(self, code: str, functions: Sequence[str]) -> Part:
        known = any(unit.code == code for unit in self.units)
        taken = tuple(dict.fromkeys(functions))
        return Part(code, functions=taken) if known else Part(code, code, code, Level.CITY, "1", functions=taken)

    def is_whole(self) -> None:
        active = {unit.code for unit in self.units if unit.active}
        for walk, _ in self.tickets:
            assert check(walk.ticket, walk.history) == []
            leads = [a for a in walk.ticket.assignments if a.open and a.role is AssignmentRole.LEAD]
            assert len(leads) == (1 if walk.ticket.state in LED else 0)
            assert set(units_at_work(walk.ticket)) <= active
            assert len(units_at_work(walk.ticket)) == sum(a.open for a in walk.ticket.assignments)
        assert sorted({f for unit in self.units if unit.active for f in unit.functions}) == sorted(FUNCTIONS)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.data(), st.integers(4, 14), st.integers(1, 8))
def test_any_sequence_of_changes_keeps_every_ticket_owned(data: st.DataObject, steps: int, changes: int) -> None:
    def pick(options: Sequence[Any]) -> Any:
        return options[data.draw(st.integers(0, len(options) - 1))]

    town = Town(pick)
    town.walks(steps)
    for _ in range(changes):
        town.change()
        town.is_whole()


def test_long_sequences_move_tickets_in_every_state_a_unit_works_in() -> None:
    moved = set[State]()
    for seed in range(400):
        town = Town(random.Random(seed).choice)
        town.walks(30)
        for _ in range(6):
            before = [walk.ticket for walk, _ in town.tickets]
            town.change()
            town.is_whole()
            moved |= {walk.ticket.state for (walk, _), was in zip(town.tickets, before, strict=True)
                      if walk.ticket != was}  # fmt: skip
    assert moved == LED


# -- any sequence, through the doors --------------------------------------------------------------------

BUREAUS = ("GM-RS", "GM-JY", "GM-SJ", "GM-ZJ")
MATTERS = ("wage-arrears", "pension", "tutoring", "property-service", "prepaid-card")


def orders(desk: Hotline, pick: random.Random, number: int) -> Iterator[UnitOrder]:
    """A change of the district's bureaus, old and new, in which nothing gets lost."""
    mine = [u for u in desk.lookup.units() if u.code in BUREAUS or u.code.startswith("GM-N")]
    one, *rest = pick.sample(mine, len(mine))
    new = f"GM-N{number}"
    fresh = Part(new, f"新单位{number}", f"新{number}", Level.DISTRICT, "440608", powers=one.powers)
    if pick.random() < 0.2:
        yield UnitOrder(K.RENAME, (one.code,), (Part(one.code, f"更名单位{number}"),), "改革")
    elif rest and pick.random() < 0.5:
        other = rest[0]
        into = Part(other.code, functions=one.functions, powers=one.powers)
        yield UnitOrder(K.MERGE, (one.code, other.code), (into,), "改革")
    elif len(one.functions) > 1:
        kept = Part(one.code, functions=one.functions[1:], powers=one.powers)
        yield UnitOrder(K.SPLIT, (one.code,), (kept, replace(fresh, functions=one.functions[:1])), "改革", one.code)
    else:
        twin = Part(f"{new}B", f"另一单位{number}", f"另{number}", Level.DISTRICT, "440608")
        yield UnitOrder(K.SPLIT, (one.code,), (replace(fresh, functions=one.functions), twin), "改革", new)


@pytest.mark.parametrize("seed", range(3))
async def test_any_sequence_through_the_doors_keeps_clocks_and_owners(desk: Hotline, seed: int) -> None:
    await desk.load_city()
    pick, told = random.Random(seed), dict[str, Ticket]()
    for number in range(8):
        ticket = await desk.open(
            f"请处理{number}", AGENT, matter=pick.choice(MATTERS), area="440608", place="高明区",
            address=address(f"{seed}-{number}"),
        )  # fmt: skip
        told[ticket.number] = ticket
        for order in orders(desk, pick, number):
            await desk.reorganise(order)
        if pick.random() < 0.5:
            await desk.room.following.step()
        await _somebody_works(desk, pick.choice(list(told.values())))
        desk.clock.advance(timedelta(minutes=pick.choice((1, 40, 200))))
    while await desk.room.following.step():
        pass
    for opened in told.values():
        await _is_as_opened(desk, opened)


async def _somebody_works(desk: Hotline, ticket: Ticket) -> None:
    """Whoever goes on with it signs it or begins, if it is their turn."""
    now = await desk.now(ticket)
    unit = desk.lookup.heir(now.lead.unit) if now.lead else ""
    for action in (Action.ACCEPT, Action.START):
        try:
            await desk.act(now, action, staff(Role.LIAISON, unit=unit), no_contact_reason="匿名无法联系诉求人")
        except HotlineError:
            continue
        return


async def _is_as_opened(desk: Hotline, opened: Ticket) -> None:
    ticket = await desk.now(opened)
    (lead,) = [part for part in ticket.assignments if part.open]
    assert desk.lookup.unit(lead.unit).active
    assert [_started(clock) for clock in every_clock(ticket)] == [_started(clock) for clock in every_clock(opened)]
    async with desk.database.reading() as tx:
        assert check(ticket, await desk.room.queries.history(tx, ticket)) == []


def _started(clock: Any) -> tuple[datetime, datetime]:
    return clock.started, clock.due
