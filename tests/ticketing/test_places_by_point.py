"""Where a matter is by a point that was sent: only where the words leave the town open, and never against them."""

from dataclasses import replace

import pytest

from directory.importing import read_city
from directory.lookup import Lookup
from directory.model import Spot
from directory.rules.reference import Reference
from kernel.messages import GeoPoint
from tests.rooms import ROOT
from tests.ticketing.city import Hotline
from ticketing.model.labels import TicketKind
from ticketing.model.ticket import Draft
from ticketing.places import locate

# Made-up degrees: the demo city has none.
HERE, THERE = GeoPoint(10.0, 100.0), GeoPoint(10.5, 100.0)
ZUMIAO, ZHANGCHA = "440604012", "440604011"


@pytest.fixture(scope="module")
def reference() -> Reference:
    spots = (Spot("老榕树", ZUMIAO, 10.001, 100.0, "测试"), Spot("旧码头", ZHANGCHA, 10.505, 100.0, "测试"))
    return Reference(replace(read_city(ROOT / "cities" / "foshan"), spots=spots))


@pytest.fixture
def lookup(desk: Hotline, reference: Reference) -> Lookup:
    desk.lookup._reference = reference
    return desk.lookup


@pytest.mark.parametrize(
    ("text", "point", "area", "certainty"),
    [
        ("路灯不亮", HERE, ZUMIAO, 1.0),
        ("禅城的路灯不亮", HERE, ZUMIAO, 1.0),
        ("路灯不亮", THERE, ZHANGCHA, 0.6),
        ("南海的路灯不亮", HERE, "440605", 0.6),
        ("桂城街道的路灯不亮", HERE, "440605011", 1.0),
        ("路灯不亮", GeoPoint(11.0, 100.0), "440600", 1.0),
    ],
)
async def test_a_point_tells_the_town_the_words_leave_open(
    text: str, point: GeoPoint, area: str, certainty: float, lookup: Lookup
) -> None:
    where = locate(lookup, "", text, point=point)
    assert (where.finest.code if where.finest else "", where.certainty) == (area, certainty)


async def test_what_was_chosen_stays(lookup: Lookup) -> None:
    assert [a.code for a in locate(lookup, ZHANGCHA, "路灯不亮", point=HERE).lineage][-1] == ZHANGCHA


async def test_a_ticket_without_words_for_its_place_tells_what_it_is_near(desk: Hotline, lookup: Lookup) -> None:
    ticket = await desk.open("路边的垃圾堆了三天没人收", place="", point=HERE)
    assert (ticket.area, ticket.place) == (ZUMIAO, "老榕树附近（定位约111米）")
    draft = Draft(TicketKind.COMPLAINT, "路边的垃圾堆了三天没人收", point=HERE)
    decision = await desk.room.tickets.preview(draft)
    assert any("由定位得出，离老榕树约111米" in line for line in decision.explanation)
