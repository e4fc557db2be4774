"""What a simulated month came to: what happened, what is wrong with it, the indicators in both versions."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from hotline.assembly import Assembled
from hotline.simulation.play import Played
from hotline.simulation.trays import JOURNAL, MAILBOX, audit_journal, audit_mailbox
from kernel.database import metadata
from kernel.people import Role
from kernel.room import Fault

MOST_SHOWN = 40
PRESENT = ("report_shows_no_identity", "late_extension_is_refused", "jobs_run_without_failing")


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, by which rules, and every fault."""

    looked_at: Mapping[str, int]
    rules: Mapping[str, Sequence[str]]
    faults: Sequence[Fault]


async def examine(assembled: Assembled, played: Played | None) -> Checked:
    """Every room's audit, the trays, and what the people of the play saw."""
    floor, looked, rules, faults = assembled.house.floor, dict[str, int](), dict[str, Sequence[str]](), list[Fault]()
    for room in assembled.house.rooms:
        for audit in room.audits:
            looked[audit.name], found = await audit.run()
            rules[audit.name] = audit.rules
            faults += found
    looked["mailbox"], found = await audit_mailbox(floor, played.post.ledger if played else None)
    rules["mailbox"] = MAILBOX
    faults += found
    looked["journal"], found = await audit_journal(floor)
    rules["journal"] = JOURNAL
    faults += found
    if played is not None:
        rules["play"], looked["play"] = PRESENT, played.steps
        faults += [Fault(*each) for each in played.stage.tally.faults]
        failed = played.running.failed_jobs().items()
        faults += [Fault("jobs_run_without_failing", job, f"{many} runs failed") for job, many in failed]
    return Checked(looked, rules, faults)


async def figures_of(assembled: Assembled, played: Played, checked: Checked) -> dict[str, Any]:
    """Everything as data."""
    ordered, tally, storm = played.ordered, played.stage.tally, played.storm
    calendar = assembled.rooms.directory.lookup.calendar()
    by_day = Counter(calendar.local_date(contact.at) for contact in played.contacts)
    wrong = Counter(fault.rule for fault in checked.faults)
    return {
        "ordered": {
            "first": ordered.first.isoformat(),
            "days": ordered.days,
            "after": ordered.after,
            "contacts": len(played.contacts),
            "seed": ordered.seed,
            "agents": ordered.agents,
            "rare": ordered.rare,
            "units": len(assembled.rooms.directory.lookup.units()),
            "typhoon": storm.isoformat(),
        },
        "arrivals": {day.isoformat(): by_day[day] for day in sorted(by_day)},
        "ways": _sorted(Counter(contact.way.value for contact in played.contacts)),
        "wants": _sorted(Counter(contact.want.value for contact in played.contacts)),
        "contacts": _sorted(tally.contacts),
        "tickets": await _counted(assembled, "ticket", "kind"),
        "states": await _counted(assembled, "ticket", "state"),
        "urgencies": await _counted(assembled, "ticket", "urgency"),
        "steps": await _steps(assembled),
        "pressed": _sorted(tally.pressed),
        "not_offered": _sorted(tally.missing),
        "refused_as_expected": _sorted(tally.expected),
        "refused_unexpectedly": _sorted(tally.surprises),
        "conversations": await _counted(assembled, "conversation", "turn"),
        "messages_out": await _counted(assembled, "mailbox_out", "state"),
        "platforms": {"repeated": played.post.ledger.repeated.total(), **_sorted(played.post.ledger.ends)},
        "secret_views": tally.seen_secret,
        "checks": {
            name: {"looked_at": many, "rules": {rule: wrong[rule] for rule in checked.rules[name]}}
            for name, many in checked.looked_at.items()
        },
        "faults": [{"rule": f.rule, "about": f.about, "what": f.what} for f in checked.faults],
        "indicators": await _indicators(assembled, played),
    }


def timing(played: Played) -> dict[str, float]:
    """How fast it went; not the same from run to run."""
    return {
        "seconds": round(played.seconds, 1),
        "steps": played.steps,
        "facts": played.facts,
        "steps_per_second": round(played.steps / max(played.seconds, 0.001), 1),
    }


