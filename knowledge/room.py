"""Builds the knowledge room."""

import asyncio
import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from directory.lookup import Lookup
from kernel.clock import Clock, SystemClock
from kernel.database import Database
from kernel.errors import Invalid, Unavailable
from kernel.room import Check, Floor, Loop, Room
from kernel.settings import Settings
from knowledge.adapters.elastic import ElasticEngine, client_of
from knowledge.adapters.embeddings import embedder_of
from knowledge.adapters.tantivy import TantivyEngine
from knowledge.api import KnowledgeApi, routes
from knowledge.asking import NEW_TOPIC, TELL_TOPIC, Asking
from knowledge.carrying import Carrying
from knowledge.city import CityOfLookup
from knowledge.dense import DenseEngine, KeptVectors, NoVectors, Vectors, finished
from knowledge.editing import Editing
from knowledge.editing_api import EditingApi
from knowledge.editing_api import routes as editing_routes
from knowledge.fitting import Fitted, fitted
from knowledge.importing import read_articles
from knowledge.jobs import Upkeep, jobs
from knowledge.library import LEARNT_TOPIC, Library
from knowledge.loading import ArticleLoader
from knowledge.looking import LookingEngine
from knowledge.mending import Mending
from knowledge.model import Entry, Found, Imported, SearchEngine, SearchIndex
from knowledge.queue_api import QueueApi
from knowledge.queue_api import routes as queue_routes
from knowledge.rules.answering import Thresholds
from knowledge.rules.hearing import Ear
from knowledge.rules.telling import phrase_rows
from knowledge.rules.wording import Wording
from knowledge.shelf import TOPIC, Shelf, ear_of
from knowledge.standby import StandbyEngine
from knowledge.wordlists import read_wording

GROUPING_IDLE = TELLING_IDLE = LEARNING_IDLE = 60.0
HEARD_IS_BETTER = 1.1
RELOAD_IDLE = 5.0  # a ring may be lost; then a process answers from old entries for so many seconds


@dataclass(frozen=True, slots=True)
class KnowledgeRoom:
    """The knowledge room: its door, the shelf that tests step by hand, the import for the command line."""

    room: Room
    library: Library
    shelf: Shelf
    editing: Editing
    asking: Asking
    mending: Mending
    loader: ArticleLoader
    carrying: Carrying
    upkeep: Upkeep
    database: Database
    lookup: Lookup

    async def import_articles(self, folder: Path, matters: Collection[str] | None = None) -> Imported:
        """Publish the entries of a city's ``articles`` folder and know them here at once.

        ArticleFilesWrong, and nothing is loaded. ``matters`` are the codes entries may belong to, if known.
        """
        # A file may still name a unit that is no more: its successor keeps the entry.
        units = {unit.code for unit in self.lookup.units(retired=True) if self.lookup.heir(unit.code)}
        areas = {area.code for area in self.lookup.areas()}
        articles = await asyncio.to_thread(read_articles, folder, units, areas, matters)
        async with self.database.transaction() as tx:
            imported = await self.editing.bring_in(tx, articles)
        await self.shelf.refresh()
        return imported

    async def fitted(self) -> Fitted:
        """How sure an answer is, fitted anew on the entries in force."""
        # Neighbours in the alphabet are often neighbours in meaning; they are not to be taken out together.
        articles = sorted(self.library.in_force(), key=lambda each: hashlib.sha256(each.id.encode()).digest())
        return await fitted(self.shelf, articles)


def engine_of(settings: Settings, clock: Clock) -> SearchEngine:
    """The engine that is set, a server's with the embedded one beside it; Invalid for one nobody knows."""
    engine = _bare(settings)
    return engine if isinstance(engine, TantivyEngine) else StandbyEngine(engine, TantivyEngine(), clock)


def with_meaning(worded: SearchEngine, settings: Settings, vectors: Vectors, clock: Clock) -> SearchEngine:
    """The engine with the second look, finding by meaning too where that is set; Invalid for what cannot be."""
    embedder, looking = embedder_of(settings.dense), LookingEngine(worded)
    return looking if embedder is None else DenseEngine(looking, embedder, vectors, clock)


