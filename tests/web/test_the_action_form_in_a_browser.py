"""The one form for everything done to a ticket: it draws what the API asks for and loses nothing typed."""

from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Locator, Page, expect

from tests.web.conftest import Recorder

pytestmark = pytest.mark.browser


def field(name: str, label: str, kind: str = "text", *, required: bool = True, options: str = "") -> dict[str, Any]:
    """A field; ``options`` are labels with spaces between."""
    choices = [{"value": each, "label": each} for each in options.split()]
    return {"name": name, "label": label, "type": kind, "required": required, "options": choices, "hint": ""}


def action(*fields: dict[str, Any], danger: bool = False) -> dict[str, Any]:
    return {"action": "submit_result", "label": "提交结果", "primary": True, "danger": danger, "fields": list(fields)}


PRESS = """async ([site, action]) => {
  const { loadTexts } = await import(`${site}/shared/i18n.js`);
  const { runAction } = await import(`${site}/shared/action-form.js`);
  const { ApiError } = await import(`${site}/shared/api.js`);
  await loadTexts("action");
  window.sent = []; window.uploaded = []; window.answers ??= []; window.conflicts = 0; window.done = undefined;
  const send = async (form) => {
    window.sent.push(form);
    const answer = window.answers.shift();
    if (answer) throw new ApiError(answer);
    return { number: "1" };
  };
  const upload = async (files) => files.map((file) => (window.uploaded.push(file.name), `id-${file.name}`));
  const onConflict = async () => { window.conflicts += 1; };
  const button = document.createElement("button");
  document.body.append(button);
  const work = { send, upload, onConflict, keep: "1 submit_result" };
  runAction(button, action, work).then((done) => (window.done = done ?? null));
}"""


async def press(page: Page, site: str, asked: dict[str, Any], *answers: dict[str, Any]) -> Locator:
    """Presses a button of ``asked``; gives the dialog."""
    await page.goto(f"{site}/shared/gallery.html")
    await page.locator(".stat__value").first.wait_for()
    await page.evaluate("(answers) => { window.answers = answers; }", list(answers))
    await page.evaluate(PRESS, [site, asked])
    return page.get_by_role("dialog")


async def test_an_action_without_fields_is_sent_at_once(page: Page, site: str) -> None:
    await press(page, site, action())
    await page.wait_for_function("window.done?.number === '1'")
    assert await page.evaluate("window.sent") == [{}]


async def test_a_dangerous_action_is_sent_after_a_question(page: Page, site: str) -> None:
    dialog = await press(page, site, action(danger=True))
    assert await page.evaluate("window.sent") == []
    await dialog.get_by_role("button", name="提交结果").click()
    await page.wait_for_function("window.done?.number === '1'")


async def test_what_is_missing_is_said_at_its_field_and_nothing_is_sent(page: Page, site: str) -> None:
    dialog = await press(
        page,
        site,
        action(field("findings", "查明情况", "textarea"), field("outcome", "结果", "choice", options="甲 乙")),
    )
    await dialog.get_by_role("button", name="提交结果").click()
    await expect(dialog.get_by_text("请填写“查明情况”")).to_be_visible()
    await expect(dialog.get_by_text("请填写“结果”")).to_be_visible()
    await expect(dialog.get_by_label("查明情况")).to_be_focused()
    assert await page.evaluate("window.sent") == []


