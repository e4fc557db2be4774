"""The socket of the live line: hello, welcome, facts, resync, ping and pong."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass

import msgspec
from aiohttp import WSMsgType, web

from hotline.live import Ended, LiveFeed, Screen
from kernel.people import May, Principal
from kernel.room import Call, Route

HELLO_WITHIN = 10.0
PING_EVERY = 25.0
SILENT_AFTER = 60.0
CLOSE_WITHIN = 5.0
FRAME_LIMIT = 4096
BAD_FRAME = 1007


@dataclass(frozen=True, slots=True)
class Hello:
    """The first frame of a screen: ``after`` is the last position it has seen, None when it comes new."""

    type: str
    after: int | None = None


class LiveApi:
    """Serves the sockets of the feed."""

    def __init__(self, feed: LiveFeed) -> None:
        self._feed = feed

    async def watch(self, request: web.Request, call: Call) -> web.StreamResponse:
        """One screen from hello to its end."""
        socket = web.WebSocketResponse(max_msg_size=FRAME_LIMIT, timeout=CLOSE_WITHIN)
        await socket.prepare(request)
        hello = await _hello(socket)
        if hello is None:
            await socket.close(code=BAD_FRAME)
            return socket
        screen, greeting = self._greet(call.principal, hello.after)
        try:
            await self._serve(socket, screen, greeting)
        finally:
            self._feed.leave(screen)
        await _close(request, socket, screen.code)
        return socket

    def _greet(self, principal: Principal, after: int | None) -> tuple[Screen, list[str]]:
        # Nothing may be awaited between reading the position and joining, or a fact could fall between.
        position = self._feed.position
        missed = () if after is None else self._feed.missed(after)
        greeting = [_frame(type="welcome", position=position)]
        if missed is None:
            greeting.append(_frame(type="resync", position=position))
        screen = Screen(principal, missed or ())
        self._feed.join(screen)
        return screen, [*greeting, *screen.missed]

    async def _serve(self, socket: web.WebSocketResponse, screen: Screen, greeting: list[str]) -> None:
        tasks = [
            asyncio.create_task(_send(socket, screen, greeting)),
            asyncio.create_task(_listen(socket, screen)),
            asyncio.create_task(screen.ended.wait()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


async def _send(socket: web.WebSocketResponse, screen: Screen, greeting: list[str]) -> None:
    for frame in greeting:
        await socket.send_str(frame)
    while True:
        try:
            frame = await asyncio.wait_for(screen.frames.get(), PING_EVERY)
        except TimeoutError:
            frame = _frame(type="ping")
        await socket.send_str(frame)


async def _hello(socket: web.WebSocketResponse) -> Hello | None:
    try:
        message = await socket.receive(HELLO_WITHIN)
        if message.type is not WSMsgType.TEXT:
            return None
        hello = msgspec.json.decode(message.data, type=Hello)
    except (TimeoutError, msgspec.DecodeError):
        return None
    return hello if hello.type == "hello" else None


async def _listen(socket: web.WebSocketResponse, screen: Screen) -> None:
    """Take in pongs; a screen that says nothing for a minute, or nothing but noise, is gone."""
    while True:
        try:
            message = await socket.receive(SILENT_AFTER)
        except TimeoutError:
            screen.end(Ended.SILENT)
            return
        if message.type is not WSMsgType.TEXT:
            return


async def _close(request: web.Request, socket: web.WebSocketResponse, code: int) -> None:
    if code == Ended.SLOW and request.transport is not None:
        # Its buffers are full: a close frame would wait behind them.
        request.transport.abort()
        return
    with suppress(ConnectionError):
        await socket.close(code=code or 1000)


def _frame(**fields: object) -> str:
    return msgspec.json.encode(fields).decode()


def routes(api: LiveApi) -> list[Route]:
    """The live line's route."""
    return [Route("GET", "/api/v1/live", api.watch, May.WATCH_LIVE, "实时动态（WebSocket）", raw=True)]
