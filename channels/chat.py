"""The web chat over HTTP: a page connects by WebSocket and uploads files."""

from dataclasses import dataclass

import msgspec
from aiohttp import BodyPartReader, web

from channels.hub import Hub
from channels.intake import Intake
from channels.model import PickedUp
from channels.page import ChatPage
from channels.rules.frames import AttachmentFrame
from channels.wire import Wire
from kernel.attachments import MAX_BYTES, check_file
from kernel.errors import Invalid
from kernel.room import Call, Floor

# Larger frames than the page's limit are read, so that the page can be told; not beyond this.
FRAME_CEILING = 1_310_720
PING_SECONDS = 30.0
CLOSE_SECONDS = 2.0
VISITOR = "X-Visitor"


@dataclass(frozen=True, slots=True)
class Chat:
    """What every open page works with."""

    channel: PickedUp
    floor: Floor
    intake: Intake
    hub: Hub


class ChatApi:
    """Serves the chat's pages. Where they come from is checked by the host, who they are by their token."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat

    async def connect(self, request: web.Request, call: Call) -> web.StreamResponse:
        """One page from hello to its end."""
        if self._chat.hub.closing:
            return web.Response(status=503, headers={"Retry-After": "5"})
        socket = web.WebSocketResponse(
            heartbeat=PING_SECONDS,
            max_msg_size=FRAME_CEILING,
            compress=False,
            timeout=CLOSE_SECONDS,
            decode_text=False,
        )
        if not socket.can_prepare(request):
            return web.Response(status=426, headers={"Upgrade": "websocket"})
        await socket.prepare(request)
        chat = self._chat
        wire = Wire(socket, request.transport, chat.channel.rules.send_seconds)
        page = ChatPage(chat.channel, chat.floor, chat.intake, wire)
        with chat.hub.holding(page):
            await page.serve()
        return socket

    async def upload(self, request: web.Request, call: Call) -> web.StreamResponse:
        """Keep a file of the visitor named by the token in X-Visitor; gives what a frame needs to name it."""
        self._chat.channel.address_of(request.headers.get(VISITOR, ""))
        name, data = await _file(request)
        file = await check_file(name, data)
        floor = self._chat.floor
        async with floor.database.transaction() as tx:
            stored = await floor.attachments.keep(tx, file)
        frame = AttachmentFrame(stored.id, floor.attachments.url(stored), stored.media, stored.name)
        body = msgspec.json.encode(frame)
        return web.Response(status=201, body=body, content_type="application/json")


async def _file(request: web.Request) -> tuple[str, bytes]:
    """The first file of a multipart body; Invalid."""
    if request.content_type != "multipart/form-data":
        raise Invalid({"file": "missing"})
    try:
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader):
            raise Invalid({"file": "missing"})
        data = bytearray()
        while chunk := await part.read_chunk():
            data += chunk
            if len(data) > MAX_BYTES:
                raise Invalid({"file": "file_too_large"}, limit=MAX_BYTES)
    except ValueError as error:
        raise Invalid({"file": "missing"}) from error
    return part.filename or "", bytes(data)
