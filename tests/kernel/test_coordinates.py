"""China's datum to the world's."""

import pytest

from kernel.coordinates import wgs84_of

# Points published with the reference implementation: true place, place on the map.
KNOWN = [
    ((31.1774276, 121.5272106), (31.17530398364597, 121.531541859215)),
    ((22.543847, 113.912316), (22.540796131694766, 113.9171764808363)),
    ((39.911954, 116.377817), (39.91334545536069, 116.38404722455657)),
]


@pytest.mark.parametrize(("true", "mapped"), KNOWN)
def test_known_points_come_out_within_a_metre(true: tuple[float, float], mapped: tuple[float, float]) -> None:
    assert wgs84_of(*mapped) == pytest.approx(true, abs=1e-5)


def test_points_outside_china_are_the_same() -> None:
    assert wgs84_of(-33.8568, 151.2153) == (-33.8568, 151.2153)
