"""The staff's pages in a browser, over a real house of their own."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, StorageState

from tests.journeys.conftest import free_port
from tests.journeys.house import PASSWORD, RunningHouse
from tests.journeys.house import Browser as Person
from tests.once import Once
from tests.web.conftest import NOTE_VIOLATIONS

PHONE = (390, 844)
DESK = (1366, 768)

Enter = Callable[..., Awaitable[Page]]

# Officers can choose WeCom; the platform does not answer.
WECOM_AWAY = {
    "HOTLINE_CHANNELS_WECOM_CORP_ID": "ww1",
    "HOTLINE_CHANNELS_WECOM_SECRET": "s",
    "HOTLINE_CHANNELS_WECOM_AGENT_ID": "1000002",
    "HOTLINE_CHANNELS_WECOM_API_URL": "http://127.0.0.1:1",
}
# Every answer of the bot is drawn to be judged.
DRAWN = {"HOTLINE_ANALYTICS_BOT_SAMPLE_SHARE": "1"}


@pytest.fixture(scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory, once: Once) -> AsyncIterator[RunningHouse]:
    """One house for the pages; every test brings its own tickets."""
    running = RunningHouse(tmp_path_factory.mktemp("pages"), free_port(), environ=WECOM_AWAY | DRAWN)
    await running.furnish(once)
    running.start()
    await running.ready()
    yield running
    assert running.stop() == 0, running.output()


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of whoever signed in before: the house lets one place sign in only so often."""
    return {}


@pytest.fixture
async def visit(house: RunningHouse, browser: Browser) -> AsyncIterator[Enter]:
    """Opens an address of the house in a window of a size, with nobody signed in unless cookies are given."""
    contexts = []

    async def opened(path: str, size: tuple[int, int] = DESK, cookies: StorageState | None = None) -> Page:
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=house.url, storage_state=cookies
        )
        contexts.append(context)
        await context.add_init_script(NOTE_VIOLATIONS)
        page = await context.new_page()
        await page.goto(path)
        return page

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
def enter(visit: Enter, signed_in: dict[str, StorageState]) -> Enter:
    """Opens a page as somebody of the demo, who signs in there the first time or when it is to be ``anew``."""

    async def entered(login: str, path: str, size: tuple[int, int] = DESK, *, anew: bool = False) -> Page:
        if login in signed_in and not anew:
            return await visit(path, size, signed_in[login])
        page = await visit(path, size)
        await page.fill("#login", login)
        await page.fill("#password", PASSWORD)
        await page.click("form .btn--primary")
        await page.wait_for_url(f"**{path}")
        signed_in[login] = await page.context.storage_state()
        return page

    return entered


@pytest.fixture(scope="session")
async def agent(house: RunningHouse) -> AsyncIterator[Person]:
    """An agent who writes tickets down."""
    async with Person(house.url) as person:
        await person.sign_in("agent")
        yield person
