"""Tickets of another system: which of its columns say what, by a small TOML; its rows read, every fault named."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec

from kernel.errors import Invalid
from kernel.sheets import Cell, Column, Grid, Layout, Odd, Problem, clean

SHEET = "history"
LONGEST_NUMBER = 64
LONGEST_SOURCE = 40
LONGEST_NAME = 100
MOST_RETURNS = 1000


@dataclass(frozen=True, slots=True)
class HistoryField:
    """What a column may say: its name in a mapping, its label, the headers it is known by without one."""

    name: str
    label: str
    known_as: tuple[str, ...]
    what: str = ""
    required: bool = False
    moment: bool = False

    def said(self) -> str:
        """What is said of it to who makes a file."""
        return "；".join((*filter(None, [self.what]), f"认得的列名：{'、'.join(self.known_as)}"))


FIELDS: tuple[HistoryField, ...] = (
    HistoryField(
        "number", "工单编号", ("工单编号", "工单号", "诉求编号", "受理编号", "业务编号", "编号"),
        "在原系统中唯一；再次导入按它更新", required=True,
    ),
    HistoryField(
        "text", "诉求内容", ("诉求内容", "反映内容", "诉求描述", "问题描述", "工单内容", "内容"),
        "电话、证件号等在保存前打码", required=True,
    ),
    HistoryField("title", "标题", ("标题", "诉求标题", "工单标题")),
    HistoryField(
        "matter", "事项", ("事项代码", "事项", "诉求事项", "事项名称", "三级类别", "问题类别", "诉求分类", "分类"),
        "本系统的事项代码或名称；用 / 或 - 分级时取最末一级",
    ),
    HistoryField("area", "区域", ("区域代码", "区域", "所属区域", "所属镇街", "镇街", "所属区县"), "区域代码或名称"),
    HistoryField("place", "地点", ("地点", "事发地址", "诉求地址", "详细地址", "地址")),
    HistoryField("unit", "承办单位", ("承办单位", "主办单位", "责任单位", "处理单位"), "本系统的单位代码、全称或简称"),
    HistoryField("received", "受理时间", ("受理时间", "登记时间", "来电时间", "诉求时间", "创建时间"), moment=True),
    HistoryField("replied", "答复时间", ("答复时间", "回复时间"), moment=True),
    HistoryField("closed", "办结时间", ("办结时间", "结案时间", "归档时间"), moment=True),
    HistoryField("outcome", "办理结果", ("办理结果", "办结方式", "解决情况"), "如 已解决、部分解决、解释说明"),
    HistoryField("reply", "答复内容", ("答复内容", "回复内容", "办理情况", "处理情况"), "打码后保存"),
    HistoryField("returned", "退单次数", ("退单次数", "退回次数"), "整数，留空为 0"),
    HistoryField(
        "phone", "联系电话", ("联系电话", "来电号码", "电话号码", "手机号码", "电话"), "只用来认出同一诉求人，不保存",
    ),
    HistoryField("name", "诉求人姓名", ("诉求人姓名", "诉求人", "来电人", "姓名"), "只用来在正文中打码，不保存"),
)  # fmt: skip
NAMES = {each.name: each for each in FIELDS}
LAYOUT = Layout(
    SHEET,
    "历史工单",
    "原系统的工单，一行一件；列名不同的，用 TOML 对照表指明",
    tuple(
        Column(each.name, each.label, each.said(), required=each.required, optional=not each.required)
        for each in FIELDS
    ),
    key=("number",),
)
TABLES = ("columns", "matters", "units", "areas", "outcomes")

_MOMENT = re.compile(
    r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[ T]*(\d{1,2})\s*[:时]\s*(\d{1,2})\s*(?:分|:(\d{1,2})(?:\.\d+)?\s*秒?)?)?"
)
_RUN = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?")


@dataclass(frozen=True, slots=True)
class HistoryMapping:
    """How to read another system's tickets. ``columns``: our field → its header or headers, which are then joined.

    ``matters``, ``units``, ``areas`` and ``outcomes`` translate its names into our codes; an empty code leaves a name
    unmatched. External numbers are unique within a ``source``.
    """

    source: str = "历史系统"
    sheet: str = ""
    header_row: int = 1
    date_formats: tuple[str, ...] = ()
    columns: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    matters: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    areas: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One row as the other system has it, cleaned but not yet understood; moments are aware."""

    row: int
    texts: Mapping[str, str]
    moments: Mapping[str, datetime]
    returned: int = 0


