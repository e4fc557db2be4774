"""The one rule of whether a matter is led somewhere as it must be."""

from dataclasses import replace

from directory.model import Level
from tests.ticketing.city import City
from ticketing.rules.coverage import is_covered
from ticketing.rules.dispatch import Where, find_duty


def test_who_coordinates_may_lead_only_what_takes_no_power(city: City) -> None:
    data = city.reference
    town = next(area for area in data.areas_where(Level.TOWN, None))
    where = Where(data.lineage(town.code))
    plain = replace(city.matters[0], function="nobody", needs_power="")
    duty = find_duty(plain, where, data.units_at)
    assert duty is not None
    assert duty.coordinating
    assert is_covered(plain, duty)
    assert not is_covered(replace(plain, needs_power="fire_enforcement"), duty)
    assert not is_covered(plain, None)
