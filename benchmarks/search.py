"""How long a search takes over 10,000 entries and more, beside the barest query on the same index.

``python -m benchmarks.search [ENTRIES ...]`` prints one JSON line a size. The entries are made of the words of the demo
city's, which come up as unevenly as words do; a question is a few words of one entry with what people say around them.
*Floor*: the words of the question in one field of the same index, the query built beforehand and run in this thread.
*Ours*: ``search`` as the library calls it: wording, cutting, all fields, the ids, the second look at the best.
*Hearing* is what a question costs more that is not certain as it is written, without the second search.
"""

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import tantivy

from kernel.chinese import words
from knowledge.adapters.tantivy import TantivyEngine, TantivyIndex
from knowledge.importing import read_entries
from knowledge.looking import LookingEngine
from knowledge.model import Entry
from knowledge.rules.hearing import Ear
from knowledge.wordlists import read_wording

CITY: Final = Path(__file__).resolve().parents[1] / "cities" / "foshan"
SIZES: Final = (10_000, 100_000)
QUESTIONS: Final = 500
CANDIDATES: Final = 20
EAR_LEARNS_FROM: Final = 10_000
AROUND: Final = ("我想问下{}怎么办理", "{}要什么材料", "请问{}去哪里办", "{}", "{}要多少钱，多久能办好")


def entries(many: int, known: Sequence[str], rng: random.Random) -> Iterator[Entry]:
    """So many entries of words drawn by their rank: a title, two other ways to ask, some eighty words of text."""
    weights = [1 / (1 + rank) ** 0.8 for rank in range(len(known))]
    drawn: list[str] = []
    for number in range(many):
        if len(drawn) < 100:
            drawn = rng.choices(known, weights, k=100_000)
        parts = [[drawn.pop() for _ in range(size)] for size in (4, 3, 3, 80)]
        title, one, other, body = ("".join(part) for part in parts)
        yield Entry(f"e{number}", title, (f"{one}怎么办", f"{other}要什么"), body)


def vocabulary() -> list[str]:
    """The words of the city's entries, the commonest first."""
    often: dict[str, int] = {}
    for _, each in read_entries(CITY / "articles")[0]:
        for word in words("\n".join((each.title, *each.variants, each.short, each.full))):
            if len(word) > 1 and word.isalpha():
                often[word] = often.get(word, 0) + 1
    return sorted(often, key=lambda word: (-often[word], word))


def percentile(took: Sequence[float], share: float) -> float:
    """Milliseconds that ``share`` of the calls kept within."""
    return round(sorted(took)[min(int(len(took) * share), len(took) - 1)] * 1000, 3)


async def measured(many: int) -> dict[str, object]:
    """The figures over so many entries."""
    rng, wording = random.Random(7), read_wording()
    made = list(entries(many, vocabulary(), rng))
    began = time.perf_counter()
    kept = _Kept()
    index = await LookingEngine(kept).build(made, 1)
    built = time.perf_counter() - began
    ear = Ear.of(made[:EAR_LEARNS_FROM], wording.plain_of)
    asked = [rng.choice(AROUND).format(made[rng.randrange(many)].title[: rng.randint(4, 10)]) for _ in range(QUESTIONS)]
    bare = _Bare(kept.index)
    ours: list[float] = []
    floor: list[float] = []
    hearing: list[float] = []
    for text in asked:
        query = bare.query(words(wording.plain(text)))
        began = time.perf_counter()
        await index.search(wording.plain(text), CANDIDATES)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        bare.run(query)
        floor.append(time.perf_counter() - began)
        began = time.perf_counter()
        ear.hear(wording.plain(text))
        hearing.append(time.perf_counter() - began)
    sides = {"ours": ours, "floor": floor, "hearing": hearing}
    return {
        "benchmark": "search",
        "entries": many,
        "indexing_seconds": round(built, 1),
        **{f"{name}_p{share}_ms": percentile(took, share / 100) for name, took in sides.items() for share in (50, 95)},
        "ratio_p50": round(percentile(ours, 0.5) / percentile(floor, 0.5), 1),
        "load": round(os.getloadavg()[0], 1),
    }


class _Kept(TantivyEngine):
    """Keeps the index that is looked into."""

    index: TantivyIndex

    async def build(self, entries: Sequence[Entry], version: int) -> TantivyIndex:
        """The engine's, kept."""
        self.index = await super().build(entries, version)
        return self.index


class _Bare:
    """Reaches into an index for the floor."""

    def __init__(self, index: TantivyIndex) -> None:
        self._schema, self._searcher = index._schema, index._searcher  # noqa: SLF001 - the same index is the point

    def query(self, terms: Sequence[str]) -> tantivy.Query:
        """Any of ``terms`` in the titles' words."""
        made = [tantivy.Query.term_query(self._schema, "title_words", term, "freq") for term in terms]
        return tantivy.Query.boolean_query([(tantivy.Occur.Should, each) for each in made])

    def run(self, query: tantivy.Query) -> int:
        """How many of the best it found."""
        return len(self._searcher.search(query, CANDIDATES, count=False).hits)


if __name__ == "__main__":
    for size in map(int, sys.argv[1:]) if sys.argv[1:] else SIZES:
        print(json.dumps(asyncio.run(measured(size))), flush=True)
