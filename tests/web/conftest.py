"""A browser, and a small server that serves web/ under the strict policy and notes what it is asked."""

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from aiohttp import WSCloseCode, WSMsgType, web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

WEB = Path(__file__).parents[2] / "web"
# Debian's shell without windows takes a quarter of the processor time of the whole browser.
SHELL, WHOLE = Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium")
CHROMIUM = Path(os.environ.get("HOTLINE_TEST_CHROMIUM", SHELL if SHELL.exists() else WHOLE))
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; "
    "connect-src 'self' ws://127.0.0.1:*; base-uri 'none'; form-action 'self'"
)
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


@dataclass
class Recorder:
    """What the browser asked, and what it will be answered."""

    asked: list[tuple[str, str, dict[str, str], str]] = field(default_factory=list)
    answers: list[web.Response] = field(default_factory=list)
    hellos: list[object] = field(default_factory=list)
    frames: list[list[dict[str, object]]] = field(default_factory=list)
    close_code: int = 0
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    async def api(self, request: web.Request) -> web.StreamResponse:
        """Notes a call and gives the next prepared answer."""
        self.asked.append((request.method, request.path_qs, dict(request.headers), await request.text()))
        return self.answers.pop(0) if self.answers else web.json_response({})

    async def live(self, request: web.Request) -> web.StreamResponse:
        """Sends the prepared frames after the greeting, then closes unless they were the last."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.hellos.append(await socket.receive_json())
        for frame in self.frames.pop(0) if self.frames else []:
            await socket.send_json(frame)
        if self.frames or self.close_code:
            await socket.close(code=self.close_code or WSCloseCode.OK)
            return socket
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                self.hellos.append(message.json())
        self.ended.set()
        return socket


@pytest.fixture
def recorder() -> Recorder:
    """What the pages' server was asked."""
    return Recorder()


@pytest.fixture
async def site(recorder: Recorder) -> AsyncIterator[str]:
    """The address web/ is served at."""
    app = web.Application()

    async def add_policy(_: web.Request, answer: web.StreamResponse) -> None:
        answer.headers["Content-Security-Policy"] = POLICY

    app.on_response_prepare.append(add_policy)
    app.router.add_get("/api/v1/live", recorder.live)
    app.router.add_route("*", "/api/v1/{rest:.*}", recorder.api)
    app.router.add_static("/static", WEB)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield str(server.make_url("/static")).rstrip("/")
    await server.close()


@pytest.fixture(scope="session")
def chromium() -> Path:
    """Chromium of the system; skipped without one, a failure in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("HOTLINE_CI"):
            pytest.fail(f"Chromium is needed here: {CHROMIUM}")
        pytest.skip("no Chromium: apt install chromium-headless-shell")
    return CHROMIUM


@pytest.fixture(scope="session")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One browser for all tests."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
        )
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    """An empty page that notes every breach of the policy."""
    context = await browser.new_context(viewport={"width": 1366, "height": 768}, timezone_id="America/New_York")
    await context.add_init_script(NOTE_VIOLATIONS)
    yield await context.new_page()
    await context.close()
