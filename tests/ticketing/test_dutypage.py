"""The duty catalogue is said in few lines, and nothing of it is lost: each town and each matter finds its lead."""

from directory.model import Area, Level, Unit
from ticketing.model.duties import Matter
from ticketing.model.labels import TicketKind
from ticketing.rules.dutypage import led_by, lines_of, page, short_of

CITY = Area("1", "甲市", Level.CITY, "")
NORTH, SOUTH = Area("11", "北区", Level.DISTRICT, "1", ("城北",)), Area("12", "南区", Level.DISTRICT, "1")
TOWNS = [
    (CITY, NORTH, Area("111", "河街道", Level.TOWN, "11")),
    (CITY, NORTH, Area("112", "山镇", Level.TOWN, "11")),
    (CITY, SOUTH, Area("121", "湖镇", Level.TOWN, "12")),
    (CITY, SOUTH, Area("122", "田镇", Level.TOWN, "12")),
]


def unit(code: str, name: str, area: str, *functions: str, powers: tuple[str, ...] = ()) -> Unit:
    """A unit of the area's level."""
    level = {1: Level.CITY, 2: Level.DISTRICT, 3: Level.TOWN}[len(area)]
    return Unit(code, name, name, level, area, functions, powers)


def matter(function: str, level: Level, power: str = "", name: str = "占道经营") -> Matter:
    """A matter of a function."""
    return Matter(name, "城市管理", "市容", name, ("x",), (), TicketKind.COMPLAINT, function, level, power)


def said(units: list[Unit], of: Matter) -> list[str]:
    """Who leads, as the page says it."""

    def units_at(function: str, area: str, power: str) -> list[Unit]:
        return [u for u in units if u.area == area and function in u.functions and (not power or power in u.powers)]

    return lines_of(led_by(of, TOWNS, units_at))


def test_one_unit_for_the_whole_city_is_one_line() -> None:
    units = [unit("C", "甲市水利局", "1", "water")]
    assert said(units, matter("water", Level.TOWN)) == ["全市：甲市水利局 `C`"]


def test_a_units_name_loses_the_areas_it_stands_for() -> None:
    assert short_of(unit("N", "甲市北区教育局", "11"), TOWNS[0]) == "教育局"
    assert short_of(unit("H", "甲市北区河街道办事处", "111"), TOWNS[0]) == "办事处"
    assert short_of(unit("P", "甲市公安局城北分局", "11"), TOWNS[0]) == "公安局分局"
    assert short_of(unit("W", "蓝色水务公司", "11"), TOWNS[0]) == "蓝色水务公司"


def test_each_district_has_a_line() -> None:
    units = [unit("N", "甲市北区教育局", "11", "school"), unit("S", "甲市南区教育局", "12", "school")]
    assert said(units, matter("school", Level.DISTRICT)) == ["北区：甲市北区教育局 `N`", "南区：甲市南区教育局 `S`"]


def test_the_towns_own_offices_are_one_line_with_the_exceptions_by_name() -> None:
    units = [
        unit("H", "甲市北区河街道执法办", "111", "order"),
        unit("B", "甲市南区湖镇执法办", "121", "order"),
        unit("T", "甲市南区田镇人民政府", "122", "order"),
        unit("N", "甲市北区城管局", "11", "order"),
    ]
    assert said(units, matter("order", Level.TOWN)) == [
        "河街道、湖镇（2 个）：各自的执法办",
        "田镇：甲市南区田镇人民政府 `T`",
        "山镇：甲市北区城管局 `N`",
    ]
    units.append(unit("M", "甲市北区山镇执法办", "112", "order"))
    units[2] = unit("T", "甲市南区田镇执法办", "122", "order")
    assert said(units, matter("order", Level.TOWN)) == ["各镇街自己的执法办（4 个）"]


def test_what_is_missing_or_double_or_only_coordinated_is_plain_to_see() -> None:
    assert said([], matter("order", Level.TOWN)) == ["全市：**无主办单位**"]
    coordinating = [unit("Z", "甲市政数局", "1", "coordination")]
    assert said(coordinating, matter("order", Level.TOWN, "order_power")) == ["全市：甲市政数局 `Z`（统筹）"]
    two = [unit("A", "甲市城管局", "1", "order"), unit("B", "甲市市政局", "1", "order")]
    assert said(two, matter("order", Level.CITY)) == ["全市：**多个单位：**甲市城管局 `A`、甲市市政局 `B`"]


def test_matters_that_are_led_alike_share_a_way_and_each_has_its_row() -> None:
    units = [unit("C", "甲市城管局", "1", "order", powers=("order_power",))]
    matters = [
        matter("order", Level.CITY, "order_power"),
        matter("order", Level.CITY, "order_power", "违法建设"),
        matter("order", Level.CITY, "", "公园"),
    ]
    text = page(
        matters, TOWNS, lambda _f, area, _p: units if area == "1" else [], lambda _c: "城管", lambda _c: "执法", "x"
    )
    assert "3 matters, 4 towns, 2 ways" in text
    assert "| 市容 | 占道经营 | `占道经营` | 市 | 执法 | 甲市城管局 [D1](#d1) |" in text
    assert "| 市容 | 违法建设 | `违法建设` | 市 | 执法 | 甲市城管局 [D1](#d1) |" in text
    assert "| 市容 | 公园 | `公园` | 市 |  | 甲市城管局 [D2](#d2) |" in text
    assert "城管 · 市一级，须有“执法”执法权（2 项事项）" in text
