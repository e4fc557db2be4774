"""Near-equal suggestions: a sketch of a text, and how much two sketches have in common."""

import hashlib
from collections.abc import Iterable, Mapping

from kernel.chinese import shingles

SKETCH = 64
NEAR = 0.4  # share of common stretches from which on two suggestions are taken to say the same
MOST = 3


def sketch(text: str) -> tuple[int, ...]:
    """The 64 smallest hashes of the text's stretches of three letters, ascending."""
    hashes = {int.from_bytes(hashlib.blake2b(each.encode(), digest_size=6).digest()) for each in shingles(text)}
    return tuple(sorted(hashes)[:SKETCH])


def likeness(one: Iterable[int], other: Iterable[int]) -> float:
    """The share of stretches two texts have in common, estimated from their sketches; 0 to 1."""
    mine, theirs = set(one), set(other)
    smallest = sorted(mine | theirs)[:SKETCH]
    return sum(each in mine and each in theirs for each in smallest) / len(smallest) if smallest else 0.0


def nearest(text: str, others: Mapping[str, Iterable[int]]) -> tuple[str, ...]:
    """The keys of the sketches nearest to ``text``, nearest first; none when none is near."""
    own = sketch(text)
    scored = [(likeness(own, other), key) for key, other in others.items()]
    return tuple(key for score, key in sorted(scored, reverse=True)[:MOST] if score >= NEAR)
