"""An officer calls the citizen without either number being seen; what comes of it stands on the ticket."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.model import Staff
from directory.store.staff import StaffStore
from kernel.calls import CallOrder, CallResult, CallState
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.messages import Address
from kernel.people import Kind, Principal, Role
from kernel.relay import Relay
from kernel.room import Floor
from kernel.settings import Settings
from tests.ticketing.city import AGENT, DISPATCHER, VENDING, City, Hotline, hotline, lead_staff
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, ClockKind, Secrecy, SideAction, State
from ticketing.model.ticket import ContactProof, Ticket

CITIZEN = "13900139000"
OFFICER = "13700137000"


class Line:
    """A unit's handler with a telephone, and the exchange that a test plays."""

    def __init__(self, desk: Hotline) -> None:
        self.desk = desk
        self.web = Web(desk)
        self.relay = Relay(desk.floor.vault, desk.clock, desk.floor.bell)
        self.who = DISPATCHER

    async def open(self, **more: Any) -> Ticket:
        ticket = await self.desk.open(VENDING, AGENT, **{"contact": CITIZEN, **more})
        unit = lead_staff(ticket).unit
        if self.who is DISPATCHER:
            member = Staff("handler", "handler", "某人", frozenset({Role.HANDLER}), unit)
            async with self.desk.database.transaction() as tx:
                await StaffStore().add(tx, member, "x", self.desk.clock.now())
            self.who = Principal(Kind.STAFF, "handler", "某人", frozenset({Role.HANDLER}), unit)
        return ticket

    async def call(self, ticket: Ticket, **form: str) -> Any:
        return await self.web("POST", f"tickets/{ticket.number}/calls", self.who, form)

    async def shown(self, ticket: Ticket) -> Any:
        return await self.web("GET", f"tickets/{ticket.number}/calls", self.who)

    async def rung(self) -> CallOrder:
        async with self.desk.database.transaction() as tx:
            order = await self.relay.claim(tx)
        assert order is not None
        return order

    async def turn(self, order: CallOrder, state: CallState, result: CallResult | None = None) -> None:
        async with self.desk.database.transaction() as tx:
            await self.relay.turn(tx, order.id, state, result)

    async def talked(self, ticket: Ticket, heard: str = "reached", seconds: int = 65) -> None:
        await self.call(ticket, phone=OFFICER)
        order = await self.rung()
        await self.turn(order, CallState.TALKING)
        self.desk.clock.advance(timedelta(seconds=seconds))
        await self.turn(order, CallState.ENDED, CallResult.ANSWERED)
        await self.desk.room.calling.note()
        if heard:
            await self.hear(ticket, heard)

    async def hear(self, ticket: Ticket, heard: str, by: Principal | None = None) -> Any:
        (call, *_) = (await self.shown(ticket))["calls"]
        path = f"tickets/{ticket.number}/calls/{call['id']}/heard"
        return await self.web("POST", path, by or self.who, {"heard": heard})


@pytest.fixture
async def line(floor: Floor, clock: ManualClock, city: City) -> Line:
    channels = {"sms": {"relay_number": "+8675712345000"}}
    return Line(hotline(replace(floor, settings=Settings(channels=channels)), clock, city))


async def test_the_officer_is_asked_for_their_number_once_and_nobodys_number_is_in_any_answer(line: Line) -> None:
    ticket = await line.open()
    with pytest.raises(Invalid) as caught:
        await line.call(ticket)
    assert caught.value.fields == {"phone": "required"}
    answer = await line.call(ticket, phone="137 0013 7000")
    assert (answer["hindrance"], answer["knows_phone"], answer["calls"][0]["state_label"]) == ("", True, "正在拨号")
    order = await line.rung()
    assert (order.officer, order.citizen) == (OFFICER, CITIZEN)
    said = f"{answer}{order}{await line.shown(ticket)}"
    assert OFFICER not in said
    assert CITIZEN not in said
    await line.turn(order, CallState.ENDED, CallResult.NO_ANSWER)
    await line.call(ticket)
    assert (await line.rung()).officer == OFFICER


