"""Two units are merged on /admin while they have open tickets; the successor finds them in its inbox."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser.conftest import DESK, PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import Staff
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

# No other story speaks of this district's bureaus.
SCHOOLS, LABOUR = "高明区教育局", "高明区人力资源和社会保障局"
NEW_NAME = "佛山市高明区教育和人力资源局"


async def told(writer: Person, matter: str, text: str) -> str:
    """A ticket of the district."""
    form = {
        "kind": "complaint",
        "text": text,
        "matter": matter,
        "area": "440608",
        "name": "陈大文",
        "phone": "13800138000",
    }
    number: str = (await writer.post("/tickets", form))["number"]
    return number


async def chosen(admin: Hands, name: str, kind: str) -> None:
    """Opens the form that changes a unit."""
    await admin.page.fill("units-pane input[type=search]", name)
    await admin.click(admin.at(".unit-row", has_text=name).first)
    await admin.click(admin.at(f"[data-order={kind}]"))
    await expect(admin.at("dialog h2")).to_contain_text(name)


async def picked(admin: Hands, name: str) -> None:
    """Chooses a unit in the open form."""
    await admin.click(admin.at("dialog x-picker input").first)
    await admin.write(name)
    await admin.click(admin.at("dialog [role=option]", has_text=name).first)


async def previewed(admin: Hands) -> None:
    """Says why and asks what it comes to."""
    await admin.page.fill("#order-why", "机构改革方案")
    await admin.click(admin.at("dialog [data-next]"))
    await expect(admin.at("dialog .admin-fate").first).to_be_visible()


async def test_units_merge_and_the_successor_finds_the_open_tickets_in_its_inbox(
    staff: Staff, sit_down: SitDown, writer: Person
) -> None:
    wages = await told(writer, "labour-arbitration", "高明区某厂拖欠工资，问劳动仲裁。")
    lessons = await told(writer, "tutoring", "高明区某培训班收费太高。")
    teacher = await sit_down("/unit", "gm-jy")
    await expect(teacher.at(".ticket-row", has_text=lessons)).to_be_visible()
    admin = await sit_down("/admin", "admin")
    await chosen(admin, SCHOOLS, "merge")
    await picked(admin, LABOUR)
    await admin.click(admin.at("dialog label.check", has_text=LABOUR))
    await admin.page.fill("#order-name", NEW_NAME)
    await previewed(admin)
    await expect(admin.at("dialog")).to_contain_text("每个事项在每个镇街仍有且只有一个主办单位")
    await expect(admin.at("dialog .admin-flow", has_text=SCHOOLS).first).to_contain_text(NEW_NAME)
    await admin.click(admin.at("dialog [data-next]", has_text="确认合并"))
    await expect(admin.at(".toast--good")).to_contain_text("1 件在办工单随之移交")
    await expect(admin.at("unit-card h1")).to_have_text(NEW_NAME)
    successor = await sit_down("/unit", "gm-rs")
    for number in (wages, lessons):
        await expect(successor.at(".ticket-row", has_text=number)).to_be_visible()
    await successor.click(successor.at(".ticket-row", has_text=lessons))
    await expect(successor.at("ticket-view .timeline")).to_contain_text(f"{SCHOOLS}→{NEW_NAME}")
    # Whoever worked for the unit that is no more works on, in the same session.
    await teacher.page.reload()
    await teacher.click(teacher.at(".ticket-row", has_text=wages))
    await expect(teacher.at("unit-ticket .actions-bar [data-action=accept]")).to_be_visible()
    await expect(teacher.at(".bar__who")).to_contain_text(NEW_NAME)
    await told_in_history(admin)


async def told_in_history(admin: Hands) -> None:
    """What was done stands in the history, all tickets moved, and the former unit under those that are no more."""
    await admin.click(admin.page.get_by_role("tab", name="调整记录"))
    await admin.click(admin.at("units-pane .list__item", has_text="合并").first)
    await expect(admin.at("change-card")).to_contain_text("机构改革方案")
    await expect(admin.at("change-card")).to_contain_text("已移交 1 / 1 件")
    await admin.click(admin.page.get_by_role("tab", name="已撤并"))
    await admin.click(admin.at(".unit-row", has_text=SCHOOLS))
    await expect(admin.at("unit-card .notice")).to_contain_text(NEW_NAME)


async def test_a_change_that_leaves_a_duty_without_a_lead_cannot_be_confirmed(sit_down: SitDown) -> None:
    admin = await sit_down("/admin", "admin")
    await chosen(admin, "住房公积金管理中心", "close")
    await picked(admin, "佛山市民政局")
    await expect(admin.at("dialog fieldset")).to_have_count(2)
    for box in await admin.at("dialog fieldset input[type=checkbox]").all():
        await box.uncheck()
    await previewed(admin)
    await expect(admin.at("dialog [role=alert]")).to_contain_text("不能提交")
    await expect(admin.at("dialog [role=alert]")).to_contain_text("没有主办单位")
    await expect(admin.at("dialog [data-next]")).to_be_disabled()


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("kind", ["rename", "merge", "split", "close"])
async def test_every_form_fits_the_screen(sit_down: SitDown, kind: str, size: tuple[int, int]) -> None:
    admin = await sit_down("/admin", "admin", size)
    await chosen(admin, "三水区市场监督管理局", kind)
    assert await admin.width() == size[0]
    await admin.tab_to(admin.at("#order-why"))
    await admin.press("Escape")
    await expect(admin.at("dialog")).to_have_count(0)
    assert await admin.width() == size[0]
