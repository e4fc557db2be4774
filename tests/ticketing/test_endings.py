"""However a ticket ends without being worked on, the citizen reads why, by what rule, and what they can do now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from kernel.clock import ManualClock
from kernel.errors import Invalid
from kernel.room import Floor
from kernel.settings import Settings
from tests.schedule import ZONE
from tests.ticketing.city import (
    AGENT,
    DISPATCHER,
    PHONE,
    PROOF,
    SUPERVISOR,
    VENDING,
    City,
    Hotline,
    address,
    hotline,
    lead_staff,
    link,
)
from tests.ticketing.making import PLAN_DONE
from tests.ticketing.test_actions import UNCLEAR
from tests.ticketing.test_api import Web
from tests.ticketing.test_lateness import Watch
from ticketing.model.labels import Action, ClockKind, SideAction, State, Urgency


@pytest.fixture
def web(desk: Hotline) -> Web:
    """A caller of the routes."""
    return Web(desk)


@pytest.fixture
async def watch(floor: Floor, clock: ManualClock, city: City) -> Watch:
    """A hotline whose people are told of what is late."""
    channels: dict[str, dict[str, Any]] = {"wecom": {}}
    return await Watch(hotline(replace(floor, settings=Settings(channels=channels)), clock, city)).move_in()


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


async def test_what_is_handed_over_is_ours_until_somebody_of_the_other_side_is_named(watch: Watch) -> None:
    desk, web = watch.desk, watch.web
    ticket = await desk.open(**UNCLEAR, urgency=Urgency.P0, contact=PHONE)
    ticket = await desk.act(ticket, Action.HAND_OVER, AGENT, platform="119", reason="起火，已三方通话转接")
    clock = ticket.clock(ClockKind.RECEIPT)
    assert clock is not None
    assert (clock.running, clock.due - clock.started) == (True, timedelta(minutes=15))
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, Action.RECEIPT, AGENT)
    assert raised.value.fields == {"handler": "required", "reason": "required"}
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, Action.RECEIPT, AGENT, handler="-", reason="好")
    assert raised.value.fields == {"handler": "other_side_unnamed", "reason": "reason_too_short"}
    since = desk.clock.now()
    await watch.until(f"{(since + timedelta(minutes=20)).astimezone(ZONE):%Y-%m-%d %H:%M}", step=timedelta(minutes=1))
    late = [(who, what) for _, who, what in await watch.told(ticket) if what == "对方超时未接收"]
    assert late == [("lead", "对方超时未接收"), ("supervisor", "对方超时未接收")]
    ticket = await desk.act(ticket, Action.RECEIPT, AGENT, handler="接警员0731", reason="消防车已出动")
    assert ticket.clock(ClockKind.RECEIPT) is None or not ticket.clocks[-1].running
    told = (await desk.mails(ticket.address or address("one")))[-1].text
    assert told.startswith(f"您的诉求（{ticket.number}）已由119接收，由其负责办理，本热线予以办结。")
    page = await web("GET", "track/x", link(ticket))
    assert (page["state_label"], page["timeline"][-1]["note"]) == ("已办结，由119办理", "由119办理")


async def test_an_emergency_an_agent_wrote_down_is_theirs_to_hand_over_until_a_person_sends_it_on(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open(f"{VENDING}，档主而家揸住把刀追住我斩", AGENT)
    assert (ticket.urgency, ticket.state) == (Urgency.P0, State.TRIAGE)
    clock = ticket.clock(ClockKind.DISPATCH)
    assert clock is not None
    assert clock.due - clock.started == timedelta(minutes=5)
    seen = await web("GET", f"tickets/{ticket.number}", AGENT)
    offered = {each["action"]: each["primary"] for each in seen["actions"]}
    assert offered["hand_over"]
    handed = await desk.act(ticket, Action.HAND_OVER, AGENT, platform="110", reason="持刀追砍，已转接110")
    assert handed.state is State.HANDED_OVER


async def test_a_dispatcher_may_send_an_emergency_to_a_unit(desk: Hotline) -> None:
    plain = await desk.open(by=AGENT)
    assert plain.lead is not None
    ticket = await desk.open(f"{VENDING}，档主而家揸住把刀追住我斩", AGENT)
    ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=plain.lead.unit)
    assert ticket.state is State.DISPATCHED


async def test_shelving_and_its_end_are_told_in_whole_sentences_with_the_year_and_the_way_back(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    unit = lead_staff(ticket)
    await desk.act(ticket, Action.ACCEPT, unit)
    spoken = {"contacted_at": desk.clock.now(), "contact_how": "用办公座机打通并核对了情况"}
    await desk.act(ticket, Action.START, unit, **spoken)
    review = datetime(desk.clock.now().year, 12, 31, 1, tzinfo=UTC)
    desk.clock.set(review - timedelta(days=20))
    plan = {"plan": "改造", "owner": "经办人", "public_text": "已列入改造计划"}
    review += timedelta(days=60)
    ticket = await desk.act(ticket, Action.SHELVE, SUPERVISOR, review_at=review, **plan)
    to = ticket.address or address("one")
    day = f"{review.year}年{review.month}月{review.day}日"
    assert (await desk.mails(to))[-1].text.endswith(f"已列入计划。已列入改造计划。我们将于{day}复查。")
    assert (await web("GET", "track/x", link(ticket)))["state_label"] == f"已说明，将于{day}复查"
    ticket = await desk.act(ticket, Action.CLOSE_SHELVED, SUPERVISOR, **PLAN_DONE)
    told = (await desk.mails(to))[-1].text
    assert "的挂账已办结，说明如下：\n已列入改造计划\n整条路的灯具已提前更换\n" in told
    assert "请在详情页要求重新办理" in told
    assert "rehandle" in (await web("GET", "track/x", link(ticket)))["can"]


async def test_what_an_agent_withdraws_for_a_citizen_says_who_and_why_and_is_looked_at(web: Web) -> None:
    desk = web.desk
    ticket = await desk.open()
    with pytest.raises(Invalid) as raised:
        await desk.act(ticket, Action.WITHDRAW, AGENT, reason="市民说已自行解决")
    assert raised.value.fields == {"no_call_reason": "no_wish_on_record"}
    form = {"reason": "市民说已自行解决", "no_call_reason": "市民上午来电用本机号码提出"}
    ticket = await desk.act(ticket, Action.WITHDRAW, AGENT, **form)
    assert "ticketing.TalkUnproven" in [each.kind for each in await desk.facts(ticket)]
    why = "由热线工作人员按您的要求登记，原因：市民说已自行解决。"
    told = (await desk.mails(ticket.address or address("one")))[-1].text
    assert told.startswith(f"您的诉求（{ticket.number}）已撤回。{why}如非您本人意愿或仍需办理，")
    page = await web("GET", "track/x", link(ticket))
    assert page["timeline"][-1]["note"] == f"{why}仍需办理的，请重新提交或联系热线并报此编号。"


async def test_the_citizens_own_file_stands_behind_a_withdrawal(desk: Hotline) -> None:
    ticket = await desk.act(await desk.open(), Action.WITHDRAW, AGENT, reason="市民说已自行解决", evidence=PROOF)
    assert (ticket.state, ticket.evidence[-1:]) == (State.WITHDRAWN, PROOF)