async def test_a_call_that_reached_the_citizen_is_the_first_contact_and_the_work_may_begin(line: Line) -> None:
    ticket = await line.open()
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    with pytest.raises(Invalid):
        await line.desk.act(ticket, Action.START, line.who)
    await line.talked(ticket)
    after = await line.desk.now(ticket)
    assert after.first_contact == line.desk.clock.now() - timedelta(seconds=65)
    assert not [clock for clock in after.clocks if clock.kind is ClockKind.FIRST_CONTACT and clock.stopped is None]
    shown = await line.web("GET", f"tickets/{ticket.number}", line.who)
    assert [each["fields"] for each in shown["actions"] if each["action"] == "start"] == [[]]
    assert (await line.desk.act(ticket, Action.START, line.who)).state is State.IN_PROGRESS
    (call,) = (await line.shown(ticket))["calls"]
    assert (call["result_label"], call["seconds"], call["who"], call["running"]) == ("已接通", 65, "某人", False)
    facts = [each for each in await line.desk.facts(ticket) if each.kind == "ticketing.CitizenCalled"]
    assert [(each.fact.result, each.fact.seconds) for each in facts] == [(CallResult.ANSWERED, 65)]
    assert await line.desk.room.calling.note() is False


@pytest.mark.parametrize(("heard", "label"), [("voicemail", "语音信箱"), ("nobody", "接通但无人应答"), ("", "")])
async def test_a_line_that_was_answered_by_no_citizen_is_no_contact(line: Line, heard: str, label: str) -> None:
    ticket = await line.open()
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    await line.talked(ticket, heard, seconds=4)
    assert (await line.desk.now(ticket)).first_contact is None
    with pytest.raises(Invalid):
        await line.desk.act(ticket, Action.START, line.who)
    (call,) = (await line.shown(ticket))["calls"]
    assert (call["result"], call["heard_label"], call["asks"]) == ("answered", label, not heard)
    said = [each.fact.heard for each in await line.desk.facts(ticket) if each.kind == "ticketing.CallJudged"]
    assert [each.value for each in said] == ([heard] if heard else [])


async def test_who_picked_up_is_said_by_whoever_called_and_once_after_a_while(line: Line) -> None:
    ticket = await line.open()
    await line.talked(ticket, "")
    colleague = replace(line.who, id="colleague")
    with pytest.raises(NotFound):
        await line.hear(ticket, "reached", colleague)
    await line.hear(ticket, "voicemail")
    with pytest.raises(Conflict):
        await line.hear(ticket, "voicemail")
    line.desk.clock.advance(timedelta(minutes=11))
    with pytest.raises(Conflict):
        await line.hear(ticket, "reached")
    await line.talked(ticket)
    assert (await line.desk.now(ticket)).first_contact is not None


async def test_a_wrong_tap_that_made_a_first_contact_is_put_right_and_the_clock_goes_on(line: Line) -> None:
    ticket = await line.open()
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    await line.talked(ticket)
    assert (await line.desk.now(ticket)).first_contact is not None
    await line.hear(ticket, "voicemail")
    after = await line.desk.now(ticket)
    assert after.first_contact is None
    assert [clock for clock in after.clocks if clock.kind is ClockKind.FIRST_CONTACT and clock.running]
    with pytest.raises(Invalid):
        await line.desk.act(ticket, Action.START, line.who)
    assert "ticketing.ContactTakenBack" in [each.kind for each in await line.desk.facts(ticket)]
    await line.hear(ticket, "reached")
    assert (await line.desk.now(ticket)).first_contact == after.updated - timedelta(seconds=65)


async def test_a_wrong_tap_that_missed_the_first_contact_is_put_right(line: Line) -> None:
    ticket = await line.open()
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    await line.talked(ticket, "voicemail")
    await line.hear(ticket, "reached")
    assert (await line.desk.now(ticket)).first_contact is not None


async def test_another_contact_than_the_call_is_not_taken_back(line: Line) -> None:
    ticket = await line.open()
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    logged = line.desk.clock.now()
    await line.desk.act(
        ticket, SideAction.LOG_CONTACT, line.who, contacted_at=logged, contact_how="用办公座机打通并核对了情况"
    )
    line.desk.clock.advance(timedelta(minutes=1))
    await line.talked(ticket)
    await line.hear(ticket, "voicemail")
    assert (await line.desk.now(ticket)).first_contact == logged
    with pytest.raises(Conflict):
        await line.desk.act(ticket, SideAction.TAKE_BACK_CONTACT, line.who, contacted_at=logged + timedelta(seconds=1))


