"""A place sent as a point is read by its label, else by what is nearest."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.adapters.local import LocalReader
from directory.lookup import Lookup
from directory.model import Spot
from directory.rules.reference import Reference
from kernel.messages import GeoPoint
from kernel.room import Floor
from tests.bot.talk import Talk

# Made-up degrees: the demo city has none.
HERE, THERE, NOWHERE = (10.0, 100.0), (10.505, 100.0), (12.0, 100.0)
ZUMIAO, ZHANGCHA = "440604012", "440604011"
WHAT = "路灯坏了三天了，晚上很黑"


@pytest.fixture
def mapped(lookup: Lookup) -> Iterator[Lookup]:
    """The directory with two spots of known coordinates."""
    before = lookup._reference
    spots = (Spot("老榕树", ZUMIAO, 10.001, 100.0, "测试"), Spot("旧码头", ZHANGCHA, 10.5, 100.0, "测试"))
    lookup._reference = Reference(replace(before.data, spots=spots))
    yield lookup
    lookup._reference = before


@pytest.mark.parametrize(
    ("at", "label", "where", "area", "certain"),
    [
        (HERE, "", "老榕树附近（离老榕树约111米）", ZUMIAO, True),
        (HERE, "某某大厦", "某某大厦（离老榕树约111米）", ZUMIAO, True),
        (THERE, "", "旧码头附近（离旧码头约556米）", ZHANGCHA, False),
        (HERE, "佛山市禅城区祖庙街道", "祖庙街道", ZUMIAO, True),
        (HERE, "佛山市南海区桂城街道", "桂城街道", "440605011", False),
        (NOWHERE, "佛山市南海区桂城街道", "桂城街道", "440605011", True),
        (NOWHERE, "", "", "", False),
    ],
)
async def test_a_point_fills_the_place(
    at: tuple[float, float],
    label: str,
    where: str,
    area: str,
    certain: bool,
    city_floor: Floor,
    mapped: Lookup,
    reader: LocalReader,
) -> None:
    talk = Talk(city_floor, mapped, reader, f"point-{at[0]}-{label}")
    await talk.say(WHAT)
    await talk.say(label, at=GeoPoint(*at, label))
    slots = talk.dialogue.slots
    assert where in slots.where
    assert (slots.area, slots.area_certain) == (area, certain)
    assert slots.point == GeoPoint(*at, label)


async def test_a_doubtful_point_asks_for_the_town_and_offers_the_near_one_first(
    city_floor: Floor, mapped: Lookup, reader: LocalReader
) -> None:
    talk = Talk(city_floor, mapped, reader, "point-asked")
    await talk.say(WHAT)
    turn = await talk.say(at=GeoPoint(*THERE))
    assert next(choice.label for choice in turn.replies[-1].choices) == "张槎街道"
    assert "离旧码头约556米" in turn.replies[-1].text
