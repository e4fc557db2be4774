"""Which units may be named in a text: every one that is, by any of its names and without its city or district."""

import pytest

from directory.importing import read_city
from directory.rules.reference import TAIL, Reference
from tests.rooms import ROOT
from ticketing.rules.conflicts import SHORTEST_NAME


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(read_city(ROOT / "cities" / "foshan"))


def test_every_unit_is_found_by_every_name(reference: Reference) -> None:
    assert TAIL <= SHORTEST_NAME
    for unit in reference.data.units:
        for name in reference.names_of(unit.code):
            assert unit in reference.spoken_of(f"投诉{name}不作为"), name
            assert unit in reference.spoken_of(f"投诉{name[-TAIL:]}不作为"), name


def test_a_text_without_units_speaks_of_none(reference: Reference) -> None:
    assert reference.spoken_of("楼下烧烤店的烟好大，天天熏到屋里") == ()
    assert len(reference.spoken_of("佛山市公安局禅城分局态度恶劣")) < len(reference.data.units) / 10