@pytest.mark.parametrize("result", [CallResult.BUSY, CallResult.NO_ANSWER, CallResult.OFFICER_AWAY, CallResult.FAILED])
async def test_a_call_nobody_answered_is_kept_and_is_no_contact(line: Line, result: CallResult) -> None:
    ticket = await line.open()
    await line.call(ticket, phone=OFFICER)
    await line.turn(await line.rung(), CallState.ENDED, result)
    assert await line.desk.room.calling.note()
    assert (await line.desk.now(ticket)).first_contact is None
    (call,) = (await line.shown(ticket))["calls"]
    assert (call["result"], call["seconds"]) == (result.value, 0)
    assert "ticketing.CitizenCalled" in [each.kind for each in await line.desk.facts(ticket)]


async def test_one_call_at_a_time_about_a_ticket(line: Line) -> None:
    ticket = await line.open()
    await line.call(ticket, phone=OFFICER)
    with pytest.raises(Conflict) as caught:
        await line.call(ticket)
    assert caught.value.code == "call_going_on"


async def test_a_call_about_a_ticket_that_has_gone_to_another_unit_is_noted_and_changes_nothing(line: Line) -> None:
    ticket = await line.open()
    await line.call(ticket, phone=OFFICER)
    order = await line.rung()
    await line.turn(order, CallState.TALKING)
    await line.desk.act(ticket, Action.RECALL, DISPATCHER, reason="派单有误")
    await line.turn(order, CallState.ENDED, CallResult.ANSWERED)
    await line.desk.room.calling.note()
    assert (await line.desk.now(ticket)).first_contact is None
    assert "ticketing.CitizenCalled" in [each.kind for each in await line.desk.facts(ticket)]


async def test_what_hinders_a_call_is_said_before_anybody_presses_the_button(
    line: Line, floor: Floor, clock: ManualClock, city: City
) -> None:
    ticket = await line.open()
    without = Web(hotline(floor, clock, city))
    shown = await without("GET", f"tickets/{ticket.number}/calls", line.who)
    assert shown["hindrance"] == "relay_not_set_up"
    with pytest.raises(Conflict) as caught:
        await without("POST", f"tickets/{ticket.number}/calls", line.who, {"phone": OFFICER})
    assert caught.value.code == "relay_not_set_up"
    assert (await line.shown(await line.open(contact="")))["hindrance"] == "no_phone_of_citizen"
    secret = await line.open(secrecy=Secrecy.CONFIDENTIAL)
    if (await line.shown(secret))["hindrance"]:
        with pytest.raises(NotAllowed):
            await line.call(secret, phone=OFFICER)


async def test_nobody_calls_about_a_ticket_that_is_none_of_theirs(line: Line) -> None:
    ticket = await line.open()
    stranger = replace(line.who, id="other", unit="NOBODY")
    with pytest.raises(NotFound):
        await line.web("POST", f"tickets/{ticket.number}/calls", stranger, {"phone": OFFICER})
    with pytest.raises(NotAllowed):
        await line.web("POST", f"tickets/{ticket.number}/calls", DISPATCHER, {"phone": OFFICER})


async def test_work_is_begun_on_a_call_whose_caller_has_not_said_yet_that_it_was_the_citizen(line: Line) -> None:
    ticket = await line.open()
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    with pytest.raises(Invalid) as refused:
        await line.desk.act(ticket, Action.START, line.who, contacted_at=line.desk.clock.now())
    assert refused.value.fields == {"contact_how": "no_contact_on_record"}
    await line.talked(ticket, "")
    begun = line.desk.clock.now() - timedelta(seconds=65)
    line.desk.clock.advance(timedelta(minutes=3))
    # How it was made is not kept where a call says it.
    after = await line.desk.act(
        ticket, Action.START, line.who, contacted_at=line.desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )
    (call,) = (await line.shown(ticket))["calls"]
    assert (after.first_contact, after.contact_counted) == (begun, begun)
    assert after.contact_proof == ContactProof(call=call["id"])
    assert (call["heard_label"], call["asks"]) == ("已与市民通话", False)
    (fact,) = [each.fact for each in await line.desk.facts(ticket) if each.kind == "ticketing.CitizenContacted"]
    assert (fact.contacted, fact.call, fact.unproven) == (begun, call["id"], False)
    shown = await line.web("GET", f"tickets/{ticket.number}", line.who)
    assert (shown["contact"]["rests_on"], shown["contact"]["unproven"]) == ("call", False)
    assert "无通话记录" not in str(shown["timeline"])


