"""What grows beside tickets: talks with their messages, looks, rulings, notices to officers, other systems' tickets."""

from collections.abc import Mapping, Sequence

import asyncpg

from benchmarks.sizes.affairs import Affairs
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
from desk.model import Conversation, Turn
from kernel.database import Tx
from kernel.ids import new_id
from kernel.messages import Address, Author, Inbound, InboundKind, Outbound

# Of so many tickets there is one of each.
TALK, LOOK, RULING, NOTICE, PAST, CITIZEN = 40, 20, 1000, 40, 20, 10
# Talks that go on, of so many.
TALKING = 200
BY_ADDRESS = (
    Source("citizen", "id = (SELECT citizen_id FROM conversation WHERE address = $1)"),
    Source("conversation", "address = $1"),
    Source("mailbox_lane", "address = $1"),
    Source("mailbox_in", "address = $1"),
    Source("mailbox_out", "address = $1"),
)
SETTLED = (
    "UPDATE mailbox_lane SET ready = false WHERE address = $1",
    "UPDATE mailbox_in SET state = 'done' WHERE address = $1",
    "UPDATE mailbox_out SET state = 'sent' WHERE address = $1",
)
LOOKS = """
INSERT INTO ticket_access SELECT md5('look' || n), id, number, 'view', received + interval '1 day',
  'someone' || n % 900, 'liaison', 'unit' || n % 400, '', '', '', ''
  FROM (SELECT id, number, received, row_number() OVER () AS n FROM ticket LIMIT {0}) t"""
RULINGS = """
INSERT INTO ticket_precedent SELECT md5('ruling' || n), 'FS' || n, md5('request' || n), 'matter' || n % 300, '', '[]',
  'unit' || n % 400, '[]', '按属地管理由镇街办理', '三定方案', timestamptz '2023-01-01' + n * interval '1 hour',
  'someone', 'none', '' FROM generate_series(1, {0}) n"""
NOTICES = """
INSERT INTO officer_notice SELECT md5('notice' || n), 'someone' || n % 900, id, 'dispatch', received, received, received
  FROM (SELECT id, received, row_number() OVER () AS n FROM ticket LIMIT {0}) t"""
CITIZENS = """
INSERT INTO citizen SELECT md5('citizen' || n), timestamptz '2023-01-01' + n * interval '1 minute', '', '', '',
  md5('one' || n) || md5('two' || n) FROM generate_series(1, {0}) n"""
OLD = """
INSERT INTO past_ticket SELECT md5('past' || n), 'old', 'GD' || n, title, text, matter, '', area, '', place, unit, '',
  at, at, at, '', '', '已处理', 0, '', md5('digest' || n), at, at, terms
  FROM (SELECT n, timestamptz '2019-01-01' + n * interval '5 minutes' AS at FROM generate_series(1, {0}) n) g
  JOIN affair a ON a.place_in_list = g.n % {1}"""
EACH = ((LOOKS, LOOK), (RULINGS, RULING), (NOTICES, NOTICE), (CITIZENS, CITIZEN))


async def fill_beside(connection: asyncpg.Connection, house: SizedHouse, found: Affairs, tickets: int) -> None:
    """Rows of all of it, each a share of the tickets."""
    for statement, share in EACH:
        await connection.execute(statement.format(tickets // share))
    await _past(connection, found, tickets // PAST)
    await _talks(connection, house, tickets // TALK)


async def _past(connection: asyncpg.Connection, found: Affairs, count: int) -> None:
    """Tickets of another system, about the same affairs."""
    names = ["title", "text", "matter", "area", "place", "unit", "terms"]
    columns = ", ".join(f"{name} text" for name in names)
    await connection.execute(f"CREATE TEMP TABLE affair (place_in_list int, {columns})")
    rows = [(n, *(getattr(each, name) for name in names)) for n, each in enumerate(found.all)]
    await connection.copy_records_to_table("affair", records=rows)
    await connection.execute(OLD.format(count, len(rows)))


async def _talks(connection: asyncpg.Connection, house: SizedHouse, count: int) -> None:
    """Talks that are over, and some that go on, with what was said in them."""
    columns = {source.table: await columns_of(connection, source) for source in BY_ADDRESS}
    patterns: dict[Turn, Pattern] = {}
    for turn in (Turn.CLOSED, Turn.BOT, Turn.WAITING):
        async with house.database.transaction() as tx:
            address = await _talk(tx, house, turn)
        for settle in SETTLED:
            await connection.execute(settle, address.key)
        rows = {s.table: await rows_of(connection, s, columns[s.table], address.key) for s in BY_ADDRESS}
        patterns[turn] = Cutter(house.floor.vault, {}, frozenset()).cut(rows, NOW.date(), NOW)
    await connection.execute("DELETE FROM citizen WHERE id IN (SELECT citizen_id FROM conversation)")
    await connection.execute("TRUNCATE conversation, mailbox_lane, mailbox_in, mailbox_out, citizen_address")
    for start in range(0, count, 20_000):
        await _write(connection, house, columns, patterns, range(start, min(start + 20_000, count)))


async def _write(
    connection: asyncpg.Connection, house: SizedHouse, columns: Mapping[str, Columns], patterns: Mapping[Turn, Pattern],
    numbers: Sequence[int],
) -> None:  # fmt: skip
    rows: dict[str, list[str]] = {source.table: [] for source in BY_ADDRESS}
    for number in numbers:
        going_on = number % TALKING == 0
        turn = (Turn.WAITING if number % (2 * TALKING) else Turn.BOT) if going_on else Turn.CLOSED
        pattern = patterns[turn]
        values: dict[str, object] = {"c": number, "second": second_of(number)}
        values |= sealed_values(pattern, house.floor.vault, values)
        for source in BY_ADDRESS:
            rows[source.table].append(filled(pattern, source.table, values))
    for table, found in rows.items():
        await write_rows(connection, columns[table], pieces("".join(found)))


async def _talk(tx: Tx, house: SizedHouse, turn: Turn) -> Address:
    address, mailbox, now = Address("web", "site", new_id()), house.floor.mailbox, house.clock.now()
    for said in ("楼下的路灯坏了三天了", "在文华路口"):
        message = Inbound(new_id(), address, new_id(), InboundKind.TEXT, said, now, now)
        await mailbox.put_in(tx, [message])
        await mailbox.put_out(tx, Outbound(new_id(), address, "已为您登记。", Author.BOT, now))
    waits = {"waiting_since": now, "first_reply_due": now} if turn is Turn.WAITING else {}
    citizen = await house.rooms.directory.lookup.citizen_at(tx, address)
    talk = Conversation(new_id(), address, citizen.id, turn, 1, now, now, "{}", "在文华路口", **waits)  # type: ignore[arg-type]
    await house.rooms.desk.store.add(tx, talk)
    return address
