"""What the look at a reply finds: every verdict with the words it rests on."""

import pytest

from tests.ticketing.making import ticket
from ticketing.rules.checks import Check, Verdict
from ticketing.rules.points import points_of
from ticketing.rules.replycheck import check_reply
from ticketing.rules.whereabouts import other_roads

ASKED = "同济路的路灯坏了三天，请尽快派人维修。另外人行道的井盖松动，希望更换。"
GOOD = (
    "您好！您反映的情况已收悉。经核查，同济路三盏路灯线路老化，已于3月18日更换灯具并恢复照明；"
    "人行道松动的井盖已更换。根据《城市照明管理规定》第二十条办理。如有疑问请致电0757-12345678。感谢您的反映。"
)


def found(text: str, asked: str = ASKED, basis: str = "") -> dict[str, list[Check]]:
    checks: dict[str, list[Check]] = {}
    for check in check_reply(ticket(text=asked, title="路灯"), text, basis):
        checks.setdefault(check.label, []).append(check)
    return checks


def verdict(text: str, label: str, **more: str) -> str:
    return found(text, **more)[label][0].verdict


def test_points_are_the_sentences_and_what_is_numbered_in_them() -> None:
    assert points_of(ASKED) == ["同济路的路灯坏了三天，请尽快派人维修", "另外人行道的井盖松动，希望更换"]
    assert points_of("反映两件事：一是楼道没灯，请装灯；二是电梯经常坏，请检修") == [
        "楼道没灯，请装灯",
        "电梯经常坏，请检修",
    ]
    assert points_of("路面有一个大坑") == ["路面有一个大坑"]


def test_a_good_reply_has_nothing_against_it() -> None:
    checks = [check for same in found(GOOD).values() for check in same]
    assert {check.verdict for check in checks} == {Verdict.FINE}
    assert all(check.evidence for check in checks if check.label not in {"个人信息", "内部用语"})


def test_a_point_left_out_is_shown_with_its_words() -> None:
    half = GOOD.replace("人行道松动的井盖已更换。", "")
    missing = [check for check in found(half)["诉求要点"] if check.verdict != Verdict.FINE]
    assert [check.quote for check in missing] == ["另外人行道的井盖松动，希望更换"]


def test_evidence_is_quoted_from_the_reply_itself() -> None:
    for check in found(GOOD)["诉求要点"]:
        assert all(part in GOOD for part in check.evidence)


@pytest.mark.parametrize(
    "text", ["您好，您的诉求正在处理中，请耐心等待。", "我们高度重视，将尽快处理，感谢您的理解和支持。"]
)
def test_a_reply_of_empty_phrases_is_called_so(text: str) -> None:
    assert verdict(text, "实质内容") == Verdict.WRONG


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("路灯已修复。", "办理依据", Verdict.WRONG),
        ("根据管养规定，路灯已修复。", "办理依据", Verdict.FINE),
        ("路灯已修复。", "联系方式", Verdict.DOUBT),
        ("路灯已修复，咨询电话0757-12345678。", "联系方式", Verdict.FINE),
        ("已联系市民，其手机为13800138000，路灯已修复。", "个人信息", Verdict.WRONG),
        ("路灯已修复，咨询电话0757-12345678。", "个人信息", Verdict.FINE),
        ("该市民的工单不属我单位，已申请退单。", "内部用语", Verdict.WRONG),
        ("这事不归我们管。", "用语", Verdict.WRONG),
        ("路灯已修复。", "用语", Verdict.DOUBT),
        ("您好，路灯已修复。", "用语", Verdict.FINE),
    ],
)
def test_each_look_finds_what_it_is_for(text: str, label: str, expected: Verdict) -> None:
    assert verdict(text, label) == expected


def test_the_basis_may_stand_in_its_own_field() -> None:
    assert verdict("路灯已修复。", "办理依据", basis="《城市照明管理规定》") == Verdict.FINE


def test_any_text_gets_a_list() -> None:
    for text in ("", "。。。", "\n", "！" * 500, "好" * 4000):
        assert found(text)


# -- points joined by commas ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("同济路路灯坏了，垃圾也没人清运", ["同济路路灯坏了", "垃圾也没人清运"]),
        (
            "楼下烧烤油烟很大，还占用消防通道，并要求赔偿清洗费",
            ["楼下烧烤油烟很大", "还占用消防通道", "并要求赔偿清洗费"],
        ),
        ("居住证丢了，怎么办理，需要带什么材料", ["居住证丢了", "怎么办理", "需要带什么材料"]),
        ("水管爆了三天，打电话也没人接，到现在还没有修", ["水管爆了三天，打电话也没人接，到现在还没有修"]),
        ("路灯坏了，晚上很黑，希望尽快维修", ["路灯坏了，晚上很黑，希望尽快维修"]),
        ("尊敬的领导您好！小区停水两天。望有关部门尽快处理为盼。谢谢！", ["小区停水两天"]),
    ],
)
def test_a_further_point_begins_after_a_comma_and_a_continuation_does_not(text: str, expected: list[str]) -> None:
    assert points_of(text) == expected


