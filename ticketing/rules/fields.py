"""What a screen asks for an action: the fields the tables need and those that may be added, with their words.

The buttons, the API and the rules read the same tables; nothing here allows or forbids anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ticketing.model.labels import (
    Action,
    Actor,
    DeclineReason,
    ExclusionReason,
    Outcome,
    RehandleGround,
    RequestKind,
    ReturnReason,
    Score,
    SideAction,
    Solved,
    SuspensionReason,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Ticket
from ticketing.rules.assigning import merged_from_its_lead
from ticketing.rules.closing import CALL_BACK_OUTCOMES
from ticketing.rules.limits import Limits, rank
from ticketing.rules.raising import BY_PERSON
from ticketing.rules.requests import RULES
from ticketing.rules.side_actions import side_fields
from ticketing.rules.situation import STAFF
from ticketing.rules.transitions import required_fields
from ticketing.rules.working import UNIT_OUTCOMES

Asked = Action | SideAction | RequestKind
Options = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a form. ``type``: text textarea date choice unit matter bool files. ``when``: what is filled in
    beside it decides whether it is required, and this says how."""

    name: str
    label: str
    type: str
    hint: str = ""
    options: Options = ()
    required: bool = False
    when: str = ""


def _choices(kind: Sequence[Enum] | type[Enum]) -> Options:
    return tuple((str(each.value), str(getattr(each, "label", each.value))) for each in kind)


CHANNELS: Options = (("phone", "电话"), ("sms", "短信"), ("wechat", "微信"), ("visit", "上门"))
# Where only those are written to who wrote from there.
WRITTEN_FROM: Mapping[str, str] = {"web": "网页对话", "weibo": "微博"}

FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field("reason", "理由", "textarea"),
        Field("reason_code", "原因", "choice"),
        Field("text", "内容", "textarea"),
        Field("question", "请市民补充什么", "textarea"),
        Field("evidence", "照片或附件", "files"),
        Field("kind", "诉求类型", "choice", options=_choices([k for k in TicketKind if k is not TicketKind.SUGGEST])),
        Field("urgency", "紧急程度", "choice", options=_choices(Urgency)),
        Field("flags", "标签", "choice", options=_choices(BY_PERSON)),
        Field("title", "标题", "text"),
        Field("matter", "事项", "matter"),
        Field("area", "所属区域", "choice"),
        Field("place", "具体地点", "text"),
        Field("parent", "主单编号", "text"),
        Field("citations", "引用的知识条目编号", "text", "多条用逗号隔开"),
        Field("status_query", "仅为查询办理进度", "bool"),
        Field("legal_basis", "法律依据", "textarea"),
        Field("right_road", "正确的办理途径", "textarea", "市民会看到这段文字"),
        Field("platform", "转往", "text", "例如 110、119、120"),
        Field("live_person", "接手的工作人员", "text"),
        Field("unit", "主办单位", "unit"),
        Field("supporting", "协办单位", "unit"),
        Field("basis", "依据", "textarea"),
        Field("request", "依据的申请", "choice"),
        Field("clause", "职责条款", "textarea", "职责条款与照片或附件至少提供一项"),
        Field("suggested_unit", "建议承办单位", "unit"),
        Field("new_due", "延期至", "date"),
        Field("contacted_at", "首次联系市民", "choice", options=(("now", "刚刚已联系"),)),
        Field(
            "contact_how",
            "如何联系到市民",
            "text",
            "没有“联系市民”的通话记录时写明何时、以何方式联系，如：上午用办公座机打通；登记为“无通话记录”并列入质检",
        ),
        Field("contact_text", "发给市民的消息", "textarea", "由系统立即发给市民，即为首次联系，不必再填联系方式"),
        Field("no_contact_reason", "未联系的原因", "text", "没有联系市民时填写"),
        Field("plan", "工作计划", "textarea"),
        Field("owner", "责任人", "text"),
        Field("review_at", "复查日期", "date"),
        Field("public_text", "向市民说明", "textarea", "市民会看到这段文字"),
        Field("findings", "查明情况", "textarea"),
        Field("measures", "处理措施", "textarea"),
        Field("handler", "经办人", "text"),
        Field("phone", "经办人办公电话", "text"),
        Field("outcome", "办理结果", "choice", options=_choices(Outcome)),
        Field("dissent", "不同意见", "textarea"),
        Field("assignment", "协办任务", "choice"),
        Field("checked", "已核对：逐点答复、依据充分、用语文明、无泄露", "bool"),
        Field("score", "满意度", "choice", options=_choices(Score)),
        Field("solved", "是否解决", "choice", options=_choices(Solved)),
        Field("channel", "联系方式", "choice", options=CHANNELS),
        Field("reached", "是否联系到本人", "choice", options=(("true", "已与本人通话"), ("false", "未联系到本人"))),
        Field(
            "other_person",
            "接电话的是他人（家人、同住人、同事等）",
            "bool",
            "请在回访记录里写明是谁、说了什么。他人的说法不是诉求人本人的评价，不计入满意度和解决率；本次记为未联系到本人",
        ),
        Field(
            "no_call_reason",
            "未通过热线拨打的说明",
            "text",
            "未用“联系市民”拨打、也未由系统发出消息时必填，如：办公座机拨打；登记为“无通话记录”并列入质检",
        ),
        Field("supervisor", "督办人", "text", "超出次数后须填写一位督办员的姓名或账号"),
        Field("beyond_area", "跨辖区承办的理由", "text", "所选单位不负责该地点时须写明"),
    )
}

