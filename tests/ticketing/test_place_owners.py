"""Whose place it is that a message speaks of: a hospital by any of its names, not what stands beside it."""

import pytest

from directory.importing import read_city
from directory.lookup import Lookup
from directory.rules.reference import Reference
from tests.rooms import ROOT
from tests.ticketing.city import Hotline
from ticketing.places import locate


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(read_city(ROOT / "cities" / "foshan"))


@pytest.fixture
def lookup(desk: Hotline, reference: Reference) -> Lookup:
    desk.lookup._reference = reference
    return desk.lookup


@pytest.mark.parametrize(
    ("text", "owner"),
    [
        ("市中医院抽血排队两个小时", "FS-YYZ"),
        ("高明区人民医院挂号挂不到", "GM-YY1"),
        ("大良钟楼地铁站扶梯坏了", "FS-DT"),
        ("祖庙街道路灯不亮", ""),
        ("大良医院挂号难", ""),
        ("路灯不亮", ""),
    ],
)
async def test_the_owner_of_the_place_spoken_of_is_known(text: str, owner: str, lookup: Lookup) -> None:
    found = locate(lookup, "", text).owner
    assert (found.code if found else "") == owner


async def test_a_place_somewhere_else_than_chosen_has_no_say(lookup: Lookup) -> None:
    text = "高明区人民医院挂号挂不到"
    assert locate(lookup, "440604", text).owner is None
    assert locate(lookup, "440608", text).owner is not None
