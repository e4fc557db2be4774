"""What a reply says is settled, held against what the unit reported."""

from dataclasses import replace

import pytest

from tests.ticketing.making import MORNING, ticket
from ticketing.model.labels import Outcome
from ticketing.model.ticket import Result
from ticketing.rules.checks import Check, Verdict
from ticketing.rules.replycheck import check_reply


def held(reply: str, findings: str, measures: str, outcome: Outcome = Outcome.RESOLVED) -> list[Check]:
    result = Result(findings, measures, "", "经办人", "0757-12345678", outcome, "handler", MORNING)
    asked = replace(ticket(title="路灯不亮", text="同济路的路灯坏了。"), result=result)
    return [each for each in check_reply(asked, reply) if each.label == "与单位结果"]


@pytest.mark.parametrize(
    ("reply", "findings", "measures"),
    [
        ("您好！同济路的路灯已于3月2日修好。", "三盏路灯线路老化。", "更换路灯灯具三盏。"),
        ("您好！经核查属实，多收的水费已退还。", "水表读数抄错，多收86元。", "多收的水费86元当日退款。"),
        ("您好！我们将尽快安排更换路灯。", "路灯线路老化。", "已列入更换计划。"),
        ("您好！已责令商家整改。", "商家占道。", "下达通知书。"),
    ],
)
def test_what_the_unit_reported_may_be_said(reply: str, findings: str, measures: str) -> None:
    assert held(reply, findings, measures) == []


@pytest.mark.parametrize(
    ("reply", "findings", "measures", "beyond"),
    [
        ("您好！路灯已修复。违建已拆除。", "路灯线路老化。", "维修路灯三盏。", "违建已拆除。"),
        ("您好！学费已全部退费。", "培训机构停业。", "约谈负责人并责令退费。", "学费已全部退费。"),
        ("您好！路灯已修复。", "路灯线路老化。", "尚未维修，计划下周更换灯具。", "路灯已修复。"),
        ("您好！电梯已维修。", "路灯线路老化。", "路灯已维修。", "电梯已维修。"),
    ],
)
def test_what_no_sentence_of_the_result_supports_is_doubted(
    reply: str, findings: str, measures: str, beyond: str
) -> None:
    (check,) = held(reply, findings, measures)
    assert (check.verdict, check.why, check.evidence) == (Verdict.DOUBT, "单位结果中没有", (beyond,))


@pytest.mark.parametrize("outcome", [Outcome.EXPLAINED, Outcome.REFERRED, Outcome.SHELVED_CLOSED])
def test_a_reply_that_says_settled_where_nothing_was_is_wrong(outcome: Outcome) -> None:
    (check,) = held("您好！路灯已修复。", "路灯属小区物业管理。", "已向您说明。", outcome)
    assert check.verdict == Verdict.WRONG
    assert check.evidence == ("路灯已修复。",)


@pytest.mark.parametrize(
    ("reply", "figures"),
    [
        ("您好！住户将于12月3日前赔偿您损失2000元。", ("12月3日", "2000元")),
        ("您好！住户同意5个工作日内维修。", ("5个工作日内",)),
        ("您好！住户同意12月5日前维修，检测费80元已退。", ()),
        ("您好！您于3月1日反映的漏水已处理，浸坏的300元地板已更换。", ()),
    ],
)
def test_a_day_or_a_sum_the_unit_did_not_report_wants_a_reason(reply: str, figures: tuple[str, ...]) -> None:
    result = Result(
        "住户漏水，检测费80元", "调解，住户同意12月5日前维修，退80元", "", "甲", "12345", Outcome.RESOLVED, "h", MORNING
    )
    asked = replace(ticket(title="楼上漏水", text="楼上漏水到我家，浸坏300元的地板。"), result=result)
    found = [each for each in check_reply(asked, reply) if each.label == "日期与金额"]
    assert [(each.verdict, each.evidence) for each in found] == ([(Verdict.WRONG, figures)] if figures else [])


def test_what_the_unit_did_and_called_otherwise_is_only_asked_about() -> None:
    (check,) = held("您好！路灯已更换灯泡。", "灯泡损坏。", "路灯已更换灯泡3只。", Outcome.EXPLAINED)
    assert (check.verdict, check.why) == (Verdict.DOUBT, "答复说已办结，单位报的结果是“解释说明”")


def test_a_ticket_without_a_result_is_held_against_nothing() -> None:
    found = check_reply(ticket(text="同济路的路灯坏了。"), "您好！路灯已修复。")
    assert "与单位结果" not in {each.label for each in found}
