"""Loads a city's folder through the rooms that know its files, and in demo mode makes the demo's accounts."""

from collections.abc import Callable
from pathlib import Path

from hotline.assembly import Assembled
from hotline.house import ROOT
from kernel.errors import Invalid

ARTICLES = "articles"


def is_empty(assembled: Assembled) -> bool:
    """Whether no city was ever loaded."""
    return not assembled.rooms.directory.lookup.areas()


def city_folder(named: str) -> Path:
    """The folder of the settings, looked for in the project; without a name the only one in ``cities/``; Invalid."""
    if named:
        return ROOT / Path(named).expanduser()
    found = sorted(folder for folder in (ROOT / "cities").iterdir() if folder.is_dir())
    if len(found) != 1:
        raise Invalid({"city.folder": "missing"}, code="settings_unknown")
    return found[0]


async def seed(assembled: Assembled, tell: Callable[[str], None], *, files_win: bool = False) -> None:
    """Load the folder of the settings; the rooms refuse a folder with a fault as a whole, and name every fault.

    Units that administrators have changed become what the files say only with ``files_win``. The house must be open,
    so that each room knows what the one before has loaded.
    """
    folder = city_folder(assembled.house.floor.settings.city.folder)
    rooms = assembled.rooms
    city = await rooms.directory.import_city(folder, rooms.ticketing.following.held, files_win=files_win)
    tell(f"城市目录：第 {city.version} 版，变更 {sum(city.changed.values())} 行")
    if city.undone:
        tell(f"以文件为准，覆盖了管理页面的机构调整：{'、'.join(city.undone)}")
    matters = await rooms.ticketing.import_city(folder)
    tell(f"诉求事项：{matters.matters} 项")
    codes = {matter.code for matter in rooms.ticketing.queries.matters()}
    articles = await rooms.knowledge.import_articles(folder / ARTICLES, codes)
    tell(f"知识条目：新增 {len(articles.added)}，更新 {len(articles.changed)}，未变 {len(articles.unchanged)}")


async def add_demo_accounts(assembled: Assembled) -> int:
    """Make the demo's accounts that are missing; gives how many were made."""
    async with assembled.house.floor.database.transaction() as tx:
        return len(await assembled.rooms.directory.make_demo_accounts(tx))
