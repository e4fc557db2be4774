"""When an officer is written to: at once, with the next digest, or not at all; and what is said, without any person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from enum import StrEnum

from kernel.labels import Labelled
from kernel.people import Role
from kernel.phrases import Phrase
from kernel.workcalendar import WorkCalendar
from ticketing.model import Action, ErrandKind, RequestMove, SideAction, Ticket, Urgency
from ticketing.rules.notices import Event, Late


class Way(Labelled):
    """How an officer can be written to; the value is the channel's name."""

    WECOM = "wecom", "企业微信"
    SMS = "sms", "短信"
    EMAIL = "email", "电子邮件"


class Ping(StrEnum):
    """Whom an event concerns beyond the line in the unit's inbox."""

    WORKERS = "workers"
    LEADER = "leader"


# Only what needs an action of the unit pings; whatever merely tells how things go stays a line in the inbox.
PINGS: Mapping[Event | Late, tuple[Ping, str]] = {
    Action.DISPATCH: (Ping.WORKERS, "新工单待签收"),
    Action.REASSIGN: (Ping.WORKERS, "改派工单待签收"),
    Action.BOUNCE: (Ping.WORKERS, "审核退回"),
    Action.REHANDLE: (Ping.WORKERS, "需重新办理"),
    Action.RESUME: (Ping.WORKERS, "恢复办理"),
    Action.UNSHELVE: (Ping.WORKERS, "恢复办理"),
    SideAction.URGE: (Ping.WORKERS, "市民催办"),
    SideAction.RAISE_URGENCY: (Ping.WORKERS, "紧急程度提高"),
    SideAction.ADD_SUPPORTING: (Ping.WORKERS, "请协办"),
    SideAction.SUB_DISPATCH: (Ping.WORKERS, "上级转来"),
    RequestMove.REFUSE: (Ping.WORKERS, "申请未获同意"),
    ErrandKind.HEAR_UNIT: (Ping.WORKERS, "争议待说明意见"),
    ErrandKind.ESCALATE_UNIT: (Ping.LEADER, "提级办理"),
    ErrandKind.RAISE_SUPERVISION: (Ping.LEADER, "督办升级"),
    Late.OVERDUE: (Ping.LEADER, "已超期"),
}
AT_ONCE = frozenset({Urgency.P0, Urgency.P1})
WORKERS = frozenset({Role.LIAISON, Role.HANDLER})
NUMBERS_NAMED = 5
# Reasons of a failed delivery that will not pass by themselves.
LASTING = frozenset({"opted_out", "unknown_recipient", "blocked_by_citizen", "not_following"})
MOST_WAYS = 3


@dataclass(frozen=True, slots=True)
class Reach:
    """What an officer chose: ways with their addresses, and local hours in which only urgent things come. ``stopped``
    are ways that do not work, and why: they are passed over until the officer sets them anew. ``phone`` is where they
    are rung to be put through to a citizen."""

    ways: Mapping[Way, str]
    quiet_from: time | None = None
    quiet_to: time | None = None
    stopped: Mapping[Way, str] = field(default_factory=dict)
    phone: str = ""

    @property
    def own_phone(self) -> str:
        """Where they are rung."""
        return self.phone or self.ways.get(Way.SMS, "")

    @property
    def working(self) -> Mapping[Way, str]:
        """The ways that are used."""
        return {way: address for way, address in self.ways.items() if address and way not in self.stopped}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing an officer has not been told of yet."""

    number: str
    what: str
    urgency: Urgency
    due: datetime


def concerns(ping: Ping, roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles is pinged: leaders of escalations, who works of everything else."""
    return Role.UNIT_LEADER in roles if ping is Ping.LEADER else not WORKERS.isdisjoint(roles)


def is_quiet(reach: Reach, calendar: WorkCalendar, now: datetime) -> bool:
    """Whether ``now`` lies in the officer's quiet hours, which may run over midnight."""
    begins, ends = reach.quiet_from, reach.quiet_to
    if begins is None or ends is None or begins == ends:
        return False
    at = now.astimezone(calendar.zone).time()
    return begins <= at < ends if begins < ends else at >= begins or at < ends


def goes_at_once(ping: Ping, urgency: Urgency, reach: Reach, calendar: WorkCalendar, now: datetime) -> bool:
    """P0 and P1 always; an escalation unless it is quiet; the rest waits for the digest."""
    return urgency in AT_ONCE or (ping is Ping.LEADER and not is_quiet(reach, calendar, now))


ONE = Phrase("officer.one", "{urgent}工单{number}：{what}。{due}请登录查看。")
URGENT = Phrase("officer.urgent", "【{urgency}】")
DUE = Phrase("officer.due", "{due}到期。")
SHORT_ONE = Phrase("officer.short", "{urgent}{what}{due}。")
SHORT_DUE = Phrase("officer.short_due", "，{due}到期")
SHORT_MANY = Phrase("officer.short_digest", "您有{count}件工单待处理。")
MANY = Phrase("officer.digest", "您有{count}件工单待处理：{kinds}。最紧急：{numbers}。请登录查看。")


def single(ticket: Ticket, what: str, due: str) -> str:
    """One thing in words."""
    urgent = URGENT.format(urgency=ticket.urgency.label) if ticket.urgency in AT_ONCE else ""
    until = DUE.format(due=due) if due else ""
    return ONE.format(urgent=urgent, number=ticket.number, what=what, due=until)


def digest(waiting: Sequence[Waiting]) -> tuple[str, str]:
    """Several things in one message, the most urgent numbers named; and the number its link opens."""
    kinds = Counter(each.what for each in waiting)
    order = list(Urgency)
    urgent = sorted(waiting, key=lambda each: (order.index(each.urgency), each.due, each.number))
    numbers = list(dict.fromkeys(each.number for each in urgent))
    named = "、".join(numbers[:NUMBERS_NAMED]) + ("等" if len(numbers) > NUMBERS_NAMED else "")
    counts = "，".join(f"{what}{many}件" for what, many in kinds.most_common())
    return MANY.format(count=len(numbers), kinds=counts, numbers=named), numbers[0]


def short_single(ticket: Ticket, what: str, due: str) -> str:
    """One thing as a short message, which is paid for by its length; its link says which ticket."""
    urgent = URGENT.format(urgency=ticket.urgency.label) if ticket.urgency in AT_ONCE else ""
    return SHORT_ONE.format(urgent=urgent, what=what, due=SHORT_DUE.format(due=due) if due else "")


def short_digest(waiting: Sequence[Waiting]) -> str:
    """Several things as one short message; its link opens the most urgent."""
    return SHORT_MANY.format(count=len({each.number for each in waiting}))
