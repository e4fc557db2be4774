"""Every matter finds exactly one lead with the power it needs in every town, by the code that dispatches."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from directory.importing import read_city
from directory.model import Level
from directory.rules.reference import Reference
from hotline.house import ROOT
from ticketing.model.duties import Matter
from ticketing.rules.dutypage import Lineage, led_by, page
from ticketing.rules.matterfile import FILE, read_matters

FOLDERS = sorted(folder for folder in (ROOT / "cities").iterdir() if (folder / "city.toml").exists())
PAGE = ROOT / "docs" / "duty-catalogue.md"


@dataclass(frozen=True)
class Duties:
    """A city's units and matters as its files give them."""

    folder: Path
    reference: Reference
    matters: tuple[Matter, ...]

    @property
    def towns(self) -> list[Lineage]:
        return [self.reference.lineage(town.code) for town in self.reference.areas_where(Level.TOWN, None)]


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def duties(request: pytest.FixtureRequest) -> Duties:
    """Each city in turn."""
    folder: Path = request.param
    reference = Reference(read_city(folder))
    text = (folder / FILE).read_text("utf-8")
    data = reference.data
    matters, problems = read_matters(text, data.functions.__contains__, data.powers.__contains__)
    assert problems == ()
    return Duties(folder, reference, matters)


def test_every_matter_has_exactly_one_lead_in_every_town(duties: Duties) -> None:
    wrong = [
        (matter.code, led.town[-1].name, [unit.code for unit in led.duty.units] if led.duty else [])
        for matter in duties.matters
        for led in led_by(matter, duties.towns, duties.reference.units_at)
        if led.duty is None or len(led.duty.units) != 1
    ]
    assert wrong == []


def test_enforcement_is_led_by_a_unit_with_the_power(duties: Duties) -> None:
    wrong = [
        (matter.code, led.town[-1].name, unit.code)
        for matter in duties.matters
        for led in led_by(matter, duties.towns, duties.reference.units_at)
        for unit in (led.duty.units if led.duty else ())
        if matter.needs_power and matter.needs_power not in unit.powers
    ]
    assert wrong == []


def test_the_page_of_the_docs_is_what_the_first_citys_files_say() -> None:
    folder = FOLDERS[0]
    reference = Reference(read_city(folder))
    data = reference.data
    matters, _ = read_matters((folder / FILE).read_text("utf-8"), lambda _code: True, lambda _code: True)
    towns = [reference.lineage(town.code) for town in reference.areas_where(Level.TOWN, None)]
    functions, powers = data.functions.__getitem__, data.powers.__getitem__
    text = page(matters, towns, reference.units_at, functions, powers, f"`cities/{folder.name}/`")
    assert PAGE.read_text("utf-8") == text, "run: python -m hotline catalogue --write docs/duty-catalogue.md"