# Besides what the tables demand; in the order of the form.
MAY_ADD: Mapping[Asked, tuple[str, ...]] = {
    Action.ANSWER: ("citations", "basis", "status_query", "parent"),
    Action.TRIAGE: ("kind", "matter", "area", "place", "urgency", "flags", "title", "reason"),
    Action.SUPPLY_INFO: ("text", "place", "evidence"),
    Action.DISPATCH: ("matter", "basis", "area", "supporting", "beyond_area"),
    Action.REASSIGN: ("reason", "matter", "basis", "area", "request", "beyond_area", "supervisor"),
    Action.RECALL: ("request", "supervisor"),
    Action.UNMERGE: ("supervisor",),
    Action.START: ("contacted_at", "contact_how", "contact_text", "no_contact_reason"),
    Action.SUSPEND: ("public_text",),
    Action.CLOSE_SHELVED: ("measures",),
    Action.SUBMIT_RESULT: ("evidence",),
    Action.RELEASE: ("basis", "reason"),
    Action.BOUNCE: ("supervisor",),
    Action.CLOSE: ("outcome",),
    Action.REHANDLE: ("reason_code", "reason", "unit", "supervisor"),
    Action.RATE: ("text",),
    Action.NOT_SOLVED: ("text",),
    Action.WITHDRAW: ("reason", "no_call_reason", "evidence"),
    SideAction.URGE: ("supervisor",),
    SideAction.ADD_EVIDENCE: ("text", "evidence"),
    SideAction.LOG_CONTACT: ("contacted_at", "contact_how", "contact_text"),
    SideAction.LOG_CALL: ("other_person", "no_call_reason", "score", "solved", "text"),
    SideAction.PROPOSE_DECLINE: ("text",),
    SideAction.CHANGE_RATING: ("text",),
    SideAction.RENEW_HOLD: ("review_at",),
    RequestKind.RETURN: ("clause", "reason", "evidence"),
    RequestKind.EXTENSION: ("evidence",),
    RequestKind.SHELVING: ("evidence",),
    RequestKind.EXCLUSION: ("reason",),
}
# What a guard demands beside the table, so that the form can say it beforehand.
DEMANDED: Mapping[tuple[Asked, Actor | None], tuple[str, ...]] = {
    (Action.RELEASE, None): ("checked",),
    (Action.REASSIGN, None): ("reason",),
    (Action.WITHDRAW, Actor.AGENT): ("reason",),
    (SideAction.RAISE_URGENCY, None): ("reason",),
    (SideAction.NOTE_DISSENT, Actor.DISPATCHER): ("reason",),
    (SideAction.NOTE_DISSENT, Actor.SUPERVISOR): ("reason",),
}
# What a guard demands only beside something else in the same form, in words.
EITHER = "两项必填其一"
ONE_OF_THREE = "已联系、发消息、未联系的原因三项必填其一"
ONE_OF_TWO = "已联系、未联系的原因两项必填其一"
WITHOUT_HOW = "未写明如何联系到市民时必填"
UNWRITTEN = "该市民没有留下可以发消息的方式"
UNTEXTED = "保密工单不向市民发短信"
RING_UP = "请打电话联系：点“联系市民”，或用办公座机拨打后写明如何联系到市民"
UNREACHABLE = "该市民没有留下电话，也没有留下可以发消息的方式：已用其他方式联系到的，写明如何联系；无法联系的，写明原因"
CONTACTING = frozenset({Action.START, SideAction.LOG_CONTACT})
WITHOUT_CALL = "已联系而没有通话记录时必填"
WHEN: Mapping[tuple[Asked, str], str] = {
    (Action.START, "contacted_at"): ONE_OF_THREE,
    (Action.START, "contact_how"): WITHOUT_CALL,
    (Action.START, "contact_text"): ONE_OF_THREE,
    (Action.START, "no_contact_reason"): ONE_OF_THREE,
    (SideAction.LOG_CONTACT, "contacted_at"): EITHER,
    (SideAction.LOG_CONTACT, "contact_how"): WITHOUT_CALL,
    (SideAction.LOG_CONTACT, "contact_text"): EITHER,
    (Action.SUBMIT_RESULT, "evidence"): "结果为“已解决”时必填",
    (Action.DISPATCH, "basis"): "目录外派单时必填，写明法规、文件、批示或裁定",
    (Action.REASSIGN, "basis"): "目录外派单时必填，写明法规、文件、批示或裁定",
    (Action.DISPATCH, "beyond_area"): "所选单位不负责该地点时必填",
    (Action.REASSIGN, "beyond_area"): "所选单位不负责该地点时必填",
    (SideAction.LOG_CALL, "no_call_reason"): "没有通话或消息记录时必填",
    (SideAction.ADD_EVIDENCE, "text"): EITHER,
    (SideAction.ADD_EVIDENCE, "evidence"): EITHER,
    (RequestKind.RETURN, "clause"): EITHER,
    (RequestKind.RETURN, "evidence"): EITHER,
}
# The count that, once too high, makes a supervisor's name required.
COUNTED: Mapping[Asked, str] = {
    Action.REASSIGN: "reassigns",
    Action.RECALL: "reassigns",
    Action.UNMERGE: "reassigns",
    Action.BOUNCE: "bounces",
    Action.REHANDLE: "rehandles",
    SideAction.URGE: "urges",
}
COUNT_LABELS: Mapping[str, str] = {"reassigns": "流转", "bounces": "审核退回", "rehandles": "重办", "urges": "催办"}
LABELS: Mapping[tuple[Asked, str], str] = {
    (Action.ANSWER, "text"): "答复内容",
    (Action.RELEASE, "text"): "给市民的答复",
    (Action.RELEASE, "reason"): "核对有问题仍发布的理由",
    (Action.ANSWER, "parent"): "所查询的工单编号",
    (SideAction.PROPOSE_REFUSAL, "legal_basis"): "不能满足的法律依据",
    (SideAction.PROPOSE_REFUSAL, "reason"): "不能满足的理由",
    (SideAction.PROPOSE_DECLINE, "text"): "给市民的说明",
    (Action.CLOSE_SHELVED, "measures"): "计划完成情况（复查日期前办结必填，市民会看到）",
    (Action.WITHDRAW, "no_call_reason"): "市民如何提出撤回（没有通话记录时）",
    (Action.WITHDRAW, "evidence"): "市民要求撤回的留言或录音",
    (Action.RECEIPT, "handler"): "对方接收人、工号或回执编号",
    (Action.RECEIPT, "reason"): "对方如何答复",
    (Action.SUPPLY_INFO, "text"): "补充内容",
    (Action.DISPATCH, "basis"): "派单依据（目录外派单时必填）",
    (SideAction.ADD_EVIDENCE, "text"): "补充说明",
    (SideAction.FINISH_PART, "findings"): "协办情况",
    (SideAction.NOTE_DISSENT, "reason"): "代为注明的理由（该单位逾期未办的情况）",
    (SideAction.OPEN_ENFORCEMENT, "reason"): "案由或立案文号",
    (SideAction.ADD_SUPPORTING, "unit"): "协办单位",
    (SideAction.WITHDRAW_PART, "assignment"): "撤回的协办",
    (SideAction.WITHDRAW_PART, "reason"): "撤回的理由（该单位会看到）",
    (SideAction.SUB_DISPATCH, "unit"): "下级单位",
    (SideAction.LOG_CALL, "text"): "回访记录",
    (SideAction.LOG_CALL, "score"): "市民在回访中的评价",
    (RequestKind.EXTENSION, "reason"): "延期原因",
    (RequestKind.SHELVING, "reason"): "挂账原因",
    (RequestKind.SUSPENSION, "reason"): "情况说明",
}
REASONS: Mapping[Asked, Options] = {
    SideAction.PROPOSE_DECLINE: _choices(DeclineReason),
    Action.SUSPEND: _choices(SuspensionReason),
    Action.REHANDLE: _choices(RehandleGround),
    RequestKind.RETURN: _choices(ReturnReason),
    RequestKind.SUSPENSION: _choices(SuspensionReason),
    RequestKind.EXCLUSION: _choices(ExclusionReason),
}
PRIMARY = frozenset(
    {
        *(Action.TRIAGE, Action.DISPATCH, Action.ACCEPT, Action.START, Action.RESUME, Action.SUBMIT_RESULT),
        *(Action.APPROVE, Action.RELEASE, Action.CLOSE, Action.RESTART, Action.SUPPLY_INFO, Action.RATE),
        *(SideAction.ACCEPT_PART, SideAction.FINISH_PART, SideAction.LOG_CALL),
    }
)
# Where a dispatcher may see another matter in it than the reader did.
NAMES_MATTER = frozenset({Action.DISPATCH, Action.REASSIGN})
# What only some may say in a form that others fill in too.
WITHHELD: Mapping[tuple[Asked, Actor | None], frozenset[str]] = {
    (Action.REHANDLE, Actor.CALLBACK): frozenset({"unit"}),
    (Action.REHANDLE, Actor.CITIZEN): frozenset({"unit"}),
    (Action.WITHDRAW, Actor.CITIZEN): frozenset({"no_call_reason", "evidence"}),
}
OUTCOMES: Mapping[Asked, frozenset[Outcome]] = {
    Action.SUBMIT_RESULT: UNIT_OUTCOMES,
    Action.CLOSE: CALL_BACK_OUTCOMES,
}
DANGER = frozenset(
    {
        *(Action.DECLINE, Action.WITHDRAW, Action.RECALL, Action.CLOSE_SHELVED, Action.HAND_OVER),
        *(SideAction.PROPOSE_DECLINE, SideAction.WITHDRAW_PART),
    }
)


