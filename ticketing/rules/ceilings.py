"""Up to where the law and the rules let a limit go, and which rule says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ticketing.model.labels import ClockKind, TicketKind, Urgency
from ticketing.model.ticket import Limit
from ticketing.rules.limitrows import Difference, Value, nominal
from ticketing.rules.limits import ONE_DAY, ROUND_THE_CLOCK, THREE_MINUTES

PROVINCIAL = "《广东省12345政务服务便民热线管理办法》（2022年9月1日起施行）"
NATIONAL = "GB/T 33358-2016《政府热线服务规范》"
PRAISE = "省内通行做法（表扬 2 个工作日）"
ENTERPRISE = "企业诉求“124”办理要求"
FLOW = "工单流转规则"
SIGNING = "市级通行做法（1 个工作日内签收）"


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The most a limit may be, by a rule that is named."""

    most: Value
    source: str


CEILINGS: Mapping[str, Ceiling] = {
    f"handle.{TicketKind.CONSULT}.0": Ceiling(2, PROVINCIAL),
    f"handle.{TicketKind.HELP}.0": Ceiling(10, PROVINCIAL),
    f"handle.{TicketKind.SUGGEST}.0": Ceiling(10, PROVINCIAL),
    f"handle.{TicketKind.COMPLAINT}.0": Ceiling(15, PROVINCIAL),
    f"handle.{TicketKind.REPORT}.0": Ceiling(15, PROVINCIAL),
    f"handle.{TicketKind.PRAISE}.0": Ceiling(2, PRAISE),
    f"handle.{TicketKind.OTHER}.0": Ceiling(10, FLOW),
    "enterprise_consult.0": Ceiling(2, ENTERPRISE),
    "enterprise_other.0": Ceiling(4, ENTERPRISE),
    f"timers.{ClockKind.ACCEPT}.{tuple(Urgency).index(Urgency.P2)}": Ceiling(ONE_DAY, SIGNING),
    f"timers.{ClockKind.ACCEPT}.{tuple(Urgency).index(Urgency.P3)}": Ceiling(ONE_DAY, SIGNING),
    "most_extensions": Ceiling(2, FLOW),
    "deepest_assignment": Ceiling(3, FLOW),
    "first_reply": Ceiling(THREE_MINUTES, NATIONAL),
    "mailbox_first_reply": Ceiling(ROUND_THE_CLOCK, NATIONAL),
}


def beyond(differs: tuple[Difference, ...]) -> tuple[str, ...]:
    """The keys of what is set above its ceiling."""
    return tuple(
        each.row.key
        for each in differs
        if (ceiling := CEILINGS.get(each.row.key)) and _measure(each.row.value) > _measure(ceiling.most)
    )


def _measure(value: Value) -> float:
    if isinstance(value, Limit):
        return nominal(value)
    return value / timedelta(days=1) if isinstance(value, timedelta) else value
