"""What history says of a dispatch: it orders what the catalogue leaves open, and never overrules it."""

from dataclasses import replace

import pytest

from directory.model import Area, Unit
from tests.ticketing.test_dispatch import CITY, DESK, DISTRICT, HERE, TOWN, TOWN_UNIT, VENDING, unit, units_of
from ticketing.model.duties import DispatchDecision
from ticketing.rules.dispatch import decide, weigh
from ticketing.rules.prior import LEAST, Led, Prior, reconsider

OTHER = unit("other", TOWN.level, TOWN)
PLACES = {"440101": ("440101", "4401", "44"), "440102": ("440102", "4401", "44"), "4401": ("4401", "44")}


def lies_in(code: str, wider: str) -> bool:
    return wider in PLACES.get(code, ())


def led(*units: tuple[str, int], area: Area = TOWN) -> Led:
    return Led(area, sum(n for _, n in units), units)


def known(*units: Unit):  # type: ignore[no-untyped-def]
    return {each.code: each for each in units}.get


def decided(*units: Unit) -> DispatchDecision:
    return decide(VENDING, 1.0, HERE, units_of(*units), "城市管理", 0.8)


def test_the_smallest_area_history_knows_enough_of_counts() -> None:
    prior = Prior([("v", "440101", "town", LEAST - 1), ("v", "440102", "other", 3), ("w", "440101", "town", 9)])
    found = prior.led("v", (CITY, DISTRICT, TOWN), lies_in)
    assert found == led(("town", LEAST - 1), ("other", 3), area=DISTRICT)
    assert prior.led("v", (CITY, DISTRICT), lies_in) == found
    assert prior.led("x", (CITY, DISTRICT, TOWN), lies_in) is None
    assert Prior([("v", "440101", "town", LEAST - 1)]).led("v", (CITY,), lies_in) is None


def test_without_history_a_decision_stays_as_it_is() -> None:
    assert reconsider(decided(TOWN_UNIT), VENDING, None, known(TOWN_UNIT)) == decided(TOWN_UNIT)


def test_the_catalogues_lead_stays_whatever_was_done_before() -> None:
    made = reconsider(decided(TOWN_UNIT), VENDING, led(("other", 40)), known(TOWN_UNIT, OTHER))
    assert made.automatic
    assert [each.unit for each in made.candidates] == ["town"]
    assert made.explanation[-1] == "历史：河街道同类诉求40件，其中40件由other单位办理"


def test_among_several_leads_the_one_that_led_before_comes_first_and_a_person_still_decides() -> None:
    made = reconsider(decided(TOWN_UNIT, OTHER), VENDING, led(("other", 9), ("town", 1)), known(TOWN_UNIT, OTHER))
    assert [each.unit for each in made.candidates] == ["other", "town"]
    assert made.candidates[0].confidence == pytest.approx(10 / 13, abs=0.001)
    assert not made.automatic


def test_what_goes_out_by_itself_goes_where_the_catalogue_says_though_other_matters_are_possible() -> None:
    other = replace(VENDING, code="w", name="乱摆卖", function="markets")
    market = unit("market", TOWN.level, TOWN, function="markets")
    units = units_of(TOWN_UNIT, market)
    weighed = weigh([(VENDING, 0.9), (other, 0.08)], HERE, units, lambda matter: matter.function, 0.8)
    assert weighed.automatic
    made = reconsider(weighed, VENDING, led(("market", 40)), known(TOWN_UNIT, market))
    assert (made.automatic, made.candidates) == (True, weighed.candidates)
    unsure = weigh([(VENDING, 0.5), (other, 0.4)], HERE, units, lambda matter: matter.function, 0.8)
    made = reconsider(unsure, VENDING, led(("market", 40)), known(TOWN_UNIT, market))
    assert made.candidates == unsure.candidates


def test_where_only_a_coordinating_unit_is_found_who_led_before_is_named_if_it_has_the_power() -> None:
    weak = unit("weak", TOWN.level, TOWN, power=False, function="x")
    strong = unit("strong", TOWN.level, TOWN, function="x")
    made = reconsider(decided(DESK), VENDING, led(("weak", 8), ("strong", 7), ("gone", 3)), known(DESK, weak, strong))
    assert [each.unit for each in made.candidates] == ["strong", "desk"]
    assert made.candidates[0].basis == "历史上河街道同类诉求18件中7件由其办理"
    assert not made.automatic


def test_history_that_nobody_is_left_of_says_nothing() -> None:
    nobody = decided()
    assert reconsider(nobody, VENDING, led(("gone", 9)), known()).candidates == ()
