"""/admin: a sensitive word works once added, a text is worded otherwise, a matter is changed after a look."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser.conftest import DESK, PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import UNSURE, written_down
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

PANES = ("catalogue", "texts", "words")


async def saved(admin: Hands, text: str) -> None:
    """The page says that it is done."""
    await expect(admin.at(".toast--good", has_text=text).first).to_be_visible()


async def test_a_word_is_tried_added_and_marks_the_next_ticket(sit_down: SitDown, writer: Person) -> None:
    admin = await sit_down("/admin#words", "admin")
    await admin.page.fill("#words-try", "再不解决，我就跳 楼")
    await expect(admin.at("[data-tried] mark")).to_have_text("跳 楼")
    await expect(admin.at("[data-tried]")).to_contain_text("请人工处理")
    admin.start_counting()
    await admin.click(admin.at("[data-new]"))
    await admin.click(admin.at("#words-word"))
    await admin.write("塔吊断裂")
    await admin.press("Enter")
    await saved(admin, "已保存，立即生效")
    # The commonest task: one more word, flagged, is two clicks, the word and one key.
    assert (admin.clicks, admin.keys) == (2, 1)
    await expect(admin.at(".list__item[data-word=塔吊断裂]")).to_be_visible()
    number = (await written_down(writer, f"{UNSURE}旁边塔吊 断裂了没人管。"))["number"]
    ticket = await writer.get(f"/tickets/{number}")
    assert [each["word"] for each in ticket["sensitive"]] == ["塔吊断裂"]
    dispatcher = await sit_down("/dispatch", "dispatcher")
    await dispatcher.click(dispatcher.at(".ticket-row", has_text=number))
    await expect(dispatcher.at("[data-sensitive]")).to_contain_text("塔吊断裂")


async def test_pasted_lines_with_a_fault_are_told_by_line_and_nothing_is_lost(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#words", "admin")
    await admin.click(admin.at("[data-paste]"))
    await admin.page.fill("#words-lines", "围挡坍塌\n死\n脚手架坍塌")
    admin.faults.clear()
    async with admin.page.expect_response("**/sensitive-words/lines") as refused:
        await admin.click(admin.at("[data-save]"))
    assert (await refused.value).status == 422
    await expect(admin.at(".field__error")).to_contain_text("第 2 行")
    assert await admin.at("#words-lines").input_value() == "围挡坍塌\n死\n脚手架坍塌"
    admin.faults.clear()
    await admin.page.fill("#words-lines", "围挡坍塌\n脚手架坍塌")
    await admin.click(admin.at("[data-save]"))
    await saved(admin, "已导入 2 个词")


async def test_a_text_is_worded_otherwise_and_brought_back(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#texts", "admin")
    await expect(admin.at(".list__item").first).to_be_visible()
    admin.start_counting()
    await admin.click(admin.at("[data-key='citizen.withdraw']"))
    await admin.click(admin.at("#texts-text"))
    await admin.press("Control+End")
    await admin.write("祝您生活愉快。")
    await expect(admin.at("[data-preview]")).to_contain_text("祝您生活愉快")
    await expect(admin.at("[data-preview]")).to_contain_text("按短信计")
    await admin.click(admin.at("#texts-why"))
    await admin.write("统一口径")
    await admin.press("Enter")
    await saved(admin, "已保存，立即生效")
    # The commonest task: three clicks, two keys and what is to be said.
    assert (admin.clicks, admin.keys) == (3, 2)
    await admin.click(admin.at("[data-reset]"))
    await admin.write("恢复原文")
    await admin.click(admin.at("dialog .btn--primary"))
    await expect(admin.at("[data-reset]")).to_have_count(0)
    await expect(admin.at("texts-pane .admin-fate")).to_have_count(2)


async def test_a_text_that_would_leak_is_refused_while_it_is_typed(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#texts", "admin")
    await admin.click(admin.at("[data-key='unit.dispatch']"))
    async with admin.page.expect_response("**/texts/unit.dispatch/preview"):
        await admin.page.fill("#texts-text", "工单{number}：{title}。{due}前办结。查询码{code}")
    await expect(admin.at("texts-pane .field__error")).to_contain_text("{code}")
    admin.faults.clear()


async def test_a_matter_is_changed_after_a_look_at_what_it_means_and_undone(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#catalogue", "admin")
    await expect(admin.at(".tree__one").first).to_be_visible()
    admin.start_counting()
    await admin.click(admin.at("catalogue-pane input[type=search]"))
    await admin.write("路面油污")
    await expect(admin.at(".tree__leaf")).to_have_count(1)
    await admin.click(admin.at(".tree__leaf"))
    await admin.click(admin.at("[data-edit]"))
    await admin.click(admin.at("#matter-keywords"))
    await admin.press("Control+End")
    await admin.press("Enter")
    await admin.write("满地树叶")
    await admin.click(admin.at("#matter-why"))
    await admin.write("热线例会")
    await admin.press("Enter")
    await expect(admin.at("[data-preview]")).to_contain_text("每个镇街有且只有一个有权的主办单位")
    await expect(admin.at("[data-preview]")).to_contain_text("后台重新训练")
    await admin.click(admin.at("[data-next]"))
    await saved(admin, "已生效")
    # Searching, one more keyword, a look, confirmed: six clicks and three keys beside what is typed.
    assert admin.clicks <= 6
    assert admin.keys <= 4
    await expect(admin.at("[data-matter]")).to_contain_text("满地树叶")
    await admin.click(admin.at("[data-undo]"))
    await admin.write("改错了")
    await admin.click(admin.at("dialog .btn--primary"))
    await saved(admin, "已撤销")
    await expect(admin.at("[data-undo]")).to_have_count(0)


async def test_a_matter_of_enforcement_is_not_given_to_who_has_no_power(sit_down: SitDown) -> None:
    admin = await sit_down("/admin#catalogue", "admin")
    await admin.page.fill("catalogue-pane input[type=search]", "路面油污")
    await expect(admin.at(".tree__leaf")).to_have_count(1)
    await admin.click(admin.at(".tree__leaf"))
    await admin.click(admin.at("[data-edit]"))
    await admin.page.select_option("#matter-needs_power", value="fire_enforcement")
    await admin.page.fill("#matter-why", "试")
    await admin.click(admin.at("[data-next]"))
    await expect(admin.at("[data-preview] [role=alert]")).to_contain_text("不能提交")
    await expect(admin.at("[data-next]")).to_be_disabled()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("pane", PANES)
async def test_every_pane_fits_the_screen(sit_down: SitDown, pane: str, size: tuple[int, int]) -> None:
    admin = await sit_down(f"/admin#{pane}", "admin", size)
    await expect(admin.at(f"{pane}-pane .pane").first).to_be_visible()
    assert await admin.width() == size[0]
    new = {"catalogue": "[data-add]", "texts": ".list__item", "words": "[data-new]"}[pane]
    await admin.click(admin.at(new).first)
    await expect(admin.at(f"{pane}-pane form").first).to_be_visible()
    assert await admin.width() == size[0]
