"""Cantonese words in the data table: is a text Cantonese, and how it reads in Mandarin."""

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

TABLE_FILE = Path(__file__).parent / "data" / "cantonese.csv"
_ENOUGH_MARKS = 2


@dataclass(frozen=True, slots=True)
class CantoneseTable:
    """Words with their Mandarin and how strongly each marks a text as Cantonese (0 not, 1 likely, 2 surely).

    A row whose Mandarin is the word itself protects it (仲裁, 食品) from a shorter row.
    """

    mandarin: dict[str, str]
    marks: dict[str, int]
    pattern: re.Pattern[str]

    def is_cantonese(self, text: str) -> bool:
        """One sure word, or two different likely ones."""
        found = {word.lower() for word in self.pattern.findall(text)}
        return sum(self.marks[word] for word in found) >= _ENOUGH_MARKS

    def to_mandarin(self, text: str) -> str:
        """Every word of the table replaced, the longest first."""
        return self.pattern.sub(lambda found: self.mandarin[found.group().lower()], text)


def load_table(form: Callable[[str], str], path: Path = TABLE_FILE) -> CantoneseTable:
    """Read the CSV table; ``form`` writes the words as the texts to be searched are written."""
    mandarin: dict[str, str] = {}
    marks: dict[str, int] = {}
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            word = form(row["word"])
            mandarin[word] = row["mandarin"]
            marks[word] = int(row["mark"])
    longest_first = sorted(mandarin, key=len, reverse=True)
    return CantoneseTable(mandarin, marks, re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE))
