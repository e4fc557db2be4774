"""P44: what staff write of a ticket reaches nobody with the requester's name or number in it."""

import msgspec
import pytest

from kernel.errors import Invalid
from tests.ticketing.city import DISPATCHER, REPLY, REVIEWER, VENDING, address, lead_staff
from tests.ticketing.test_api import Web, web
from ticketing.model.labels import Action, Flag, ReviewCheck, SideAction, TicketKind
from ticketing.rules.redacting import redacted_note
from ticketing.rules.unnaming import UNNAMED, unnamed

__all__ = ["web"]

NAME, PHONE = "刘海涛", "13912345678"


@pytest.mark.parametrize(
    ("note", "left"),
    [
        ("举报人刘海涛多次来电", f"举报人{UNNAMED}多次来电"),
        ("据海涛反映情况紧急", f"据{UNNAMED}反映情况紧急"),
        ("已联系刘先生、刘师傅", f"已联系{UNNAMED}、{UNNAMED}"),
        ("电话 139-1234-5678，尾号5678", f"电话 {UNNAMED}，{UNNAMED}"),
        ("刘村村委会已到场，海水涛声", "刘村村委会已到场，海水涛声"),
        ("", ""),
    ],
)
def test_name_and_number_go_and_the_rest_stays(note: str, left: str) -> None:
    assert unnamed(note, NAME, PHONE) == left


@pytest.mark.parametrize(
    ("name", "note", "left"),
    [
        ("欧阳建国", "欧阳先生说，建国很急", f"{UNNAMED}说，{UNNAMED}很急"),
        ("王芳", "王女士的芳香店", f"{UNNAMED}的芳香店"),
        ("Tom Hardy", "tom hardy called", f"{UNNAMED} called"),
        ("张", "张槎街道", "张槎街道"),
        ("", "王女士", "王女士"),
    ],
)
def test_names_of_every_kind(name: str, note: str, left: str) -> None:
    assert unnamed(note, name, "") == left


@pytest.mark.parametrize(
    "note",
    ["来电人是对面水果店老板娘，情绪激动", "举报人住对面3栋，多次来电", "投诉人自称是老员工", "诉求人就是租户之一"],
)
def test_what_a_note_tells_of_whoever_reports_is_hidden(note: str) -> None:
    shown = redacted_note(note)
    assert not any(word in shown for word in ("水果店", "3栋", "老员工", "租户"))


@pytest.mark.parametrize(
    "note", ["举报人要求保密", "已联系举报人，其表示满意", "来电人是否同意公开待核", "诉求人为了此事多次来电"]
)
def test_what_tells_nothing_of_them_stays(note: str) -> None:
    assert redacted_note(note) == note


async def test_p44_no_note_on_a_report_names_its_author_to_the_unit(web: Web) -> None:
    ticket = await web.desk.open(VENDING, kind=TicketKind.REPORT, place="同济路25号", name=NAME, contact=PHONE)
    notes = ("举报人刘海涛住对面3栋", "据海涛反映情况紧急", "尾号5678再次来电，是对面水果店的")
    for flag, note in zip((Flag.HOT, Flag.MINOR, Flag.MEDIA), notes, strict=True):
        await web.desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=frozenset({flag}), reason=note)
    seen = await web("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    facts = [msgspec.json.encode(each.fact).decode() for each in await web.desk.facts(ticket)]
    told = [entry["note"] for entry in seen["timeline"]] + facts
    assert [(part, words) for words in told for part in (NAME, "海涛", "5678", "3栋") if part in words] == []
    assert UNNAMED in str(seen)


async def test_p44_nor_one_on_a_complaint(web: Web) -> None:
    ticket = await web.desk.open(VENDING, place="同济路25号", name=NAME, contact=PHONE)
    await web.desk.act(ticket, SideAction.ADD_FLAG, DISPATCHER, flags=frozenset({Flag.HOT}), reason="刘先生很着急")
    assert "刘先生" not in str(await web("GET", f"tickets/{ticket.number}", lead_staff(ticket)))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_reply_has_no_number_of_whoever_asked_and_names_nobody_where_several_read_it(web: Web) -> None:
    desk = web.desk
    parent = await desk.open(VENDING, place="同济路25号", name=NAME, contact=PHONE)
    child = await desk.open(VENDING, place="同济路25号", name="王建国", contact="13911112222", address=address("two"))
    waits = await desk.to_review(parent)
    checked = {"checked": frozenset(ReviewCheck), "text": REPLY}
    with pytest.raises(Invalid) as refused:
        await desk.act(waits, Action.RELEASE, REVIEWER, **checked | {"text": f"{REPLY}请留意 139 1234 5678"})
    assert refused.value.fields == {"text": "tells_who_asked"}
    await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    for told in ("王先生您好，", "刘海涛您好，", "已致电13911112222，"):
        with pytest.raises(Invalid):
            await desk.act(await desk.now(parent), Action.RELEASE, REVIEWER, **checked | {"text": told + REPLY})
    sent = await desk.act(await desk.now(parent), Action.RELEASE, REVIEWER, **checked)
    assert sent.reply is not None


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_who_alone_asked_may_be_greeted_by_name(web: Web) -> None:
    waits = await web.desk.to_review(await web.desk.open(VENDING, place="同济路25号", name=NAME, contact=PHONE))
    told = {"checked": frozenset(ReviewCheck), "text": f"刘先生您好，{REPLY}"}
    assert (await web.desk.act(waits, Action.RELEASE, REVIEWER, **told)).reply is not None
