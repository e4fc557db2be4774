"""A made-up city in files, and the directory over the floor."""

from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from directory.room import DirectoryRoom, build
from kernel.room import Floor

CITY_FILES = {
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
990001002,柳浦镇,town,990001,柳浦|柳埔
990002001,石坎镇,town,990002,石坎
990001001001,和安社区居委会,village,990001001,和安社区
990002001001,和安社区居委会,village,990002001,
990001002001,桃坑村民委员会,village,990001002,
""",
    "places.csv": """name,kind,town,aliases
松园北路,road,990001001,
柳浦医院,hospital,990001002,镇医院|柳浦卫生院
""",
    "functions.csv": """code,name
sanitation,环境卫生
police,治安
""",
    "powers.csv": """code,name
urban_enforcement,城市管理执法
""",
    "units.csv": """code,name,short_name,level,area,functions,powers,parent,hours
JZ-ZF,甲子市人民政府,市政府,city,990000,,,,
JZ-CG,甲子市城市管理局,市城管局,city,990000,sanitation,urban_enforcement,JZ-ZF,
DH-CG,东湖区城市管理局,东湖城管局,district,990001,sanitation,,JZ-CG,
DH-SY,松园街道办事处,松园街道办,town,990001001,sanitation,urban_enforcement,DH-CG,
JZ-GA,甲子市公安局,市公安局,city,990000,police,,JZ-ZF,24x7
""",
    "calendar.csv": """date,kind,name
2026-01-01,holiday,元旦
2026-01-04,makeup,元旦
""",
}

# The real price, some 50 ms and 64 MiB a check, is paid in one test alone.
CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)

WriteCity = Callable[..., Path]


@pytest.fixture
def write_city(tmp_path: Path) -> WriteCity:
    """Write the made-up city's files, some of them replaced (a name's dot is written as _), and give the folder."""

    def write(**replaced: str | None) -> Path:
        folder = tmp_path / "city"
        folder.mkdir(exist_ok=True)
        for name, text in CITY_FILES.items():
            given = replaced.get(name.replace(".", "_"), text)
            (folder / name).unlink(missing_ok=True)
            if given is not None:
                (folder / name).write_text(given, "utf-8")
        return folder

    return write


@pytest.fixture
def room(floor: Floor) -> DirectoryRoom:
    """The directory over an empty database."""
    return build(floor, CHEAP)


@pytest.fixture
async def city_room(room: DirectoryRoom, write_city: WriteCity) -> DirectoryRoom:
    """The directory of the made-up city."""
    await room.import_city(write_city())
    return room
