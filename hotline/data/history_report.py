"""What is told of taking in tickets of another system: faults, words that match nothing, and what can be learnt."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.data.report import SHOWN_FAULTS, SHOWN_ROWS, FaultView, fault_view, quoted, where
from kernel.sheets import Layout, Problem

MATCHED = ("matter", "unit", "area", "outcome")


class HistoryCheck(Protocol):
    """What ticketing makes of a file."""

    @property
    def loaded(self) -> bool: ...
    @property
    def source(self) -> str: ...
    @property
    def rows(self) -> int: ...
    @property
    def added(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def learnable(self) -> int: ...
    @property
    def placed(self) -> int: ...
    @property
    def problems(self) -> tuple[Problem, ...]: ...
    @property
    def headers(self) -> Sequence[str]: ...
    @property
    def taken(self) -> Mapping[str, Sequence[str]]: ...
    @property
    def places(self) -> Mapping[str, int]: ...
    @property
    def unmatched(self) -> Mapping[str, Counter[str]]: ...
    @property
    def silent(self) -> Mapping[str, int]: ...
    @property
    def mapping(self) -> str: ...


@dataclass(frozen=True, slots=True)
class TakenView:
    """Which of the file's columns say a field; none when the file does not say it."""

    field: str
    label: str
    required: bool
    headers: Sequence[str]


@dataclass(frozen=True, slots=True)
class WordCount:
    """A word of the other system and how often it stands there."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class UnmatchedView:
    """Words of a field that match no code of ours, the most frequent first, and how many rows say nothing."""

    field: str
    label: str
    rows: int
    silent: int
    names: Sequence[WordCount]


@dataclass(frozen=True, slots=True)
class HistoryImportView:
    """A report. ``learnable`` rows teach the classifier, ``placed`` ones also where such tickets go; ``mapping`` is the
    TOML to fill in and hand in again."""

    loaded: bool
    dry_run: bool
    source: str
    rows: int
    added: int
    changed: int
    unchanged: int
    learnable: int
    placed: int
    count: int
    faults: Sequence[FaultView]
    headers: Sequence[str]
    taken: Sequence[TakenView]
    unmatched: Sequence[UnmatchedView]
    mapping: str


def history_view(check: HistoryCheck, layout: Layout, *, dry_run: bool) -> HistoryImportView:
    """The report of a check or of taking tickets in."""
    places = {layout.name: check.places}
    return HistoryImportView(
        loaded=check.loaded,
        dry_run=dry_run,
        source=check.source,
        rows=check.rows,
        added=check.added,
        changed=check.changed,
        unchanged=check.unchanged,
        learnable=check.learnable,
        placed=check.placed,
        count=len(check.problems),
        faults=[fault_view(each, {layout.name: layout}, places) for each in check.problems[:SHOWN_FAULTS]],
        headers=check.headers,
        taken=[TakenView(c.name, c.label, c.required, check.taken.get(c.name, ())) for c in layout.columns],
        unmatched=[_unmatched(check, layout, name) for name in MATCHED if name in check.unmatched or check.rows],
        mapping=check.mapping,
    )


def _unmatched(check: HistoryCheck, layout: Layout, name: str) -> UnmatchedView:
    words = check.unmatched.get(name, Counter[str]())
    shown = [WordCount(said, count) for said, count in words.most_common(SHOWN_ROWS)]
    return UnmatchedView(name, layout.column(name).label, words.total(), check.silent.get(name, 0), shown)


@dataclass(frozen=True, slots=True)
class SourceView:
    """What is kept of another system."""

    name: str
    tickets: int
    imported_at: datetime


@dataclass(frozen=True, slots=True)
class HistoryStateView:
    """What was taken in so far, and what the classifier in use has learnt from: its version, sentences of the
    catalogue and of closed tickets."""

    sources: Sequence[SourceView]
    model: str
    sentences: int
    past: int


def history_lines(view: HistoryImportView) -> Iterator[str]:
    """The report on tickets as lines of text."""
    for fault in view.faults:
        yield f"{where(fault)}：{fault.text}{quoted(fault)}"
    for each in view.unmatched:
        if each.rows:
            yield f"{each.label}未匹配 {each.rows} 行：" + "，".join(f"{w.name} {w.count}" for w in each.names)
    yield f"来源“{view.source}”可用 {view.rows} 件：新增 {view.added}，更新 {view.changed}，未变 {view.unchanged}"
    yield f"可供分类学习 {view.learnable} 件，可供派单参考 {view.placed} 件"
    if view.count:
        yield f"共 {view.count} 处错误" + ("，有错误的行已略过" if view.loaded else "，未载入任何内容")
    elif view.dry_run:
        yield "试运行，未载入"
    if view.loaded:
        yield "已载入"
