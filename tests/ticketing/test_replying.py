"""What a reviewer sends is looked over as it is sent: a leak never goes out, another fault only with a reason."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from kernel.database import metadata
from kernel.errors import Conflict, Invalid
from kernel.people import Principal
from tests.ticketing.city import (
    CHECKED,
    DISPATCHER,
    PHONE,
    REPLY,
    REVIEWER,
    SUPERVISOR,
    VENDING,
    Hotline,
    address,
    lead_staff,
)
from tests.ticketing.making import ticket as draft
from tests.ticketing.test_api import Web, web
from ticketing.model.labels import Action, Outcome, State, TicketKind
from ticketing.model.ticket import Result, Ticket
from ticketing.rules.checks import Check, Stop
from ticketing.rules.replycheck import check_reply

__all__ = ["web"]

WHY = "已电话核实，诉求人只关心占道一事"
ALLOWED = "您好，您反映的烧烤档占道经营，经查属于划定的临时摆卖区域。"
RUDE = f"{REPLY}你自己看。"


async def waits(desk: Hotline, text: str = VENDING, **result: Any) -> Ticket:
    return await desk.to_review(await desk.open(text, place="同济路25号"), **result)


async def release(desk: Hotline, ticket: Ticket, text: str, **form: Any) -> Ticket:
    return await desk.act(ticket, Action.RELEASE, REVIEWER, **{"text": text, "checked": CHECKED, **form})


def stops(found: Sequence[Check | dict[str, Any]]) -> dict[str, str]:
    rows = [each if isinstance(each, dict) else {n: getattr(each, n) for n in Check.__slots__} for each in found]
    return {each["label"]: each["stops"] for each in rows if each["stops"]}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (f"{REPLY}可致电 138 0013 8000 联系。", "tells_who_asked"),
        (f"{REPLY}对方手机是13911112222。", "tells_personal_data"),
        (f"{REPLY}粤E12345车主已移车。", "tells_personal_data"),
        (f"{REPLY}业主王建国已移走车辆。", "tells_personal_data"),
        (f"{REPLY}我们会把对方的电话提供给您。", "hands_on_personal_data"),
        (f"{REPLY}已将您的联系方式告知店家。", "hands_on_personal_data"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_leak_is_never_released_whatever_reason_is_given(desk: Hotline, text: str, fault: str) -> None:
    ticket = await waits(desk)
    for form in ({}, {"reason": WHY}):
        with pytest.raises(Invalid) as refused:
            await release(desk, ticket, text, **form)
        assert refused.value.fields == {"text": fault}
        assert "1391111" not in str(refused.value.data)
    assert (await desk.now(ticket)).state is State.REVIEW
    assert (await release(desk, ticket, REPLY)).state is State.REPLIED


@pytest.mark.parametrize(
    ("text", "label"),
    [
        (RUDE, "用语"),
        (f"{REPLY}该工单已督办。", "内部用语"),
        ("您好，我们高度重视，正在处理中，请耐心等待。", "实质内容"),
        ("您好，绿化带的灯具于3月18日修复。", "诉求要点"),
    ],
)
async def test_another_fault_goes_out_with_a_reviewers_reason_that_stays(desk: Hotline, text: str, label: str) -> None:
    ticket = await waits(desk)
    faults = {"": "release_reason", "没问题": "reason_too_short", "可以可以可以可以": "reason_repeats"}
    for reason, code in faults.items():
        with pytest.raises(Invalid) as refused:
            await release(desk, ticket, text, reason=reason)
        assert refused.value.fields == {"reason": code}
        assert label in str(refused.value.data["faults"])
    sent = await release(desk, ticket, text, reason=WHY)
    assert sent.state is State.REPLIED
    async with desk.database.reading() as tx:
        (line,) = [each for each in await desk.room.queries.history(tx, sent) if each.what == Action.RELEASE.value]
    assert "仍予发布" in line.why
    assert label in line.why
    assert WHY in line.why


async def test_points_left_out_are_named_in_the_history_with_the_reviewers_reason(desk: Hotline) -> None:
    ticket = await waits(desk, f"{VENDING}。还有臭味很大。另外井盖也破了。")
    with pytest.raises(Invalid) as refused:
        await release(desk, ticket, REPLY)
    assert refused.value.fields == {"reason": "release_reason"}
    assert [each in str(refused.value.data["faults"]) for each in ("还有臭味很大", "另外井盖也破了")] == [True, True]
    sent = await release(desk, ticket, REPLY, reason=WHY)
    async with desk.database.reading() as tx:
        (line,) = [each for each in await desk.room.queries.history(tx, sent) if each.what == Action.RELEASE.value]
    assert "诉求要点（还有臭味很大）、诉求要点（另外井盖也破了）" in line.why
    assert WHY in line.why


async def test_what_the_rules_refuse_anyway_is_refused_as_before(desk: Hotline) -> None:
    ticket = await desk.open()
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    with pytest.raises(Conflict) as early:
        await release(desk, ticket, RUDE)
    assert early.value.code == "wrong_state"
    ready = await waits(desk, "文华路路灯不亮")
    with pytest.raises(Invalid) as empty:
        await release(desk, ready, " ")
    assert empty.value.fields == {"text": "required"}


@pytest.mark.parametrize(
    ("outcome", "kind", "text", "basis", "expected"),
    [
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, ALLOWED, "无", Stop.NEVER),
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, ALLOWED, "——", Stop.NEVER),
        (Outcome.REFERRED, TicketKind.HELP, ALLOWED, "", Stop.NEVER),
        (Outcome.RESOLVED, TicketKind.HELP, f"{REPLY}赔偿不予支持。", "", Stop.NEVER),
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, ALLOWED, "按职责分工办理", Stop.REASON),
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, f"根据规定，{ALLOWED}", "", Stop.REASON),
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, ALLOWED, "《城市市容管理办法》第十五条", Stop.NOTHING),
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, f"{ALLOWED}依据粤府办〔2026〕1号。", "", Stop.NOTHING),
        (Outcome.EXPLAINED, TicketKind.CONSULT, ALLOWED, "窗口服务规范", Stop.NOTHING),
        (Outcome.EXPLAINED, TicketKind.COMPLAINT, REPLY, "窗口服务规范", Stop.NOTHING),
        (Outcome.RESOLVED, TicketKind.COMPLAINT, REPLY, "窗口服务规范", Stop.NOTHING),
        (Outcome.RESOLVED, TicketKind.COMPLAINT, REPLY, "", Stop.REASON),
    ],
)
def test_a_refusal_names_its_basis(outcome: Outcome, kind: TicketKind, text: str, basis: str, expected: Stop) -> None:
    at = draft().created
    result = Result("查明", "处理", "", "经办人", "0757-00000000", outcome, "handler", at)
    asked = replace(draft(kind), text=VENDING, title="占道经营", result=result)
    (found,) = [each for each in check_reply(asked, text, basis) if each.label == "办理依据"]
    assert found.stops == expected
    assert (found.field == "basis") is (found.verdict != "fine")


async def test_a_refusal_on_no_basis_is_never_released_and_with_one_it_is(desk: Hotline) -> None:
    ticket = await waits(desk, outcome=Outcome.EXPLAINED)
    for form in (
        {"basis": "无"},
        {"basis": "无明文依据：没有条文规定此事", "reason": WHY},
        {"basis": "略", "reason": WHY},
    ):
        with pytest.raises(Invalid) as refused:
            await release(desk, ticket, ALLOWED, **form)
        assert refused.value.fields == {"basis": "refusal_without_basis"}
    sent = await release(desk, ticket, ALLOWED, basis="《城市市容和环境卫生管理条例》第三十二条")
    assert sent.reply is not None


async def looked_over(web: Web, ticket: Ticket, by: Principal, text: str, basis: str = "") -> list[dict[str, Any]]:
    path = f"tickets/{ticket.number}/reply-check"
    found: list[dict[str, Any]] = (await web("POST", path, by, {"text": text, "basis": basis}))["checks"]
    return found


async def test_what_is_typed_is_judged_as_the_release_judges_it_and_nothing_of_it_is_kept(web: Web) -> None:
    ticket = await waits(web.desk)

    async def kept() -> dict[str, int]:
        async with web.desk.database.reading() as tx:
            return {name: len(await tx.rows(select(table))) for name, table in metadata.tables.items()}

    before = await kept()
    leak = await looked_over(web, ticket, REVIEWER, f"{REPLY}尾号8000的电话已联系。")
    assert stops(leak) == {"诉求人信息": "never"}
    assert [each["evidence"] for each in leak if each["stops"]] == [("尾号8000",)]
    assert stops(await looked_over(web, ticket, REVIEWER, RUDE)) == {"用语": "reason"}
    assert stops(await looked_over(web, ticket, REVIEWER, REPLY)) == {}
    assert stops(await looked_over(web, ticket, REVIEWER, f"张三您好，{REPLY}")) == {}
    assert await kept() == before


async def test_only_a_reviewer_learns_whether_a_text_tells_who_asked(web: Web) -> None:
    ticket = await waits(web.desk)
    for by in (lead_staff(ticket), DISPATCHER, SUPERVISOR):
        assert stops(await looked_over(web, ticket, by, f"{REPLY}尾号8000")) == {}
    assert stops(await looked_over(web, ticket, REVIEWER, f"{REPLY}尾号8000")) == {"诉求人信息": "never"}


async def test_a_name_is_told_to_nobody_where_several_read_the_reply(web: Web) -> None:
    ticket = await waits(web.desk)
    who: dict[str, Any] = {"name": "王建国", "contact": "13911112222", "address": address("two")}
    child = await web.desk.open(VENDING, place="同济路25号", **who)
    await web.desk.act(child, Action.MERGE, DISPATCHER, parent=ticket.number, reason="同一事件")
    found = await looked_over(web, ticket, REVIEWER, f"王先生您好，{REPLY}")
    assert stops(found) == {"诉求人信息": "never"}
    assert PHONE not in str(found)


def test_each_point_that_is_not_seen_asks_for_a_reason() -> None:
    asked = draft(text="同济路的路灯坏了，请修复。公园的流浪狗追人，请处理。")
    found = [each for each in check_reply(asked, "您好，同济路路灯已于3月2日修复。", "") if each.label == "诉求要点"]
    assert [(each.verdict, each.stops) for each in found] == [("fine", ""), ("wrong", "reason")]
    beside = [each for each in check_reply(asked, "您好，养老金已于3月2日发放。", "") if each.label == "诉求要点"]
    assert {(each.verdict, each.stops) for each in beside} == {("wrong", "reason")}


@pytest.mark.parametrize("office", ["咨询电话0746--2213405", "请到行政服务中心321室办理", "联系人办公室2156938"])
def test_what_may_be_an_offices_goes_out_with_a_reason(office: str) -> None:
    found = check_reply(draft(text="路灯坏了"), f"您好，路灯已于3月2日修复，{office}。", "《城市照明管理规定》")
    assert Stop.NEVER not in {each.stops for each in found}
