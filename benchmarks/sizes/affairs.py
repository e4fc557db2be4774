"""What tickets are about: matter, place and the unit in charge of it there, with the words citizens use for it."""

import csv
import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from directory.lookup import Lookup
from directory.model import Level
from kernel.privacy import mask_text
from ticketing.model.labels import TicketKind
from ticketing.queries import Queries
from ticketing.store.search import cut

# How uneven a city is: the n-th most frequent affair comes up 1/n^SKEW as often as the first.
SKEW = 0.75
HEAD = 4


@dataclass(frozen=True, slots=True)
class Affair:
    """One matter at one place, told in one way, and the units it goes to; ``terms`` are its words cut for search."""

    matter: str
    area: str
    unit: str
    other: str
    title: str
    place: str
    text: str
    terms: str


@dataclass(frozen=True, slots=True)
class Affairs:
    """All of them, the most frequent first."""

    all: Sequence[Affair]
    weights: Sequence[float]

    def draw(self, source: random.Random, count: int) -> list[Affair]:
        """So many, as often as they come up."""
        return source.choices(self.all, cum_weights=self.weights, k=count)


def affairs(folder: Path, lookup: Lookup, queries: Queries, count: int) -> Affairs:
    """``count`` affairs of a city, drawn the same way every time."""
    source = random.Random(12345)
    told = _told(folder)
    matters = [matter for matter in queries.matters() if matter.kind is not TicketKind.SUGGEST]
    source.shuffle(matters)
    towns = lookup.areas(Level.TOWN)
    below = {town.code: lookup.areas(parent=town.code) or (town,) for town in towns}
    found: list[Affair] = []
    while len(found) < count:
        # The first few are one unit's: the one with the most to do.
        matter = matters[0] if len(found) < HEAD else source.choice(matters)
        area = towns[0] if len(found) < HEAD else source.choice(towns)
        where = source.choice(below[area.code])
        around = [each.code for each in reversed(lookup.lineage(where.code))]
        units = [unit for code in around for unit in lookup.units_at(matter.function, code, matter.needs_power)]
        if not units:
            continue
        unit = units[0].code
        other = units[0].parent or units[-1].code
        place = f"{area.name}{where.name}" if where != area else area.name
        text = mask_text(f"{place}，{source.choice(told.get(matter.code) or [matter.name])}")
        title = f"{place}{matter.name}"[:40]
        found.append(Affair(matter.code, where.code, unit, other, title, place, text, cut(f"{title} {text} {place}")))
    return Affairs(found, list(accumulate((n + 1) ** -SKEW for n in range(count))))


def _told(folder: Path) -> dict[str, list[str]]:
    with (folder / "matters.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["code"]: [each for each in row["examples"].split("|") if each.strip()] for row in rows}
