"""The journal: told once, numbered after commit, chained per subject, forgetful of persons only."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import asyncpg
import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.engine import make_url

from kernel.clock import ManualClock
from kernel.database import Database, Tx
from kernel.errors import NotFound
from kernel.journal import NUMBERED, TOPIC, Journal, Personal, Recorded, journal, kind_of, numbered
from kernel.room import Floor


@dataclass(frozen=True, slots=True)
class Moved:
    """A chained fact."""

    CHAINED: ClassVar[bool] = True

    number: str
    to: str
    at: datetime
    units: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return f"ticket:{self.number}"


@dataclass(frozen=True, slots=True)
class Looked:
    """A fact outside every chain."""

    CHAINED: ClassVar[bool] = False
    FORMERLY: ClassVar[str] = "Glanced"

    what: str
    at: datetime

    @property
    def subject(self) -> str:
        return f"page:{self.what}"


class Book:
    """The journal of a floor, each call in a transaction of its own."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor
        self.database = floor.database
        self.journal = Journal(floor.vault, floor.clock, floor.bell, [Moved, Looked])

    def moved(self, to: str, number: str = "A1") -> Moved:
        return Moved(number, to, self.floor.clock.now(), ("U1",))

    async def state(self, fact: Moved | Looked, personal: Personal | None = None) -> str:
        async with self.database.transaction() as tx:
            return await self.journal.state(tx, fact, personal)

    async def sequence(self) -> int:
        return await self.journal.sequence(self.database)

    async def read(self, after: int = 0) -> list[Recorded]:
        async with self.database.reading() as tx:
            return await self.journal.read_after(tx, after)

    async def broken(self, subject: str = "ticket:A1") -> list[str]:
        async with self.database.reading() as tx:
            return await self.journal.broken_links(tx, subject)


@pytest.fixture
def book(floor: Floor) -> Book:
    """The journal on each kind of database."""
    return Book(floor)


async def test_a_fact_is_read_as_it_was_stated(book: Book) -> None:
    fact = book.moved("triage")
    fact_id = await book.state(fact)
    assert await book.read() == []
    assert await book.sequence() == 1
    [recorded] = await book.read()
    assert (recorded.id, recorded.position, recorded.kind) == (fact_id, 1, kind_of(Moved))
    assert recorded.fact == fact


async def test_a_fact_of_an_unknown_kind_is_refused(floor: Floor) -> None:
    strange = Journal(floor.vault, floor.clock, floor.bell, [Moved])
    with pytest.raises(NotFound):
        async with floor.database.transaction() as tx:
            await strange.state(tx, Looked("x", floor.clock.now()))


async def test_what_rolls_back_was_never_stated(book: Book) -> None:
    async def fail() -> None:
        async with book.database.transaction() as tx:
            await book.journal.state(tx, book.moved("triage"))
            raise RuntimeError("no")

    with pytest.raises(RuntimeError, match="no"):
        await fail()
    assert await book.sequence() == 0
    await book.state(book.moved("triage"))
    assert await book.broken() == []


async def test_positions_have_no_gaps_and_keep_the_order(book: Book) -> None:
    for to in ("a", "b", "c"):
        await book.state(book.moved(to))
    assert await book.sequence() == 3
    await book.state(book.moved("d"))
    assert await book.sequence() == 1
    assert [(each.position, each.fact.to) for each in await book.read()] == [(1, "a"), (2, "b"), (3, "c"), (4, "d")]


async def test_many_sequencers_at_once_number_each_fact_once(book: Book) -> None:
    for number in range(30):
        await book.state(book.moved(str(number), f"A{number}"))
    await asyncio.gather(*(book.journal.sequence(book.database, 7) for _ in range(6)))
    while await book.sequence():
        pass
    assert [each.position for each in await book.read()] == list(range(1, 31))


async def test_bells_ring_when_facts_are_stated_and_numbered(book: Book) -> None:
    with book.floor.bell.listen(TOPIC) as stated, book.floor.bell.listen(NUMBERED) as any_numbered:
        await book.state(book.moved("triage"))
        assert await stated.heard(1)
        await book.sequence()
        assert await any_numbered.heard(1)


async def test_a_numbering_rings_for_the_kinds_it_numbered_and_no_others(book: Book) -> None:
    of_moves, of_others = numbered(kind_of(Moved)), numbered("directory.StaffAccountChanged")
    with book.floor.bell.listen(of_moves) as moves, book.floor.bell.listen(of_others) as others:
        await book.state(book.moved("triage"))
        await book.sequence()
        assert await moves.heard(1)
        assert not await others.heard(0)
        assert await book.sequence() == 0
        assert not await moves.heard(0)


# -- readers --------------------------------------------------------------------------------------------


