"""One person's hands at a page: every click and every key is counted."""

from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from tests.journeys.house import PASSWORD

PATIENCE_MS = 40_000
MOST_TABS = 60

expect.set_options(timeout=PATIENCE_MS)


@dataclass(slots=True)
class Hands:
    """What a person does at one page, and how much of it."""

    page: Page
    clicks: int = 0
    keys: int = 0
    letters: int = 0
    faults: list[str] = field(default_factory=list)

    def at(self, selector: str, *, has_text: str | None = None) -> Locator:
        """Something on the page."""
        return self.page.locator(selector, has_text=has_text)

    async def click(self, target: Locator) -> None:
        """One click."""
        self.clicks += 1
        await target.click()

    async def tick(self, box: Locator) -> None:
        """One click, unless it is ticked already."""
        if not await box.is_checked():
            await self.click(box)
        await expect(box).to_be_checked()

    async def press(self, key: str) -> None:
        """One key, or several held together."""
        self.keys += 1
        await self.page.keyboard.press(key)

    async def write(self, text: str) -> None:
        """Letters into what has the keyboard."""
        self.letters += len(text)
        await self.page.keyboard.insert_text(text)

    async def tab_to(self, target: Locator) -> None:
        """Tab until ``target`` has the keyboard."""
        for _ in range(MOST_TABS):
            if await target.evaluate("(target) => target === document.activeElement"):
                return
            await self.press("Tab")
        raise AssertionError("not reached by the keyboard")

    def start_counting(self) -> None:
        """Forget what was counted so far."""
        self.clicks = self.keys = self.letters = 0

    async def sign_in(self, login: str, path: str) -> None:
        """Open a staff page; the sign-in page comes first, and is used by keyboard alone."""
        await self.page.goto(path)
        await self.page.wait_for_url("**/login?next=*")
        await expect(self.at("#login")).to_be_focused()
        await self.write(login)
        await self.press("Tab")
        await self.write(PASSWORD)
        await self.press("Enter")
        await self.page.wait_for_url(f"**{path}")

    async def width(self) -> float:
        """How wide the page is, with what sticks out of it to the side."""
        width: float = await self.page.evaluate(WIDTH)
        return width


# Panes scroll for themselves: what sticks out of one of them counts as well.
WIDTH = """() => {
  const panes = [...document.querySelectorAll(".pane__body, .pane__foot, .dialog__body")];
  const out = panes.map((pane) => Math.max(0, pane.scrollWidth - pane.clientWidth - 1));
  return document.documentElement.scrollWidth + Math.max(0, ...out);
}"""
