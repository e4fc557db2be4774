"""A little world for the channels: the room behind a real server, the platform's stand-in, a desk stepped by hand."""

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.room import Channels, build
from channels.sandbox.wechat import WeChatServer
from channels.sandbox.wechat_account import Account
from channels.sandbox.wechat_platform import Fields, Platform, Posted
from channels.sandbox.wechat_wire import Keys
from kernel.clock import ManualClock
from kernel.errors import HotlineError, Invalid, NotAllowed, NotFound, Unavailable
from kernel.ids import new_id
from kernel.mailbox import IN_TOPIC, OUT_TOPIC, Entry, Lane, OutState, reply_topic
from kernel.messages import Address, Author, Choice, Outbound
from kernel.people import GUEST, Scope
from kernel.room import Call, Floor, Route
from kernel.settings import ServerSettings, Settings

FIXTURES = Path(__file__).parent / "fixtures" / "wechat"
APP_ID = "wx5823bf96d3bd56c7"
SECRET = "secret-of-the-account"
TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
KEYS = Keys(APP_ID, TOKEN, AES_KEY)
OPENID = "oia2TjjewbmiOUlr6X-1crbLOvLw"
PUBLIC_URL = "https://hotline.example.gov.cn"
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
STATUS = {NotAllowed: 403, NotFound: 404, Invalid: 422, Unavailable: 503}


def wechat_section(**more: object) -> dict[str, object]:
    """``[channels.wechat]`` of the test account."""
    return {"app_id": APP_ID, "secret": SECRET, "token": TOKEN, "aes_key": AES_KEY, **more}


def with_channels(floor: Floor, **channels: Mapping[str, Any]) -> Floor:
    """The floor with these sections in its settings."""
    return replace(floor, settings=Settings(server=ServerSettings(public_url=PUBLIC_URL), channels=channels))


def wechat_address(user: str = OPENID) -> Address:
    """A citizen on the test account."""
    return Address("wechat", APP_ID, user)


def outbound(address: Address, text: str, at: datetime, **more: Any) -> Outbound:
    """A message of the bot."""
    values: dict[str, Any] = {"id": new_id(), "author": Author.BOT, **more}
    return Outbound(address=address, text=text, created_at=at, **values)


async def _answered(route: Route, request: web.Request) -> web.StreamResponse:
    """The host's part: the call, and errors as statuses."""
    call = Call(GUEST, Scope.OWN, dict(request.match_info), remote=request.remote or "")
    try:
        response = await route.handler(request, call)
    except HotlineError as error:
        status = next(number for kind, number in STATUS.items() if isinstance(error, kind))
        fields = error.fields if isinstance(error, Invalid) else {}
        return web.json_response({"code": error.code, "fields": fields}, status=status)
    assert isinstance(response, web.StreamResponse)
    return response


@asynccontextmanager
async def serving(channels: Channels, port: int | None = None) -> AsyncIterator[TestServer]:
    """The room's routes on a loopback port; everything is stopped at the end."""
    app = web.Application()
    for route in channels.room.routes:
        app.router.add_route(route.method, route.path, partial(_answered, route))
    server = TestServer(app, port=port)
    await server.start_server()
    try:
        yield server
    finally:
        for stop in channels.room.stopping:
            await stop()
        await server.close()


