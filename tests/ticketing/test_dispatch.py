"""Whose duty it is: by function, power and area, level by level, and said as a person would."""

from dataclasses import replace

import pytest

from directory.model import Area, Level, Unit
from tests.ticketing.city import City
from ticketing.model.duties import Matter
from ticketing.model.labels import TicketKind
from ticketing.rules.dispatch import Where, decide, weigh

CITY = Area("44", "某市", Level.CITY, "")
DISTRICT = Area("4401", "东区", Level.DISTRICT, "44")
TOWN = Area("440101", "河街道", Level.TOWN, "4401")
HERE = Where((CITY, DISTRICT, TOWN), 1.0, "河边路")
VENDING = Matter("v", "城市管理", "市容", "占道经营", ("摆摊",), (), TicketKind.COMPLAINT, "urban", Level.TOWN, "power")


def unit(code: str, level: Level, area: Area, *, power: bool = True, function: str = "urban") -> Unit:
    return Unit(code, f"{code}单位", code, level, area.code, (function,), ("power",) if power else ())


def units_of(*units: Unit):  # type: ignore[no-untyped-def]
    def at(function: str, area: str, power: str) -> list[Unit]:
        return [u for u in units if function in u.functions and u.area == area and (not power or power in u.powers)]

    return at


TOWN_UNIT, DISTRICT_UNIT = unit("town", Level.TOWN, TOWN), unit("district", Level.DISTRICT, DISTRICT)
DESK = unit("desk", Level.DISTRICT, DISTRICT, power=False, function="coordination")


def test_the_unit_of_the_catalogues_level_leads_with_the_reasons_a_person_would_give() -> None:
    decision = decide(VENDING, 1.0, HERE, units_of(TOWN_UNIT, DISTRICT_UNIT), "城市管理", 0.8)
    assert decision.automatic
    assert [c.unit for c in decision.candidates] == ["town"]
    assert decision.explanation == (
        "因为：占道经营 → 城市管理（镇街一级）",
        "地点：东区河街道（由“河边路”得出）",
        "town单位负责河街道",
    )


def test_where_the_town_has_no_such_unit_the_districts_leads() -> None:
    decision = decide(VENDING, 1.0, HERE, units_of(DISTRICT_UNIT), "城市管理", 0.8)
    assert decision.automatic
    assert decision.candidates[0].unit == "district"
    assert decision.explanation[-1] == "district单位负责东区，镇街一级没有对口单位"


def test_a_unit_without_the_power_is_passed_over() -> None:
    weak = unit("weak", Level.TOWN, TOWN, power=False)
    decision = decide(VENDING, 1.0, HERE, units_of(weak, DISTRICT_UNIT), "城市管理", 0.8)
    assert [c.unit for c in decision.candidates] == ["district"]


def test_enforcement_nobody_has_the_power_for_waits_for_a_person() -> None:
    decision = decide(VENDING, 1.0, HERE, units_of(DESK), "城市管理", 0.1)
    assert not decision.automatic
    assert [(c.unit, c.has_power) for c in decision.candidates] == [("desk", False)]


def test_of_two_units_with_the_same_duty_a_person_chooses() -> None:
    decision = decide(VENDING, 1.0, HERE, units_of(TOWN_UNIT, unit("twin", Level.TOWN, TOWN)), "城市管理", 0.8)
    assert not decision.automatic
    assert [c.unit for c in decision.candidates] == ["town", "twin"]
    assert "请选择主办单位" in decision.explanation[-1]


@pytest.mark.parametrize(
    ("where", "sureness"),
    [(Where((CITY, DISTRICT)), 1.0), (Where((CITY, DISTRICT, TOWN), 0.6), 1.0), (HERE, 0.79), (Where((CITY,)), 1.0)],
    ids=["too coarse", "uncertain place", "uncertain matter", "no place"],
)
def test_what_is_not_certain_waits_for_a_person(where: Where, sureness: float) -> None:
    assert not decide(VENDING, sureness, where, units_of(TOWN_UNIT, DISTRICT_UNIT), "城市管理", 0.8).automatic


def test_a_city_wide_owner_needs_no_place() -> None:
    fund = Matter("f", "公积金", "提取", "公积金提取", ("公积金",), (), TicketKind.CONSULT, "fund", Level.CITY)
    owner = unit("centre", Level.CITY, CITY, function="fund")
    decision = decide(fund, 0.9, Where((CITY,)), units_of(owner), "住房公积金", 0.8)
    assert decision.automatic
    assert decision.explanation[1] == "地点：该事项由市级统一办理，不分区域"


