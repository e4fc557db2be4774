"""The commands ``import``, ``export`` and ``import-history``."""

import argparse
import asyncio
from collections.abc import Callable
from pathlib import Path

from hotline.assembly import Assembled
from hotline.data.books import read_path
from hotline.data.history_report import history_lines, history_view
from hotline.data.report import import_view, lines_of
from hotline.data.writing import write_path
from hotline.migrating import is_newest
from hotline.serving import sole_process
from kernel.errors import Conflict, Invalid
from kernel.people import SYSTEM

Tell = Callable[[str], None]


def add_import(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``import``."""
    parser.add_argument("path", type=Path, metavar="PATH", help="XLSX 工作簿、CSV 文件、ZIP 压缩包或文件夹")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不载入")


def add_export(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``export``."""
    parser.add_argument("path", type=Path, metavar="PATH", help="写到哪里：.xlsx、.zip 或文件夹（CSV）")


def add_history(parser: argparse.ArgumentParser) -> None:
    """The arguments of ``import-history``."""
    parser.add_argument("path", type=Path, metavar="FILE", help="原系统导出的 .xlsx 或 .csv")
    parser.add_argument("--mapping", type=Path, metavar="FILE.toml", help="对照表：列名、事项、单位、区域、结果")
    parser.add_argument("--write-mapping", type=Path, metavar="FILE.toml", help="写出一份待填写的对照表")
    parser.add_argument("--dry-run", action="store_true", help="只检查，不载入")
    parser.add_argument("--skip-faulty", action="store_true", help="略过有错误的行")


async def bring_in(assembled: Assembled, given: argparse.Namespace, tell: Tell) -> bool:
    """Check a path and load it; whether nothing is wrong with it."""
    book = await asyncio.to_thread(read_path, given.path)
    with sole_process(assembled.house.floor.database):
        await _open(assembled)
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
        await _demand_tables(assembled)
        tables = await assembled.data.city.tables()
    finally:
        await assembled.house.close()
    await asyncio.to_thread(write_path, tables, given.path)
    rows = "，".join(f"{table.layout.label} {len(table.rows)}" for table in tables)
    tell(f"已写入 {given.path}：{rows}")


async def bring_in_history(assembled: Assembled, given: argparse.Namespace, tell: Tell) -> bool:
    """Check tickets of another system and take them in; whether nothing is wrong with them."""
    book = await asyncio.to_thread(read_path, given.path)
    mapping = await asyncio.to_thread(_text_of, given.mapping) if given.mapping else ""
    history = assembled.rooms.ticketing.history
    with sole_process(assembled.house.floor.database):
        await _open(assembled)
        try:
            if given.dry_run:
                check = await history.check(book.grids, mapping)
            else:
                check = await history.load(book.grids, mapping, SYSTEM, skip_faulty=given.skip_faulty)
            if check.loaded:
                tell("正在学习……")
                await assembled.rooms.ticketing.catalogue.refresh()
        finally:
            await assembled.house.leave()
            await assembled.house.close()
    if given.write_mapping:
        await asyncio.to_thread(given.write_mapping.write_text, check.mapping, "utf-8")
    for line in history_lines(history_view(check, history.layout, dry_run=given.dry_run)):
        tell(line)
    return not check.problems or check.loaded


async def _open(assembled: Assembled) -> None:
    await _demand_tables(assembled)
    await assembled.house.open()


async def _demand_tables(assembled: Assembled) -> None:
    if not await is_newest(assembled.house.floor.database):
        raise Conflict("database_not_migrated")


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid({"mapping": "file_unreadable"}) from error