def is_settled(ticket: Ticket, asked: Asked, name: str) -> bool:
    """Whether the ticket itself answers a field: nobody is asked of a first contact that is logged."""
    return asked is Action.START and name in MAY_ADD[Action.START] and ticket.first_contact is not None


def unwritten(asked: Asked, field: Field, *, rings: bool, secret: bool) -> Field | None:
    """A field of a first contact as it is asked of a citizen nobody can write to; None where it makes no sense then.
    ``rings``: they can be rung up; ``secret``: nobody is texted about such a ticket."""
    if asked not in CONTACTING:
        return field
    match field.name:
        case "contact_text":
            return None
        case "contacted_at":
            hint = f"{UNTEXTED if secret else UNWRITTEN}，{RING_UP}" if rings else UNREACHABLE
            return replace(field, hint=hint, when=ONE_OF_TWO if asked is Action.START else WITHOUT_HOW)
        case "no_contact_reason":
            return replace(field, when=ONE_OF_TWO)
        case _:
            return field


def of_this_urgency(ticket: Ticket, asked: Asked, field: Field) -> Field:
    """A field of urgencies without those that are no step up, or down, from the ticket's."""
    if field.name != "urgency" or asked not in (SideAction.RAISE_URGENCY, SideAction.LOWER_URGENCY):
        return field
    now, up = rank(ticket.urgency), asked is SideAction.RAISE_URGENCY
    steps = [each for each in Urgency if (rank(each) < now if up else rank(each) > now)]
    return replace(field, options=_choices(steps))


