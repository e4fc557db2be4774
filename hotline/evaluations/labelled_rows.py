"""Reads the CSV and JSONL files that evaluations are given by their users."""

import csv
import hashlib
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from kernel.errors import Invalid

Row = dict[str, str]
Line = TypeVar("Line", bound=msgspec.Struct)


def read_rows(path: Path, columns: Sequence[str], required: Sequence[str]) -> list[Row]:
    """The rows with the columns asked for, trimmed; Invalid names a file, line and column that is missing or empty."""
    if not path.is_file():
        raise Invalid({str(path): "file_missing"}, code="set_wrong")
    try:
        reader = csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline=""), strict=True)
        absent = [column for column in columns if column not in (reader.fieldnames or ())]
        if absent and reader.fieldnames:
            raise Invalid({f"{path.name}:1:{column}": "no_such_column" for column in absent}, code="set_wrong")
        rows = [(reader.line_num, {column: (row[column] or "").strip() for column in columns}) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid({str(path): "file_unreadable"}, code="set_wrong") from error
    if not rows:
        raise Invalid({str(path): "no_rows"}, code="set_wrong")
    empty = {f"{path.name}:{line}:{column}": "required" for line, row in rows for column in required if not row[column]}
    if empty:
        raise Invalid(empty, code="set_wrong")
    return [row for _, row in rows]


def read_lines(path: Path, kind: type[Line]) -> list[Line]:
    """The lines of a JSONL file; Invalid names a file that is missing or empty, and the lines that cannot be read."""
    if not path.is_file():
        raise Invalid({str(path): "file_missing"}, code="set_wrong")
    found, wrong = [], {}
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        try:
            found.append(msgspec.json.decode(line, type=kind))
        except (msgspec.ValidationError, msgspec.DecodeError):
            wrong[f"{path.name}:{number}"] = "line_unreadable"
    if wrong:
        raise Invalid(wrong, code="set_wrong")
    if not found:
        raise Invalid({str(path): "no_rows"}, code="set_wrong")
    return found


def digest_of(path: Path) -> str:
    """By which a set is told apart from another: the SHA-256 of its file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
