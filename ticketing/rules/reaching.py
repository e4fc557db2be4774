"""When an officer is written to: at once, with the next digest, or not at all; and what is said, without any person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum
from urllib.parse import quote

from kernel.labels import Labelled
from kernel.people import Role
from kernel.phrases import Phrase
from kernel.workcalendar import WorkCalendar
from ticketing.model.labels import Action, ErrandKind, RequestKind, RequestMove, SideAction, Urgency
from ticketing.model.ticket import Request, Ticket
from ticketing.rules.notices import Event, Late


class Way(Labelled):
    """How an officer can be written to; the value is the channel's name."""

    WECOM = "wecom", "企业微信"
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"


class Ping(StrEnum):
    """Whom an event concerns beyond the line in the unit's inbox: people of the unit, its leader when things escalate
    and as who approves its results, the leaders of the unit above it, people of the hotline by what they do,
    the supervisor the ticket names, and who guards privacy."""

    WORKERS = "workers"
    LEADER = "leader"
    APPROVER = "approver"
    ABOVE = "above"
    DISPATCHERS = "dispatchers"
    REVIEWERS = "reviewers"
    CALLBACKS = "callbacks"
    SUPERVISORS = "supervisors"
    JOINT_OFFICE = "joint_office"
    NAMED = "named"
    PRIVACY = "privacy"
    SHIFT_LEADS = "shift_leads"


Pings = tuple[tuple[Ping, str], ...]

ROLES: Mapping[Ping, frozenset[Role]] = {
    Ping.WORKERS: frozenset({Role.LIAISON, Role.HANDLER}),
    Ping.LEADER: frozenset({Role.UNIT_LEADER}),
    Ping.APPROVER: frozenset({Role.UNIT_LEADER}),
    Ping.ABOVE: frozenset({Role.UNIT_LEADER}),
    Ping.DISPATCHERS: frozenset({Role.DISPATCHER}),
    Ping.SHIFT_LEADS: frozenset({Role.SHIFT_LEAD}),
    Ping.REVIEWERS: frozenset({Role.REVIEWER}),
    Ping.CALLBACKS: frozenset({Role.CALLBACK}),
    Ping.SUPERVISORS: frozenset({Role.SUPERVISOR}),
    Ping.JOINT_OFFICE: frozenset({Role.JOINT_OFFICE}),
    Ping.NAMED: frozenset({Role.SUPERVISOR, Role.JOINT_OFFICE}),
    Ping.PRIVACY: frozenset({Role.PRIVACY_OFFICER}),
}
OF_THE_UNIT = frozenset({Ping.WORKERS, Ping.LEADER, Ping.APPROVER})
OF_A_UNIT = OF_THE_UNIT | {Ping.ABOVE}
ESCALATES = frozenset({Ping.LEADER, Ping.ABOVE})
# Nobody waits an hour for the digest where an hour is all there is.
SOON_OVER = ESCALATES | {Ping.PRIVACY}


def _all(what: str, *pings: Ping) -> Pings:
    return tuple((ping, what) for ping in pings)


