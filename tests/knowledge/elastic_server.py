"""A stand-in for an Elasticsearch server: it takes the requests the adapter may send, and executes them over BM25.

What it does not know it refuses as Elasticsearch does (a 400 with the type and the reason), so that a request that was
never tried here cannot pass. Scores are Lucene's (k1 = 1.2, b = 0.75), with lengths not rounded to a byte.
"""

import asyncio
import json
import math
import os
import re
import sys
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any, NoReturn

from aiohttp import web

K1, B = 1.2, 0.75
COMPATIBLE = re.compile(r"application/vnd\.elasticsearch\+(json|x-ndjson)\s*;\s*compatible-with\s*=\s*8")
PRODUCT = {"X-Elastic-Product": "Elasticsearch"}
SEARCH_KEYS = frozenset({"query", "size", "_source", "track_total_hits"})
QUERIES = frozenset({"bool", "match", "multi_match"})
ANALYZERS = frozenset({"whitespace"})
SETTINGS = frozenset({"number_of_shards", "auto_expand_replicas"})


class ElasticError(Exception):
    """An answer of Elasticsearch's that is an error."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.body = {"error": {"root_cause": [_cause(kind, reason)], **_cause(kind, reason)}, "status": status}


def _cause(kind: str, reason: str) -> dict[str, str]:
    return {"type": kind, "reason": reason}


def parsing(reason: str) -> NoReturn:
    raise ElasticError(400, "parsing_exception", reason)


@dataclass
class Index:
    """One index: its mapping, its documents, and what was searched for after the last refresh."""

    properties: Mapping[str, Mapping[str, Any]]
    meta: Mapping[str, Any] = field(default_factory=dict)
    written: dict[str, Mapping[str, str]] = field(default_factory=dict)
    shown: dict[str, Mapping[str, Counter[str]]] = field(default_factory=dict)

    def refresh(self) -> None:
        """What was written can be found."""
        self.shown = {
            id_: {name: Counter(text.split()) for name, text in document.items()}
            for id_, document in self.written.items()
        }

    def score(self, name: str, term: str) -> dict[str, float]:
        """BM25 of a term in a field, for each document that has it."""
        holding = {id_: found[name] for id_, found in self.shown.items() if found.get(name)}
        hits = {id_: counts for id_, counts in holding.items() if term in counts}
        if not hits:
            return {}
        rarity = math.log(1 + (len(holding) - len(hits) + 0.5) / (len(hits) + 0.5))
        mean = sum(counts.total() for counts in holding.values()) / len(holding)
        return {
            id_: rarity * counts[term] / (counts[term] + K1 * (1 - B + B * counts.total() / mean))
            for id_, counts in hits.items()
        }


@dataclass
class ElasticServer:
    """The stand-in's state, and what a test may do to it."""

    url: str = ""
    indexes: dict[str, Index] = field(default_factory=dict)
    aliases: dict[str, set[str]] = field(default_factory=dict)
    templates: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    busy: int = 0
    """So many bulk requests are answered with 429 for each of their documents."""
    down: bool = False
    bulk_sizes: list[int] = field(default_factory=list)
    bulk_at_once: int = 0
    most_bulk_at_once: int = 0

    # -- indexes ----------------------------------------------------------------------------------------

    async def template(self, request: web.Request) -> Any:
        """PUT /_index_template/{name}"""
        body = await _json(request)
        _only(body, {"index_patterns", "template", "priority"}, "index_template")
        _only(body["template"], {"settings", "mappings"}, "template")
        _only(body["template"]["settings"], SETTINGS, "settings")
        _properties(body["template"]["mappings"])
        self.templates[request.match_info["name"]] = body
        return {"acknowledged": True}

    async def create(self, request: web.Request) -> Any:
        """PUT /{index}"""
        name = request.match_info["index"]
        if name in self.indexes:
            raise ElasticError(400, "resource_already_exists_exception", f"index [{name}/x] already exists")
        if name != name.lower() or name.startswith(("_", "-", "+")):
            raise ElasticError(400, "invalid_index_name_exception", f"Invalid index name [{name}]")
        found = [t for t in self.templates.values() if any(fnmatchcase(name, p) for p in t["index_patterns"])]
        self.indexes[name] = Index(_properties(found[0]["template"]["mappings"]) if found else {})
        return {"acknowledged": True, "shards_acknowledged": True, "index": name}

    async def delete(self, request: web.Request) -> Any:
        """DELETE /{index}"""
        for name in self._named(request.match_info["index"], request.query.get("ignore_unavailable") == "true"):
            del self.indexes[name]
            for held in self.aliases.values():
                held.discard(name)
        return {"acknowledged": True}

    async def mapping(self, request: web.Request) -> Any:
        """GET /{index}/_mapping"""
        return {
            name: {"mappings": {"_meta": self.indexes[name].meta, "properties": self.indexes[name].properties}}
            for name in self._named(request.match_info["index"])
        }

    async def put_mapping(self, request: web.Request) -> Any:
        """PUT /{index}/_mapping"""
        body = await _json(request)
        _only(body, {"_meta", "properties"}, "mapping")
        for name in self._named(request.match_info["index"]):
            self.indexes[name].meta = body.get("_meta", self.indexes[name].meta)
        return {"acknowledged": True}

    async def refresh(self, request: web.Request) -> Any:
        """POST /{index}/_refresh"""
        for name in self._named(request.match_info["index"]):
            self.indexes[name].refresh()
        return {"_shards": {"total": 1, "successful": 1, "failed": 0}}

    async def get_alias(self, request: web.Request) -> Any:
        """GET /{index}/_alias"""
        pattern = request.match_info["index"]
        return {
            name: {"aliases": {alias: {} for alias, held in self.aliases.items() if name in held}}
            for name in self.indexes
            if fnmatchcase(name, pattern)
        }

    async def update_aliases(self, request: web.Request) -> Any:
        """POST /_aliases"""
        body = await _json(request)
        _only(body, {"actions"}, "aliases")
        changed = {alias: set(held) for alias, held in self.aliases.items()}
        for action in body["actions"]:
            [(what, about)] = action.items()
            _only(about, {"index", "alias"}, what)
            [name] = self._named(about["index"])
            held = changed.setdefault(about["alias"], set())
            if what == "remove" and name not in held:
                raise ElasticError(404, "aliases_not_found_exception", f"aliases [{about['alias']}] missing")
            (held.add if what == "add" else held.remove)(name)
        self.aliases = changed
        return {"acknowledged": True}

    # -- documents --------------------------------------------------------------------------------------

    async def bulk(self, request: web.Request) -> Any:
        """PUT or POST /_bulk"""
        self.bulk_at_once += 1
        self.most_bulk_at_once = max(self.most_bulk_at_once, self.bulk_at_once)
        try:
            await asyncio.sleep(0)
            return self._bulk((await request.text()).splitlines())
        finally:
            self.bulk_at_once -= 1

    def _bulk(self, lines: Sequence[str]) -> Any:
        if len(lines) % 2:
            raise ElasticError(400, "illegal_argument_exception", "The bulk request is cut off")
        busy, self.busy = self.busy > 0, max(0, self.busy - 1)
        items: list[Any] = []
        for about, source in zip(map(json.loads, lines[::2]), map(json.loads, lines[1::2]), strict=True):
            [(what, where)] = about.items()
            if what != "index":
                raise ElasticError(400, "illegal_argument_exception", f"Malformed action/metadata line, found [{what}]")
            done = {"_index": where["_index"], "_id": where["_id"], "status": 429 if busy else 201}
            index = self.indexes.get(where["_index"])
            unknown = sorted(set(source) - set(index.properties)) if index else []
            if busy:
                done["error"] = _cause("es_rejected_execution_exception", "rejected execution of primary operation")
            elif index is None:
                done |= {"status": 404, "error": _cause("index_not_found_exception", "no such index")}
            elif unknown:
                reason = f"mapping set to strict, dynamic introduction of [{unknown[0]}] within [_doc] is not allowed"
                done |= {"status": 400, "error": _cause("strict_dynamic_mapping_exception", reason)}
            else:
                index.written[where["_id"]] = source
            items.append({what: done})
        self.bulk_sizes.append(len(items))
        return {"took": 1, "errors": any("error" in each["index"] for each in items), "items": items}

    async def search(self, request: web.Request) -> Any:
        """POST /{index}/_search"""
        body = await _json(request)
        for key in body:
            if key not in SEARCH_KEYS:
                parsing(f"unknown key [{key}] for a START_OBJECT in [{key}].")
        found: dict[str, float] = {}
        for name in self._named(request.match_info["index"]):
            found |= scored(self.indexes[name], body["query"])
        best = sorted(found.items(), key=lambda hit: -hit[1])[: body.get("size", 10)]
        return {"took": 1, "timed_out": False, "hits": {"hits": [{"_id": id_, "_score": s} for id_, s in best]}}

    def _named(self, name: str, ignore: bool = False) -> list[str]:
        if name in self.indexes:
            return [name]
        if self.aliases.get(name):
            return sorted(self.aliases[name])
        if ignore:
            return []
        raise ElasticError(404, "index_not_found_exception", f"no such index [{name}]")

    # -- the door ---------------------------------------------------------------------------------------

    @web.middleware
    async def answer(self, request: web.Request, handler: Callable[[web.Request], Any]) -> web.StreamResponse:
        """Headers as the 8th version wants them, errors as it tells them."""
        self.asked.append((request.method, request.path))
        if self.down:
            raise web.HTTPServiceUnavailable
        try:
            _versioned(request)
            return web.json_response(await handler(request), headers=PRODUCT)
        except ElasticError as error:
            return web.json_response(error.body, status=error.status, headers=PRODUCT)
        except (web.HTTPMethodNotAllowed, web.HTTPNotFound):
            reason = f"no handler found for uri [{request.path}] and method [{request.method}]"
            return web.json_response({"error": reason}, status=400, headers=PRODUCT)

    def application(self) -> web.Application:
        """The routes."""
        app = web.Application(middlewares=[self.answer], client_max_size=64 << 20)
        app.router.add_put("/_index_template/{name}", self.template)
        app.router.add_post("/_aliases", self.update_aliases)
        app.router.add_put("/_bulk", self.bulk)
        app.router.add_post("/_bulk", self.bulk)
        app.router.add_put("/{index}", self.create)
        app.router.add_delete("/{index}", self.delete)
        app.router.add_get("/{index}/_mapping", self.mapping)
        app.router.add_put("/{index}/_mapping", self.put_mapping)
        app.router.add_post("/{index}/_refresh", self.refresh)
        app.router.add_get("/{index}/_alias", self.get_alias)
        app.router.add_post("/{index}/_search", self.search)
        return app


