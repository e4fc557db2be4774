"""Every page anybody can reach: as wide as the screen, every link alive, nothing refused by the policy."""

import pytest
from playwright.async_api import Page, expect

from tests.journeys.browser.conftest import DESK, PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import LAMP, UNSURE, Staff, unit_of, worked_on, written_down
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

# Every link of the page, also those inside of components, with the menus open.
LINKS = """async () => {
  for (const button of document.querySelectorAll(".menu > .btn")) {
    button.click();
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  const links = [], look = (root) => {
    for (const one of root.querySelectorAll("*")) {
      if (one.matches("a[href]")) links.push(one.getAttribute("href"));
      if (one.shadowRoot) look(one.shadowRoot);
    }
  };
  look(document);
  return links;
}"""
ELSEWHERE = ("tel:", "https://", "#")


async def settled(page: Page) -> None:
    """The page is drawn and has what it asked for."""
    await page.wait_for_load_state("load")
    await expect(page.locator("[aria-busy=true]:visible")).to_have_count(0)
    await expect(page.locator("main > *").first).to_be_attached()


async def walk(hands: Hands, starts: list[str], size: tuple[int, int]) -> set[str]:
    """Visit ``starts`` and all they lead to; every page reached, each as wide as the screen."""
    await hands.page.set_viewport_size({"width": size[0], "height": size[1]})
    to_see, seen = list(starts), set[str]()
    while to_see:
        path = to_see.pop()
        place = path.partition("#")[0]
        kind = place.partition("?")[0]
        if place in seen or (place not in starts and any(kind == one.partition("?")[0] for one in seen)):
            continue
        seen.add(place)
        answer = await hands.page.goto(place)
        assert answer is not None
        assert answer.status == 200, place
        await settled(hands.page)
        assert await hands.width() == size[0], place
        links = await hands.page.evaluate(LINKS)
        assert all(one.startswith(("/", *ELSEWHERE)) for one in links), (place, links)
        # What the API gives as a file is no page.
        to_see += [one for one in links if one.startswith("/") and not one.startswith("/api/")]
    return seen


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_a_citizen_can_reach(sit_down: SitDown, writer: Person, size: tuple[int, int]) -> None:
    ticket = await written_down(writer, f"{LAMP}，靠近菜市场")
    citizen = await sit_down("/")
    seen = await walk(citizen, ["/", "/chat", "/track", ticket["link"], "/my"], size)
    assert {"/", "/chat", "/guide", "/suggestions", "/my", "/track", "/login"} <= {
        one.partition("?")[0] for one in seen
    }


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize(
    ("login", "start"),
    [
        ("agent", "/desk"),
        ("dispatcher", "/dispatch"),
        ("reviewer", "/dispatch"),
        ("editor", "/knowledge"),
        ("admin", "/admin"),
    ],
)
async def test_what_the_hotlines_staff_can_reach(
    sit_down: SitDown, writer: Person, login: str, start: str, size: tuple[int, int]
) -> None:
    await written_down(writer, UNSURE)
    person = await sit_down(start, login)
    seen = await walk(person, [start], size)
    assert start in {one.partition("?")[0] for one in seen}
    await expect(person.at("x-shell")).to_be_attached()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_what_a_unit_can_reach_and_the_ticket_it_works_on(
    staff: Staff, sit_down: SitDown, writer: Person, size: tuple[int, int]
) -> None:
    ticket = await written_down(writer, f"{LAMP}，靠近医院")
    login = await unit_of(staff, ticket["number"])
    await worked_on(staff, ticket["number"], submitted=False)
    unit = await sit_down("/unit", login)
    await walk(unit, ["/unit", f"/unit?t={ticket['number']}"], size)


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
async def test_a_ticket_to_be_decided_fits_as_well(sit_down: SitDown, writer: Person, size: tuple[int, int]) -> None:
    number = (await written_down(writer, UNSURE))["number"]
    dispatcher = await sit_down("/dispatch", "dispatcher", size)
    await dispatcher.click(dispatcher.at(".ticket-row", has_text=number))
    await expect(dispatcher.at("ticket-view .timeline")).to_be_visible()
    assert await dispatcher.width() == size[0]
    await dispatcher.click(dispatcher.page.get_by_role("button", name="派单", exact=True))
    await expect(dispatcher.at("dialog")).to_be_visible()
    assert await dispatcher.width() == size[0]


async def test_an_address_that_is_not_there_says_so(sit_down: SitDown) -> None:
    citizen = await sit_down("/")
    answer = await citizen.page.context.request.get("/no-such-page")
    assert answer.status == 404