@dataclass(frozen=True, slots=True)
class World:
    """All of it."""

    floor: Floor
    clock: ManualClock
    channels: Channels
    server: TestServer
    platform: Platform
    wechat: WeChatServer
    wechat_url: str

    @property
    def account(self) -> Account:
        """The account as the platform keeps it."""
        return self.platform.account

    def hook_url(self, name: str = "wechat") -> str:
        """Where the platform posts to."""
        return str(self.server.make_url(f"/webhooks/{name}"))

    def phone(self, openid: str = OPENID) -> list[tuple[str, str]]:
        """What a citizen's phone shows, and how it came."""
        return [(shown.text, shown.how) for shown in self.account.citizens[openid].phone]

    async def claimed(self) -> Lane:
        """The lane the desk works on next; waits until there is one."""
        async with asyncio.timeout(10):
            with self.floor.bell.listen(IN_TOPIC) as ear:
                while True:
                    async with self.floor.database.transaction() as tx:
                        lane = await self.floor.mailbox.claim(tx, timedelta(minutes=1))
                    if lane is not None:
                        return lane
                    await ear.heard(5)

    async def answer(self, lane: Lane, *texts: str, choices: tuple[Choice, ...] = ()) -> list[str]:
        """The desk answers the lane's messages with ``texts`` and gives the lane back; the answers' ids."""
        mailbox = self.floor.mailbox
        ids = []
        async with self.floor.database.transaction() as tx:
            for message in lane.messages:
                for text in texts:
                    told = outbound(lane.address, text, self.clock.now(), reply_to=message.id, choices=choices)
                    await mailbox.put_out(tx, told)
                    ids.append(told.id)
                await mailbox.settle_in(tx, lane, message.id)
            await mailbox.release(tx, lane)
        return ids

    def pass_time(self, lane: Lane, seconds: float) -> None:
        """Move the clock and wake whoever waits for an answer."""
        self.clock.advance(timedelta(seconds=seconds))
        for message in lane.messages:
            self.floor.bell.ring(reply_topic(message.id))

    async def tell(self, address: Address, text: str, **more: Any) -> Outbound:
        """A message is put out."""
        told = outbound(address, text, self.clock.now(), **more)
        async with self.floor.database.transaction() as tx:
            await self.floor.mailbox.put_out(tx, told)
        return told

    async def thread(self, address: Address) -> list[Entry]:
        """The whole thread with ``address``."""
        async with self.floor.database.reading() as tx:
            return await self.floor.mailbox.thread(tx, address)

    async def state(self, message_id: str) -> tuple[OutState, str]:
        """Delivery state and reason of a message out."""
        async with self.floor.database.reading() as tx:
            return (await self.floor.mailbox.states(tx, [message_id]))[message_id]

    async def settled(self, message_id: str) -> tuple[OutState, str]:
        """The state of a message once nobody has it in hand any more."""
        async with asyncio.timeout(10):
            with self.floor.bell.listen(OUT_TOPIC) as ear:
                while (found := await self.state(message_id))[0] is OutState.SENDING:
                    await ear.heard(5)
        return found

    async def drain(self) -> None:
        """Let the delivery send all that is due."""
        while await self.channels.delivery.drain():
            pass

    def text(self, content: str, openid: str = OPENID) -> Fields:
        """A text message as the platform numbers it, not yet posted."""
        self.account.did(openid, "message")
        return self.platform.message(openid, "text", Content=content)

    async def post(self, fields: Fields) -> Posted:
        """The platform posts once."""
        return await self.platform.post(fields)


@asynccontextmanager
async def open_world(
    floor: Floor, clock: ManualClock, *, web: Mapping[str, Any] | None = None, patience: float = 5.0, **section: Any
) -> AsyncIterator[World]:
    """The world with these settings of the account; without passive answers unless asked for."""
    mode = section.get("mode", "safe")
    account = Account(APP_ID, SECRET, clock.now)
    platform = Platform(KEYS, account, "", clock.now, mode=mode, patience=patience)
    wechat = WeChatServer(platform)
    there = TestServer(wechat.app())
    await there.start_server()
    section = {"passive_seconds": 0, "api_url": str(there.make_url("/")), **section}
    floor = with_channels(floor, wechat=wechat_section(**section), web=web or {})
    channels = build(floor)
    try:
        async with serving(channels) as server:
            platform.move_to(str(server.make_url("/webhooks/wechat")))
            yield World(floor, clock, channels, server, platform, wechat, str(there.make_url("/")))
    finally:
        await platform.close()
        await there.close()
