"""Entries as text: one JSON object a line, or one Markdown file an entry with its fields before its long answer."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import msgspec
import yaml

from kernel.sheets import BOM, HEADER_ROW, Grid, Holds, Layout, Problem, join_parts
from knowledge.model import Article

_FENCE = "---"
_LISTS = frozenset({Holds.LIST, Holds.CODES})
_BODY = "full"
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def json_lines(layout: Layout, articles: Sequence[Article]) -> str:
    """The entries, one a line."""
    return "".join(f"{msgspec.json.encode(_fields(layout, each)).decode()}\n" for each in articles)


def markdown(layout: Layout, article: Article) -> str:
    """An entry whose fields stand between two lines of dashes and whose long answer is the text below."""
    fields = _fields(layout, article)
    body = fields.pop(_BODY, "")
    head = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=100)
    return f"{_FENCE}\n{head}{_FENCE}\n\n{body}\n" if body else f"{_FENCE}\n{head}{_FENCE}\n"


def _fields(layout: Layout, article: Article) -> dict[str, object]:
    """What is not empty, in the order of the columns."""
    given = {name: getattr(article, name) for name in layout.names}
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in told.items() if value}


def read_json_lines(layout: Layout, text: str, problems: list[Problem]) -> Grid:
    """The lines as rows that count as the file's lines do."""
    lines = []
    for number, line in enumerate(text.removeprefix(BOM).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            raw = msgspec.json.decode(line)
        except (msgspec.DecodeError, RecursionError):
            problems.append(Problem(layout.name, number, "", "not_json", line.strip()))
            continue
        lines.append((number, _cells(layout, raw, number, problems)))
    return _grid(layout, lines)


def read_markdown(layout: Layout, texts: Sequence[str], problems: list[Problem]) -> Grid:
    """The files as rows; the first file is row 1."""
    lines = []
    for number, text in enumerate(texts, start=1):
        head, body = _parted(text.removeprefix(BOM).replace("\r\n", "\n"))
        try:
            raw = yaml.load(head, Loader=_Loader) if head else None  # noqa: S506 - both are safe loaders
        except (yaml.YAMLError, ValueError, RecursionError):
            raw = None
        if raw is None:
            problems.append(Problem(layout.name, number, "", "no_front_matter", text.strip()[:20]))
            continue
        if isinstance(raw, dict) and body:
            raw = {**raw, _BODY: body}
        lines.append((number, _cells(layout, raw, number, problems)))
    return _grid(layout, lines)


def _parted(text: str) -> tuple[str, str]:
    """What stands between the first two lines of dashes, and what below; nothing where there are none."""
    lines = text.lstrip("\n").split("\n")
    if lines[0].rstrip() != _FENCE:
        return "", ""
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), 0)
    return "\n".join(lines[1:end]), "\n".join(lines[end + 1 :]).strip()


def _grid(layout: Layout, lines: Sequence[tuple[int, Sequence[str]]]) -> Grid:
    return Grid(layout.name, [(HEADER_ROW, layout.names), *lines])


def _cells(layout: Layout, raw: object, number: int, problems: list[Problem]) -> Sequence[str]:
    """The cells of a row; what cannot be one is a problem and left empty."""
    if not isinstance(raw, dict):
        problems.append(Problem(layout.name, number, "", "not_an_entry", str(raw)))
        return ["" for _ in layout.names]
    strange = [str(name) for name in raw if name not in layout.names]
    problems += [Problem(layout.name, number, name, "unknown_field", name) for name in strange]
    return [_cell(layout, name, raw, number, problems) for name in layout.names]


def _cell(layout: Layout, name: str, raw: Mapping[str, object], number: int, problems: list[Problem]) -> str:
    value, is_list = raw.get(name), layout.column(name).holds in _LISTS
    match value:
        case None:
            return ""
        case str():
            return join_parts([value]) if is_list else value
        case date() if not isinstance(value, datetime) and not is_list:
            return value.isoformat()
        case list() if is_list and all(isinstance(each, str) for each in value):
            return join_parts(value)
        case _:
            problems.append(Problem(layout.name, number, name, "not_a_list" if is_list else "not_text", str(value)))
            return ""
