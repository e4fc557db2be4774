"""Reads the tables of words that questions are compared by."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from knowledge.rules.wording import Wording

DATA = Path(__file__).parent / "data"


def read_wording(folder: Path = DATA) -> Wording:
    """The wording of ``synonyms.csv`` (word, others) and ``little_words.csv`` (word, kind)."""
    plain_of: dict[str, str] = {}
    for row in _rows(folder / "synonyms.csv"):
        # A plain word stands for itself, so that no shorter synonym inside it is replaced.
        plain_of |= dict.fromkeys((row["word"], *filter(None, row["others"].split("|"))), row["word"])
    little = [(row["word"], row["kind"]) for row in _rows(folder / "little_words.csv")]
    phrases, asking, circumstances = (
        [word for word, kind in little if kind == wanted] for wanted in ("phrase", "asking", "circumstance")
    )
    return Wording.of(plain_of, phrases, asking, circumstances)


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)