def _versioned(request: web.Request) -> None:
    """The 8th version's media types; of what has no body the type is not looked at."""
    for header in ("Accept", "Content-Type") if request.body_exists else ("Accept",):
        if not COMPATIBLE.fullmatch(request.headers.get(header, "")):
            reason = f"Invalid media-type value on headers [{header}]"
            raise ElasticError(400, "media_type_header_exception", reason)


def scored(index: Index, query: Mapping[str, Any]) -> dict[str, float]:
    """The documents a query finds, with their scores."""
    if len(query) != 1:
        parsing("[bool] malformed query, expected [END_OBJECT] but found [FIELD_NAME]")
    [(kind, about)] = query.items()
    if kind not in QUERIES:
        parsing(f"unknown query [{kind}]")
    return {"bool": _bool, "match": _match, "multi_match": _multi_match}[kind](index, about)


def _bool(index: Index, about: Mapping[str, Any]) -> dict[str, float]:
    _query_keys(about, {"should", "minimum_should_match"}, "bool")
    found: Counter[str] = Counter()
    fitting: Counter[str] = Counter()
    for each in about["should"]:
        scores = scored(index, each)
        for id_, score in scores.items():
            found[id_] += score  # type: ignore[assignment]
        fitting.update(scores.keys())
    return {id_: score for id_, score in found.items() if fitting[id_] >= about.get("minimum_should_match", 1)}


