"""A million tickets: nothing a screen or a job asks reads a large table as a whole, or more rows the older it is."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from sqlalchemy import text

from benchmarks.sizes.affairs import Affair, affairs
from benchmarks.sizes.house import SizedHouse
from benchmarks.sizes.likeness import crowd, disperse, look
from benchmarks.sizes.lives import Maker
from benchmarks.sizes.plans import LARGE, Statement, explained, faults, heard, rows_read, sizes, steps
from hotline.seeding import city_folder
from kernel.ids import new_id
from kernel.messages import Address, Author, Inbound, InboundKind, Outbound
from kernel.people import Role
from tests.sizes.conftest import TICKETS, Million
from ticketing.model.acting import Form
from ticketing.model.labels import Action, TicketKind
from ticketing.model.ticket import Draft
from ticketing.rules.bands import BANDS
from ticketing.store import follow, recount, secrets
from ticketing.store.due import Task, due_numbers
from ticketing.store.likes import ANYWHERE, IN_TOWN

pytestmark = [pytest.mark.postgresql, pytest.mark.slow, pytest.mark.timeout(3600)]

SCREENS = (
    *("unit inbox", "dispatch queue", "certain", "disputes", "review", "call-back", "ticket page", "beside a ticket"),
    *("search", "search among other systems' tickets", "track page", "desk queue", "wall", "unit leader's figures"),
    *("reports", "open311", "privacy", "my notices", "units"),
)
# Each of them alone keeps a screen from reading all there ever was: without it the test above must fail.
NEEDED = (
    ("unit inbox", "ix_ticket_unit_all"),
    ("dispatch queue", "ix_ticket_received"),
    ("dispatch queue", "ix_ticket_state"),
    ("search", "ix_ticket_text_terms"),
    ("search", "ix_ticket_number_begins"),
)
QUEUED = 100_000
WAITING = (
    """INSERT INTO mailbox_lane SELECT 'web:queued:' || n, 1, true, now(), timestamptz '2026-06-01', NULL, NULL
       FROM generate_series(1, :many) n""",
    """INSERT INTO mailbox_in SELECT md5('in' || n), 'web:queued:' || n, 'x' || n, 1, 'waiting', 0, '', now(), NULL, ''
       FROM generate_series(1, :many) n""",
    """INSERT INTO mailbox_out SELECT md5('out' || n), 'sms:queued:' || n, (ARRAY['sms', 'wechat'])[1 + n % 2], 1,
       'queued', 0, '', '', '', NULL, timestamptz '2026-06-01' + n * interval '1 second', NULL, NULL, now(), NULL, ''
       FROM generate_series(1, :many) n""",
)
# Of all that wait the one that is followed comes first.
FIRST_IN = "UPDATE mailbox_lane SET ready_since = timestamptz '2020-01-01' WHERE address = :address"
FIRST_OUT = "UPDATE mailbox_out SET not_before = timestamptz '2020-01-01' WHERE address = :address"
MANY_ASKED = """INSERT INTO ticket_ask
    SELECT id, 'many' || right(id, 20), (ARRAY['return', 'other', 'second'])[1 + length(body) % 3],
           received + length(body) * interval '1 minute' FROM ticket LIMIT 25000"""
MOST_STATEMENTS = 20
CROWD = 3_000


def test_every_screen_is_looked_at(million: Million) -> None:
    assert set(million.screens) == set(SCREENS)


async def test_the_million_is_what_it_says(million: Million) -> None:
    rows = await sizes(million.house.database)
    assert rows["ticket"] == pytest.approx(TICKETS, rel=0.02)
    large = {name for name, many in rows.items() if many > LARGE}
    assert large >= {"ticket", "ticket_unit", "ticket_text", "ticket_record", "measured_part", "rollup"}
    async with million.house.database.reading() as tx:
        found = await tx.rows(text("SELECT lead, count(*) AS many FROM ticket WHERE lead <> '' GROUP BY 1 ORDER BY 2"))
    assert found[-1]["many"] > TICKETS // 50
    assert found[len(found) // 2]["many"] < found[-1]["many"] // 20


@pytest.mark.parametrize("screen", SCREENS)
async def test_no_screen_reads_a_large_table_as_a_whole(million: Million, screen: str) -> None:
    """P27: ticket search, number, words and all, and message threads are answered by indexes at a million tickets."""
    statements = await sent_by(million, screen)
    assert statements
    assert [str(fault) for fault in await faults(million.house.database, statements)] == []


@pytest.mark.parametrize(("screen", "index"), NEEDED)
async def test_without_its_index_a_screen_is_found_out(million: Million, screen: str, index: str) -> None:
    statements = await sent_by(million, screen)
    assert await faults(million.house.database, statements, f"DROP INDEX {index}") != []


async def test_the_second_page_of_a_list_reads_no_more_than_the_first(million: Million) -> None:
    house, who = million.house, million.people
    with heard(house.database) as statements:
        for by, view in ((who.busy, "inbox"), (who.busy, "all"), (who.hotline[Role.DISPATCHER], "all")):
            asked: dict[str, object] = {"view": view, "limit": 20}
            for _ in range(4):
                page = await house.door.page("/api/v1/tickets", by, asked)
                assert page["next"] is not None
                asked["cursor"] = page["next"]
    assert len(statements) == 12
    assert [str(fault) for fault in await faults(house.database, statements)] == []


async def test_what_is_asked_is_read_by_its_limit_however_much_of_it_waits(million: Million) -> None:
    house = million.house
    dispatcher = million.people.hotline[Role.DISPATCHER]
    connection = await asyncpg.connect(house.url)
    try:
        await connection.execute(MANY_ASKED)
        await connection.execute("ANALYZE ticket_ask")
        assert (await sizes(house.database))["ticket_ask"] > LARGE
        with heard(house.database) as statements:
            asked: dict[str, object] = {"view": "requests", "limit": 20}
            for _ in range(4):
                page = await house.door.page("/api/v1/tickets", dispatcher, asked)
                assert page["next"] is not None
                asked["cursor"] = page["next"]
            await house.door.page("/api/v1/tickets/counts", dispatcher, {})
        assert [str(fault) for fault in await faults(house.database, statements)] == []
    finally:
        await connection.execute("DELETE FROM ticket_ask WHERE request LIKE 'many%'")
        await connection.execute("ANALYZE ticket_ask")
        await connection.close()


async def test_no_job_looks_through_a_large_table(million: Million) -> None:
    house = million.house
    now = house.clock.now()
    with heard(house.database) as statements:
        async with house.database.reading() as tx:
            for task in Task:
                await due_numbers(tx, task, now, 200)
            await follow.next_numbers(tx, now, 200)
            await follow.counts(tx)
            await recount.next_ones(tx, "", 200)
            await secrets.late_leaks(tx, now)
            await house.floor.mailbox.backlog(tx)
        for room in house.assembled.house.rooms:
            for job in room.jobs:
                if job.name not in {"ticketing.wake", "ticketing.note_late", "ticketing.remind"}:
                    await job.run()
        await house.floor.journal.sequence(house.database)
    assert [str(fault) for fault in await faults(house.database, statements)] == []


async def test_a_step_of_a_ticket_reads_and_writes_rows_by_their_keys(million: Million) -> None:
    house = million.house
    number = await one_of(house, "dispatched")
    with heard(house.database) as statements:
        async with house.database.transaction() as tx:
            ticket = await house.rooms.ticketing.queries.by_number(tx, number)
            assert ticket.lead is not None
            unit = house.liaisons[ticket.lead.unit]
            await house.rooms.ticketing.tickets.act(tx, number, Action.ACCEPT, Form(), unit)
    assert len(statements) <= MOST_STATEMENTS
    assert [str(fault) for fault in await faults(house.database, statements)] == []


async def test_opening_a_ticket_reads_few_rows(million: Million) -> None:
    house = million.house
    found = await affair_of(million)
    with heard(house.database) as statements:
        await Maker(house, found).open()
    assert [str(fault) for fault in await faults(house.database, statements)] == []


async def test_what_is_like_a_new_ticket_is_found_by_indexes(million: Million) -> None:
    """However many are open or over, and though thousands tell of one event."""
    house, found = million.house, await affair_of(million)
    other = Draft(TicketKind.COMPLAINT, f"{found.text}，希望尽快处理", place=found.place, area=found.area, citizen="x")
    connection = await asyncpg.connect(house.url)
    try:
        event = await crowd(connection, CROWD)
        await connection.execute("ANALYZE ticket, ticket_band")
        told = replace(other, text=event.text, place=event.place, area=event.area, matter=event.matter)
        for draft in (told, replace(told, area="", matter="", place=""), other):
            with heard(house.database) as statements:
                await look(house, draft)
            assert len(statements) > 2
            assert [str(fault) for fault in await faults(house.database, statements)] == []
            [by_words] = [each for each in statements if "ticket_band" in each.sql]
            read = await bands_read(house, by_words)
            assert 0 < sum(rows_read(each) for each in read) <= BANDS * (IN_TOWN + ANYWHERE)
            assert {each["Index Name"] for each in read} <= {"ix_ticket_band", "ix_ticket_band_town"}
    finally:
        await disperse(connection)
        await connection.execute("ANALYZE ticket, ticket_band")
        await connection.close()


async def test_reports_read_sums_and_hold_up_nobody(million: Million) -> None:
    """P34: reports read the roll-ups, not the tickets; while one is being read, tickets go on and are folded in."""
    house = million.house
    statements = await sent_by(million, "reports")
    tables = {name for name in ("ticket", "journal", "mailbox_in") for s in statements if f"FROM {name} " in s.sql}
    assert tables == set()
    number = await one_of(house, "dispatched")
    async with house.database.engine.connect() as report:
        for statement in statements:
            await report.exec_driver_sql(statement.sql, statement.parameters)
        async with asyncio.timeout(60):
            async with house.database.transaction() as tx:
                ticket = await house.rooms.ticketing.queries.by_number(tx, number)
                assert ticket.lead is not None
                by = house.liaisons[ticket.lead.unit]
                await house.rooms.ticketing.tickets.act(tx, number, Action.ACCEPT, Form(), by)
            await house.floor.journal.sequence(house.database)
            for observer in house.rooms.analytics.room.observers:
                await house.floor.journal.follow(house.database, observer.name, observer.effect)


async def test_what_comes_in_costs_the_same_however_much_is_queued(million: Million) -> None:
    """P36: with a hundred thousand messages waiting on both trays, taking one in and handing one on read few rows."""
    house = million.house
    await queue(house, QUEUED)
    with heard(house.database) as statements:
        await pass_one_message_through(house)
    assert len(statements) > 8
    assert [str(fault) for fault in await faults(house.database, statements)] == []


# -- helping hands ------------------------------------------------------------------------------------------


async def sent_by(million: Million, screen: str) -> list[Statement]:
    """What a screen's requests send to the database."""
    with heard(million.house.database) as statements:
        for request in million.screens[screen]:
            await million.house.door.call("GET", request.path, request.by, request.query)
    return statements


