"""The index of names that the place finder looks for: areas and places under every way they are written."""

import re
import unicodedata
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import dataclass

from directory.model import Area, Level, Place
from kernel.chinese import is_ordinary_word, may_be_a_name, simplified

_HEAD = 2  # names are looked up by their first two characters
_UNREADABLE = "\ufffd"
_OFFICE = re.compile(r"(?:村民委员会|居民委员会|村委会|居委会)$")
_VILLAGE = re.compile(r"(?:社区|村)$")
_SHORTENED = re.compile(r"(?:社区|村|镇|街道|区)$")
_SUFFIX = re.compile(r"(?:市|区|镇|街道|街道办|街办|街|社区|村|委会|委员会|居委|村委)$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing a name can mean. ``path`` holds its area and all areas above it."""

    area: str
    town: str
    district: str
    name: str
    kind: str
    level: Level
    path: frozenset[str]
    is_place: bool = False
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to write one or several entries.

    ``bare``: short, or without 镇, 街道, 社区 … so that it may be part of other words. ``ordinary``: what stands before
    社区 or 村 is an everyday word (花园社区), so that a longer name may end in it. ``guarded``: short for an area, but
    a word or another city's name as well (西南, 大塘), so that only what stands around it makes it a name.
    """

    text: str
    entries: tuple[Entry, ...]
    bare: bool
    ordinary: bool
    guarded: bool = False

    @property
    def is_town(self) -> bool:
        """Whether it can only be a district or town under its full name."""
        return not self.bare and all(e.level is not Level.VILLAGE for e in self.entries)


class _Folding(dict[int, str]):
    """Characters as the index writes them, each exactly one: simplified, narrow, small; worked out when first met."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        is_surrogate = 0xD800 <= code <= 0xDFFF
        folded = _UNREADABLE if is_surrogate else simplified(unicodedata.normalize("NFKC", char)).casefold()
        self[code] = folded if len(folded) == 1 else char
        return self[code]


class PlaceIndex:
    """Every name by its first two characters, the longest first."""

    def __init__(self, areas: Iterable[Area], places: Iterable[Place]) -> None:
        self._folding = _Folding()
        areas = list(areas)
        meanings = self._meanings(areas, places)
        bare = {text for text, entries in meanings.items() if _is_bare(text, entries)}
        heads: dict[str, list[Name]] = {}
        for text, entries in meanings.items():
            if len(text) >= _HEAD:
                name = Name(text, tuple(entries), text in bare, _is_ordinary(text, entries, meanings))
                heads.setdefault(text[:_HEAD], []).append(name)
        for text, meant in _short_forms(areas, meanings, self.fold):
            heads.setdefault(text[:_HEAD], []).append(Name(text, meant, bare=True, ordinary=False, guarded=True))
        self._heads = {head: tuple(sorted(names, key=_by_length)) for head, names in heads.items()}

    def _meanings(self, areas: list[Area], places: Iterable[Place]) -> dict[str, list[Entry]]:
        meanings: dict[str, list[Entry]] = {}
        for text, entry in _written(areas, places):
            known = meanings.setdefault(self.fold(text), [])
            if entry not in known:
                known.append(entry)
        # 叠南社区 is called 叠南村 too, unless there is a village of that name.
        for text, entries in list(meanings.items()):
            other = _other_form(text)
            if other and other not in meanings and not _is_ordinary(text, entries, meanings):
                meanings[other] = entries
        return meanings

    def fold(self, text: str) -> str:
        """The text as the index writes names; every character keeps its position."""
        return text.translate(self._folding)

    def names_at(self, folded: str, start: int) -> Iterator[Name]:
        """The names that begin at ``start`` of a folded text, longest first."""
        for name in self._heads.get(folded[start : start + _HEAD], ()):
            if folded.startswith(name.text, start):
                yield name

    def names(self) -> Iterator[str]:
        """Every name, as folded."""
        for found in self._heads.values():
            yield from (name.text for name in found)


def _written(areas: list[Area], places: Iterable[Place]) -> Iterator[tuple[str, Entry]]:
    by_code = {area.code: area for area in areas}
    paths = {area.code: tuple(lineage(area, by_code)) for area in areas}
    for area in areas:
        entry = _area_entry(area, paths[area.code])
        for text in (area.name, *area.aliases, *(_village_forms(area.name) if area.level is Level.VILLAGE else ())):
            yield text, entry
    for place in places:
        path = paths[place.town]
        town = _area_entry(by_code[place.town], path)
        entry = Entry(
            town.area,
            town.town,
            town.district,
            place.name,
            place.kind.value,
            Level.VILLAGE,
            town.path,
            is_place=True,
            owner=place.owner,
        )
        for text in (place.name, *place.aliases):
            yield text, entry


def _short_forms(
    areas: list[Area], known: Container[str], fold: Callable[[str], str]
) -> Iterator[tuple[str, tuple[Entry, ...]]]:
    """What districts, towns and villages are called in short, where that is no name yet and may be one at all."""
    by_code = {area.code: area for area in areas}
    found: dict[str, list[Entry]] = {}
    for area in areas:
        text = fold(_SHORTENED.sub("", _OFFICE.sub("", area.name)))
        if area.level is Level.CITY or len(text) < _HEAD or text == area.name or text in known:
            continue
        if may_be_a_name(text) if area.level is Level.VILLAGE else True:
            found.setdefault(text, []).append(_area_entry(area, tuple(lineage(area, by_code))))
    for text, entries in found.items():
        yield text, tuple(entries)


def lineage(area: Area, by_code: Mapping[str, Area]) -> list[Area]:
    """The areas from the city down to ``area``; the codes above it must be known and free of circles."""
    path = [area]
    while path[0].parent:
        path.insert(0, by_code[path[0].parent])
    return path


def _area_entry(area: Area, path: tuple[Area, ...]) -> Entry:
    at = {each.level: each.code for each in path}
    codes = frozenset(each.code for each in path)
    return Entry(
        area.code, at.get(Level.TOWN, ""), at.get(Level.DISTRICT, ""), area.name, area.level.value, area.level, codes
    )


def _village_forms(name: str) -> Iterator[str]:
    """河宕村民委员会 is also 河宕村, 河宕村委会 and 河宕村委; 沙头社区居委会 also 沙头社区 and 沙头居委会."""
    stem = _OFFICE.sub("", name)
    if stem.endswith("社区"):
        yield from (stem, f"{stem}居委会", f"{stem.removesuffix('社区')}居委会", f"{stem.removesuffix('社区')}居委")
    elif name != stem:
        village = stem if stem.endswith("村") else f"{stem}村"
        yield from (village, f"{village}村委会", f"{village}委会", f"{village}委", f"{village}民委员会")


def _is_bare(text: str, entries: list[Entry]) -> bool:
    return len(text) <= _HEAD or (_SUFFIX.search(text) is None and not any(entry.is_place for entry in entries))


def _is_ordinary(text: str, entries: list[Entry], meanings: Container[str]) -> bool:
    if any(entry.is_place or entry.level is not Level.VILLAGE for entry in entries):
        return False
    stem = _VILLAGE.sub("", _OFFICE.sub("", text))
    return stem not in meanings and (len(stem) < _HEAD or is_ordinary_word(stem))


def _other_form(text: str) -> str:
    stem = _VILLAGE.sub("", text)
    if stem == text or len(stem) < _HEAD:
        return ""
    return f"{stem}村" if text.endswith("社区") else f"{stem}社区"


def _by_length(name: Name) -> int:
    return -len(name.text)
