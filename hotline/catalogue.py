"""Lists the duty catalogue: who leads every matter in every town, read from a city's folder."""

import argparse
from pathlib import Path

from hotline.house import ROOT
from hotline.seeding import city_folder
from hotline.throwaway import progress, throwaway
from kernel.settings import Settings


async def main(settings: Settings, given: argparse.Namespace) -> None:
    """The command: the page on standard output, or in the file named."""
    text = await duty_page(settings)
    if given.write is None:
        print(text, end="")
        return
    given.write.write_text(text, "utf-8")
    progress(f"已写入 {given.write}")


async def duty_page(settings: Settings) -> str:
    """The duty catalogue of the settings' city; the rooms refuse files with a fault and name every fault."""
    folder = city_folder(settings.city.folder)
    source = folder.relative_to(ROOT).as_posix() if folder.is_relative_to(ROOT) else folder.name
    async with throwaway(settings) as assembled:
        await assembled.rooms.directory.import_city(folder)
        return await assembled.rooms.ticketing.duty_page(folder, f"`{source}/`")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument("--write", type=Path, metavar="FILE", help="写入此文件（默认打印）")
