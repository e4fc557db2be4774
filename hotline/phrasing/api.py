"""The administrators' routes for texts: all of them, one with its wordings, a preview, a change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotline.phrasing.keeper import Worded, Wordings
from hotline.phrasing.store import Wording
from kernel.database import Database, Tx
from kernel.pages import part
from kernel.people import May
from kernel.phrases import Audience, PhraseRow, checked, sms_parts
from kernel.room import Call, Route


class Names(Protocol):
    """The directory's names of staff."""

    async def staff_names(self, tx: Tx, ids: set[str]) -> Mapping[str, str]:
        """Names by id."""
        ...


@dataclass(frozen=True, slots=True)
class TextsQuery:
    """Which texts are listed."""

    q: str = ""
    audience: Audience | None = None
    group: str = ""
    changed: bool = False
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class TextForm:
    """A wording; ``reset`` back to the default."""

    text: str = ""
    why: str = ""
    version: int = 0
    reset: bool = False


@dataclass(frozen=True, slots=True)
class PlaceholderView:
    """What can be filled in."""

    name: str
    label: str
    sample: str
    required: bool


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text in the list."""

    key: str
    group: str
    what: str
    audience: str
    audience_label: str
    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class TextsView:
    """Texts asked for, and by what they can be chosen; ``total`` and ``changed`` are of all there are."""

    items: Sequence[TextRow]
    groups: Sequence[str]
    total: int
    changed: int
    next: str | None


@dataclass(frozen=True, slots=True)
class SampleView:
    """A text filled in with examples, and what it comes to as a short message."""

    sample: str
    letters: int
    parts: int


@dataclass(frozen=True, slots=True)
class WordingView:
    """One wording; ``text`` is that of the default where ``reset``."""

    version: int
    text: str
    reset: bool
    at: datetime
    by_name: str
    why: str


@dataclass(frozen=True, slots=True)
class TextView:
    """A text in full."""

    key: str
    group: str
    what: str
    audience: str
    audience_label: str
    text: str
    changed: bool
    default: str
    version: int
    placeholders: Sequence[PlaceholderView]
    preview: SampleView
    history: Sequence[WordingView]


class PhrasingApi:
    """Reads and changes wordings."""

    def __init__(self, database: Database, wordings: Wordings, names: Names) -> None:
        self._database = database
        self._wordings = wordings
        self._names = names

    async def list(self, call: Call) -> TextsView:
        asked = call.asked(TextsQuery)
        async with self._database.reading() as tx:
            found = await self._wordings.all(tx)
        page = part([each for each in found if _wanted(each, asked)], asked.cursor, asked.limit)
        groups = list(dict.fromkeys(each.row.group for each in found))
        changed = sum(each.text is not None for each in found)
        return TextsView([_row(each) for each in page.items], groups, len(found), changed, page.next)

    async def show(self, call: Call) -> TextView:
        async with self._database.reading() as tx:
            return await self._view(tx, call.path["key"])

    async def preview(self, call: Call) -> SampleView:
        row = self._wordings.row(call.path["key"])
        return _sample(row, checked(row, call.form(TextForm).text))

    async def change(self, call: Call) -> TextView:
        form, key = call.form(TextForm), call.path["key"]
        text = None if form.reset else form.text
        async with self._database.transaction() as tx:
            await self._wordings.change(tx, key, text, form.version, form.why, call.principal)
            view = await self._view(tx, key)
        await self._wordings.load()
        return view

    async def _view(self, tx: Tx, key: str) -> TextView:
        worded, history = await self._wordings.one(tx, key)
        names = await self._names.staff_names(tx, {each.by for each in history})
        row, short = worded.row, _row(worded)
        return TextView(
            **{name: getattr(short, name) for name in TextRow.__slots__},
            default=str(row.phrase),
            version=worded.version,
            placeholders=[PlaceholderView(p.name, p.label, p.sample, p.name in row.required) for p in row.placeholders],
            preview=_sample(row, worded.now),
            history=[_wording(row, each, names) for each in history],
        )


def _row(worded: Worded) -> TextRow:
    row = worded.row
    changed = worded.text is not None
    return TextRow(row.key, row.group, row.what, row.audience.value, row.audience.label, worded.now, changed)


def _wording(row: PhraseRow, made: Wording, names: Mapping[str, str]) -> WordingView:
    text = made.text if made.text is not None else str(row.phrase)
    return WordingView(made.version, text, made.text is None, made.at, names.get(made.by, ""), made.why)


def _sample(row: PhraseRow, text: str) -> SampleView:
    sample = row.sample(text)
    return SampleView(sample, *sms_parts(sample))


def _wanted(worded: Worded, asked: TextsQuery) -> bool:
    row = worded.row
    if (asked.audience and row.audience is not asked.audience) or (asked.group and row.group != asked.group):
        return False
    if asked.changed and worded.text is None:
        return False
    wanted = asked.q.strip().lower()
    return any(wanted in text.lower() for text in (row.key, row.what, worded.now, row.phrase))


def routes(api: PhrasingApi) -> list[Route]:
    """The administrators' part of the API."""
    may, one = May.MANAGE_TEXTS, "/api/v1/texts/{key}"
    return [
        Route("GET", "/api/v1/texts", api.list, may, "发送的文案", query=TextsQuery, gives=TextsView),
        Route("GET", one, api.show, may, "一条文案及修改记录", gives=TextView),
        Route("PUT", one, api.change, may, "修改文案或恢复默认", body=TextForm, gives=TextView),
        Route("POST", f"{one}/preview", api.preview, may, "预览文案", body=TextForm, gives=SampleView),
    ]
