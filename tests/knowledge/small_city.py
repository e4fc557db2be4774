"""A made-up city of two districts in files, for tests that need a directory but no particular city."""

from pathlib import Path

from directory.model import Part, UnitChangeKind, UnitOrder
from directory.room import DirectoryRoom
from kernel.people import SYSTEM
from kernel.room import Floor

FILES = {
    "city.toml": """
name = "甲子市"
short = "甲子"
area_code = "990000"
hotline = "12345"
zone = "Asia/Shanghai"
ticket_prefix = "JZ"
business_hours = [["08:30", "12:00"], ["14:00", "17:30"]]
calendar_years = [2026]

[texts]
welcome = "您好"
""",
    "areas.csv": """code,name,level,parent,aliases
990000,甲子市,city,,甲子
990001,东湖区,district,990000,东湖
990002,西岭区,district,990000,西岭
990001001,松园街道,town,990001,松园
990002001,石坎镇,town,990002,石坎
""",
    "places.csv": "name,kind,town,aliases\n",
    "functions.csv": "code,name\npolice,治安\nhousing,住房\n",
    "powers.csv": "code,name\nurban_enforcement,城市管理执法\n",
    "units.csv": """code,name,short_name,level,area,functions,powers,parent,hours
JZ-ZF,甲子市人民政府,市政府,city,990000,,,,
JZ-GA,甲子市公安局,市公安局,city,990000,police,,JZ-ZF,24x7
JZ-ZJ,甲子市住房局,市住房局,city,990000,housing,,JZ-ZF,
""",
    "calendar.csv": "date,kind,name\n2026-01-01,holiday,元旦\n",
}

CITY = "990000"
EAST, WEST = "990001", "990002"
PINE, STONE = "990001001", "990002001"
POLICE, HOUSING = "JZ-GA", "JZ-ZJ"


def write_city(folder: Path) -> Path:
    """The city's files in ``folder``."""
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    return folder


async def merge_police_into_housing(floor: Floor, directory: DirectoryRoom) -> None:
    """One unit goes on with the work of the other."""
    order = UnitOrder(UnitChangeKind.MERGE, (POLICE, HOUSING), (Part(HOUSING, functions=("police",)),), "机构改革")
    async with floor.database.transaction() as tx:
        await directory.reorganising.begin(tx, 1)
        await directory.reorganising.carry_out(tx, await directory.reorganising.plan(tx, order), SYSTEM, 0)
    await directory.lookup.load()
