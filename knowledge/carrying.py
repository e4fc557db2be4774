"""Entries carried out into files and back: what comes in is a new version that passes through the reviews."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from directory.lookup import Lookup
from kernel.attachments import Attachments
from kernel.database import Tx
from kernel.errors import Invalid, NotAllowed
from kernel.people import Principal, Scope
from kernel.room import Call, Floor
from kernel.sheets import Column, Holds, Layout, Problem, Row, Sheet, Table, read_sheet
from knowledge.editing import Editing
from knowledge.model import Article, ArticleState, City, Origin
from knowledge.rules import articletext as text
from knowledge.rules.articlesheet import LAYOUT, article_of, article_table, note_faults
from knowledge.rules.editorial import actors
from knowledge.store import articles as store
from knowledge.store.articles import Listing

FILES = Column("attachments", "附件", "附件编号，用 | 分隔；留空的沿用条目现有的附件", Holds.CODES, optional=True)
CARRIED = replace(LAYOUT, what="条目的内容；导入后为草稿，须经审核才发布", columns=(*LAYOUT.columns, FILES))

GONE = ArticleState.WITHDRAWN
# Who asks, for which state and with which words; a state or words that are empty are any.
Asked = tuple[Call, str, str]


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a file would bring: entries that are new, that say something else than their newest version, and that say
    the same."""

    added: tuple[Article, ...] = ()
    changed: tuple[Article, ...] = ()
    unchanged: tuple[Article, ...] = ()


class Carrying:
    """Gives entries out and takes them in; a sheet with a fault is refused as a whole."""

    layout: Layout = CARRIED

    def __init__(self, floor: Floor, editing: Editing, lookup: Lookup, city: City) -> None:
        self._attachments: Attachments = floor.attachments
        self._editing = editing
        self._lookup = lookup
        self._city = city

    async def table(self, tx: Tx, *given: *Asked) -> Table:
        """The entries as a sheet."""
        return article_table(await self._entries(tx, *given), CARRIED)

    async def json_lines(self, tx: Tx, *given: *Asked) -> str:
        """The entries, one a line."""
        return text.json_lines(CARRIED, await self._entries(tx, *given))

    async def markdown(self, tx: Tx, *given: *Asked) -> Mapping[str, str]:
        """The entries as texts by id."""
        return {each.id: text.markdown(CARRIED, each) for each in await self._entries(tx, *given)}

    async def _entries(self, tx: Tx, call: Call, state: str, words: str) -> Sequence[Article]:
        """Of each entry the newest version that whoever calls would see in a list, by id; Invalid for no state."""
        if state not in {"", *ArticleState}:
            raise Invalid({"state": "unknown"})
        states = [ArticleState(state)] if state else [each for each in ArticleState if each is not GONE]
        owners = self._lookup.successor_to(call.principal.unit) if call.scope is Scope.OWN_UNIT else ()
        return await store.newest_listed(tx, Listing(states, owners, words.strip()))

    def read_json_lines(self, given: str, problems: list[Problem]) -> Sheet:
        """The rows of a text, numbered as its lines."""
        return read_sheet(CARRIED, text.read_json_lines(CARRIED, given, problems), problems)

    def read_markdown(self, given: Sequence[str], problems: list[Problem]) -> Sheet:
        """The rows of files, the first of which is row 1."""
        return read_sheet(CARRIED, text.read_markdown(CARRIED, given, problems), problems)

    async def check(self, tx: Tx, sheet: Sheet, matters: Collection[str], by: Principal) -> Incoming:
        """What the sheet would bring; what is wrong is noted at its rows."""
        units = {unit.code for unit in self._lookup.units()}
        areas = {area.code for area in self._lookup.areas()}
        rows = {row.raw("id"): row for row in reversed(sheet.rows)}
        now = await store.newest(tx, list(rows))
        read: list[Article] = []
        seen: set[str] = set()
        for row in sheet.rows:
            article = _with_files(article_of(row), row, sheet, now)
            note_faults(row, article, units, areas, matters, seen)
            await self._note_files(tx, row, article)
            self._note_strangers(row, article, now.get(article.id), by)
            read.append(article)
        return _sorted_out(read, now)

    async def bring(self, tx: Tx, incoming: Incoming, by: Principal) -> None:
        """Keep what was checked in this transaction as drafts."""
        units = {unit.code for unit in self._lookup.units()}
        areas = {area.code for area in self._lookup.areas()}
        for each in (*incoming.added, *incoming.changed):
            await self._editing.draft(tx, each, units, areas, by, Origin.IMPORT)

    async def _note_files(self, tx: Tx, row: Row, article: Article) -> None:
        try:
            if article.attachments:
                await self._attachments.known(tx, article.attachments)
        except Invalid:
            row.wrong(FILES.name, "unknown_attachment")

    def _note_strangers(self, row: Row, article: Article, now: Article | None, by: Principal) -> None:
        """A unit brings in its own entries only."""
        for owner in {article.owner, now.owner if now else article.owner}:
            try:
                actors(by, self._city.keeper(owner))
            except NotAllowed:
                row.wrong("owner", "not_your_article")


def _with_files(article: Article, row: Row, sheet: Sheet, now: dict[str, Article]) -> Article:
    given = row.parts(FILES.name) if FILES.name in sheet.places else ()
    kept = now[article.id].attachments if article.id in now else ()
    return replace(article, attachments=given or kept)


def _sorted_out(read: Sequence[Article], now: dict[str, Article]) -> Incoming:
    same = {each.id for each in read if each.id in now and _told(each) == _told(now[each.id])}
    return Incoming(
        tuple(each for each in read if each.id not in now),
        tuple(each for each in read if each.id in now and each.id not in same),
        tuple(each for each in read if each.id in same),
    )


def _told(article: Article) -> tuple[object, ...]:
    return (*article_table([article]).rows[0], article.attachments)
