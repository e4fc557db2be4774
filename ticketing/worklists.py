"""A unit's open tickets as a workbook, and the workbook back, tried or done: each row whole or not at all."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import structlog

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import HotlineError, Invalid
from kernel.people import Principal
from kernel.room import Floor
from kernel.sheets import Grid, Problem, Table, read_sheet
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Form
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries, View, ViewName
from ticketing.rules import worksheet
from ticketing.rules.worksheet import FIELDS_OF, FILLED_IN, LAYOUT, MOST_ROWS, RETURNED, WAY, WHY, Wish
from ticketing.tickets import Tickets

log = structlog.get_logger()

PAGE = 200
GIVEN = frozenset(LAYOUT.names) - frozenset(FILLED_IN)


class Said(Protocol):
    """A failure in words, as the house tells it."""

    @property
    def status(self) -> int: ...
    @property
    def detail(self) -> str: ...
    @property
    def fields(self) -> Mapping[str, str]: ...


class Books(Protocol):
    """Workbooks written and read."""

    def write(self, table: Table, readable: frozenset[str]) -> bytes: ...
    def read(self, data: bytes, most_rows: int) -> Grid: ...


Tell = Callable[[HotlineError], Said]


@dataclass(frozen=True, slots=True)
class Coded:
    """A failure without words, where no house gives any."""

    status: int
    detail: str
    fields: Mapping[str, str]


def coded(error: HotlineError) -> Coded:
    """The codes of a failure."""
    return Coded(422, error.code, error.fields if isinstance(error, Invalid) else {})


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a row: ``done`` are the actions' labels, ``error`` why there are none."""

    row: int
    number: str
    title: str = ""
    done: tuple[str, ...] = ()
    error: HotlineError | None = None


class Worklists:
    """Writes lists, takes them back."""

    def __init__(
        self, floor: Floor, lookup: Lookup, queries: Queries, tickets: Tickets, limits: LimitKeeper, books: Books
    ) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._lookup = lookup
        self._queries = queries
        self._tickets = tickets
        self._limits = limits
        self._books = books

    async def write(self, unit: str) -> bytes:
        """The workbook of what a unit leads and has still to do, the soonest due first."""
        calendar, now = self._lookup.calendar(), self._clock.now()
        rows = [tuple(worksheet.cells(each, calendar, self._limits.now(), now)) for each in await self._open(unit)]
        return await asyncio.to_thread(self._books.write, Table(LAYOUT, tuple(rows)), GIVEN)

    async def _open(self, unit: str) -> list[Ticket]:
        own, found, cursor = self._lookup.stands_for(unit), list[Ticket](), ""
        while len(found) < MOST_ROWS:
            async with self._database.reading() as tx:
                page = await self._queries.find(tx, View(ViewName.INBOX, unit=unit, cursor=cursor, limit=PAGE))
            found += [t for t in page.items if t.state in WAY and t.lead is not None and t.lead.unit in own]
            if page.next is None:
                break
            cursor = page.next
        return found[:MOST_ROWS]

    async def take(self, data: bytes, by: Principal, *, only_try: bool = False) -> list[Outcome]:
        """Do what the rows of a workbook ask for, or only tell what would come of it; Invalid when it is none of ours
        as a whole."""
        return [await self._do(wish, by, only_try=only_try) for wish in await self._wishes(data)]

    async def returned(self, data: bytes, why: Mapping[int, str], by: Principal) -> bytes:
        """The workbook of the rows that were refused, each with ``why``, as they were filled in; what is known of a
        ticket is as it stands now, so that a mended row can be handed in again."""
        calendar, now = self._lookup.calendar(), self._clock.now()
        rows = []
        for wish in await self._wishes(data):
            if wish.row in why:
                ticket = await self._present(wish.number, by)
                known = worksheet.cells(ticket, calendar, self._limits.now(), now) if ticket else ()
                rows.append(tuple(worksheet.returned(wish, known, why[wish.row])))
        return await asyncio.to_thread(self._books.write, Table(RETURNED, tuple(rows)), GIVEN | {WHY})

    async def _present(self, number: str, by: Principal) -> Ticket | None:
        """A ticket that is still on the unit's list."""
        try:
            async with self._database.reading() as tx:
                ticket = await self._queries.by_number(tx, number, by)
        except HotlineError:
            return None
        own = self._lookup.stands_for(by.unit)
        return ticket if ticket.state in WAY and ticket.lead is not None and ticket.lead.unit in own else None

    async def _wishes(self, data: bytes) -> list[Wish]:
        problems: list[Problem] = []
        grid = await asyncio.to_thread(self._books.read, data, MOST_ROWS)
        sheet = read_sheet(RETURNED, grid, problems)
        if not sheet.whole:
            worksheet.check_header(problems)
        calendar = self._lookup.calendar()
        found, seen = [], set[str]()
        for row in sheet.rows:
            wish = worksheet.read_wish(row, problems, calendar)
            if wish.step is not None and wish.number in seen:
                wish = replace(wish, step=None, wrong={"number": "row_repeated"})
            seen |= {wish.number} if wish.step is not None else set()
            found.append(wish)
        return found

    async def _do(self, wish: Wish, by: Principal, *, only_try: bool) -> Outcome:
        outcome = Outcome(wish.row, wish.number, wish.texts.get("title", ""))
        if wish.step is None and not wish.wrong:
            return outcome
        try:
            return replace(outcome, done=await self._bring(wish, by, only_try=only_try))
        except HotlineError as error:
            log.info("worklist.row_refused", code=error.code)
            return replace(outcome, error=error)

    async def _bring(self, wish: Wish, by: Principal, *, only_try: bool) -> tuple[str, ...]:
        """All steps of a row in one transaction: when one is refused, none was taken."""
        begin = self._database.trial if only_try else self._database.transaction
        async with begin() as tx:
            return await self._steps(tx, wish, by)

    async def _steps(self, tx: Tx, wish: Wish, by: Principal) -> tuple[str, ...]:
        if wish.wrong:
            raise Invalid(wish.wrong)
        ticket = await self._queries.by_number(tx, wish.number, by)
        actions = worksheet.actions(ticket, wish)
        for action in actions:
            form = Form(**{name: wish.form[name] for name in FIELDS_OF.get(action, ())})
            ticket = await self._tickets.act(tx, wish.number, action, form, by, version=ticket.version)
        return tuple(action.label for action in actions)
