"""What waits in a report is let pass or kept hidden all at once, and the unit reads what was decided."""

import pytest
from playwright.async_api import expect

from tests.journeys.browser.conftest import SitDown
from tests.journeys.browser.work import Staff, unit_of
from tests.journeys.house import Browser as Person
from ticketing.rules.redacting import HIDDEN, PARTLY_WAITING, WAITING

pytestmark = pytest.mark.browser

OWN = ("每周二送一次", "上个月报过警", "之前租过他的铺")
MATTER = "同济路25号旁边每晚都有烧烤档占道经营"
TEXT = f"我是给他们送货的，{OWN[0]}。{OWN[1]}。{OWN[2]}。禅城区祖庙街道{MATTER}。"
REPORT = {
    "kind": "report",
    "text": TEXT,
    "name": "陈大文",
    "phone": "13800138000",
    "where_text": "城门头路口",
    "matter": "street-vending",
    "area": "440604012",
}


@pytest.mark.parametrize(("shown", "badge"), [(True, "已核定：显示"), (False, "已核定：隐去")])
async def test_one_key_decides_all_that_waits(
    staff: Staff, sit_down: SitDown, writer: Person, *, shown: bool, badge: str
) -> None:
    number = (await writer.post("/tickets", REPORT))["number"]
    login = await unit_of(staff, number)
    unit = await sit_down(f"/unit?t={number}", login)
    told = unit.at("ticket-view .lead")
    await expect(told).to_contain_text(PARTLY_WAITING)
    await expect(told).to_contain_text(MATTER)
    dispatcher = await sit_down(f"/dispatch?t={number}", "dispatcher")
    card = dispatcher.at("ticket-spans")
    await expect(card).to_contain_text(f"还有 {len(OWN)} 处待核定")
    dispatcher.start_counting()
    await dispatcher.click(card.locator(f"[data-all={str(shown).lower()}]"))
    await expect(card.get_by_text(badge)).to_have_count(len(OWN))
    await expect(card.locator("[data-all]")).to_have_count(0)
    assert (dispatcher.clicks, dispatcher.letters) == (1, 0)
    await unit.page.reload()
    await expect(told).to_contain_text(HIDDEN)
    await expect(told).to_contain_text(MATTER)
    text = await told.inner_text()
    assert [words in text for words in OWN] == [shown] * len(OWN)
    assert "送货" not in text
    assert WAITING not in text
    assert PARTLY_WAITING not in text
