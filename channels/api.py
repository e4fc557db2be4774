"""The room's routes: the platforms' calls and the web chat."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from aiohttp import web

from channels.chat import ChatApi
from channels.choosing import Choosing
from channels.delivery import Delivery
from channels.hearing import Hearing
from channels.intake import Accepted, Intake
from channels.model import HookAnswer, Hooked, HookReading, HookRequest, Refused, Sent
from channels.relaying import Relaying
from kernel.bell import Bell, Ear
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.mailbox import Mailbox, Posted, reply_topic
from kernel.messages import Inbound
from kernel.people import May
from kernel.room import Call, Route

log = structlog.get_logger()

LEASE = timedelta(seconds=30)


class HookApi:
    """Takes the platforms' calls: keeps the message, waits for its answer as long as the platform waits."""

    def __init__(
        self,
        channels: Mapping[str, Hooked],
        database: Database,
        mailbox: Mailbox,
        bell: Bell,
        clock: Clock,
        intake: Intake,
        choosing: Choosing,
        delivery: Delivery,
        hearing: Hearing,
        relaying: Relaying,
    ) -> None:
        self._channels = channels
        self._database = database
        self._mailbox = mailbox
        self._bell = bell
        self._clock = clock
        self._intake = intake
        self._choosing = choosing
        self._delivery = delivery
        self._hearing = hearing
        self._relaying = relaying

    async def receive(self, request: web.Request, call: Call) -> web.StreamResponse:
        """A platform's call, verified; 403 and nothing else to anything that is not genuine."""
        channel = self._channels.get(call.path["name"])
        if channel is None:
            raise NotFound("channel")
        try:
            body = await _body(request, channel.body_limit)
            reading = channel.read(_hook(request, body, self._clock.now()))
        except NotAllowed as error:
            log.warning("hook.refused", channel=channel.name, reason=error.data.get("reason"))
            return web.Response(status=403)
        except Invalid:
            log.warning("hook.too_large", channel=channel.name, size=request.content_length)
            return web.Response(status=413)
        if reading.ignored:
            log.info("hook.ignored", channel=channel.name, kind=reading.ignored)
        await self._hearing.hear(channel.name, reading)
        if reading.turn is not None:
            return _response(await self._relaying.turn(reading.turn, reading.answer))
        for message in reading.messages:
            posted = await self._take_in(request, reading, message)
            if posted is not None:
                return await self._answer(request, reading, posted)
        return _response(reading.answer)

    async def _take_in(self, request: web.Request, reading: HookReading, message: Inbound) -> Posted | None:
        message = await self._choosing.understood(message)
        if reading.passive is None or message.reply_by is None:
            await self._intake.accept(message)
            return None
        # The ear is open before the message is there to be answered, so that no ring falls between.
        with self._bell.listen(reply_topic(message.id)) as ear:
            accepted = await self._intake.accept(message)
            if accepted.fresh:
                return await self._reply(request, accepted, ear)
        # The platform calls again: the same wait is joined, until the deadline of the first call.
        with self._bell.listen(reply_topic(accepted.id)) as ear:
            return await self._take(accepted) or await self._reply(request, accepted, ear)

    async def _reply(self, request: web.Request, accepted: Accepted, ear: Ear) -> Posted | None:
        while (left := self._left(accepted)) > 0 and not _gone(request):
            # A ring can be lost between processes: at the end the table is looked at all the same.
            await ear.heard(left)
            # Who takes the answer must be able to deliver it.
            if not _gone(request) and (posted := await self._take(accepted)) is not None:
                return posted
        return None

    def _left(self, accepted: Accepted) -> float:
        """Seconds until the platform must have its answer."""
        return (accepted.reply_by - self._clock.now()).total_seconds() if accepted.reply_by is not None else 0.0

    async def _take(self, accepted: Accepted) -> Posted | None:
        async with self._database.transaction() as tx:
            return await self._mailbox.take_reply(tx, accepted.id, LEASE)

    async def _answer(self, request: web.Request, reading: HookReading, posted: Posted) -> web.StreamResponse:
        """The answer as the response to this very call, settled once it is written."""
        async with self._database.transaction() as tx:
            looping = bool(await self._delivery.looping(tx, [posted]))
        answer = reading.answer
        travels = False
        if reading.passive is not None and not looping:
            try:
                answer, travels = reading.passive(posted.message), True
            except Refused as error:
                log.info("hook.not_passive", message=posted.message.id, reason=error.code)
        response = _response(answer)
        if not await _written(request, response):
            await self._delivery.give_back(posted, "hook_gone")
        elif travels:
            await self._delivery.settle_sent(posted, Sent())
        else:
            await self._delivery.deliver(posted, looping=looping)
        return response


def _hook(request: web.Request, body: bytes, at: datetime) -> HookRequest:
    headers = {name.lower(): value for name, value in request.headers.items()}
    asked = request.rel_url.raw_query_string
    return HookRequest(request.method, dict(request.query), body, at, headers, asked)


async def _body(request: web.Request, limit: int) -> bytes:
    """The whole body; Invalid when it is longer than ``limit``."""
    if (request.content_length or 0) > limit:
        raise Invalid({"body": "too_large"})
    body = await request.content.read(limit + 1)
    while not request.content.at_eof() and len(body) <= limit:
        body += await request.content.read(limit + 1 - len(body))
    if len(body) > limit:
        raise Invalid({"body": "too_large"})
    return body


def _response(answer: HookAnswer) -> web.Response:
    return web.Response(body=answer.body, content_type=answer.media_type, charset="utf-8")


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()


async def _written(request: web.Request, response: web.Response) -> bool:
    """Write the response; False when the caller surely does not have it."""
    if _gone(request):
        return False
    try:
        await response.prepare(request)
        await response.write_eof()
    except (ConnectionError, asyncio.IncompleteReadError):
        return False
    return not _gone(request)


def routes(hooks: HookApi, chat: ChatApi) -> list[Route]:
    """What the host serves for this room."""
    return [
        Route("POST", "/webhooks/{name}", hooks.receive, May.CALL_HOOK, "平台推送", raw=True),
        Route("GET", "/webhooks/{name}", hooks.receive, May.CALL_HOOK, "平台接入验证", raw=True),
        Route("GET", "/api/v1/chat", chat.connect, May.CHAT, "网页会话（WebSocket）", raw=True),
        Route("POST", "/api/v1/chat/uploads", chat.upload, May.CHAT, "网页会话上传附件", raw=True, status=201),
    ]