async def test_a_call_proves_a_first_contact_of_the_unit_that_made_it_and_of_no_machine(line: Line) -> None:
    ticket = await line.open()
    await line.talked(ticket, "")
    colleague = replace(line.who, id="colleague")
    when = {"contacted_at": line.desk.clock.now()}
    # Who picked up is the caller's to say.
    with pytest.raises(Invalid):
        await line.desk.act(ticket, SideAction.LOG_CONTACT, colleague, **when)
    await line.hear(ticket, "voicemail")
    with pytest.raises(Invalid):
        await line.desk.act(ticket, SideAction.LOG_CONTACT, line.who, **when)
    after = await line.desk.act(ticket, SideAction.LOG_CONTACT, line.who, **when, contact_how="拨打13900139000打通了她")
    shown = await line.web("GET", f"tickets/{ticket.number}", line.who)
    assert (shown["contact"]["rests_on"], shown["contact"]["unproven"]) == ("word", True)
    assert "打通了她" in shown["contact"]["how"]
    assert CITIZEN not in f"{after}{shown}"
    (fact,) = [each.fact for each in await line.desk.facts(ticket) if each.kind == "ticketing.CitizenContacted"]
    assert (fact.call, fact.unproven) == ("", True)


async def contact_form(line: Line, ticket: Ticket) -> dict[str, dict[str, Any]]:
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    seen = await line.web("GET", f"tickets/{ticket.number}", line.who)
    (start,) = [each for each in seen["actions"] if each["action"] == "start"]
    return {each["name"]: each for each in start["fields"]}


async def test_a_message_is_offered_only_where_one_reaches_the_citizen(line: Line) -> None:
    wrote = await contact_form(line, await line.open(address=Address("web", "site", "v1")))
    assert "contact_text" in wrote
    assert "发消息" in wrote["contacted_at"]["when"]
    texted = await line.open(address=None)
    assert "contact_text" in await contact_form(line, texted)
    words = "路灯班组今天下午到现场检修，请保持电话畅通"
    await line.desk.act(texted, Action.START, line.who, contact_text=words)
    assert any(words in each.text for each in await line.desk.mails(Address("sms", "citizens", CITIZEN)))
    rung_up = await contact_form(line, await line.open(contact="057712345678", address=None))
    assert "contact_text" not in rung_up
    assert "没有留下可以发消息的方式，请打电话联系" in rung_up["contacted_at"]["hint"]
    assert "发消息" not in rung_up["contacted_at"]["when"]
    secret = await contact_form(line, await line.open(secrecy=Secrecy.CONFIDENTIAL, address=None))
    assert "contact_text" not in secret
    assert "不向市民发短信" in secret["contacted_at"]["hint"]


async def test_a_message_through_the_house_reaches_the_citizen_and_is_the_first_contact(line: Line) -> None:
    home = Address("web", "site", "v1")
    ticket = await line.open(address=home)
    await line.desk.act(ticket, Action.ACCEPT, line.who)
    words = "路灯班组今天下午到现场检修，请保持电话畅通"
    after = await line.desk.act(ticket, Action.START, line.who, contact_text=words)
    assert (after.first_contact, after.state) == (line.desk.clock.now(), State.IN_PROGRESS)
    assert any(words in each.text for each in await line.desk.mails(home))
    shown = await line.web("GET", f"tickets/{ticket.number}", line.who)
    assert (shown["contact"]["rests_on"], shown["contact"]["unproven"]) == ("message", False)
