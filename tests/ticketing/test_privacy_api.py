"""Who citizens are: what units read of a report, who decides about doubtful words, who looked, what a leak starts."""

import base64
from datetime import datetime, timedelta
from typing import Any

import pytest

from directory.model import Staff
from directory.store.staff import StaffStore
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Principal, Role
from tests.ticketing.city import (
    AGENT,
    CALLBACK,
    DISPATCHER,
    PHONE,
    REVIEWER,
    SUPERVISOR,
    VENDING,
    Hotline,
    address,
    lead_staff,
    link,
    staff,
)
from tests.ticketing.test_api import Web, web
from ticketing.model.labels import Action, Flag, Secrecy, SideAction, TicketKind, Urgency
from ticketing.model.ticket import Ticket
from ticketing.rules.purposes import LEAST_HAN
from ticketing.rules.reasons import fault_of
from ticketing.rules.redacting import WAITING
from ticketing.store import reaching
from ticketing.store.notices import notices_of

__all__ = ["web"]

OFFICER = staff(Role.PRIVACY_OFFICER)
AUDITOR = staff(Role.AUDITOR)
DOUBTFUL = "每周二送一次"
FORMULA = "=1+1督办核查举报办理情况"
REPORT = f"我是给他们送货的，{DOUBTFUL}，投诉张伟明先生，{VENDING}"


async def report(desk: Hotline, text: str = REPORT) -> Ticket:
    ticket = await desk.open(text, kind=TicketKind.REPORT, place="同济路25号")
    assert ticket.lead is not None
    return ticket


async def unmask(web: Web, ticket: Ticket, by: Principal, reason: str = "contact") -> None:
    await web("POST", f"tickets/{ticket.number}/unmask", by, {"purpose": "电话联系核实占道情况", "reason": reason})


def stretch(desk: Hotline) -> dict[str, datetime]:
    now = desk.clock.now()
    return {"since": now - timedelta(days=1), "until": now + timedelta(days=1)}


# -- what units read --------------------------------------------------------------------------------------


async def test_a_doubtful_span_is_hidden_from_the_unit_until_a_person_lets_it_pass(web: Web) -> None:
    ticket = await report(web.desk)
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    before = await web("GET", one, unit)
    assert "送货" not in str(before)
    assert DOUBTFUL not in str(before)
    (waiting,) = (await web("GET", "privacy/spans", DISPATCHER))["items"]
    assert (waiting["number"], [each["text"] for each in waiting["items"]]) == (ticket.number, [DOUBTFUL])
    mark = waiting["items"][0]["mark"]
    decided = await web("POST", f"{one}/spans/{mark}", OFFICER, {"shown": True})
    assert decided["items"][0]["shown"] is True
    assert (await web("GET", "privacy/spans", OFFICER))["items"] == []
    after = await web("GET", one, unit)
    assert DOUBTFUL in after["text"]
    assert "送货" not in str(after)
    await web("POST", f"{one}/spans/{mark}", DISPATCHER, {"shown": False})
    assert DOUBTFUL not in str(await web("GET", one, unit))
    facts = [each.fact for each in await web.desk.facts(ticket) if each.kind == "ticketing.SpanDecided"]
    assert [(fact.shown, fact.role, fact.units) for fact in facts] == [
        (True, "privacy_officer", ()),
        (False, "dispatcher", ()),
    ]


