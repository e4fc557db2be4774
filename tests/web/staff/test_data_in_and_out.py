"""The pane of data: taken out, spoilt and told where; changes shown and confirmed; tickets of before taken in."""

import zipfile
from collections.abc import Awaitable, Callable
from io import BytesIO
from pathlib import Path

import pytest
from playwright.async_api import Page, expect

from tests.web.staff.conftest import DESK, PHONE, Enter
from ticketing.history import FOUND

pytestmark = pytest.mark.browser

Open = Callable[..., Awaitable[Page]]
PAST = FOUND + 3
HISTORY = "编号,内容,事项,承办单位\nX1,外星人占道,外星事务,外星局\n,没有编号,,\n"


@pytest.fixture
def pane(enter: Enter) -> Open:
    """Opens the pane as an administrator."""

    async def opened(size: tuple[int, int] = DESK) -> Page:
        page = await enter("admin", "/admin", size)
        await page.goto("/admin#data")
        await expect(page.locator("data-city .file-drop")).to_be_visible()
        return page

    return opened


async def taken_out(page: Page) -> dict[str, str]:
    """All data as CSV texts by name."""
    async with page.expect_download() as waiting:
        await page.get_by_role("link", name="下载 CSV").click()
    with zipfile.ZipFile(await (await waiting.value).path()) as archive:
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


async def check(page: Page, tab: str, **files: str) -> None:
    """Hands files in and has them checked."""
    given = [
        {"name": name.replace("_", "."), "mimeType": "text/csv", "buffer": text.encode()}
        for name, text in files.items()
    ]
    await page.locator(f"{tab} input[type=file]").first.set_input_files(given)  # type: ignore[arg-type] # as playwright says
    await page.locator(f"{tab} .btn-row").get_by_role("button", name="检查").click()


async def is_tidy(page: Page) -> None:
    """Nothing sticks out, and the policy was kept."""
    width = await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width == 0
    assert await page.evaluate("window.violations") == []


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_faults_are_told_with_their_places_and_can_be_taken_along(pane: Open, size: tuple[int, int]) -> None:
    page = await pane(size)
    units = (await taken_out(page))["units.csv"]
    await check(page, "data-city", units_csv=units.replace("24x7", "always", 1))
    await expect(page.get_by_role("alert")).to_contain_text("1 处错误，未载入任何内容")
    row = page.locator(".data-table tbody tr")
    await expect(row).to_contain_text("单位")
    await expect(row).to_contain_text("办公时间")
    await expect(row).to_contain_text("没有这个代码或选项：always")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="下载错误清单").click()
    saved = Path(await (await waiting.value).path()).read_text("utf-8")  # noqa: ASYNC240 - a few lines
    assert saved.startswith('\ufeff"工作表","行","列","问题","原内容"')
    assert "always" in saved
    await is_tidy(page)


async def test_what_changes_is_shown_confirmed_and_undone(pane: Open) -> None:
    page = await pane()
    before = await taken_out(page)
    calendar = before["calendar.csv"]
    first = calendar.splitlines()[1]
    await check(page, "data-city", calendar_csv=calendar.replace(first, first.rpartition(",")[0] + ",某某节", 1))
    line = page.locator("summary", has_text="日历")
    await expect(line).to_contain_text("修改 1")
    await line.click()
    await expect(page.locator(".data-cell ins")).to_have_text("某某节")
    await expect(page.locator(".data-line", has_text="单位")).to_contain_text("未包含，保持不变")
    await page.get_by_role("button", name="确认导入").click()
    await page.get_by_role("dialog").get_by_role("button", name="确认导入").click()
    await expect(page.locator("data-city .notice--green")).to_have_text("已导入")
    assert "某某节" in (await taken_out(page))["calendar.csv"]
    await check(page, "data-city", calendar_csv=calendar)
    await page.get_by_role("button", name="确认导入").click()
    await page.get_by_role("dialog").get_by_role("button", name="确认导入").click()
    await expect(page.locator("data-city .notice--green")).to_have_text("已导入")
    assert await taken_out(page) == before
    await check(page, "data-city", calendar_csv=calendar)
    await expect(page.locator("data-city .notice--green")).to_contain_text("没有变化")
    await is_tidy(page)