def test_a_point_after_a_comma_that_was_left_out_is_found() -> None:
    asked = "同济路的路灯坏了三天，垃圾也没人清运，还有商贩占道"
    reply = "您好！同济路路灯线路老化，已于3月18日更换灯具。如有疑问请致电0757-12345678。"
    left_out = [check.quote for check in found(reply, asked)["诉求要点"] if check.verdict == Verdict.WRONG]
    assert left_out == ["垃圾也没人清运", "还有商贩占道"]


def test_each_kind_of_thing_asked_for_has_to_be_given() -> None:
    asked = "办居住证要多少钱什么时候能拿到？"
    assert verdict("您好！办理居住证免费。", "诉求要点", asked=asked) != Verdict.FINE
    assert verdict("您好！办理居住证免费，15个工作日内可领取。", "诉求要点", asked=asked) == Verdict.FINE


# -- another place --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "evidence"),
    [
        ("您好！经核查，绿景东路的路灯已于3月18日修复。", ("绿景东路",)),
        ("您好！经核查，同济东路的路灯已于3月18日修复。", ()),
        ("您好！该路的路灯已于3月18日修复，请到季华五路28号办理。", ()),
        ("您好！道路两旁的路灯已于3月18日修复，走路请留意。", ()),
    ],
)
def test_a_reply_about_another_road_is_found(reply: str, evidence: tuple[str, ...]) -> None:
    checks = found(reply, "同济路的路灯坏了三天").get("地点", [])
    assert tuple(name for check in checks for name in check.evidence) == evidence


def test_a_citizen_who_named_no_road_is_told_one() -> None:
    assert other_roads("小区门口的路灯坏了", "您好！经核查，绿景东路的路灯已修复。") == ()


# -- echoes and answers ---------------------------------------------------------------------------------

THREE = "同济路的路灯不亮。路面有个大坑。护栏也断了一截。"


@pytest.mark.parametrize(
    "reply",
    [
        "您好！路灯、路面大坑和护栏的事我们已转有关单位，何时修好暂不清楚。",
        "您好！您反映的路灯、路面大坑、护栏问题已经收悉，我们会认真研究处理。",
        "您好！关于“路灯不亮、路面有个大坑、护栏断了”的来信，我们高度重视。",
    ],
)
def test_saying_the_complaint_over_again_answers_none_of_its_points(reply: str) -> None:
    assert Verdict.FINE not in {check.verdict for check in found(reply, THREE)["诉求要点"]}


@pytest.mark.parametrize(
    "reply", ["您好！门口的路灯已于11月29日修好。", "已更换路灯，恢复照明", "经查核，路灯已修好，恢复正常照明。"]
)
def test_what_was_complained_of_with_a_result_answers_without_its_details(reply: str) -> None:
    checks = found(reply, "同济路88号路灯坏了三天，一到晚上黑漆漆。请尽快修好路灯。")
    assert {check.verdict for check in checks["诉求要点"]} == {Verdict.FINE}
    assert checks["实质内容"][0].verdict == Verdict.FINE


def test_a_result_for_one_thing_answers_no_other() -> None:
    verdicts = [check.verdict for check in found("您好！路灯已于3月2日修好。", THREE)["诉求要点"]]
    assert verdicts == [Verdict.FINE, Verdict.WRONG, Verdict.WRONG]


# -- others named in a reply ----------------------------------------------------------------------------


@pytest.mark.parametrize("reply", ["您好！您的邻居王大力住在楼上。", "您好！已告知同住人王大力（退休）。"])
def test_a_third_person_named_after_what_they_are_is_asked_about(reply: str) -> None:
    (check,) = found(reply)["疑似他人姓名"]
    assert check.verdict == Verdict.DOUBT
    assert any(name.startswith("王大力") for name in check.evidence)


@pytest.mark.parametrize(
    "reply", ["您好！已告知业主安全用电。", "您好！已约谈经营者并责令整改。", "您好！邻居家的水管已修好。"]
)
def test_words_after_what_somebody_is_are_no_name(reply: str) -> None:
    assert "疑似他人姓名" not in found(reply)
