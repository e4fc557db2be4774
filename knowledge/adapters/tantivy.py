"""The embedded search engine: an index in memory, one a process, built from the published entries."""

import asyncio
from collections.abc import Sequence
from typing import Final

import tantivy

from knowledge.model import Entry, Found
from knowledge.rules.indexing import BOOSTS, asked, boosts_of, fields_of

CUT: Final = "cut"
HEAP_BYTES: Final = 15_000_000
THREAD_FROM: Final = 2_000  # entries from which on a search leaves the event loop


class TantivyEngine:
    """Builds each index aside; whoever holds the old one goes on searching it."""

    async def build(self, entries: Sequence[Entry], version: int) -> "TantivyIndex":
        """An index of ``entries``; the work is done in a thread."""
        return await asyncio.to_thread(TantivyIndex, tuple(entries))

    async def close(self) -> None:
        """Nothing to give back."""


class TantivyIndex:
    """One index in memory."""

    stale = False

    def __init__(self, entries: Sequence[Entry]) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        for name in BOOSTS:
            builder.add_text_field(name, tokenizer_name=CUT, index_option="freq")
        self._schema = builder.build()
        index = tantivy.Index(self._schema)
        index.register_tokenizer(CUT, tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
        writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
        for entry in entries:
            writer.add_document(_document(entry))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self._searcher = index.searcher()
        self._in_thread = len(entries) >= THREAD_FROM

    async def search(self, text: str, limit: int) -> tuple[Found, ...]:
        """The best entries; a query is built of terms, so that no sign in ``text`` is an operator."""
        if self._in_thread:
            return await asyncio.to_thread(self._search, text, limit)
        return self._search(text, limit)

    async def close(self) -> None:
        """Nothing to give back: the memory goes with the object."""

    def _search(self, text: str, limit: int) -> tuple[Found, ...]:
        clauses = [
            (tantivy.Occur.Should, self._clause(name, term))
            for cut, terms in asked(text).items()
            for name in boosts_of(cut)
            for term in terms
        ]
        if not clauses:
            return ()
        found = self._searcher.search(tantivy.Query.boolean_query(clauses), limit, count=False)
        return tuple(Found(str(self._searcher.doc(where)["id"][0]), float(score)) for score, where in found.hits)

    def _clause(self, name: str, term: str) -> tantivy.Query:
        return tantivy.Query.boost_query(tantivy.Query.term_query(self._schema, name, term, "freq"), BOOSTS[name])


def _document(entry: Entry) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text("id", entry.id)
    for name, text in fields_of(entry).items():
        document.add_text(name, text)
    return document
