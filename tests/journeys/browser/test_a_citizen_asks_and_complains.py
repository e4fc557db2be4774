"""A citizen asks on the home page, and complains in the chat until the ticket can be followed."""

import re

import pytest
from playwright.async_api import expect

from tests.journeys.browser.citizen import LAMP, report
from tests.journeys.browser.conftest import PHONE, SitDown

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"[A-Z]{2}\d{9,}")


async def test_a_question_on_the_home_page_is_answered_in_the_chat_with_its_source(sit_down: SitDown) -> None:
    citizen = await sit_down("/")
    await citizen.click(citizen.at("#ask"))
    await citizen.write("居住证怎么办理")
    await citizen.press("Enter")
    await citizen.page.wait_for_url("**/chat")
    source = citizen.at(".msg--bot .msg__source")
    await expect(source).to_contain_text("来源：居住证")
    await expect(source).to_contain_text(re.compile("局|核实"))
    assert (citizen.clicks, citizen.keys) == (1, 1)


async def test_a_question_and_a_complaint_need_only_the_keyboard(sit_down: SitDown) -> None:
    citizen = await sit_down("/")
    await citizen.tab_to(citizen.at("#ask"))
    await citizen.write("公积金怎么提取")
    await citizen.press("Enter")
    await expect(citizen.at(".msg--bot .msg__source")).to_contain_text("公积金")
    assert citizen.clicks == 0
    assert citizen.keys <= 15


async def test_a_complaint_on_a_phone_becomes_a_ticket_that_the_chat_leads_to(sit_down: SitDown) -> None:
    citizen = await sit_down("/chat", size=PHONE)
    link = await report(citizen, f"{LAMP}，晚上黑漆漆很危险，请派人来修")
    number = NUMBER.search(await citizen.at(".msg--bot").last.inner_text())
    assert number
    assert citizen.clicks <= 1, "only the confirmation is tapped"
    assert citizen.letters < 120
    assert await citizen.width() == PHONE[0]
    await citizen.click(link)
    await citizen.page.wait_for_url("**/track/*")
    await expect(citizen.at("main")).to_contain_text(number.group())
    await expect(citizen.at("main")).to_contain_text("承办单位")
    await citizen.page.go_back()
    await expect(citizen.at(".msg--bot", has_text=number.group())).to_be_visible()


async def test_the_ticket_of_the_chat_is_listed_under_my_tickets(sit_down: SitDown) -> None:
    citizen = await sit_down("/chat")
    await report(citizen, f"{LAMP}，请派人来修")
    number = NUMBER.search(await citizen.at(".msg--bot").last.inner_text())
    assert number
    await citizen.click(citizen.page.get_by_role("link", name="我的诉求"))
    await expect(citizen.at("main")).to_contain_text(number.group())
