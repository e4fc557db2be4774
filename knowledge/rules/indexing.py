"""What of an entry is searched for: cut here in three ways, so that no engine needs to know Chinese."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from kernel.chinese import normalise, words
from knowledge.model import Entry

_RUN = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+")


def _words(text: str) -> list[str]:
    return [word for word in words(normalise(text).lower()) if _RUN.search(word)]


def _pairs(text: str) -> list[str]:
    found: list[str] = []
    for run in _RUN.findall(normalise(text).lower()):
        pairs = [] if run.isascii() else [run[at : at + 2] for at in range(len(run) - 1)]
        found += pairs or [run]
    return found


def _characters(text: str) -> list[str]:
    return [letter for letter in normalise(text).lower() if letter.isalpha() and not letter.isascii()]


CUTS: Final[Mapping[str, Callable[[str], list[str]]]] = {
    "words": _words,
    "pairs": _pairs,
    "characters": _characters,
}
# Of a name people keep some of the characters and change the words (法考, 社保): there single characters count most.
# What a text says it says in words and pairs too, and it is about more than is asked.
NAME: Final = {"words": 0.5, "pairs": 0.5, "characters": 2.0}
TEXT: Final = {"words": 0.12, "pairs": 0.1, "characters": 0.12}
PARTS: Final[Mapping[str, Mapping[str, float]]] = {"title": NAME, "variants": NAME, "body": TEXT}
BOOSTS: Final[Mapping[str, float]] = {
    f"{part}_{cut}": boost for part, weights in PARTS.items() for cut, boost in weights.items()
}


def fields_of(entry: Entry) -> Mapping[str, str]:
    """The fields of BOOSTS, each its terms with spaces between them."""
    texts = {"title": entry.title, "variants": "\n".join(entry.variants), "body": entry.body}
    return {f"{part}_{cut}": " ".join(CUTS[cut](texts[part])) for part, weights in PARTS.items() for cut in weights}


def asked(text: str) -> Mapping[str, tuple[str, ...]]:
    """What is looked for in the fields of each cut, each term once."""
    return {cut: tuple(dict.fromkeys(cut_by(text))) for cut, cut_by in CUTS.items()}


def boosts_of(cut: str) -> Mapping[str, float]:
    """The fields whose terms were cut so, with what a term found there counts."""
    return {f"{part}_{cut}": weights[cut] for part, weights in PARTS.items()}
