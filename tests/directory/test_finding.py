"""The units somebody may mean who types a few letters: likely ones, near ones, and as well as the letters fit."""

import pytest

from directory.model import Level, Unit
from directory.rules.finding import Wanted, found

UNITS = [
    Unit("A", "某市城市管理局", "市城管局", Level.CITY, "city"),
    Unit("B", "东区城市管理局", "东区城管局", Level.DISTRICT, "east"),
    Unit("C", "西区城市管理局", "西区城管局", Level.DISTRICT, "west"),
    Unit("D", "东区石桥街道综合治理办公室", "石桥街道", Level.TOWN, "bridge"),
    Unit("E", "西区城管委办公室", "城管委办", Level.DISTRICT, "west"),
]
NEAR = ("bridge", "east", "city")


def codes(text: str = "", first: tuple[str, ...] = (), near: tuple[str, ...] = ()) -> str:
    names = {unit.code: (unit.code, unit.name, unit.short_name) for unit in UNITS}
    return "".join(unit.code for unit in found(UNITS, Wanted(text, first, near), names.__getitem__))


@pytest.mark.parametrize(
    ("text", "first", "near", "seen"),
    [
        ("", (), (), "ABCDE"),
        ("", (), NEAR, "DBACE"),
        ("", ("C", "B"), NEAR, "CBDAE"),
        ("城管", (), (), "EABC"),
        ("城管", (), NEAR, "BAEC"),
        ("城管", ("C",), NEAR, "CBAE"),
        ("市城管局", ("B",), NEAR, "A"),
        ("西区城市管理局", ("E",), NEAR, "C"),
        ("sqjd", (), (), "D"),
        ("csgl", (), NEAR, "BAC"),
        ("XQC", (), (), "CE"),
        ("没有", (), (), ""),
    ],
)
def test_what_is_likely_and_near_comes_before_what_only_fits(
    text: str, first: tuple[str, ...], near: tuple[str, ...], seen: str
) -> None:
    assert codes(text, first, near) == seen