def test_every_matter_of_the_demo_city_finds_somebody_in_every_town(city: City) -> None:
    """No lead without function and power; only the desk that coordinates may stand in."""
    reference = city.reference
    lost = []
    for town in reference.areas_where(Level.TOWN, None):
        where = Where(reference.lineage(town.code), 1.0)
        for matter in city.matters:
            decision = decide(matter, 1.0, where, reference.units_at, "职责", 0.8)
            if not decision.candidates:
                lost.append((town.name, matter.code))
            for candidate in decision.candidates:
                found = reference.units[candidate.unit]
                able = matter.function in found.functions and (
                    not matter.needs_power or matter.needs_power in found.powers
                )
                assert able or ("coordination" in found.functions and not (decision.automatic and matter.needs_power))
    assert lost == []


def test_neighbouring_matters_of_one_unit_make_the_unit_sure_where_the_matter_is_not() -> None:
    stalls = replace(VENDING, code="s", name="流动摊贩")
    lamps = replace(VENDING, code="l", name="路灯不亮", function="lamps", needs_power="")
    others = unit("lamps", Level.TOWN, TOWN, function="lamps")
    readings = [(VENDING, 0.5), (stalls, 0.4), (lamps, 0.1)]
    decision = weigh(readings, HERE, units_of(TOWN_UNIT, others), lambda _: "职责", 0.8, "reader", 0.45)
    assert decision.automatic
    assert [(each.unit, each.confidence) for each in decision.candidates] == [("town", 0.9), ("lamps", 0.1)]
    assert (decision.matter, decision.sureness) == ("v", 0.5)
    assert decision.explanation[-1] == "也可能是流动摊贩，同样由该单位负责，合计把握90%"


def test_units_are_proposed_and_no_matter_is_named_where_nothing_is_sure() -> None:
    lamps = replace(VENDING, code="l", name="路灯不亮", function="lamps", needs_power="")
    others = unit("lamps", Level.TOWN, TOWN, function="lamps")
    readings = [(VENDING, 0.3), (lamps, 0.2)]
    decision = weigh(readings, HERE, units_of(TOWN_UNIT, others), lambda _: "职责", 0.8, "reader", 0.45)
    assert not decision.automatic
    assert decision.matter == ""
    assert [each.unit for each in decision.candidates] == ["town", "lamps"]
    assert decision.explanation[0] == "事项暂未能判断，转人工分派"


HOSPITAL = Unit("hospital", "某市第一医院", "市一医院", Level.CITY, CITY.code, (), ())
QUEUE = replace(VENDING, code="q", name="候诊排队久", function="hospital", owner_level=Level.DISTRICT, needs_power="")
HEALTH = unit("health", Level.DISTRICT, DISTRICT, function="hospital")


def test_what_is_run_by_the_owner_of_the_place_is_led_by_the_owner() -> None:
    decision = decide(QUEUE, 1.0, replace(HERE, owner=HOSPITAL), units_of(HEALTH), "公立医院", 0.8)
    assert decision.automatic
    assert [(c.unit, c.supporting) for c in decision.candidates] == [("hospital", ("health",))]
    assert decision.explanation[-1] == "某市第一医院管理该场所，由其主办，health单位协办"


def test_the_owner_of_a_place_leads_nothing_else_that_happens_there() -> None:
    there = replace(HERE, owner=HOSPITAL)
    lamps = replace(QUEUE, function="lamps")
    crime = replace(QUEUE, needs_power="power")
    for matter in (lamps, crime, VENDING):
        at = units_of(HEALTH, unit("lamps", Level.DISTRICT, DISTRICT, function="lamps"), TOWN_UNIT)
        assert "hospital" not in [c.unit for c in decide(matter, 1.0, there, at, "", 0.8).candidates]


@pytest.mark.parametrize("power", ["", "power", "another"])
@pytest.mark.parametrize("function", ["hospital", "metro", "urban", "coordination"])
def test_no_owner_ever_enforces(power: str, function: str) -> None:
    matter = replace(QUEUE, function=function, needs_power=power)
    there = replace(HERE, owner=HOSPITAL)
    decision = decide(matter, 1.0, there, units_of(HEALTH, DISTRICT_UNIT, DESK), "", 0.1)
    for candidate in decision.candidates:
        assert not (candidate.unit == "hospital" and power)
        assert candidate.has_power or not decision.automatic
