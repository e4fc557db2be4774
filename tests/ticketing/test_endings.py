"""However a ticket ends without being worked on, the citizen reads why, by what rule, and what they can do now."""

import pytest

from tests.ticketing.city import AGENT, DISPATCHER, Hotline, address, link
from tests.ticketing.test_actions import UNCLEAR
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, SideAction


@pytest.fixture
def web(desk: Hotline) -> Web:
    """A caller of the routes."""
    return Web(desk)


async def test_a_refusal_tells_reason_basis_and_road_by_message_and_on_the_page(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open(**UNCLEAR)
    form: dict[str, str] = {
        "reason_code": "statutory_procedure",
        "legal_basis": "中华人民共和国民事诉讼法第一百二十二条。",
        "right_road": "向人民法院提起诉讼。",
    }
    await desk.act(ticket, SideAction.PROPOSE_DECLINE, AGENT, **form)
    ticket = await desk.act(ticket, Action.DECLINE, DISPATCHER)
    why = "原因：须经诉讼、仲裁、纪检监察、行政复议、政府信息公开等程序。办理途径：向人民法院提起诉讼。"
    basis = "中华人民共和国民事诉讼法第一百二十二条"
    told = (await desk.mails(ticket.address or address("one")))[-1].text
    assert told == f"您的诉求（{ticket.number}）不予受理。{why}\n依据：{basis}。如有异议，可以在详情页申请复核。"
    page = await web("GET", "track/x", link(ticket))
    assert page["state_label"] == "不属热线受理，办理途径：向人民法院提起诉讼"
    assert (page["reply"]["text"], page["reply"]["basis"]) == (why, basis)
    assert page["timeline"][-1]["note"] == f"{why}依据：{basis}。"
