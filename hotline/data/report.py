"""What is told of a loading: every fault with its place and its words, and what would change, row by row."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from hotline.data.planning import Checked
from hotline.wording import CELLS, FIELDS
from kernel.sheets import Layout, Problem, Table

SHOWN_ROWS = 200
SHOWN_FAULTS = 5000


@dataclass(frozen=True, slots=True)
class FaultView:
    """One fault. ``row`` counts from 1 with the header and is 0 for a sheet as a whole; ``cell`` is like D12."""

    sheet: str
    sheet_label: str
    row: int
    column: str
    column_label: str
    cell: str
    code: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class CellView:
    """A cell that changes."""

    column: str
    column_label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class RowView:
    """A row that is ``added``, ``changed`` or ``removed``."""

    what: str
    key: str
    name: str
    cells: Sequence[CellView] = ()


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What becomes of a sheet. ``given``: it was among what was handed in; ``gone`` is the word for what is removed."""

    sheet: str
    label: str
    given: bool
    rows: int
    added: int
    changed: int
    removed: int
    gone: str
    shown: Sequence[RowView]


@dataclass(frozen=True, slots=True)
class ImportView:
    """A report. ``basis`` is to be sent with the real loading, so that it does what this report says; ``undone`` are
    units administrators have changed that become what the sheets say."""

    loaded: bool
    dry_run: bool
    count: int
    faults: Sequence[FaultView]
    changes: Sequence[ChangeView]
    basis: str
    undone: Sequence[str]


def import_view(checked: Checked, layouts: Sequence[Layout], *, dry_run: bool) -> ImportView:
    """The report of a check or a loading."""
    by_name = {layout.name: layout for layout in layouts}
    faults = [fault_view(each, by_name, checked.places) for each in checked.problems[:SHOWN_FAULTS]]
    pairs = zip(checked.before, checked.after, strict=True)
    changes = () if checked.problems else [change_view(old, new, checked.given) for old, new in pairs]
    undone = () if checked.problems else checked.undone
    return ImportView(checked.loaded, dry_run, len(checked.problems), faults, changes, checked.basis, undone)


def fault_view(problem: Problem, layouts: Mapping[str, Layout], places: Mapping[str, Mapping[str, int]]) -> FaultView:
    """A problem with its words and the place where a person finds it."""
    layout = layouts.get(problem.sheet)
    label = problem.column
    if layout is not None and problem.column in layout.names:
        label = layout.column(problem.column).label
    place = places.get(problem.sheet, {}).get(problem.column)
    return FaultView(
        sheet=problem.sheet,
        sheet_label=layout.label if layout else problem.sheet,
        row=problem.row,
        column=problem.column,
        column_label=label,
        cell=f"{column_letters(place)}{problem.row}" if place is not None and problem.row else "",
        code=problem.code,
        text=fault_text(problem),
        value=problem.value,
    )


def fault_text(problem: Problem) -> str:
    """What is wrong, in Chinese; {value} in a text is what stood in the cell."""
    text = CELLS.get(problem.code) or FIELDS.get(problem.code, problem.code)
    return text.replace("{value}", problem.value)


def column_letters(place: int) -> str:
    """The letters of a column, counted from 0: A, Z, AA."""
    head, last = divmod(place, 26)
    return (column_letters(head - 1) if head else "") + chr(ord("A") + last)


def change_view(before: Table, after: Table, given: frozenset[str]) -> ChangeView:
    """What becomes of the rows of a sheet."""
    rows = list(_changes(before, after))
    counts = {what: sum(row.what == what for row in rows) for what in ("added", "changed", "removed")}
    layout = after.layout
    return ChangeView(
        layout.name, layout.label, layout.name in given, len(after.rows), **counts, gone=layout.gone,
        shown=rows[:SHOWN_ROWS],
    )  # fmt: skip


def _changes(before: Table, after: Table) -> Iterator[RowView]:
    old, new = before.by_key(), after.by_key()
    columns = after.layout.columns
    for key, row in new.items():
        told, name = " / ".join(key), _name(after.layout, row)
        if key not in old:
            yield RowView("added", told, name)
        elif old[key] != row:
            pairs = zip(columns, old[key], row, strict=True)
            cells = [CellView(c.name, c.label, was, now) for c, was, now in pairs if was != now]
            yield RowView("changed", told, name, cells)
    for key, row in old.items():
        if key not in new:
            yield RowView("removed", " / ".join(key), _name(before.layout, row))


def _name(layout: Layout, row: Sequence[str]) -> str:
    for column in ("name", "title"):
        if column in layout.names and column not in layout.key:
            return row[layout.names.index(column)]
    return ""


# -- on a terminal --------------------------------------------------------------------------------------


def lines_of(view: ImportView) -> Iterator[str]:
    """The report as lines of text."""
    for fault in view.faults:
        yield f"{fault.sheet_label} {where(fault)}：{fault.text}{quoted(fault)}"
    if view.count:
        yield f"共 {view.count} 处错误，未载入任何内容"
        return
    for change in view.changes:
        yield f"{change.label}：{_counts(change)}"
    if view.undone:
        yield f"以表格为准，覆盖管理页面的机构调整：{'、'.join(view.undone)}"
    yield "试运行，未载入" if view.dry_run else "已载入"


def where(fault: FaultView) -> str:
    """The row and column of a fault, in words."""
    row = f"第 {fault.row} 行" if fault.row else ""
    column = f"“{fault.column_label}”列" if fault.column else ""
    cell = f"（{fault.cell}）" if fault.cell else ""
    return f"{row}{column}{cell}"


def quoted(fault: FaultView) -> str:
    """What stood in the cell, unless its words hold that already."""
    return f"：{fault.value}" if fault.value and fault.value not in fault.text else ""


def _counts(change: ChangeView) -> str:
    if not change.added and not change.changed and not change.removed:
        return "无变化" if change.given else "未提供，保持不变"
    parts = (("新增", change.added), ("修改", change.changed), (change.gone, change.removed))
    return "，".join(f"{word} {count}" for word, count in parts if count)
