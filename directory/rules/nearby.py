"""Which place of the city a point is nearest to, and whether that tells the town or village it lies in."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from math import floor

from directory.model import Area, Level, Nearby, Spot
from kernel.coordinates import metres_between
from kernel.messages import GeoPoint

# Farther off a place says nothing.
RADIUS = 1000
# So near a place tells its town, unless a place of another town lies but so much farther off.
SURE, RIVAL = 300, 300
# A square is at least as high and wide as the radius, up to 60 degrees from the equator.
HIGH, WIDE = 0.009, 0.018
_FINE = (Level.TOWN, Level.VILLAGE)


class NearbyFinder:
    """Finds the nearest of the spots that lie in areas in use."""

    def __init__(self, spots: Iterable[Spot], lineages: Mapping[str, tuple[Area, ...]]) -> None:
        self._lineages = lineages
        self._squares: dict[tuple[int, int], list[tuple[Spot, GeoPoint]]] = defaultdict(list)
        for spot in spots:
            lineage = lineages.get(spot.area, ())
            if lineage and lineage[-1].level in _FINE and all(area.active for area in lineage):
                point = GeoPoint(spot.latitude, spot.longitude)
                self._squares[_square(point)].append((spot, point))

    def find(self, point: GeoPoint) -> Nearby | None:
        """The place nearest to a point, WGS-84; None where none is within the radius."""
        row, column = _square(point)
        around = [
            (metres_between(point, there), spot)
            for up in (-1, 0, 1)
            for aside in (-1, 0, 1)
            for spot, there in self._squares.get((row + up, column + aside), ())
        ]
        near = sorted((each for each in around if each[0] <= RADIUS), key=lambda each: (each[0], each[1].place))
        if not near:
            return None
        metres, nearest = near[0]
        rivals = [self._fine(spot) for off, spot in near if off <= metres + RIVAL]
        town, *villages = self._fine(nearest)
        same_town = all(rival[0] is town for rival in rivals)
        same_village = same_town and bool(villages) and all(rival[1:] in ((), tuple(villages)) for rival in rivals)
        area = villages[0] if same_village else town
        return Nearby(nearest.place, area.code, town.code, metres, same_town and metres <= SURE)

    def _fine(self, spot: Spot) -> tuple[Area, ...]:
        """The town a spot lies in, and the village where that is known."""
        return tuple(area for area in self._lineages[spot.area] if area.level in _FINE)


def _square(point: GeoPoint) -> tuple[int, int]:
    return floor(point.latitude / HIGH), floor(point.longitude / WIDE)
