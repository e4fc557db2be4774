"""A small city in sheets that has one lead for every matter in every town, and the rooms that keep it."""

from dataclasses import dataclass, replace
from pathlib import Path

from directory.room import DirectoryRoom
from directory.room import build as build_directory
from hotline.data.books import Book, read_files
from hotline.data.planning import Checked, CityData
from hotline.data.room import Data, build
from hotline.data.writing import packed_csv, workbook
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from kernel.sheets import Problem
from knowledge.room import KnowledgeRoom
from knowledge.room import build as build_knowledge
from ticketing.room import Ticketing
from ticketing.room import build as build_ticketing

ADMIN = Principal(Kind.STAFF, "admin-1", "管理员", frozenset({Role.ADMIN}))

# ruff: noqa: E501 - a row is a row
SHEETS: dict[str, str] = {
    "city": """setting,value
name,甲子市
short,甲子
area_code,990000
hotline,12345
zone,Asia/Shanghai
ticket_prefix,JZ
business_hours,08:30-12:00|14:00-17:30
calendar_years,2026
texts.welcome,您好
""",
    "areas": """code,name,level,parent,aliases
990000,甲子市,city,,甲子
990001,东湖区,district,990000,东湖
990001001,松园街道,town,990001,松园
990001002,柳浦镇,town,990001,柳浦|柳埔
990001001001,和安社区居委会,village,990001001,和安社区
""",
    "places": """name,kind,town,aliases,owner
松园北路,road,990001001,,DH-CG
柳浦医院,hospital,990001002,镇医院|柳浦卫生院,
""",
    "functions": """code,name
coordination,统筹协调
sanitation,环境卫生
police,治安
""",
    "powers": """code,name
urban_enforcement,城市管理执法
""",
    "units": """code,name,short_name,level,area,functions,powers,parent,hours
JZ-ZS,甲子市政务服务局,市政务局,city,990000,coordination,,,
JZ-GA,甲子市公安局,市公安局,city,990000,police,,,24x7
DH-CG,东湖区城市管理局,东湖城管局,district,990001,sanitation,urban_enforcement,JZ-ZS,
""",
    "calendar": """date,kind,name
2026-01-01,holiday,元旦
2026-01-04,makeup,元旦
""",
    "matters": """code,level1,level2,name,keywords,examples,kind,function,owner_level,needs_power,supports,urgency,asks,basis
litter,环境,卫生,垃圾清运,垃圾|清运,楼下垃圾没人收|垃圾堆了三天,COMPLAINT,sanitation,district,,,P2,在哪里？,环境卫生条例
vending,环境,市容,占道经营,占道|摆摊,路边摆摊没法走,COMPLAINT,sanitation,district,urban_enforcement,police,P2,,
noise,治安,噪声,邻里噪声,噪声|吵,隔壁太吵,HELP,police,city,,,P2,,
""",
    "articles": """id,title,variants,short,full,materials,place,hours,phone,fee,limit,online,basis,owner,areas,audience,valid_from,valid_to,review_due,verified_on,matter
litter-days,垃圾几点收,几点收垃圾|垃圾清运时间,每天早上七点前。,,,,,12345,,,,,DH-CG,990001,个人,2026-01-01,,2027-01-01,,litter
""",
}


def sheets(**replaced: str | None) -> dict[str, str]:
    """The city's sheets, some of them replaced or left out."""
    return {name: text for name, text in (SHEETS | replaced).items() if text is not None}


def edited(sheet: str, *changes: tuple[str, str]) -> dict[str, str]:
    """A sheet with pieces of its text replaced; every piece must be there."""
    text = SHEETS[sheet]
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    return {sheet: text}


def book(**replaced: str | None) -> Book:
    """The city as CSV files."""
    return read_files([(f"{name}.csv", text.encode()) for name, text in sheets(**replaced).items()])


@dataclass(frozen=True)
class House:
    """The three rooms with data, and the data of all."""

    floor: Floor
    directory: DirectoryRoom
    ticketing: Ticketing
    knowledge: KnowledgeRoom
    data: Data

    @property
    def city(self) -> CityData:
        return self.data.city

    async def load(self, given: Book, by: Principal = ADMIN) -> Checked:
        """Load a book."""
        return await self.city.load(given, by)

    async def loaded(self, given: Book) -> None:
        """Load a book with which nothing is wrong."""
        checked = await self.load(given)
        assert checked.problems == ()
        assert checked.loaded

    async def workbook(self) -> bytes:
        """All data as a workbook."""
        return workbook(await self.city.tables())

    async def packed(self) -> bytes:
        """All data as CSV in a ZIP."""
        return packed_csv(await self.city.tables())


def house(floor: Floor, models: Path) -> House:
    """The rooms over an empty database."""
    directory = build_directory(floor)
    ticketing = build_ticketing(floor, directory.lookup, models=models)
    knowledge = build_knowledge(floor, directory.lookup)
    return House(floor, directory, ticketing, knowledge, build(floor, directory, ticketing, knowledge))


def where(problems: tuple[Problem, ...]) -> list[tuple[str, int, str, str]]:
    """Sheet, row, column and code of each problem."""
    return [(each.sheet, each.row, each.column, each.code) for each in problems]


def without_kept(checked: Checked) -> Checked:
    """The report without what depends on the moment."""
    return replace(checked, basis="", plans=())
