"""What of an entry is searched for: words cut here, so that no engine needs to know Chinese."""

from collections.abc import Mapping
from typing import Final

from kernel.chinese import normalise, terms
from knowledge.model import Entry

# Words and pairs of characters carry the sense; single characters catch what the cutting missed.
WORDS: Final = {"title": 2.0, "variants": 2.0, "body": 0.5}
CHARACTERS: Final = {"title_characters": 1.0, "body_characters": 0.2}
BOOSTS: Final[Mapping[str, float]] = WORDS | CHARACTERS


def fields_of(entry: Entry) -> Mapping[str, str]:
    """The fields of BOOSTS, each its terms with spaces between them."""
    names = "\n".join((entry.title, *entry.variants))
    return {
        "title": _joined(terms(entry.title)),
        "variants": _joined(terms("\n".join(entry.variants))),
        "body": _joined(terms(entry.body)),
        "title_characters": _joined(_characters(names)),
        "body_characters": _joined(_characters(entry.body)),
    }


def asked_words(text: str) -> tuple[str, ...]:
    """What is looked for in the fields of WORDS, each term once."""
    return tuple(dict.fromkeys(terms(text)))


def asked_characters(text: str) -> tuple[str, ...]:
    """What is looked for in the fields of CHARACTERS, each once."""
    return tuple(dict.fromkeys(_characters(text)))


def _joined(found: list[str]) -> str:
    return " ".join(found)


def _characters(text: str) -> list[str]:
    return [letter for letter in normalise(text).lower() if letter.isalpha() and not letter.isascii()]
