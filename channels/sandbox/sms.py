"""A stand-in of Twilio: its REST interface of 2010-04-01 over loopback, and a page that shows everybody's phones.

For tests and for trying the channel without an account: ``python -m hotline sandbox sms``.
"""

import asyncio
import re
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import structlog
from aiohttp import web

from channels.sandbox.running import check_demo, host_of, served, until_stopped
from channels.sandbox.sms_platform import ANSWERS, AWAY, BUSY, DEAD, SmsPlatform
from kernel.settings import Settings

log = structlog.get_logger()

# What a demo's house and the stand-in agree on when nothing else is set; both are reachable from this machine only.
DEMO_SECTION: Mapping[str, str] = {
    "account_sid": "AC00000000000000000000000000000000",
    "auth_token": "sandbox",
    "sender": "+8610690012345",
    "signature": "【12345】",
    "relay_number": "+8675712345000",
    "api_url": "http://127.0.0.1:12347",
}

PAGE = Path(__file__).with_name("sms.html")
MOST = 1600
E164 = re.compile(r"\+[1-9]\d{6,14}")


class SmsServer:
    """The interface, and the phones. ``troubles``: what goes wrong with the next calls, each the platform's code with
    its HTTP status and seconds to wait; ``hang_up`` takes the next one and closes the line, ``reports`` tells at once
    what became of each text."""

    def __init__(self, platform: SmsPlatform, *, reports: bool = True, rings: bool = True) -> None:
        self.platform = platform
        self.troubles: list[tuple[int, int, int]] = []
        self.hang_up = False
        self.url = ""
        self._reports = reports
        self._rings = rings
        self._tasks: set[asyncio.Task[object]] = set()

    def app(self) -> web.Application:
        """What is served."""
        account = f"/2010-04-01/Accounts/{self.platform.account}"
        app = web.Application(middlewares=[self._signed_in])
        app.router.add_post(f"{account}/Messages.json", self._send)
        app.router.add_get(f"{account}/Messages.json", self._list)
        app.router.add_post(f"{account}/Calls.json", self._call)
        app.router.add_get("/", self._page)
        app.router.add_get("/phones", self._phones)
        app.router.add_post("/phones/{number}/say", self._say)
        app.router.add_post("/phones/{number}/answers", self._answers)
        return app

    async def settle(self) -> None:
        """Wait for the calls and reports that are under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks)

    @web.middleware
    async def _signed_in(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        if request.path.startswith("/2010-04-01/"):
            given = request.headers.get("Authorization", "")
            wanted = aiohttp.encode_basic_auth(self.platform.account, self.platform.token)
            if given != wanted:
                return _error(20003, "Authenticate", 401)
        answer: web.StreamResponse = await handler(request)
        return answer

    async def _send(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        to, body = str(form.get("To", "")), str(form.get("Body", ""))
        sender = str(form.get("From", form.get("MessagingServiceSid", "")))
        if self.troubles:
            code, status, after = self.troubles.pop(0)
            return _error(code, "trouble", status, after)
        wrong = (
            (21603, not sender),
            (21602, not body),
            (21211, not E164.fullmatch(to)),
            (21617, len(body) > MOST),
            (21610, self.platform.phone(to).stopped),
        )
        if code := next((code for code, is_so in wrong if is_so), 0):
            return _error(code, "error", 400)
        text = self.platform.take(to, sender, body, str(form.get("StatusCallback", "")))
        if self.hang_up and request.transport is not None:
            self.hang_up = False
            request.transport.abort()
        elif self._reports and text.callback:
            self._later(self.platform.report(text, "delivered"))
        return web.json_response(text.listed(), status=201)

    async def _list(self, request: web.Request) -> web.Response:
        if self.troubles:
            code, status, after = self.troubles.pop(0)
            return _error(code, "trouble", status, after)
        to = request.query.get("To", "")
        found = [text.listed() for text in self.platform.all_texts() if text.to == to]
        return web.json_response({"messages": found, "page": 0, "next_page_uri": None})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()
        to, from_ = str(form.get("To", "")), str(form.get("From", ""))
        if self.troubles:
            code, status, after = self.troubles.pop(0)
            return _error(code, "trouble", status, after)
        if not E164.fullmatch(to):
            return _error(21211, "Invalid 'To' Phone Number", 400)
        call = self.platform.ring(to, from_, str(form.get("Url", "")), str(form.get("StatusCallback", "")))
        if self._rings:
            self._later(self.platform.play(call))
        return web.json_response({"sid": call.sid, "status": "queued", "to": to, "from": from_}, status=201)

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    # -- the phones -------------------------------------------------------------------------------------

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text("utf-8"), content_type="text/html")

    async def _phones(self, _request: web.Request) -> web.Response:
        shown = [
            {
                "number": number,
                "answers": phone.answers,
                "calls": len(phone.saw),
                "texts": [{"body": text.body, "own": text.own, "status": text.status} for text in phone.texts],
            }
            for number, phone in self.platform.phones.items()
        ]
        return web.json_response({"phones": shown})

    async def _say(self, request: web.Request) -> web.Response:
        number, asked = request.match_info["number"], await request.json()
        status, _ = await self.platform.says(number, str(asked.get("to", "")), str(asked["text"]))
        return web.json_response({"status": status})

    async def _answers(self, request: web.Request) -> web.Response:
        answers = str((await request.json())["answers"])
        if answers not in {ANSWERS, BUSY, AWAY, DEAD}:
            return web.Response(status=400)
        self.platform.phone(request.match_info["number"]).answers = answers
        return web.json_response({})


def _error(code: int, message: str, status: int, after: int = 0) -> web.Response:
    body = {"code": code, "message": message, "more_info": f"https://www.twilio.com/docs/errors/{code}"}
    headers = {"Retry-After": str(after)} if after else {}
    return web.json_response(body | {"status": status}, status=status, headers=headers)


def platform_of(settings: Settings, now: Callable[[], datetime]) -> SmsPlatform:
    """The stand-in for the account of ``[channels.sms]``; NotAllowed("sandbox_needs_demo") beside anything that is not
    a demo of this machine: it holds the account's password and lets anybody write from any number."""
    section: Mapping[str, Any] = settings.channels.get("sms", {})
    check_demo(settings, [host_of(section.get("api_url", ""))])
    hook = f"{settings.server.public_url.rstrip('/')}/webhooks/sms"
    return SmsPlatform(str(section["account_sid"]), str(section["auth_token"]), hook, now)


async def serve(settings: Settings) -> None:
    """Run the stand-in at the address of ``api_url`` until cancelled."""
    platform = platform_of(settings, lambda: datetime.now(UTC))
    beside = AsyncExitStack()
    beside.push_async_callback(platform.close)
    await served(SmsServer(platform).app(), settings.channels["sms"]["api_url"], "短信与电话平台", beside)


def main(settings: Settings) -> None:
    """Run the stand-in until Ctrl+C."""
    until_stopped(serve(settings), "sms")