@dataclass(frozen=True, slots=True)
class HistoryFile:
    """The rows that can be used, what is wrong with the others, and which header was taken for what."""

    rows: Sequence[HistoryRow]
    problems: tuple[Problem, ...]
    headers: tuple[str, ...]
    taken: Mapping[str, tuple[str, ...]]
    places: Mapping[str, int]


def read_mapping(text: str) -> HistoryMapping:
    """The mapping of a TOML text; Invalid({"mapping…": …})."""
    try:
        raw = tomllib.loads(text)
        mapping = msgspec.convert(raw, HistoryMapping)
    except tomllib.TOMLDecodeError as error:
        raise Invalid({"mapping": "mapping_not_toml"}, code="mapping_wrong", detail=str(error)) from error
    except msgspec.ValidationError as error:
        raise Invalid({"mapping": "mapping_malformed"}, code="mapping_wrong", detail=str(error)) from error
    wrong = {f"mapping.{name}": "unknown_setting" for name in raw if name not in HistoryMapping.__slots__}
    wrong |= {f"mapping.columns.{name}": "unknown_setting" for name in mapping.columns if name not in NAMES}
    if not 0 < len(mapping.source.strip()) <= LONGEST_SOURCE:
        wrong["mapping.source"] = "too_long"
    if not 1 <= mapping.header_row <= 100:
        wrong["mapping.header_row"] = "out_of_range"
    if wrong:
        raise Invalid(wrong, code="mapping_wrong")
    return mapping


def read_history(grid: Grid, mapping: HistoryMapping, zone: ZoneInfo, now: datetime) -> HistoryFile:
    """The rows below the header; a fault in any cell sets its row aside."""
    lines = {number: cells for number, cells in grid.lines if number >= mapping.header_row}
    headers = [_text(cell) for cell in lines.pop(mapping.header_row, ())]
    taken = _taken(headers, mapping)
    at = {name: [headers.index(header) for header in found if header in headers] for name, found in taken.items()}
    problems = [
        Problem(SHEET, mapping.header_row, name, "header_not_found", "、".join(found))
        for name, found in taken.items()
        if not at[name]
    ]
    missing = [each for each in FIELDS if each.required and each.name not in taken]
    problems += [Problem(SHEET, mapping.header_row, each.name, "no_column_for", each.label) for each in missing]
    places = {name: found[0] for name, found in at.items() if found}
    rows: list[HistoryRow] = []
    if not problems:
        reader = _Reader(at, mapping.date_formats, zone, now, problems)
        rows = [row for number, cells in lines.items() if (row := reader.read(number, cells)) is not None]
    return HistoryFile(rows, tuple(problems), tuple(header for header in headers if header), taken, places)


def _taken(headers: Sequence[str], mapping: HistoryMapping) -> dict[str, tuple[str, ...]]:
    """Our field → the headers that say it: those of the mapping, else the first it is known by."""
    taken: dict[str, tuple[str, ...]] = {}
    named = {name: (said,) if isinstance(said, str) else tuple(said) for name, said in mapping.columns.items() if said}
    used = {header for found in named.values() for header in found}
    for each in FIELDS:
        if each.name in mapping.columns:
            if each.name in named:
                taken[each.name] = named[each.name]
            continue
        known = next((k for k in (*each.known_as, each.name) if k in headers and k not in used), None)
        if known is not None:
            taken[each.name] = (known,)
            used.add(known)
    return taken