async def test_a_file_that_is_no_table_is_refused_in_words(pane: Open) -> None:
    page = await pane()
    await check(page, "data-city", old_xls="\xd0\xcf\x11\xe0")
    await expect(page.locator("data-city .notice--red")).to_contain_text("不是 XLSX 工作簿、CSV 文件")
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/vbaProject.bin", "x")
    given = {"name": "a.xlsm", "mimeType": "application/zip", "buffer": out.getvalue()}
    await page.locator("data-city input[type=file]").set_input_files(given)  # type: ignore[arg-type]
    await page.get_by_role("button", name="检查").click()
    await expect(page.locator("data-city .notice--red")).to_contain_text("含有宏")


@pytest.mark.parametrize("size", [DESK, PHONE])
async def test_tickets_of_before_are_checked_mapped_and_taken_in(pane: Open, size: tuple[int, int]) -> None:
    page = await pane(size)
    await page.get_by_role("tab", name="历史工单").click()
    await check(page, "data-history", old_csv=HISTORY)
    await expect(page.locator(".data-table tbody tr")).to_contain_text("必填，不能为空")
    await expect(page.locator("data-history summary", has_text="承办单位")).to_contain_text("1 行未匹配")
    await expect(page.locator(".data-words").first).to_contain_text("外星事务")
    await expect(page.get_by_role("button", name="确认导入")).to_have_count(0)
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="下载对照表").click()
    mapping = Path(await (await waiting.value).path()).read_text("utf-8")  # noqa: ASYNC240 - a few lines
    assert '"外星事务" = ""' in mapping
    source = f'source = "旧系统{size[0]}"'
    given = {
        "name": "map.toml",
        "mimeType": "application/toml",
        "buffer": mapping.replace('source = "历史系统"', source).encode(),
    }
    await page.locator("data-history input[accept='.toml']").set_input_files(given)  # type: ignore[arg-type]
    await page.locator("data-history").get_by_role("button", name="检查").click()
    await page.get_by_label("略过有错误的行").check()
    await page.locator("data-history select[name=unit]").select_option("")
    await expect(page.locator("data-history summary", has_text="承办单位")).to_contain_text("1 行为空")
    await page.get_by_role("button", name="确认导入").click()
    await page.get_by_role("dialog").get_by_role("button", name="确认导入").click()
    await expect(page.locator("data-history .facts")).to_contain_text(f"旧系统{size[0]}")
    await is_tidy(page)


async def test_a_dispatcher_finds_tickets_of_before_by_number(pane: Open, enter: Enter) -> None:
    page = await pane()
    await page.get_by_role("tab", name="历史工单").click()
    rows = "".join(f"QX-77{n:02},路边有一架外星飞碟\n" for n in range(PAST))
    await check(page, "data-history", old_csv=f"编号,内容\n{rows}")
    await page.get_by_role("button", name="确认导入").click()
    await page.get_by_role("dialog").get_by_role("button", name="确认导入").click()
    await expect(page.locator("data-history .notice--green")).to_be_visible()
    desk = await enter("dispatcher", "/dispatch")
    await desk.fill("ticket-list input[type=search]", "QX-77")
    await desk.press("ticket-list input[type=search]", "Enter")
    await expect(desk.locator("past-tickets")).to_contain_text("外星飞碟")
    await expect(desk.locator("past-found h2")).to_contain_text(f"{FOUND}+")
    await desk.locator("past-found [data-more]").click()
    await expect(desk.locator("past-tickets summary")).to_have_count(PAST)
    await expect(desk.locator("past-found [data-more]")).to_have_count(0)
    await desk.locator("past-tickets summary").first.click()
    await expect(desk.locator(".past__body").first).to_be_visible()
    await is_tidy(desk)
