"""The words of a ticket: its states, kinds, clocks, requests and reasons, each with its Chinese label."""

from kernel.labels import Labelled
from kernel.messages import Choice


class State(Labelled):
    """Where a ticket stands."""

    DRAFT = "draft", "暂存"
    RECEIVED = "received", "已受理登记"
    NEED_INFO = "need_info", "待补充"
    TRIAGE = "triage", "待派单"
    ANSWERED = "answered", "直接答复"
    DECLINED = "declined", "不予受理"
    HANDED_OVER = "handed_over", "转紧急或外部平台"
    DISPATCHED = "dispatched", "已派单待签收"
    ACCEPTED = "accepted", "已签收"
    IN_PROGRESS = "in_progress", "办理中"
    SUSPENDED = "suspended", "挂起"
    SUBMITTED = "submitted", "承办单位内审"
    REVIEW = "review", "热线审核"
    REPLIED = "replied", "已答复"
    CALL_BACK = "call_back", "回访中"
    REHANDLE = "rehandle", "重办"
    SHELVED = "shelved", "挂账"
    MERGED = "merged", "并单"
    WITHDRAWN = "withdrawn", "已撤回"
    CLOSED = "closed", "办结"
    ARCHIVED = "archived", "归档"


class Open311(Labelled):
    """The status the state has in Open311."""

    OPEN = "open", "处理中"
    CLOSED = "closed", "已结束"
    OF_PARENT = "of_parent", "同主单"
    UNPUBLISHED = "unpublished", "不公开"


# What the citizen reads, and the Open311 status. A word ending in … is completed with the reason or the road.
CITIZEN_WORDS: dict[State, tuple[str, Open311]] = {
    State.DRAFT: ("未提交", Open311.UNPUBLISHED),
    State.RECEIVED: ("已收到", Open311.OPEN),
    State.NEED_INFO: ("请补充", Open311.OPEN),
    State.TRIAGE: ("正在分派", Open311.OPEN),
    State.ANSWERED: ("已答复", Open311.OPEN),
    State.DECLINED: ("不属热线受理, 请走…", Open311.CLOSED),
    State.HANDED_OVER: ("已转…", Open311.OPEN),
    State.DISPATCHED: ("已交承办单位", Open311.OPEN),
    State.ACCEPTED: ("承办单位已接单", Open311.OPEN),
    State.IN_PROGRESS: ("办理中", Open311.OPEN),
    State.SUSPENDED: ("暂停, 原因…", Open311.OPEN),
    State.SUBMITTED: ("结果审核中", Open311.OPEN),
    State.REVIEW: ("结果审核中", Open311.OPEN),
    State.REPLIED: ("已答复, 请评价", Open311.OPEN),
    State.CALL_BACK: ("等待您的评价", Open311.OPEN),
    State.REHANDLE: ("重新办理", Open311.OPEN),
    State.SHELVED: ("已说明, 将于…复查", Open311.OPEN),
    State.MERGED: ("与同类合并办理, 进展同步", Open311.OF_PARENT),
    State.WITHDRAWN: ("已撤回", Open311.CLOSED),
    State.CLOSED: ("已办结", Open311.CLOSED),
    State.ARCHIVED: ("已归档", Open311.CLOSED),
}


