"""The city as the library needs it, read from the directory."""

from datetime import date, datetime

from directory.lookup import Lookup
from directory.model import Level, PlaceHit
from kernel.errors import NotFound
from knowledge.model import NamedAreas

_AREAS = frozenset(level.value for level in Level)


class CityOfLookup:
    """Asks the directory."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def today(self, now: datetime) -> date:
        """The calendar day of ``now`` in the city."""
        return self._lookup.calendar().local_date(now)

    def lineage(self, area: str) -> tuple[str, ...]:
        """The codes of an area and all above it, the city first; NotFound."""
        return tuple(each.code for each in self._lookup.lineage(area))

    def areas_named(self, text: str) -> NamedAreas:
        """Areas by name; a road or a station tells what a question is about, not where."""
        try:
            city = self._lookup.city()
        except NotFound:
            return NamedAreas()
        names = {name for name in (city.name, city.short) if name in text}
        # A district's name has one meaning; the finder calls it uncertain because it is too wide to send anybody to.
        hits = [hit for hit in self._lookup.find_places(text) if hit.kind == Level.DISTRICT or _surely_area(hit)]
        names |= {text[hit.start : hit.end] for hit in hits}
        return NamedAreas(frozenset(names), hits[0].area if hits else "")

    def area_name(self, area: str) -> str:
        """The name of an area; NotFound."""
        return self._lookup.area(area).name

    def unit_name(self, unit: str) -> str:
        """The name of the unit that keeps what ``unit`` kept; the code when the directory no longer knows it."""
        try:
            return self._lookup.unit(self.keeper(unit)).name
        except NotFound:
            return unit

    def keeper(self, unit: str) -> str:
        """The unit itself, or its successor once it is no more."""
        return self._lookup.heir(unit) or unit


def _surely_area(hit: PlaceHit) -> bool:
    return hit.certain and hit.kind in _AREAS
