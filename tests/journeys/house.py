"""A real house in a process of its own, and the people who use it over HTTP."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import aiohttp

from hotline import commands
from kernel.settings import load_settings
from tests.once import Once

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "hotline-demo"
PATIENCE = 40.0


@dataclass(slots=True)
class RunningHouse:
    """`python -m hotline` with its own database, key and port."""

    folder: Path
    port: int
    role: str = "serve"
    environ: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    name: str = "house"
    demo: bool = True
    said_before: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        """Where its output goes: a file beside the database."""
        return self.folder / f"{self.name}.log"

    def start(self) -> None:
        """Start the process."""
        self.said_before = self.log.stat().st_size if self.log.exists() else 0
        self.process = self._launch(*(["--demo"] if self.demo else []), self.role)

    async def prepare(self) -> None:
        """Tables, the city and the demo's accounts, as ``--demo migrate`` and ``--demo seed`` make them."""
        settings = commands.demo_settings(load_settings(None, self._environ()))
        await commands.migrate_tables(settings)
        await commands.seed_city(settings)

    async def furnish(self, once: Once) -> None:
        """The same by copying what this run has prepared once; for a demo over the SQLite file in its own folder."""
        made = await once.made("house", lambda folder: RunningHouse(folder, self.port).prepare())
        shutil.copytree(made, self.folder, dirs_exist_ok=True)

    def _environ(self) -> Mapping[str, str]:
        return {
            **os.environ,
            "HOTLINE_DATABASE_URL": f"sqlite+aiosqlite:///{self.folder}/hotline.sqlite3",
            "HOTLINE_SECURITY_KEY_FILE": f"{self.folder}/keys/key",
            "HOTLINE_SERVER_PORT": str(self.port),
            "HOTLINE_SERVER_PUBLIC_URL": self.url,
            **self.environ,
        }

    def _launch(self, *arguments: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", "hotline", *arguments],
                cwd=ROOT,
                env=self._environ(),
                stdout=log,
                stderr=log,
            )

    async def ready(self) -> None:
        """Wait until it serves."""
        async with aiohttp.ClientSession() as session:
            deadline = asyncio.get_running_loop().time() + 300
            while asyncio.get_running_loop().time() < deadline:
                if self.process is not None and self.process.poll() is not None:
                    raise AssertionError(self.output())
                try:
                    async with session.get(f"{self.url}/readyz") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.1)
        raise AssertionError("not ready\n" + self.output())

    async def started(self) -> None:
        """Wait until it says that it has started: a worker serves no page. Its log level must be info or lower."""
        async with asyncio.timeout(90):
            while "house.started" not in self.said():
                if self.process is not None and self.process.poll() is not None:
                    raise AssertionError(self.output())
                await asyncio.sleep(0.1)

    @property
    def runs(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal."""
        if self.process is not None:
            self.process.send_signal(number)

    def kill(self) -> None:
        """kill -9."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        if self.process is None:
            return 0
        self.process.terminate()
        return self.process.wait(20)

    def output(self) -> str:
        """The newest of what it has logged."""
        return self.said()[-6000:]

    def said(self) -> str:
        """All it has logged since it was last started."""
        return self.log.read_bytes()[self.said_before :].decode()


class Browser:
    """One person's browser: cookies, the CSRF header, JSON."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Self:
        async with self.session.get(f"{self.url}/") as page:
            assert page.status == 200
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def call(self, method: str, path: str, body: object = None, *, expect: int | None = None) -> Any:
        """One call of the API; the decoded answer."""
        cookies = {cookie.key: cookie.value for cookie in self.session.cookie_jar}
        token = cookies.get("hotline_csrf", "")
        headers = {"X-CSRF-Token": token, "Origin": self.url, "Idempotency-Key": uuid.uuid4().hex}
        async with self.session.request(method, f"{self.url}/api/v1{path}", json=body, headers=headers) as answer:
            text = await answer.text()
            if expect is None:
                assert answer.status < 400, f"{method} {path}: {answer.status} {text}"
            else:
                assert answer.status == expect, f"{method} {path}: {answer.status} {text}"
            return json.loads(text) if text else None

    async def get(self, path: str, *, expect: int | None = None) -> Any:
        return await self.call("GET", path, expect=expect)

    async def post(self, path: str, body: object = None, *, expect: int | None = None) -> Any:
        return await self.call("POST", path, body if body is not None else {}, expect=expect)

    async def sign_in(self, login: str) -> Any:
        return await self.post("/session", {"login": login, "password": PASSWORD})

    async def watch(self, after: int | None = None) -> "Screen":
        """Open the live line, with ``after`` from the last position seen."""
        url = self.url.replace("http", "ws")
        socket = await self.session.ws_connect(f"{url}/api/v1/live", headers={"Origin": self.url})
        await socket.send_json({"type": "hello", "after": after})
        screen = Screen(socket)
        screen.position = (await screen.frame("welcome"))["position"]
        return screen


class Screen:
    """The live line of a member of staff."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.position = 0

    async def frame(self, kind: str) -> dict[str, Any]:
        """Read until a frame of ``kind`` comes."""
        async with asyncio.timeout(PATIENCE):
            while True:
                frame: dict[str, Any] = json.loads(await self.socket.receive_str())
                self.position = frame.get("position", self.position)
                if frame["type"] == kind:
                    return frame

    async def fact(self, kind: str, subject: str) -> dict[str, Any]:
        """Read until the fact comes."""
        while True:
            frame = await self.frame("fact")
            if (frame["kind"], frame["subject"]) == (kind, subject):
                return frame

    async def closed(self) -> int:
        """Read until the line ends; the code it was closed with."""
        async with asyncio.timeout(PATIENCE):
            while (await self.socket.receive()).type is aiohttp.WSMsgType.TEXT:
                pass
        return self.socket.close_code or 0


class Visitor:
    """A citizen at the web chat."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url.replace("http", "ws") + "/api/v1/chat"
        self.origin = url
        self.token = token
        self.messages: dict[int, dict[str, Any]] = {}
        self.acked: list[str] = []

    async def __aenter__(self) -> Self:
        self.session = aiohttp.ClientSession()
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def move_to(self, url: str) -> None:
        """Open the line at another process."""
        await self.socket.close()
        self.url, self.origin = url.replace("http", "ws") + "/api/v1/chat", url
        await self.connect()

    async def connect(self) -> None:
        """Open the line, again with what was seen last."""
        self.socket = await self.session.ws_connect(self.url, headers={"Origin": self.origin})
        await self.socket.send_json({"type": "hello", "token": self.token, "after": max(self.messages, default=0)})
        welcome = await self.frame("welcome")
        self.token = welcome["token"]

    async def frame(self, kind: str) -> dict[str, Any]:
        """Read until a frame of ``kind`` comes; messages on the way are kept."""
        async with asyncio.timeout(PATIENCE):
            while True:
                raw = await self.socket.receive_str()
                frame: dict[str, Any] = json.loads(raw)
                if frame["type"] == "message":
                    self.messages[frame["seq"]] = frame
                if frame["type"] == "ack":
                    self.acked.append(frame["id"])
                if frame["type"] == kind:
                    return frame

    async def say(self, text: str, attachments: list[str] | None = None, message_id: str | None = None) -> str:
        """Say something; returns once it is acknowledged."""
        message_id = message_id or str(uuid.uuid4())
        frame = {"type": "say", "id": message_id, "text": text, "attachments": attachments or []}
        await self.socket.send_json(frame)
        while message_id not in self.acked:
            await self.frame("ack")
        return message_id

    async def hear(self, part: str = "") -> dict[str, Any]:
        """The next message of somebody else that holds ``part``, also one that has come already."""
        heard = getattr(self, "_heard", 0)
        async with asyncio.timeout(PATIENCE):
            while True:
                for seq in sorted(self.messages):
                    message = self.messages[seq]
                    if seq > heard and not message["own"] and part in message["text"]:
                        self._heard = seq
                        return message
                await self.frame("message")

    async def ask(self, text: str, part: str = "") -> dict[str, Any]:
        """Say and hear."""
        await self.say(text)
        return await self.hear(part)
