"""Texts people are sent: each has a key, so that an administrator may word it otherwise.

The tables of texts hold ``Phrase`` values: they are the text as it comes with the program, and know their key.
Whoever sends one asks the process's ``Phrases`` for the wording in force.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from string import Formatter
from typing import cast

from kernel.errors import Invalid
from kernel.labels import Labelled

LONGEST = 1000
# Characters of one short message and of each part of a long one, where a text holds Chinese and where it does not.
UCS2, GSM = (70, 67), (160, 153)
_GSM_LETTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_DOUBLE = frozenset("^{}\\[~]|€")


class Audience(Labelled):
    """Who reads a text."""

    CITIZEN = "citizen", "市民"
    UNIT = "unit", "承办单位"
    OFFICER = "officer", "工作人员"


class Phrase(str):
    """A text with its key; ``{name}`` stands for what is filled in."""

    __slots__ = ("key",)
    key: str

    def __new__(cls, key: str, text: str) -> "Phrase":
        made = super().__new__(cls, text)
        made.key = key
        return made

    def format(self, *_: object, **values: object) -> "Said":
        """The text filled in, which may still be worded otherwise."""
        return Said(self, values)


class Said(str):
    """A phrase filled in; it knows what with."""

    __slots__ = ("phrase", "values")
    phrase: Phrase
    values: Mapping[str, object]

    def __new__(cls, phrase: Phrase, values: Mapping[str, object]) -> "Said":
        made = super().__new__(cls, str.format(phrase, **values))
        made.phrase, made.values = phrase, dict(values)
        return made


class Phrases:
    """The wordings in force in one process; empty, everything is said as it comes with the program."""

    def __init__(self) -> None:
        self._texts: Mapping[str, str] = {}

    def use(self, texts: Mapping[str, str]) -> None:
        """From now on these texts stand for the phrases of their keys."""
        self._texts = dict(texts)

    def worded(self, text: str) -> str:
        """The text as it is to be sent: a phrase in the wording in force, anything else as it is."""
        if isinstance(text, Said):
            values = {name: self.worded(v) if isinstance(v, str) else v for name, v in text.values.items()}
            return str.format(self._texts.get(text.phrase.key, text.phrase), **values)
        return str(self._texts.get(text.key, text)) if isinstance(text, Phrase) else text


# -- what the administrators are shown ------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Placeholder:
    """What ``{name}`` stands for, with a value to show. ``private``: it may be about a person."""

    name: str
    label: str
    sample: str
    private: bool = False


@dataclass(frozen=True, slots=True)
class PhraseRow:
    """One text: where it is used, who reads it, what may be filled in, and what must be.

    ``forbidden`` are placeholders the sender knows and that must not go to this audience.
    """

    phrase: Phrase
    group: str
    what: str
    audience: Audience
    placeholders: tuple[Placeholder, ...] = ()
    required: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """The phrase's key."""
        return self.phrase.key

    def sample(self, text: str) -> str:
        """``text`` filled in with the values to show."""
        return text.format(**{each.name: each.sample for each in self.placeholders})


def row(
    phrase: str,
    group: str,
    what: str,
    audience: Audience,
    known: Iterable[Placeholder],
    *,
    optional: Iterable[str] = (),
    more: Iterable[str] = (),
) -> PhraseRow:
    """A row whose placeholders are those of the text itself and ``more``; those of the text must stay unless
    ``optional``. Of the other ``known`` ones the private are forbidden."""
    mine = cast("Phrase", phrase)
    used, all_known = set(names_in(mine)), tuple(known)
    allowed = tuple(each for each in all_known if each.name in used or each.name in more)
    private = frozenset(each.name for each in all_known if each.private and each not in allowed)
    return PhraseRow(mine, group, what, audience, allowed, frozenset(used - set(optional)), private)


def names_in(text: str) -> Iterator[str]:
    """The placeholders of a text; ValueError when its braces do not fit or one is no plain name."""
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(name)
        yield name


def checked(row: PhraseRow, text: str) -> str:
    """A text that may stand for the row's; Invalid says what is wrong with it."""
    said = text.strip()
    if not said:
        raise Invalid({"text": "required"})
    if len(said) > LONGEST:
        raise Invalid({"text": "too_long"}, limit=LONGEST)
    try:
        used = set(names_in(said))
    except ValueError as error:
        raise Invalid({"text": "braces_unmatched"}) from error
    if private := used & row.forbidden:
        raise Invalid({"text": "placeholder_private"}, names=_named(private))
    if unknown := used - {each.name for each in row.placeholders}:
        raise Invalid({"text": "placeholder_unknown"}, names=_named(unknown))
    if missing := row.required - used:
        raise Invalid({"text": "placeholder_missing"}, names=_named(missing))
    return said


def _named(names: Iterable[str]) -> str:
    return "、".join(f"{{{name}}}" for name in sorted(names))


def sms_parts(text: str) -> tuple[int, int]:
    """How long a text is as a short message, and in how many parts it goes: 70 or 67 of Chinese, 160 or 153 else."""
    plain = all(char in _GSM_LETTERS or char in _GSM_DOUBLE for char in text)
    if plain:
        length, (single, part) = sum(2 if char in _GSM_DOUBLE else 1 for char in text), GSM
    else:
        length, (single, part) = len(text.encode("utf-16-le")) // 2, UCS2
    return length, 1 if length <= single else ceil(length / part)