def _bare(settings: Settings) -> SearchEngine:
    match settings.knowledge.engine:
        case "tantivy":
            return TantivyEngine()
        case "elasticsearch":
            server = settings.elasticsearch
            return ElasticEngine(client_of(server), server.index)
        case _:
            raise Invalid({"knowledge.engine": "not_in_list"})


@dataclass(frozen=True, slots=True)
class Trial:
    """Documents searched as entries are, for a measuring."""

    engine: SearchEngine
    index: SearchIndex
    wording: Wording
    ear: Ear

    async def search(self, text: str, limit: int) -> tuple[str, ...]:
        """The ids of the best documents, best first."""
        plain = self.wording.plain(text)
        found, heard = await self.index.search(plain, limit), self.ear.hear(plain)
        if heard.changes:
            other = await self.index.search(self.wording.plain(heard.text), limit)
            if _best(other) > HEARD_IS_BETTER * _best(found):
                found = other
        return tuple(each.id for each in found)

    async def close(self) -> None:
        """Give back what it holds."""
        await self.index.close()
        await self.engine.close()


async def on_trial(settings: Settings, documents: Sequence[tuple[str, str, str]]) -> Trial:
    """An index of (id, title, text) by the engine that is set and no other, beside the one in use; Unavailable."""
    server = replace(settings.elasticsearch, index=f"{settings.elasticsearch.index}-trial")
    worded, wording = _bare(replace(settings, elasticsearch=server)), read_wording()
    engine = with_meaning(worded, settings, NoVectors(), SystemClock())
    entries = [Entry(id_, wording.plain(title), (), wording.plain(text)) for id_, title, text in documents]
    try:
        index = await engine.build(entries, 1)
        if isinstance(engine, DenseEngine):
            await finished(engine)
        return Trial(engine, index, wording, ear_of(entries, wording))
    except Unavailable:
        await engine.close()
        raise


def _best(found: Sequence[Found]) -> float:
    return max((each.score for each in found), default=0.0)


def _dense_loops(engine: SearchEngine) -> list[Loop]:
    if not isinstance(engine, DenseEngine):
        return []
    return [Loop("knowledge.vectors", engine.step, [TOPIC], idle=RELOAD_IDLE, in_web=True)]


def build(floor: Floor, lookup: Lookup) -> KnowledgeRoom:
    """The knowledge room over the floor and the directory."""
    city = CityOfLookup(lookup)
    worded = engine_of(floor.settings, floor.clock)
    engine = with_meaning(worded, floor.settings, KeptVectors(floor.database), floor.clock)
    shelf = Shelf(floor.database, engine, city, read_wording(), floor.clock)
    thresholds = Thresholds(floor.settings.knowledge.answer, floor.settings.bot.unsure)
    asking, mending = Asking(floor, shelf, city), Mending(floor, city)
    editing = Editing(floor, city, asking, mending)
    library = Library(floor, shelf, city, thresholds, asking, editing)
    upkeep = Upkeep(floor, editing, city, asking)
    room = Room(
        "knowledge",
        routes=[
            *routes(KnowledgeApi(floor, library, mending, city)),
            *editing_routes(EditingApi(floor, editing, mending, lookup, city)),
            *queue_routes(QueueApi(floor, library, asking, mending, editing, lookup, city)),
        ],
        phrases=phrase_rows(),
        jobs=jobs(upkeep),
        loops=[
            Loop("knowledge.index", shelf.refresh, [TOPIC], idle=RELOAD_IDLE, in_web=True),
            Loop("knowledge.experience", shelf.learn, [LEARNT_TOPIC], idle=LEARNING_IDLE, in_web=True),
            Loop("knowledge.grouping", asking.group, [NEW_TOPIC], idle=GROUPING_IDLE),
            Loop("knowledge.telling", asking.tell, [TELL_TOPIC], idle=TELLING_IDLE),
            Loop("knowledge.thanking", mending.tell, [TELL_TOPIC], idle=TELLING_IDLE),
            *_dense_loops(engine),
        ],
        checks=[Check("knowledge", library.check)],
        starting=[shelf.start],
        stopping=[shelf.stop],
    )
    loader, carrying = ArticleLoader(editing), Carrying(floor, editing, lookup, city)
    uses = library, shelf, editing, asking, mending, loader, carrying, upkeep
    return KnowledgeRoom(room, *uses, floor.database, lookup)
