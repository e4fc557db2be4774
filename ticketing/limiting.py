"""The limits in force, kept by every process; new versions with the day they take effect."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.people import Principal
from kernel.room import Floor
from ticketing.events import LimitsChanged
from ticketing.rules.bounds import Weaker, beyond, weaker
from ticketing.rules.limitrows import Value, changed, differences, faults, overlaid, rows_of
from ticketing.rules.limits import Limits
from ticketing.rules.reasons import SHORTEST_REASON, fault_of
from ticketing.store import limits as rows
from ticketing.store.limits import LimitVersion

TOPIC = "ticketing.limits"
ALWAYS = datetime.min.replace(tzinfo=UTC)
LONGEST_WHY = 500


@dataclass(frozen=True, slots=True)
class LimitOrder:
    """A version somebody wants: what changes against the version in force on the day it takes effect, and why some
    values may be beyond what the rules let them be."""

    valid_from: date
    values: Mapping[str, Value]
    why: str
    beyond_why: str = ""


class LimitKeeper:
    """Answers which limits hold. Before the first version those the program was built with do."""

    def __init__(self, floor: Floor, lookup: Lookup, first: Limits) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._lookup = lookup
        self._first = first
        self._newest = 0
        self._dated = _knowing_past([(ALWAYS, first)])

    # -- what holds -------------------------------------------------------------------------------------

    def now(self) -> Limits:
        """The limits in force, which know those that were in force before them."""
        now = self._clock.now()
        return next(limits for begins, limits in reversed(self._dated) if begins <= now)

    async def load(self) -> None:
        """Read the versions."""
        async with self._database.reading() as tx:
            await self._read(tx)

    async def hold(self, tx: Tx) -> None:
        """Know the newest version for what is decided in this transaction."""
        if await rows.newest(tx) != self._newest:
            await self._read(tx)

    async def refresh(self) -> bool:
        """Read when there is a new version; the step of a loop that runs in every process."""
        async with self._database.reading() as tx:
            await self.hold(tx)
        return False

    async def _read(self, tx: Tx) -> None:
        found = await rows.all_versions(tx)
        newest = max((each.version for each in found), default=0)
        # Of two that read at once the one with the older rows may come last.
        if newest >= self._newest:
            self._dated = _knowing_past([(each.valid_from, each.limits) for each in self._composed(found)])
            self._newest = newest

    # -- new versions -----------------------------------------------------------------------------------

    async def versions(self, tx: Tx) -> Sequence[LimitVersion]:
        """Every version, in the order they take effect, that of the program first, with all limits as they are then."""
        return self._composed(await rows.all_versions(tx))

    def _composed(self, found: Sequence[LimitVersion]) -> list[LimitVersion]:
        composed = [LimitVersion(0, ALWAYS, ALWAYS, "", "", self._first)]
        for each in sorted(found, key=lambda one: (one.valid_from, one.version)):
            if each.changes is None:
                composed.append(each)
            else:
                composed.append(replace(each, limits=overlaid(composed[-1].limits, each.changes)))
        return composed

    async def add(self, tx: Tx, order: LimitOrder, known: int, by: Principal) -> LimitVersion:
        """Make a version that takes effect at the beginning of its day, or at once when that is today.

        Conflict("limits_changed") when somebody else has made one since ``known``; Invalid for a day that is over, no
        reason, nothing changed, no word why a value may be beyond its bound, or by the keys of what must not be.
        """
        if await rows.newest(tx) != known:
            raise Conflict("limits_changed", current={"version": await rows.newest(tx)})
        now, why = self._clock.now(), order.why.strip()
        if not why:
            raise Invalid({"why": "required"})
        if len(why) > LONGEST_WHY:
            raise Invalid({"why": "too_long"}, limit=LONGEST_WHY)
        begins = self._begins(order.valid_from, now)
        others = await self.versions(tx)
        before = [each for each in others if each.valid_from <= begins][-1].limits
        made = changed(before, order.values)
        differs = differences(before, made)
        if not differs:
            raise Invalid({"values": "nothing_changed"})
        past, past_why = beyond(differs), order.beyond_why.strip()
        if past and (wrong := fault_of(past_why, SHORTEST_REASON)):
            raise Invalid({"beyond_why": wrong} | {key: _code(key) for key in past}, least=SHORTEST_REASON)
        if len(past_why) > LONGEST_WHY:
            raise Invalid({"beyond_why": "too_long"}, limit=LONGEST_WHY)
        past_why = past_why if past else ""
        changes = {each.row.key: each.row.value for each in differs}
        version = LimitVersion(known + 1, begins, now, by.id, why, made, changes, past_why)
        self._check_coming([*others[1:], version], begins)
        if not await rows.add(tx, version):
            raise Conflict("limits_changed", current={"version": await rows.newest(tx)})
        keys = tuple(each.row.key for each in differs)
        await self._journal.state(tx, LimitsChanged(version.version, begins, keys, by.id, why, now, past, past_why))
        tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
        return version

    def _check_coming(self, found: Sequence[LimitVersion], begins: datetime) -> None:
        """Invalid when a version that comes later would not do on top of a new one."""
        for each in self._composed(found):
            wrong = faults(each.limits) if each.valid_from > begins else {}
            if wrong:
                named = "、".join(row.label for row in rows_of(each.limits) if row.key in wrong)
                day = self._lookup.calendar().local_date(each.valid_from)
                raise Invalid({"values": "clashes_with_coming"}, day=day.isoformat(), labels=named)

    def _begins(self, day: date, now: datetime) -> datetime:
        calendar = self._lookup.calendar()
        today = calendar.local_date(now)
        if day < today:
            raise Invalid({"valid_from": "in_the_past"})
        return now if day == today else datetime.combine(day, time.min, calendar.zone).astimezone(UTC)


def _code(key: str) -> str:
    return "below_floor" if weaker(key) is Weaker.LESS else "beyond_ceiling"


def _knowing_past(dated: Sequence[tuple[datetime, Limits]]) -> tuple[tuple[datetime, Limits], ...]:
    """Limits by when they begin, the earliest first, each with those that were in force before it."""
    known = tuple(dated)
    return tuple((begins, replace(limits, versions=known[:place])) for place, (begins, limits) in enumerate(known, 1))
