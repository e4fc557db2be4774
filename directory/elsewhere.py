"""Names of provinces and cities that are not the city's own, from the table of all."""

import csv
from pathlib import Path

from directory.model import City

TABLE_FILE = Path(__file__).parent / "data" / "elsewhere.csv"


def names_elsewhere(city: City | None, path: Path = TABLE_FILE) -> frozenset[str]:
    """Provinces and prefecture-level cities (GB/T 2260) without 省 and 市, but for the city itself and its province."""
    own_province = city.area_code[:2] if city else ""
    own_city = {city.name, city.short} if city else set()
    names: set[str] = set()
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["code"] != own_province:
                names.add(row["province"])
            names.update(filter(None, row["cities"].split("|")))
    return frozenset(names - own_city)
