"""The main story over encrypted WeChat posts: question, ticket, the unit's reply on the citizen's phone."""

import asyncio
import base64
import re
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from aiohttp import web

from channels.sandbox.wechat import WeChatServer
from channels.sandbox.wechat_account import Account
from channels.sandbox.wechat_platform import Platform
from channels.sandbox.wechat_wire import Keys
from tests.journeys.conftest import free_port
from tests.journeys.house import Browser, RunningHouse
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import CONTACTED, REPLY, RESULT, act
from tests.once import Once


@dataclass
class WeChatWorld:
    """A house with an official account, and the platform's stand-in."""

    house: RunningHouse
    platform: Platform

    async def says(self, openid: str, text: str) -> str:
        """The citizen writes; the next thing on their phone."""
        phone = self.platform.account.citizens.get(openid)
        before = len(phone.phone) if phone else 0
        posted = await self.platform.says(openid, text)
        assert posted[-1].status == 200
        return await self.sees(openid, before)

    async def sees(self, openid: str, before: int, part: str = "") -> str:
        """What appears on the phone after its first ``before`` messages."""
        async with asyncio.timeout(20):
            while True:
                for shown in self.platform.account.citizens[openid].phone[before:]:
                    if part in shown.text:
                        return shown.text
                await asyncio.sleep(0.05)


@pytest.fixture(scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory, once: Once) -> AsyncIterator[WeChatWorld]:
    platform_port, house_port = free_port(), free_port()
    keys = Keys("wxjourney", "journey-token", base64.b64encode(secrets.token_bytes(32)).decode()[:43])
    environ = {
        "HOTLINE_CHANNELS_WECHAT_APP_ID": keys.app_id,
        "HOTLINE_CHANNELS_WECHAT_SECRET": "journey-secret",
        "HOTLINE_CHANNELS_WECHAT_TOKEN": keys.token,
        "HOTLINE_CHANNELS_WECHAT_AES_KEY": keys.aes_key,
        "HOTLINE_CHANNELS_WECHAT_API_URL": f"http://127.0.0.1:{platform_port}",
    }
    house = RunningHouse(tmp_path_factory.mktemp("wechat"), house_port, environ=environ)

    def now() -> datetime:
        return datetime.now(UTC)

    account = Account(keys.app_id, "journey-secret", now)
    platform = Platform(keys, account, f"{house.url}/webhooks/wechat", now, mode="safe")
    runner = web.AppRunner(WeChatServer(platform).app(), access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", platform_port).start()
    await house.furnish(once)
    house.start()
    await house.ready()
    yield WeChatWorld(house, platform)
    await platform.close()
    await runner.cleanup()
    assert house.stop() == 0, house.output()


async def test_a_question_over_wechat_is_answered_within_the_same_post(world: WeChatWorld) -> None:
    text = await world.says("citizen-question", "居住证怎么办理")
    assert "居住证" in text
    assert world.platform.account.citizens["citizen-question"].phone[0].how == "passive"


async def test_a_complaint_over_wechat_is_answered_by_the_unit(world: WeChatWorld) -> None:
    openid = "citizen-lamp"
    said = {"地点": "禅城区祖庙街道同济路", "哪里": "禅城区祖庙街道同济路", "时": "昨晚八点", "电话": "13800138001"}
    text = await world.says(openid, "祖庙街道同济路的路灯坏了三天，晚上黑漆漆很危险，请派人来修")
    for _ in range(8):
        found = re.search(r"[A-Z]{2}\d{6,}\d", text)
        if found:
            break
        answer = "确认提交" if "确认提交" in text else next((v for k, v in said.items() if k in text), "确认提交")
        text = await world.says(openid, answer)
    assert found, text
    number = found.group()
    async with Browser(world.house.url) as dispatcher:
        await dispatcher.sign_in("dispatcher")
        unit = (await dispatcher.get(f"/tickets/{number}"))["unit"]
    before = len(world.platform.account.citizens[openid].phone)
    async with Browser(world.house.url) as officer:
        await officer.sign_in(unit.lower())
        await act(officer, number, "accept", {})
        await act(officer, number, "start", CONTACTED)
        await act(officer, number, "submit_result", RESULT)
    async with Browser(world.house.url) as reviewer:
        await reviewer.sign_in("reviewer")
        await act(reviewer, number, "release", REPLY)
    reply = await world.sees(openid, before, "更换灯泡")
    assert number in reply or "/track/" in reply
