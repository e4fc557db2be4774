"""What the bot and the agent do with tickets reaches the real ticketing: contact, photos, votes."""

from dataclasses import replace

from desk.api import AssistQuery
from desk.assist import TicketForm
from kernel.messages import Attachment, Media
from tests.desk.world import World
from tests.ticketing.city import CHECKED, RESULT, REVIEWER, lead_staff
from ticketing.model.acting import Form
from ticketing.model.labels import Action, Flag, Score, Solved, State, TicketKind
from ticketing.model.ticket import Ticket

PHONE, NAME = "13800138000", "张三"
FORM = TicketForm(TicketKind.COMPLAINT, "桂城千灯湖公园门口的路灯坏了", where_text="桂城千灯湖公园")
PHOTO = Attachment("e" * 32, Media.IMAGE, "image/jpeg", "现场.jpg", 1000)


async def test_an_agent_who_says_none_opens_a_ticket_without_the_known_number(city: World) -> None:
    talk, agent = await city.wait_for_person("one"), await city.agent("a")
    await city.writing(lambda tx: city.lookup.keep_contact(tx, talk.citizen_id, name=NAME, phone=PHONE))
    await city.claim(talk, agent)
    path = f"/conversations/{talk.id}/tickets"
    none = await city.call("POST", path, agent, replace(FORM, phone="", name=""))
    known = await city.call("POST", path, agent, FORM)
    async with city.floor.database.transaction() as tx:
        hidden = await city.ticketing.tickets.show_identity(tx, none.number, "核实来电人留的电话", agent)
        shown = await city.ticketing.tickets.show_identity(tx, known.number, "核实来电人留的电话", agent)
    assert (hidden.name, hidden.phone) == ("", "")
    assert (shown.name, shown.phone) == (NAME, PHONE)


async def test_a_company_is_promised_what_companies_are_promised(city: World) -> None:
    talk, agent = await city.wait_for_person("one"), await city.agent("a")
    await city.claim(talk, agent)
    path = f"/conversations/{talk.id}/tickets"
    opened = {}
    for company in (True, False):
        number = (await city.call("POST", path, agent, replace(FORM, enterprise=company))).number
        async with city.floor.database.reading() as tx:
            opened[company] = await city.ticketing.queries.by_number(tx, number)
    assert (Flag.ENTERPRISE in opened[True].flags, Flag.ENTERPRISE in opened[False].flags) == (True, False)
    assert opened[True].clocks[0].due < opened[False].clocks[0].due


async def test_who_told_the_bot_not_to_call_is_offered_without_a_number(city: World) -> None:
    talk, agent = await city.ask("one", "桂城街道灯湖东路路灯昨晚坏了"), await city.agent("a")
    await city.writing(lambda tx: city.lookup.keep_contact(tx, talk.citizen_id, phone=PHONE))
    await city.ask("one", "不留电话")
    talk = await city.ask("one", "转人工")
    await city.claim(talk, agent)
    offered = await city.call("GET", f"/conversations/{talk.id}/assist", agent, query=AssistQuery())
    opened = await city.call("POST", f"/conversations/{talk.id}/tickets", agent, FORM)
    async with city.floor.database.transaction() as tx:
        identity = await city.ticketing.tickets.show_identity(tx, opened.number, "核实来电人留的电话", agent)
    assert (offered.draft.phone_masked, identity.phone) == ("", "")


async def test_p38_an_agent_sees_what_others_told_of_the_same_and_ties_the_talk_s_ticket_to_it(city: World) -> None:
    lamp = "桂城街道灯湖东路的路灯坏了三天没人修，晚上很黑"
    agent = await city.agent("a")
    first = await city.wait_for_person("one")
    await city.claim(first, agent)
    told = await city.call("POST", f"/conversations/{first.id}/tickets", agent, replace(FORM, text=lamp, where_text=""))
    talk = await city.ask("two", f"{lamp}，请尽快修")
    talk = await city.ask("two", "转人工")
    await city.claim(talk, agent)
    offered = await city.call("GET", f"/conversations/{talk.id}/assist", agent, query=AssistQuery())
    assert (offered.alike.number, offered.alike.persons) == (told.number, 1)
    form = replace(FORM, text=f"{lamp}，请尽快修", where_text="", same_as=told.number)
    opened = await city.call("POST", f"/conversations/{talk.id}/tickets", agent, form)
    async with city.floor.database.reading() as tx:
        ticket = await city.ticketing.queries.by_number(tx, opened.number)
    assert (ticket.state, ticket.parent, ticket.conversation) == (State.MERGED, told.number, talk.id)


async def test_photo_and_vote_from_the_chat_reach_the_ticket(city: World) -> None:
    await city.ask("one", "桂城街道灯湖东路路灯昨晚坏了")
    await city.ask("one", "不留电话")
    assert any("将交由：" in mail.text or "由分办员确定" in mail.text for mail in await city.heard("one"))
    await city.ask("one", "确认提交")
    talk = await city.ask("one", "", attachments=(PHOTO,))
    number = talk.tickets[0]
    ticket = await seen(city, number)
    assert [file.id for file in ticket.evidence] == [PHOTO.id]
    assert f"已补充到工单 {number}" in (await city.heard("one"))[-1].text
    await reply_to(city, ticket)
    offered = (await city.heard("one"))[-1].choices
    talk = await city.ask("one", offered[1].value)
    rated = await seen(city, number)
    assert rated.rating is not None
    assert (rated.rating.score, rated.rating.solved, rated.rating.channel) == (Score.SATISFIED, Solved.YES, "web")
    assert rated.state is State.CLOSED
    assert "谢谢您的评价" in (await city.heard("one"))[-1].text
    await city.ask("one", offered[4].value)
    assert (await seen(city, number)).rating == rated.rating


async def seen(city: World, number: str) -> Ticket:
    async with city.floor.database.reading() as tx:
        return await city.ticketing.queries.by_number(tx, number)


async def reply_to(city: World, ticket: Ticket) -> None:
    """The unit does its work and the reviewer releases the reply."""
    unit, now = lead_staff(ticket), city.clock.now()
    steps = (
        (Action.ACCEPT, unit, Form()),
        (Action.START, unit, Form(contacted_at=now, contact_how="用办公座机打通并核对了情况")),
        (Action.SUBMIT_RESULT, unit, Form(**RESULT)),
        (Action.RELEASE, REVIEWER, Form(text="路灯已经修好，恢复照明。", checked=CHECKED)),
    )
    for action, by, form in steps:
        async with city.floor.database.transaction() as tx:
            await city.ticketing.tickets.act(tx, ticket.number, action, form, by)
