"""The citizens' pages: nothing breaks the policy or scrolls sideways, everything can be named and used."""

import re

import pytest
from playwright.async_api import FilePayload, Page, expect

from tests.web.citizen.answers import ARTICLE, REPLIED, SUGGESTION, TRACK
from tests.web.citizen.conftest import CitySite

pytestmark = pytest.mark.browser

SIZES = [(1366, 768), (390, 844)]
LOOKS = {"light": "", "dark": "localStorage.setItem('hotline.theme', 'dark')"} | {
    "elder": "localStorage.setItem('hotline.elder', 'on')",
    "english": "localStorage.setItem('hotline.language', 'en')",
}
SHOWN = ["/", "/chat", "/track", "/track/demo", "/track/replied", "/guide", "/guide?q=居住证", "/guide?id=permit"]
PATHS = [*SHOWN, "/suggestions", "/my"]
NAMELESS = """() => {
  const roots = [document, ...[...document.querySelectorAll("*")].map((one) => one.shadowRoot).filter(Boolean)];
  const all = roots.flatMap((root) => [...root.querySelectorAll("a, button, input, select, textarea")]);
  const named = (one) => one.textContent.trim() || one.getAttribute("aria-label") || one.labels?.length ||
    one.querySelector("img[alt]") || one.getAttribute("aria-hidden") === "true";
  return all.filter((one) => !named(one)).map((one) => one.outerHTML.slice(0, 120));
}"""
UNTRANSLATED = """() => document.body.innerText.match(/citizen\\.[\\w.]+|common\\.\\w+/g) ?? []"""


def furnish(city: CitySite) -> None:
    """Something to show on every page."""
    city.answers |= {
        "GET /api/v1/track/demo": TRACK,
        "GET /api/v1/track/replied": REPLIED,
        "GET /api/v1/knowledge/search": {"items": [ARTICLE]},
        "GET /api/v1/knowledge/articles/permit": ARTICLE,
        "GET /api/v1/suggestions": {"items": [SUGGESTION]},
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("look", LOOKS)
async def test_a_page_keeps_the_policy_fits_the_screen_and_names_what_one_presses(
    page: Page, city: CitySite, path: str, look: str
) -> None:
    furnish(city)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    await page.add_init_script(LOOKS[look] or "0")
    await page.add_init_script("localStorage.setItem('hotline.tickets', '[\"demo\"]')")
    await page.goto(city.url + path)
    await page.locator("main h1, main h2, main hotline-chat .choice").first.wait_for()
    for width, height in SIZES:
        await page.set_viewport_size({"width": width, "height": height})
        assert await page.evaluate("document.documentElement.scrollWidth") == width
    assert await page.evaluate("window.violations") == []
    assert await page.evaluate(NAMELESS) == []
    assert await page.evaluate(UNTRANSLATED) == []
    assert problems == []


async def test_a_ticket_shows_who_has_it_which_step_and_until_when(page: Page, city: CitySite) -> None:
    furnish(city)
    await page.goto(f"{city.url}/track/demo")
    await expect(page.locator(".now__state")).to_have_text("办理中")
    await expect(page.locator("[aria-current=step]")).to_contain_text("办理")
    await expect(page.locator(".facts").first).to_contain_text("东区市政管理所")
    await expect(page.locator(".facts").first).to_contain_text(re.compile("12月1日 17:30"))
    await expect(page.get_by_text("<b>晚上</b>")).to_be_visible()


async def test_urging_tells_the_unit_and_withdrawing_asks_first(page: Page, city: CitySite) -> None:
    furnish(city)
    city.answers |= {
        "POST /api/v1/track/demo/urge": TRACK,
        "POST /api/v1/track/demo/withdraw": TRACK | {"state": "withdrawn", "state_label": "已撤回", "can": []},
    }
    await page.goto(f"{city.url}/track/demo")
    await page.get_by_role("button", name="催一催").click()
    await expect(page.get_by_text("已收到您的催办")).to_be_visible()
    await page.get_by_role("button", name="撤回诉求").click()
    await page.get_by_role("dialog").get_by_role("button", name="取消").click()
    assert city.posted("/api/v1/track/demo/withdraw") == []
    await page.get_by_role("button", name="撤回诉求").click()
    await page.get_by_role("dialog").get_by_role("button", name="撤回诉求").click()
    await expect(page.locator(".now__state")).to_have_text("已撤回")
    assert city.posted("/api/v1/track/demo/urge") == [{}]


async def test_a_vote_needs_a_face_and_whether_it_is_solved(page: Page, city: CitySite) -> None:
    furnish(city)
    rating = {"score_label": "满意", "solved_label": "已解决", "comment": "谢谢"}
    city.answers["POST /api/v1/track/replied/rate"] = REPLIED | {"state": "closed", "can": [], "rating": rating}
    await page.goto(f"{city.url}/track/replied")
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.get_by_role("alert")).to_contain_text("请选择满意程度和是否解决")
    await page.get_by_text("满意", exact=True).click()
    await page.get_by_label("已解决").check()
    await page.get_by_label("想说的话").fill("谢谢")
    await page.get_by_role("button", name="提交评价").click()
    await expect(page.locator("rating-form")).to_have_count(0)
    assert city.posted("/api/v1/track/replied/rate") == [{"score": "satisfied", "solved": "yes", "text": "谢谢"}]


