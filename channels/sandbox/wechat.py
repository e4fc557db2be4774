"""A stand-in of the WeChat platform: posts what citizens do as WeChat does, and answers the account's calls.

For tests and for trying the channel without an account: ``python -m hotline sandbox wechat``.
"""

from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import structlog
from aiohttp import web

from channels.sandbox.running import check_demo, host_of, served, until_stopped
from channels.sandbox.wechat_account import Account, failed
from channels.sandbox.wechat_platform import KINDS, Platform
from channels.sandbox.wechat_wire import Keys
from kernel.settings import Settings

log = structlog.get_logger()

# What a demo's house and the stand-in agree on when nothing else is set; both are reachable from this machine only.
DEMO_SECTION: Mapping[str, str] = {
    "app_id": "wxsandbox12345",
    "secret": "sandbox",
    "token": "sandbox",
    "aes_key": "c2FuZGJveC1zYW5kYm94LXNhbmRib3gtc2FuZGJveCE",
    "api_url": "http://127.0.0.1:12346",
}

PAGE = Path(__file__).with_name("wechat.html")
SERVER_ERRORS = range(500, 600)


class WeChatServer:
    """The interfaces under /cgi-bin, and a page to play the citizen. ``troubles``: what goes wrong with the next
    calls, each a platform code, an HTTP status, or 0 for a line that breaks. ``videos_by_address``: a video comes as an
    address to fetch it from, as the platform documents it; it also sends the video itself."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.troubles: list[int] = []
        self.videos_by_address = False
        self._account = platform.account

    def app(self) -> web.Application:
        """What is served."""
        app = web.Application()
        app.router.add_post("/cgi-bin/stable_token", self._stable_token)
        app.router.add_get("/cgi-bin/token", self._plain_token)
        app.router.add_post("/cgi-bin/message/custom/send", self._custom_send)
        app.router.add_get("/cgi-bin/media/get", self._media)
        app.router.add_get("/video", self._video)
        app.router.add_get("/", self._page)
        app.router.add_post("/citizen/{openid}/say", self._say)
        app.router.add_post("/citizen/{openid}/file", self._send_file)
        app.router.add_post("/citizen/{openid}/event/{event}", self._do_event)
        app.router.add_get("/citizen/{openid}/phone", self._phone)
        return app

    async def _stable_token(self, request: web.Request) -> web.Response:
        asked = await request.json()
        force = bool(asked.get("force_refresh"))
        return _json(self._account.stable_token(asked.get("appid", ""), asked.get("secret", ""), force=force))

    async def _plain_token(self, request: web.Request) -> web.Response:
        return _json(self._account.plain_token(request.query.get("appid", ""), request.query.get("secret", "")))

    async def _custom_send(self, request: web.Request) -> web.Response:
        raw = await request.read()
        if self.troubles:
            return await self._trouble(request)
        asked = msgspec.json.decode(raw)
        if b"\\u" in raw:
            return _json(failed(40033))
        token = request.query.get("access_token", "")
        return _json(self._account.custom_send(token, asked["touser"], asked["text"]["content"]))

    async def _media(self, request: web.Request) -> web.Response:
        if self.troubles:
            return await self._trouble(request)
        found = self._account.media(request.query.get("access_token", ""), request.query.get("media_id", ""))
        if isinstance(found, dict):
            return _json(found)
        data, media_type = found
        if self.videos_by_address and media_type.startswith("video/"):
            return _json({"video_url": str(request.url.with_path("/video").with_query(id=request.query["media_id"]))})
        return web.Response(
            body=data, content_type=media_type, headers={"Content-Disposition": 'attachment; filename="MEDIA_ID"'}
        )

    async def _video(self, request: web.Request) -> web.Response:
        found = self._account.video(request.query.get("id", ""))
        return web.Response(status=404) if not found else web.Response(body=found, content_type="video/mp4")

    async def _trouble(self, request: web.Request) -> web.Response:
        code = self.troubles.pop(0)
        if code == 0 and request.transport is not None:
            request.transport.abort()
        return web.Response(status=code) if code in SERVER_ERRORS else _json(failed(code))

    # -- the page ---------------------------------------------------------------------------------------

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text("utf-8"), content_type="text/html")

    async def _say(self, request: web.Request) -> web.Response:
        posted = await self.platform.says(request.match_info["openid"], (await request.json())["text"])
        return _json({"tries": len(posted), "status": posted[-1].status})

    async def _send_file(self, request: web.Request) -> web.Response:
        if request.content_type not in KINDS:
            return web.Response(status=415)
        posted = await self.platform.sends_file(
            request.match_info["openid"], await request.read(), request.content_type
        )
        return _json({"tries": len(posted), "status": posted[-1].status})

    async def _do_event(self, request: web.Request) -> web.Response:
        posted = await self.platform.happens(
            self.platform.event(request.match_info["openid"], request.match_info["event"])
        )
        return _json({"tries": len(posted), "status": posted[-1].status})

    async def _phone(self, request: web.Request) -> web.Response:
        citizen = self._account.citizens.get(request.match_info["openid"])
        after = int(request.query.get("after", "0"))
        return _json({"messages": citizen.phone[after:] if citizen else []})


def _json(answer: object) -> web.Response:
    return web.Response(body=msgspec.json.encode(answer), content_type="application/json")


def platform_of(settings: Settings, now: Callable[[], datetime]) -> Platform:
    """The stand-in for the account of ``[channels.wechat]``.

    NotAllowed("sandbox_needs_demo") beside anything that is not a demo of this machine.
    """
    section: Mapping[str, Any] = settings.channels.get("wechat", {})
    check_demo(settings, [host_of(section.get("api_url", ""))])
    keys = Keys(str(section["app_id"]), str(section["token"]), str(section.get("aes_key", "")))
    account = Account(keys.app_id, str(section["secret"]), now)
    hook = f"{settings.server.public_url.rstrip('/')}/webhooks/wechat"
    return Platform(keys, account, hook, now, mode=str(section.get("mode", "safe")))


async def serve(settings: Settings) -> None:
    """Run the stand-in at the address of ``api_url`` until cancelled."""
    platform = platform_of(settings, lambda: datetime.now(UTC))
    beside = AsyncExitStack()
    beside.push_async_callback(platform.close)
    await served(WeChatServer(platform).app(), settings.channels["wechat"]["api_url"], "微信平台", beside)


def main(settings: Settings) -> None:
    """Run the stand-in until Ctrl+C."""
    until_stopped(serve(settings), "wechat")