async def _indicators(assembled: Assembled, played: Played) -> list[dict[str, Any]]:
    reader = played.stage.people.posts[Role.SUPERVISOR][0]
    until = played.stage.lookup.calendar().local_date(assembled.house.floor.clock.now())
    query = {"since": played.ordered.first.isoformat(), "until": until.isoformat()}
    page = await played.stage.screen.get(reader, "/api/v1/indicators", query)
    return [
        {
            "name": rate.name,
            "label": rate.label,
            "all": [rate.all.numerator, rate.all.denominator],
            "kept": [rate.kept.numerator, rate.kept.denominator],
        }
        for rate in page.rates
    ]


async def _counted(assembled: Assembled, table: str, column: str) -> dict[str, int]:
    """How many rows of a table have which value."""
    of = metadata.tables[table].c[column]
    async with assembled.house.floor.database.reading() as tx:
        rows = await tx.rows(select(of.label("value"), func.count().label("many")).group_by(of))
    return _sorted(Counter({str(row["value"]): row["many"] for row in rows}))


async def _steps(assembled: Assembled) -> dict[str, int]:
    """Every step that was taken, by what and by whom."""
    records = metadata.tables["ticket_record"]
    what, actor = records.c.what, records.c.actor
    async with assembled.house.floor.database.reading() as tx:
        rows = await tx.rows(select(what, actor, func.count().label("many")).group_by(what, actor))
    return _sorted(Counter({f"{row['what']} {row['actor']}": row["many"] for row in rows}))


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


# -- as text ----------------------------------------------------------------------------------------------


def text_of(figures: Mapping[str, Any], time: Mapping[str, float]) -> str:
    """The report to read."""
    return "\n".join(_lines(figures, time))


def _lines(figures: Mapping[str, Any], time: Mapping[str, float]) -> Iterator[str]:
    ordered = figures["ordered"]
    yield f"模拟 {ordered['first']} 起 {ordered['days']} 天，另 {ordered['after']} 天收尾；台风日 {ordered['typhoon']}"
    yield f"接触 {ordered['contacts']}，单位 {ordered['units']}，坐席 {ordered['agents']}，种子 {ordered['seed']}"
    speed = f"用时 {time['seconds']} 秒（每秒 {time['steps_per_second']} 步）"
    yield f"步骤 {time['steps']}，事实 {time['facts']}，{speed}"
    for title, name in (
        ("每日接触", "arrivals"),
        ("渠道", "ways"),
        ("来意", "wants"),
        ("接触结果", "contacts"),
        ("工单类型", "tickets"),
        ("紧急程度", "urgencies"),
        ("工单状态", "states"),
        ("办理动作", "steps"),
        ("页面操作", "pressed"),
        ("操作时按钮已不在", "not_offered"),
        ("按规则拒绝", "refused_as_expected"),
        ("意外拒绝", "refused_unexpectedly"),
        ("会话", "conversations"),
        ("发出消息", "messages_out"),
        ("平台", "platforms"),
    ):
        yield f"\n{title}"
        yield from (f"  {key}: {many}" for key, many in figures[name].items())
    yield "\n不变量（违反数）"
    for name, each in figures["checks"].items():
        yield f"  {name}：检查 {each['looked_at']}"
        yield from (f"    {rule}: {wrong}" for rule, wrong in each["rules"].items())
    faults = figures["faults"]
    yield f"  合计违反 {len(faults)}"
    yield from (f"    {f['rule']} {f['about']}: {f['what']}" for f in faults[:MOST_SHOWN])
    yield "\n指标：全部工单 | 扣除经审核的剔除"
    yield from (f"  {rate['label']}: {_share(rate['all'])} | {_share(rate['kept'])}" for rate in figures["indicators"])


def _share(pair: Sequence[float]) -> str:
    numerator, denominator = pair
    if not denominator:
        return "—"
    return f"{numerator:g}/{denominator:g} = {numerator / denominator:.3f}"
