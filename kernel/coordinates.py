"""Points on the globe: China's map datum to the world's, and how far two points are apart. Platforms' maps are drawn
in GCJ-02, the program keeps WGS-84."""

from math import asin, cos, pi, radians, sin, sqrt

from kernel.messages import GeoPoint

EARTH_METRES = 6_371_000
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323


def wgs84_of(latitude: float, longitude: float) -> tuple[float, float]:
    """WGS-84 degrees of a GCJ-02 point, to within a metre; points outside China are the same in both."""
    if not (0.8293 <= latitude <= 55.8271 and 72.004 <= longitude <= 137.8347):
        return latitude, longitude
    guess = latitude, longitude
    for _ in range(3):
        shift = _shift(*guess)
        guess = latitude - shift[0], longitude - shift[1]
    return guess


def metres_between(one: GeoPoint, other: GeoPoint) -> int:
    """Along the surface, rounded."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    flat = cos(radians(one.latitude)) * cos(radians(other.latitude))
    return round(2 * EARTH_METRES * asin(sqrt(sin(north / 2) ** 2 + flat * sin(east / 2) ** 2)))


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    x, y = longitude - 105.0, latitude - 35.0
    waves = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x)) + waves
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x)) + waves
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    angle = latitude / 180.0 * pi
    magic = 1.0 - _ECCENTRICITY * sin(angle) ** 2
    root = sqrt(magic)
    return (
        north * 180.0 / (_AXIS * (1.0 - _ECCENTRICITY) / (magic * root) * pi),
        east * 180.0 / (_AXIS / root * cos(angle) * pi),
    )