def stamp(moment: datetime) -> str:
    """A moment as the API says it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


class Guarded:
    """A report with a privacy officer and a supervisor whose notices are read."""

    def __init__(self, web: Web, ticket: Ticket) -> None:
        self.web, self.ticket = web, ticket

    async def told(self, who: str) -> list[str]:
        async with self.web.desk.database.reading() as tx:
            return [each.what for each in reversed(await reaching.newest(tx, who, 20))]

    async def after(self, minutes: int) -> None:
        self.web.desk.clock.advance(timedelta(minutes=minutes))
        await self.web.desk.room.unveiling.note_late()

    async def waits(self, by: Principal = OFFICER) -> Any:
        (found,) = (await self.web("GET", "privacy/spans", by))["items"]
        return found

    async def hidden(self) -> Any:
        seen = await self.web("GET", f"tickets/{self.ticket.number}", lead_staff(self.ticket))
        return seen["hidden_wait"]


async def guarded(web: Web, *roles: Role, **more: Any) -> Guarded:
    async with web.desk.database.transaction() as tx:
        for role in roles:
            member = Staff(role.value, role.value, "某人", frozenset({role}), "")
            await StaffStore().add(tx, member, "x", web.desk.clock.now())
    ticket = await web.desk.open(REPORT, kind=TicketKind.REPORT, place="同济路25号", **more)
    return Guarded(web, ticket)


async def test_words_that_wait_have_their_time_and_the_supervisor_hears_when_it_is_over(web: Web) -> None:
    case = await guarded(web, Role.PRIVACY_OFFICER, Role.SUPERVISOR)
    clocks = case.ticket.clocks
    began = web.desk.clock.now()
    assert await case.told("privacy_officer") == ["身份线索待核定"]
    waits = await case.waits()
    assert (waits["due_at"], waits["light"], waits["urgency_label"]) == (stamp(began + timedelta(hours=1)), "green", "")
    assert await case.hidden() == {"until": stamp(began + timedelta(hours=1)), "late": False}
    await case.after(10)
    assert await case.told("privacy_officer") == ["身份线索待核定"]
    for _ in range(2):
        await case.after(20)
        await case.after(15)
    assert await case.told("privacy_officer") == ["身份线索待核定", "身份线索核定即将超时", "身份线索核定超时"]
    assert [each for each in await case.told("supervisor") if "身份线索" in each] == ["身份线索核定超时"]
    assert (await case.waits())["light"] == "red"
    assert (await case.hidden())["late"] is True
    # What a unit may not read yet moves no clock of the law's.
    assert (await web.desk.now(case.ticket)).clocks == clocks
    await web("POST", f"tickets/{case.ticket.number}/spans", OFFICER, {"shown": True})
    assert await case.hidden() is None
    await case.after(60)
    assert len(await case.told("privacy_officer")) == 3


async def test_words_of_an_urgent_report_have_a_quarter_of_an_hour_and_come_first(web: Web) -> None:
    await guarded(web, Role.PRIVACY_OFFICER)
    web.desk.clock.advance(timedelta(minutes=1))
    urgent = await guarded(web, address=address("two"))
    await web.desk.act(urgent.ticket, SideAction.RAISE_URGENCY, SUPERVISOR, urgency=Urgency.P1, reason="现场有危险")
    first, second = (await web("GET", "privacy/spans", OFFICER))["items"]
    until = stamp(web.desk.clock.now() + timedelta(minutes=15))
    assert (first["number"], first["due_at"]) == (urgent.ticket.number, until)
    assert (first["urgency_label"], second["urgency_label"]) == (Urgency.P1.label, "")


async def test_dispatchers_are_told_where_nobody_guards_privacy_and_nobody_of_an_open_ticket(web: Web) -> None:
    case = await guarded(web, Role.DISPATCHER)
    assert "身份线索待核定" in await case.told("dispatcher")
    many = len(await case.told("dispatcher"))
    plain = await web.desk.open(REPORT, place="同济路25号", address=address("two"))
    assert "身份线索待核定" not in (await case.told("dispatcher"))[many:]
    seen = await web("GET", f"tickets/{plain.number}", lead_staff(plain))
    assert seen["hidden_wait"] is None


async def test_p44_the_lines_in_a_units_inbox_tell_a_title_without_who_reports(web: Web) -> None:
    told = f"我是给他们送货的，{VENDING}"
    ticket = await web.desk.open(REPORT, kind=TicketKind.REPORT, place="同济路25号", title=told[:40])
    async with web.desk.database.reading() as tx:
        kept = [text for _, _, text in await notices_of(tx, ticket.id)]
    assert any(ticket.number in text and "举报" in text for text in kept)
    assert "送货" not in str(kept)


async def test_p44_a_unit_reads_of_a_report_its_matter_alone_and_not_what_was_guessed_from_the_writer(web: Web) -> None:
    ticket = await report(web.desk)
    one = f"tickets/{ticket.number}"
    hotline, unit = await web("GET", one, DISPATCHER), await web("GET", one, lead_staff(ticket))
    assert unit["title"] == unit["matter_name"]
    assert unit["title"] != hotline["title"]
    assert hotline["decision"]["candidates"]
    assert (list(unit["decision"]["candidates"]), list(unit["decision"]["lines"])) == ([], [])
    async with web.desk.database.reading() as tx:
        told = " ".join(text for _, _, text in await notices_of(tx, ticket.id, [lead_staff(ticket).unit]))
    assert "举报" in told
    assert hotline["title"] not in told


async def test_all_that_waits_is_decided_at_once_and_what_was_decided_stays(web: Web) -> None:
    ticket = await report(web.desk, f"我是给他们送货的，{DOUBTFUL}。上个月报过警。之前租过他的铺。{VENDING}")
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    items = (await web("GET", f"{one}/spans", OFFICER))["items"]
    assert len(items) == 3
    await web("POST", f"{one}/spans/{items[0]['mark']}", OFFICER, {"shown": True})
    decided = await web("POST", f"{one}/spans", OFFICER, {"shown": False})
    assert [each["shown"] for each in decided["items"]] == [True, False, False]
    assert (await web("GET", "privacy/spans", OFFICER))["items"] == []
    text = (await web("GET", one, unit))["text"]
    assert DOUBTFUL in text
    assert "报过警" not in text
    assert WAITING not in text
    with pytest.raises(NotAllowed):
        await web("POST", f"{one}/spans", unit, {"shown": True})


async def test_nobody_else_decides_about_spans_and_none_is_made_up(web: Web) -> None:
    ticket = await report(web.desk)
    one = f"tickets/{ticket.number}"
    for by in (lead_staff(ticket), AGENT, AUDITOR):
        with pytest.raises(NotAllowed):
            await web("GET", "privacy/spans", by)
    with pytest.raises(NotFound):
        await web("POST", f"{one}/spans/no-such-mark", OFFICER, {"shown": True})


async def test_words_added_later_wait_as_well_and_an_open_ticket_has_none(web: Web) -> None:
    ticket = await report(web.desk, VENDING)
    assert (await web("GET", "privacy/spans", OFFICER))["items"] == []
    await web.desk.act(ticket, SideAction.ADD_EVIDENCE, link(ticket), text=f"我喺嗰度做过，{DOUBTFUL}")
    (waiting,) = (await web("GET", "privacy/spans", OFFICER))["items"]
    assert waiting["items"][0]["text"] == DOUBTFUL
    plain = await web.desk.open(REPORT, place="同济路25号", address=address("two"))
    assert (await web("GET", f"tickets/{plain.number}/spans", OFFICER))["items"] == []


async def test_the_competent_body_reads_who_is_reported_and_a_supporting_unit_does_not(web: Web) -> None:
    ticket = await report(web.desk)
    lead = lead_staff(ticket).unit
    other = next(unit for unit in web.desk.lookup.units() if unit.code != lead)
    await web.desk.act(ticket, SideAction.ADD_SUPPORTING, DISPATCHER, unit=other.code, reason="协助")
    seen = await web("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    assert "张伟明" in seen["text"]
    helper = staff(Role.LIAISON, unit=other.code)
    assert "张伟明" not in str(await web("GET", f"tickets/{ticket.number}", helper))
    assert "张伟明" not in str(await web("GET", "tickets", helper, view="inbox"))
    assert (seen["can_unmask"], (await web("GET", f"tickets/{ticket.number}", helper))["can_unmask"]) == (True, False)
    await unmask(web, ticket, lead_staff(ticket))
    with pytest.raises(NotAllowed) as refused:
        await unmask(web, ticket, helper)
    assert refused.value.code == "not_competent"


async def test_a_secret_ticket_is_not_found_by_what_units_may_not_read(web: Web) -> None:
    ticket = await report(web.desk, f"我在包装车间做了八年质检组长，{VENDING}")
    unit = lead_staff(ticket)
    assert [t["number"] for t in (await web("GET", "tickets", unit, q="烧烤档"))["items"]] == [ticket.number]
    assert (await web("GET", "tickets", unit, q="质检组长"))["items"] == []


async def test_a_confidential_complaint_is_hidden_as_a_report_is(web: Web) -> None:
    ticket = await web.desk.open(f"我家就在楼上，{VENDING}", secrecy=Secrecy.CONFIDENTIAL, place="同济路25号")
    assert "楼上" not in str(await web("GET", f"tickets/{ticket.number}", lead_staff(ticket)))
    facts = [each.fact for each in await web.desk.facts(ticket)]
    assert "楼上" not in str(facts)


# -- who looked -------------------------------------------------------------------------------------------


async def test_a_look_is_kept_with_role_unit_and_purpose_and_the_citizen_sees_it_without_a_name(web: Web) -> None:
    ticket = await web.desk.open()
    unit = lead_staff(ticket)
    assert (await web("POST", f"tickets/{ticket.number}/unmask", unit, {"purpose": "上门查看现场情况"}))[
        "seconds"
    ] == 300
    await unmask(web, ticket, AGENT, "verify")
    shown = (await web("GET", f"track/{ticket.number}", link(ticket)))["looks"]
    assert [(each["role"], each["purpose"]) for each in shown] == [("话务员", "核实情况与现场"), ("联络员", "其他")]
    assert shown[0]["unit_name"] == "热线"
    assert shown[1]["unit_name"] == web.desk.lookup.unit(unit.unit).name
    assert unit.id not in str(shown)
    looks = (await web("GET", f"tickets/{ticket.number}/looks", OFFICER))["items"]
    assert [(each["kind"], each["note"]) for each in looks] == [
        ("unmask", "电话联系核实占道情况"),
        ("unmask", "上门查看现场情况"),
    ]
    facts = [each.fact for each in await web.desk.facts(ticket) if each.kind == "ticketing.IdentityShown"]
    assert [(fact.role, fact.unit, fact.units) for fact in facts] == [
        ("liaison", unit.unit, (unit.unit,)),
        ("agent", "", ()),
    ]


async def test_to_open_a_secret_ticket_is_kept_once_in_ten_minutes_and_an_ordinary_one_not(web: Web) -> None:
    secret, plain = await report(web.desk), await web.desk.open(address=address("two"))
    for _ in range(2):
        for ticket in (secret, plain):
            await web("GET", f"tickets/{ticket.number}", SUPERVISOR)
    assert [x["kind"] for x in (await web("GET", f"tickets/{secret.number}/looks", AUDITOR))["items"]] == ["view"]
    assert (await web("GET", f"tickets/{plain.number}/looks", AUDITOR))["items"] == []
    web.desk.clock.advance(timedelta(minutes=11))
    await web("GET", f"tickets/{secret.number}", SUPERVISOR)
    assert len((await web("GET", f"tickets/{secret.number}/looks", AUDITOR))["items"]) == 2
    with pytest.raises(NotAllowed):
        await web("GET", f"tickets/{secret.number}/looks", SUPERVISOR)


async def test_looks_are_traced_over_a_stretch_page_by_page_and_as_a_table(web: Web) -> None:
    ticket = await web.desk.open()
    for _ in range(3):
        await unmask(web, ticket, AGENT)
        web.desk.clock.advance(timedelta(seconds=1))
    await web("POST", f"tickets/{ticket.number}/unmask", SUPERVISOR, {"purpose": FORMULA})
    asked = stretch(web.desk)
    first = await web("GET", "privacy/looks", OFFICER, **asked, limit=3)
    rest = await web("GET", "privacy/looks", OFFICER, **asked, limit=3, cursor=first["next"])
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (3, 1, None)
    only = await web("GET", "privacy/looks", OFFICER, **asked, person=SUPERVISOR.id)
    assert [each["note"] for each in only["items"]] == [FORMULA]
    file = (await web("GET", "privacy/looks.csv", OFFICER, **asked))["data"]
    table = base64.b64decode(file).decode("utf-8-sig").splitlines()
    assert len(table) == 5
    assert f"'{FORMULA}" in table[1]
    with pytest.raises(NotAllowed):
        await web("GET", "privacy/looks", lead_staff(ticket), **asked)
    with pytest.raises(Invalid):
        await web("GET", "privacy/looks", OFFICER, since=asked["since"], until=asked["since"])
    async with web.desk.database.reading() as tx:
        taken = [each.fact.rows for each in await web.desk.floor.journal.about(tx, "looks")]
    assert taken == [4]


# -- leaks ------------------------------------------------------------------------------------------------


async def test_a_suspected_leak_freezes_the_identity_until_the_citizen_is_told_and_it_is_closed(web: Web) -> None:
    ticket = await web.desk.open()
    leak = await web("POST", "privacy/leaks", OFFICER, {"number": ticket.number, "why": "网上出现诉求人电话"})
    assert datetime.fromisoformat(leak["notify_by"]) == web.desk.clock.now() + timedelta(hours=24)
    assert (await web("GET", f"tickets/{ticket.number}", AGENT))["frozen"] is True
    for by in (AGENT, SUPERVISOR, OFFICER, lead_staff(ticket)):
        with pytest.raises(Conflict) as refused:
            await unmask(web, ticket, by)
        assert refused.value.code == "identity_frozen"
    with pytest.raises(Conflict):
        await web("POST", "privacy/leaks", OFFICER, {"number": ticket.number, "why": "再次"})
    one = f"privacy/leaks/{leak['id']}"
    with pytest.raises(Conflict) as early:
        await web("POST", f"{one}/close", OFFICER, {"conclusion": "已查明"})
    assert early.value.code == "not_notified_yet"
    told = await web("POST", f"{one}/notify", OFFICER, {"text": "您的信息可能被泄露，我们正在调查。"})
    assert (told["late"], told["writable"]) == (False, True)
    assert [mail.text for mail in await web.desk.mails(address("one"))][-1] == "您的信息可能被泄露，我们正在调查。"
    await web("POST", f"{one}/close", OFFICER, {"conclusion": "已查明并处理"})
    await unmask(web, ticket, AGENT)
    with pytest.raises(Conflict):
        await web("POST", f"{one}/close", OFFICER, {"conclusion": "再次"})


async def test_a_notice_that_is_late_is_stated_once(web: Web) -> None:
    ticket = await web.desk.open()
    await web("POST", "privacy/leaks", OFFICER, {"number": ticket.number, "why": "疑似泄露"})
    jobs = {job.name: job for job in web.desk.room.room.jobs}
    for hours in (23, 2, 2):
        web.desk.clock.advance(timedelta(hours=hours))
        await jobs["ticketing.note_late_leaks"].run()
    facts = [each.kind for each in await web.desk.facts(ticket)]
    assert facts.count("ticketing.LeakNoticeLate") == 1
    assert (await web("GET", "privacy/leaks", AUDITOR))["items"][0]["late"] is True
    for by in (AUDITOR, DISPATCHER, AGENT):
        with pytest.raises(NotAllowed):
            await web("POST", "privacy/leaks", by, {"number": ticket.number, "why": "x"})


async def test_who_left_no_address_is_told_otherwise(web: Web) -> None:
    ticket = await web.desk.open(address=None, contact=PHONE, flags=frozenset({Flag.ELDER_OR_DISABLED}))
    leak = await web("POST", "privacy/leaks", OFFICER, {"number": ticket.number, "why": "疑似泄露"})
    assert leak["writable"] is False
    told = await web("POST", f"privacy/leaks/{leak['id']}/notify", OFFICER, {"text": "已电话告知"})
    assert told["notice"] == "已电话告知"
    facts = [each.fact for each in await web.desk.facts(ticket) if each.kind == "ticketing.LeakNotified"]
    assert [fact.written for fact in facts] == [False]


# -- what somebody has to say who looks -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("", "required"),
        ("   ", "required"),
        ("联系", "reason_too_short"),
        ("电话联系诉求人", "reason_too_short"),
        ("need to call him about it", "reason_too_short"),
        ("联系，，，，，，，，，，", "reason_too_short"),
        ("查查查查查查查查", "reason_repeats"),
        ("核实核实核实核实核实", "reason_repeats"),
        ("联系诉求人，联系诉求人，联系", "reason_repeats"),
        ("核实。核实。核实。核实！", "reason_repeats"),
        ("电话联系诉求人核实", ""),
        ("上门查看占道的烧烤档", ""),
    ],
)
def test_a_reason_has_eight_characters_and_is_no_word_over_and_over(words: str, fault: str) -> None:
    assert fault_of(words, LEAST_HAN) == fault


async def test_a_look_without_a_real_reason_is_refused_and_nothing_is_kept(web: Web) -> None:
    ticket = await web.desk.open()
    for words, fault in (("联系", "reason_too_short"), ("联系联系联系联系", "reason_repeats")):
        with pytest.raises(Invalid) as refused:
            await web("POST", f"tickets/{ticket.number}/unmask", AGENT, {"purpose": words, "reason": "contact"})
        assert (refused.value.fields, refused.value.data["least"]) == ({"purpose": fault}, 8)
    assert (await web("GET", f"tickets/{ticket.number}/looks", OFFICER))["items"] == []


async def test_a_unit_looks_at_a_report_to_reach_or_to_verify_alone_and_sees_what_that_needs(web: Web) -> None:
    ticket = await report(web.desk)
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    offered = (await web("GET", one, unit))["purposes"]
    assert [(each["value"], each["shows"]) for each in offered] == [("contact", ["姓名", "电话"]), ("verify", ["地址"])]
    for reason in ("call_back", "supervise", "inspect", "other"):
        with pytest.raises(Invalid) as refused:
            await unmask(web, ticket, unit, reason)
        assert refused.value.fields == {"reason": "purpose_not_for_units"}
    form = {"purpose": "电话联系核实占道情况", "reason": "contact"}
    reached = await web("POST", f"{one}/unmask", unit, form)
    assert (reached["name"], reached["phone"], reached["address"], reached["text"]) == ("张三", PHONE, "", "")
    seen = await web("POST", f"{one}/unmask", unit, form | {"reason": "verify"})
    assert (seen["name"], seen["phone"], seen["address"], seen["text"]) == ("", "", "同济路25号", "")
    looks = (await web("GET", f"{one}/looks", OFFICER))["items"]
    assert [each["fields"] for each in looks if each["kind"] == "unmask"] == [["地址"], ["姓名", "电话"]]


async def test_the_hotline_opens_of_a_report_what_the_purpose_needs_and_of_others_the_whole(web: Web) -> None:
    ticket, plain = await report(web.desk), await web.desk.open(address=address("two"))
    form = {"purpose": "核实举报线索并转交执法"}
    whole = {"name", "phone", "address", "text"}
    needed = {"contact": {"name", "phone"}, "call_back": {"name", "phone"}, "verify": {"address", "text"}}
    for reason in ("contact", "call_back", "verify", "supervise", "inspect", "other"):
        for number, wanted in ((ticket.number, needed.get(reason, whole)), (plain.number, whole)):
            shown = await web("POST", f"tickets/{number}/unmask", SUPERVISOR, {**form, "reason": reason})
            assert {name for name in whole if shown[name]} == wanted, (reason, number)
    assert len((await web("GET", f"tickets/{ticket.number}", SUPERVISOR))["purposes"]) == 6
    unit_of_plain = (await web("GET", f"tickets/{plain.number}", lead_staff(plain)))["purposes"]
    assert len(unit_of_plain) == 6


# -- what the hotline reads -------------------------------------------------------------------------------

OWN_WORDS = "我是喜来登饭店的厨师李国强，电话13800138000，我住在东方广场3栋502，车牌粤E7K9M3，我找过李国强本人的班长"
KITCHEN = "喜来登饭店后厨每天有人用过期冷冻肉做菜"
HOTLINE = (AGENT, DISPATCHER, REVIEWER, CALLBACK, SUPERVISOR, OFFICER, AUDITOR)
TELLING = ("李国强", "厨师", "国强", "1380", "8000", "3栋502", "7K9M3")


async def told_by_name(desk: Hotline) -> Ticket:
    text = f"{OWN_WORDS}。{KITCHEN}。"
    title = "我是厨师李国强，举报后厨"
    return await desk.open(text, AGENT, kind=TicketKind.REPORT, name="李国强", title=title, place="东方广场3栋502")


@pytest.mark.parametrize("by", HOTLINE, ids=lambda by: next(iter(by.roles)).value)
async def test_of_a_report_the_hotline_reads_no_identity_without_a_purpose(web: Web, by: Principal) -> None:
    ticket = await told_by_name(web.desk)
    await web.desk.act(ticket, SideAction.URGE, AGENT, reason="李国强又来电催问，举报人是后厨的厨师")
    one = await web("GET", f"tickets/{ticket.number}", by)
    rows = await web("GET", "tickets", by, view="all")
    for shown in (one, rows):
        assert [word for word in TELLING if word in str(shown)] == []
    assert KITCHEN in one["text"]


async def test_a_purpose_shows_the_hotline_what_the_report_says_and_keeps_the_look(web: Web) -> None:
    ticket = await told_by_name(web.desk)
    form = {"purpose": "核实举报人所说的后厨情况", "reason": "verify"}
    shown = await web("POST", f"tickets/{ticket.number}/unmask", SUPERVISOR, form)
    assert "我是喜来登饭店的厨师李国强" in shown["text"]
    assert len((await web("GET", f"tickets/{ticket.number}/looks", OFFICER))["items"]) == 1


async def test_the_reviewers_check_and_the_points_to_call_back_quote_nothing_that_tells_who_reports(web: Web) -> None:
    ticket = await told_by_name(web.desk)
    body = {"text": "您好，后厨冷冻肉已查封。", "basis": ""}
    found = await web("POST", f"tickets/{ticket.number}/reply-check", REVIEWER, body)
    points = [each["quote"] for each in found["checks"] if each["label"] == "诉求要点"]
    assert KITCHEN in points
    assert [word for word in TELLING if word in str(points)] == []


async def test_a_merged_report_is_read_without_its_own_identity(web: Web) -> None:
    main = await web.desk.open(f"{KITCHEN}。", kind=TicketKind.REPORT, place="东方广场")
    child = await told_by_name(web.desk)
    await web.desk.act(child, Action.MERGE, DISPATCHER, parent=main.number, reason="同一家饭店的同一件事")
    one = await web("GET", f"tickets/{main.number}", SUPERVISOR)
    assert [each["number"] for each in one["merged"]] == [child.number]
    assert [word for word in TELLING if word in str(one["merged"])] == []


async def test_who_decides_about_a_doubtful_span_reads_around_it_no_name_but_the_privacy_officer(web: Web) -> None:
    await report(web.desk)
    ((others,), (officers,)) = [(await web("GET", "privacy/spans", by))["items"] for by in (DISPATCHER, OFFICER)]
    assert "送货" not in str(others)
    assert "送货" in str(officers)


async def test_a_look_is_kept_with_the_role_that_allowed_it_where_somebody_holds_several(web: Web) -> None:
    both = staff(Role.DISPATCHER, Role.SUPERVISOR)
    ticket = await report(web.desk)
    await unmask(web, ticket, both, "verify")
    (look,) = (await web("GET", f"tickets/{ticket.number}/looks", OFFICER))["items"]
    assert (look["kind"], look["role_label"]) == ("unmask", Role.SUPERVISOR.label)
