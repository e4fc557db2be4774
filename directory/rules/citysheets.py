"""The sheets of a city: what stands in which column, and the reference data written into them."""

from collections.abc import Iterable, Sequence

from directory.model import City, CityData, Datum, DayKind, Level, PlaceKind, Spot, Unit
from kernel.sheets import Column, Holds, Layout, Table, choice, code, labels, table

ALL_DAY = "24x7"
LONGEST_SETTING = 300
# The fields of City that have a cell each, with what people call them; ``texts`` have a row each.
SETTINGS = {
    "name": "城市名称",
    "short": "城市简称",
    "area_code": "市级行政区划代码",
    "hotline": "热线号码",
    "zone": "时区",
    "ticket_prefix": "工单编号前缀",
    "business_hours": "工作时间",
    "calendar_years": "已公布放假安排的年份",
}
# Those a city may leave out.
OPTIONAL = {"bounds": "城市范围"}
TEXTS = "texts."

CITY = Layout(
    "city",
    "城市设置",
    "一行一项设置；texts. 开头的是以本市名义对市民说的话",
    (
        Column(
            "setting", "设置项", "、".join(f"{name}（{label}）" for name, label in (SETTINGS | OPTIONAL).items()),
            required=True,
        ),
        Column(
            "value", "内容",
            "工作时间写作 08:30-12:00|14:00-17:30，年份写作 2025|2026，城市范围（可没有此行）写作 南|西|北|东的度数",
            Holds.LONG, required=True, longest=LONGEST_SETTING,
        ),
    ),
    key=("setting",),
)  # fmt: skip
AREAS = Layout(
    "areas",
    "区域",
    "四级区域；工单中用到过的区域删去后停用，不会消失",
    (
        code("code", "区域代码", "统计用区划代码，唯一"),
        Column("name", "名称", "全称", required=True),
        choice("level", "层级", labels(Level)),
        code("parent", "上级区域", "上一层级区域的代码；市级留空", required=False),
        Column("aliases", "别名", "市民的其他叫法，用 | 分隔", Holds.LIST),
    ),
    gone="停用",
)
PLACES = Layout(
    "places",
    "地点",
    "道路、公园、车站等有名字的地方，各属一个镇街",
    (
        Column("name", "名称", "同一镇街内唯一", required=True),
        choice("kind", "类型", labels(PlaceKind)),
        code("town", "所在镇街", "镇街的区域代码"),
        Column("aliases", "别名", "市民的其他叫法，用 | 分隔", Holds.LIST),
        Column("owner", "权属单位", "拥有或管理该设施的单位代码，可留空", Holds.CODE, optional=True, longest=32),
    ),
    key=("name", "town"),
)
FUNCTIONS = Layout(
    "functions",
    "职能",
    "单位负责什么，诉求事项按职能找到单位；表中没有的职能保留不变",
    (code("code", "职能代码", "唯一"), Column("name", "名称", required=True)),
)
POWERS = Layout(
    "powers",
    "执法权",
    "哪一类执法，需要执法权的事项不会派给没有该权的单位；表中没有的执法权保留不变",
    (code("code", "执法权代码", "唯一"), Column("name", "名称", required=True)),
)
UNITS = Layout(
    "units",
    "单位",
    "成员单位；删去的单位停用，不会消失",
    (
        code("code", "单位代码", "唯一"),
        Column("name", "名称", "全称", required=True),
        Column("short_name", "简称", required=True),
        choice("level", "层级", labels(Level), "与所在区域的层级相同"),
        code("area", "所在区域", "负责的区域的代码"),
        Column("functions", "职能", "职能代码，用 | 分隔", Holds.CODES),
        Column("powers", "执法权", "执法权代码，用 | 分隔", Holds.CODES),
        code("parent", "上级单位", "上级单位的代码，可留空", required=False),
        Column("hours", "办公时间", f"留空为全市工作时间，{ALL_DAY} 为全天", longest=20),
        Column("also", "其他区域", "还负责的同层级区域的代码，用 | 分隔，可留空", Holds.CODES, optional=True),
        Column(
            "approval",
            "内审",
            "结果须经本单位负责人审核后才交热线的填 yes，否则留空",
            Holds.CHOICE,
            choices={"yes": "是"},
            optional=True,
        ),
    ),
    gone="停用",
)
CALENDAR = Layout(
    "calendar",
    "日历",
    "与平常的星期不同的日子",
    (
        Column("date", "日期", "如 2026-01-01，年份须在城市设置中", Holds.DATE, required=True),
        choice("kind", "类型", labels(DayKind)),
        Column("name", "名称", "节日名", required=True),
    ),
    key=("date",),
)
COORDINATES = Layout(
    "coordinates",
    "坐标",
    "地点和村居的经纬度，用来从市民发来的定位找到镇街和村居；可以没有这张表，一条长路可以有多行",
    (
        Column("place", "名称", "地点、村居或镇街的名称", required=True),
        code("area", "所在区域", "所在村居或镇街的区域代码；留空时按名称从地点表和区域表中查找", required=False),
        Column("lat", "纬度", "十进制度数，如 23.5", required=True, longest=20),
        Column("lon", "经度", "十进制度数，如 113.5", required=True, longest=20),
        choice("datum", "坐标系", labels(Datum), "国内地图和微信为 gcj02，卫星定位为 wgs84；保存时换算为 wgs84"),
        Column("source", "来源", "坐标从哪里得来", required=True, longest=LONGEST_SETTING),
    ),
    key=("place", "area", "lat", "lon"),
)
TABLES = (AREAS, PLACES, FUNCTIONS, POWERS, UNITS, CALENDAR)
LAYOUTS = (CITY, *TABLES, COORDINATES)


def city_tables(data: CityData) -> tuple[Table, ...]:
    """The data as sheets, in the order of ``LAYOUTS``; what is no longer in use is left out."""
    return (
        table(CITY, _settings(data.city) if data.city else ()),
        table(AREAS, ((a.code, a.name, a.level, a.parent, a.aliases) for a in data.areas if a.active)),
        table(PLACES, sorted((p.name, p.kind, p.town, p.aliases, p.owner) for p in data.places)),
        table(FUNCTIONS, data.functions.items()),
        table(POWERS, data.powers.items()),
        unit_table(unit for unit in data.units if unit.active),
        table(CALENDAR, sorted((day.date, day.kind, day.name) for day in data.days)),
        table(COORDINATES, sorted(map(_spot, data.spots))),
    )


def unit_table(units: Iterable[Unit]) -> Table:
    """Units as their sheet."""
    return table(UNITS, (tuple(_cell(unit, name) for name in UNITS.names) for unit in units))


def _spot(spot: Spot) -> tuple[str, ...]:
    return spot.place, spot.area, f"{spot.latitude:.6f}", f"{spot.longitude:.6f}", Datum.WGS84.value, spot.source


def _cell(unit: Unit, name: str) -> object:
    value: object = getattr(unit, name)
    return ("yes" if value else "") if isinstance(value, bool) else value


def _settings(city: City) -> Sequence[tuple[str, object]]:
    hours = tuple(f"{opens}-{closes}" for opens, closes in city.business_hours)
    special = {"business_hours": hours, "calendar_years": city.calendar_years}
    fixed = [(name, special.get(name, getattr(city, name))) for name in SETTINGS]
    fixed += [("bounds", tuple(map(str, city.bounds)))] if city.bounds else []
    return [*fixed, *((f"{TEXTS}{name}", text) for name, text in city.texts.items())]
