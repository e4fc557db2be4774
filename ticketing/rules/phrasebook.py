"""The texts of ticketing for whoever words them: notices to citizens, to units, messages to officers."""

from collections.abc import Iterator

from kernel.labels import Labelled
from kernel.phrases import Audience, PhraseRow, Placeholder, row
from ticketing.model.labels import Action, ErrandKind, RequestMove, SideAction
from ticketing.rules import reaching
from ticketing.rules.notices import TO_CITIZEN, TO_UNIT, Late

CITIZENS, UNITS, OFFICERS = "通知市民", "单位收件箱", "工作人员短信、邮件与企业微信"
_EVENTS = {each.value: each for kind in (Action, SideAction, RequestMove, ErrandKind, Late) for each in kind}
# Of what is about a person a unit or an officer gets nothing in a notice: it stands in the ticket, behind its guard.
_KNOWN = (
    Placeholder("number", "工单号", "12345260316000001"),
    Placeholder("code", "查询码", "8K2M4P", private=True),
    Placeholder("title", "工单标题", "同济路占道经营"),
    Placeholder("unit", "承办单位", "城市管理和综合执法局"),
    Placeholder("due", "期限", "3月20日"),
    Placeholder("was", "原期限（日历调整前）", "3月19日"),
    Placeholder("step_due", "本环节时限", "3月16日10:30"),
    Placeholder("wanted", "要补充的内容", "具体在哪条路哪个位置？", private=True),
    Placeholder("reply", "答复内容", "已清理占道摊档，并安排夜间巡查。", private=True),
    Placeholder("basis", "依据", "《城市市容和环境卫生管理条例》", private=True),
    Placeholder("reason", "原因", "需要现场勘查"),
    Placeholder("road", "正确途径", "向人民法院提起诉讼", private=True),
    Placeholder("platform", "转往平台", "110报警服务台", private=True),
    Placeholder("public", "公开说明", "已列入明年改造计划。", private=True),
    Placeholder("review", "复查日期", "6月30日"),
    Placeholder("rate", "评价链接", "https://hotline.example/rate/…", private=True),
    Placeholder("rate_until", "评价可修改至", "4月3日", private=True),
    Placeholder("asked", "谁要求的、为什么", "由热线工作人员按您的要求登记，原因：已自行解决。", private=True),
    Placeholder("request", "申请类型", "延期"),
    Placeholder("level", "督办级别", "2"),
)
_MAY_LEAVE = ("title", "unit")
_ALWAYS = ("number", "title", "unit", "due")
_TO_OFFICERS = (
    Placeholder("number", "工单号", "12345260316000001"),
    Placeholder("what", "事由", "新工单待签收"),
    Placeholder("due", "期限", "3月20日17:30"),
    Placeholder("step", "环节", "签收"),
    Placeholder("urgent", "紧急标记", "【紧急】"),
    Placeholder("urgency", "紧急程度", "紧急"),
    Placeholder("count", "件数", "3"),
    Placeholder("kinds", "各类件数", "新工单待签收2件，市民催办1件"),
    Placeholder("numbers", "最紧急的工单号", "12345260316000001、12345260316000002"),
    *(
        Placeholder(each.name, each.label, each.sample, private=True)
        for each in _KNOWN
        if each.name in {"title", "reason"}
    ),
    *(each for each in _KNOWN if each.private),
)
_OFFICERS = (
    (reaching.ONE, "单条提醒"),
    (reaching.URGENT, "紧急标记（单条提醒的开头）"),
    (reaching.DUE, "到期（单条提醒中）"),
    (reaching.STEP_DUE, "环节时限（单条提醒中）"),
    (reaching.MANY, "每小时汇总"),
    (reaching.SHORT_ONE, "短信：单条提醒"),
    (reaching.SHORT_DUE, "短信：到期（单条提醒中）"),
    (reaching.SHORT_STEP_DUE, "短信：环节时限（单条提醒中）"),
    (reaching.SHORT_MANY, "短信：每小时汇总"),
)


def phrase_rows() -> list[PhraseRow]:
    """Every text, in the order of the tables."""
    return [*_rows()]


def _rows() -> Iterator[PhraseRow]:
    for event, told in TO_CITIZEN.items():
        yield row(told.text, CITIZENS, _label(event), Audience.CITIZEN, _KNOWN, optional=_MAY_LEAVE, more=_ALWAYS)
    for event, line in TO_UNIT.items():
        yield row(line.text, UNITS, _label(event), Audience.UNIT, _KNOWN, optional=_MAY_LEAVE, more=("number", "due"))
    for phrase, what in _OFFICERS:
        yield row(phrase, OFFICERS, what, Audience.OFFICER, _TO_OFFICERS, optional=("urgent", "kinds", "urgency"))


def _label(event: str) -> str:
    found: Labelled = _EVENTS[event]
    return found.label
