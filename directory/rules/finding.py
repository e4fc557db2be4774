"""Which units somebody may mean who types a few letters of a name: those most likely first."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from directory.model import Unit
from kernel.sounds import readings

FAR = 99


class Match(IntEnum):
    """How letters fit a name, the best first."""

    EXACT = 0
    BEGINS = 1
    HOLDS = 2
    INITIALS_BEGIN = 3
    INITIALS = 4


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was typed, and beside what: ``first`` are units by code that are likely, the likeliest in front; ``near``
    the areas around a place, the smallest in front."""

    text: str = ""
    first: Sequence[str] = ()
    near: Sequence[str] = ()


def found(units: Sequence[Unit], wanted: Wanted, names_of: Callable[[str], Sequence[str]]) -> list[Unit]:
    """The units whose code, name (now or before) or its initials in Pinyin hold what was typed: a whole name, then the
    likely ones, then those in charge nearest to the place, then as well as the letters fit."""
    text = wanted.text.strip().casefold()
    ranked = list[tuple[tuple[bool, int, int, int, int], Unit]]()
    for order, unit in enumerate(units):
        match = _best(text, names_of(unit.code))
        if match is not None:
            likely = wanted.first.index(unit.code) if unit.code in wanted.first else len(wanted.first)
            ranked.append(((match is not Match.EXACT, likely, _distance(unit, wanted.near), match, order), unit))
    return [unit for _, unit in sorted(ranked, key=lambda each: each[0])]


def _distance(unit: Unit, near: Sequence[str]) -> int:
    return min((near.index(area) for area in unit.areas if area in near), default=FAR)


def _best(text: str, names: Sequence[str]) -> Match | None:
    if not text:
        return Match.HOLDS
    return min((match for name in names if (match := _match(text, name.casefold())) is not None), default=None)


def _match(text: str, name: str) -> Match | None:
    if text == name:
        return Match.EXACT
    if text in name:
        return Match.BEGINS if name.startswith(text) else Match.HOLDS
    if not (text.isascii() and text.isalnum()):
        return None
    initials = _initials(name)
    for at in range(len(initials) - len(text) + 1):
        if all(letter in initials[at + step] for step, letter in enumerate(text)):
            return Match.INITIALS if at else Match.INITIALS_BEGIN
    return None


@lru_cache(maxsize=20_000)
def _initials(name: str) -> tuple[frozenset[str], ...]:
    return tuple(frozenset(said[0] for said in readings(each) if said) for each in name)
