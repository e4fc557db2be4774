"""The routes of one's own absences, and of the units of which nobody can be reached."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from directory.lookup import Lookup
from kernel import pages
from kernel.database import Database, Tx
from kernel.pages import PageQuery
from kernel.people import May
from kernel.room import Call, Route
from ticketing.absences import Absences
from ticketing.unreached import Unreached


@dataclass(frozen=True, slots=True)
class AbsenceView:
    """One's own absence; both days are included. ``stand_in_name`` is empty where nobody stands in."""

    id: str
    since: date
    until: date
    stand_in: str
    stand_in_name: str
    now: bool


@dataclass(frozen=True, slots=True)
class MayStandInView:
    """Somebody of the same unit."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class CountsOnView:
    """A colleague one stands in for; both days are included."""

    name: str
    since: date
    until: date
    now: bool


@dataclass(frozen=True, slots=True)
class OwnAbsencesView:
    """One's own absences of now and later, who could stand in, and for whom one stands in oneself."""

    absences: Sequence[AbsenceView]
    colleagues: Sequence[MayStandInView]
    stands_in_for: Sequence[CountsOnView]


@dataclass(frozen=True, slots=True)
class AbsenceForm:
    """The days, both included; ``stand_in`` is a colleague's id, or empty. ``aware``: it is said all the same, though a
    colleague counts on whoever says it, or nobody is left to approve results."""

    since: date
    until: date
    stand_in: str = ""
    aware: bool = False


@dataclass(frozen=True, slots=True)
class UnreachedView:
    """A unit nobody answers for; ``open`` is how many tickets lie there, ``seen_at`` when somebody came in last."""

    unit: str
    name: str
    why: str
    why_label: str
    people: int
    away: int
    open: int
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class UnreachedPage:
    """Those with most work first; ``total`` of all pages."""

    items: Sequence[UnreachedView]
    total: int
    next: str | None = None


class AbsenceApi:
    """Reads, says, takes back."""

    def __init__(self, database: Database, lookup: Lookup, absences: Absences, unreached: Unreached) -> None:
        self._database = database
        self._lookup = lookup
        self._absences = absences
        self._unreached = unreached

    async def mine(self, call: Call) -> OwnAbsencesView:
        async with self._database.reading() as tx:
            return await self._view(tx, call)

    async def say(self, call: Call) -> OwnAbsencesView:
        form, zone = call.form(AbsenceForm), self._lookup.calendar().zone
        since = datetime.combine(form.since, time(), zone)
        until = datetime.combine(form.until, time(), zone) + timedelta(days=1)
        async with self._database.transaction() as tx:
            await self._absences.say(tx, form.stand_in.strip(), since, until, call.principal, aware=form.aware)
            return await self._view(tx, call)

    async def take_back(self, call: Call) -> OwnAbsencesView:
        async with self._database.transaction() as tx:
            await self._absences.take_back(tx, call.path["id"], call.principal)
            return await self._view(tx, call)

    async def unreached(self, call: Call) -> UnreachedPage:
        asked = call.asked(PageQuery)
        async with self._database.reading() as tx:
            found = await self._unreached.units(tx)
        page = pages.part(found, asked.cursor, asked.limit)
        rows = [
            UnreachedView(
                each.unit.code,
                each.unit.name,
                each.why.value,
                each.why.label,
                each.people,
                each.away,
                each.open,
                each.seen,
            )
            for each in page.items
        ]
        return UnreachedPage(rows, page.total, page.next)

    async def _view(self, tx: Tx, call: Call) -> OwnAbsencesView:
        zone, now = self._lookup.calendar().zone, self._absences.now()
        absences = [
            AbsenceView(
                each.id,
                each.since.astimezone(zone).date(),
                (each.until.astimezone(zone) - timedelta(days=1)).date(),
                each.stand_in,
                each.stand_in_name,
                each.since <= now,
            )
            for each in await self._absences.mine(tx, call.principal)
        ]
        people = await self._absences.colleagues(tx, call.principal)
        counts = [
            CountsOnView(
                each.absent_name,
                each.since.astimezone(zone).date(),
                (each.until.astimezone(zone) - timedelta(days=1)).date(),
                each.since <= now,
            )
            for each in await self._absences.stands_in_for(tx, call.principal)
        ]
        return OwnAbsencesView(absences, [MayStandInView(each.id, each.name) for each in people], counts)


def routes(api: AbsenceApi) -> list[Route]:
    """The routes."""
    own, may, view = "/api/v1/my/absences", May.SAY_ABSENCE, OwnAbsencesView
    silent = "/api/v1/unreached-units"
    return [
        Route("GET", own, api.mine, may, "我的不在岗", gives=view),
        Route("POST", own, api.say, may, "登记不在岗", body=AbsenceForm, gives=view),
        Route("DELETE", f"{own}/{{id}}", api.take_back, may, "撤销不在岗", gives=view),
        Route("GET", silent, api.unreached, May.SEE_UNREACHED, "联系不上的单位", query=PageQuery, gives=UnreachedPage),
    ]
