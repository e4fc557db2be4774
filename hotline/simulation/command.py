"""The command ``simulate``: a month of a city against a simulated clock, then everything checked and the figures."""

import argparse
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec

from hotline.assembly import Assembled, assemble
from hotline.migrating import migrate
from hotline.replay import database_of
from hotline.seeding import seed
from hotline.serving import sole_process
from hotline.simulation.page import page
from hotline.simulation.play import A_MONTH, TICK, Ordered, Play, say
from hotline.simulation.report import examine, figures_of, text_of, timing
from hotline.throwaway import never_wait_for_the_disk
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid
from kernel.settings import Settings

FIRST = date(2026, 6, 1)
MONTH, AFTER = 30, 14
MOST_DAYS, MOST_SCALE = 62, 2.0
# Screens speak seldom in a simulation; see hotline.simulation.roster.
ABSENT_SECONDS = 4 * 3600
NIGHT_BEFORE = timedelta(hours=2)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--month", action="store_true", help=f"一个月（{MONTH} 天）")
    parser.add_argument("--days", type=int, help="只模拟 N 天（接触数按比例）")
    parser.add_argument("--after", type=int, default=AFTER, help=f"之后收尾的天数（默认 {AFTER}）")
    parser.add_argument("--scale", type=float, default=1.0, help=f"规模，1 为每月 {A_MONTH} 次接触")
    parser.add_argument("--seed", type=int, default=1, help="随机种子（默认 1）")
    parser.add_argument("--first", type=date.fromisoformat, default=FIRST, help=f"第一天（默认 {FIRST}）")
    parser.add_argument("--tick", type=int, default=int(TICK.total_seconds() // 60), help="后台每隔几分钟走一步")
    parser.add_argument("--rare", type=float, default=1.0, help="少见的事放大几倍（短时试跑用，默认 1）")
    parser.add_argument("--database", default="", help="空的数据库地址（默认用一次性的 SQLite）")
    parser.add_argument("--json", type=Path, help="把结果写入此文件")
    parser.add_argument("--page", type=Path, help="把结果写成文档页（Markdown）")


def ordered_by(given: argparse.Namespace) -> Ordered:
    """The month as ordered; Invalid names what cannot be."""
    wrong = {}
    days = given.days if given.days is not None else MONTH
    if given.days is None and not given.month:
        wrong["--month"] = "required"
    if not 1 <= days <= MOST_DAYS:
        wrong["--days"] = "out_of_range"
    if not 0 <= given.after <= MOST_DAYS:
        wrong["--after"] = "out_of_range"
    if not 0 < given.scale <= MOST_SCALE:
        wrong["--scale"] = "out_of_range"
    if not 1 <= given.tick <= 60:
        wrong["--tick"] = "out_of_range"
    if not 1 <= given.rare <= 100:
        wrong["--rare"] = "out_of_range"
    contacts = round(A_MONTH * given.scale * days / MONTH)
    if not wrong and contacts < 1:
        wrong["--scale"] = "too_small"
    if wrong:
        raise Invalid(wrong)
    return Ordered(given.first, days, given.after, contacts, given.seed, timedelta(minutes=given.tick), rare=given.rare)


async def main(settings: Settings, given: argparse.Namespace) -> bool:
    """The command: whether no rule was broken."""
    ordered = ordered_by(given)
    settings = replace(settings, desk=replace(settings.desk, absent_seconds=ABSENT_SECONDS))
    with database_of(settings, given.database) as (chosen, key, fresh):
        clock = ManualClock(datetime.combine(ordered.first, time(), UTC) - timedelta(days=1))
        assembled = assemble(chosen, clock, key)
        database = assembled.house.floor.database
        if fresh:
            never_wait_for_the_disk(database)
        with sole_process(database):
            await migrate(database)
            await assembled.house.open()
            try:
                return await simulate(assembled, clock, ordered, given.json, given.page)
            finally:
                await assembled.house.leave()
                await assembled.house.close()


def _write(path: Path, body: bytes) -> None:
    path.write_bytes(body)


async def simulate(
    assembled: Assembled, clock: ManualClock, ordered: Ordered, json: Path | None = None, markdown: Path | None = None
) -> bool:
    """Play, check, print; whether no rule was broken. Conflict when the database is not empty."""
    if assembled.rooms.directory.lookup.areas():
        raise Conflict("database_not_empty")
    await seed(assembled, say)
    zone = assembled.house.zone()
    clock.set(datetime.combine(ordered.first, time(), zone) - NIGHT_BEFORE)
    played = await Play(assembled, clock, ordered, say).run()
    checked = await examine(assembled, played)
    figures, took = await figures_of(assembled, played, checked), timing(played)
    print(text_of(figures, took))
    if json is not None:
        _write(json, msgspec.json.format(msgspec.json.encode({**figures, "timing": took}), indent=2) + b"\n")
    if markdown is not None:
        _write(markdown, page({**figures, "timing": took}).encode())
    return not checked.faults
