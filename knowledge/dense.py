"""A search engine that finds by meaning beside another that finds by words; without vectors it is the other one."""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

import numpy as np
import structlog
from numpy.typing import NDArray

from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import Unavailable
from knowledge.model import Entry, Found, SearchEngine, SearchIndex
from knowledge.rules.fusing import fused
from knowledge.store import vectors as store

# Nobody waits for a server that did not answer a moment ago.
PAUSE = timedelta(seconds=30)
AT_ONCE = 16
REMEMBERED = 2_000

log = structlog.get_logger("knowledge.dense")


class Embedder(Protocol):
    """Makes vectors of length one; those of different ``name`` are never compared."""

    @property
    def name(self) -> str: ...

    async def passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A row for each text; Unavailable."""
        ...

    async def question(self, text: str) -> NDArray[np.float32]:
        """The row of what is asked; Unavailable."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class Vectors(Protocol):
    """Where vectors are kept."""

    async def load(self, maker: str, digests: Sequence[str]) -> Mapping[str, bytes]:
        """Those there are."""
        ...

    async def keep(self, maker: str, made: Mapping[str, bytes]) -> None:
        """Some more."""
        ...

    async def whole(self, maker: str, digests: Sequence[str]) -> None:
        """All there should be are there: others may go."""
        ...


class KeptVectors:
    """In the database, for all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def load(self, maker: str, digests: Sequence[str]) -> Mapping[str, bytes]:
        """Those there are."""
        async with self._database.reading() as tx:
            return await store.load(tx, maker, digests)

    async def keep(self, maker: str, made: Mapping[str, bytes]) -> None:
        """Some more."""
        async with self._database.transaction() as tx:
            await store.keep(tx, maker, made)

    async def whole(self, maker: str, digests: Sequence[str]) -> None:
        """Forget what no entry says any more."""
        async with self._database.transaction() as tx:
            gone = await store.forget_others(tx, maker, frozenset(digests))
        if gone:
            log.info("vectors_forgotten", count=gone)


class NoVectors:
    """Nowhere: for a trial."""

    async def load(self, maker: str, digests: Sequence[str]) -> Mapping[str, bytes]:
        """None."""
        return {}

    async def keep(self, maker: str, made: Mapping[str, bytes]) -> None:
        """Not at all."""

    async def whole(self, maker: str, digests: Sequence[str]) -> None:
        """Nothing to forget."""


class DenseEngine:
    """Builds the other engine's index at once; the vectors that are missing come step by step, and meanwhile those
    entries are found by their words."""

    def __init__(self, worded: SearchEngine, embedder: Embedder, vectors: Vectors, clock: Clock) -> None:
        self._worded = worded
        self._embedder = embedder
        self._vectors = vectors
        self._clock = clock
        self._newest: DenseIndex | None = None

    async def build(self, entries: Sequence[Entry], version: int) -> "DenseIndex":
        """An index with the vectors that were made before."""
        worded = await self._worded.build(entries, version)
        texts = {each.id: _text(each) for each in entries}
        digests = {id_: hashlib.sha256(text.encode()).hexdigest() for id_, text in texts.items()}
        known = await self._vectors.load(self._embedder.name, sorted(set(digests.values())))
        index = DenseIndex(worded, self._embedder, self._clock, texts, digests)
        index.add({digest: np.frombuffer(vector, dtype=np.float32) for digest, vector in known.items()})
        self._newest = index
        return index

    async def step(self) -> bool:
        """Make some of the vectors that are missing; whether there are more. Unavailable while nobody makes any."""
        index = self._newest
        if index is None or index.complete:
            return False
        missing = index.missing[:AT_ONCE]
        known = await self._vectors.load(self._embedder.name, [digest for digest, _ in missing])
        wanted = [(digest, text) for digest, text in missing if digest not in known]
        found = {digest: np.frombuffer(vector, dtype=np.float32) for digest, vector in known.items()}
        if wanted:
            rows = await self._embedder.passages([text for _, text in wanted])
            made = {digest: row for (digest, _), row in zip(wanted, rows, strict=True)}
            await self._vectors.keep(self._embedder.name, {digest: row.tobytes() for digest, row in made.items()})
            found |= made
        index.add(found)
        if index.missing:
            return True
        await self._vectors.whole(self._embedder.name, index.digests)
        return False

    async def close(self) -> None:
        """Both."""
        await self._embedder.close()
        await self._worded.close()


class DenseIndex:
    """Another engine's index, and a vector for each entry that has one."""

    def __init__(
        self,
        worded: SearchIndex,
        embedder: Embedder,
        clock: Clock,
        texts: Mapping[str, str],
        digests: Mapping[str, str],
    ) -> None:
        self._worded = worded
        self._embedder = embedder
        self._clock = clock
        self._texts = {digests[id_]: text for id_, text in texts.items()}
        self._digests = digests
        self._made: dict[str, NDArray[np.float32]] = {}
        self._ids: list[str] = []
        self._rows: NDArray[np.float32] | None = None
        self._asked: OrderedDict[str, NDArray[np.float32]] = OrderedDict()
        self._again = clock.now()

    @property
    def stale(self) -> bool:
        """As the other index says."""
        return self._worded.stale

    @property
    def complete(self) -> bool:
        """Whether every entry has its vector."""
        return len(self._made) == len(self._texts)

    @property
    def digests(self) -> list[str]:
        """Of all entries' texts."""
        return sorted(self._texts)

    @property
    def missing(self) -> list[tuple[str, str]]:
        """Digests and texts without a vector."""
        return [(digest, text) for digest, text in self._texts.items() if digest not in self._made]

    def add(self, made: Mapping[str, NDArray[np.float32]]) -> None:
        """Know some more vectors from now on."""
        self._made |= made
        having = [id_ for id_, digest in self._digests.items() if digest in self._made]
        rows = np.stack([self._made[self._digests[id_]] for id_ in having]) if having else None
        self._ids, self._rows = having, rows

    async def search(self, text: str, limit: int) -> tuple[Found, ...]:
        """The best entries by words and by meaning; by words alone while nobody makes vectors."""
        worded = await self._worded.search(text, limit)
        if self._rows is None:
            return worded
        vector = await self._vector(text)
        if vector is None:
            return worded
        return fused(worded, self._nearest(self._ids, self._rows, vector, limit), limit)

    async def close(self) -> None:
        """The other index."""
        await self._worded.close()

    def _nearest(
        self, ids: Sequence[str], rows: NDArray[np.float32], vector: NDArray[np.float32], limit: int
    ) -> list[str]:
        if vector.shape[0] != rows.shape[1]:
            log.warning("vector_of_another_length", length=vector.shape[0])
            return []
        near: Any = rows @ vector
        first = np.argsort(-near, kind="stable")[:limit]
        return [ids[place] for place in first]

    async def _vector(self, text: str) -> NDArray[np.float32] | None:
        if text in self._asked:
            self._asked.move_to_end(text)
            return self._asked[text]
        if self._clock.now() < self._again:
            return None
        try:
            vector = await self._embedder.question(text)
        except Unavailable as error:
            log.warning("embeddings_failed", code=error.code, **error.data)
            self._again = self._clock.now() + PAUSE
            return None
        self._asked[text] = vector
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return vector


async def finished(engine: DenseEngine) -> None:
    """Make all vectors now; Unavailable."""
    more = True
    while more:
        more = await engine.step()


def _text(entry: Entry) -> str:
    return "\n".join((entry.title, *entry.variants, entry.body))
