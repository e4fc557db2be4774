"""Tables for spreadsheets: with the mark Excel needs to read Chinese, and no cell that it would run as a formula."""

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

BOM = "\ufeff"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def defused(cell: object) -> object:
    """Text that a spreadsheet would take for a formula, made text by the sign it knows for that; numbers stay."""
    if isinstance(cell, str) and cell.startswith(STARTS_A_FORMULA):
        return f"'{cell}"
    return "" if cell is None else cell


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The file."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow([defused(cell) for cell in head])
    writer.writerows([defused(cell) for cell in row] for row in rows)
    return (BOM + out.getvalue()).encode()
