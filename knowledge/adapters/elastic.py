"""Elasticsearch as the search engine: one index a version of the entries, an alias on the newest, no plugin needed."""

import hashlib
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

import msgspec
from elasticsearch import ApiError, AsyncElasticsearch, BadRequestError, NotFoundError, TransportError
from elasticsearch.helpers import async_streaming_bulk

from kernel.errors import Unavailable
from kernel.settings import ElasticsearchSettings
from knowledge.model import Entry, Found
from knowledge.rules.indexing import BOOSTS, asked, boosts_of, fields_of

# Rises when fields or their cutting change: indexes of another form are not searched.
FORM: Final = 2
KEPT_VERSIONS: Final = 2  # a process that has not heard of the newest yet goes on searching the one before
CHUNK: Final = 500
CHUNK_BYTES: Final = 5 << 20
RETRIES, FIRST_WAIT, LONGEST_WAIT = 6, 1.0, 30.0  # seconds, when the server says that it has too much to do
TEMPLATE: Final[Mapping[str, Any]] = {
    "settings": {"number_of_shards": 1, "auto_expand_replicas": "0-1"},
    "mappings": {
        "dynamic": "strict",
        "properties": {name: {"type": "text", "analyzer": "whitespace", "index_options": "freqs"} for name in BOOSTS},
    },
}


class ElasticEngine:
    """Builds an index beside those there are, unless one with the same entries is there already."""

    def __init__(self, client: AsyncElasticsearch, name: str) -> None:
        self._client = client
        self._name = name

    async def build(self, entries: Sequence[Entry], version: int) -> "ElasticIndex":
        """The index of ``entries`` on the server, whole, and the alias on it; Unavailable when the server is not."""
        fields = [(entry.id, fields_of(entry)) for entry in entries]
        name = f"{self._name}-{version:010d}-{_digest(fields)}"
        async with _told():
            if not await self._is_whole(name):
                await self._fill(name, fields)
            await self._point_at(name)
        return ElasticIndex(self._client, name, self._name)

    async def close(self) -> None:
        """Close the connections."""
        await self._client.close()

    async def _is_whole(self, name: str) -> bool:
        try:
            found = await self._client.indices.get_mapping(index=name)
        except NotFoundError:
            return False
        return bool(found[name]["mappings"].get("_meta", {}).get("whole"))

    async def _fill(self, name: str, fields: Sequence[tuple[str, Mapping[str, str]]]) -> None:
        """Two processes may do this at once: they write the same."""
        await self._client.indices.put_index_template(
            name=self._name, index_patterns=[f"{self._name}-*"], template=dict(TEMPLATE)
        )
        try:
            await self._client.indices.create(index=name)
        except BadRequestError as error:
            if error.error != "resource_already_exists_exception":
                raise
        actions = ({"_index": name, "_id": id_, **each} for id_, each in fields)
        written = async_streaming_bulk(
            self._client, actions, chunk_size=CHUNK, max_chunk_bytes=CHUNK_BYTES, yield_ok=False, raise_on_error=False,
            max_retries=RETRIES, initial_backoff=FIRST_WAIT, max_backoff=LONGEST_WAIT,
        )  # fmt: skip
        # A chunk is sent when the one before was taken; what comes back was refused for good.
        refused = [told async for _, told in written]
        if refused:
            raise Unavailable("search_engine_refused", entries=len(refused))
        await self._client.indices.refresh(index=name)
        await self._client.indices.put_mapping(index=name, meta={"whole": True, "entries": len(fields)})

    async def _point_at(self, name: str) -> None:
        """Searches by the alias go from the old index to the new one in one step; then the oldest are dropped."""
        there = await self._client.indices.get_alias(index=f"{self._name}-*")
        aliased = [each for each, held in there.items() if self._name in held["aliases"]]
        if any(each > name for each in aliased):
            return  # somebody knows a newer version already
        if aliased != [name]:
            old = [{"remove": {"index": each, "alias": self._name}} for each in aliased]
            await self._client.indices.update_aliases(actions=[*old, {"add": {"index": name, "alias": self._name}}])
        for each in sorted(each for each in there if each < name)[: 1 - KEPT_VERSIONS]:
            await self._client.indices.delete(index=each, ignore_unavailable=True)


class ElasticIndex:
    """The entries of one version on the server."""

    stale = False

    def __init__(self, client: AsyncElasticsearch, name: str, alias: str) -> None:
        self._client = client
        self._name = name
        self._alias = alias

    async def search(self, text: str, limit: int) -> tuple[Found, ...]:
        """The best entries; Unavailable when the server does not answer in time."""
        query = query_of(text)
        if query is None:
            return ()
        async with _told():
            try:
                return await self._asked(self._name, query, limit)
            except NotFoundError:
                # Dropped meanwhile: the alias is never without an index.
                return await self._asked(self._alias, query, limit)

    async def close(self) -> None:
        """Nothing: the server drops an index when there are two newer ones."""

    async def _asked(self, index: str, query: Mapping[str, Any], limit: int) -> tuple[Found, ...]:
        given = await self._client.search(index=index, query=query, size=limit, source=False, track_total_hits=False)
        return tuple(Found(hit["_id"], float(hit["_score"])) for hit in given["hits"]["hits"])


def query_of(text: str) -> Mapping[str, Any] | None:
    """The query for ``text``; None when nothing in it can be looked for."""
    should = [
        {
            "multi_match": {
                "query": " ".join(terms),
                "type": "most_fields",
                "fields": [f"{name}^{boost:g}" for name, boost in boosts_of(cut).items()],
            }
        }
        for cut, terms in asked(text).items()
        if terms
    ]
    return {"bool": {"should": should, "minimum_should_match": 1}} if should else None


def client_of(settings: ElasticsearchSettings) -> AsyncElasticsearch:
    """A client; it connects when first used. A search that fails is not tried again: somebody waits for it."""
    return AsyncElasticsearch(
        settings.url, api_key=settings.api_key or None, request_timeout=settings.timeout_seconds, max_retries=0
    )


def _digest(fields: Sequence[tuple[str, Mapping[str, str]]]) -> str:
    return hashlib.sha256(msgspec.json.encode((FORM, fields))).hexdigest()[:12]


@asynccontextmanager
async def _told() -> AsyncIterator[None]:
    """What goes wrong on the server or on the way to it, as our error, without what was asked."""
    try:
        yield
    except (ApiError, TransportError) as error:
        raise Unavailable("search_engine_unavailable", reason=type(error).__name__) from None
