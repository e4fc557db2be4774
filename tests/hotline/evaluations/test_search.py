"""``evaluate search``: figures by hand, both engines, and what is said of wrong files."""

from dataclasses import replace
from math import log2
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.search import Judged, figures_of
from kernel.errors import Invalid
from kernel.settings import ElasticsearchSettings, Settings
from tests.knowledge.elastic_server import elastic_server

CORPUS = [
    {"id": "a", "title": "身份证丢失补办", "text": "到派出所申报"},
    {"id": "b", "title": "居住证申领", "text": "居住半年以上，出示身份证"},
    {"id": "c", "title": "犬只登记", "text": "携犬外出应系犬绳"},
]
QUERIES = [{"query": "身份证", "relevant": ["a"]}, {"query": "狗绳", "relevant": ["c", "b"]}]


def written(path: Path, lines: list[Any]) -> str:
    path.write_bytes(b"\n".join(map(msgspec.json.encode, lines)) + b"\n")
    return str(path)


async def asked(tmp_path: Path, settings: Settings, *more: str, queries: list[Any] = QUERIES) -> None:
    corpus, wanted = written(tmp_path / "docs.jsonl", CORPUS), written(tmp_path / "q.jsonl", queries)
    await main(settings, parser().parse_args(["evaluate", "search", "--corpus", corpus, "--queries", wanted, *more]))


def test_the_figures_are_those_of_the_books() -> None:
    """Found: right, wrong, right of two; nothing of one."""
    figures = figures_of([Judged((True, False, True), 2), Judged((False,), 1)])
    assert figures["recall@1"] == 0.25
    assert figures["recall@5"] == 0.5
    assert figures["mrr@10"] == 0.5
    assert figures["ndcg@10"] == pytest.approx((1 + 1 / log2(4)) / (1 + 1 / log2(3)) / 2, abs=1e-4)


@pytest.mark.parametrize("engine", ["tantivy", "elasticsearch"])
async def test_documents_are_searched_as_entries_are(
    tmp_path: Path, engine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async with elastic_server() as server:
        settings = replace(Settings(), elasticsearch=ElasticsearchSettings(server.url))
        await asked(tmp_path, settings, "--engine", engine)
        assert bool(server.asked) is (engine == "elasticsearch")
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    figures = msgspec.json.decode(line)
    assert (figures["engine"], figures["documents"], figures["queries"]) == (engine, 3, 2)
    assert figures["recall@1"] == 0.75
    assert figures["p95_ms"] >= figures["p50_ms"] > 0


@pytest.mark.parametrize(
    ("queries", "place", "code"),
    [
        ([{"query": "x", "relevant": ["z"]}], "q.jsonl:1:relevant", "no_such_document"),
        ([{"query": "x", "relevant": []}], "q.jsonl:1:relevant", "required"),
        ([{"question": "x"}], "q.jsonl:1", "line_unreadable"),
    ],
)
async def test_a_wrong_line_is_named(tmp_path: Path, queries: list[Any], place: str, code: str) -> None:
    with pytest.raises(Invalid) as raised:
        await asked(tmp_path, Settings(), queries=queries)
    assert raised.value.fields == {place: code}
