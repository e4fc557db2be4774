"""Makes the pictures of the documents: plays a scene in a demo house and photographs its pages.

Run it from the project's folder: `python -m docs.screenshots.make`. It needs Chromium and the test requirements.
With `--rasa URL` it makes the picture of a chat that is read by the Rasa running there, and no other.
"""

import argparse
import asyncio
import io
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, Page, async_playwright

from docs.screenshots.overheard import Overheard, overheard
from docs.screenshots.scene import Played, Scene
from tests.journeys.conftest import free_port
from tests.journeys.house import PASSWORD, RunningHouse
from tests.web.conftest import CHROMIUM

HERE = Path(__file__).parent
DESK = (1366, 768)
PHONE = (390, 844)
COLOURS = 256
LARGEST = 150_000
# Pictures are taken when nothing moves any more.
STILL = "* { animation: none !important; transition: none !important; caret-color: transparent !important; }"


@dataclass(slots=True)
class Camera:
    """Opens the house's pages in windows of a size and keeps pictures of them."""

    browser: Browser
    url: str

    @asynccontextmanager
    async def window(self, size: tuple[int, int], login: str = "") -> AsyncIterator[Page]:
        """A window, with somebody of the demo signed in if named."""
        context = await self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, base_url=self.url, locale="zh-CN", bypass_csp=True
        )
        page = await context.new_page()
        if login:
            await sign_in(page, login)
        yield page
        await context.close()

    async def shoot(self, page: Page, name: str) -> None:
        """Keep a picture, in few colours so that it stays small."""
        await page.add_style_tag(content=STILL)
        await page.evaluate("document.fonts.ready")
        taken = Image.open(io.BytesIO(await page.screenshot()))
        few = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE)
        path = HERE / f"{name}.png"
        few.save(path, optimize=True)
        size = path.stat().st_size
        sys.stdout.write(f"{path.name:<16} {size // 1024:>4} KB\n")
        if size > LARGEST:
            raise SystemExit(f"{path.name} is larger than {LARGEST} bytes")


async def sign_in(page: Page, login: str) -> None:
    """Sign in as anybody does."""
    await page.goto("/login")
    await page.fill("#login", login)
    await page.fill("#password", PASSWORD)
    await page.click("form .btn--primary")
    await page.wait_for_url(lambda url: "/login" not in url)


async def say(page: Page, text: str, answered: str) -> None:
    """Say something in the chat and wait for the words of the answer."""
    await page.fill("#say", text)
    await page.keyboard.press("Enter")
    await page.locator(".msg:not(.msg--own)", has_text=answered).last.wait_for()


async def citizens_pages(camera: Camera, played: Played) -> None:
    """What citizens see."""
    async with camera.window(DESK) as page:
        await page.goto("/")
        await page.locator(".hot a").first.wait_for()
        await camera.shoot(page, "home")
        await page.goto("/login")
        await page.locator("#login").wait_for()
        await camera.shoot(page, "login")
        await page.goto(played.link)
        await page.locator(".steps").wait_for()
        await camera.shoot(page, "track")
    async with camera.window(DESK) as page:
        await page.goto("/chat")
        await say(page, "居住证怎么办理", "居住证")
        await say(page, "我要投诉，小区门口的烧烤摊占道经营，晚上油烟很大", "哪里")
        await camera.shoot(page, "chat")
    async with camera.window(PHONE) as page:
        await page.goto("/chat")
        await page.locator("#say").wait_for()
        for text, answered in REPORT:
            await say(page, text, answered)
        await page.locator("a.btn--primary").wait_for()
        await camera.shoot(page, "chat-phone")


REPORT = (
    ("桂城街道千灯湖公园湖边的路灯不亮，晚上散步看不清路", "时候"),
    ("昨晚八点", "联系"),
    ("13800138000", "核对"),
    ("确认提交", "查询码"),
)


