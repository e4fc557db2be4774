"""The citizens' pages at their addresses, over prepared answers and a chat peer that keeps a thread."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer

from tests.web.conftest import POLICY, WEB

PAGES = {
    "/": "citizen/index.html",
    "/chat": "citizen/chat.html",
    "/track": "citizen/track.html",
    "/track/{link}": "citizen/track.html",
    "/guide": "citizen/guide.html",
    "/suggestions": "citizen/suggestions.html",
    "/my": "citizen/my.html",
}
AT = "2026-11-23T06:05:00Z"
SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}

Frame = dict[str, Any]


@dataclass
class Asked:
    """One call to the API."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class ChatPeer:
    """Keeps one thread as the web channel does: acknowledges what it kept, pushes what comes after ``hello``."""

    thread: list[Frame] = field(default_factory=list)
    hellos: list[Frame] = field(default_factory=list)
    said: list[Frame] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    keeps: bool = True
    sockets: list[web.WebSocketResponse] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """One page from hello to its end."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.sockets.append(socket)
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                await self._hear(socket, message.json())
                async with self.changed:
                    self.changed.notify_all()
        return socket

    async def _hear(self, socket: web.WebSocketResponse, frame: Frame) -> None:
        match frame["type"]:
            case "hello":
                self.hellos.append(frame)
                # The real one signs a new token for the same visitor at every greeting.
                token = f"visitor-{len(self.hellos)}"
                await socket.send_json({"type": "welcome", "token": token, "seq": len(self.thread)})
                for line in self.thread[frame["after"] :]:
                    await socket.send_json(line)
            case "say":
                self.said.append(frame)
                if self.refusals:
                    await socket.send_json({"type": "error", "code": self.refusals.pop(0), "text": "文字过长"})
                elif self.keeps:
                    await self._keep(socket, frame)
            case "seen":
                self.seen.append(frame["seq"])

    async def _keep(self, socket: web.WebSocketResponse, frame: Frame) -> None:
        known = [line["seq"] for line in self.thread if line["id"] == frame["id"]]
        seq = known[0] if known else await self.tell(frame["text"], author="citizen", id=frame["id"], own=True)
        await socket.send_json({"type": "ack", "id": frame["id"], "seq": seq})

    async def tell(self, text: str, **more: Any) -> int:
        """Add a line and push it to every open page; its number."""
        line = {
            "type": "message",
            "seq": len(self.thread) + 1,
            "id": f"line-{len(self.thread) + 1}",
            "author": "bot",
            "author_name": "",
            "text": text,
            "at": AT,
            "choices": [],
            "citations": [],
            "attachments": [],
            "link": "",
            "own": False,
        } | more
        self.thread.append(line)
        for socket in self.sockets:
            if not socket.closed:
                await socket.send_json(line)
        return len(self.thread)

    async def cut(self) -> None:
        """Cut every line."""
        for socket in self.sockets:
            await socket.close()
        self.sockets.clear()

    async def wait_for(self, reached: Callable[[], bool]) -> None:
        """Until what pages said makes ``reached`` true."""
        async with asyncio.timeout(20), self.changed:
            await self.changed.wait_for(reached)


@dataclass
class CitySite:
    """The pages' server: answers by "METHOD /path", and what it was asked."""

    url: str = ""
    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    chat: ChatPeer = field(default_factory=ChatPeer)

    async def api(self, request: web.Request) -> web.StreamResponse:
        """A prepared answer; ``(status, body)`` for a problem."""
        body: Any = await _body(request) if request.can_read_body else None
        self.asked.append(Asked(request.method, request.path, dict(request.headers), body))
        answer = self.answers.get(f"{request.method} {request.path}", (404, {"title": "没有找到相关内容"}))
        status, given = answer if isinstance(answer, tuple) else (200, answer)
        return web.json_response(given, status=status, headers=SHARED)

    def posted(self, path: str) -> list[Any]:
        """The bodies posted to ``path``."""
        return [call.body for call in self.asked if call.method == "POST" and call.path == path]


async def _body(request: web.Request) -> Any:
    if request.content_type == "application/json":
        return await request.json()
    return {name: getattr(value, "filename", value) for name, value in (await request.post()).items()}


async def _preflight(_request: web.Request) -> web.Response:
    return web.Response(status=204, headers=SHARED | {"Access-Control-Allow-Headers": "X-Visitor"})


def _page(name: str) -> Callable[[web.Request], Any]:
    async def show(_request: web.Request) -> web.FileResponse:
        return web.FileResponse(WEB / name, headers={"Content-Security-Policy": POLICY})

    return show


async def _file(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(WEB / request.match_info["name"], headers=SHARED)


SITE = {
    "GET /api/v1/site": {"city": "示例市", "demo": False, "districts": [{"code": "1", "name": "东区"}]},
    "GET /api/v1/knowledge/hot": {"items": [{"id": "permit", "title": "居住证到期怎么办理签注"}]},
    "GET /api/v1/suggestions": {"items": []},
}


@pytest.fixture
async def city() -> AsyncIterator[CitySite]:
    """The citizens' pages."""
    site = CitySite(answers=dict(SITE))
    app = web.Application()
    for path, name in PAGES.items():
        app.router.add_get(path, _page(name))
    app.router.add_get("/web/{name:.+}", _file)
    app.router.add_get("/api/v1/chat", site.chat.serve)
    app.router.add_route("OPTIONS", "/api/v1/chat/uploads", _preflight)
    app.router.add_route("*", "/api/v1/{rest:.*}", site.api)
    server = TestServer(app, host="127.0.0.1")
    # The page, and with it its line, outlives this server.
    await server.start_server(shutdown_timeout=0.1)
    site.url = str(server.make_url("")).rstrip("/")
    yield site
    await server.close()
