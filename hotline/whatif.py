"""Tells what another catalogue or threshold would have done with past tickets; nothing is changed."""

import argparse
import asyncio
import sys
import tempfile
from datetime import UTC, date, datetime, time
from pathlib import Path

from hotline.assembly import Assembled
from hotline.commands import build
from hotline.data.books import read_path
from hotline.migrating import is_newest
from hotline.throwaway import progress
from kernel.errors import Conflict, Invalid
from kernel.settings import Settings


async def main(settings: Settings, given: argparse.Namespace) -> None:
    """The command: a table on standard output, or one JSON line with ``--json``; progress on standard error."""
    if given.catalogue is None and given.threshold is None:
        raise Invalid({"catalogue": "required"})
    assembled = build(settings)
    try:
        print(await told(assembled, given))
    finally:
        await assembled.house.floor.database.close()


async def told(assembled: Assembled, given: argparse.Namespace) -> str:
    """What ``main`` prints, over a house that is not open: no loop steps and nothing is sent."""
    if not await is_newest(assembled.house.floor.database):
        raise Conflict("database_not_migrated")
    await assembled.rooms.directory.lookup.load()
    ticketing = assembled.rooms.ticketing
    await ticketing.catalogue.load()
    matters = None
    if given.catalogue is not None:
        book = await asyncio.to_thread(read_path, given.catalogue)
        matters = await asyncio.to_thread(ticketing.importer.read_grids, book.grids)
    zone = assembled.rooms.directory.lookup.calendar().zone
    since = datetime.combine(given.since, time.min, zone).astimezone(UTC)
    with tempfile.TemporaryDirectory(prefix="hotline-") as folder:
        outcome = await ticketing.what_if.replay(since, matters, given.threshold, Path(folder), _progress)
    return ticketing.what_if.line(outcome) if given.json else ticketing.what_if.page(outcome)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--since", type=_day, required=True, metavar="DATE", help="从这一天（含）起收到的工单")
    parser.add_argument("--catalogue", type=Path, metavar="FILE", help="另一份事项目录（格式同导入）")
    parser.add_argument("--threshold", type=_part, metavar="X", help="另一个自动派单阈值，0 到 1（默认同现行设置）")
    parser.add_argument("--json", action="store_true", help="打印一行 JSON")


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _part(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def _progress(done: int, altogether: int) -> None:
    if sys.stderr.isatty():
        print(f"\r已重放 {done} / {altogether}", end="\n" if done >= altogether else "", file=sys.stderr, flush=True)
    else:
        progress(f"已重放 {done} / {altogether}")