async def test_what_is_wanted_is_asked_and_can_be_supplied(page: Page, city: CitySite) -> None:
    asked = TRACK | {"state": "need_info", "state_label": "请补充", "wanted": "请问路灯编号？", "can": ["supply_info"]}
    city.answers |= {"GET /api/v1/track/demo": asked, "POST /api/v1/track/demo/supply_info": TRACK}
    await page.goto(f"{city.url}/track/demo")
    await expect(page.get_by_text("请问路灯编号？")).to_be_visible()
    await page.get_by_label("补充内容").fill("编号 3021")
    await page.get_by_role("button", name="发送").click()
    await expect(page.locator(".now__state")).to_have_text("办理中")
    assert city.posted("/api/v1/track/demo/supply_info") == [{"text": "编号 3021"}]


async def test_photos_are_added_without_signing_in(page: Page, city: CitySite) -> None:
    furnish(city)
    city.answers["POST /api/v1/track/demo/photos"] = TRACK
    await page.goto(f"{city.url}/track/demo")
    photo: FilePayload = {"name": "路灯.jpg", "mimeType": "image/jpeg", "buffer": b"\xff\xd8\xff\xd9"}
    await page.locator("input[type=file]").set_input_files(photo)
    await expect(page.get_by_text("照片已补充")).to_be_visible()
    assert city.posted("/api/v1/track/demo/photos") == [{"file": "路灯.jpg"}]


async def test_a_worthless_link_offers_the_way_by_number_and_code(page: Page, city: CitySite) -> None:
    furnish(city)
    city.answers |= {
        "GET /api/v1/track/old": (403, {"detail": "链接已过期，请重新获取"}),
        "POST /api/v1/track": {"link": "/track/demo"},
    }
    await page.goto(f"{city.url}/track/old")
    await expect(page.get_by_role("alert")).to_contain_text("链接已过期")
    await page.get_by_label("诉求编号").fill(" sl261123000318 ")
    await page.get_by_label("查询码").fill("ab12")
    await page.keyboard.press("Enter")
    await expect(page.locator(".now__state")).to_have_text("办理中")
    assert city.posted("/api/v1/track") == [{"number": "SL261123000318", "code": "AB12"}]


async def test_this_browser_knows_the_tickets_it_opened_until_it_is_told_to_forget(page: Page, city: CitySite) -> None:
    furnish(city)
    await page.goto(f"{city.url}/track/demo")
    await page.locator(".now__state").wait_for()
    await page.goto(f"{city.url}/my")
    await expect(page.get_by_role("link", name=TRACK["title"])).to_be_visible()
    await page.get_by_role("button", name="清除本机记录").click()
    await page.get_by_role("dialog").get_by_role("button", name="清除本机记录").click()
    await expect(page.get_by_text("这台设备上还没有诉求记录")).to_be_visible()
    assert await page.evaluate("Object.keys(localStorage)") == []


async def test_an_entry_marks_every_field_nobody_has_verified(page: Page, city: CitySite) -> None:
    furnish(city)
    await page.goto(f"{city.url}/guide?q=居住证")
    await page.get_by_role("link", name=ARTICLE["title"]).click()
    facts = page.locator(".facts")
    await expect(facts.locator(".badge--yellow")).to_have_count(len(ARTICLE["unverified"]))
    await expect(facts).to_contain_text("不收费")
    await page.get_by_role("button", name="返回").click()
    await expect(page.get_by_role("searchbox")).to_have_value("居住证")


async def test_whoever_finds_nothing_is_led_to_the_desk_with_the_question(page: Page, city: CitySite) -> None:
    city.answers["GET /api/v1/knowledge/search"] = {"items": []}
    await page.goto(f"{city.url}/guide")
    await page.get_by_role("searchbox").fill("无人机怎么登记")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="问问客服").click()
    await city.chat.wait_for(lambda: bool(city.chat.said))
    assert city.chat.said[0]["text"] == "无人机怎么登记"


async def test_a_suggestion_is_sent_and_its_number_shown(page: Page, city: CitySite) -> None:
    made = {"number": "JY2", "query_code": "K8", "state": "submitted", "state_label": "已提交", "similar": []}
    city.answers["POST /api/v1/suggestions"] = (201, made)
    await page.goto(f"{city.url}/suggestions")
    await page.get_by_label("标题").fill("公园增设母婴室")
    await page.get_by_label("建议内容").fill("周末人多，希望增设。")
    await page.get_by_label("涉及地区").select_option("东区")
    await page.get_by_role("button", name="提交建议").click()
    await expect(page.get_by_text("JY2")).to_be_visible()
    sent = {"title": "公园增设母婴室", "text": "周末人多，希望增设。", "area": "1"}
    assert city.posted("/api/v1/suggestions") == [sent]


async def test_a_refused_suggestion_keeps_its_words_and_says_what_is_wrong(page: Page, city: CitySite) -> None:
    problem = {"detail": "请检查填写的内容", "fields": {"text": "内容过短"}}
    city.answers["POST /api/v1/suggestions"] = (422, problem)
    await page.goto(f"{city.url}/suggestions")
    await page.get_by_label("标题").fill("好")
    await page.get_by_label("建议内容").fill("好")
    await page.get_by_role("button", name="提交建议").click()
    await expect(page.get_by_role("alert")).to_contain_text("内容过短")
    await expect(page.get_by_label("建议内容")).to_have_value("好")