async def bands_read(house: SizedHouse, statement: Statement) -> Sequence[Mapping[str, Any]]:
    """The steps of a statement's plan that read bands."""
    plan = await explained(house.database, statement)
    return [each for each in steps(plan) if each.get("Relation Name") == "ticket_band"]


async def one_of(house: SizedHouse, state: str) -> str:
    """The number of a ticket in a state, another each time."""
    async with house.database.reading() as tx:
        query = text("SELECT number FROM ticket WHERE state = :state AND NOT asking ORDER BY random() LIMIT 1")
        return str(await tx.scalar(query.bindparams(state=state)))


async def affair_of(million: Million) -> Affair:
    """What a new ticket is about."""
    room = million.house.rooms.ticketing
    return affairs(city_folder(""), room.lookup, room.queries, 10).all[0]


async def queue(house: SizedHouse, many: int) -> None:
    """So many conversations that wait, and so many messages that are to be sent."""
    async with house.database.engine.begin() as connection:
        for statement in WAITING:
            await connection.execute(text(statement).bindparams(many=many))
    async with house.database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(text("ANALYZE mailbox_lane, mailbox_in, mailbox_out"))


async def pass_one_message_through(house: SizedHouse) -> None:
    """In, claimed, answered, settled, and out."""
    mailbox, address, now = house.floor.mailbox, Address("web", "site", new_id()), house.clock.now()
    said = Inbound(new_id(), address, new_id(), InboundKind.TEXT, "路灯不亮", now, now)
    async with house.database.transaction() as tx:
        await mailbox.put_in(tx, [said])
    async with house.database.transaction() as tx:
        await tx.execute(text(FIRST_IN).bindparams(address=address.key))
        lane = await mailbox.claim(tx, timedelta(minutes=1))
        assert lane is not None
        assert lane.address == address
        reply = Outbound(new_id(), address, "已登记。", Author.BOT, now - timedelta(days=30), reply_to=said.id)
        await mailbox.put_out(tx, reply)
        await mailbox.settle_in(tx, lane, said.id)
        await mailbox.release(tx, lane)
    async with house.database.transaction() as tx:
        await tx.execute(text(FIRST_OUT).bindparams(address=address.key))
        [posted] = await mailbox.claim_out(tx, ["web", "sms", "wechat"], timedelta(minutes=1), 1)
        assert posted.message.id == reply.id
        await mailbox.sent(tx, posted)
        await mailbox.expire_sending(tx)
