"""Writes the life of a ticket as a page: what the tables of states, steps, requests, timers and limits say."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from kernel.labels import Labelled
from ticketing.model.labels import CITIZEN_WORDS, Actor, LimitUnit, State, TicketKind, Urgency
from ticketing.model.ticket import Limit
from ticketing.rules.limits import Limits
from ticketing.rules.requests import ASKED_IN, RULES
from ticketing.rules.side_actions import SIDE_TABLE
from ticketing.rules.timers import WAKES
from ticketing.rules.transitions import LIFE, TABLE

MOST_ARROWS = 3
HEAD = """# The life of a ticket

Written from the tables of `ticketing/rules/` by `ticketing.rules.describing.page`; a test holds this page to them.
Guards, effects and fields carry the names they have in the code, where each says in a line what it demands or does.
"""
UNITS = {
    LimitUnit.MINUTES: "min",
    LimitUnit.BUSINESS_MINUTES: "business min",
    LimitUnit.WORKING_DAYS: "working days",
}


def page(limits: Limits) -> str:
    """The whole page as Markdown."""
    return "\n".join(
        (
            HEAD,
            *_states(),
            *_diagram(),
            *_transitions(),
            *_side_actions(),
            *_requests(limits),
            *_timers(limits),
            *_limits(limits),
        )
    )


def limit_words(limit: Limit | timedelta) -> str:
    """5 working days, 30 min, same day, 30 days."""
    if isinstance(limit, timedelta):
        return f"{limit.days} days"
    if limit.unit is LimitUnit.SAME_DAY:
        return "same day"
    if limit.unit is LimitUnit.BUSINESS_MINUTES and limit.amount % 60 == 0:
        return f"{limit.amount // 60} business h"
    if limit.unit is LimitUnit.MINUTES and limit.amount >= 120 and limit.amount % 60 == 0:
        return f"{limit.amount // 60} h"
    words = UNITS[limit.unit]
    return f"{limit.amount} {words.removesuffix('s') if limit.amount == 1 else words}"


def _states() -> list[str]:
    rows = [
        (_code(state), state.label, CITIZEN_WORDS[state][0], CITIZEN_WORDS[state][1].value, _kind_of_state(state))
        for state in State
    ]
    return _section("States", ("state", "label", "the citizen reads", "Open311", ""), rows)


def _kind_of_state(state: State) -> str:
    if state is LIFE.initial:
        return "first"
    return "last" if state in LIFE.final else ""


def _diagram() -> list[str]:
    """Withdrawing and merging are possible nearly everywhere: one arrow each keeps the picture readable."""
    lines = [f"    [*] --> {LIFE.initial.value}"]
    for row in TABLE:
        shown = row.sources if len(row.sources) <= MOST_ARROWS else row.sources[:1]
        more = "" if shown == row.sources else " (and others)"
        lines += [f"    {source.value} --> {row.target.value}: {row.action.label}{more}" for source in shown]
    lines += [f"    {state.value} --> [*]" for state in State if state in LIFE.final]
    return ["```mermaid", "stateDiagram-v2", *lines, "```", ""]


def _transitions() -> list[str]:
    rows = [
        (
            f"{_code(row.action)} {row.action.label}",
            _list(row.sources),
            _code(row.target),
            _actors(row.by),
            _names(row.guards),
            _names(row.effects),
            _names(row.needs),
        )
        for row in TABLE
    ]
    return _section("Transitions", ("action", "from", "to", "by", "must hold", "does", "fields"), rows)


def _side_actions() -> list[str]:
    rows = [
        (
            f"{_code(row.action)} {row.action.label}",
            _list(row.states),
            _actors(row.by),
            _names(guard.__name__ for guard in row.guards),
            _names(row.needs),
        )
        for row in SIDE_TABLE
    ]
    return _section("What does not move it", ("action", "in", "by", "must hold", "fields"), rows)


def _requests(limits: Limits) -> list[str]:
    rows = [
        (
            f"{_code(kind)} {kind.label}",
            _actors(actor for actor in Actor if actor in rule.decided_by),
            ", ".join(dict.fromkeys(limit_words(limits.decision(kind, urgency)) for urgency in Urgency)),
            _names(guard.__name__ for guard in rule.guards),
            _names(rule.needs),
            _list(rule.leads_to),
        )
        for kind, rule in RULES.items()
    ]
    heads = ("request", "decided by", "within", "must hold", "fields", "leads to")
    asked = f"The lead unit asks in {_list(state for state in State if state in ASKED_IN)}; the work goes on meanwhile."
    return _section("Requests", heads, rows, asked)


def _timers(limits: Limits) -> list[str]:
    named = {name: _either(getattr(limits, name)) for name in Limits.__slots__}
    rows = [
        (_code(wake.state), f"{_code(wake.action)} {wake.action.label}", wake.words.format(**named)) for wake in WAKES
    ]
    return _section("What the timer does by itself", ("in", "action", "when"), rows)


def _either(value: object) -> str:
    return limit_words(value) if isinstance(value, Limit | timedelta) else str(value)


def _limits(limits: Limits) -> list[str]:
    promised = [
        (
            kind.label,
            *(limit_words(limits.ceiling(kind, enterprise=enterprise)) for enterprise in (False, True)),
            *(limit_words(limits.promise(kind, Urgency.P2, enterprise=enterprise)) for enterprise in (False, True)),
        )
        for kind in TicketKind
    ]
    urgent = "；".join(f"{urgency.label} {limit_words(limit)}" for urgency, limit in limits.urgent.items())
    steps: list[tuple[str, ...]] = [
        (kind.label, *(limit_words(limit) for limit in four)) for kind, four in limits.timers.items()
    ]
    steps.append(("核定身份线索", *(limit_words(limit) for limit in limits.span_decision)))
    steps.append(("退单申请", *(limit_words(limit) for limit in limits.return_window)))
    steps.append(("退单审批", *(limit_words(limit) for limit in limits.return_decision)))
    heads = ("kind", "ceiling", "ceiling, enterprise", "promise", "promise, enterprise")
    return [
        *_section("Limits", heads, promised, f"The promise of what is urgent, whatever its kind: {urgent}."),
        *_table(("step", *(urgency.label for urgency in Urgency)), steps),
    ]


# -- Markdown -------------------------------------------------------------------------------------------


def _section(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]], lead: str = "") -> list[str]:
    return [f"## {title}", "", *((lead, "") if lead else ()), *_table(heads, rows)]


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [f"| {' | '.join(cells)} |" for cells in (heads, ["---"] * len(heads), *rows)]
    return [line.replace("|  |", "| |") for line in lines] + [""]


def _code(member: Labelled) -> str:
    return f"`{member.value}`"


def _list(members: Iterable[Labelled]) -> str:
    return ", ".join(_code(member) for member in members)


def _actors(actors: Iterable[Actor]) -> str:
    return "、".join(actor.label for actor in actors)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
