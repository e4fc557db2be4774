"""What is written down is read for danger and for who writes, in every channel; rules raise, people lower."""

from typing import Any

import pytest

from kernel.errors import Invalid, NotAllowed
from kernel.people import KeyScope, Kind, Principal
from tests.ticketing.city import AGENT, BOT, DISPATCHER, SUPERVISOR, Hotline, lead_staff, link
from tests.ticketing.test_api import Web
from ticketing.events import TicketOpened
from ticketing.model.labels import Action, Actor, ClockKind, Flag, SideAction, State, Urgency
from ticketing.model.ticket import Ticket
from ticketing.recognising import Recogniser

READ = Recogniser().read


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("某小区三楼着火，有人被困", "119"),
        ("有人正在砍人，快来", "110"),
        ("有人昏迷倒地没呼吸", "120"),
        ("厨房着咗火，阿婆困喺入面", "119"),
        ("楼下有个男人揸住把刀斩人", "110"),
        ("阿伯晕低咗，冇呼吸", "120"),
        ("前面翻车了，司机被夹住在流血", "122"),
    ],
)
async def test_danger_written_down_is_an_emergency(desk: Hotline, text: str, number: str) -> None:
    """P0: life, fire, crime in progress is never an unmarked ordinary ticket."""
    seen = await Web(desk)(
        "POST", "tickets", AGENT, {"kind": "help", "text": text, "where_text": "同济路25号", "phone": "13800138000"}
    )
    assert seen["urgency"] == "p0"
    assert seen["dangers"][0]["number"] == number
    assert seen["raised"].startswith("因：")


async def test_the_reason_stands_in_the_history_and_the_clocks_are_those_of_an_emergency(desk: Hotline) -> None:
    ticket = await desk.open("某小区三楼着火，有人被困", AGENT)
    (line,) = [record for record in await history(desk, ticket) if record.what == "recognise"]
    assert (line.why, line.actor) == ("因：着火、被困", Actor.TIMER)
    plain = await desk.open(by=AGENT)
    assert due(ticket) < due(plain)


async def history(desk: Hotline, ticket: Ticket) -> list[Any]:
    async with desk.database.reading() as tx:
        return list(await desk.room.queries.history(tx, ticket))


def due(ticket: Ticket) -> Any:
    clock = ticket.clock(ClockKind.TOTAL)
    assert clock is not None
    return clock.due


@pytest.mark.parametrize(
    "by",
    [
        BOT,
        AGENT,
        Principal(Kind.CITIZEN, id="c1"),
        Principal(Kind.KEY, id="k1", scopes=frozenset({KeyScope.OPEN311_POST})),
    ],
)
async def test_every_channel_is_read(desk: Hotline, by: Principal) -> None:
    ticket = await desk.open("同济路25号仓库起火，浓烟好大", by)
    assert ticket.urgency is Urgency.P0
    assert ticket.dangers == ("fire",)


async def test_an_emergency_only_the_bot_took_in_waits_for_a_person(desk: Hotline) -> None:
    ticket = await desk.open("同济路25号仓库起火，浓烟好大", BOT)
    assert (ticket.urgency, ticket.state) == (Urgency.P0, State.RECEIVED)


