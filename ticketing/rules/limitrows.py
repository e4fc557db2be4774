"""The limits as single values a person can read and set: one row a value, what must hold, what differs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import timedelta
from typing import Any

import msgspec

from kernel.errors import Invalid
from kernel.labels import Labelled
from ticketing.model.labels import ClockKind, LimitUnit, TicketKind, Urgency
from ticketing.model.ticket import Limit
from ticketing.rules.limits import Limits

Value = Limit | timedelta | int | float

DAY_MINUTES = 24 * 60
LONGEST_DAYS = 1000
NOMINAL: Mapping[LimitUnit, int] = {
    LimitUnit.MINUTES: 1,
    LimitUnit.BUSINESS_MINUTES: 1,
    LimitUnit.WORKING_DAYS: DAY_MINUTES,
    LimitUnit.SAME_DAY: 0,
}


class Group(Labelled):
    """Where a row stands."""

    HANDLE = "handle", "办理时限（工作日：法定上限与承诺）"
    STEPS = "steps", "各环节时限"
    RETURN = "return", "退单与裁决"
    QUALITY = "quality", "自动派单与质检"
    UNIT = "unit", "承办单位与重办"
    LIGHTS = "lights", "亮灯与督办"
    PATIENCE = "patience", "多次发生时升级督办（第几次起）"
    REPEATS = "repeats", "重复、群体与热点"
    CITIZEN = "citizen", "等待市民与回访"
    KEEPING = "keeping", "挂起、挂账与归档"


# field of Limits: where its rows stand and what they are called
FIELDS: Mapping[str, tuple[Group, str]] = {
    "handle": (Group.HANDLE, ""),
    "enterprise_consult": (Group.HANDLE, "企业咨询"),
    "enterprise_other": (Group.HANDLE, "企业其他诉求"),
    "urgent": (Group.HANDLE, "紧急诉求承诺"),
    "timers": (Group.STEPS, ""),
    "enterprise_first_contact": (Group.STEPS, "企业首次联系"),
    "contact_told": (Group.STEPS, "首次联系后须登记（无通话记录时，逾期按登记时间计）"),
    "span_decision": (Group.STEPS, "核定举报、保密工单的身份线索"),
    "return_window": (Group.RETURN, "退单申请"),
    "return_decision": (Group.RETURN, "退单审批"),
    "ruling": (Group.RETURN, "争议裁决与其他申请审批"),
    "most_extensions": (Group.RETURN, "延期次数上限"),
    "most_moves": (Group.RETURN, "流转次数上限（超过后每次改派、收回须指定督办员，并升级督办）"),
    "deepest_assignment": (Group.UNIT, "向下转办级数上限"),
    "auto_dispatch": (Group.QUALITY, "自动派单的把握（达到即不经人工）"),
    "inspection_share": (Group.QUALITY, "质检抽查占已发出答复的比例"),
    "inspection_passed": (Group.QUALITY, "质检合格分（满分100）"),
    "floor_share": (Group.UNIT, "改派后最短时限（占原时限比例）"),
    "floor_days": (Group.UNIT, "改派后最短时限（工作日）"),
    "rehandle_share": (Group.UNIT, "重办时限（占原时限比例）"),
    "rehandle_days": (Group.UNIT, "重办最短时限（工作日）"),
    "unseen_after": (Group.UNIT, "联系不上：没有通知方式的单位人员未登录（天）"),
    "yellow_share": (Group.LIGHTS, "黄灯（已用时限比例）"),
    "yellow_days": (Group.LIGHTS, "黄灯（到期前工作日）"),
    "escalation_days": (Group.LIGHTS, "超期督办（超期工作日）"),
    "highest_supervision": (Group.PATIENCE, "自动督办最高级别"),
    "patience_returns": (Group.PATIENCE, "退单"),
    "patience_bounces": (Group.PATIENCE, "审核退回"),
    "patience_rehandles": (Group.PATIENCE, "重办"),
    "patience_urges": (Group.PATIENCE, "催办"),
    "ruled_from": (Group.PATIENCE, "退单直接提请裁决"),
    "first_reply": (Group.CITIZEN, "人工首次回应"),
    "mailbox_first_reply": (Group.CITIZEN, "信箱人工首次回应"),
    "next_way_urgent": (Group.STEPS, "特急、紧急通知未读后改用下一种通知方式"),
    "next_way": (Group.STEPS, "其他通知未读后改用下一种通知方式"),
    "leak_notice": (Group.CITIZEN, "疑似泄露告知诉求人"),
    "repeat_within": (Group.REPEATS, "同一人重复：办结后仍算重复（天）"),
    "event_within": (Group.REPEATS, "同一事件：前后相隔不超过（天，每天 24 小时）"),
    "event_goes_on": (Group.REPEATS, "同一事件：未办结的同一地点再反映（天）"),
    "event_metres": (Group.REPEATS, "同一事件：有坐标时相距不超过（米）"),
    "repeats_from": (Group.REPEATS, "自动督办：同一诉求重复反映（件起）"),
    "group_from": (Group.REPEATS, "自动督办：同一事件反映人数（人起）"),
    "hot_from": (Group.REPEATS, "标为热点：同镇街同事项反映人数（人起）"),
    "info_reminders": (Group.CITIZEN, "催补充材料"),
    "info_given_up": (Group.CITIZEN, "未补充材料结束"),
    "answer_confirmed": (Group.CITIZEN, "直接答复自动确认"),
    "refusal_stands": (Group.CITIZEN, "不予受理异议期"),
    "callback_begins": (Group.CITIZEN, "答复后开始回访"),
    "reopened_within": (Group.CITIZEN, "办结后可要求重办（天）"),
    "rating_changed_within": (Group.CITIZEN, "办结后可更改评价（天）"),
    "callback_attempts": (Group.CITIZEN, "回访次数"),
    "callback_days": (Group.CITIZEN, "回访分布天数"),
    "callback_channels": (Group.CITIZEN, "回访渠道数"),
    "archived_after": (Group.KEEPING, "办结后归档（天）"),
    "suspension_review": (Group.KEEPING, "挂起复查（天）"),
    "review_notice_days": (Group.KEEPING, "复查前提醒（工作日）"),
    "longest_shelving": (Group.KEEPING, "挂账最长（天）"),
}
RAISED_NAMED = ("升级督办", "须指定督办员")
HIGHEST_LEVEL = 4
FULL_POINTS = 100
MAY_BE_NONE = frozenset({"inspection_share"})
PLACES: Mapping[str, Sequence[str]] = {
    "handle": ("法定上限", "承诺"),
    "enterprise_consult": ("法定上限", "承诺"),
    "enterprise_other": ("法定上限", "承诺"),
    "timers": tuple(each.label for each in Urgency),
    "span_decision": tuple(each.label for each in Urgency),
    "return_window": tuple(each.label for each in Urgency),
    "return_decision": tuple(each.label for each in Urgency),
    "escalation_days": ("通知负责人", "二级督办", "通报"),
    "info_reminders": ("第一次", "第二次"),
    "patience_returns": RAISED_NAMED,
    "patience_bounces": RAISED_NAMED,
    "patience_rehandles": RAISED_NAMED,
    "patience_urges": RAISED_NAMED,
}


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One value; ``key`` is its path, as in ``handle.complaint.1``."""

    key: str
    group: Group
    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is another than before."""

    row: LimitRow
    before: Value


def rows_of(limits: Limits) -> tuple[LimitRow, ...]:
    """Every value in the order of the groups."""
    found = [
        LimitRow(".".join((name, *path)), group, _label(name, title, path), value)
        for name, (group, title) in FIELDS.items()
        for path, value in _leaves(getattr(limits, name))
    ]
    order = list(Group)
    return tuple(sorted(found, key=lambda row: order.index(row.group)))


def differences(before: Limits, after: Limits) -> tuple[Difference, ...]:
    """What ``after`` says otherwise."""
    earlier = {row.key: row.value for row in rows_of(before)}
    return tuple(Difference(row, earlier[row.key]) for row in rows_of(after) if earlier[row.key] != row.value)


def changed(limits: Limits, values: Mapping[str, Value]) -> Limits:
    """The limits with some values set; Invalid for a key there is not, a value of another kind, or what must not be."""
    known = {row.key: row.value for row in rows_of(limits)}
    wrong = {key: "unknown_limit" for key in values if key not in known}
    for key, value in values.items():
        if key in known and type(value) is not type(known[key]):
            wrong[key] = "wrong_kind"
    if wrong:
        raise Invalid(wrong)
    made = overlaid(limits, values)
    if wrong := faults(made):
        raise Invalid(wrong)
    return made


def overlaid(limits: Limits, values: Mapping[str, Value]) -> Limits:
    """The limits with some values set that were looked at before."""
    fresh: dict[str, Any] = {name: _rebuilt(getattr(limits, name), name, values) for name in FIELDS}
    return replace(limits, **fresh)


def values_of(limits: Limits, written: Mapping[str, object]) -> Mapping[str, Value]:
    """Values as they were written down, by key; what there is no more is left out."""
    kinds = {row.key: type(row.value) for row in rows_of(limits)}
    return {key: msgspec.convert(value, kinds[key]) for key, value in written.items() if key in kinds}


# -- what must hold -------------------------------------------------------------------------------------


def faults(limits: Limits) -> dict[str, str]:
    """By key what is wrong; empty when the limits can be used."""
    wrong = {row.key: "out_of_range" for row in rows_of(limits) if not _in_range(row)}
    for name, (ceiling, promise) in _promises(limits):
        if promise > ceiling:
            wrong[f"{name}.1"] = "beyond_legal_ceiling"
    for name, four in _by_urgency(limits):
        for place in range(1, len(four)):
            if nominal(four[place]) < nominal(four[place - 1]):
                wrong[f"{name}.{place}"] = "less_than_more_urgent"
    if list(limits.escalation_days) != sorted(set(limits.escalation_days)):
        wrong["escalation_days.1"] = "not_ascending"
    reminded = [nominal(limit) for limit in (*limits.info_reminders, limits.info_given_up)]
    if reminded != sorted(set(reminded)):
        wrong["info_given_up"] = "not_ascending"
    if limits.inspection_passed > FULL_POINTS:
        wrong["inspection_passed"] = "out_of_range"
    if limits.highest_supervision > HIGHEST_LEVEL:
        wrong["highest_supervision"] = "out_of_range"
    if limits.callback_days > limits.callback_attempts:
        wrong["callback_days"] = "more_than_attempts"
    if limits.callback_channels > limits.callback_attempts:
        wrong["callback_channels"] = "more_than_attempts"
    return wrong


def _promises(limits: Limits) -> Iterator[tuple[str, tuple[int, int]]]:
    yield from ((f"handle.{kind.value}", pair) for kind, pair in limits.handle.items())
    yield "enterprise_consult", limits.enterprise_consult
    yield "enterprise_other", limits.enterprise_other


def _by_urgency(limits: Limits) -> Iterator[tuple[str, Sequence[Limit]]]:
    yield from ((f"timers.{kind.value}", four) for kind, four in limits.timers.items())
    yield "span_decision", limits.span_decision
    yield "return_window", limits.return_window
    yield "return_decision", limits.return_decision


def nominal(limit: Limit) -> int:
    """For comparing limits only: a working day and the same day count as a day, a business hour as an hour."""
    return DAY_MINUTES if limit.unit is LimitUnit.SAME_DAY else limit.amount * NOMINAL[limit.unit]


def _in_range(row: LimitRow) -> bool:
    value = row.value
    if isinstance(value, Limit):
        if value.unit is LimitUnit.SAME_DAY:
            return value.amount == 0
        return 0 < value.amount * NOMINAL[value.unit] <= LONGEST_DAYS * DAY_MINUTES
    if isinstance(value, timedelta):
        return timedelta(days=1) <= value <= timedelta(days=LONGEST_DAYS)
    if isinstance(value, float):
        return 0 < value <= 1 or (value == 0 and row.key in MAY_BE_NONE)
    return 1 <= value <= LONGEST_DAYS


# -- single values --------------------------------------------------------------------------------------


def _leaves(value: object) -> Iterator[tuple[tuple[str, ...], Value]]:
    if isinstance(value, Mapping):
        for key, each in value.items():
            yield from (((str(key.value), *path), leaf) for path, leaf in _leaves(each))
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from (((str(place), *path), leaf) for path, leaf in _leaves(each))
    elif isinstance(value, Limit | timedelta | int | float):
        yield (), value


def _rebuilt(value: object, path: str, values: Mapping[str, Value]) -> object:
    if isinstance(value, Mapping):
        return {key: _rebuilt(each, f"{path}.{key.value}", values) for key, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_rebuilt(each, f"{path}.{place}", values) for place, each in enumerate(value))
    return values.get(path, value)


def _label(name: str, title: str, path: Sequence[str]) -> str:
    words = [title]
    for step in path:
        if step.isdigit():
            words.append(PLACES[name][int(step)])
        else:
            words.append(_named(step))
    return " · ".join(word for word in words if word)


def _named(value: str) -> str:
    kinds: tuple[type[Labelled], ...] = (TicketKind, ClockKind, Urgency)
    return next((each.label for kind in kinds for each in kind if each.value == value), value)


def limits_are_all_named() -> bool:
    """Whether every field of Limits has its row here; a test asks."""
    return is_dataclass(Limits) and {each.name for each in fields(Limits)} - {"versions"} == set(FIELDS)
