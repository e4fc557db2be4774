"""A result and a reply that say nothing are refused, each field with its own words."""

from typing import Any

import pytest

from kernel.errors import Invalid
from tests.ticketing.city import ALL_THE_SAME, CHECKED, REPLY, RESULT, REVIEWER, VENDING, Hotline, lead_staff
from ticketing.model.labels import Action, State, TicketKind
from ticketing.rules.substance import basis_fault, is_phone, says_fault

K = TicketKind
WHY_NONE = "无明文依据：属于邻里协商事项，没有条文规定"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "required"),
        ("查", "says_too_little"),
        ("fixed it all", "says_too_little"),
        ("已处理完毕。", "says_too_little"),
        ("已经处理完毕。", "says_nothing"),
        ("您好，您反映的问题已处理完毕。感谢您的支持！", "says_nothing"),
        ("该诉求相关部门已按规定办理，请知悉。", "says_nothing"),
        ("换换换换换换换换", "says_nothing"),
        ("现场查明线路老化", ""),
        ("已劝离并清理", ""),
        ("已按规定拆除违建并清运", ""),
        ("经现场核查，所反映情况属实。", ""),
        ("您好，路灯已修复。", ""),
    ],
)
def test_words_that_say_nothing_are_known(text: str, fault: str) -> None:
    assert says_fault(text) == fault


@pytest.mark.parametrize(
    ("kind", "basis", "fault"),
    [
        (K.COMPLAINT, "无", "basis_or_why_none"),
        (K.REPORT, "——", "basis_or_why_none"),
        (K.HELP, "略", "basis_or_why_none"),
        (K.CONSULT, "无", ""),
        (K.SUGGEST, "无", ""),
        (K.COMPLAINT, "无明文依据", "basis_why_none"),
        (K.COMPLAINT, "「无明文依据」没有", "basis_why_none"),
        (K.COMPLAINT, WHY_NONE, ""),
        (K.HELP, "市政设施养护职责", ""),
    ],
)
def test_a_basis_is_written_or_it_is_said_why_there_is_none(kind: TicketKind, basis: str, fault: str) -> None:
    assert basis_fault(kind, basis) == fault


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        *((each, True) for each in ("0757-82345678", "13800138000", "12345", "400-830-1234", "075782345678转12")),
        *((e, True) for e in ("+86 757 8234 5678", "（0757）82345678、12345", "０７５７－８２３４５６７８")),
        *((each, False) for each in ("0", "无", "办公室", "123", "1380013800", "请打前台")),
    ],
)  # fmt: skip
def test_a_telephone_number_is_one(text: str, expected: bool) -> None:
    assert is_phone(text) is expected


async def test_an_empty_result_is_refused_field_by_field_and_a_written_one_passes(desk: Hotline) -> None:
    ticket = await desk.open(VENDING, place="同济路25号")
    empty: dict[str, Any] = {"findings": "查", "measures": "已经处理完毕", "basis": "无", "phone": "0"}
    with pytest.raises(Invalid) as refused:
        await desk.to_review(ticket, **empty)
    assert refused.value.fields == {
        "findings": "says_too_little",
        "measures": "says_nothing",
        "basis": "basis_or_why_none",
        "phone": "phone_invalid",
    }
    assert (await desk.now(ticket)).state is State.IN_PROGRESS
    unit = lead_staff(ticket)
    written = RESULT | {"basis": WHY_NONE}
    assert (await desk.act(ticket, Action.SUBMIT_RESULT, unit, **written)).state is State.REVIEW


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({"text": "您好，您反映的问题已处理完毕。"}, {"text": "says_nothing"}),
        ({"text": REPLY, "basis": "无"}, {"basis": "basis_or_why_none"}),
    ],
)
async def test_a_reply_that_says_nothing_is_not_released_on_any_reason(
    desk: Hotline, form: dict[str, str], fields: dict[str, str]
) -> None:
    ticket = await desk.to_review(await desk.open(VENDING, place="同济路25号"))
    with pytest.raises(Invalid) as refused:
        await desk.act(ticket, Action.RELEASE, REVIEWER, **form, checked=CHECKED, reason=ALL_THE_SAME)
    assert refused.value.fields == fields
