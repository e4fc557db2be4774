"""The published entries in memory, with their index; one shelf a process, replaced as a whole when they change."""

import asyncio
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import NotFound, Unavailable
from knowledge.model import Article, City, Entry, Ruling, SearchEngine, SearchIndex, Vote
from knowledge.rules.experience import KEPT, MOST_RULINGS, MOST_VOTES, Experience
from knowledge.rules.hearing import Ear
from knowledge.rules.likelihood import Likelihood
from knowledge.rules.matching import Lexicon, profile
from knowledge.rules.wording import Wording
from knowledge.store import articles as store
from knowledge.store import votes

TOPIC = "knowledge"


@dataclass(frozen=True, slots=True)
class Stock:
    """Everything an answer needs, of one moment. ``lineages`` are the areas the entries name, from the city down."""

    version: int
    articles: Mapping[str, Article]
    index: SearchIndex
    lexicon: Lexicon
    likelihood: Likelihood
    ear: Ear
    lineages: Mapping[str, tuple[str, ...]]
    experience: Experience


class Shelf:
    """Keeps the stock: it is built aside and takes the old one's place in one assignment, so that no question waits."""

    def __init__(self, database: Database, engine: SearchEngine, city: City, wording: Wording, clock: Clock) -> None:
        self._database = database
        self._engine = engine
        self._city = city
        self._wording = wording
        self._clock = clock
        self._learnt: tuple[object, ...] = ()
        self._stock: Stock | None = None
        self._building = asyncio.Lock()

    @property
    def stock(self) -> Stock:
        """What is on the shelf; Unavailable before it was filled for the first time."""
        if self._stock is None:
            raise Unavailable("knowledge_not_loaded")
        return self._stock

    async def filled(self) -> Stock:
        """The stock; it is filled now when nobody did before. Not to be called inside a transaction."""
        if self._stock is None:
            await self.refresh()
        return self.stock

    async def start(self) -> None:
        """Fill the shelf before the first question."""
        await self.refresh()

    async def stop(self) -> None:
        """Close the engine's connections."""
        await self._engine.close()

    async def refresh(self) -> bool:
        """Build anew when the entries have changed; the step of a loop that runs in every process."""
        async with self._building:
            async with self._database.reading() as tx:
                version = await store.published_version(tx)
                if self._stock is not None and self._stock.version == version and not self._stock.index.stale:
                    return False
                articles = await store.quotable(tx)
                learnt, said = await votes.mark(tx), await self._said(tx)
            old, self._stock = self._stock, await self.build(version, articles, said)
            self._learnt = (*learnt, self._clock.now().date())
            if old is not None:
                await old.index.close()
        return False

    async def learn(self) -> bool:
        """Know what was said of answers meanwhile; the step of a loop that runs in every process."""
        async with self._building:
            if self._stock is None:
                return False
            async with self._database.reading() as tx:
                learnt = (*await votes.mark(tx), self._clock.now().date())
                if learnt == self._learnt:
                    return False
                said = await self._said(tx)
            experience = await asyncio.to_thread(Experience.of, self._stock.lexicon, *said, self._clock.now())
            self._stock, self._learnt = replace(self._stock, experience=experience), learnt
        return False

    async def _said(self, tx: Tx) -> tuple[Sequence[Vote], Sequence[Ruling]]:
        since = self._clock.now() - KEPT
        return await votes.newest(tx, since, MOST_VOTES), await votes.rulings(tx, since, MOST_RULINGS)

    def plain(self, text: str) -> str:
        """``text`` as the index knows it."""
        return self._wording.plain(text)

    def digest(self, text: str) -> str:
        """The same 64 digits for the same question, whatever its signs and its script."""
        return hashlib.sha256(self._wording.bare(text).encode()).hexdigest()

    async def build(
        self, version: int, articles: Sequence[Article], said: tuple[Sequence[Vote], Sequence[Ruling]] = ((), ())
    ) -> Stock:
        """The stock of some entries, which does not go onto the shelf."""
        entries = await asyncio.to_thread(lambda: [self._entry(each) for each in articles])
        lexicon = await asyncio.to_thread(self._lexicon, articles)
        likelihood = await asyncio.to_thread(Likelihood.of, entries)
        ear = await asyncio.to_thread(ear_of, entries, self._wording)
        index = await self._engine.build(entries, version)
        named = {area for each in articles for area in each.areas}
        lineages = {area: self._lineage(area) for area in named}
        experience = await asyncio.to_thread(Experience.of, lexicon, *said, self._clock.now())
        by_id = {each.id: each for each in articles}
        return Stock(version, by_id, index, lexicon, likelihood, ear, lineages, experience)

    def _entry(self, article: Article) -> Entry:
        return Entry(
            article.id,
            self.plain(article.title),
            tuple(map(self.plain, article.variants)),
            self.plain("\n".join((article.short, article.full, *article.materials))),
        )

    def _lexicon(self, articles: Sequence[Article]) -> Lexicon:
        profiles = {}
        for each in articles:
            places = self._city.areas_named("\n".join((each.title, *each.variants))).names
            profiles[each.id] = profile(each, self._wording, places)
        return Lexicon(self._wording, profiles)

    def _lineage(self, area: str) -> tuple[str, ...]:
        try:
            return self._city.lineage(area)
        except NotFound:
            return (area,)


def ear_of(entries: Sequence[Entry], wording: Wording) -> Ear:
    """Knows what ``entries`` are called, and the words that stand for others."""
    return Ear.of(entries, (*wording.plain_of, *wording.plain_of.values()), wording.asking | wording.circumstances)
