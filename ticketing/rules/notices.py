"""Who is told what when something happens to a ticket: one row an event, one for citizens, one for units."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kernel.labels import Labelled
from kernel.phrases import Phrase, Said
from ticketing.model.labels import Action, ErrandKind, RequestMove, SideAction, State

Event = Action | SideAction | RequestMove | ErrandKind


class Late(Labelled):
    """Events that are no one's doing: time has passed."""

    REMIND_INFO = "remind_info", "提醒补充"
    NEARLY_DUE = "nearly_due", "即将到期"
    DUE_TODAY = "due_today", "今日到期"
    OVERDUE = "overdue", "已超期"
    URGE_NOTICE = "urge_notice", "超期催办通知"
    SECOND_LEVEL = "second_level", "超期二级督办"
    CIRCULAR = "circular", "超期通报"
    DISPATCH_SOON = "dispatch_soon", "派单即将超时"
    DISPATCH_LATE = "dispatch_late", "派单超时"
    SIGN_SOON = "sign_soon", "签收即将超时"
    SIGN_LATE = "sign_late", "超时未签收"
    CONTACT_SOON = "contact_soon", "首次联系即将超时"
    CONTACT_LATE = "contact_late", "首次联系超时"
    APPROVAL_SOON = "approval_soon", "内审即将超时"
    APPROVAL_LATE = "approval_late", "内审超时"
    APPROVES_ABOVE = "approves_above", "请上级单位代为内审"
    NOBODY_APPROVES = "nobody_approves", "无人可内审"
    REVIEW_SOON = "review_soon", "审核即将超时"
    REVIEW_LATE = "review_late", "审核超时"
    CALLBACK_SOON = "callback_soon", "回访即将超时"
    CALLBACK_LATE = "callback_late", "回访超时"
    RECEIPT_SOON = "receipt_soon", "对方接收即将超时"
    RECEIPT_LATE = "receipt_late", "对方超时未接收"
    DECISION_SOON = "decision_soon", "申请审批即将超时"
    DECISION_LATE = "decision_late", "申请审批超时"
    RULING_SOON = "ruling_soon", "争议裁决即将超时"
    RULING_LATE = "ruling_late", "争议裁决超时"
    REFUSAL_LATE = "refusal_late", "拟不予受理（支持）超时未定"
    APPEAL_LATE = "appeal_late", "异议超时未裁定"
    SPANS_WAIT = "spans_wait", "身份线索待核定"
    SPANS_SOON = "spans_soon", "身份线索核定即将超时"
    SPANS_LATE = "spans_late", "身份线索核定超时"
    HOLD_SOON = "hold_soon", "挂起挂账即将复查"
    HOLD_TODAY = "hold_today", "挂起挂账今日复查"


def _citizen(event: Event | Late, text: str, *, by_unit: bool = False, votes: bool = False) -> tuple[str, "ToCitizen"]:
    return event, ToCitizen(Phrase(f"citizen.{event.value}", text), by_unit, votes)


def _unit(event: Event | Late, text: str, whom: "Whom | None" = None) -> tuple[str, "ToUnit"]:
    return event, ToUnit(Phrase(f"unit.{event.value}", text), whom or Whom.LEAD)


@dataclass(frozen=True, slots=True)
class ToCitizen:
    """A message to the citizen; ``{…}`` are fields of Facts. ``by_unit``: the unit speaks, not the hotline;
    ``votes``: the five votes on the reply can be tapped."""

    text: Phrase
    by_unit: bool = False
    votes: bool = False


