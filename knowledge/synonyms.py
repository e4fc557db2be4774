"""Reads the table of synonyms."""

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SYNONYMS_FILE = Path(__file__).parent / "data" / "synonyms.csv"


@cache
def synonyms() -> Mapping[str, str]:
    """Every synonym with the plain word it stands for; a plain word stands for itself."""
    plain_of: dict[str, str] = {}
    with SYNONYMS_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            plain_of |= dict.fromkeys((row["word"], *filter(None, row["others"].split("|"))), row["word"])
    return plain_of
