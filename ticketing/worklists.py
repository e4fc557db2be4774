"""A unit's open tickets as a workbook, and the workbook back: each row whole or not at all."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

import structlog

from directory.lookup import Lookup
from kernel.errors import HotlineError, Invalid
from kernel.people import Principal
from kernel.room import Floor
from kernel.sheets import Grid, Problem, Table, read_sheet
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Form
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries, View, ViewName
from ticketing.rules import worksheet
from ticketing.rules.worksheet import FIELDS_OF, FILLED_IN, LAYOUT, MOST_ROWS, WAY, Wish
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

    async def take(self, data: bytes, by: Principal) -> list[Outcome]:
        """Do what the rows of a workbook ask for; Invalid when it is none of ours as a whole."""
        problems: list[Problem] = []
        grid = await asyncio.to_thread(self._books.read, data, MOST_ROWS)
        sheet = read_sheet(LAYOUT, grid, problems)
        if not sheet.whole:
            raise Invalid({"file": "sheet_header_wrong"})
        calendar = self._lookup.calendar()
        wishes = [worksheet.read_wish(row, problems, calendar) for row in sheet.rows]
        return [await self._do(wish, by) for wish in wishes]

    async def _do(self, wish: Wish, by: Principal) -> Outcome:
        if wish.step is None and not wish.wrong:
            return Outcome(wish.row, wish.number)
        try:
            return Outcome(wish.row, wish.number, await self._bring(wish, by))
        except HotlineError as error:
            log.info("worklist.row_refused", code=error.code)
            return Outcome(wish.row, wish.number, error=error)

    async def _bring(self, wish: Wish, by: Principal) -> tuple[str, ...]:
        """All steps of a row in one transaction: when one is refused, none was taken."""
        async with self._database.transaction() as tx:
            ticket = await self._queries.by_number(tx, wish.number, by)
            actions = worksheet.actions(ticket, wish)
            for action in actions:
                form = Form(**{name: wish.form[name] for name in FIELDS_OF.get(action, ())})
                ticket = await self._tickets.act(tx, wish.number, action, form, by, version=ticket.version)
        return tuple(action.label for action in actions)
