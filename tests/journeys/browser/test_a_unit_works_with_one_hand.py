"""A handler on a phone: everything under the thumb, nothing to scroll sideways for."""

from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Locator, expect

from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.hands import Hands
from tests.journeys.browser.work import FILLED, LAMP, Staff, unit_of, written_down
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser

FINGER = 44
THUMB = "unit-ticket .thumb-bar .btn--primary"


async def fits_the_thumb(hands: Hands, button: Locator) -> None:
    """The button is in the lower third, as high as a finger, and the page is as wide as the phone."""
    await expect(button).to_be_in_viewport(ratio=1)
    box = await button.bounding_box()
    assert box is not None
    assert box["height"] >= FINGER
    assert box["y"] > PHONE[1] * 2 / 3
    assert await hands.width() == PHONE[0]


async def taps(hands: Hands, label: str) -> None:
    """Presses the next step, which must be ``label``."""
    button = hands.at(THUMB)
    await expect(button).to_have_text(label)
    await fits_the_thumb(hands, button)
    await hands.click(button)


async def sends(hands: Hands) -> None:
    """Sends the open form."""
    button = hands.at("dialog .thumb-bar .btn--primary")
    await fits_the_thumb(hands, button)
    await hands.click(button)


async def test_a_ticket_is_signed_begun_and_answered_with_one_hand(
    staff: Staff, sit_down: SitDown, writer: Person, tmp_path: Path
) -> None:
    number = (await written_down(writer, f"{LAMP}，两盏"))["number"]
    photo = tmp_path / "after.jpg"
    Image.new("RGB", (640, 480), (90, 140, 120)).save(photo)
    unit = await sit_down("/unit", await unit_of(staff, number), PHONE)
    unit.start_counting()
    await unit.click(unit.at(".ticket-row", has_text=number))
    await taps(unit, "签收")
    await taps(unit, "开始办理")
    await unit.tick(unit.page.get_by_label("刚刚已联系"))
    await unit.click(unit.at("#start-contact_how"))
    await unit.write("用办公座机打通并核对了地点")
    await sends(unit)
    await taps(unit, "提交结果")
    for name in ("findings", "measures", "basis", "handler", "phone"):
        field = unit.at(f"#submit_result-{name}")
        if not await field.input_value():
            await unit.click(field)
            await unit.write(FILLED[name])
    await unit.tick(unit.page.get_by_label("已解决"))
    await unit.page.set_input_files("#submit_result-evidence", photo)
    await sends(unit)
    await expect(unit.at(".ticket-head")).to_contain_text("热线审核")
    await expect(unit.at("[data-contact] [data-unproven]")).to_have_text("无通话记录")
    assert unit.clicks <= 15


async def test_a_ticket_of_another_unit_is_offered_for_return(staff: Staff, sit_down: SitDown, writer: Person) -> None:
    number = (await written_down(writer, f"{LAMP}，灯杆也歪了"))["number"]
    unit = await sit_down("/unit", await unit_of(staff, number), PHONE)
    await unit.click(unit.at(".ticket-row", has_text=number))
    await unit.click(unit.at("unit-ticket .thumb-tools .unit-more"))
    choices = unit.at("dialog.choices-sheet .list__item")
    for height in [box["height"] for one in await choices.all() if (box := await one.bounding_box())]:
        assert height >= FINGER
    await unit.click(unit.at("dialog [data-action=return]"))
    await unit.tick(unit.page.get_by_label("不属本单位职责"))
    await unit.click(unit.at("dialog x-picker input"))
    await unit.write("禅城区住房城乡建设")
    await unit.click(unit.at("dialog [role=option]", has_text="禅城区住房城乡建设").first)
    await unit.page.fill("#return-clause", "区权责清单")
    await unit.page.fill("#return-reason", "灯杆产权属住建部门，附产权资料。")
    await sends(unit)
    await expect(unit.at("ticket-view")).to_contain_text("待审批")
    assert await unit.width() == PHONE[0]
