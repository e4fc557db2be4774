"""One WebSocket that never blocks for long: a peer that does not read is cut off."""

import asyncio

from aiohttp import WSCloseCode, WSMessage, WSMsgType, web

CLOSE_WITHIN = 3.0


class Gone(Exception):  # noqa: N818 - says what is the case
    """The peer is gone, or reads too slowly to be kept."""


class Wire:
    """A socket with its transport; ``send_within`` seconds is how long the peer may take to read a frame."""

    def __init__(self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, send_within: float) -> None:
        self._socket = socket
        self._transport = transport
        self._send_within = send_within

    async def receive(self, wait: float | None) -> WSMessage:
        """The next frame; TimeoutError after ``wait`` seconds."""
        return await self._socket.receive(wait)

    async def send(self, data: bytes) -> None:
        """Send a text frame; Gone."""
        try:
            async with asyncio.timeout(self._send_within):
                await self._socket.send_frame(data, WSMsgType.TEXT)
        except (TimeoutError, ConnectionError, RuntimeError) as error:
            raise Gone from error

    async def close(self, code: WSCloseCode) -> None:
        """Close politely, or cut off a peer that does not let us."""
        try:
            async with asyncio.timeout(CLOSE_WITHIN):
                await self._socket.close(code=code)
        except (TimeoutError, ConnectionError, RuntimeError):
            self.abort()

    def abort(self) -> None:
        """Cut the line. The buffers of a slow reader are full: anything polite would wait behind them."""
        if self._transport is not None:
            self._transport.abort()
