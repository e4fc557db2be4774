"""SQLite takes a partial index only for a condition without parameters: what trays and tickets ask walks no table."""

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks.sizes.plans import Statement, heard
from kernel.database import Database
from kernel.ids import new_id
from kernel.messages import Address, Author, Inbound, InboundKind, Outbound
from kernel.relay import Relay
from tests.ticketing.city import PHONE, Hotline
from ticketing.store import follow, history, secrets
from ticketing.store.tickets import TicketStore
from ticketing.store.wall import open_parts, proposals

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

ADDRESS = Address("web", "main", "somebody")
LEASE = timedelta(seconds=30)
GROWING = ("mailbox_in", "mailbox_out", "mailbox_lane", "ticket", "ticket_unit", "relay_call", "past_ticket")
# Partial indexes that hold little.
SMALL = (
    *("ix_mailbox_lane_ready", "ix_mailbox_in_aside", "ix_mailbox_out_open", "ix_mailbox_out_sending"),
    *("ix_relay_call_open", "ix_relay_call_unnoted", "ix_ticket_asking", "ix_ticket_unit_open"),
)


async def walked(database: Database, statements: list[Statement]) -> list[str]:
    """The steps of SQLite's plans that go through one of the tables that grow, by an index or not."""
    found = []
    async with database.engine.connect() as connection:
        for each in statements:
            plan = (await connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {each.sql}", each.parameters)).all()
            found += [f"{row.detail}: {each.sql}" for row in plan if _walks(row.detail)]
    return found


def _walks(step: str) -> bool:
    """A small index is read from end to end: that is what was wanted."""
    words = step.split()
    return words[0] == "SCAN" and words[1] in GROWING and not any(index in step for index in SMALL)


async def test_the_trays_walk_through_nothing_that_was_ever_sent(desk: Hotline) -> None:
    floor, box, now = desk.floor, desk.floor.mailbox, desk.clock.now()
    came = Inbound(new_id(), ADDRESS, "x1", InboundKind.TEXT, "路灯坏了", now, now, reply_by=now + timedelta(seconds=5))
    answer = Outbound(new_id(), ADDRESS, "已收到", Author.BOT, now, reply_to=came.id)
    with heard(floor.database) as statements:
        async with floor.database.transaction() as tx:
            await box.put_in(tx, [came])
            lane = await box.claim(tx, LEASE)
            assert lane is not None
            await box.put_out(tx, answer)
            await box.put_out(tx, replace(answer, id=new_id()))
            assert await box.take_reply(tx, came.id, LEASE) is not None
            await box.claim_out(tx, ["web", "sms"], LEASE)
            await box.expire_sending(tx)
            await box.unclear(tx, ["web"], now)
            await box.settle_in(tx, lane, came.id)
            await box.release(tx, lane)
            await box.waiting_aside(tx)
            await box.backlog(tx)
    assert len(statements) > 15
    assert await walked(floor.database, statements) == []


async def test_relayed_calls_walk_through_none_that_ended(desk: Hotline) -> None:
    relay = Relay(desk.floor.vault, desk.clock, desk.floor.bell)
    with heard(desk.database) as statements:
        async with desk.database.transaction() as tx:
            assert (await relay.claim(tx), await relay.silent(tx), await relay.ended(tx)) == (None, [], [])
    assert len(statements) == 3
    assert await walked(desk.database, statements) == []


async def test_whose_tickets_they_are_is_found_by_indexes(desk: Hotline) -> None:
    ticket = await desk.open()
    assert ticket.address is not None
    store, since = TicketStore(desk.floor.vault), desk.clock.now() - timedelta(days=30)
    with heard(desk.database) as statements:
        async with desk.database.reading() as tx:
            assert await store.of_citizen(tx, ticket.citizen, 10) != []
            assert await store.of_address(tx, ticket.address, 10) != []
            assert await store.told_by_same(tx, ticket.citizen, PHONE, since) != []
            assert await store.children(tx, ticket.number) == ()
            assert await store.people_behind(tx, [ticket.number]) == 1
            await store.near(tx, ticket, [ticket.area], since)
            await secrets.is_citizen_frozen(tx, ticket.citizen)
            await history.of_phone(tx, "index", 5)
            await history.of_matter(tx, ticket.matter, 5)
            await follow.counts(tx)
            await open_parts(tx, ["FS-ZF"])
            await proposals(tx)
    assert len(statements) > 12
    assert await walked(desk.database, statements) == []
