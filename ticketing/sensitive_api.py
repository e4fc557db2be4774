"""The administrators' routes for sensitive words: the lists, an entry, pasted lines, a text tried out."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from directory.lookup import Lookup
from kernel.database import Database, Tx
from kernel.errors import Invalid
from kernel.labels import Labelled
from kernel.pages import part
from kernel.people import May
from kernel.room import Call, Route
from ticketing.model.labels import Secrecy, State, TicketKind, Urgency, WordEffect, WordKind
from ticketing.model.ticket import Ticket
from ticketing.row_views import OptionView
from ticketing.rules.sensitive import SensitiveWord, WordState, checked, fold, raised
from ticketing.sensitive import WordKeeper
from ticketing.sensitive_views import (
    ChangeView,
    HitView,
    ImportedView,
    KindView,
    LinesForm,
    TryForm,
    TryView,
    WordDetail,
    WordForm,
    WordsQuery,
    WordsView,
    WordView,
)

LONGEST_TRIED = 10_000
_THEN = datetime(2000, 1, 1, tzinfo=UTC)


class SensitiveApi:
    """Reads and changes the lists."""

    def __init__(self, database: Database, lookup: Lookup, keeper: WordKeeper) -> None:
        self._database = database
        self._lookup = lookup
        self._keeper = keeper

    async def list(self, call: Call) -> WordsView:
        asked = call.asked(WordsQuery)
        async with self._database.reading() as tx:
            words = await self._keeper.all(tx)
            page = part([word for word in words if _wanted(word, asked)], asked.cursor, asked.limit)
            names = await self._names(tx, page.items)
        many = Counter(word.kind for word in words if word.active)
        return WordsView(
            [_view(word, names) for word in page.items],
            page.total,
            page.next,
            [KindView(kind, kind.label, many[kind]) for kind in WordKind],
            _options(WordEffect),
            _options(Urgency),
        )

    async def show(self, call: Call) -> WordDetail:
        async with self._database.reading() as tx:
            return await self._detail(tx, call.path["id"])

    async def add(self, call: Call) -> WordDetail:
        async with self._database.transaction() as tx:
            made = await self._keeper.add(tx, call.form(WordForm).entry(), call.principal)
            detail = await self._detail(tx, made.id)
        await self._keeper.refresh()
        return detail

    async def change(self, call: Call) -> WordDetail:
        form = call.form(WordForm)
        async with self._database.transaction() as tx:
            entry = form.entry(call.path["id"])
            await self._keeper.change(tx, entry, form.version, form.why, call.principal)
            detail = await self._detail(tx, entry.id)
        await self._keeper.refresh()
        return detail

    async def take_in(self, call: Call) -> ImportedView:
        form = call.form(LinesForm)
        like = SensitiveWord("", form.kind, "", frozenset(form.effects), form.supervision, form.urgency, note=form.note)
        async with self._database.transaction() as tx:
            found = await self._keeper.take_in(tx, form.lines, like, call.principal)
        await self._keeper.refresh()
        return ImportedView(found.added, found.known)

    async def try_out(self, call: Call) -> TryView:
        form = call.form(TryForm)
        if len(form.text) > LONGEST_TRIED:
            raise Invalid({"text": "too_long"}, limit=LONGEST_TRIED)
        hits = self._keeper.try_out(form.text, checked(form.word.entry("new")) if form.word else None)
        kept = [hit.kept(_THEN) for hit in hits]
        plain = Ticket("", TicketKind.COMPLAINT, Urgency.P2, State.RECEIVED, _THEN, "", _THEN, _THEN)
        up = raised(plain, kept)
        effects = {effect for hit in hits for effect in hit.word.effects}
        return TryView(
            [HitView(_view(hit.word, {}), hit.start, hit.end) for hit in hits],
            [OptionView(flag.value, flag.label) for flag in sorted(up.flags)],
            up.secrecy.label if up.secrecy is not Secrecy.NORMAL else "",
            up.urgency.label if up.urgency is not Urgency.P2 else "",
            up.supervision,
            WordEffect.PERSON in effects,
            WordEffect.WARN_REPLY in effects,
        )

    async def _detail(self, tx: Tx, id_: str) -> WordDetail:
        word, history = await self._keeper.one(tx, id_)
        names = await self._names(tx, [word, *(each for each, _ in history)])
        return WordDetail(_view(word, names), [ChangeView(_view(each, names), why) for each, why in history])

    async def _names(self, tx: Tx, words: Iterable[SensitiveWord]) -> Mapping[str, str]:
        return await self._lookup.staff_names(tx, {word.by for word in words if word.by})


def _wanted(word: SensitiveWord, asked: WordsQuery) -> bool:
    if asked.kind is not None and word.kind is not asked.kind:
        return False
    if asked.state is not None and word.active is not (asked.state is WordState.ACTIVE):
        return False
    wanted = fold(asked.q)[0]
    return not wanted or any(wanted in fold(text)[0] for text in (word.word, *word.exceptions, word.note))


def _view(word: SensitiveWord, names: Mapping[str, str]) -> WordView:
    return WordView(
        word.id,
        word.kind,
        word.kind.label,
        word.word,
        [OptionView(effect.value, effect.label) for effect in WordEffect if effect in word.effects],
        word.supervision,
        word.urgency.value if word.urgency else "",
        word.urgency.label if word.urgency else "",
        word.exceptions,
        word.active,
        word.note,
        names.get(word.by, ""),
        word.at,
        word.version,
    )


def _options(kind: type[Labelled]) -> list[OptionView]:
    return [OptionView(each.value, each.label) for each in kind]


def routes(api: SensitiveApi) -> list[Route]:
    """The administrators' part of the API."""
    may, words = May.MANAGE_WORDS, "/api/v1/sensitive-words"
    return [
        Route("GET", words, api.list, may, "敏感词表", query=WordsQuery, gives=WordsView),
        Route("POST", words, api.add, may, "新增敏感词", body=WordForm, gives=WordDetail, status=201),
        Route("POST", f"{words}/try", api.try_out, may, "试查一段文字", body=TryForm, gives=TryView),
        Route("POST", f"{words}/lines", api.take_in, may, "粘贴导入敏感词", body=LinesForm, gives=ImportedView),
        Route("GET", f"{words}/{{id}}", api.show, may, "敏感词及修改记录", gives=WordDetail),
        Route("PUT", f"{words}/{{id}}", api.change, may, "修改敏感词", body=WordForm, gives=WordDetail),
    ]
