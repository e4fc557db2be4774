"""What a replay reads: citizens' messages from CSV or JSONL, and a fixed map from anonymous places to real ones."""

import csv
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Message:
    """One citizen's message."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class AreaMap:
    """Patterns (regular expressions) and what each is replaced by, applied in their order."""

    rows: Sequence[tuple[re.Pattern[str], str]] = ()

    def apply(self, text: str) -> str:
        """The text with every place of the map put in."""
        for pattern, name in self.rows:
            text = pattern.sub(name, text)
        return text


def read_messages(path: Path) -> list[Message]:
    """The messages of a file whose name ends in .csv or .jsonl; Invalid when it has no column ``text``.

    A title that is not the beginning of the text stands before it.
    """
    try:
        text = path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid({"file": "file_unreadable"}) from error
    rows = _jsonl(text) if path.suffix == ".jsonl" else list(csv.DictReader(io.StringIO(text)))
    if not rows or "text" not in rows[0]:
        raise Invalid({"file": "column_missing"}, column="text")
    return [Message(str(row.get("id") or number), _whole(row)) for number, row in enumerate(rows, start=1)]


def read_area_map(path: Path) -> AreaMap:
    """The map of a CSV file with the columns ``pattern`` and ``name``; Invalid."""
    try:
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
        return AreaMap(tuple((re.compile(row["pattern"]), row["name"]) for row in rows))
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid({"area_map": "file_unreadable"}) from error
    except (KeyError, re.error) as error:
        raise Invalid({"area_map": "file_wrong"}) from error


def _jsonl(text: str) -> list[dict[str, str]]:
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise Invalid({"file": "file_wrong"}) from error


def _whole(row: dict[str, str]) -> str:
    title, text = (row.get("title") or "").strip(), (row["text"] or "").strip()
    return text if not title or text.startswith(title) else f"{title}。{text}"
