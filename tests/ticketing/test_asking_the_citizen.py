"""The citizen is asked for more only where they can learn of it: where they wrote from, by SMS or by telephone."""

from dataclasses import replace
from typing import Any

import pytest

from hotline.failures import problem_of
from kernel.clock import ManualClock
from kernel.errors import Conflict
from kernel.room import Floor
from kernel.settings import Settings
from tests.ticketing.city import AGENT, PHONE, City, Hotline, hotline
from tests.ticketing.test_actions import UNCLEAR
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, Secrecy, State
from ticketing.model.ticket import Ticket

LANDLINE = "075788888888"


async def offered(desk: Hotline, ticket: Ticket) -> list[str]:
    view: dict[str, Any] = await Web(desk)("GET", f"tickets/{ticket.number}", AGENT)
    return [each["action"] for each in view["actions"]]


async def test_nobody_is_asked_who_left_neither_a_channel_nor_a_telephone(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT, address=None, contact="", **UNCLEAR)
    assert "ask_info" not in (actions := await offered(desk, ticket))
    assert "triage" in actions or "hand_over" in actions
    with pytest.raises(Conflict, match="nobody_to_ask") as refused:
        await desk.act(ticket, Action.ASK_INFO, AGENT, question="在哪里？")
    assert problem_of(refused.value, "").detail.startswith("诉求人没有留下电话或可接收消息的渠道")
    assert (await desk.now(ticket)).state is ticket.state


@pytest.mark.parametrize("contact", [PHONE, LANDLINE])
async def test_who_can_be_rung_up_is_asked(desk: Hotline, contact: str) -> None:
    ticket = await desk.open(by=AGENT, address=None, contact=contact, **UNCLEAR)
    assert "ask_info" in await offered(desk, ticket)
    assert (await desk.act(ticket, Action.ASK_INFO, AGENT, question="在哪里？")).state is State.NEED_INFO


async def test_who_wrote_without_a_telephone_is_asked_where_they_wrote(desk: Hotline) -> None:
    ticket = await desk.open(contact="", **UNCLEAR)
    assert "ask_info" in await offered(desk, ticket)
    assert (await desk.act(ticket, Action.ASK_INFO, AGENT, question="在哪里？")).state is State.NEED_INFO


async def test_of_a_secret_ticket_that_is_never_texted_the_telephone_is_rung(
    floor: Floor, clock: ManualClock, city: City
) -> None:
    texting = hotline(replace(floor, settings=Settings(channels={"sms": {}})), clock, city)
    ticket = await texting.open(by=AGENT, address=None, secrecy=Secrecy.CONFIDENTIAL, **UNCLEAR)
    assert "ask_info" in await offered(texting, ticket)
