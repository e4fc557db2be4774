"""Rows of the sheet of coordinates become spots in WGS-84."""

import re
from collections import defaultdict
from collections.abc import Sequence

from directory.model import Area, Datum, Level, Place, Spot
from kernel.coordinates import wgs84_of
from kernel.sheets import Codes, Row

_DEGREES = re.compile(r"-?[0-9]{1,3}(\.[0-9]{1,15})?")
_FINE = (Level.TOWN, Level.VILLAGE)
# As the database keeps them: a tenth of a metre.
DECIMALS = 6


def read_spots(rows: Sequence[Row], areas: Sequence[Area], places: Sequence[Place], known: Codes) -> tuple[Spot, ...]:
    """The spots; what is wrong with the rows is noted there."""
    named, fine = _named(areas, places), {area.code for area in areas if area.level in _FINE}
    found: dict[tuple[str, str, float, float], Spot] = {}
    for row in rows:
        name, source = row.text("place"), row.text("source")
        datum = row.choice("datum", Datum)
        degrees = _degrees(row, "lat", 90), _degrees(row, "lon", 180)
        area = row.text("area") or _only(row, named.get(name, frozenset()))
        if area and (area not in known or (areas and area not in fine)):
            row.wrong("area", "unknown")
        if datum is None or degrees[0] is None or degrees[1] is None:
            continue
        point = (degrees[0], degrees[1]) if datum is Datum.WGS84 else wgs84_of(degrees[0], degrees[1])
        spot = Spot(name, area, round(point[0], DECIMALS), round(point[1], DECIMALS), source)
        key = (spot.place, spot.area, spot.latitude, spot.longitude)
        if key in found:
            row.wrong("place", "repeated")
        found[key] = spot
    return tuple(found.values())


def _degrees(row: Row, column: str, limit: float) -> float | None:
    value = row.text(column)
    if not value:
        return None
    if not _DEGREES.fullmatch(value) or abs(float(value)) > limit:
        row.wrong(column, "degrees_invalid")
        return None
    return float(value)


def _only(row: Row, meant: frozenset[str]) -> str:
    if len(meant) == 1:
        return next(iter(meant))
    row.wrong("area", "area_of_several" if meant else "missing", "|".join(sorted(meant)))
    return ""


def _named(areas: Sequence[Area], places: Sequence[Place]) -> dict[str, frozenset[str]]:
    """The towns and villages in which something is called by a name."""
    found: dict[str, set[str]] = defaultdict(set)
    for area in areas:
        for name in (area.name, *area.aliases) if area.level in _FINE else ():
            found[name].add(area.code)
    for place in places:
        for name in (place.name, *place.aliases):
            found[name].add(place.town)
    return {name: frozenset(codes) for name, codes in found.items()}
