"""One access token for all processes."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from channels.adapters.wechat_api import WeChatApi
from channels.model import FreshToken
from channels.store import token_table
from channels.tokens import TokenKeeper
from kernel.clock import ManualClock
from kernel.errors import Unavailable
from kernel.mailbox import OutState
from kernel.room import Floor
from tests.channels.world import APP_ID, OPENID, SECRET, World, wechat_address


class Platform:
    """Hands out numbered tokens and counts."""

    def __init__(self) -> None:
        self.issued = 0
        self.same = False
        self.broken = False

    async def fetch(self) -> FreshToken:
        await asyncio.sleep(0)
        if self.broken:
            raise Unavailable("wechat_unreachable")
        self.issued += 0 if self.same else 1
        return FreshToken(f"token-{self.issued}", timedelta(hours=2))


def keepers(floor: Floor, platform: Platform, number: int) -> list[TokenKeeper]:
    """As many processes."""
    return [
        TokenKeeper(floor.database, floor.vault, floor.clock, floor.bell, "wechat:a", platform.fetch)
        for _ in range(number)
    ]


async def test_p04_ten_processes_without_a_token_fetch_exactly_one(floor: Floor) -> None:
    platform = Platform()
    got = await asyncio.gather(*(keeper.current() for keeper in keepers(floor, platform, 10) for _ in range(3)))
    assert set(got) == {"token-1"}
    assert platform.issued == 1


async def test_p04_ten_processes_with_an_expired_token_fetch_exactly_one(floor: Floor, clock: ManualClock) -> None:
    platform = Platform()
    all_keepers = keepers(floor, platform, 10)
    await asyncio.gather(*(keeper.current() for keeper in all_keepers))
    clock.advance(timedelta(hours=2))
    got = await asyncio.gather(*(keeper.current() for keeper in all_keepers))
    assert set(got) == {"token-2"}
    assert platform.issued == 2


async def test_p04_a_late_refusal_of_an_old_token_does_not_throw_away_the_fresh_one(
    floor: Floor, clock: ManualClock
) -> None:
    platform = Platform()
    mine, other = keepers(floor, platform, 2)
    old = await mine.current()
    assert await other.current() == old
    clock.advance(timedelta(minutes=1))
    fresh = await other.renewed(old)
    assert [await mine.renewed(old), await mine.current(), await other.renewed(old)] == [fresh] * 3
    assert platform.issued == 2


async def test_p04_many_refusals_of_the_same_token_fetch_one_new_one(floor: Floor, clock: ManualClock) -> None:
    platform = Platform()
    all_keepers = keepers(floor, platform, 5)
    old = await all_keepers[0].current()
    clock.advance(timedelta(minutes=1))
    got = await asyncio.gather(*(keeper.renewed(old) for keeper in all_keepers for _ in range(3)))
    assert set(got) == {"token-2"}
    assert platform.issued == 2


async def test_a_token_is_renewed_while_the_old_one_still_works(floor: Floor, clock: ManualClock) -> None:
    platform = Platform()
    (keeper,) = keepers(floor, platform, 1)
    await keeper.current()
    clock.advance(timedelta(hours=1, minutes=55))
    assert await keeper.current() == "token-1"
    clock.advance(timedelta(minutes=2))
    assert await keeper.current() == "token-2"


async def test_a_platform_that_gives_the_refused_token_again_is_not_asked_over_and_over(
    floor: Floor, clock: ManualClock
) -> None:
    platform = Platform()
    (keeper,) = keepers(floor, platform, 1)
    old = await keeper.current()
    platform.same = True
    with pytest.raises(Unavailable, match="token_refused"):
        await keeper.renewed(old)
    clock.advance(timedelta(minutes=1))
    assert await keeper.renewed(old) == old


async def test_a_failed_fetch_lets_the_next_one_try(floor: Floor) -> None:
    platform = Platform()
    platform.broken = True
    mine, other = keepers(floor, platform, 2)
    with pytest.raises(Unavailable):
        await mine.current()
    platform.broken = False
    assert await other.current() == "token-1"


async def test_a_process_that_died_while_fetching_is_waited_for_only_so_long(floor: Floor, clock: ManualClock) -> None:
    platform = Platform()
    began, never = asyncio.Event(), asyncio.Event()

    async def hang() -> FreshToken:
        began.set()
        await never.wait()
        raise AssertionError

    dead = TokenKeeper(floor.database, floor.vault, floor.clock, floor.bell, "wechat:a", hang)
    dying = asyncio.create_task(dead.current())
    (keeper,) = keepers(floor, platform, 1)
    await began.wait()
    dying.cancel()
    clock.advance(timedelta(seconds=16))
    assert await keeper.current() == "token-1"


async def test_the_token_lies_sealed_in_the_database(floor: Floor) -> None:
    await keepers(floor, Platform(), 1)[0].current()
    async with floor.database.reading() as tx:
        assert "token-1" not in await tx.scalar(select(token_table.c.sealed))


async def test_p04_a_token_spoilt_elsewhere_is_renewed_within_the_same_send(world: World) -> None:
    world.account.did(OPENID, "message")
    await world.tell(wechat_address(), "第一条")
    await world.drain()
    world.account.spoil_token()
    world.clock.advance(timedelta(minutes=1))
    told = await world.tell(wechat_address(), "第二条")
    await world.drain()
    assert [text for text, _ in world.phone()] == ["第一条", "第二条"]
    assert await world.state(told.id) == (OutState.SENT, "")
    assert world.account.tokens_issued == 2


async def test_a_wrong_secret_puts_messages_off_and_says_why(world: World) -> None:
    api = WeChatApi(world.wechat_url, APP_ID, f"not-{SECRET}")
    with pytest.raises(Unavailable, match="wechat_token") as caught:
        await api.stable_token()
    assert caught.value.data["errcode"] == 40125
    await api.stop()