# Only what needs an action of somebody, or ends it, pings; whatever merely tells how things go is a line in the inbox.
PINGS: Mapping[Event | Late, Pings] = {
    Action.DISPATCH: _all("新工单待签收", Ping.WORKERS),
    Action.REASSIGN: _all("改派工单待签收", Ping.WORKERS),
    ErrandKind.APPROVE_INSIDE: _all("办理结果待内审", Ping.APPROVER),
    Action.REDO_INSIDE: _all("内审退回", Ping.WORKERS),
    Action.BOUNCE: _all("审核退回", Ping.WORKERS),
    Action.REHANDLE: _all("需重新办理", Ping.WORKERS),
    Action.RESUME: _all("恢复办理", Ping.WORKERS),
    Action.UNSHELVE: _all("恢复办理", Ping.WORKERS),
    SideAction.URGE: _all("市民催办", Ping.WORKERS),
    SideAction.RAISE_URGENCY: _all("紧急程度提高", Ping.WORKERS),
    SideAction.ADD_SUPPORTING: _all("请协办", Ping.WORKERS),
    SideAction.SUB_DISPATCH: _all("上级转来", Ping.WORKERS),
    SideAction.PROPOSE_DECLINE: _all("拟不予受理待同意", Ping.DISPATCHERS),
    RequestMove.REFUSE: _all("申请未获同意", Ping.WORKERS),
    RequestMove.GRANT: _all("申请已获同意", Ping.WORKERS),
    ErrandKind.END_ASSIGNMENT: _all("已转出，无需继续办理", Ping.WORKERS),
    ErrandKind.END_PART: _all("协办已撤回，无需继续办理", Ping.WORKERS),
    ErrandKind.HEAR_UNIT: _all("争议待说明意见", Ping.WORKERS),
    ErrandKind.RULE_DISPUTE: _all("争议待裁决", Ping.SUPERVISORS, Ping.JOINT_OFFICE),
    ErrandKind.DECIDE_APPEAL: _all("异议待裁定", Ping.SUPERVISORS),
    ErrandKind.ESCALATE_UNIT: _all("提级办理", Ping.LEADER),
    ErrandKind.RAISE_SUPERVISION: _all("督办升级", Ping.LEADER, Ping.NAMED),
    Late.NEARLY_DUE: _all("即将到期", Ping.WORKERS),
    Late.DUE_TODAY: _all("今日到期", Ping.LEADER),
    Late.OVERDUE: _all("已超期", Ping.LEADER, Ping.SUPERVISORS),
    Late.URGE_NOTICE: (*_all("超期催办通知", Ping.LEADER), *_all("下级单位超期催办通知（抄送）", Ping.ABOVE)),
    Late.SECOND_LEVEL: _all("超期二级督办", Ping.LEADER, Ping.SUPERVISORS),
    Late.CIRCULAR: (
        *_all("超期通报", Ping.LEADER, Ping.SUPERVISORS, Ping.JOINT_OFFICE),
        *_all("下级单位超期通报（抄送）", Ping.ABOVE),
    ),
    Late.DISPATCH_SOON: _all("派单即将超时", Ping.DISPATCHERS),
    Late.DISPATCH_LATE: _all("派单超时", Ping.DISPATCHERS, Ping.SUPERVISORS),
    Late.SIGN_SOON: _all("签收即将超时", Ping.WORKERS),
    Late.SIGN_LATE: _all("超时未签收", Ping.WORKERS, Ping.LEADER),
    Late.CONTACT_SOON: _all("首次联系即将超时", Ping.WORKERS),
    Late.CONTACT_LATE: _all("首次联系超时", Ping.WORKERS, Ping.LEADER),
    Late.APPROVAL_SOON: _all("内审即将超时", Ping.APPROVER),
    Late.APPROVAL_LATE: (
        *_all("内审超时", Ping.APPROVER, Ping.SUPERVISORS),
        *_all("下级单位内审超时（抄送）", Ping.ABOVE),
    ),
    Late.APPROVES_ABOVE: _all("下级单位结果待代为内审", Ping.APPROVER),
    Late.NOBODY_APPROVES: _all("结果无人可内审", Ping.SUPERVISORS),
    Late.REVIEW_SOON: _all("审核即将超时", Ping.REVIEWERS),
    Late.REVIEW_LATE: _all("审核超时", Ping.REVIEWERS, Ping.SUPERVISORS),
    Late.CALLBACK_SOON: _all("回访即将超时", Ping.CALLBACKS),
    Late.CALLBACK_LATE: _all("回访超时", Ping.CALLBACKS, Ping.SUPERVISORS),
    Late.RECEIPT_SOON: _all("对方接收即将超时", Ping.SHIFT_LEADS),
    Late.RECEIPT_LATE: _all("对方超时未接收", Ping.SHIFT_LEADS, Ping.SUPERVISORS),
    Late.RULING_SOON: _all("争议裁决即将超时", Ping.SUPERVISORS, Ping.JOINT_OFFICE),
    Late.RULING_LATE: _all("争议裁决超时", Ping.SUPERVISORS, Ping.JOINT_OFFICE),
    Late.REFUSAL_LATE: _all("拟不予受理（支持）超时未定", Ping.DISPATCHERS, Ping.SUPERVISORS),
    Late.APPEAL_LATE: _all("异议超时未裁定", Ping.SUPERVISORS),
    Late.SPANS_WAIT: _all("身份线索待核定", Ping.PRIVACY),
    Late.SPANS_SOON: _all("身份线索核定即将超时", Ping.PRIVACY),
    Late.SPANS_LATE: _all("身份线索核定超时", Ping.PRIVACY, Ping.SUPERVISORS),
    Late.HOLD_SOON: _all("挂起挂账即将复查", Ping.WORKERS, Ping.SUPERVISORS),
    Late.HOLD_TODAY: _all("挂起挂账今日复查", Ping.WORKERS, Ping.SUPERVISORS),
}
# Whoever or whatever sends an emergency on, a person of the hotline hears of it in the same moment.
EMERGENCY = _all("特急工单，请即跟进", Ping.DISPATCHERS)
# Nothing is asked of the unit any more: what it was told before and has not read is over, and no time is named.
STOPS: frozenset[Event | Late] = frozenset({ErrandKind.END_ASSIGNMENT, ErrandKind.END_PART})
ASKS_NOTHING = frozenset(what for event in (*STOPS, RequestMove.GRANT) for _, what in PINGS[event])
# What is told of a dispute to whoever rules on it; it is opened where both sides stand.
RULINGS = frozenset(
    what for event in (ErrandKind.RULE_DISPUTE, Late.RULING_SOON, Late.RULING_LATE) for _, what in PINGS[event]
)
# Who decides what a unit asks for; the rules let others decide it as well.
DECIDES: Mapping[RequestKind, Ping] = {
    RequestKind.RETURN: Ping.DISPATCHERS,
    RequestKind.EXTENSION: Ping.DISPATCHERS,
    RequestKind.SUSPENSION: Ping.SUPERVISORS,
    RequestKind.SHELVING: Ping.SUPERVISORS,
    RequestKind.EXCLUSION: Ping.REVIEWERS,
}
AT_ONCE = frozenset({Urgency.P0, Urgency.P1})
# Nobody else would learn of it before it is overdue.
HEARD_IF_URGENT = frozenset({Late.SIGN_LATE.value, Late.CONTACT_LATE.value})
NUMBERS_NAMED = 5
# Reasons of a failed delivery that will not pass by themselves.
LASTING = frozenset({"opted_out", "unknown_recipient", "blocked_by_citizen", "not_following"})
MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """What an officer chose: ways with their addresses, and local hours in which only urgent things come. ``stopped``
    are ways that do not work, and why: they are passed over until the officer sets them anew. ``phone`` is where they
    are rung to be put through to a citizen. ``preferred`` is written to first, the next way only if that one fails
    or is not read; with ``all_urgent`` P0 and P1 go out on all of them at once."""

    ways: Mapping[Way, str]
    quiet_from: time | None = None
    quiet_to: time | None = None
    stopped: Mapping[Way, str] = field(default_factory=dict)
    phone: str = ""
    preferred: Way | None = None
    all_urgent: bool = False

    @property
    def own_phone(self) -> str:
        """Where they are rung."""
        return self.phone or self.ways.get(Way.SMS, "")

    @property
    def working(self) -> Mapping[Way, str]:
        """The ways that are used."""
        return {way: address for way, address in self.ways.items() if address and way not in self.stopped}

    def in_order(self, there: Sequence[Way]) -> tuple[Way, ...]:
        """The ways that are used, of those ``there`` are: the preferred one, then the others."""
        working = self.working
        return tuple(sorted((way for way in there if way in working), key=lambda way: way is not self.preferred))


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing an officer has not been told of yet."""

    number: str
    what: str
    urgency: Urgency
    due: datetime


def pings_of(event: str, urgency: Urgency) -> Pings:
    """Whom an event concerns, and what they are told it is; of what is urgent and lies at a unit the hotline hears."""
    found = next((row for known, row in PINGS.items() if known == event), ())
    if event not in HEARD_IF_URGENT or urgency not in AT_ONCE or not found:
        return found
    return (*found, *_all(found[0][1], Ping.DISPATCHERS, Ping.SUPERVISORS))


def is_new_emergency(ticket: Ticket, before: Ticket | None) -> bool:
    """Whether it has become P0 now, by danger words, its matter or somebody's choice; ``before`` None of a new one."""
    return ticket.urgency is Urgency.P0 and (before is None or before.urgency is not Urgency.P0)


