"""How far two places are apart."""

from math import asin, cos, radians, sin, sqrt

from kernel.messages import GeoPoint

EARTH_METRES = 6_371_000


def metres_between(one: GeoPoint, other: GeoPoint) -> int:
    """Along the surface, rounded."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    flat = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return round(2 * EARTH_METRES * asin(sqrt(sin(north / 2) ** 2 + flat * sin(east / 2) ** 2)))