async def test_every_kind_of_field_is_filled_in_and_sent_as_the_api_reads_it(
    page: Page, site: str, recorder: Recorder
) -> None:
    unit = {"code": "CG", "name": "东区城管局", "area_name": "东区"}
    recorder.answers = [web.json_response({"items": [unit]}) for _ in range(2)]
    dialog = await press(
        page,
        site,
        action(
            field("handler", "经办人"),
            field("new_due", "延期至", "date"),
            field("outcome", "办理结果", "choice", options="resolved partly"),
            field("contacted_at", "首次联系", "choice", required=False, options="now"),
            field("matter_code", "类别", "choice", required=False, options="a b c d e f"),
            field("suggested_unit", "建议单位", "unit"),
            field("lawful", "依法不能满足", "bool", required=False),
            field("evidence", "佐证", "files"),
            field("reason", "说明", required=False),
        ),
    )
    await dialog.get_by_label("经办人").fill(" 林 ")
    await dialog.get_by_label("延期至").fill("2026-12-01")
    await dialog.get_by_label("partly").check()
    await dialog.get_by_label("首次联系：now").check()
    await dialog.get_by_role("combobox", name="建议单位").fill("城管")
    await dialog.get_by_role("option", name="东区城管局").click()
    await dialog.locator("input[type=file]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"x"}
    )
    await dialog.get_by_role("button", name="提交结果").click()
    await page.wait_for_function("window.done?.number === '1'")
    assert await page.evaluate("window.sent") == [
        {
            "handler": "林",
            "new_due": "2026-12-01",
            "outcome": "partly",
            "contacted_at": "now",
            "suggested_unit": "CG",
            "lawful": False,
            "evidence": ["id-a.jpg"],
        }
    ]


async def test_what_the_server_refuses_is_said_at_its_field_and_the_words_stay(page: Page, site: str) -> None:
    refusal = {"status": 422, "fields": {"evidence": "认定已解决须附证明"}}
    asked = action(field("findings", "查明情况", "textarea"), field("evidence", "佐证", "files", required=False))
    dialog = await press(page, site, asked, refusal)
    await dialog.get_by_label("查明情况").fill("属实")
    await dialog.get_by_role("button", name="提交结果").click()
    await expect(dialog.get_by_text("认定已解决须附证明")).to_be_visible()
    await expect(dialog.get_by_label("查明情况")).to_have_value("属实")
    await dialog.get_by_role("button", name="提交结果").click()
    await page.wait_for_function("window.done?.number === '1'")


async def test_after_a_change_by_somebody_else_the_form_stays_and_the_ticket_is_read_anew(
    page: Page, site: str
) -> None:
    conflict = {"status": 409, "detail": "内容已被他人更新，请查看后再操作"}
    dialog = await press(page, site, action(field("findings", "查明情况", "textarea")), conflict)
    await dialog.get_by_label("查明情况").fill("属实")
    await dialog.get_by_role("button", name="提交结果").click()
    await expect(dialog.get_by_role("alert")).to_contain_text("内容已被他人更新")
    assert await page.evaluate("window.conflicts") == 1
    await expect(dialog.get_by_label("查明情况")).to_have_value("属实")


async def test_of_a_long_form_a_change_by_somebody_else_is_seen_before_it_is_sent_again(page: Page, site: str) -> None:
    conflict = {"status": 409, "detail": "内容已被他人更新，请查看后再操作"}
    await page.set_viewport_size({"width": 390, "height": 844})
    asked = action(*(field(f"part{number}", f"第{number}项", "textarea") for number in range(8)))
    dialog = await press(page, site, asked, conflict)
    for number in range(8):
        await dialog.get_by_label(f"第{number}项").fill("属实")
    button = dialog.locator("button:not([type])")
    await button.click()
    said = dialog.get_by_role("alert")
    await expect(said).to_be_in_viewport(ratio=1)
    await expect(said).to_be_focused()
    # A second press that was on its way was not meant for what is said now.
    await button.click()
    assert await page.evaluate("window.sent.length") == 1
    await expect(button).to_have_text("已看过变化，仍然提交结果")
    await page.wait_for_timeout(1100)
    await button.click()
    await page.wait_for_function("window.done?.number === '1'")


async def test_a_form_given_up_keeps_what_was_typed_for_the_next_time(page: Page, site: str) -> None:
    asked = action(field("findings", "查明情况", "textarea"))
    dialog = await press(page, site, asked)
    await dialog.get_by_label("查明情况").fill("写到一半")
    await dialog.get_by_role("button", name="取消").click()
    await page.wait_for_function("window.done === null")
    await page.evaluate(PRESS, [site, asked])
    await expect(page.get_by_role("dialog").get_by_label("查明情况")).to_have_value("写到一半")
