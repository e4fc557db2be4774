"""The supervisors' wall: what is open by light, what is overdue and with whom, what waits for a ruling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.labels import Labelled
from kernel.people import Principal
from ticketing.model.labels import Awaited, RequestState
from ticketing.model.ticket import Ticket
from ticketing.row_views import TicketRow
from ticketing.rules.overdue import explain
from ticketing.showing import Showing
from ticketing.store import wall

LEVELS = (1, 2, 3, 4)
SHOWN = 50
URGENT = 20
LONGEST_PAGE = 200
LATE = "已过裁决期限"


class WallList(Labelled):
    """Which tickets a number on the wall stands for."""

    RED = "red", "已超期"
    LATE_STEPS = "late_steps", "环节超期"
    ORANGE = "orange", "今日到期"
    YELLOW = "yellow", "下一工作日到期"
    GREEN = "green", "以后到期"
    PAUSED = "paused", "暂停计时"
    LEVEL_1 = "level_1", "一级督办"
    LEVEL_2 = "level_2", "二级督办"
    LEVEL_3 = "level_3", "三级督办"
    LEVEL_4 = "level_4", "四级督办"
    RETURNS = "returns", "退单待审批"
    DISPUTES = "disputes", "争议待裁决"
    LATE_RULINGS = "late_rulings", "裁决逾期"
    REQUESTS = "requests", "其他申请待审批"
    APPEALS = "appeals", "异议待裁定"
    REFUSALS = "refusals", "拟不予受理待同意"
    URGENT = "urgent", "特急与紧急"


LIGHTS = (WallList.RED, WallList.ORANGE, WallList.YELLOW, WallList.GREEN)
WAITING = {
    WallList.DISPUTES: Awaited.DISPUTE,
    WallList.RETURNS: Awaited.RETURN,
    WallList.REQUESTS: Awaited.OTHER,
}
PROPOSALS = (WallList.APPEALS, WallList.REFUSALS)
BY_LEVEL = dict(zip(LEVELS, (WallList.LEVEL_1, WallList.LEVEL_2, WallList.LEVEL_3, WallList.LEVEL_4), strict=True))


@dataclass(frozen=True, slots=True)
class WallRow:
    """A ticket with who has it, why it stands where it stands, and what is next; ``step_text`` is what is left for
    that."""

    ticket: TicketRow
    owner: str
    reason: str
    step: str
    step_due: datetime | None
    step_text: str
    disputed: str


@dataclass(frozen=True, slots=True)
class Number:
    """One number of the wall and the list behind it."""

    list: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class WallView:
    """The whole wall but for the figures; ``overdue`` are tickets past their due time, then those with a late step."""

    at: datetime
    lights: Sequence[Number]
    levels: Sequence[Number]
    waiting: Sequence[Number]
    overdue: Sequence[WallRow]
    urgent: Sequence[WallRow]


@dataclass(frozen=True, slots=True)
class WallPage:
    """The tickets behind a number."""

    list: str
    label: str
    items: Sequence[WallRow]
    next: str | None = None


class Wall:
    """Reads what is open now; writes nothing."""

    def __init__(self, clock: Clock, lookup: Lookup, showing: Showing) -> None:
        self._clock = clock
        self._lookup = lookup
        self._showing = showing

    async def view(self, tx: Tx, by: Principal) -> WallView:
        """The wall as it is now."""
        bounds = self._bounds()
        lights = await wall.counts(tx, {each.value: bounds[each] for each in LIGHTS})
        levels = await wall.levels(tx)
        waiting = {**await wall.awaited(tx), **await wall.proposals(tx)}
        now = self._clock.now()
        late_steps = _number(WallList.LATE_STEPS, await wall.late_steps_counted(tx, now))
        overdue, _ = await wall.page(tx, wall.due(wall.between(*bounds[WallList.RED])), SHOWN)
        late, _ = await wall.page(tx, wall.late_steps(now), SHOWN)
        urgent, _ = await wall.page(tx, wall.urgent(), URGENT)
        by_light = [_number(each, lights[each.value]) for each in LIGHTS]
        return WallView(
            now,
            [*by_light[:1], late_steps, *by_light[1:]],
            [_number(name, levels.get(level, 0)) for level, name in BY_LEVEL.items()],
            self._waiting_numbers(waiting, await wall.late_rulings(tx, now)),
            [self._row(ticket, by) for ticket in (*overdue, *late)][:SHOWN],
            [self._row(ticket, by) for ticket in urgent],
        )

    @staticmethod
    def _waiting_numbers(waiting: Mapping[str, int], late: int) -> list[Number]:
        numbers = [_number(each, waiting.get(what, 0)) for each, what in WAITING.items()]
        proposals = [_number(each, waiting.get(each.value, 0)) for each in PROPOSALS]
        return [*numbers[:1], _number(WallList.LATE_RULINGS, late), *numbers[1:], *proposals]

    async def behind(self, tx: Tx, name: WallList, by: Principal, cursor: str = "", limit: int = SHOWN) -> WallPage:
        """A page of the tickets behind a number; Invalid for a cursor that is not ours."""
        limit = max(1, min(limit, LONGEST_PAGE))
        found, behind = await wall.page(tx, self._shelf(name), limit, cursor)
        return WallPage(name.value, name.label, [self._row(ticket, by) for ticket in found], behind)

    def _shelf(self, name: WallList) -> wall.Shelf:
        if name in LIGHTS:
            return wall.due(wall.between(*self._bounds()[name]))
        if name in WAITING or name in PROPOSALS:
            return wall.asking(WAITING[name]) if name in WAITING else wall.proposed(name.value)
        if name in BY_LEVEL.values():
            return wall.supervised(next(level for level, each in BY_LEVEL.items() if each is name))
        now = self._clock.now()
        others: dict[WallList, wall.Shelf] = {
            WallList.LATE_STEPS: wall.late_steps(now),
            WallList.PAUSED: wall.due(wall.paused()),
            WallList.LATE_RULINGS: wall.asking(Awaited.DISPUTE, before=now),
            WallList.URGENT: wall.urgent(),
        }
        return others[name]

    def _bounds(self) -> dict[WallList, tuple[datetime | None, datetime | None]]:
        now, calendar = self._clock.now(), self._lookup.calendar()
        tonight, next_day = calendar.end_of_day(now), calendar.working_days_after(now, 1)
        return {
            WallList.RED: (None, now),
            WallList.ORANGE: (now, tonight),
            WallList.YELLOW: (tonight, next_day),
            WallList.GREEN: (next_day, None),
        }

    def _row(self, ticket: Ticket, by: Principal) -> WallRow:
        row, told, clock = self._showing.rows.row(ticket, by), explain(ticket), self._showing.rows.next_clock(ticket)
        now = self._clock.now()
        disputed = next((r for r in ticket.requests if r.state is RequestState.DISPUTED), None)
        text = self._showing.rows.remaining(clock)
        owner = told.owner or row.unit_name or "热线"
        reason = f"{told.reason}；{LATE}" if disputed and disputed.decide_by < now else told.reason
        due = clock.due if clock else None
        return WallRow(row, owner, reason, told.step, due, text, disputed.id if disputed else "")


def _number(name: WallList, count: int) -> Number:
    return Number(name.value, name.label, count)
