"""Two rankings made one by the ranks alone (reciprocal rank fusion, Cormack and others 2009)."""

from collections.abc import Sequence
from typing import Final

from knowledge.model import Found

# As published: how much less a place counts than the one before it.
K: Final = 60


def fused(worded: Sequence[Found], meant: Sequence[str], limit: int) -> tuple[Found, ...]:
    """What was found by its words and what is near in meaning, the best of both first.

    A score is the words' engine's, so that it goes on meaning what it did; what it did not find has that of its last.
    """
    places: dict[str, float] = {}
    for ranking in ([each.id for each in worded], meant):
        for rank, id_ in enumerate(ranking, start=1):
            places[id_] = places.get(id_, 0.0) + 1 / (K + rank)
    scores = {each.id: each.score for each in worded}
    last = worded[-1].score if worded else 1.0
    order = sorted(places, key=lambda id_: -places[id_])
    return tuple(Found(id_, scores.get(id_, last)) for id_ in order[:limit])
