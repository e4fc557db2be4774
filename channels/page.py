"""One open chat page: greeted, heard, and told what went wrong."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
from aiohttp import WSCloseCode, WSMsgType
from sqlalchemy.exc import SQLAlchemyError

from channels.intake import Intake
from channels.model import PickedUp
from channels.push import Pusher
from channels.rules.frames import (
    FRAME_LIMIT,
    Ack,
    Bye,
    ClientFrame,
    Hello,
    Ping,
    Pong,
    Say,
    Seen,
    ServerFrame,
    Welcome,
    error_frame,
    read_frame,
    write_frame,
)
from channels.rules.pace import Pace
from channels.wire import Gone, Wire
from kernel.errors import Invalid, Unavailable
from kernel.mailbox import address_topic
from kernel.messages import Address
from kernel.room import Floor

log = structlog.get_logger()

SPAN = timedelta(seconds=10)


class ChatPage:
    """A page on its wire, from hello to its end."""

    def __init__(self, channel: PickedUp, floor: Floor, intake: Intake, wire: Wire) -> None:
        self._channel = channel
        self._floor = floor
        self._intake = intake
        self._wire = wire
        self._visitor: tuple[Address, Pusher] | None = None
        self._pushing: asyncio.Task[None] | None = None
        self._says = Pace(channel.rules.says_per_10_seconds, SPAN)
        self._frames = Pace(channel.rules.frames_per_10_seconds, SPAN)
        self._handlers: Mapping[type[ClientFrame], Callable[..., Awaitable[None]]] = {
            Hello: self._hello,
            Say: self._say,
            Seen: self._seen,
            Ping: self._ping,
        }

    async def serve(self) -> None:
        """Until the page goes or is shown out."""
        try:
            while await self._next():
                pass
        except Gone:
            self._wire.abort()
        finally:
            if self._visitor is not None and self._pushing is not None:
                self._visitor[1].stop()
                await self._pushing

    async def bye(self, after: float) -> None:
        """Tell the page to come back ``after`` seconds and close it; never raises."""
        with suppress(Gone):
            await self._tell(Bye(after))
        await self._wire.close(WSCloseCode.GOING_AWAY)

    async def _next(self) -> bool:
        """Take in one frame; False when it was the last."""
        wait = self._channel.rules.hello_seconds if self._visitor is None else None
        try:
            message = await self._wire.receive(wait)
        except TimeoutError:
            await self._wire.close(WSCloseCode.POLICY_VIOLATION)
            return False
        if message.type is WSMsgType.BINARY:
            await self._tell(error_frame("text_only"))
            return True
        if message.type is not WSMsgType.TEXT:
            return False
        if len(message.data) > FRAME_LIMIT:
            return await self._show_out("message_too_large", WSCloseCode.MESSAGE_TOO_BIG)
        if not self._frames.allows(self._floor.clock.now()):
            return await self._show_out("too_fast", WSCloseCode.POLICY_VIOLATION)
        await self._answer(message.data)
        return True

    async def _show_out(self, error: str, code: WSCloseCode) -> bool:
        await self._tell(error_frame(error))
        await self._wire.close(code)
        return False

    async def _answer(self, data: bytes) -> None:
        try:
            frame = read_frame(data)
            await self._handlers[type(frame)](frame)
        except Invalid as error:
            await self._tell(error_frame(error.fields.get("attachments", error.code)))
        except (Unavailable, SQLAlchemyError, OSError) as error:
            log.warning("chat.unavailable", kind=type(error).__name__)
            await self._tell(error_frame("try_again"))

    async def _hello(self, frame: Hello) -> None:
        if self._visitor is not None:
            raise Invalid(code="already_greeted")
        address, token = self._channel.visitor(frame.token)
        async with self._floor.database.reading() as tx:
            newest = await self._floor.mailbox.thread(tx, address, limit=1)
        seq = newest[-1].seq if newest else 0
        has = max(0, min(frame.after, seq))
        pusher = Pusher(self._channel, self._floor, self._wire, address, has)
        await pusher.confirm(has)
        self._visitor = address, pusher
        await self._tell(Welcome(token, seq))
        self._pushing = asyncio.create_task(pusher.run())

    async def _say(self, frame: Say) -> None:
        address, _ = self._greeted()
        if not self._says.allows(self._floor.clock.now()):
            raise Invalid(code="too_fast")
        async with self._floor.database.reading() as tx:
            files = await self._floor.attachments.known(tx, frame.attachments) if frame.attachments else ()
        message = self._channel.inbound(address, frame.id, frame.text, files, self._floor.clock.now())
        accepted = await self._intake.accept(message, numbered=True)
        await self._tell(Ack(frame.id, accepted.seq))
        # The visitor's other pages show it too.
        self._floor.bell.ring(address_topic(address))

    async def _seen(self, frame: Seen) -> None:
        _, pusher = self._greeted()
        await pusher.confirm(frame.seq)

    async def _ping(self, _frame: Ping) -> None:
        await self._tell(Pong())

    def _greeted(self) -> tuple[Address, Pusher]:
        if self._visitor is None:
            raise Invalid(code="hello_first")
        return self._visitor

    async def _tell(self, frame: ServerFrame) -> None:
        await self._wire.send(write_frame(frame))
