"""A liaison without a system takes the work list along, fills it in, sees what will come of it and confirms."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.async_api import expect

from tests.journeys.browser.conftest import DESK, PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import LAMP, Staff, unit_of, written_down
from tests.journeys.house import Browser as Person
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import CONTACTED, RESULT

pytestmark = pytest.mark.browser

FILLED = {
    "办理动作": "提交结果",
    "未联系原因": CONTACTED["no_contact_reason"],
    "调查情况": RESULT["findings"],
    "处理措施": RESULT["measures"],
    "办理依据": RESULT["basis"],
    "承办人": "承办人甲",
    "承办人电话": "12345",
    "办理结果": "解释说明",
}


def rows_of(path: Path) -> tuple[bytes, list[dict[str, str]]]:
    """A workbook that was given, and its rows by their headings."""
    data = path.read_bytes()
    book: Any = load_workbook(BytesIO(data))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    return data, [dict(zip(head, row, strict=True)) for row in rows]


def filled(data: bytes, folder: Path, rows: dict[str, dict[str, str]]) -> Path:
    """The workbook as somebody saves it: by number what they filled in."""
    book: Any = load_workbook(BytesIO(data))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    for line in range(2, sheet.max_row + 1):
        for label, text in rows.get(sheet.cell(line, places["工单编号"]).value, {}).items():
            sheet.cell(line, places[label]).value = text or None
    path = folder / "待办表.xlsx"
    book.save(path)
    return path


async def downloads(unit: Hands, selector: str) -> tuple[bytes, list[dict[str, str]]]:
    """One click that gives a workbook."""
    async with unit.page.expect_download() as waiting:
        await unit.click(unit.at(selector))
    return rows_of(await (await waiting.value).path())


async def pictured(unit: Hands, name: str) -> None:
    """A picture of the page where one is asked for."""
    if folder := os.environ.get("PICTURES"):
        await unit.page.screenshot(path=f"{folder}/{name}.png")


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_the_work_list_is_taken_along_filled_in_seen_and_done(
    staff: Staff, sit_down: SitDown, writer: Person, tmp_path: Path, size: tuple[int, int]
) -> None:
    good, bad = [(await written_down(writer, f"{LAMP}，第{n}根灯杆{size[0]}"))["number"] for n in (11, 12)]
    login = await unit_of(staff, good)
    assert await unit_of(staff, bad) == login
    unit = await sit_down("/unit", login, size)
    await unit.page.emulate_media(color_scheme="light")
    name = "phone" if size == PHONE else "desk"
    unit.start_counting()
    await unit.click(unit.at("[data-sheet]"))
    await pictured(unit, f"{name}-1")
    data, rows = await downloads(unit, "[data-download]")
    assert {good, bad} <= {row["工单编号"] for row in rows}
    file = filled(data, tmp_path, {good: FILLED, bad: FILLED | {"办理依据": ""}})
    # Choosing a file is two clicks: the field, and the file.
    unit.clicks += 2
    await unit.page.set_input_files("unit-sheet input[type=file]", file)
    refused = unit.at("unit-sheet .sheet-rows--bad tbody tr")
    await pictured(unit, f"{name}-2")
    await expect(refused).to_have_count(1)
    await expect(refused).to_contain_text(bad)
    await expect(refused).to_contain_text("“办理依据”列：请填写此项")
    await expect(unit.at("unit-sheet .sheet-rows:not(.sheet-rows--bad) tbody tr")).to_contain_text(
        "签收 → 开始办理 → 提交结果"
    )
    assert (await (await staff.of(login)).get(f"/tickets/{good}"))["state"] == "dispatched"
    assert await unit.width() == size[0]
    await pictured(unit, f"{name}-2")
    await unit.page.emulate_media(color_scheme="dark")
    await pictured(unit, f"{name}-2-dark")
    await unit.page.emulate_media(color_scheme="light")

    # The line breaks at the confirmation: file and preview stay, and the same press does it once.
    await unit.page.route("**/worklist.xlsx", lambda route: route.abort())
    await unit.page.click("[data-confirm]")
    await expect(unit.at("unit-sheet [role=alert]")).to_be_visible()
    await expect(refused).to_contain_text(bad)
    await unit.page.unroute("**/worklist.xlsx")
    await unit.click(unit.at("[data-confirm]"))
    await expect(unit.at("unit-sheet [data-result] > .notice")).to_contain_text("已办理 1 行")
    assert unit.clicks <= 5
    await pictured(unit, f"{name}-3")
    assert (await (await staff.of(login)).get(f"/tickets/{good}"))["state"] == "review"

    data, (back,) = await downloads(unit, "[data-refused]")
    assert (back["工单编号"], back["调查情况"]) == (bad, FILLED["调查情况"])
    assert back["未办理原因"] == "“办理依据”列：请填写此项"
    mended = filled(data, tmp_path, {bad: {"办理依据": FILLED["办理依据"]}})
    await unit.page.set_input_files("unit-sheet input[type=file]", mended)
    await unit.click(unit.at("[data-confirm]"))
    await expect(unit.at("unit-sheet [data-result] > .notice")).to_contain_text("已办理 1 行")
    assert (await (await staff.of(login)).get(f"/tickets/{bad}"))["state"] == "review"


async def test_what_is_no_work_list_is_told_and_nothing_is_done(
    staff: Staff, sit_down: SitDown, writer: Person, tmp_path: Path
) -> None:
    login = await unit_of(staff, (await written_down(writer, f"{LAMP}，灯罩掉了"))["number"])
    unit = await sit_down("/unit", login)
    unit.faults = []
    await unit.click(unit.at("[data-sheet]"))
    data, _ = await downloads(unit, "[data-download]")
    book: Any = load_workbook(BytesIO(data))
    next(cell for cell in book.worksheets[0][1] if cell.value == "办理依据").value = "依据"
    book.save(tmp_path / "错.xlsx")
    await unit.page.set_input_files("unit-sheet input[type=file]", tmp_path / "错.xlsx")
    await expect(unit.at("unit-sheet [role=alert]")).to_contain_text("第 1 行表头缺少“办理依据”列")
    await expect(unit.at("[data-confirm]")).to_have_count(0)
    assert [one for one in unit.faults if "422" not in one] == []
    unit.faults.clear()
