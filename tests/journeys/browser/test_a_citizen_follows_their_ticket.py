"""By the tracking link alone, without a log-in: urge, add a photograph, read the reply, rate it."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import expect

from tests.journeys.browser.conftest import PHONE, SitDown
from tests.journeys.browser.work import LAMP, Staff, released, unit_of, worked_on, written_down
from tests.journeys.house import Browser as Person

pytestmark = pytest.mark.browser


async def test_a_ticket_is_urged_and_shown_a_photograph(
    staff: Staff, sit_down: SitDown, writer: Person, tmp_path: Path
) -> None:
    ticket = await written_down(writer, f"{LAMP}，靠近公交站")
    await worked_on(staff, ticket["number"], submitted=False)
    photo = tmp_path / "lamp.jpg"
    Image.new("RGB", (800, 600), (40, 50, 70)).save(photo)
    citizen = await sit_down(ticket["link"], size=PHONE)
    await expect(citizen.at(".step[aria-current=step]")).to_contain_text("办理")
    await expect(citizen.at("main")).to_contain_text(re.compile(r"还剩\d+个工作日"))
    await citizen.click(citizen.page.get_by_role("button", name="催一催"))
    await expect(citizen.at(".timeline")).to_contain_text("催")
    await citizen.page.set_input_files(".photo-button input", photo)
    await expect(citizen.at("main .photos img")).to_be_visible()
    assert await citizen.at("main .photos img").evaluate("(img) => img.decode().then(() => img.naturalWidth > 0)")
    assert await citizen.width() == PHONE[0]
    assert citizen.clicks == 1
    unit = await sit_down(f"/unit?t={ticket['number']}", await unit_of(staff, ticket["number"]))
    await expect(unit.at("ticket-view .ticket-photo img")).to_be_visible()


async def test_a_reply_is_read_and_rated(staff: Staff, sit_down: SitDown, writer: Person) -> None:
    ticket = await written_down(writer, f"{LAMP}，靠近学校")
    await worked_on(staff, ticket["number"], submitted=True)
    await released(staff, ticket["number"])
    citizen = await sit_down(ticket["link"], size=PHONE)
    await expect(citizen.at("main")).to_contain_text("恢复照明")
    await citizen.click(citizen.at(".vote", has_text="非常满意"))
    await citizen.click(citizen.at("rating-form .check", has_text="已解决"))
    await citizen.click(citizen.at("rating-form .btn--primary"))
    await expect(citizen.at("main .badge", has_text="非常满意")).to_be_visible()
    assert citizen.clicks == 3
    assert await citizen.width() == PHONE[0]


async def test_the_number_and_the_code_lead_to_the_ticket_too(sit_down: SitDown, writer: Person) -> None:
    ticket = await written_down(writer, f"{LAMP}，靠近市场")
    citizen = await sit_down("/track")
    await citizen.page.fill("[name=number]", ticket["number"])
    await citizen.page.fill("[name=code]", ticket["query_code"])
    await citizen.press("Enter")
    await citizen.page.wait_for_url("**/track/*")
    await expect(citizen.at("main")).to_contain_text(ticket["number"])