# Fields: number code title unit due was step_due wanted reply basis reason road platform public review rate
# rate_until asked
TO_CITIZEN: Mapping[str, ToCitizen] = dict(
    (
        _citizen(Action.SUBMIT, "您的诉求已受理。编号：{number}，查询码：{code}。您可以随时查看进度、补充照片或催办。"),
        _citizen(Action.DISPATCH, "您的诉求（{number}）已转{unit}办理，预计{due}前答复。"),
        _citizen(
            Action.REASSIGN,
            "您的诉求（{number}）转由{unit}办理，预计{due}前答复；此前的情况已一并转达，您无需重复反映。",
        ),
        _citizen(Action.ASK_INFO, "关于您的诉求（{number}），请补充：{wanted} 收到补充后我们会继续办理。"),
        _citizen(Late.REMIND_INFO, "提醒：您的诉求（{number}）还需要补充：{wanted}"),
        _citizen(Action.GIVE_UP_INFO, "您的诉求（{number}）因未收到补充信息，已暂时结束。如仍需办理，请随时再次反映。"),
        _citizen(Action.ANSWER, "关于您的诉求（{number}），答复如下：\n{reply}\n如果没有解决，请在详情页告诉我们。"),
        _citizen(
            Action.DECLINE,
            "您的诉求（{number}）不予受理。{reply}\n依据：{basis}。如有异议，可以在详情页申请复核。",
        ),
        _citizen(Action.APPEAL, "您对诉求（{number}）的异议成立，我们已重新受理。"),
        _citizen(SideAction.REJECT_APPEAL, "您对诉求（{number}）的异议经复核，维持原处理。说明：{reason}"),
        _citizen(Action.HAND_OVER, "您的诉求（{number}）已转{platform}处理。说明：{reason}"),
        _citizen(
            Action.RECEIPT,
            "您的诉求（{number}）已由{platform}接收，由其负责办理，本热线予以办结。如对方没有办理，请凭编号联系我们。",
        ),
        _citizen(Action.SENT_BACK, "您的诉求（{number}）由我们继续办理，正在分派。"),
        _citizen(Action.MERGE, "您的诉求（{number}）与已受理的同类诉求合并办理，办理结果会同样通知您。"),
        _citizen(Action.UNMERGE, "您的诉求（{number}）已恢复单独办理。"),
        _citizen(
            Action.CLOSE_MERGED,
            "您的诉求（{number}）与同类诉求一并办理，答复如下：\n{reply}\n请您评价，{rate_until}前可以修改：{rate}",
            by_unit=True,
        ),
        _citizen(Action.SUSPEND, "您的诉求（{number}）暂停办理，原因：{reason}。恢复办理时会通知您。"),
        _citizen(Action.RESUME, "您的诉求（{number}）已恢复办理，预计{due}前答复。"),
        _citizen(Action.SHELVE, "您的诉求（{number}）一时难以解决，已列入计划。{public}我们将于{review}复查。"),
        _citizen(Action.UNSHELVE, "您的诉求（{number}）已恢复办理，预计{due}前答复。"),
        _citizen(
            Action.CLOSE_SHELVED,
            "您的诉求（{number}）的挂账已办结，说明如下：\n{reply}\n"
            "没有解决的，请在详情页要求重新办理，或在{rate_until}前评价：{rate}",
        ),
        _citizen(
            Action.RELEASE,
            "您的诉求（{number}）已有答复：\n{reply}\n请您评价，{rate_until}前可以修改：{rate}\n没有解决的，我们会继续跟进。",
            by_unit=True,
            votes=True,
        ),
        _citizen(Action.REHANDLE, "您的诉求（{number}）将重新办理，预计{due}前再次答复。"),
        _citizen(
            Action.WITHDRAW,
            "您的诉求（{number}）已撤回。{asked}"
            "如非您本人意愿或仍需办理，请重新提交或联系我们并报此编号，我们会接着办理。",
        ),
        _citizen(
            ErrandKind.CONFIRM_VOTE,
            "关于您的诉求（{number}）：回访人员记录您在回访中表示“{reason}”。"
            "未经您本人确认，仍以您原来的评价为准。如情况已有改变，请在{rate_until}前修改评价：{rate}",
        ),
        _citizen(
            ErrandKind.INVITE_VOTE,
            "您的诉求（{number}）办得怎么样？我们没能联系上您。请在{rate_until}前评价：{rate}",
            votes=True,
        ),
        _citizen(ErrandKind.CONTACT_CITIZEN, "关于您的诉求（{number}），{unit}与您联系：\n{reason}", by_unit=True),
        _citizen(
            ErrandKind.TELL_CALENDAR,
            "因节假日安排调整（{reason}），您的诉求（{number}）的答复时间由{was}前改为{due}前。",
        ),
        _citizen(ErrandKind.TELL_EXTENSION, "您的诉求（{number}）需要延长办理时间，预计{due}前答复。原因：{reason}"),
    )
)


