"""Chromium at the pages of the running house: no page of a story may break its policy or fail aloud."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from playwright.async_api import Browser, Page, StorageState, expect

from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import Staff
from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse
from tests.web.conftest import browser as browser  # noqa: PLC0414 - fixtures of the pages' own tests, used here too
from tests.web.conftest import chromium as chromium  # noqa: PLC0414

DESK = (1366, 768)
PHONE = (390, 844)

SitDown = Callable[..., Awaitable[Hands]]

# What a browser writes into its console by itself, and says nothing of a fault: who is not signed in asks who they are.
EXPECTED = ("401 GET /api/v1/session",)
NOTE_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`policy: ${event.effectiveDirective} ${event.blockedURI} ${event.sample}`));
"""


@pytest.fixture(scope="session")
def signed_in() -> dict[str, StorageState]:
    """The cookies of whoever signed in before: the house lets one place sign in only so often."""
    return {}


@pytest.fixture
async def sit_down(house: RunningHouse, browser: Browser, signed_in: dict[str, StorageState]) -> AsyncIterator[SitDown]:
    """Sits somebody down at an address, signed in if a login is named; at the end no page may have complained."""
    people: list[Hands] = []

    async def sat(path: str, login: str = "", size: tuple[int, int] = DESK, *, anew: bool = False) -> Hands:
        known = None if anew else signed_in.get(login)
        context = await browser.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=house.url, locale="zh-CN", storage_state=known
        )
        context.set_default_timeout(40_000)
        await context.add_init_script(NOTE_VIOLATIONS)
        hands = Hands(await context.new_page())
        watch(hands.page, hands.faults)
        people.append(hands)
        if login and known is None:
            await hands.sign_in(login, path)
            signed_in[login] = await context.storage_state()
        else:
            await hands.page.goto(path)
        if login:
            await expect(hands.at(".line-state[data-state=open]")).to_be_attached()
        return hands

    yield sat
    for hands in people:
        await hands.page.context.close()
    assert [fault for hands in people for fault in hands.faults] == []


def watch(page: Page, faults: list[str]) -> None:
    """Note what goes wrong in a page: scripts that fail, refused calls, breaches of the policy."""
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on(
        "console",
        lambda said: (
            faults.append(f"{page.url}: {said.text}")
            if said.type == "error" and not said.text.startswith("Failed to load resource")
            else None
        ),
    )
    page.context.on(
        "response",
        lambda answer: note_refusal(answer.status, f"{answer.request.method} {path_of(answer.url)}", faults),
    )


def note_refusal(status: int, what: str, faults: list[str]) -> None:
    """An answer that says no, unless it is one that must be."""
    if status >= 400 and f"{status} {what}" not in EXPECTED:
        faults.append(f"{status} {what}")


def path_of(url: str) -> str:
    """The path of an address of ours."""
    return "/" + url.split("/", 3)[-1].partition("?")[0]


@pytest.fixture(scope="session")
async def staff(house: RunningHouse) -> AsyncIterator[Staff]:
    """Staff who bring tickets to where a page needs them."""
    async with Staff(house.url) as signed_in:
        yield signed_in


@pytest.fixture
async def writer(staff: Staff) -> AsyncIterator[Person]:
    """An agent who writes tickets down, and at the end takes no conversations any more."""
    person = await staff.of("agent")
    yield person
    await person.call("PUT", "/desk/presence", {"state": "offline"})