async def test_a_supplement_raises_and_the_answer_shows_whom_to_call(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT)
    assert ticket.urgency is Urgency.P2
    body = {"version": ticket.version, "form": {"text": "档主而家揸住把刀追住我斩"}}
    seen = await Web(desk)("POST", f"tickets/{ticket.number}/actions/add_evidence", AGENT, body)
    assert seen["urgency"] == "p0"
    assert [each["number"] for each in seen["dangers"]] == ["110"]
    # What agents say to the citizen is nothing an officer on the spot needs to read.
    assert seen["dangers"][0]["text"]
    shown = await Web(desk)("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    assert shown["dangers"] == [{"number": "110", "text": ""}]


async def test_what_the_citizen_was_asked_for_is_read_as_well(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT, matter="", area="")
    if ticket.state is not State.TRIAGE:
        ticket = await desk.act(ticket, Action.RECALL, DISPATCHER, reason="信息不全")
    ticket = await desk.act(ticket, Action.ASK_INFO, DISPATCHER, question="现在怎样？")
    ticket = await desk.act(ticket, Action.SUPPLY_INFO, link(ticket), text="有人晕倒在地，没有呼吸")
    assert ticket.urgency is Urgency.P0


async def test_rules_never_lower_and_a_person_needs_a_reason(desk: Hotline) -> None:
    """Score = the higher of rule and form; lowering needs a person and a reason, and stays until new words come."""
    ticket = await desk.open("路面塌陷了一个大洞", AGENT, urgency=Urgency.P0)
    assert ticket.urgency is Urgency.P0
    with pytest.raises(Invalid):
        await desk.act(ticket, SideAction.LOWER_URGENCY, DISPATCHER, urgency=Urgency.P2)
    ticket = await desk.act(
        ticket, SideAction.LOWER_URGENCY, DISPATCHER, urgency=Urgency.P2, reason="现场已设围挡，无危险"
    )
    assert (ticket.urgency, ticket.dangers) == (Urgency.P2, ())
    ticket = await desk.act(ticket, SideAction.ADD_EVIDENCE, AGENT, text="补充门牌号：同济路25号")
    assert ticket.urgency is Urgency.P2
    ticket = await desk.act(ticket, SideAction.ADD_EVIDENCE, AGENT, text="啱啱有人跌咗落去，叫救护车")
    assert ticket.urgency is Urgency.P0


async def test_the_rule_is_no_part_of_anybody(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT)
    for by in (AGENT, DISPATCHER, SUPERVISOR, BOT):
        with pytest.raises(NotAllowed):
            await desk.act(ticket, SideAction.RECOGNISE, by, urgency=Urgency.P0, reason="因：着火")


@pytest.mark.parametrize(
    "text", ["去年三楼着火，想问赔偿", "火灾保险怎么买", "消防通道被占，万一着火就惨了", "想问防溺水讲座几时有"]
)
def test_what_is_only_spoken_of_raises_nothing(text: str) -> None:
    assert READ(text).urgency is None


# -- who writes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("我是小学生，爸爸打我", Flag.MINOR),
        ("我系初中生，成日俾同学蝦", Flag.MINOR),
        ("我今年十三岁，老板叫我去打工", Flag.MINOR),
        ("我仲未满18岁，佢哋扣住我份工资", Flag.MINOR),
        ("我司门前道路封闭一个月，货车进不来", Flag.ENTERPRISE),
        ("我们企业申请用电三个月没批", Flag.ENTERPRISE),
        ("我哋厂门口水浸，开唔到工", Flag.ENTERPRISE),
        ("我开了一家餐馆，隔壁工地断了水", Flag.ENTERPRISE),
        ("我今年82岁，住七楼没电梯", Flag.ELDER_OR_DISABLED),
        ("我系盲人，盲道俾人占晒", Flag.ELDER_OR_DISABLED),
        ("楼上独居老人好几日冇见出门", Flag.ELDER_OR_DISABLED),
    ],
)
def test_who_writes_is_known_by_the_words(text: str, flag: Flag) -> None:
    assert flag in READ(text).flags


@pytest.mark.parametrize(
    "text",
    [
        "我们公司拖欠工资三个月",
        "我公司不给我交社保",
        "楼下商户占道经营",
        "我儿子是小学生，学校门口太堵",
        "我家孩子读小学三年级，校车取消了",
        "老人卡怎么办理",
        "残疾人证去哪里换",
        "我公司楼下的井盖晃动",
    ],
)
def test_words_about_others_flag_nobody(text: str) -> None:
    assert READ(text).flags == frozenset()


async def test_the_fact_of_the_opening_tells_the_urgency_its_words_raised(desk: Hotline) -> None:
    ticket = await desk.open("某小区三楼着火，有人被困", AGENT)
    (opened,) = [each.fact for each in await desk.facts(ticket) if isinstance(each.fact, TicketOpened)]
    assert (ticket.urgency, opened.urgency) == (Urgency.P0, Urgency.P0)