class Whom(StrEnum):
    """Which units are told."""

    LEAD = "lead"
    AT_WORK = "at_work"
    NAMED = "named"


@dataclass(frozen=True, slots=True)
class ToUnit:
    """A line in the inbox of units."""

    text: Phrase
    whom: Whom = Whom.LEAD


TO_UNIT: Mapping[str, ToUnit] = dict(
    (
        _unit(Action.DISPATCH, "新工单{number}：{title}。请于{step_due}前签收，{due}前办结。", Whom.AT_WORK),
        _unit(Action.REASSIGN, "改派工单{number}：{title}。请于{step_due}前签收，{due}前办结。", Whom.AT_WORK),
        _unit(ErrandKind.APPROVE_INSIDE, "工单{number}的办理结果待单位负责人内审，请于{step_due}前审核，{due}前办结。"),
        _unit(Late.APPROVAL_SOON, "工单{number}内审时限将至，请于{step_due}前审核。"),
        _unit(Late.APPROVAL_LATE, "工单{number}内审超时，请尽快审核。"),
        _unit(Late.NOBODY_APPROVES, "工单{number}的办理结果无人可内审，已通知督办员。"),
        _unit(
            Late.APPROVES_ABOVE,
            "工单{number}的办理结果在{unit}无人可内审，请贵单位负责人于{step_due}前代为审核。",
            Whom.NAMED,
        ),
        _unit(Action.REDO_INSIDE, "工单{number}内审退回：{reason}"),
        _unit(Action.BOUNCE, "工单{number}审核退回：{reason}"),
        _unit(Action.REHANDLE, "工单{number}需重新办理，{due}前答复。"),
        _unit(Action.RESUME, "工单{number}恢复办理，{due}前办结。"),
        _unit(Action.UNSHELVE, "工单{number}恢复办理，{due}前办结。"),
        _unit(SideAction.URGE, "工单{number}收到催办，请尽快办理。"),
        _unit(SideAction.ADD_EVIDENCE, "工单{number}的市民补充了材料。", Whom.AT_WORK),
        _unit(SideAction.RAISE_URGENCY, "工单{number}的紧急程度已提高，{due}前办结。", Whom.AT_WORK),
        _unit(SideAction.ADD_SUPPORTING, "请协办工单{number}：{title}。请于{step_due}前办结协办部分。", Whom.NAMED),
        _unit(SideAction.WITHDRAW_PART, "工单{number}的一家协办单位已撤回，贵单位办结不再等待该部分。原因：{reason}"),
        _unit(SideAction.SUB_DISPATCH, "上级单位转来工单{number}：{title}。请于{step_due}前办结。", Whom.NAMED),
        _unit(SideAction.FOLLOW_UNIT, "机构调整，工单{number}由贵单位继续办理：{title}。办理时限不变。", Whom.NAMED),
        _unit(SideAction.RECOUNT, "日历调整（{reason}），工单{number}由{was}前办结改为{due}前办结。", Whom.AT_WORK),
        _unit(RequestMove.GRANT, "工单{number}的{request}申请已同意。{reason}", Whom.NAMED),
        _unit(RequestMove.REFUSE, "工单{number}的{request}申请未获同意，请继续办理。{reason}", Whom.NAMED),
        _unit(ErrandKind.END_ASSIGNMENT, "工单{number}已转出，贵单位无需继续办理。", Whom.NAMED),
        _unit(ErrandKind.END_PART, "工单{number}的协办已撤回，贵单位无需继续办理。原因：{reason}", Whom.NAMED),
        _unit(ErrandKind.LEAD_CHANGED, "工单{number}的主办单位改为{unit}，贵单位承办的部分不变。", Whom.NAMED),
        _unit(ErrandKind.RULE_DISPUTE, "工单{number}的承办争议已提请裁定；裁定前由贵单位先行办理，并可说明意见。"),
        _unit(ErrandKind.HEAR_UNIT, "工单{number}的承办争议涉及贵单位，请在裁定前说明意见和依据。", Whom.NAMED),
        _unit(ErrandKind.RAISE_SUPERVISION, "工单{number}督办级别升为{level}级。"),
        _unit(ErrandKind.ESCALATE_UNIT, "工单{number}提级由贵单位办理，{due}前答复。", Whom.NAMED),
        _unit(Late.NEARLY_DUE, "工单{number}即将到期，{due}前办结。"),
        _unit(Late.DUE_TODAY, "工单{number}今日到期，{due}前办结。"),
        _unit(Late.OVERDUE, "工单{number}已超期，请立即办理。"),
        _unit(Late.URGE_NOTICE, "催办通知：工单{number}超期仍未办结，请单位负责人督促办理。"),
        _unit(Late.SECOND_LEVEL, "工单{number}超期未办结，列入二级督办。"),
        _unit(Late.CIRCULAR, "工单{number}超期未办结，列入通报。"),
        _unit(Late.SIGN_SOON, "工单{number}签收时限将至，请于{step_due}前签收。"),
        _unit(Late.SIGN_LATE, "工单{number}超时未签收，系统已自动签收。"),
        _unit(Late.CONTACT_SOON, "工单{number}首次联系时限将至，请于{step_due}前联系诉求人。"),
        _unit(Late.CONTACT_LATE, "工单{number}超时未联系诉求人，请立即联系。"),
        _unit(Late.HOLD_SOON, "工单{number}的挂起或挂账将于{review}复查，请准备情况说明。"),
        _unit(Late.HOLD_TODAY, "工单{number}的挂起或挂账今日复查，未延续的恢复办理。"),
    )
)

