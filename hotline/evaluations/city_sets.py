"""The sets a city is judged by: complaints with matter, area and unit, questions with the entries that answer them."""

import csv
import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kernel.errors import Invalid

COMPLAINT_COLUMNS = ("text", "leaf", "area", "unit")
QUESTION_COLUMNS = ("text", "entry")
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Complaint:
    """A message, and the codes of its matter, its area (a town or village, or what wider is named) and its unit.

    ``row`` is the line of the file on which it ends.
    """

    row: int
    text: str
    leaf: str
    area: str
    unit: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question and the ids of the entries that answer it, each as well as the other; none when none does."""

    row: int
    text: str
    entries: frozenset[str]


@dataclass(frozen=True, slots=True)
class Sets:
    """Both sets of one kind, and the digests of their files by name."""

    complaints: Sequence[Complaint]
    questions: Sequence[Question]
    digests: Mapping[str, str]


def read_sets(folder: Path, kind: str) -> Sets:
    """The sets ``kind`` of a folder; Invalid names what is missing, by file, line and column."""
    complaints, questions = folder / f"complaints_{kind}.csv", folder / f"questions_{kind}.csv"
    wrong: dict[str, str] = {}
    told = [
        Complaint(line, row["text"], row["leaf"], row["area"], row["unit"])
        for line, row in _rows(complaints, COMPLAINT_COLUMNS, COMPLAINT_COLUMNS, wrong)
    ]
    asked = [
        Question(line, row["text"], frozenset(part.strip() for part in row["entry"].split("|") if part.strip()))
        for line, row in _rows(questions, QUESTION_COLUMNS, ("text",), wrong)
    ]
    if wrong:
        raise Invalid(wrong, code="set_wrong")
    return Sets(told, asked, {path.name: _digest(path) for path in (complaints, questions)})


def check_codes(sets: Sets, kind: str, *, leaf: Known, area: Known, unit: Known, entry: Known) -> None:
    """Invalid names every code that the city's data do not have, by file, line and column."""
    wrong: dict[str, str] = {}
    for told in sets.complaints:
        for column, code, known in (("leaf", told.leaf, leaf), ("area", told.area, area), ("unit", told.unit, unit)):
            if not known(code):
                wrong[f"complaints_{kind}.csv:{told.row}:{column} {code}"] = "unknown_code"
    for asked in sets.questions:
        for code in sorted(asked.entries):
            if not entry(code):
                wrong[f"questions_{kind}.csv:{asked.row}:entry {code}"] = "unknown_code"
    if wrong:
        raise Invalid(wrong, code="set_wrong")


def _rows(
    path: Path, columns: Sequence[str], required: Sequence[str], wrong: dict[str, str]
) -> list[tuple[int, dict[str, str]]]:
    """The rows with their lines; what is wrong is noted in ``wrong``."""
    if not path.is_file():
        wrong[str(path)] = "file_missing"
        return []
    try:
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        absent = [column for column in columns if column not in (reader.fieldnames or ())]
        if absent:
            wrong.update({f"{path.name}:1:{column}": "no_such_column" for column in absent})
            return []
        found = [(reader.line_num, {column: (row[column] or "").strip() for column in columns}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error):
        wrong[str(path)] = "file_unreadable"
        return []
    if not found:
        wrong[str(path)] = "no_rows"
    empty = [(line, column) for line, row in found for column in required if not row[column]]
    wrong.update({f"{path.name}:{line}:{column}": "required" for line, column in empty})
    return found


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