def _match(index: Index, about: Mapping[str, Any]) -> dict[str, float]:
    if len(about) != 1:
        parsing("[match] query doesn't support multiple fields")
    [(name, given)] = about.items()
    asked = given if isinstance(given, Mapping) else {"query": given}
    _query_keys(asked, {"query", "boost"}, "match")
    return _summed(index, name, asked["query"], float(asked.get("boost", 1)))


def _multi_match(index: Index, about: Mapping[str, Any]) -> dict[str, float]:
    _query_keys(about, {"query", "type", "fields"}, "multi_match")
    if about.get("type") != "most_fields":
        parsing(f"[multi_match] this stand-in adds up fields only, got type [{about.get('type')}]")
    found: Counter[str] = Counter()
    for each in about["fields"]:
        name, _, boost = each.partition("^")
        for id_, score in _summed(index, name, about["query"], float(boost or 1)).items():
            found[id_] += score  # type: ignore[assignment]
    return dict(found)


def _summed(index: Index, name: str, text: str, boost: float) -> dict[str, float]:
    """A field nobody mapped finds nothing, as with Elasticsearch."""
    found: Counter[str] = Counter()
    if name in index.properties:
        for term in text.split():
            for id_, score in index.score(name, term).items():
                found[id_] += boost * score  # type: ignore[assignment]
    return dict(found)


