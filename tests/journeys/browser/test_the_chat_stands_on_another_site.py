"""Another site's page embeds the chat: under that site's strict policy, against a house that names the site."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, expect

from tests.journeys.browser.conftest import NOTE_VIOLATIONS, watch
from tests.journeys.conftest import free_port
from tests.journeys.house import RunningHouse
from tests.once import Once

pytestmark = pytest.mark.browser


def embedding(house: str) -> web.Application:
    """A site that shows the chat and allows nothing but what it needs."""
    policy = (
        f"default-src 'none'; script-src {house}; img-src {house}; connect-src {house} {house.replace('http', 'ws')}"
    )
    page = (
        '<!doctype html><html lang="zh-CN"><title>另一个网站</title>'
        f'<script type="module" src="{house}/web/citizen/hotline-chat.js"></script>'
        f'<hotline-chat server="{house}"></hotline-chat></html>'
    )

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

    async def no_icon(_request: web.Request) -> web.Response:
        return web.Response(status=204)

    app = web.Application()
    app.router.add_get("/", show)
    app.router.add_get("/favicon.ico", no_icon)
    return app


@pytest.fixture(scope="module")
async def other_site(tmp_path_factory: pytest.TempPathFactory, once: Once) -> AsyncIterator[int]:
    """The port of a site that a house of its own names as one that may embed the chat."""
    port = free_port()
    origins = {"HOTLINE_CHANNELS_WEB_ORIGINS": f"http://127.0.0.1:{port}"}
    house = RunningHouse(tmp_path_factory.mktemp("embedded"), free_port(), environ=origins)
    await house.furnish(once)
    house.start()
    await house.ready()
    server = TestServer(embedding(house.url), host="127.0.0.1", port=port)
    await server.start_server()
    yield port
    await server.close()
    assert house.stop() == 0, house.output()


@pytest.fixture
async def visitor(browser: Browser) -> AsyncIterator[Page]:
    """An empty page."""
    context = await browser.new_context(locale="zh-CN")
    await context.add_init_script(NOTE_VIOLATIONS)
    yield await context.new_page()
    await context.close()


async def test_a_question_is_answered_on_a_site_the_house_names(visitor: Page, other_site: int) -> None:
    faults: list[str] = []
    watch(visitor, faults)
    await visitor.goto(f"http://127.0.0.1:{other_site}/")
    await visitor.locator("#say").fill("居住证怎么办理")
    await visitor.keyboard.press("Enter")
    await expect(visitor.locator(".msg--bot .msg__source")).to_contain_text("居住证")
    await visitor.reload()
    await expect(visitor.locator(".msg--own")).to_have_text("居住证怎么办理")
    assert faults == []


async def test_a_site_the_house_does_not_name_gets_no_line(visitor: Page, other_site: int) -> None:
    await visitor.goto(f"http://localhost:{other_site}/")
    await expect(visitor.locator(".state")).to_be_visible()
    await expect(visitor.locator(".msg--own")).to_have_count(0)
