"""How sure an answer is, learnt anew from the entries themselves: their ways to ask, each held out in turn.

A part of the entries is taken out whole at a time: so it is seen too how near an entry comes that does not answer.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Article, Query
from knowledge.rules.answering import LEARNT_WEIGHTS, Thresholds, Weights, decide, traits
from knowledge.shelf import Shelf, Stock

PARTS = 5
CANDIDATES = 20  # as many as the library looks at
MILD = 1e-3  # keeps the weights finite where a trait tells right from wrong without fail
STEPS = 50
EVERYTHING = Thresholds(answer=2.0, unsure=-1.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """A way to ask that its shelf did not know: what spoke for the first entry, and whether it was the right one.

    ``absent``: no entry on the shelf answers it. ``exact`` ways, which need no weights, are left out.
    """

    traits: tuple[float, ...]
    right: bool
    absent: bool


@dataclass(frozen=True, slots=True)
class Fitted:
    """The weights that fit best, how many samples there were, of how many no entry was there, and the mean log loss of
    these weights and of those in use."""

    weights: Weights
    samples: int
    absent: int
    loss_in_use: float
    loss: float


async def samples(shelf: Shelf, articles: Sequence[Article]) -> list[Sample]:
    """One of every way to ask; takes a shelf to be built five times."""
    found: list[Sample] = []
    for part in range(PARTS):
        kept = [_without(each, part) for n, each in enumerate(articles) if n % PARTS != part]
        stock = await shelf.build(part, kept)
        try:
            for n, article in enumerate(articles):
                for way in _held_out(article, part):
                    sample = await _sample(shelf, stock, way, "" if n % PARTS == part else article.id)
                    if sample is not None:
                        found.append(sample)
        finally:
            await stock.index.close()
    return found


def _without(article: Article, part: int) -> Article:
    """The entry without a part of its ways to ask, quotable on any day."""
    variants = tuple(way for n, way in enumerate(article.variants) if n % PARTS != part)
    return replace(article, variants=variants, valid_from=None, valid_to=None)


def _held_out(article: Article, part: int) -> Iterator[str]:
    return (way for n, way in enumerate(article.variants) if n % PARTS == part)


async def _sample(shelf: Shelf, stock: Stock, way: str, wanted: str) -> Sample | None:
    plain, query = shelf.plain(way), Query(way, limit=CANDIDATES)
    likely = stock.likelihood.of_question(plain)
    engine = await stock.index.search(plain, CANDIDATES)
    known = (stock.articles, stock.lexicon, stock.lineages)
    answer = decide(query, engine, *known, date.min, EVERYTHING, stock.experience, likely)
    if not answer.hits:
        return None
    ids = [hit.article.id for hit in answer.hits]
    fit = stock.lexicon.fit(stock.lexicon.question(way, frozenset()), ids[0])
    if fit.exact or fit.astray:
        return None
    margin = 1 - answer.hits[1].score / answer.hits[0].score if len(ids) > 1 and answer.hits[0].score else 1.0
    return Sample(traits(fit, margin, likely.lead(ids[0], ids[1:])), ids[0] == wanted, not wanted)


async def fitted(shelf: Shelf, articles: Sequence[Article]) -> Fitted:
    """The weights of LEARNT_WEIGHTS anew; the order of entries must not follow their subject."""
    found = await samples(shelf, articles)
    return await asyncio.to_thread(fit, found)


def fit(found: Sequence[Sample]) -> Fitted:
    """Logistic regression by Newton's method."""
    told = np.array([each.traits for each in found], dtype=np.float64)
    right = np.array([each.right for each in found], dtype=np.float64)
    weights = np.zeros(told.shape[1])
    for _ in range(STEPS):
        likely = _likely(told, weights)
        slope = told.T @ (likely - right) + MILD * weights
        bend = (told * (likely * (1 - likely))[:, None]).T @ told + MILD * np.eye(len(weights))
        step = np.linalg.solve(bend, slope)
        weights -= step
        if np.abs(step).max() < 1e-8:
            break
    made = Weights(**{each.name: round(float(w), 2) for each, w in zip(fields(Weights), weights, strict=True)})
    in_use = np.array(astuple(LEARNT_WEIGHTS))
    absent = sum(each.absent for each in found)
    return Fitted(made, len(found), absent, _loss(told, right, in_use), _loss(told, right, weights))


def _likely(told: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-np.clip(told @ weights, -30, 30))))


def _loss(told: NDArray[np.float64], right: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    likely = np.clip(_likely(told, weights), 1e-9, 1 - 1e-9)
    return float(-(right * np.log(likely) + (1 - right) * np.log(1 - likely)).mean())
