"""The chat keeps every word: said once, shown as sent only when kept, complete again after a break."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import FilePayload, Page, expect

from tests.web.citizen.conftest import CitySite

pytestmark = pytest.mark.browser

# A JPEG as small as one can be; the page only passes it on.
PHOTO: FilePayload = {"name": "路灯.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xd9"}


async def open_chat(page: Page, city: CitySite) -> None:
    await page.goto(f"{city.url}/chat")
    await page.locator("#say").wait_for()
    await city.chat.wait_for(lambda: bool(city.chat.hellos))


async def say(page: Page, text: str) -> None:
    await page.locator("#say").fill(text)
    await page.keyboard.press("Enter")


async def test_a_message_is_shown_as_sent_only_when_the_server_has_kept_it(page: Page, city: CitySite) -> None:
    city.chat.keeps = False
    await open_chat(page, city)
    await say(page, "门前路灯不亮")
    await city.chat.wait_for(lambda: bool(city.chat.said))
    await expect(page.locator(".msg--own")).to_contain_text("正在发送")
    city.chat.keeps = True
    await city.chat.cut()
    await city.chat.wait_for(lambda: len(city.chat.thread) == 1)
    await expect(page.locator(".msg--own")).to_have_text("门前路灯不亮")
    assert {frame["id"] for frame in city.chat.said} == {city.chat.thread[0]["id"]}


async def test_after_a_break_the_chat_asks_for_what_it_missed_and_keeps_what_it_has(page: Page, city: CitySite) -> None:
    await open_chat(page, city)
    await city.chat.tell("请问在什么地方？")
    await expect(page.locator(".msg--bot")).to_have_count(1)
    await city.chat.cut()
    await city.chat.tell("我们已经收到")
    await expect(page.locator(".msg--bot")).to_have_count(2)
    assert [frame["after"] for frame in city.chat.hellos] == [0, 1]
    assert city.chat.hellos[1]["token"] == "visitor-1"


async def test_what_was_not_kept_is_sent_again_after_a_reload(page: Page, city: CitySite) -> None:
    city.chat.keeps = False
    await open_chat(page, city)
    await say(page, "井盖松动")
    await city.chat.wait_for(lambda: bool(city.chat.said))
    city.chat.keeps = True
    await page.reload()
    await city.chat.wait_for(lambda: bool(city.chat.thread))
    await expect(page.locator(".msg--own")).to_have_text("井盖松动")
    assert city.chat.said[0]["id"] == city.chat.said[1]["id"]


async def test_a_refused_message_says_why_and_can_be_tried_again(page: Page, city: CitySite) -> None:
    city.chat.refusals = ["text_too_long"]
    await open_chat(page, city)
    await say(page, "很长的话")
    failed = page.locator(".msg--failed")
    await expect(failed).to_contain_text("文字过长")
    await failed.get_by_role("button", name="重试").click()
    await expect(failed).to_have_count(0)
    assert [line["text"] for line in city.chat.thread] == ["很长的话"]


async def test_an_error_that_passes_is_borne_by_the_page(page: Page, city: CitySite) -> None:
    await page.clock.install()
    city.chat.refusals = ["try_again"]
    await open_chat(page, city)
    await say(page, "求助")
    await city.chat.wait_for(lambda: bool(city.chat.said))
    await expect(page.locator(".msg--failed")).to_have_count(0)
    await page.clock.run_for(5000)
    await city.chat.wait_for(lambda: bool(city.chat.thread))
    await expect(page.locator(".msg--own")).to_have_text("求助")


async def test_the_server_is_told_what_was_seen(page: Page, city: CitySite) -> None:
    await open_chat(page, city)
    await city.chat.tell("您好")
    await city.chat.wait_for(lambda: 1 in city.chat.seen)


async def test_the_question_of_the_home_page_is_said_once_whatever_is_reloaded(page: Page, city: CitySite) -> None:
    await page.goto(city.url)
    await page.locator("#ask").fill("居住证怎么续")
    await page.keyboard.press("Enter")
    await city.chat.wait_for(lambda: bool(city.chat.thread))
    await expect(page).to_have_url(f"{city.url}/chat")
    await page.reload()
    await expect(page.locator(".msg--own")).to_have_text("居住证怎么续")
    await page.go_back()
    await page.go_forward()
    await expect(page.locator(".msg--own")).to_have_count(1)
    assert [frame["text"] for frame in city.chat.said] == ["居住证怎么续"]


async def test_a_link_of_another_site_speaks_for_nobody(page: Page, city: CitySite) -> None:
    await page.goto(f"{city.url}/chat?ask=撤回我的诉求")
    await expect(page.locator("#say")).to_have_value("撤回我的诉求")
    await expect(page).to_have_url(f"{city.url}/chat")
    await city.chat.wait_for(lambda: bool(city.chat.hellos))
    assert city.chat.said == []


async def test_a_choice_is_offered_until_something_was_said(page: Page, city: CitySite) -> None:
    await open_chat(page, city)
    await city.chat.tell("请确认", choices=[{"label": "确认提交", "value": "确认提交"}])
    await page.get_by_role("button", name="确认提交").click()
    await expect(page.get_by_role("button", name="确认提交")).to_have_count(0)
    assert city.chat.said[0]["text"] == "确认提交"


async def test_an_answer_names_its_source_and_a_ticket_its_page(page: Page, city: CitySite) -> None:
    citation = {"id": "permit", "title": "居住证签注", "owner": "市公安局", "verified_on": ""}
    await open_chat(page, city)
    await city.chat.tell("请到受理点办理。", citations=[citation])
    await city.chat.tell("已登记。", link="/track/abc")
    await expect(page.locator(".msg__source")).to_have_text("来源：居住证签注（市公安局） · 待核实")
    await expect(page.get_by_role("link", name="查看办理进度")).to_have_attribute("href", f"{city.url}/track/abc")
    kept: list[str] = await page.evaluate("JSON.parse(localStorage.getItem('hotline.tickets'))")
    assert kept == ["abc"]


async def test_words_that_look_like_markup_stay_words(page: Page, city: CitySite) -> None:
    await open_chat(page, city)
    await city.chat.tell("<img src=x onerror=alert(1)>")
    await expect(page.locator(".msg__bubble").last).to_have_text("<img src=x onerror=alert(1)>")


async def test_a_photo_goes_up_in_the_name_of_the_visitor_and_is_then_said(page: Page, city: CitySite) -> None:
    city.answers["POST /api/v1/chat/uploads"] = (201, {"id": "f1", "url": "/x", "media": "image", "name": "路灯.jpg"})
    await open_chat(page, city)
    await page.locator("#file").set_input_files(PHOTO)
    await city.chat.wait_for(lambda: bool(city.chat.said))
    assert city.chat.said[0]["attachments"] == ["f1"]
    upload = next(call for call in city.asked if call.path == "/api/v1/chat/uploads")
    assert upload.headers["X-Visitor"] == "visitor-1"
    assert upload.body == {"file": "路灯.jpg"}


async def test_a_refused_photo_says_why(page: Page, city: CitySite) -> None:
    problem = {"detail": "请检查填写的内容", "fields": {"file": "不支持此类文件"}}
    city.answers["POST /api/v1/chat/uploads"] = (422, problem)
    await open_chat(page, city)
    await page.locator("#file").set_input_files(PHOTO)
    await expect(page.get_by_role("alert")).to_contain_text("不支持此类文件")
    assert city.chat.said == []


async def test_the_chat_follows_the_page_into_elder_mode(page: Page, city: CitySite) -> None:
    await open_chat(page, city)
    size = "parseFloat(getComputedStyle(document.querySelector('hotline-chat')).fontSize)"
    before: float = await page.evaluate(size)
    await page.get_by_role("button", name="长辈模式").click()
    after: float = await page.evaluate(size)
    assert after >= before * 1.25


@pytest.fixture
async def another_site(city: CitySite) -> AsyncIterator[str]:
    """A page of another origin that embeds the chat under a strict policy of its own."""
    policy = (
        f"default-src 'none'; script-src {city.url}; img-src {city.url}; "
        f"connect-src {city.url} {city.url.replace('http', 'ws')}"
    )
    page = (
        '<!doctype html><html lang="zh-CN"><title>别的网站</title>'
        f'<script type="module" src="{city.url}/web/citizen/hotline-chat.js"></script>'
        f'<hotline-chat server="{city.url}"></hotline-chat></html>'
    )

    async def show(_request: web.Request) -> web.Response:
        return web.Response(text=page, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.router.add_get("/", show)
    server = TestServer(app, host="127.0.0.1")
    await server.start_server()
    yield str(server.make_url("/"))
    await server.close()


async def test_another_site_embeds_the_chat_under_its_own_strict_policy(
    page: Page, city: CitySite, another_site: str
) -> None:
    city.answers["POST /api/v1/chat/uploads"] = (201, {"id": "f1", "url": "/x", "media": "image", "name": "路灯.jpg"})
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.goto(another_site)
    await say(page, "路灯不亮")
    await expect(page.locator(".msg--own")).to_have_text("路灯不亮")
    await page.locator("#file").set_input_files(PHOTO)
    await city.chat.wait_for(lambda: len(city.chat.said) == 2)
    await city.chat.tell("已登记。", link="/track/abc")
    link = page.get_by_role("link", name="查看办理进度")
    await expect(link).to_have_attribute("target", "_blank")
    bubble = page.locator(".msg__bubble").first
    radius = await bubble.evaluate("(bubble) => getComputedStyle(bubble).borderTopLeftRadius")
    assert radius == "16px", "the shared sheets are adopted"
    assert await page.evaluate("window.violations") == []
    assert problems == []
