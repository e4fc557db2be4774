"""Fills the database: a few lives made by the services, then as many tickets as are wanted, copied from them."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate

import asyncpg

from benchmarks.sizes.affairs import Affair, Affairs, affairs
from benchmarks.sizes.beside import fill_beside
from benchmarks.sizes.copying import (
    Columns,
    Cutter,
    Pattern,
    Source,
    columns_of,
    filled,
    pieces,
    rows_of,
    sealed_values,
    second_of,
    write_rows,
)
from benchmarks.sizes.house import NOW, SizedHouse
from benchmarks.sizes.likeness import sign
from benchmarks.sizes.lives import ENDED, GOING_ON, PLACE, TEXT, TITLE, Life, lives
from hotline.seeding import city_folder
from ticketing.rules.numbering import number_of
from ticketing.store.search import cut, span_terms, unit_term

OPEN_SHARE = 0.015
# Of so many tickets one has all that lies beside it: its history, notices, facts and figures; a disk holds no more.
WHOLE_EACH = 20
WEEK = timedelta(weeks=1)
# The lives were begun four weeks before now; closed ones are archived thirty days after.
BEGUN = NOW - 4 * WEEK - timedelta(minutes=50)
CLOSED_WEEKS, FIRST_ARCHIVED = (2, 1, 0, -1), -2
ALWAYS = (
    Source("ticket", "id = $1"),
    Source("ticket_unit", "ticket = $1"),
    Source("ticket_text", "ticket = $1"),
)
_NUMBER = "(SELECT number FROM ticket WHERE id = $1)"
BESIDE = (
    Source("ticket_record", "ticket = $1"),
    Source("ticket_notice", "ticket = $1"),
    Source("journal", f"subject = 'ticket:' || {_NUMBER}", ("serial", "position")),
    Source("journal_head", f"subject = 'ticket:' || {_NUMBER}"),
    Source("measured_case", f"number = {_NUMBER}"),
    Source("measured_part", f"number = {_NUMBER}"),
)
SOURCES = (*ALWAYS, *BESIDE)
Tell = Callable[[str], None]
# Indexes that are made at once; how many seconds one takes to be worth a line.
AT_ONCE, TOLD_FROM = 2, 5


@dataclass(frozen=True, slots=True)
class Kept:
    """Patterns of lives that can be drawn."""

    patterns: Sequence[Pattern]
    weights: Sequence[float]

    def moved(self, weeks: int) -> "Kept":
        """The same lives some weeks later."""
        return Kept([each.moved(7 * weeks) for each in self.patterns], self.weights)


@dataclass
class Filler:
    """Writes tickets into a house's database."""

    house: SizedHouse
    tell: Tell

    async def fill(self, tickets: int, weeks: int, affairs_count: int = 1000, whole_each: int = WHOLE_EACH) -> Affairs:
        """So many tickets over so many weeks, then statistics; gives what they are about."""
        room = self.house.rooms.ticketing
        found = affairs(city_folder(""), room.lookup, room.queries, affairs_count)
        self.tell(f"{affairs_count} affairs")
        connection = await asyncpg.connect(self.house.url)
        try:
            await connection.execute("SET synchronous_commit = off; SET session_replication_role = replica")
            await _unlogged(connection)
            columns = {source.table: await columns_of(connection, source) for source in SOURCES}
            closed, archived, going_on = await self._lives(connection, columns, found)
            self.tell("lives made")
            await _empty(connection)
            async with Bare(self.house.url, connection, [*columns, "ticket_band", "rollup"], self.tell):
                writer = Writer(connection, columns, found, self.house, whole_each)
                await writer.history(archived, closed, int(tickets * (1 - OPEN_SHARE)), weeks)
                await writer.going_on(going_on, tickets - writer.written)
                self.tell(f"{writer.written} tickets written")
                await writer.finish()
                await sign(connection, self.house)
                await fill_beside(connection, self.house, found, tickets)
                self.tell("what lies beside them written")
            # In a call of its own: VACUUM runs outside a transaction.
            await connection.execute("VACUUM ANALYZE")
            self.tell("statistics")
        finally:
            await connection.close()
        return found

    async def _lives(
        self, connection: asyncpg.Connection, columns: Mapping[str, Columns], found: Affairs
    ) -> tuple[Kept, Kept, Kept]:
        affair, cutters = found.all[0], self._cutter
        clock = self.house.clock
        starts = [BEGUN + timedelta(days=day, hours=hour, minutes=7 * day) for day in range(2) for hour in (0, 5)]
        ended = await lives(self.house, affair, ENDED, starts, ends=True)
        clock.set(NOW - WEEK)
        await self._count()
        closed = [await self._cut(connection, columns, each, cutters(each, affair)) for each in ended]
        clock.set(NOW + 8 * WEEK)
        await self.house.rooms.ticketing.waking.wake()
        await self._count()
        archived = [await self._cut(connection, columns, each, cutters(each, affair)) for each in ended]
        starts = [NOW - timedelta(days=days, hours=hours) for days, hours in ((1, 20), (5, 22))]
        begun = await lives(self.house, affair, GOING_ON, starts, ends=False)
        clock.set(NOW)
        await self._count()
        going_on = [await self._cut(connection, columns, each, cutters(each, affair)) for each in begun]
        ends, goes = (list(accumulate(each.weight for each in made)) for made in (ended, begun))
        return Kept(closed, ends), Kept(archived, ends), Kept(going_on, goes)

    def _cutter(self, life: Life, affair: Affair) -> Cutter:
        about = self.house.rooms.ticketing.lookup
        first = life.ticket
        unit, other = affair.unit, affair.other
        words = {
            cut(f"{TITLE} {TEXT} {PLACE}"): "%(terms)s",
            " ".join(span_terms(first.received or first.created)): "%(spans)s",
            unit_term(unit): "%(unit_term)s",
            unit_term(other): "%(other_term)s",
            first.number: "%(number)s",
            TITLE: "%(title)s",
            PLACE: "%(place)s",
            TEXT: "%(text)s",
            unit: "%(unit)s",
            other: "%(other)s",
            affair.matter: "%(matter)s",
            affair.area: "%(area)s",
            next(a.code for a in about.lineage(affair.area) if a.level.value == "town"): "%(town)s",
        }
        shared = frozenset(each.id for each in (*self.house.people.values(), *self.house.liaisons.values()))
        return Cutter(self.house.floor.vault, words, shared)

    async def _cut(
        self, connection: asyncpg.Connection, columns: Mapping[str, Columns], life: Life, cutter: Cutter
    ) -> Pattern:
        rows = {
            source.table: await rows_of(connection, source, columns[source.table], life.ticket.id) for source in SOURCES
        }
        received = life.ticket.received or life.ticket.created
        day = received.astimezone(self.house.rooms.ticketing.lookup.calendar().zone).date()
        return cutter.cut(rows, day, received)

    async def _count(self) -> None:
        """Number the facts and fold them into figures."""
        floor, observers = self.house.floor, self.house.rooms.analytics.room.observers
        while await floor.journal.sequence(floor.database):
            pass
        for observer in observers:
            while await floor.journal.follow(floor.database, observer.name, observer.effect):
                pass


