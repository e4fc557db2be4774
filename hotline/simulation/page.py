"""A run as a page of the documentation: what happened, what was refused, what is wrong, the indicators."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from statistics import median
from typing import Any

SHOWN = (
    ("contacts by way", "ways"),
    ("contacts by what for", "wants"),
    ("how they went", "contacts"),
    ("tickets by kind", "tickets"),
    ("tickets by urgency", "urgencies"),
    ("tickets by state at the end", "states"),
    ("conversations at the end", "conversations"),
    ("messages out at the end", "messages_out"),
    ("the platforms' doings", "platforms"),
)


def page(figures: Mapping[str, Any]) -> str:
    """The page; ``figures`` are those of the report, with its timing."""
    return "\n".join(_lines(figures)) + "\n"


def _lines(figures: Mapping[str, Any]) -> Iterator[str]:
    yield "# A simulated stretch"
    yield ""
    yield from _what(figures)
    yield from _table("", "", [(title, _listed(figures[name])) for title, name in SHOWN])
    yield from ("", "## Steps", "")
    yield from _steps(figures["steps"])
    yield from ("", "## Refused by the rules, as it should be", "")
    yield from _table("what: why", "times", figures["refused_as_expected"].items())
    yield ""
    unexpected = figures["refused_unexpectedly"]
    yield f"Refused though a button was there: {sum(unexpected.values())}. {_listed(unexpected)}".rstrip()
    yield from ("", "## Violations", "", "| | looked at | rules | violations |", "|---|---:|---:|---:|")
    for name, each in figures["checks"].items():
        rules = each["rules"]
        yield f"| {name} | {each['looked_at']:,} | {len(rules)} | {sum(rules.values())} |"
    yield from ("", *(f"- {fault['rule']} {fault['about']}: {fault['what']}" for fault in figures["faults"]))
    yield from (
        "",
        "## Indicators",
        "",
        "| | all tickets | | without what was excluded | |",
        "|---|---:|---:|---:|---:|",
    )
    for rate in figures["indicators"]:
        yield f"| {rate['label']} | {_share(rate['all'])} | {_share(rate['kept'])} |"


def _what(figures: Mapping[str, Any]) -> Iterator[str]:
    ordered, arrivals, time = figures["ordered"], figures["arrivals"], figures["timing"]
    yield (
        f"{ordered['contacts']:,} contacts in {ordered['days']} days from {ordered['first']}, then {ordered['after']} "
        f"days for what was open; {ordered['units']} units, {ordered['agents']} agents, seed {ordered['seed']}."
    )
    yield (
        f"The typhoon came on {ordered['typhoon']}: {arrivals.get(ordered['typhoon'], 0):,} contacts, against "
        f"{median(arrivals.values()):g} on the median day."
    )
    yield (
        f"{time['steps']:,} steps of people, {time['facts']:,} facts, {time['seconds']:,.0f} s: "
        f"{time['steps_per_second']:g} steps a second."
    )
    yield ""


def _steps(steps: Mapping[str, int]) -> Iterator[str]:
    """Each step with who took it how often, the most frequent first."""
    by: dict[str, dict[str, int]] = {}
    for name, many in steps.items():
        what, actor = name.split(" ")
        by.setdefault(what, {})[actor] = many
    yield from ("| step | times | by |", "|---|---:|---|")
    for what, actors in sorted(by.items(), key=lambda each: -sum(each[1].values())):
        yield f"| `{what}` | {sum(actors.values()):,} | {_listed(actors)} |"


def _table(head: str, other: str, rows: Iterable[tuple[str, object]]) -> Iterator[str]:
    yield from (f"| {head} | {other} |", "|---|---|")
    yield from (f"| {name} | {value} |" for name, value in rows)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {many:,}" for name, many in counts.items())


def _share(pair: Sequence[float]) -> str:
    numerator, denominator = pair
    value = f"{numerator / denominator:.3f}" if denominator else "—"
    return f"{numerator:g} / {denominator:g} | {value}"
