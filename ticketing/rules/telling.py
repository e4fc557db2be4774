"""Moments and stretches of time as people say them, in the city's own calendar."""

from datetime import datetime, time, timedelta

from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Doer
from ticketing.model.labels import (
    CITIZEN_WORDS,
    Action,
    Actor,
    DeclineReason,
    Secrecy,
    SideAction,
    State,
    SuspensionReason,
    VoteWay,
)
from ticketing.model.ticket import Clock, Rating, Refusal, Ticket
from ticketing.rules import deadlines
from ticketing.rules.redacting import redacted

INSTANT, MINUTE, HOUR = timedelta(microseconds=1), timedelta(minutes=1), timedelta(hours=1)


# A stretch shorter than this is told as such.
AT_A_GLANCE = timedelta(hours=2)


def day_words(calendar: WorkCalendar, moment: datetime) -> str:
    """3月20日."""
    local = moment.astimezone(calendar.zone)
    return f"{local.month}月{local.day}日"


def date_words(calendar: WorkCalendar, moment: datetime, now: datetime) -> str:
    """3月20日, or 2027年3月20日 where that is not this year."""
    year = calendar.local_date(moment).year
    return (
        f"{year}年{day_words(calendar, moment)}"
        if year != calendar.local_date(now).year
        else day_words(calendar, moment)
    )


def moment_words(calendar: WorkCalendar, moment: datetime) -> str:
    """3月20日17:30."""
    local = moment.astimezone(calendar.zone)
    return f"{local.month}月{local.day}日{local:%H:%M}"


def due_words(calendar: WorkCalendar, clock: Clock, now: datetime) -> str:
    """The due time of a clock: the day where it counts in days, else with the hour."""
    due = deadlines.due_at(calendar, clock, now)
    return day_words(calendar, due) if clock.limit.unit in deadlines.BY_THE_DAY else moment_words(calendar, due)


def remaining_words(calendar: WorkCalendar, clock: Clock | None, now: datetime) -> str:
    """还剩2个工作日, 还剩50分钟, 今天10:30前, 3月9日10:30前, 今天17:30到期, 已超期3小时, 暂停计时, or empty."""
    if clock is None or not clock.running:
        return ""
    if clock.paused:
        return "暂停计时"
    due = clock.due
    late = now > due
    first, last = (due, now) if late else (now, due)
    # What is due at midnight is due on the day that ends then.
    days = calendar.working_days_between(calendar.local_date(first), calendar.local_date(last - INSTANT))
    head = "已超期" if late else "还剩"
    if not late and clock.limit.unit not in deadlines.BY_THE_DAY and last - first >= AT_A_GLANCE:
        # What counts in hours of work says little in hours of the clock: by when it is due does.
        return f"{_hour_words(calendar, due, now)}前"
    if days and (clock.limit.unit in deadlines.BY_THE_DAY or last - first >= timedelta(days=2)):
        return f"{head}{days}个工作日"
    if not late and clock.limit.unit in deadlines.BY_THE_DAY:
        until = due.astimezone(calendar.zone)
        return f"今天{'24:00' if until.time() == time.min else f'{until:%H:%M}'}到期"
    return head + stretch_words(last - first)


def _hour_words(calendar: WorkCalendar, moment: datetime, now: datetime) -> str:
    local = moment.astimezone(calendar.zone)
    same_day = local.date() == calendar.local_date(now)
    return f"今天{local:%H:%M}" if same_day else moment_words(calendar, moment)


def stretch_words(stretch: timedelta) -> str:
    """45分钟, 3小时, 2天; rounded down, at least one minute."""
    if stretch >= timedelta(days=2):
        return f"{stretch.days}天"
    if stretch >= HOUR:
        return f"{stretch // HOUR}小时"
    return f"{max(stretch // MINUTE, 1)}分钟"


def clause(text: str) -> str:
    """Words somebody typed, to stand inside a sentence: no full stop at their end."""
    return text.strip().rstrip("。．.；;，,、 ")


def sentence(text: str) -> str:
    """The same as a sentence, before another one."""
    words = clause(text)
    return words if not words or words[-1] in "！？!?" else f"{words}。"


def withdrawn_words(reason: str) -> str:
    """Who withdrew it for the citizen, and why."""
    return f"由热线工作人员按您的要求登记，原因：{sentence(reason)}"


def refusal_words(refusal: Refusal) -> str:
    """Why it is declined and where to go with it: 原因：不属本市管辖。办理途径：向当地热线反映。"""
    reason = next((each.label for each in DeclineReason if each.value == refusal.reason_code), "")
    parts = (f"原因：{reason}" if reason else "", clause(refusal.text), f"办理途径：{clause(refusal.right_road)}")
    return "".join(f"{part}。" for part in parts if part)


def citizen_state(ticket: Ticket, calendar: WorkCalendar) -> str:
    """The state in the citizen's words, with the reason, the road or the day where the words leave it open."""
    if ticket.awaits is not None:
        return ticket.awaits.label
    if ticket.state is State.DECLINED and ticket.reply and ticket.reply.road:
        return f"不属热线受理，办理途径：{ticket.reply.road}"
    if ticket.state is State.CLOSED and ticket.handed_to:
        return f"已办结，由{ticket.handed_to}办理"
    words = CITIZEN_WORDS[ticket.state][0].replace(", ", "，")
    ends = {
        State.DECLINED: ticket.reply.text if ticket.reply else "",
        State.HANDED_OVER: ticket.handed_to,
        State.SUSPENDED: HELD.get(ticket.hold.reason_code, "") if ticket.hold else "",
        State.SHELVED: date_words(calendar, ticket.hold.review_at, ticket.state_since) if ticket.hold else "",
    }
    return words.replace("…", ends.get(ticket.state, ""))


def vote_words(rating: Rating) -> str:
    """满意，已解决."""
    return f"{rating.score.label}，{rating.solved.label}"


def way_of(doer: Doer) -> VoteWay:
    """How whoever votes came to it."""
    if doer.actor is Actor.CALLBACK:
        return VoteWay.CALL_BACK
    kind = doer.id.partition(":")[0]
    return {"rating": VoteWay.LINK, "link": VoteWay.TRACK}.get(kind, VoteWay.CHAT)


HELD = {reason.value: reason.label for reason in SuspensionReason}
# Whose tickets show no identity without a purpose, and units nothing that tells whose they are.
SECRET = frozenset({Secrecy.REPORT, Secrecy.CONFIDENTIAL})

# Steps whose words are the citizen's, whoever writes them down.
CITIZENS_WORDS = frozenset({Action.SUPPLY_INFO, SideAction.ADD_EVIDENCE})


def searchable(ticket: Ticket) -> str:
    """The words a ticket is found by; of a secret one none that tell whose it is, or a search would."""
    text = f"{ticket.title} {ticket.text} {ticket.place}"
    return redacted(text) if ticket.secrecy in SECRET else text
