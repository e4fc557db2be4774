"""The stand-in keeps the platform's own rules, and keeps away from production."""

import asyncio
from datetime import timedelta

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.sandbox.wechat import main, platform_of
from channels.sandbox.wechat_account import Account
from channels.sandbox.wechat_platform import NOTICE, Platform
from channels.sandbox.wechat_wire import Unreadable, from_xml
from kernel.clock import ManualClock
from kernel.errors import NotAllowed
from kernel.settings import ServerSettings, Settings
from tests.channels.world import APP_ID, KEYS, OPENID, SECRET, World, wechat_section

HERE = "http://127.0.0.1:12346"


@pytest.fixture
def account(clock: ManualClock) -> Account:
    return Account(APP_ID, SECRET, clock.now)


def token_of(account: Account, *, force: bool = False) -> str:
    return str(account.stable_token(APP_ID, SECRET, force=force)["access_token"])


def test_a_stable_token_stays_the_same_until_its_last_five_minutes(account: Account, clock: ManualClock) -> None:
    first = token_of(account)
    clock.advance(timedelta(hours=1, minutes=54))
    assert token_of(account) == first
    clock.advance(timedelta(minutes=1))
    second = token_of(account)
    assert second != first
    assert account.knows_token(first)
    assert account.knows_token(second)
    clock.advance(timedelta(minutes=5))
    assert not account.knows_token(first)


def test_a_forced_token_ends_the_old_one_and_not_more_often_than_every_half_minute(
    account: Account, clock: ManualClock
) -> None:
    first = token_of(account)
    second = token_of(account, force=True)
    assert second != first
    assert not account.knows_token(first)
    assert token_of(account, force=True) == second
    clock.advance(timedelta(seconds=30))
    assert token_of(account, force=True) != second


def test_a_plain_token_is_a_new_one_every_time(account: Account) -> None:
    tokens = {str(account.plain_token(APP_ID, SECRET)["access_token"]) for _ in range(3)}
    assert len(tokens) == 3


@pytest.mark.parametrize(("app_id", "secret", "code"), [("wx0", SECRET, 40013), (APP_ID, "wrong", 40125)])
def test_only_the_account_gets_tokens(account: Account, app_id: str, secret: str, code: int) -> None:
    assert account.stable_token(app_id, secret)["errcode"] == code


@pytest.mark.parametrize(
    ("did", "messages", "lasts"),
    [
        ("message", 5, timedelta(hours=48)),
        ("subscribe", 3, timedelta(minutes=1)),
        ("CLICK", 3, timedelta(minutes=1)),
        ("SCAN", 3, timedelta(minutes=1)),
    ],
)
def test_what_a_citizen_does_opens_a_window_for_so_many_messages_and_so_long(
    account: Account, clock: ManualClock, did: str, messages: int, lasts: timedelta
) -> None:
    token = token_of(account)
    account.did(OPENID, did)
    answers = [account.custom_send(token, OPENID, "您好")["errcode"] for _ in range(messages + 1)]
    assert answers == [0] * messages + [45047]
    account.did(OPENID, did)
    clock.advance(lasts)
    assert account.custom_send(token_of(account), OPENID, "您好")["errcode"] == 45015


@pytest.mark.parametrize(("openid", "text", "code"), [("oNobody", "您好", 40003), (OPENID, "字" * 683, 45002)])
def test_what_the_platform_refuses_is_refused(account: Account, openid: str, text: str, code: int) -> None:
    account.did(OPENID, "message")
    assert account.custom_send(token_of(account), openid, text)["errcode"] == code
    assert account.custom_send("made up", openid, text)["errcode"] == 40001


def test_a_file_is_kept_for_three_days(account: Account, clock: ManualClock) -> None:
    media_id = account.keep_media(b"x", "image/png")
    assert account.media(token_of(account), media_id) == (b"x", "image/png")
    clock.advance(timedelta(days=3))
    gone = account.media(token_of(account), media_id)
    assert isinstance(gone, dict)
    assert gone["errcode"] == 40007


