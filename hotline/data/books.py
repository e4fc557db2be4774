"""Opens what people hand in: a workbook, CSV files, a ZIP or a folder of them; what could harm is refused."""

import csv
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path, PurePosixPath

from hotline.data.xlsx import read_workbook
from kernel.errors import Invalid
from kernel.sheets import Grid, csv_grid

MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_ENTRIES = 1000
MOST_TEXTS = 20_000
MOST_UNPACKED = 300 * 1024 * 1024
# Tables shrink to a tenth or a thirtieth; what shrinks to less than this is made to burst.
HARMLESS_UNPACKED, LARGEST_RATIO = 40 * 1024 * 1024, 150
SETTINGS_FILE = "city.toml"
ARTICLES_FOLDER = "articles"
GUIDE = "说明"

_ZIP, _OLE = b"PK", b"\xd0\xcf\x11\xe0"
_CONTENT_TYPES = "[Content_Types].xml"
_UTF8_NAME = 0x800
_ENCODINGS = ("utf-8-sig", "gb18030")


@dataclass(frozen=True, slots=True)
class Book:
    """Sheets by title, from whatever they came. ``settings_file`` is the text of a city.toml that lay beside them,
    ``articles`` a folder of YAML entries."""

    grids: tuple[Grid, ...] = ()
    settings_file: str | None = None
    articles: Path | None = field(default=None)


def read_path(path: Path) -> Book:
    """The book of a file or a folder; Invalid."""
    try:
        if not path.is_dir():
            return read_files([(path.name, path.read_bytes())])
        files = [each for each in sorted(path.iterdir()) if each.suffix == ".csv" or each.name == SETTINGS_FILE]
        book = read_files([(each.name, each.read_bytes()) for each in files])
    except OSError as error:
        raise Invalid({"file": "file_unreadable"}) from error
    entries = path / ARTICLES_FOLDER
    return Book(book.grids, book.settings_file, entries if entries.is_dir() else None)


def read_files(files: Iterable[tuple[str, bytes]]) -> Book:
    """The book of uploaded files, given by name and content; Invalid({"file": …}) says why one is refused."""
    grids: list[Grid] = []
    settings: str | None = None
    for name, data in files:
        if PurePosixPath(name).name == SETTINGS_FILE:
            settings = _text(data)
        else:
            book = _read_file(name, data)
            grids += book.grids
            settings = book.settings_file if settings is None else settings
    if not grids and settings is None:
        raise Invalid({"file": "file_empty"})
    return Book(tuple(grids), settings)


def _read_file(name: str, data: bytes) -> Book:
    if not data.strip():
        raise Invalid({"file": "file_empty"})
    if data.startswith(_OLE):
        raise Invalid({"file": "old_excel"})
    if data.startswith(_ZIP):
        return _read_zip(data)
    if not name.lower().endswith((".csv", ".txt")):
        raise Invalid({"file": "not_a_workbook"})
    return Book((_csv(PurePosixPath(name).stem, data),))


def read_texts(files: Iterable[tuple[str, bytes]], suffix: str) -> Sequence[tuple[str, str]]:
    """The texts whose names end so, by name; those in a ZIP too. Invalid({"file": …}) says why a file is refused."""
    found: list[tuple[str, str]] = []
    for name, data in files:
        if data.startswith(_ZIP):
            found += [(inner, _text(packed)) for inner, packed in _unpacked(data, suffix)]
        elif name.lower().endswith(suffix) and data.strip():
            found.append((PurePosixPath(name).name, _text(data)))
        else:
            raise Invalid({"file": "file_kind_not_accepted" if data.strip() else "file_empty"})
    if not found:
        raise Invalid({"file": "file_empty"})
    return found


def _unpacked(data: bytes, suffix: str) -> Sequence[tuple[str, bytes]]:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bursting(archive, len(data), MOST_TEXTS)
            files = [(_name(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
            return [(name, archive.read(entry)) for name, entry in files if name.lower().endswith(suffix)]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Invalid({"file": "workbook_broken"}) from error


def _refuse_bursting(archive: zipfile.ZipFile, packed: int, most: int = MOST_ENTRIES) -> None:
    entries = archive.infolist()
    # A file never unpacks to more than its entry says: zipfile stops there.
    unpacked = sum(entry.file_size for entry in entries)
    bursts = unpacked > HARMLESS_UNPACKED and unpacked > LARGEST_RATIO * packed
    if len(entries) > most or unpacked > MOST_UNPACKED or bursts:
        raise Invalid({"file": "unpacks_too_large"})


def _read_zip(data: bytes) -> Book:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _refuse_bursting(archive, len(data))
            names = {entry.filename for entry in archive.infolist()}
            if _CONTENT_TYPES not in names:
                return _read_packed_csv(archive)
            _refuse_active(archive, names)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError) as error:
        raise Invalid({"file": "workbook_broken"}) from error
    return Book(tuple(read_workbook(data, skip=GUIDE, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)))


def _refuse_active(archive: zipfile.ZipFile, names: set[str]) -> None:
    """Refuse macros and links to other files: a table of data needs neither."""
    macros = any(name.lower().endswith("vbaproject.bin") for name in names)
    if macros or b"macroEnabled" in archive.read(_CONTENT_TYPES):
        raise Invalid({"file": "has_macros"})
    if any(name.startswith("xl/externalLinks/") for name in names):
        raise Invalid({"file": "has_external_links"})
    if "xl/workbook.xml" not in names:
        raise Invalid({"file": "not_a_workbook"})


def _read_packed_csv(archive: zipfile.ZipFile) -> Book:
    files = [(_name(entry), archive.read(entry)) for entry in archive.infolist() if not entry.is_dir()]
    useful = [(name, data) for name, data in files if name.endswith(".csv") or name == SETTINGS_FILE]
    if not useful:
        raise Invalid({"file": "not_a_workbook"})
    return read_files(useful)


def _name(entry: zipfile.ZipInfo) -> str:
    """The last part of an entry's name; Chinese systems pack names in their own code without saying so."""
    name = entry.filename
    if not entry.flag_bits & _UTF8_NAME:
        name = name.encode("cp437", "replace").decode("gb18030", "replace")
    path = PurePosixPath(name)
    return "" if "__MACOSX" in path.parts else path.name


def _csv(title: str, data: bytes) -> Grid:
    try:
        grid = csv_grid(title, _text(data), MOST_ROWS + 2)
    except csv.Error as error:
        raise Invalid({"file": "not_csv"}, sheet=title) from error
    if len(grid.lines) > MOST_ROWS + 1:
        raise Invalid({"file": "too_many_rows"}, sheet=title)
    if any(len(cells) > MOST_COLUMNS for _, cells in grid.lines):
        raise Invalid({"file": "too_many_columns"}, sheet=title)
    return grid


def _text(data: bytes) -> str:
    for encoding in _encodings(data):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid({"file": "not_csv"})


def _encodings(data: bytes) -> Iterator[str]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        yield "utf-16"
    yield from _ENCODINGS