class _Reader:
    """Reads rows and notes what is wrong with them."""

    def __init__(
        self,
        at: Mapping[str, Sequence[int]],
        formats: Sequence[str],
        zone: ZoneInfo,
        now: datetime,
        problems: list[Problem],
    ) -> None:
        self._at = at
        self._formats = formats
        self._zone = zone
        self._now = now
        self._problems = problems
        self._numbers: set[str] = set()

    def read(self, number: int, cells: Sequence[Cell]) -> HistoryRow | None:
        """The row, or None when it is set aside."""
        before = len(self._problems)
        texts: dict[str, str] = {}
        moments: dict[str, datetime] = {}
        for name, places in self._at.items():
            found = [cells[place] for place in places if place < len(cells)]
            if NAMES[name].moment:
                if (moment := self._moment(number, name, found)) is not None:
                    moments[name] = moment
            else:
                texts[name] = self._joined(number, name, found)
        self._check(number, texts)
        returned = self._returned(number, texts.pop("returned", ""))
        return HistoryRow(number, texts, moments, returned) if len(self._problems) == before else None

    def _check(self, number: int, texts: Mapping[str, str]) -> None:
        own = texts["number"]
        for name in ("number", "text"):
            if not texts[name]:
                self._wrong(number, name, "missing")
        if len(own) > LONGEST_NUMBER:
            self._wrong(number, "number", "too_long", own)
        for name in ("matter", "area", "unit", "outcome"):
            if len(texts.get(name, "")) > LONGEST_NAME:
                self._wrong(number, name, "too_long", texts[name])
        if own and own in self._numbers:
            self._wrong(number, "number", "repeated", own)
        self._numbers.add(own)

    def _joined(self, number: int, name: str, found: Sequence[Cell]) -> str:
        for cell in found:
            if isinstance(cell, Odd) and cell.fault and cell.fault != "became_date":
                self._wrong(number, name, cell.fault, cell.text)
        return "\n".join(text for cell in found if (text := clean(_text(cell))))

    def _moment(self, number: int, name: str, found: Sequence[Cell]) -> datetime | None:
        cell = next((cell for cell in found if _text(cell)), "")
        if not _text(cell):
            return None
        local = cell.moment if isinstance(cell, Odd) else read_moment(cell.strip(), self._formats)
        if local is None:
            self._wrong(number, name, "moment_invalid", _text(cell))
            return None
        moment = (local if local.tzinfo else local.replace(tzinfo=self._zone)).astimezone(UTC)
        if moment > self._now:
            self._wrong(number, name, "in_the_future", _text(cell))
        return moment

    def _returned(self, number: int, text: str) -> int:
        whole = text.removesuffix(".0")
        if not whole:
            return 0
        if not whole.isdecimal() or int(whole) > MOST_RETURNS:
            self._wrong(number, "returned", "not_a_count", text)
            return 0
        return int(whole)

    def _wrong(self, number: int, name: str, code: str, value: str = "") -> None:
        self._problems.append(Problem(SHEET, number, name, code, value[:LONGEST_NAME]))


def read_moment(text: str, formats: Sequence[str] = ()) -> datetime | None:
    """A moment as other systems write it, without a zone unless it names one; None for anything else."""
    for shown_as in formats:
        try:
            return datetime.strptime(text, shown_as)  # noqa: DTZ007 - the zone is the city's
        except ValueError:
            continue
    found = _MOMENT.fullmatch(text) or _RUN.fullmatch(text)
    try:
        if found:
            year, month, day, hour, minute, second = (int(part or 0) for part in found.groups())
            return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - as above
        return datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None


def _text(cell: Cell) -> str:
    return (cell.text if isinstance(cell, Odd) else cell).strip()


def mapping_text(
    mapping: HistoryMapping, taken: Mapping[str, Sequence[str]], unmatched: Mapping[str, Sequence[str]]
) -> str:
    """The mapping as TOML, to be filled in: the columns as taken, the names nothing matches with an empty code."""
    lines = [f"source = {_quoted(mapping.source)}", f"header_row = {mapping.header_row}"]
    if mapping.sheet:
        lines.append(f"sheet = {_quoted(mapping.sheet)}")
    if mapping.date_formats:
        lines.append(f"date_formats = [{', '.join(map(_quoted, mapping.date_formats))}]")
    lines += ["", "[columns]"]
    for each in FIELDS:
        found = taken.get(each.name, ())
        said = _quoted(found[0]) if len(found) == 1 else f"[{', '.join(map(_quoted, found))}]"
        lines.append(f"{each.name} = {said if found else _quoted('')}  # {each.label}")
    for name in TABLES[1:]:
        known = dict(getattr(mapping, name))
        known |= {each: "" for each in unmatched.get(name, ()) if each not in known}
        lines += ["", f"[{name}]", *(f"{_quoted(each)} = {_quoted(code)}" for each, code in known.items())]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # JSON's strings are TOML's.
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")