async def test_a_reader_moves_its_cursor_in_the_transaction_of_its_effect(book: Book) -> None:
    seen: list[str] = []

    async def effect(tx: Tx, facts: Sequence[Recorded]) -> None:
        seen.extend(each.fact.to for each in facts)

    async def broken(tx: Tx, facts: Sequence[Recorded]) -> None:
        raise RuntimeError("no")

    await book.state(book.moved("a"))
    await book.sequence()
    with pytest.raises(RuntimeError, match="no"):
        await book.journal.follow(book.database, "r", broken)
    assert await book.journal.follow(book.database, "r", effect) == 1
    assert await book.journal.follow(book.database, "r", effect) == 0
    await book.state(book.moved("b"))
    await book.sequence()
    assert await book.journal.follow(book.database, "r", effect) == 1
    assert seen == ["a", "b"]


async def test_two_processes_with_one_reader_see_each_fact_once(book: Book) -> None:
    for number in range(20):
        await book.state(book.moved(str(number), f"A{number}"))
    await book.sequence()
    seen: list[int] = []

    async def effect(tx: Tx, facts: Sequence[Recorded]) -> None:
        await asyncio.sleep(0)
        seen.extend(each.position or 0 for each in facts)

    await asyncio.gather(*(book.journal.follow(book.database, "r", effect) for _ in range(4)))
    assert seen == list(range(1, 21))


async def test_a_reader_can_begin_again(book: Book) -> None:
    counts: list[int] = []

    async def effect(tx: Tx, facts: Sequence[Recorded]) -> None:
        counts.append(len(facts))

    await book.state(book.moved("a"))
    await book.sequence()
    await book.journal.follow(book.database, "r", effect)
    async with book.database.transaction() as tx:
        await book.journal.drop_cursor(tx, "r")
    await book.journal.follow(book.database, "r", effect)
    assert counts == [1, 1]


@pytest.fixture
async def slow_writer(postgresql_database: Database) -> AsyncIterator[asyncpg.Connection]:
    """Another connection to the same PostgreSQL database."""
    dsn = postgresql_database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    connection = await asyncpg.connect(dsn)
    yield connection
    await connection.close()


ROW = (
    "INSERT INTO journal (id, kind, subject, at, body, person, sealed, previous, digest) "
    "VALUES ($1, 'x', 'x:1', now(), '{}', '', '', '', '')"
)


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_slow_transaction_is_not_skipped_by_readers(slow_writer: asyncpg.Connection, book: Book) -> None:
    slow = slow_writer.transaction()
    await slow.start()
    await slow_writer.execute(ROW, "slow")
    await book.state(book.moved("fast"))
    await book.sequence()
    assert [each.subject for each in await book.read()] == ["ticket:A1"]
    await slow.commit()
    await book.sequence()
    assert [(each.position, each.subject) for each in await book.read()] == [(1, "ticket:A1"), (2, "x:1")]


@pytest.mark.postgresql
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
async def test_a_write_open_in_another_database_holds_up_nobody(postgresql_url: str, book: Book) -> None:
    dsn = make_url(postgresql_url).set(drivername="postgresql", database="postgres")
    other = await asyncpg.connect(dsn.render_as_string(hide_password=False))
    try:
        slow = other.transaction()
        await slow.start()
        await other.execute("CREATE TEMPORARY TABLE held (n int)")
        await other.execute("SELECT txid_current()")
        await book.state(book.moved("a"))
        await book.sequence()
        assert [each.position for each in await book.read()] == [1]
        await slow.rollback()
    finally:
        await other.close()


# -- the chain ------------------------------------------------------------------------------------------


async def test_an_untouched_chain_verifies(book: Book) -> None:
    for to in ("a", "b", "c"):
        await book.state(book.moved(to), Personal("citizen-1", {"phone": "13812345678"}))
    assert await book.broken() == []


async def test_concurrent_statements_about_one_subject_make_one_chain(book: Book) -> None:
    await asyncio.gather(*(book.state(book.moved(str(n))) for n in range(15)))
    assert await book.broken() == []
    async with book.database.reading() as tx:
        links = [row["link"] for row in await tx.rows(select(journal.c.link).order_by(journal.c.link))]
    assert links == list(range(1, 16))


@pytest.mark.parametrize("column", ["body", "at", "kind", "subject", "person", "sealed", "digest"])
async def test_every_alteration_of_the_past_is_found(book: Book, clock: ManualClock, column: str) -> None:
    for to in ("a", "b", "c"):
        await book.state(book.moved(to), Personal("citizen-1", {"phone": "13812345678"}))
    forged = {
        "body": {"number": "A1", "to": "z"},
        "at": clock.now().replace(year=2020),
        "kind": "tests.Other",
        "subject": "ticket:B2",
        "person": "citizen-2",
        "sealed": "p1..AAAA",
        "digest": "0" * 64,
    }
    async with book.database.transaction() as tx:
        await tx.execute(update(journal).where(journal.c.link == 2).values({column: forged[column]}))
    assert await book.broken() != []