class Action(Labelled):
    """What moves a ticket from one state to another."""

    SUBMIT = "submit", "提交"
    ASK_INFO = "ask_info", "请市民补充"
    SUPPLY_INFO = "supply_info", "补充信息"
    GIVE_UP_INFO = "give_up_info", "逾期未补充"
    ANSWER = "answer", "直接答复"
    CONFIRM = "confirm", "确认答复"
    NOT_SOLVED = "not_solved", "未解决"
    DECLINE = "decline", "不予受理"
    APPEAL = "appeal", "申请复核"
    LET_STAND = "let_stand", "不予受理生效"
    HAND_OVER = "hand_over", "转出"
    RECEIPT = "receipt", "对方接收"
    SENT_BACK = "sent_back", "对方退回"
    TRIAGE = "triage", "登记分析"
    MERGE = "merge", "并单"
    UNMERGE = "unmerge", "解除并单"
    CLOSE_MERGED = "close_merged", "并单办结"
    DISPATCH = "dispatch", "派单"
    REASSIGN = "reassign", "改派"
    RECALL = "recall", "收回"
    ACCEPT = "accept", "签收"
    START = "start", "开始办理"
    SUSPEND = "suspend", "挂起"
    RESUME = "resume", "恢复办理"
    SHELVE = "shelve", "挂账"
    UNSHELVE = "unshelve", "挂账恢复"
    CLOSE_SHELVED = "close_shelved", "挂账办结"
    SUBMIT_RESULT = "submit_result", "提交结果"
    APPROVE = "approve", "内审通过"
    REDO_INSIDE = "redo_inside", "内审退回"
    RELEASE = "release", "审核通过并答复"
    BOUNCE = "bounce", "审核退回"
    RATE = "rate", "评价"
    BEGIN_CALLBACK = "begin_callback", "开始回访"
    CLOSE = "close", "办结"
    REHANDLE = "rehandle", "重办"
    RESTART = "restart", "重新办理"
    WITHDRAW = "withdraw", "撤回"
    ARCHIVE = "archive", "归档"


class SideAction(Labelled):
    """What is done to a ticket without moving it to another state."""

    URGE = "urge", "催办"
    ADD_EVIDENCE = "add_evidence", "补充材料"
    LOG_CONTACT = "log_contact", "登记首次联系"
    TAKE_BACK_CONTACT = "take_back_contact", "更正首次联系"
    PROPOSE_REFUSAL = "propose_refusal", "提出依法不能满足"
    AGREE_REFUSAL = "agree_refusal", "同意依法不能满足"
    OPPOSE_REFUSAL = "oppose_refusal", "不同意依法不能满足"
    LOG_CALL = "log_call", "登记回访"
    CHANGE_RATING = "change_rating", "修改评价"
    RAISE_URGENCY = "raise_urgency", "提高紧急程度"
    LOWER_URGENCY = "lower_urgency", "降低紧急程度"
    SUPERVISE = "supervise", "督办"
    RENEW_HOLD = "renew_hold", "延续挂起或挂账"
    FILE_APPEAL = "file_appeal", "对不予受理提出异议"
    REJECT_APPEAL = "reject_appeal", "维持不予受理"
    UPHOLD_APPEAL = "uphold_appeal", "支持异议，重新受理"
    PROPOSE_DECLINE = "propose_decline", "拟不予受理"
    OPPOSE_DECLINE = "oppose_decline", "不同意不予受理"
    ADD_SUPPORTING = "add_supporting", "增加协办"
    WITHDRAW_PART = "withdraw_part", "撤回协办"
    SUB_DISPATCH = "sub_dispatch", "转下级办理"
    ACCEPT_PART = "accept_part", "协办签收"
    FINISH_PART = "finish_part", "协办完成"
    NOTE_DISSENT = "note_dissent", "记录不同意见"
    FOLLOW_UNIT = "follow_unit", "机构调整"
    RECOUNT = "recount", "日历调整"
    START_RECEIPT = "start_receipt", "补设对方接收时限"
    MARK_SENSITIVE = "mark_sensitive", "敏感词提示"
    CLEAR_SENSITIVE = "clear_sensitive", "解除敏感提示"
    RECOGNISE = "recognise", "自动识别"
    ADD_FLAG = "add_flag", "添加标签"
    REMOVE_FLAG = "remove_flag", "取消标签"
    OPEN_ENFORCEMENT = "open_enforcement", "登记执法立案"


class RequestMove(Labelled):
    """What is done about a request."""

    ASK = "ask", "提出申请"
    GRANT = "grant", "同意申请"
    REFUSE = "refuse", "不同意申请"
    DISPUTE = "dispute", "提请裁决"