async def _unlogged(connection: asyncpg.Connection) -> None:
    """What is thrown away need not survive a crash: nothing is written twice. Plans and reads are the same."""
    left = [row[0] for row in await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    while left:
        table = left.pop(0)
        try:
            await connection.execute(f'ALTER TABLE "{table}" SET UNLOGGED')
        except asyncpg.InvalidTableDefinitionError:
            left.append(table)  # first those that refer to it


async def _empty(connection: asyncpg.Connection) -> None:
    """The lives themselves go: what they were copied for is in the patterns."""
    await connection.execute(
        "TRUNCATE ticket, ticket_unit, ticket_text, ticket_band, ticket_record, ticket_notice, ticket_repeat,"
        " ticket_number, journal, journal_head, journal_cursor, measured_case, measured_part, rollup, mailbox_out,"
        " mailbox_in, mailbox_lane, citizen, citizen_address CASCADE"
    )


class Writer:
    """Draws copies and writes them, batch by batch, while the next batch is being made."""

    def __init__(
        self,
        connection: asyncpg.Connection,
        columns: Mapping[str, Columns],
        found: Affairs,
        house: SizedHouse,
        whole_each: int,
    ) -> None:
        self._connection = connection
        self._whole_each = whole_each
        self._columns = columns
        self._affairs = found
        self._vault = house.floor.vault
        lookup = house.rooms.ticketing.lookup
        self._prefix = lookup.city().ticket_prefix
        self._towns = {
            each.area: next((a.code for a in lookup.lineage(each.area) if a.level.value == "town"), each.area)
            for each in found.all
        }
        self._terms = {unit: unit_term(unit) for each in found.all for unit in (each.unit, each.other)}
        self._random = random.Random(54321)
        self._numbers: Counter[str] = Counter()
        self.written = 0

    async def history(self, archived: Kept, closed: Kept, count: int, weeks: int) -> None:
        """What is over, the oldest first."""
        spans = [*range(FIRST_ARCHIVED - (weeks - len(CLOSED_WEEKS)) + 1, FIRST_ARCHIVED + 1), *sorted(CLOSED_WEEKS)]
        each = count // len(spans)

        def batches() -> Iterator[dict[str, str]]:
            for place, week in enumerate(spans):
                kept = (archived if week <= FIRST_ARCHIVED else closed).moved(week)
                yield self._batch(kept, count - each * (len(spans) - 1) if place == 0 else each)

        await self._write(batches())

    async def going_on(self, kept: Kept, count: int) -> None:
        """What is open."""
        await self._write(iter([self._batch(kept, count)]))

    async def _write(self, batches: Iterator[dict[str, str]]) -> None:
        making = asyncio.create_task(asyncio.to_thread(next, batches, None))
        while (batch := await making) is not None:
            making = asyncio.create_task(asyncio.to_thread(next, batches, None))
            for table, text in batch.items():
                await write_rows(self._connection, self._columns[table], pieces(text))

    def _batch(self, kept: Kept, count: int) -> dict[str, str]:
        patterns = self._random.choices(kept.patterns, cum_weights=kept.weights, k=count)
        drawn = self._affairs.draw(self._random, count)
        rows: dict[str, list[str]] = {source.table: [] for source in SOURCES}
        for pattern, affair in zip(patterns, drawn, strict=True):
            self.written += 1
            word = _word(int(10 ** (6 * self._random.random())))
            day = pattern.first_day
            self._numbers[f"{day:%y%m%d}"] += 1
            values: dict[str, object] = {
                "c": self.written,
                "second": second_of(self.written),
                "number": number_of(self._prefix, day, self._numbers[f"{day:%y%m%d}"]),
                "title": affair.title,
                "place": affair.place,
                "text": f"{affair.text}，编号{word}",
                "terms": f"{affair.terms} {word}",
                "spans": " ".join(span_terms(pattern.received)),
                "unit": affair.unit,
                "unit_term": self._terms[affair.unit],
                "other": affair.other,
                "other_term": self._terms[affair.other],
                "matter": affair.matter,
                "area": affair.area,
                "town": self._towns[affair.area],
            }
            if pattern.seals:
                values |= sealed_values(pattern, self._vault, values)
            for source in SOURCES if self.written % self._whole_each == 0 else ALWAYS:
                rows[source.table].append(filled(pattern, source.table, values))
        return {table: "".join(found) for table, found in rows.items() if found}

    async def finish(self) -> None:
        """What is counted: the numbers of each day, the places of the facts, the sums of the figures."""
        days = [(day, last) for day, last in self._numbers.items()]
        await self._connection.copy_records_to_table("ticket_number", records=days, columns=["day", "last"])
        await self._connection.execute("UPDATE journal SET position = serial")
        await self._connection.execute(SUMS)
        await self._connection.execute(
            "INSERT INTO journal_cursor SELECT reader, (SELECT max(position) FROM journal)"
            " FROM unnest(ARRAY['analytics.figures', 'analytics.rollup']) reader"
        )


SUMS = """
INSERT INTO rollup SELECT grain, measure, day, CASE grain WHEN 'unit' THEN unit ELSE '' END,
  CASE grain WHEN 'place' THEN matter ELSE '' END, CASE grain WHEN 'place' THEN area ELSE '' END,
  CASE grain WHEN 'channel' THEN channel ELSE '' END, sum(numerator), sum(denominator),
  sum(numerator) FILTER (WHERE NOT excluded), sum(denominator) FILTER (WHERE NOT excluded),
  coalesce(sum(numerator) FILTER (WHERE NOT excluded AND NOT lawful), 0),
  coalesce(sum(denominator) FILTER (WHERE NOT excluded AND NOT lawful), 0)
FROM measured_part, unnest(ARRAY['city', 'unit', 'place', 'channel']) grain
WHERE grain <> 'unit' OR unit <> '' GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def _word(rank: int) -> str:
    """A word that is the rarer the higher its rank, such as the plate on a lamp post."""
    letters = []
    for _ in range(4):
        rank, letter = divmod(rank, 32)
        letters.append("bcdfghjklmnpqrstvwxzbcdfghjklmnpq"[letter])
    return f"lamp{''.join(letters)}"


class Bare:
    """Tables without their indexes but for their keys, for the length of the block; the indexes are made at last, some
    at once."""

    def __init__(self, url: str, connection: asyncpg.Connection, tables: Sequence[str], tell: Tell) -> None:
        self._url = url
        self._connection = connection
        self._tables = tables
        self._tell = tell
        self._made: list[str] = []

    async def __aenter__(self) -> None:
        rows = await self._connection.fetch(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY($1)"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            list(self._tables),
        )
        for name, made in rows:
            await self._connection.execute(f'DROP INDEX "{name}"')
            self._made.append(made)

    async def __aexit__(self, *_: object) -> None:
        # The longest first: one of them takes as long as many others.
        waiting = sorted(self._made, key=lambda made: "USING gin" not in made)
        await asyncio.gather(*(self._make(waiting) for _ in range(AT_ONCE)))
        self._tell("indexes made")

    async def _make(self, waiting: list[str]) -> None:
        connection = await asyncpg.connect(self._url)
        try:
            await _unlogged(connection)
            await connection.execute("SET maintenance_work_mem = '1GB'")
            while waiting:
                made, began = waiting.pop(0), time.monotonic()
                await connection.execute(made)
                if (took := time.monotonic() - began) > TOLD_FROM:
                    self._tell(f"{took:.0f} s: {made}")
        finally:
            await connection.close()
