"""Where tickets may meet before anybody compares their words: squares of the map, names of roads and estates."""

import re
from math import floor

from kernel.messages import GeoPoint

# A square is as high as a walk of 200 m, and at least as wide as far as 60 degrees from the equator.
HIGH, WIDE = 0.0018, 0.0036
# So many rows and columns until numbers come again, so that a square is a small integer: who meets there by chance is
# told apart by the distance.
ROUND = 46_340

# A road or estate: the last two signs of its name, and what it is.
STREET = (
    r"([\u4e00-\u9fff]{2})"
    r"(小区|花园|新村|社区|公寓|大厦|广场|工业区|工业园|市场|公园|大道|大桥|路(?![灯面况边人])|街|巷|村|苑)"
)
_NAMED = re.compile(STREET)
NO_NAME = re.compile(r"(的|条|这|那|走|马|公|过|问|让|半|回|个|本|我|全|住|老|旧|农|城中)$")


def cell(point: GeoPoint | None) -> int | None:
    """The square of a point."""
    if point is None:
        return None
    return _numbered(floor(point.latitude / HIGH), floor(point.longitude / WIDE))


def cells_around(point: GeoPoint | None) -> tuple[int, ...]:
    """The square of a point and its eight neighbours: whatever is within 200 m lies in one of them."""
    if point is None:
        return ()
    row, column = floor(point.latitude / HIGH), floor(point.longitude / WIDE)
    return tuple(_numbered(row + up, column + aside) for up in (-1, 0, 1) for aside in (-1, 0, 1))


def spots(text: str) -> frozenset[str]:
    """Short names of the roads, estates and villages a text names: the last two characters before 路, 小区, 村…"""
    return frozenset("".join(each) for each in _named(text))


def spot(place: str, text: str) -> str:
    """The first road, estate or village that is named, in the place rather than in the text."""
    found = _named(place) or _named(text)
    return "".join(found[0]) if found else ""


def _named(text: str) -> list[tuple[str, str]]:
    return [each for each in _NAMED.findall(text) if not NO_NAME.search(each[0])]


def _numbered(row: int, column: int) -> int:
    return row % ROUND * ROUND + column % ROUND