class TicketKind(Labelled):
    """What a citizen wants. SUGGEST opens a suggestion, never a ticket."""

    CONSULT = "consult", "咨询"
    HELP = "help", "求助"
    COMPLAINT = "complaint", "投诉"
    REPORT = "report", "举报"
    SUGGEST = "suggest", "建议"
    PRAISE = "praise", "表扬"
    OTHER = "other", "其他"


class Urgency(Labelled):
    """How soon it must be dealt with."""

    P0 = "p0", "特急"
    P1 = "p1", "紧急"
    P2 = "p2", "一般"
    P3 = "p3", "疑难"


class Outcome(Labelled):
    """How a ticket ended."""

    RESOLVED = "resolved", "已解决"
    PARTLY = "partly", "部分解决"
    EXPLAINED = "explained", "解释说明"
    REFERRED = "referred", "转其他渠道"
    SHELVED_CLOSED = "shelved_closed", "挂账办结"
    UNREACHABLE = "unreachable", "无法联系"
    DUPLICATE = "duplicate", "重复并办"
    INVALID = "invalid", "无效诉求"


class Actor(Labelled):
    """In which part somebody acts on a ticket."""

    CITIZEN = "citizen", "市民"
    BOT = "bot", "智能客服"
    AGENT = "agent", "话务员"
    DISPATCHER = "dispatcher", "分办员"
    UNIT = "unit", "承办人"
    UNIT_LEADER = "unit_leader", "承办单位负责人"
    REVIEWER = "reviewer", "审核员"
    CALLBACK = "callback", "回访员"
    SUPERVISOR = "supervisor", "督办员"
    TIMER = "timer", "系统定时"
    PLATFORM = "platform", "外部平台"


class RequestKind(Labelled):
    """What a lead unit may ask for while it works on."""

    RETURN = "return", "退单"
    EXTENSION = "extension", "延期"
    SUSPENSION = "suspension", "挂起"
    SHELVING = "shelving", "挂账"
    EXCLUSION = "exclusion", "考核剔除"


class RequestState(Labelled):
    """Where a request stands."""

    OPEN = "open", "待审批"
    DISPUTED = "disputed", "争议裁决中"
    GRANTED = "granted", "同意"
    REFUSED = "refused", "不同意"
    LAPSED = "lapsed", "已失效"


class Awaited(Labelled):
    """What an open request waits for."""

    DISPUTE = "dispute", "争议裁决"
    RETURN = "return", "退单审批"
    OTHER = "other", "其他申请审批"
    EXCLUSION = "exclusion", "剔除审批"
    SECOND = "second", "剔除待复核"


class Secrecy(Labelled):
    """Who may see whose ticket it is."""

    OPEN = "open", "公开"
    NORMAL = "normal", "一般"
    CONFIDENTIAL = "confidential", "保密"
    REPORT = "report", "举报保密"


class Flag(Labelled):
    """What is remarkable about a ticket."""

    ENTERPRISE = "enterprise", "企业诉求"
    REPEAT = "repeat", "重复诉求"
    GROUP = "group", "群体诉求"
    HOT = "hot", "热点"
    SENSITIVE = "sensitive", "敏感"
    MINOR = "minor", "未成年人"
    ELDER_OR_DISABLED = "elder_or_disabled", "长者或残障人士"
    LEADER_NOTE = "leader_note", "领导批示"
    MEDIA = "media", "媒体关注"
    ANONYMOUS = "anonymous", "匿名"
    ENFORCEMENT = "enforcement", "已进入执法程序"
    LATE_ACCEPT = "late_accept", "未按时签收"
    ESCALATED = "escalated", "提级办理"
    EXCLUDED = "excluded", "考核剔除"


class Cause(Labelled):
    """What raises supervision by itself, each cause once a ticket."""

    REPEATS = "repeats", "同一事项重复反映3次以上"
    GROUP = "group", "5人以上72小时内反映同一事件"
    LEADER_NOTE = "leader_note", "领导批示"
    MEDIA = "media", "媒体关注"
    LEAK = "leak", "疑似信息泄露"


