"""What differs between two versions of an entry, field by field and in the words of each."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from knowledge.model import Article
from knowledge.rules.articlesheet import LAYOUT

_CLAUSE = re.compile(r"[^，。；：、！？\n]+|[，。；：、！？\n]")
_FILES = "attachments"
LABELS = {column.name: column.label for column in LAYOUT.columns if column.name != "id"} | {_FILES: "附件"}


class Change(StrEnum):
    """What became of a piece of text."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a text that stayed, went or came."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is not the same; ``label`` is Chinese, ``pieces`` are in reading order."""

    field: str
    label: str
    pieces: tuple[Piece, ...]


def differences(before: Article, after: Article) -> tuple[Difference, ...]:
    """Every field in which ``after`` says something else than ``before``."""
    found = []
    for name, label in LABELS.items():
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            found.append(Difference(name, label, pieces(_written(old), _written(new))))
    return tuple(found)


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """The pieces of two texts, cut where sentences are."""
    one, two = _CLAUSE.findall(old), _CLAUSE.findall(new)
    found: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, two, autojunk=False).get_opcodes():
        if tag == "equal":
            found += _piece(Change.SAME, one[a:b])
        else:
            found += _piece(Change.GONE, one[a:b]) + _piece(Change.NEW, two[c:d])
    return tuple(found)


def _piece(change: Change, parts: Sequence[str]) -> list[Piece]:
    return [Piece(change, "".join(parts))] if parts else []


def _written(value: str | tuple[str, ...] | date | None) -> str:
    match value:
        case None:
            return ""
        case tuple():
            return "\n".join(value)
        case date():
            return value.isoformat()
        case _:
            return value
