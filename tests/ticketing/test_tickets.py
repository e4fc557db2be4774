"""A ticket through the doors: opened, dispatched, worked on, replied to, rated, closed; with its facts and messages."""

from tests.ticketing.city import (
    AGENT,
    GOOD,
    Hotline,
    address,
    lead_staff,
    link,
)
from ticketing.model import Action, State


async def test_a_complaint_goes_all_the_way_to_its_end(desk: Hotline) -> None:
    opened = await desk.open(by=AGENT)
    assert opened.state is State.DISPATCHED, opened
    assert opened.lead is not None
    assert desk.lookup.unit(opened.lead.unit).name.startswith("佛山市禅城区祖庙街道")
    replied = await desk.to_reply(opened)
    assert replied.state is State.REPLIED
    closed = await desk.act(replied, Action.RATE, link(replied), **GOOD)
    assert closed.state is State.CLOSED
    kinds = [fact.kind.split(".")[1] for fact in await desk.facts(opened)]
    print(kinds)
    for mail in await desk.mails(address("one")):
        print(mail.author, mail.text, mail.link[:30])
    assert lead_staff(closed)