async def test_a_fact_taken_out_is_found_wherever_it_stood(book: Book) -> None:
    for to in ("a", "b", "c"):
        await book.state(book.moved(to))
    async with book.database.transaction() as tx:
        await tx.execute(delete(journal).where(journal.c.link == 3))
    assert await book.broken() == ["the end was cut off"]
    async with book.database.transaction() as tx:
        await tx.execute(delete(journal).where(journal.c.link == 1))
    assert "link 1 is missing" in await book.broken()
    async with book.database.transaction() as tx:
        await tx.execute(delete(journal))
    assert await book.broken() == ["the end was cut off"]


async def test_a_fact_put_in_later_is_found(book: Book) -> None:
    await book.state(book.moved("a"))
    async with book.database.transaction() as tx:
        row = dict((await tx.rows(select(journal)))[0])
        row |= {"id": "forged", "link": 2, "previous": row["digest"]}
        del row["serial"]
        await tx.execute(insert(journal).values(**row))
    assert await book.broken() != []


async def test_facts_without_a_chain_have_no_links(book: Book) -> None:
    await book.state(Looked("home", book.floor.clock.now()))
    async with book.database.reading() as tx:
        assert await tx.scalar(select(journal.c.link)) is None
    assert await book.broken("page:home") == []


# -- personal data --------------------------------------------------------------------------------------


async def test_personal_data_stand_sealed_beside_the_fact(book: Book) -> None:
    fact_id = await book.state(book.moved("a"), Personal("citizen-1", {"phone": "13812345678", "name": "陈小明"}))
    async with book.database.transaction() as tx:
        assert (await book.journal.personal(tx, fact_id))["phone"] == "13812345678"
        stored = str([dict(row) for row in await tx.rows(select(journal))])
    assert "13812345678" not in stored
    assert "陈小明" not in stored


async def test_a_forgotten_person_is_unreadable_and_the_chain_whole(book: Book) -> None:
    fact_id = await book.state(book.moved("a"), Personal("citizen-1", {"phone": "13812345678"}))
    other_id = await book.state(book.moved("b"), Personal("citizen-2", {"phone": "13900000000"}))
    async with book.database.transaction() as tx:
        await book.journal.forget(tx, "citizen-1")
    async with book.database.transaction() as tx:
        with pytest.raises(NotFound):
            await book.journal.personal(tx, fact_id)
        assert await book.journal.personal(tx, other_id) == {"phone": "13900000000"}
    assert await book.broken() == []


async def test_nothing_more_is_written_about_a_forgotten_person(book: Book) -> None:
    await book.state(book.moved("a"), Personal("citizen-1", {"phone": "13812345678"}))
    async with book.database.transaction() as tx:
        await book.journal.forget(tx, "citizen-1")
    with pytest.raises(NotFound):
        await book.state(book.moved("b"), Personal("citizen-1", {"phone": "13812345678"}))


async def test_a_fact_without_personal_data_has_none(book: Book) -> None:
    fact_id = await book.state(book.moved("a"))
    async with book.database.transaction() as tx:
        with pytest.raises(NotFound):
            await book.journal.personal(tx, fact_id)


async def test_the_history_of_a_subject_needs_no_numbering(book: Book) -> None:
    await book.state(book.moved("a"))
    await book.state(book.moved("x", "B2"))
    await book.state(book.moved("b"))
    async with book.database.reading() as tx:
        assert [each.fact.to for each in await book.journal.about(tx, "ticket:A1")] == ["a", "b"]


async def test_reading_the_journal_uses_its_indexes(postgresql_database: Database) -> None:
    async with postgresql_database.transaction() as tx:
        await tx.execute(
            text(
                "INSERT INTO journal (id, position, kind, subject, at, body, person, sealed, previous, digest) "
                "SELECT n::text, n, 'x', 'x:' || n % 100, now(), '{}', '', '', '', '' FROM generate_series(1, 5000) n"
            )
        )
        await tx.execute(text("ANALYZE journal"))
        for query in (
            "SELECT serial FROM journal WHERE position IS NULL ORDER BY serial LIMIT 1000",
            "SELECT * FROM journal WHERE position > 4900 ORDER BY position LIMIT 500",
            "SELECT * FROM journal WHERE subject = 'x:7' ORDER BY serial",
        ):
            plan = "\n".join(row[0] for row in (await tx.execute(text(f"EXPLAIN {query}"))).all())
            assert "Seq Scan" not in plan, plan


async def test_what_was_stated_under_a_former_name_is_read_as_what_it_is_called_now(book: Book) -> None:
    stated = await book.state(book.moved("B"))
    looked = await book.state(Looked("p", book.floor.clock.now()))
    room = __name__.split(".", 1)[0]
    async with book.database.transaction() as tx:
        await tx.execute(update(journal).where(journal.c.id == looked).values(kind=f"{room}.Glanced"))
    await book.sequence()
    first, second = await book.read()
    assert (first.id, second.id, second.kind) == (stated, looked, f"{room}.Looked")
    assert second.fact == Looked("p", second.at)