class WordKind(Labelled):
    """What a sensitive word is about."""

    DANGER = "danger", "危及生命与自伤"
    GROUP = "group", "群体性事件"
    MEDIA = "media", "媒体曝光"
    CORRUPTION = "corruption", "腐败与违纪"
    MINOR = "minor", "未成年人"
    ABUSE = "abuse", "辱骂与过激言语"
    SECRET = "secret", "涉密"
    CUSTOM = "custom", "自定义"


class WordEffect(Labelled):
    """What a sensitive word leads to."""

    FLAG = "flag", "标记敏感"
    SUPERVISE = "supervise", "提高督办级别"
    URGENCY = "urgency", "提高紧急程度"
    CONFIDENTIAL = "confidential", "按保密办理"
    PERSON = "person", "请人工处理"
    WARN_REPLY = "warn_reply", "答复中出现时提醒审核员"


class ClockKind(Labelled):
    """What a clock measures."""

    TOTAL = "total", "总时限"
    UNIT = "unit", "承办时限"
    REHANDLE = "rehandle", "重办时限"
    DISPATCH = "dispatch", "派单时限"
    ACCEPT = "accept", "签收时限"
    FIRST_CONTACT = "first_contact", "首次联系时限"
    APPROVAL = "approval", "内审时限"
    REVIEW = "review", "审核时限"
    CALL_BACK = "call_back", "回访时限"
    RECEIPT = "receipt", "对方接收时限"


class Light(Labelled):
    """How near a due time is."""

    GREEN = "green", "正常"
    YELLOW = "yellow", "即将到期"
    ORANGE = "orange", "今日到期"
    RED = "red", "已超时"


class LimitUnit(Labelled):
    """What a limit is counted in; SAME_DAY ends with the calendar day in the city's zone."""

    MINUTES = "minutes", "分钟"
    BUSINESS_MINUTES = "business_minutes", "工作分钟"
    WORKING_DAYS = "working_days", "个工作日"
    SAME_DAY = "same_day", "当日"


class Score(Labelled):
    """The five votes of a rating."""

    VERY_SATISFIED = "very_satisfied", "非常满意"
    SATISFIED = "satisfied", "满意"
    BASICALLY_SATISFIED = "basically_satisfied", "基本满意"
    DISSATISFIED = "dissatisfied", "不满意"
    VERY_DISSATISFIED = "very_dissatisfied", "非常不满意"


# What a tapped vote comes back as; it names the ticket, so that it is never taken for another's.
VOTE = "评价 {number} {score}"


def votes(number: str) -> tuple[Choice, ...]:
    """The five votes on the reply to a ticket, as a citizen taps them."""
    return tuple(Choice(score.label, VOTE.format(number=number, score=score.label)) for score in Score)


class Solved(Labelled):
    """Whether the citizen says it is solved."""

    YES = "yes", "已解决"
    PARTLY = "partly", "部分解决"
    NO = "no", "没解决"


class AssignmentRole(Labelled):
    """The part a unit has in a ticket."""

    LEAD = "lead", "主办"
    SUPPORTING = "supporting", "协办"
    SUB = "sub", "下级承办"


class AssignmentState(Labelled):
    """Where a unit's work stands."""

    DISPATCHED = "dispatched", "待签收"
    ACCEPTED = "accepted", "已签收"
    WORKING = "working", "办理中"
    DONE = "done", "已完成"
    RETURNED = "returned", "已退单"
    TAKEN_BACK = "taken_back", "已收回"


