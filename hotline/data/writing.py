"""Writes the data: a workbook for people, CSV in a ZIP or a folder for programs; the same data are the same bytes."""

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from hotline.data.books import GUIDE
from hotline.data.xlsx import write_workbook
from kernel.errors import Invalid
from kernel.sheets import Table, write_csv

TITLE = "12345 热线城市数据"
WORKBOOK, PACKED = ".xlsx", ".zip"
# ZIP knows no earlier day.
MADE = (1980, 1, 1, 0, 0, 0)


def workbook(tables: Sequence[Table]) -> bytes:
    """The tables as an XLSX workbook."""
    return write_workbook(tables, GUIDE, TITLE)


def packed_csv(tables: Sequence[Table]) -> bytes:
    """The tables as CSV files in a ZIP."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in tables:
            entry = zipfile.ZipInfo(f"{each.layout.name}.csv", MADE)
            archive.writestr(entry, write_csv(each).encode(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def write_path(tables: Sequence[Table], path: Path) -> None:
    """Write the tables where ``path`` says: a workbook, a ZIP, or a folder of CSV files; Invalid if it cannot be."""
    try:
        if path.suffix == WORKBOOK:
            path.write_bytes(workbook(tables))
        elif path.suffix == PACKED:
            path.write_bytes(packed_csv(tables))
        else:
            path.mkdir(parents=True, exist_ok=True)
            for each in tables:
                (path / f"{each.layout.name}.csv").write_bytes(write_csv(each).encode())
    except OSError as error:
        raise Invalid({"file": "file_not_written"}) from error
