"""Which questions ask the same: the words they share, weighed by how much each tells."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

# Measured on the wordings of the demo city's entries: at 0.6 three of four pairs joined are of one entry.
ALIKE = 0.6

Weights = Mapping[str, float]


def likeness(one: Weights, other: Weights) -> float:
    """How much of the weight of two questions' words they share, 0 to 1."""
    total = sum(one.values()) + sum(other.values())
    return 2 * sum(weight for word, weight in one.items() if word in other) / total if total else 0.0


def join(known: Sequence[tuple[str, Weights]], new: Sequence[tuple[str, Weights]]) -> dict[str, str]:
    """The group of each new question: the ``known`` first question of a group it is most alike, else one of its own.

    Both are ids with the words of the question; new ones may join new ones before them.
    """
    leaders = dict(known)
    by_word: dict[str, set[str]] = defaultdict(set)
    for leader, weights in known:
        for word in weights:
            by_word[word].add(leader)
    found = {}
    for question, weights in new:
        near = {leader for word in weights for leader in by_word.get(word, ())}
        best = max(((likeness(weights, leaders[each]), each) for each in near), default=(0.0, ""))
        if best[0] >= ALIKE:
            found[question] = best[1]
            continue
        found[question] = question
        leaders[question] = weights
        for word in weights:
            by_word[word].add(question)
    return found