class ErrandKind(Labelled):
    """What a change of a ticket makes the service do besides saving and telling."""

    RAISE_SUPERVISION = "raise_supervision", "提高督办级别"
    ESCALATE_UNIT = "escalate_unit", "提级办理"
    DECIDE_APPEAL = "decide_appeal", "复核不予受理"
    CALL_BACK_TASK = "call_back_task", "安排回访"
    RULE_DISPUTE = "rule_dispute", "派单争议裁决"
    HEAR_UNIT = "hear_unit", "请争议单位说明意见"
    APPROVE_INSIDE = "approve_inside", "请单位负责人内审"
    RECORD_PRECEDENT = "record_precedent", "裁决入库并建议修订派单目录"
    LABEL_DISPATCH_ERROR = "label_dispatch_error", "标注派单错误"
    END_ASSIGNMENT = "end_assignment", "告知单位工单已收回"
    END_PART = "end_part", "告知单位协办已撤回"
    LEAD_CHANGED = "lead_changed", "告知协办单位主办单位已变更"
    TELL_EXTENSION = "tell_extension", "告知市民延期"
    RELEASE_MERGED = "release_merged", "主单结束，答复或拆分并单"
    MINIMISE = "minimise", "个人信息最小化"
    TELL_CALENDAR = "tell_calendar", "告知市民到期日顺延"
    CONFIRM_VOTE = "confirm_vote", "请市民确认回访所述评价"
    INVITE_VOTE = "invite_vote", "请市民评价"
    CONTACT_CITIZEN = "contact_citizen", "由系统发消息联系市民"


class DeclineReason(Labelled):
    """Why the hotline may not take a matter."""

    STATUTORY_PROCEDURE = "statutory_procedure", "须经诉讼、仲裁、纪检监察、行政复议、政府信息公开等程序"
    PETITION = "petition", "已进入信访渠道"
    SECRET = "secret", "涉及国家秘密、商业秘密、个人隐私"
    AGAINST_MORALS = "against_morals", "违反社会公序良俗"
    OTHER_POWER = "other_power", "属党委、人大、政协、监察、法院、检察院、军队等职责"
    OTHER_CITY = "other_city", "不属本市管辖"
    SETTLED = "settled", "已依规办结且无新情况新理由的重复诉求"


class SuspensionReason(Labelled):
    """The only reasons for which work may stand still."""

    CITIZEN = "citizen", "因诉求人原因"
    PROCEDURE = "procedure", "等待司法或专家程序"
    FORCE_MAJEURE = "force_majeure", "不可抗力"


class ReturnReason(Labelled):
    """Why a unit gives a ticket back."""

    NOT_OUR_DUTY = "not_our_duty", "不属本单位职责"
    NOT_OUR_AREA = "not_our_area", "不属本单位辖区"
    OTHER_LEAD = "other_lead", "涉及多个单位，应由其他单位主办"
    INCOMPLETE = "incomplete", "诉求要素不全，无法办理"


class ExclusionReason(Labelled):
    """Why a ticket should not count in the second version of the indicators."""

    LAWFUL_REFUSAL = "lawful_refusal", "依法不能满足"
    BEYOND_POWER = "beyond_power", "超出本级职权"
    MISTAKEN_RATING = "mistaken_rating", "误评"
    MALICIOUS = "malicious", "恶意诉求"


class RehandleGround(Labelled):
    """Why a ticket is handled again."""

    NOT_CONTACTED = "not_contacted", "未联系诉求人"
    UNSOLVED = "unsolved", "问题未解决"
    UNSATISFIED = "unsatisfied", "对办理不满意"


class ReviewCheck(Labelled):
    """What a reviewer vouches for before a reply goes out."""

    POINTS = "points", "逐点答复"
    BASIS = "basis", "依据充分"
    COURTESY = "courtesy", "用语文明"
    NO_LEAK = "no_leak", "无泄露"


class VoteAwaits(Labelled):
    """What comes of a bad vote that is in, in the citizen's words."""

    CALLING = "calling", "已收到您的评价，热线将回访"
    CONFIRMING = "confirming", "请确认您的评价"


class VoteWay(Labelled):
    """How a vote came."""

    LINK = "link", "评价链接"
    TRACK = "track", "进度页"
    CHAT = "chat", "会话中"
    CALL_BACK = "call_back", "回访员代记"
