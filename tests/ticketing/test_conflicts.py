"""Nobody gets by themselves what is told against them."""

import pytest

from directory.model import Level, Unit
from kernel.errors import Invalid
from kernel.people import Role
from tests.ticketing.city import DISPATCHER, VENDING, lead_staff, staff
from tests.ticketing.test_api import Web, web
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import Action, Secrecy, SideAction, State, TicketKind
from ticketing.rules.conflicts import Told, avoided, named

__all__ = ["web"]

VILLAGE = Unit("CW", "平安村民委员会", "平安村委会", Level.VILLAGE, "v1")
OTHER_VILLAGE = Unit("CW2", "和平村民委员会", "和平村委会", Level.VILLAGE, "v2")
TOWN = Unit("JD", "祖庙街道办事处", "祖庙街道办", Level.TOWN, "t1")
STATION = Unit("CG", "市城市管理和综合执法局", "市城管执法局", Level.CITY, "c")
PROPERTY = Unit("WY", "安居物业服务有限公司", "安居物业", Level.VILLAGE, "v1")
OFFICE = Unit("ZF", "某某市某某区祖庙街道综合行政执法办公室", "祖庙综合执法办", Level.TOWN, "t1")
ELSEWHERE = Unit("ZF2", "某某市某某区南庄镇综合行政执法办公室", "南庄综合执法办", Level.TOWN, "t2")
UNITS = (VILLAGE, OTHER_VILLAGE, TOWN, STATION, PROPERTY, OFFICE, ELSEWHERE)
AROUND = {"c", "t1", "v1"}


def against(text: str, kind: TicketKind = TicketKind.REPORT, secrecy: Secrecy = Secrecy.NORMAL) -> set[str]:
    names = {unit.code: (unit.code, unit.name, unit.short_name) for unit in UNITS}
    return set(named(Told(text, kind, secrecy), UNITS, names.__getitem__, AROUND))


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("平安村委会低价出租集体土地", {"CW"}),
        ("村干部把救灾款分给了亲戚", {"CW"}),
        ("祖庙街道办事处的工作人员收了钱", {"JD"}),
        ("街道办领导包庇违建", {"JD"}),
        ("城管执法局的人和摊贩勾结", {"CG"}),
        ("物业挪用维修资金", {"WY"}),
        ("祖庙街道综合行政执法办公室的人收红包", {"ZF"}),
        ("南庄镇综合行政执法办公室的人收红包", set()),
        ("有人在河边烧垃圾，请市城管执法局尽快处理", set()),
        ("已向祖庙街道办反映三次，工厂还在偷排", set()),
        ("要求村委会公开账目是应该的，但工厂一直偷排", set()),
        ("工厂偷排废水", set()),
    ],
)
def test_who_a_report_is_against(text: str, codes: set[str]) -> None:
    assert against(text) == codes


def test_an_ordinary_complaint_must_accuse_and_a_question_has_no_party() -> None:
    text = "祖庙街道办旁边的路灯坏了"
    assert against(text, TicketKind.COMPLAINT) == set()
    assert against("祖庙街道办推诿不作为", TicketKind.COMPLAINT) == {"JD"}
    assert against("祖庙街道办推诿不作为", TicketKind.CONSULT) == set()
    assert against(text, TicketKind.HELP, Secrecy.CONFIDENTIAL) == {"JD"}


def test_a_party_leaves_the_supporting_units_and_as_lead_waits_behind_the_unit_above() -> None:
    decision = DispatchDecision(True, (Candidate("CG", 0.9, supporting=("JD", "X")),), ("因为",), 0.8)
    helped = avoided(decision, {"JD"}, [])
    assert (helped.automatic, helped.candidates[0].supporting, helped.conflicts) == (True, ("X",), ("JD",))
    led = avoided(decision, {"CG"}, [Candidate("ZF", 0.0)])
    assert (led.automatic, [each.unit for each in led.candidates]) == (False, ["ZF", "CG"])
    assert avoided(decision, set(), []) is decision


async def test_a_unit_named_in_a_report_does_not_lead_by_itself_and_the_one_above_is_proposed(web: Web) -> None:
    plain = await web.desk.open(kind=TicketKind.REPORT)
    assert plain.lead is not None
    unit = web.desk.lookup.unit(plain.lead.unit)
    ticket = await web.desk.open(f"{VENDING}，{unit.short_name}的人收了摊贩的钱", kind=TicketKind.REPORT)
    assert (ticket.state, ticket.lead) == (State.TRIAGE, None)
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    decision = seen["decision"]
    assert [each["value"] for each in decision["conflicts"]] == [unit.code]
    assert decision["lines"][0].startswith(f"利益回避：诉求针对{unit.name}")
    assert decision["candidates"][0]["unit"] != unit.code
    assert decision["candidates"][-1]["unit"] == unit.code
    dispatch = next(each for each in seen["actions"] if each["action"] == "dispatch")
    proposed = next(field["value"] for field in dispatch["fields"] if field["name"] == "unit")
    assert proposed == decision["candidates"][0]["unit"]
    sent = await web.desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=proposed, basis="利益回避")
    assert sent.state is State.DISPATCHED


async def test_a_unit_does_not_hand_a_matter_down_to_the_one_it_is_against(web: Web) -> None:
    below = next(unit for unit in web.desk.lookup.units() if unit.level is Level.TOWN and len(unit.short_name) > 4)
    ticket = await web.desk.open(f"{VENDING}，{below.short_name}的人收了摊贩的钱", kind=TicketKind.REPORT)
    if ticket.lead is None:
        lead = next(unit for unit in web.desk.lookup.units() if unit.code == "FS-CG")
        ticket = await web.desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=lead.code, basis="利益回避")
    unit = lead_staff(ticket)
    await web.desk.act(ticket, Action.ACCEPT, unit)
    with pytest.raises(Invalid) as refused:
        await web.desk.act(ticket, SideAction.SUB_DISPATCH, staff(Role.LIAISON, unit=unit.unit), unit=below.code)
    assert refused.value.fields == {"unit": "named_in_matter"}
