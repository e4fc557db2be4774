"""Everybody is answered on their own way: who rang up and left a mobile number reads of their ticket by SMS."""

from dataclasses import replace

import pytest

from kernel.clock import ManualClock
from kernel.messages import Address
from kernel.room import Floor
from kernel.settings import Settings
from tests.ticketing.city import AGENT, PHONE, City, Hotline, hotline
from ticketing.model.labels import Secrecy

TEXTED = Address("sms", "citizens", PHONE)


@pytest.fixture
def texting(floor: Floor, clock: ManualClock, city: City) -> Hotline:
    """A hotline that sends SMS."""
    return hotline(replace(floor, settings=Settings(channels={"sms": {}})), clock, city)


async def test_the_reply_reaches_who_rang_with_the_link_to_their_vote(texting: Hotline) -> None:
    ticket = await texting.to_reply(await texting.open(by=AGENT, address=None))
    told = await texting.mails(TEXTED)
    assert ticket.number in told[-1].text
    assert "/track/" in told[-1].link
    assert all(not each.choices and not each.attachments for each in told)


async def test_who_wrote_is_answered_where_they_wrote(texting: Hotline) -> None:
    ticket = await texting.to_reply(await texting.open())
    assert ticket.address is not None
    assert await texting.mails(ticket.address) != []
    assert await texting.mails(TEXTED) == []


@pytest.mark.parametrize(
    ("contact", "secrecy"),
    [("075788888888", Secrecy.NORMAL), ("", Secrecy.NORMAL), (PHONE, Secrecy.REPORT), (PHONE, Secrecy.CONFIDENTIAL)],
)
async def test_nothing_is_texted_to_a_landline_to_nobody_or_of_a_secret_ticket(
    texting: Hotline, contact: str, secrecy: Secrecy
) -> None:
    await texting.to_reply(await texting.open(by=AGENT, address=None, contact=contact, secrecy=secrecy))
    assert await texting.mails(Address("sms", "citizens", contact or PHONE)) == []


async def test_without_sms_nothing_is_texted(desk: Hotline) -> None:
    await desk.to_reply(await desk.open(by=AGENT, address=None))
    assert await desk.mails(TEXTED) == []