def _properties(mappings: Mapping[str, Any]) -> Mapping[str, Mapping[str, Any]]:
    _only(mappings, {"dynamic", "properties"}, "mappings")
    for name, about in mappings["properties"].items():
        _only(about, {"type", "analyzer", "index_options"}, name)
        if about["analyzer"] not in ANALYZERS:
            reason = f"Failed to parse mapping: analyzer [{about['analyzer']}] has not been configured in mappings"
            raise ElasticError(400, "mapper_parsing_exception", reason)
    found: Mapping[str, Mapping[str, Any]] = mappings["properties"]
    return found


def _only(body: Mapping[str, Any], known: set[str] | frozenset[str], where: str) -> None:
    for key in body:
        if key not in known:
            raise ElasticError(400, "x_content_parse_exception", f"[{where}] unknown field [{key}]")


def _query_keys(about: Mapping[str, Any], known: set[str], kind: str) -> None:
    for key in about:
        if key not in known:
            parsing(f"[{kind}] query does not support [{key}]")


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body: dict[str, Any] = json.loads(await request.text() or "{}")
    except ValueError:
        raise ElasticError(400, "x_content_parse_exception", "Failed to parse content to map") from None
    return body


@asynccontextmanager
async def elastic_server() -> AsyncIterator[ElasticServer]:
    """A running stand-in."""
    server = ElasticServer()
    runner = web.AppRunner(server.application())
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    [address] = runner.addresses
    server.url = f"http://{address[0]}:{address[1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


def names(server: ElasticServer) -> Iterator[str]:
    """The indexes there are, in order."""
    return iter(sorted(server.indexes))


async def _beside(program: Sequence[str]) -> int:
    """Serves as long as the program runs, which is told where."""
    async with elastic_server() as server:
        environ = {**os.environ, "HOTLINE_ELASTICSEARCH_URL": server.url}
        return await (await asyncio.create_subprocess_exec(*program, env=environ)).wait()


if __name__ == "__main__":
    sys.exit(asyncio.run(_beside(sys.argv[1:])))
