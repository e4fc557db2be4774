"""How far the law and the rules let a limit go before it is a weaker promise to the citizen, and which rule says so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from kernel.labels import Labelled
from ticketing.model.labels import ClockKind, TicketKind, Urgency
from ticketing.model.ticket import Limit
from ticketing.rules.limitrows import Difference, Value, nominal
from ticketing.rules.limits import (
    FIVE_DAYS,
    ONE_DAY,
    ONE_HOUR,
    RETURN_DECISION,
    RETURN_WINDOW,
    ROUND_THE_CLOCK,
    SAME_DAY,
    THREE_MINUTES,
    TIMERS,
    working_days,
)

PROVINCIAL = "《广东省12345政务服务便民热线管理办法》（2022年9月1日起施行）"
NATIONAL = "GB/T 33358-2016《政府热线服务规范》"
PRAISE = "省内通行做法（表扬 2 个工作日）"
ENTERPRISE = "企业诉求“124”办理要求"
FLOW = "工单流转规则"
SIGNING = "市级通行做法（1 个工作日内签收）"
SUPERVISING = "自动督办规则"
PRIVACY = "隐私保护规则"


class Weaker(Labelled):
    """Which way a limit becomes the weaker promise to the citizen."""

    MORE = "more", "越大越宽松"
    LESS = "less", "越小越宽松"
    NEITHER = "neither", "无宽严之分"


@dataclass(frozen=True, slots=True)
class Bound:
    """Up to where a limit may be weakened, by a rule that is named."""

    furthest: Value
    source: str


# Where less is weaker, each for its reason; all others are times and counts of what the citizen has to bear with.
LESS: Mapping[str, str] = {
    "auto_dispatch": "a machine less sure decides where it goes",
    "inspection_share": "fewer replies are looked at",
    "inspection_passed": "worse replies pass",
    "yellow_days": "the unit is warned later",
    "highest_supervision": "what happens again and again is raised less far",
    "info_given_up": "the citizen has less time to say more",
    "answer_confirmed": "the citizen has less time to say that it is not solved",
    "refusal_stands": "the citizen has less time to appeal",
    "reopened_within": "the citizen has less time to have it done again",
    "rating_changed_within": "the citizen has less time to vote otherwise",
    "callback_attempts": "the citizen is tried fewer times",
    "callback_days": "the citizen is tried on fewer days",
    "callback_channels": "the citizen is tried on fewer channels",
    "review_notice_days": "a review is prepared later",
    "repeat_within": "less is seen to be told again",
}
# How far apart one event may be told of: too near misses what belongs together, too far ties up what does not.
NEITHER = frozenset({"event_within", "event_goes_on", "event_metres"})


def weaker(key: str) -> Weaker:
    """Which way the limit of this key becomes the weaker promise."""
    name = key.partition(".")[0]
    return Weaker.NEITHER if name in NEITHER else Weaker.LESS if name in LESS else Weaker.MORE


def _four(key: str, values: Sequence[Value], source: str = FLOW) -> dict[str, Bound]:
    return {f"{key}.{place}": Bound(value, source) for place, value in enumerate(values)}


BOUNDS: Mapping[str, Bound] = {
    f"handle.{TicketKind.CONSULT}.0": Bound(2, PROVINCIAL),
    f"handle.{TicketKind.HELP}.0": Bound(10, PROVINCIAL),
    f"handle.{TicketKind.SUGGEST}.0": Bound(10, PROVINCIAL),
    f"handle.{TicketKind.COMPLAINT}.0": Bound(15, PROVINCIAL),
    f"handle.{TicketKind.REPORT}.0": Bound(15, PROVINCIAL),
    f"handle.{TicketKind.PRAISE}.0": Bound(2, PRAISE),
    f"handle.{TicketKind.OTHER}.0": Bound(10, FLOW),
    "enterprise_consult.0": Bound(2, ENTERPRISE),
    "enterprise_other.0": Bound(4, ENTERPRISE),
    "enterprise_first_contact": Bound(ONE_HOUR, ENTERPRISE),
    f"urgent.{Urgency.P0}": Bound(SAME_DAY, FLOW),
    f"urgent.{Urgency.P1}": Bound(ONE_DAY, FLOW),
    **_four(f"timers.{ClockKind.DISPATCH}", TIMERS[ClockKind.DISPATCH]),
    **_four(f"timers.{ClockKind.ACCEPT}", TIMERS[ClockKind.ACCEPT]),
    # Two business hours are the house's own promise: the rule there is says a day.
    f"timers.{ClockKind.ACCEPT}.{tuple(Urgency).index(Urgency.P2)}": Bound(ONE_DAY, SIGNING),
    f"timers.{ClockKind.ACCEPT}.{tuple(Urgency).index(Urgency.P3)}": Bound(ONE_DAY, SIGNING),
    **_four(f"timers.{ClockKind.FIRST_CONTACT}", TIMERS[ClockKind.FIRST_CONTACT]),
    **_four(f"timers.{ClockKind.REVIEW}", TIMERS[ClockKind.REVIEW]),
    **_four(f"timers.{ClockKind.CALL_BACK}", TIMERS[ClockKind.CALL_BACK]),
    **_four("return_window", RETURN_WINDOW),
    **_four("return_decision", RETURN_DECISION),
    "ruling": Bound(ONE_DAY, FLOW),
    "most_extensions": Bound(2, FLOW),
    "deepest_assignment": Bound(3, FLOW),
    "floor_share": Bound(0.2, FLOW),
    "floor_days": Bound(1, FLOW),
    "rehandle_share": Bound(0.5, FLOW),
    "rehandle_days": Bound(2, FLOW),
    "yellow_share": Bound(0.7, FLOW),
    **_four("escalation_days", (1, 3, 5)),
    "highest_supervision": Bound(3, SUPERVISING),
    "patience_returns.0": Bound(2, SUPERVISING),
    "patience_bounces.0": Bound(3, FLOW),
    "patience_rehandles.0": Bound(2, SUPERVISING),
    "patience_rehandles.1": Bound(3, FLOW),
    "patience_urges.0": Bound(3, SUPERVISING),
    "ruled_from": Bound(3, FLOW),
    "repeats_from": Bound(3, SUPERVISING),
    "group_from": Bound(5, SUPERVISING),
    "repeat_within": Bound(timedelta(days=30), FLOW),
    "first_reply": Bound(THREE_MINUTES, NATIONAL),
    "mailbox_first_reply": Bound(ROUND_THE_CLOCK, NATIONAL),
    "leak_notice": Bound(ROUND_THE_CLOCK, PRIVACY),
    "info_reminders.0": Bound(ONE_DAY, FLOW),
    "info_reminders.1": Bound(working_days(3), FLOW),
    "info_given_up": Bound(FIVE_DAYS, FLOW),
    "answer_confirmed": Bound(ROUND_THE_CLOCK, FLOW),
    "refusal_stands": Bound(FIVE_DAYS, FLOW),
    "callback_begins": Bound(ONE_DAY, FLOW),
    "callback_attempts": Bound(3, FLOW),
    "callback_days": Bound(2, FLOW),
    "callback_channels": Bound(2, FLOW),
    "reopened_within": Bound(timedelta(days=15), FLOW),
    "archived_after": Bound(timedelta(days=30), FLOW),
    "suspension_review": Bound(timedelta(days=30), FLOW),
    "longest_shelving": Bound(timedelta(days=180), FLOW),
}


def beyond(differs: Sequence[Difference]) -> tuple[str, ...]:
    """The keys of what is set to a weaker promise than its bound."""
    return tuple(
        each.row.key for each in differs if each.row.key in BOUNDS and _is_beyond(each.row.key, each.row.value)
    )


def _is_beyond(key: str, value: Value) -> bool:
    set_to, furthest = _measure(value), _measure(BOUNDS[key].furthest)
    return set_to < furthest if weaker(key) is Weaker.LESS else set_to > furthest


def _measure(value: Value) -> float:
    if isinstance(value, Limit):
        return nominal(value)
    return value / timedelta(days=1) if isinstance(value, timedelta) else value