@pytest.mark.parametrize("mode", ["safe", "compatible", "plain"])
async def test_a_message_nobody_answers_is_posted_four_times_the_same_and_then_a_notice_is_shown(
    account: Account, clock: ManualClock, mode: str
) -> None:
    came: list[dict[str, str]] = []

    async def take(request: web.Request) -> web.Response:
        fields = from_xml(await request.text())
        came.append(from_xml(KEYS.decrypt(fields["Encrypt"])) if mode != "plain" else fields)
        return web.Response(status=500)

    app = web.Application()
    app.router.add_post("/hook", take)
    server = TestServer(app)
    await server.start_server()
    platform = Platform(KEYS, account, str(server.make_url("/hook")), clock.now, mode=mode)
    tried = await platform.says(OPENID, "有人吗")
    await platform.close()
    await server.close()
    assert [each.status for each in tried] == [500] * 4
    assert len({(each["MsgId"], each["Content"], each["FromUserName"]) for each in came}) == 1
    assert [shown.text for shown in account.citizens[OPENID].phone] == [NOTICE]


@pytest.mark.parametrize("body", ["{}", "<xml></xml>", "您好", "<xml><Encrypt>AAAA</Encrypt></xml>"])
async def test_an_answer_that_is_none_shows_the_citizen_that_the_account_is_out_of_order(
    account: Account, clock: ManualClock, body: str
) -> None:
    async def answer(_request: web.Request) -> web.Response:
        return web.Response(text=body)

    app = web.Application()
    app.router.add_post("/hook", answer)
    server = TestServer(app)
    await server.start_server()
    platform = Platform(KEYS, account, str(server.make_url("/hook")), clock.now)
    await platform.says(OPENID, "有人吗")
    await platform.close()
    await server.close()
    assert [shown.how for shown in account.citizens[OPENID].phone] == ["notice"]


@pytest.mark.parametrize("text", ["", "AAAA", "A" * 44, "!!!!"])
def test_what_is_not_ours_is_not_decrypted(text: str) -> None:
    with pytest.raises(Unreadable):
        KEYS.decrypt(text)


def test_it_speaks_for_the_account_of_the_settings(clock: ManualClock) -> None:
    settings = Settings(server=ServerSettings(demo=True), channels={"wechat": wechat_section(api_url=HERE)})
    assert platform_of(settings, clock.now).account.stable_token(APP_ID, SECRET)["expires_in"] == 7200


@pytest.mark.parametrize(
    ("demo", "api_url"),
    [(False, HERE), (True, "https://api.weixin.qq.com"), (True, "http://10.0.0.1:12346"), (True, "")],
)
def test_it_refuses_to_start_beside_a_production_configuration(demo: bool, api_url: str) -> None:
    settings = Settings(server=ServerSettings(demo=demo), channels={"wechat": wechat_section(api_url=api_url)})
    with pytest.raises(NotAllowed, match="sandbox_needs_demo"):
        main(settings)


async def test_its_page_lets_a_person_play_the_citizen(small_world: World) -> None:
    async with aiohttp.ClientSession(small_world.wechat_url) as session:
        async with session.get("/") as response:
            assert "微信模拟器" in await response.text()
        typing = asyncio.create_task(session.post(f"/citizen/{OPENID}/say", json={"text": "路灯坏了"}))
        await small_world.answer(await small_world.claimed(), "已登记。")
        assert (await (await typing).json())["status"] == 200
        await small_world.drain()
        async with session.get(f"/citizen/{OPENID}/phone?after=0") as response:
            assert [each["text"] for each in (await response.json())["messages"]] == ["已登记。"]
        async with session.post(f"/citizen/{OPENID}/event/subscribe") as response:
            assert (await response.json())["status"] == 200
        assert [each.event for each in (await small_world.claimed()).messages] == ["subscribe"]
