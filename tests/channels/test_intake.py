"""Messages into the mailbox: many in one commit, each caller its own answer."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from channels.intake import BATCH, Intake
from channels.store import media_table
from kernel.clock import ManualClock
from kernel.database import Database
from kernel.errors import Unavailable
from kernel.ids import new_id
from kernel.messages import Address, Attachment, Inbound, InboundKind, Media
from kernel.room import Floor


def message(clock: ManualClock, user: str, number: int, **more: object) -> Inbound:
    made = Inbound(
        id=new_id(),
        address=Address("wechat", "a", user),
        external_id=str(number),
        kind=InboundKind.TEXT,
        text=f"第{number}句",
        sent_at=clock.now(),
        received_at=clock.now(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def counted_commits(database: Database) -> list[int]:
    commits: list[int] = []
    event.listen(database.engine.sync_engine, "commit", lambda _connection: commits.append(1))
    return commits


@pytest.fixture
def intake(floor: Floor) -> Intake:
    return Intake(floor.database, floor.mailbox, floor.bell)


async def test_a_thousand_messages_at_once_need_a_handful_of_commits(
    floor: Floor, intake: Intake, clock: ManualClock
) -> None:
    commits = counted_commits(floor.database)
    told = [message(clock, f"u{number % 100}", number) for number in range(1000)]
    accepted = await asyncio.gather(*(intake.accept(each) for each in told))
    assert [each.id for each in accepted] == [each.id for each in told]
    assert all(each.fresh for each in accepted)
    assert len(commits) <= 1000 // BATCH + 1


async def test_messages_of_one_citizen_keep_their_order_in_a_batch(
    floor: Floor, intake: Intake, clock: ManualClock
) -> None:
    accepted = await asyncio.gather(
        *(intake.accept(message(clock, "u", number), numbered=True) for number in range(50))
    )
    assert [each.seq for each in accepted] == list(range(1, 51))
    async with floor.database.reading() as tx:
        thread = await floor.mailbox.thread(tx, Address("wechat", "a", "u"))
    assert [entry.inbound.external_id for entry in thread if entry.inbound] == [str(number) for number in range(50)]


async def test_p13_the_same_message_many_times_in_one_batch_and_after_is_once(
    floor: Floor, intake: Intake, clock: ManualClock
) -> None:
    first = await asyncio.gather(*(intake.accept(message(clock, "u", 7)) for _ in range(5)))
    later = await intake.accept(message(clock, "u", 7))
    assert len({each.id for each in (*first, later)}) == 1
    assert sorted(each.fresh for each in (*first, later)) == [False] * 5 + [True]


async def test_a_second_time_gives_the_deadline_of_the_first(floor: Floor, intake: Intake, clock: ManualClock) -> None:
    deadline = clock.now() + timedelta(seconds=4.5)
    await intake.accept(message(clock, "u", 1, reply_by=deadline))
    clock.advance(timedelta(seconds=5))
    again = await intake.accept(message(clock, "u", 1, reply_by=clock.now() + timedelta(seconds=4.5)))
    assert (again.reply_by, again.fresh) == (deadline, False)


async def test_one_bad_message_spoils_only_itself(floor: Floor, intake: Intake, clock: ManualClock) -> None:
    bad = message(clock, "u", 2, sent_at=None, text=object())
    outcomes = await asyncio.gather(
        intake.accept(message(clock, "u", 1)),
        intake.accept(bad),
        intake.accept(message(clock, "u", 3)),
        return_exceptions=True,
    )
    assert [isinstance(outcome, Exception) for outcome in outcomes] == [False, True, False]
    assert not isinstance(outcomes[1], Unavailable)


async def test_without_a_database_every_caller_is_told_to_come_again(floor: Floor, clock: ManualClock) -> None:
    nowhere = Database("postgresql+asyncpg://nobody@127.0.0.1:1/none")
    intake = Intake(nowhere, floor.mailbox, floor.bell)
    outcomes = await asyncio.gather(
        *(intake.accept(message(clock, "u", number)) for number in range(3)), return_exceptions=True
    )
    assert [type(outcome) for outcome in outcomes] == [Unavailable] * 3
    await nowhere.close()


async def test_a_caller_that_goes_away_takes_nobodys_message_along(
    floor: Floor, intake: Intake, clock: ManualClock
) -> None:
    callers = [asyncio.create_task(intake.accept(message(clock, f"u{number}", number))) for number in range(3)]
    await asyncio.sleep(0)
    callers[0].cancel()
    kept = await asyncio.gather(*callers, return_exceptions=True)
    assert isinstance(kept[0], asyncio.CancelledError)
    assert not any(isinstance(outcome, BaseException) for outcome in kept[1:])
    await intake.stop()
    async with floor.database.reading() as tx:
        assert len(await floor.mailbox.thread(tx, Address("wechat", "a", "u0"))) == 1


async def test_stopping_waits_for_what_was_handed_in(floor: Floor, intake: Intake, clock: ManualClock) -> None:
    caller = asyncio.create_task(intake.accept(message(clock, "u", 1)))
    await asyncio.sleep(0)
    await intake.stop()
    assert caller.done()
    assert (await caller).fresh


async def test_it_refuses_to_wait_inside_a_transaction(floor: Floor, intake: Intake, clock: ManualClock) -> None:
    async with floor.database.transaction():
        with pytest.raises(RuntimeError, match="inside transaction"):
            await intake.accept(message(clock, "u", 1))


async def test_a_file_is_wanted_once_however_often_its_message_comes(
    floor: Floor, intake: Intake, clock: ManualClock
) -> None:
    for _ in range(3):
        file = Attachment(new_id(), Media.IMAGE, "image/jpeg", "微信图片.jpg", 0)
        await intake.accept(message(clock, "u", 1, media_ref="m1", attachments=(file,)))
    async with floor.database.reading() as tx:
        assert [row["media_ref"] for row in await tx.rows(select(media_table))] == ["m1"]