# The citizen's steps: 收到, 分派, 办理, 答复, 评价.
STEPS = ("收到", "分派", "办理", "答复", "评价")
STEP_OF: Mapping[State, int] = {
    State.DRAFT: 0,
    State.RECEIVED: 0,
    State.NEED_INFO: 0,
    State.TRIAGE: 1,
    State.HANDED_OVER: 1,
    State.DISPATCHED: 1,
    State.ACCEPTED: 2,
    State.IN_PROGRESS: 2,
    State.SUSPENDED: 2,
    State.SUBMITTED: 2,
    State.REVIEW: 2,
    State.REHANDLE: 2,
    State.SHELVED: 2,
    State.MERGED: 2,
    State.ANSWERED: 3,
    State.DECLINED: 3,
    State.REPLIED: 3,
    State.CALL_BACK: 4,
    State.WITHDRAWN: 4,
    State.CLOSED: 4,
    State.ARCHIVED: 4,
}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the texts are filled from; empty where it does not apply."""

    number: str
    code: str = ""
    title: str = ""
    unit: str = ""
    due: str = ""
    was: str = ""
    step_due: str = ""
    wanted: str = ""
    reply: str = ""
    basis: str = ""
    reason: str = ""
    road: str = ""
    platform: str = ""
    public: str = ""
    review: str = ""
    request: str = ""
    level: int = 0
    rate: str = ""
    rate_until: str = ""
    asked: str = ""


def fill(text: Phrase, facts: Facts) -> Said:
    """The text with its fields; a list of fields is all of Facts, so nothing a person wrote is read as a field."""
    return text.format(**{name: getattr(facts, name) for name in Facts.__slots__})