def deciders(request: Request, what: str, *, supervised: bool = False) -> Pings:
    """Whoever decides a request; with ``supervised`` the supervisors as well."""
    who = (DECIDES[request.kind], *((Ping.SUPERVISORS,) if supervised else ()))
    return _all(f"{request.kind.label}{what}", *dict.fromkeys(who))


def concerns(ping: Ping, roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles is pinged: leaders of escalations, who works of everything else."""
    return not ROLES[ping].isdisjoint(roles)


def is_quiet(reach: Reach, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether ``now`` lies in the officer's quiet hours, which may run over midnight."""
    begins, ends = reach.quiet_from, reach.quiet_to
    if begins is None or ends is None or begins == ends:
        return False
    at = now.astimezone(calendar.zone).time()
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def goes_at_once(ping: Ping, urgency: Urgency, reach: Reach, calendar: WorkCalendar, now: datetime) -> bool:
    """P0 and P1 always; an escalation, and what has little time, unless it is quiet; the rest waits for the digest."""
    return urgency in AT_ONCE or (ping in SOON_OVER and not is_quiet(reach, calendar, now))


ONE = Phrase("officer.one", "{urgent}工单{number}：{what}。{due}请登录查看。")
URGENT = Phrase("officer.urgent", "【{urgency}】")
DUE = Phrase("officer.due", "{due}到期。")
STEP_DUE = Phrase("officer.step_due", "{step}时限{due}。")
SHORT_ONE = Phrase("officer.short", "{urgent}{what}{due}。")
SHORT_DUE = Phrase("officer.short_due", "，{due}到期")
SHORT_STEP_DUE = Phrase("officer.short_step_due", "，{step}时限{due}")
SHORT_MANY = Phrase("officer.short_digest", "您有{count}件工单待处理。")
MANY = Phrase("officer.digest", "您有{count}件工单待处理：{kinds}。最紧急：{numbers}。请登录查看。")


def single(ticket: Ticket, what: str, due: str, step: str = "") -> str:
    """One thing in words; ``due`` is the moment of ``step``, of the reply where that is empty."""
    urgent = URGENT.format(urgency=ticket.urgency.label) if ticket.urgency in AT_ONCE else ""
    until = (STEP_DUE.format(step=step, due=due) if step else DUE.format(due=due)) if due else ""
    return ONE.format(urgent=urgent, number=ticket.number, what=what, due=until)


def page_of(number: str, what: str, *, of_unit: bool) -> str:
    """Where somebody of a unit, or of the hotline, opens the ticket they were told ``what`` of."""
    page = f"/{'unit' if of_unit else 'dispatch'}?t={quote(number)}"
    return f"{page}&view=disputes" if what in RULINGS and not of_unit else page


def digest(waiting: Sequence[Waiting]) -> tuple[str, Waiting]:
    """Several things in one message, the most urgent numbers named; and the one its link opens."""
    kinds = Counter(each.what for each in waiting)
    order = list(Urgency)
    urgent = sorted(waiting, key=lambda each: (order.index(each.urgency), each.due, each.number))
    numbers = list(dict.fromkeys(each.number for each in urgent))
    named = "、".join(numbers[:NUMBERS_NAMED]) + ("等" if len(numbers) > NUMBERS_NAMED else "")
    counts = "，".join(f"{what}{many}件" for what, many in kinds.most_common())
    return MANY.format(count=len(numbers), kinds=counts, numbers=named), urgent[0]


def short_single(ticket: Ticket, what: str, due: str, step: str = "") -> str:
    """One thing as a short message, which is paid for by its length; its link says which ticket."""
    urgent = URGENT.format(urgency=ticket.urgency.label) if ticket.urgency in AT_ONCE else ""
    until = SHORT_STEP_DUE.format(step=step, due=due) if step else SHORT_DUE.format(due=due)
    return SHORT_ONE.format(urgent=urgent, what=what, due=until if due else "")


def short_digest(waiting: Sequence[Waiting]) -> str:
    """Several things as one short message; its link opens the most urgent."""
    return SHORT_MANY.format(count=len({each.number for each in waiting}))