def is_demanded(ticket: Ticket, asked: Asked, name: str, actor: Actor | None, limits: Limits) -> bool:
    """Whether this ticket demands a field others may leave empty: a report goes nowhere without its matter, what was
    done too often not without a supervisor's name."""
    if name == "supervisor" and asked is Action.UNMERGE and not merged_from_its_lead(ticket):
        return False
    if name == "supervisor" and asked in COUNTED and actor in STAFF:
        return int(getattr(ticket.counters, COUNTED[asked])) + 1 >= limits.patience(COUNTED[asked])[1]
    return name == "matter" and asked in NAMES_MATTER and ticket.kind is TicketKind.REPORT


def why_named(ticket: Ticket, asked: Asked, limits: Limits) -> str:
    """Why a supervisor's name is asked for, in words."""
    counter = COUNTED[asked]
    times = int(getattr(ticket.counters, counter))
    raised = "，督办升一级" if times + 1 >= limits.patience(counter)[0] else ""
    return f"此工单已{COUNT_LABELS[counter]}{times}次，本次起须填写一位督办员的姓名或账号{raised}"


def fields_of(asked: Asked, actor: Actor | None = None) -> tuple[Field, ...]:
    """The fields of an action's form for somebody in the part of ``actor``, the required ones first."""
    needs = [*_needs(asked), *DEMANDED.get((asked, None), ()), *DEMANDED.get((asked, actor), ())]
    withheld = WITHHELD.get((asked, actor), frozenset())
    names = dict.fromkeys(name for name in [*needs, *MAY_ADD.get(asked, ())] if name not in withheld)
    return tuple(_field(asked, name, required=name in needs) for name in names)


def _needs(asked: Asked) -> tuple[str, ...]:
    if isinstance(asked, Action):
        return required_fields(asked)
    return side_fields(asked) if isinstance(asked, SideAction) else RULES[asked].needs


def _field(asked: Asked, name: str, *, required: bool) -> Field:
    field = FIELDS[name]
    options = REASONS.get(asked, ()) if name == "reason_code" else field.options
    if name == "outcome" and asked in OUTCOMES:
        options = _choices([outcome for outcome in Outcome if outcome in OUTCOMES[asked]])
    label = LABELS.get((asked, name), field.label)
    return Field(name, label, field.type, field.hint, options, required, WHEN.get((asked, name), ""))
