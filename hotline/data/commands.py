"""The commands ``import`` and ``export``."""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

from hotline.assembly import Assembled
from hotline.data.books import read_path
from hotline.data.report import import_view, lines_of
from hotline.data.writing import write_path
from hotline.serving import sole_process
from kernel.people import SYSTEM

Tell = Callable[[str], None]


def add_import(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``import``."""
    parser.add_argument("path", type=Path, metavar="PATH", help="XLSX 工作簿、CSV 文件、ZIP 压缩包或文件夹")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不载入")


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``export``."""
    parser.add_argument("path", type=Path, metavar="PATH", help="写到哪里：.xlsx、.zip 或文件夹（CSV）")


async def bring_in(assembled: Assembled, given: argparse.Namespace, tell: Tell) -> bool:
    """Check a path and load it; whether nothing is wrong with it."""
    book = await asyncio.to_thread(read_path, given.path)
    with sole_process(assembled.house.floor.database):
        await assembled.house.open()
        try:
            data = assembled.data.city
            checked = await data.check(book) if given.dry_run else await data.load(book, SYSTEM)
            if checked.loaded:
                await data.know()
        finally:
            await assembled.house.leave()
            await assembled.house.close()
    for line in lines_of(import_view(checked, data.layouts, dry_run=given.dry_run)):
        tell(line)
    return not checked.problems


async def take_out(assembled: Assembled, given: argparse.Namespace, tell: Tell) -> None:
    """Write all data to a path."""
    try:
        tables = await assembled.data.city.tables()
    finally:
        await assembled.house.close()
    await asyncio.to_thread(write_path, tables, given.path)
    rows = "，".join(f"{table.layout.label} {len(table.rows)}" for table in tables)
    tell(f"已写入 {given.path}：{rows}")