async def agents_page(camera: Camera, scene: Scene) -> None:
    """What an agent sees: a talk, and the ticket already filled in."""
    async with camera.window(DESK, "agent") as page:
        await page.get_by_role("tab", name="我的").click()
        row = page.locator(".talk-row", has_text="影荫路")
        await row.click()
        await page.fill("#answer", "您好，我是话务员，路灯的情况已经看到，马上为您登记。")
        await page.keyboard.press("Enter")
        await scene.answer_the_agent()
        await page.locator("#talk .msg", has_text="谢谢").wait_for()
        await page.keyboard.press("Alt+t")
        await page.locator(".goes").wait_for()
        await page.locator(".talk-row[aria-current=true] .count").wait_for(state="hidden")
        await camera.shoot(page, "desk")


async def staff_pages(camera: Camera, played: Played) -> None:
    """What dispatchers and units see."""
    async with camera.window(DESK, "dispatcher") as page:
        await page.locator(".ticket-row", has_text=played.uncertain).click()
        await page.locator("why-unit").wait_for()
        await camera.shoot(page, "dispatch")
    async with camera.window(DESK, "supervisor") as page:
        await page.goto("/supervise")
        await page.locator("main .card, main section").first.wait_for()
        await camera.shoot(page, "supervise")
    async with camera.window(DESK, "admin") as page:
        await page.goto("/admin")
        await page.locator("main table, main .list").first.wait_for()
        await camera.shoot(page, "admin")
    async with camera.window(DESK, played.unit) as page:
        await page.locator(".ticket-row", has_text=played.number).click()
        await page.locator("ticket-view .timeline").wait_for()
        await camera.shoot(page, "unit")
    async with camera.window(PHONE, played.unit) as page:
        await page.locator(".ticket-row", has_text=played.number).click()
        await page.locator("ticket-view .timeline").wait_for()
        await camera.shoot(page, "unit-phone")


THROUGH_RASA = (
    ("身份证唔见咗，点样补办", "补领"),
    ("楼下大排档每天晚上很吵，我要投诉", "哪里"),
    ("祖庙街道同济路", "联系"),
)


async def chat_through_rasa(camera: Camera, heard: Overheard) -> None:
    """A chat that Rasa reads; what it read is told. SystemExit when a message was read without it."""
    heard.readings.clear()
    async with camera.window(DESK) as page:
        await page.goto("/chat")
        await page.locator("#say").wait_for()
        for text, answered in THROUGH_RASA:
            before = len(heard.readings)
            await say(page, text, answered)
            if len(heard.readings) == before:
                raise SystemExit(f"Rasa did not read {text}")
        await camera.shoot(page, "chat-rasa")
    for each in heard.readings:
        sys.stdout.write(f"{each.intent:<10} {each.confidence:.2f}  {each.text}\n")


@asynccontextmanager
async def running(environ: Mapping[str, str]) -> AsyncIterator[RunningHouse]:
    """A demo house of its own."""
    with tempfile.TemporaryDirectory() as folder:
        house = RunningHouse(Path(folder), free_port(), environ=environ)
        house.start()
        try:
            await house.ready()
            yield house
        finally:
            house.stop()


async def main(rasa: str) -> None:
    """Start a house, play, take the pictures."""
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        stack.push_async_callback(browser.close)
        if rasa:
            heard = await stack.enter_async_context(overheard(rasa))
            environ = {"HOTLINE_READER": "rasa", "HOTLINE_BOT_RASA_URL": heard.url}
            house = await stack.enter_async_context(running(environ))
            await chat_through_rasa(Camera(browser, house.url), heard)
            return
        house = await stack.enter_async_context(running({}))
        scene = await stack.enter_async_context(Scene(house.url))
        played = await scene.play()
        camera = Camera(browser, house.url)
        await citizens_pages(camera, played)
        await agents_page(camera, scene)
        await staff_pages(camera, played)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rasa", default="", metavar="URL", help="only chat-rasa.png, read by the Rasa at URL")
    asyncio.run(main(parser.parse_args().rasa))
