"""A talk of a call-back has a relayed call behind it, or says why not and is looked at (ritual call-backs, P41;
domain.md section 6, rows 12 and 21)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.model import Staff
from directory.store.staff import StaffStore
from kernel.calls import CallResult, CallState
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.messages import Address
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from kernel.settings import Settings
from tests.ticketing.city import AGENT, BAD, GOOD, SUPERVISOR, VENDING, City, hotline, link
from tests.ticketing.test_calling import CITIZEN, OFFICER, Line
from ticketing.model.labels import Action, Outcome, SideAction, State
from ticketing.model.ticket import Ticket

REACHED: dict[str, Any] = {"channel": "phone", "reached": True}
BY_DESK_PHONE = REACHED | {"no_call_reason": "办公座机拨打"}


@pytest.fixture
async def caller(floor: Floor, clock: ManualClock, city: City) -> Line:
    """A call-back worker with a telephone."""
    channels = {"sms": {"relay_number": "+8675712345000"}}
    line = Line(hotline(replace(floor, settings=Settings(channels=channels)), clock, city))
    line.who = await worker(line, "caller")
    return line


async def worker(line: Line, name: str) -> Principal:
    roles = frozenset({Role.CALLBACK})
    async with line.desk.database.transaction() as tx:
        await StaffStore().add(tx, Staff(name, name, "某人", roles, ""), "x", line.desk.clock.now())
    return Principal(Kind.STAFF, name, "某人", roles)


async def voted_badly(line: Line) -> Ticket:
    desk = line.desk
    ticket = await desk.to_reply(await desk.open(VENDING, AGENT, contact=CITIZEN))
    return await desk.act(ticket, Action.RATE, link(ticket), **BAD)


async def log(line: Line, ticket: Ticket, by: Principal | None = None, **form: Any) -> Ticket:
    return await line.desk.act(ticket, SideAction.LOG_CALL, by or line.who, **form)


async def unproven(line: Line, ticket: Ticket) -> int:
    return sum(each.kind == "ticketing.TalkUnproven" for each in await line.desk.facts(ticket))


async def test_p41_a_talk_over_the_relay_proves_itself_and_says_who_picked_up(caller: Line) -> None:
    ticket = await voted_badly(caller)
    with pytest.raises(Invalid) as refused:
        await log(caller, ticket, **REACHED)
    assert refused.value.fields == {"no_call_reason": "no_call_on_record"}
    await caller.talked(ticket, "", seconds=133)
    (call,) = (await caller.shown(ticket))["calls"]
    assert (call["proves"], call["seconds"], call["asks"]) == (True, 133, True)
    # Why there is none is not kept where there is one.
    after = await log(caller, ticket, **BY_DESK_PHONE)
    (attempt,) = after.attempts
    assert (attempt.call, attempt.no_call_reason, attempt.unproven) == (call["id"], "", False)
    (call,) = (await caller.shown(ticket))["calls"]
    assert (call["proves"], call["asks"], call["heard_label"]) == (False, False, "已与市民通话")
    assert await unproven(caller, ticket) == 0


async def test_p41_one_call_proves_one_talk(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, "")
    await log(caller, ticket, **REACHED)
    with pytest.raises(Invalid):
        await log(caller, ticket, **REACHED)


@pytest.mark.parametrize("heard", ["voicemail", "nobody"])
async def test_p41_a_machine_that_picked_up_proves_no_talk(caller: Line, heard: str) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, heard)
    with pytest.raises(Invalid):
        await log(caller, ticket, **REACHED)
    attempt = (await log(caller, ticket, channel="phone", reached=False)).attempts[-1]
    assert (attempt.reached, attempt.unproven) == (False, False)


async def test_p41_somebody_else_who_picked_up_is_put_down_as_that_and_does_not_vote(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, "other")
    with pytest.raises(Invalid):
        await log(caller, ticket, **REACHED)
    missed: dict[str, Any] = {"channel": "phone", "reached": False}
    with pytest.raises(Invalid) as refused:
        await log(caller, ticket, **missed)
    assert refused.value.fields == {"text": "who_else_picked_up"}
    said = missed | {"text": "其女儿接听，称路灯已经修好，很满意"}
    with pytest.raises(Invalid) as refused:
        await log(caller, ticket, **said | {"other_person": True} | GOOD)
    assert refused.value.fields == {"other_person": "others_do_not_vote"}
    after = await log(caller, ticket, **said)
    (attempt,) = after.attempts
    assert (attempt.other, attempt.reached, attempt.unproven, attempt.told) == (True, False, False, None)
    assert after.rating == ticket.rating
    (shown,) = (await caller.web("GET", f"tickets/{ticket.number}", caller.who))["attempts"]
    assert (shown["other"], shown["note"]) == (True, said["text"])


async def test_p41_that_somebody_else_picked_up_is_said_of_the_call_by_the_form(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, "")
    with pytest.raises(Invalid) as refused:
        await log(caller, ticket, **REACHED, other_person=True, text="其同事接听，称本人出差")
    assert refused.value.fields == {"other_person": "citizen_or_other"}
    await log(caller, ticket, channel="phone", reached=False, other_person=True, text="其同事接听，称本人出差")
    (call,) = (await caller.shown(ticket))["calls"]
    assert call["heard"] == "other"


async def test_p41_a_call_nobody_answered_a_colleagues_or_one_of_before_proves_nothing(caller: Line) -> None:
    desk = caller.desk
    ticket = await desk.to_reply(await desk.open(VENDING, AGENT, contact=CITIZEN))
    await caller.talked(ticket)
    desk.clock.advance(timedelta(minutes=1))
    await desk.act(ticket, Action.RATE, link(ticket), **BAD)
    with pytest.raises(Invalid):
        await log(caller, ticket, **REACHED)
    await caller.call(ticket)
    await caller.turn(await caller.rung(), CallState.ENDED, CallResult.NO_ANSWER)
    with pytest.raises(Invalid):
        await log(caller, ticket, **REACHED)
    await caller.talked(ticket, "")
    with pytest.raises(Invalid):
        await log(caller, ticket, await worker(caller, "colleague"), **REACHED)
    with pytest.raises(Invalid):
        await log(caller, ticket, **REACHED | {"channel": "sms"})
    assert (await log(caller, ticket, **REACHED)).attempts[-1].reached


async def test_p41_a_talk_without_a_call_is_marked_and_stated_for_the_inspectors(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await log(caller, ticket, **BY_DESK_PHONE)
    assert await unproven(caller, ticket) == 1
    seen = await caller.web("GET", f"tickets/{ticket.number}", caller.who)
    (attempt,) = seen["attempts"]
    assert (attempt["unproven"], attempt["no_call_reason"]) == (True, "办公座机拨打")
    assert "无通话记录：办公座机拨打" in [line["note"] for line in seen["timeline"]]


async def test_p41_a_ritual_call_back_closes_nothing_over_the_citizens_own_vote(caller: Line) -> None:
    ticket = await voted_badly(caller)
    own = ticket.rating
    for hours in (0, 20, 30):
        caller.desk.clock.advance(timedelta(hours=hours))
        ticket = await log(caller, ticket, text="市民表示满意", **BY_DESK_PHONE, **GOOD)
    await log(caller, ticket, channel="sms", reached=False, no_call_reason="用办公手机发了短信")
    with pytest.raises(Conflict):
        await caller.desk.act(ticket, Action.CLOSE, caller.who)
    after = await caller.desk.now(ticket)
    assert (after.state, after.rating) == (State.CALL_BACK, own)


async def test_p41_clicks_without_a_call_are_refused_and_with_a_reason_looked_at(caller: Line) -> None:
    ticket = await voted_badly(caller)
    for channel in ("phone", "sms", "wechat", "visit"):
        caller.desk.clock.advance(timedelta(hours=13))
        with pytest.raises(Invalid):
            await log(caller, ticket, channel=channel, reached=False)
        ticket = await log(caller, ticket, channel=channel, reached=False, no_call_reason="线路故障，用手机联系")
    assert [attempt.unproven for attempt in ticket.attempts] == [True] * 4
    assert await unproven(caller, ticket) == 4


async def test_p41_a_call_in_which_nobody_spoke_is_the_record_of_a_try(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, "nobody")
    (call,) = (await caller.shown(ticket))["calls"]
    assert (call["tries"], call["proves"]) == (True, False)
    (attempt,) = (await log(caller, ticket, channel="phone", reached=False)).attempts
    assert (bool(attempt.call), attempt.unproven) == (True, False)
    assert not (await caller.shown(ticket))["calls"][0]["tries"]
    with pytest.raises(Invalid):
        await log(caller, ticket, channel="phone", reached=False)


async def test_p41_a_try_writes_to_the_citizen_where_they_wrote_from(caller: Line) -> None:
    ticket = await voted_badly(caller)
    assert ticket.address is not None
    own = ticket.address.channel
    seen = await caller.web("GET", f"tickets/{ticket.number}", caller.who)
    assert seen["call_back"]["writes_on"] == own
    before = len(await caller.desk.mails(ticket.address))
    (attempt,) = (await log(caller, ticket, channel=own, reached=False)).attempts
    assert (attempt.invited, attempt.unproven) == (True, False)
    written = await caller.desk.mails(ticket.address)
    assert len(written) == before + 1
    assert "没能联系上您" in written[-1].text
    assert "/rate/" in written[-1].text or "http" in written[-1].text
    assert await unproven(caller, ticket) == 0


async def test_whoever_wrote_from_the_web_is_written_to_there_and_nobody_else_is(caller: Line) -> None:
    desk = caller.desk
    web = await desk.to_reply(await desk.open(VENDING, AGENT, address=Address("web", "", "visitor"), contact=CITIZEN))
    web = await desk.act(web, Action.RATE, link(web), **BAD)
    sms = Address("sms", "12345", "13900139000")
    other = await desk.to_reply(await desk.open(VENDING, AGENT, address=sms, contact="13900139000"))
    other = await desk.act(other, Action.RATE, link(other), **BAD)

    async def channels(ticket: Ticket) -> dict[str, str]:
        seen = await caller.web("GET", f"tickets/{ticket.number}", caller.who)
        (log_call,) = [each for each in seen["actions"] if each["action"] == "log_call"]
        (field,) = [each for each in log_call["fields"] if each["name"] == "channel"]
        return {each["value"]: each["label"] for each in field["options"]}

    assert (await channels(web))["web"] == "网页对话"
    assert "web" not in await channels(other)
    (attempt,) = (await log(caller, web, channel="web", reached=False)).attempts
    assert attempt.invited
    seen = await caller.web("GET", f"tickets/{web.number}", caller.who)
    assert seen["attempts"][0]["channel"] == "网页对话"


async def test_a_colleague_closes_with_the_refusal_one_worker_proposed(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await log(caller, ticket, **BY_DESK_PHONE)
    by_law = {"legal_basis": "城乡规划法第四十条", "reason": "属违法加建，不能补证"}
    await caller.desk.act(ticket, SideAction.PROPOSE_REFUSAL, caller.who, **by_law)
    colleague = await worker(caller, "colleague")
    own = await caller.web("GET", f"tickets/{ticket.number}", caller.who)
    theirs = await caller.web("GET", f"tickets/{ticket.number}", colleague)
    assert "close" not in [each["action"] for each in own["actions"]]
    (close,) = [each for each in theirs["actions"] if each["action"] == "close"]
    assert close["label"].endswith("（同意依法不予支持）")
    assert (theirs["refusal"]["legal_basis"], theirs["refusal"]["text"]) == tuple(by_law.values())
    closed = await caller.desk.act(ticket, Action.CLOSE, colleague)
    assert (closed.state, closed.lawful_refusal) == (State.CLOSED, True)


async def test_a_supervisor_agrees_to_a_refusal_as_the_second_person_and_it_is_closed(caller: Line) -> None:
    ticket = await voted_badly(caller)
    by_law = {"legal_basis": "城乡规划法第四十条", "reason": "属违法加建，不能补证"}
    one = f"tickets/{ticket.number}"

    async def offered(by: Principal) -> set[str]:
        return {each["action"] for each in (await caller.web("GET", one, by))["actions"]}

    assert "agree_refusal" not in await offered(SUPERVISOR)
    with pytest.raises(Conflict, match="nothing_proposed"):
        await caller.desk.act(ticket, SideAction.AGREE_REFUSAL, SUPERVISOR)
    await log(caller, ticket, **BY_DESK_PHONE)
    await caller.desk.act(ticket, SideAction.PROPOSE_REFUSAL, caller.who, **by_law)
    both = Principal(caller.who.kind, caller.who.id, roles=frozenset({Role.CALLBACK, Role.SUPERVISOR}))
    assert "agree_refusal" not in await offered(both) | await offered(caller.who)
    with pytest.raises(NotAllowed, match="agrees_to_own_proposal"):
        await caller.desk.act(ticket, SideAction.AGREE_REFUSAL, both)
    assert "agree_refusal" in await offered(SUPERVISOR)
    seen = await caller.web("GET", one, SUPERVISOR)
    body = {"version": seen["version"], "form": {}}
    closed = await caller.web("POST", f"{one}/actions/agree_refusal", SUPERVISOR, body)
    assert closed["state"] == "closed"
    now = await caller.desk.now(ticket)
    assert (now.outcome, now.lawful_refusal) == (Outcome.EXPLAINED, True)
    assert [line["label"] for line in closed["timeline"][-2:]] == ["同意依法不能满足", "办结"]


async def test_who_picked_up_is_put_right_for_a_while_and_both_words_are_kept(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, "voicemail")
    (call,) = (await caller.shown(ticket))["calls"]
    assert call["correctable_until"]
    caller.desk.clock.advance(timedelta(minutes=9))
    after = await caller.hear(ticket, "reached")
    (call,) = after["calls"]
    assert (call["heard_label"], call["before_label"], call["proves"]) == ("已与市民通话", "语音信箱", True)
    said = [each.fact for each in await caller.desk.facts(ticket) if each.kind == "ticketing.CallJudged"]
    assert [(fact.heard, fact.before) for fact in said] == [("voicemail", None), ("reached", "voicemail")]
    await log(caller, ticket, **REACHED)
    with pytest.raises(Conflict) as refused:
        await caller.hear(ticket, "nobody")
    assert refused.value.code == "call_back_rests_on_it"


async def test_after_ten_minutes_who_picked_up_stays_as_it_was_said(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket, "voicemail")
    caller.desk.clock.advance(timedelta(minutes=10, seconds=1))
    (call,) = (await caller.shown(ticket))["calls"]
    assert call["correctable_until"] is None
    with pytest.raises(Conflict) as refused:
        await caller.hear(ticket, "reached")
    assert refused.value.code == "call_not_to_be_judged"


async def test_nobodys_number_is_in_what_a_call_back_shows(caller: Line) -> None:
    ticket = await voted_badly(caller)
    await caller.talked(ticket)
    await log(caller, ticket, **REACHED)
    shown = str(await caller.shown(ticket)) + str(await caller.web("GET", f"tickets/{ticket.number}", caller.who))
    assert CITIZEN not in shown
    assert OFFICER not in shown


async def agent_with_a_telephone(line: Line) -> Principal:
    roles = frozenset({Role.AGENT})
    async with line.desk.database.transaction() as tx:
        await StaffStore().add(tx, Staff("teller", "teller", "某人", roles, ""), "x", line.desk.clock.now())
    return Principal(Kind.STAFF, "teller", "某人", roles)


SAID = {"reason": "市民来电说已自行解决"}


async def test_an_agents_relayed_talk_stands_behind_a_withdrawal_and_nothing_is_looked_at(caller: Line) -> None:
    caller.who = agent = await agent_with_a_telephone(caller)
    ticket = await caller.desk.open(VENDING, AGENT, contact=CITIZEN)
    with pytest.raises(Invalid) as refused:
        await caller.desk.act(ticket, Action.WITHDRAW, agent, **SAID)
    assert refused.value.fields == {"no_call_reason": "no_wish_on_record"}
    await caller.talked(ticket)
    # What is said instead of a call is left out where there is one.
    ticket = await caller.desk.act(ticket, Action.WITHDRAW, agent, **SAID, no_call_reason="市民用本机号码来电提出")
    assert ticket.state is State.WITHDRAWN
    assert await unproven(caller, ticket) == 0
    async with caller.desk.database.reading() as tx:
        found = await caller.desk.room.queries.history(tx, ticket)
    assert [each.why for each in found if each.what == Action.WITHDRAW.value] == ["市民来电说已自行解决"]


@pytest.mark.parametrize("heard", ["other", "nobody", "voicemail"])
async def test_a_call_that_did_not_reach_the_citizen_stands_behind_no_withdrawal(caller: Line, heard: str) -> None:
    caller.who = agent = await agent_with_a_telephone(caller)
    ticket = await caller.desk.open(VENDING, AGENT, contact=CITIZEN)
    await caller.talked(ticket, heard)
    with pytest.raises(Invalid):
        await caller.desk.act(ticket, Action.WITHDRAW, agent, **SAID)


async def test_a_colleagues_call_stands_behind_no_withdrawal(caller: Line) -> None:
    ticket = await caller.desk.open(VENDING, AGENT, contact=CITIZEN)
    agent = await agent_with_a_telephone(caller)
    await caller.talked(ticket)
    with pytest.raises(Invalid):
        await caller.desk.act(ticket, Action.WITHDRAW, agent, **SAID)
    await caller.desk.act(ticket, Action.WITHDRAW, agent, **SAID, no_call_reason="市民用本机号码来电提出")
    assert await unproven(caller, ticket) == 1
