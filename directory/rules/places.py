"""The place finder: which places a text speaks of, and whether one may go by the first without asking back.

Names are taken where words begin and end, the longest first; neighbouring names make one run (市 区 镇街 村居 路);
a name with several meanings is settled by its run, else by areas named elsewhere in the text. Where something
happens goes before where the writer lives. Pure: the names come in as an index.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from directory.model import Area, Level, Place, PlaceHit
from directory.rules import placecontext as context
from directory.rules.placecontext import Elsewhere, Role
from directory.rules.placenames import Entry, Name, PlaceIndex
from kernel.chinese import words

_TIGHT = re.compile(r"(?:的|嘅|属于|属|辖区)?")
_LOOSE = re.compile(r"[\s,，·/\-—|>(（]{1,2}(?:属于|属|在|位于)?")
_CROSSING = re.compile(r"(?:与|和|跟|同|及|、|/|x|×|-|—|[\s]|交)?(?:边|嗰条)?")
_ADMINISTRATIVE = (Level.CITY, Level.DISTRICT, Level.TOWN)


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in the text; ``weak``: it may be part of a longer name or something else; ``doubtful``: it may be none."""

    start: int
    end: int
    name: Name
    weak: bool
    doubtful: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.name.entries


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a run of names means: one entry, or several when that stays open."""

    entries: tuple[Entry, ...]
    start: int
    end: int
    weak: bool
    role: Role
    located: bool
    spot: bool
    doubtful: bool = False

    @property
    def towns(self) -> frozenset[str]:
        return frozenset(entry.town for entry in self.entries)

    @property
    def is_settled(self) -> bool:
        return len(self.entries) == 1 and self.entries[0].town != ""

    @property
    def rank(self) -> tuple[object, ...]:
        is_coarse = self.entries[0].level is Level.DISTRICT
        is_open = len(self.entries) > 1
        return (
            self.weak,
            self.role,
            is_coarse,
            self.doubtful,
            is_open,
            not self.located,
            not self.spot,
            self.start,
        )


class PlaceFinder:
    """Finds the places of one city; ``elsewhere`` are names of other provinces and cities."""

    def __init__(self, areas: Iterable[Area], places: Iterable[Place], elsewhere: Iterable[str] = ()) -> None:
        self.index = PlaceIndex(areas, places)
        self._elsewhere = Elsewhere(elsewhere)

    def find(self, text: str) -> tuple[PlaceHit, ...]:
        """The places ``text`` speaks of, best first; of a name with several meanings every one, none certain.

        Positions are those of ``text``. The city as a whole is no place.
        """
        folded = self.index.fold(text)
        mentions = self._mentions(folded)
        if not mentions:
            return ()
        runs = list(_runs(folded, mentions))
        anchors = _anchors(mentions)
        readings = [reading for run in runs if (reading := _read(folded, run, anchors)) is not None]
        readings = _crossed(folded, readings)
        ranked = sorted(_without_repeats(readings), key=lambda reading: reading.rank)
        return tuple(_hits(ranked))

    def _mentions(self, folded: str) -> list[_Mention]:
        found: list[_Mention] = []
        bounds: frozenset[int] | None = None
        at = 0
        while at < len(folded) - 1:
            mention = None
            for name in self.index.names_at(folded, at):
                if bounds is None:
                    bounds = frozenset(accumulate(map(len, words(folded)), initial=0))
                mention = self._mention(folded, name, at, bounds, found)
                if mention is not None:
                    found.append(mention)
                    break
            at = mention.end if mention is not None else at + 1
        return found

    def _mention(
        self, folded: str, name: Name, start: int, bounds: frozenset[int], found: Sequence[_Mention]
    ) -> _Mention | None:
        """The name as it stands at ``start``, unless it only looks like it."""
        end = start + len(name.text)
        if name.guarded:
            return self._guarded(folded, name, start, bounds, found)
        if found and found[-1].end == start and not found[-1].weak:
            return None if _cannot_end(folded, name, end, bounds) else _Mention(start, end, name, weak=False)
        if start not in bounds or _cannot_end(folded, name, end, bounds):
            return None
        led = context.may_begin(folded, start)
        if name.bare and ((name.ordinary and not led) or context.reads_as_words(folded, start, end, led=led)):
            return None
        is_tail = not led and (name.ordinary or (start - 1 in bounds and not name.is_town))
        weak = is_tail or self._elsewhere.is_before(folded, start)
        return _Mention(start, end, name, weak or (name.bare and context.is_named_after(folded, end)))

    def _guarded(
        self, folded: str, name: Name, start: int, bounds: frozenset[int], found: Sequence[_Mention]
    ) -> _Mention | None:
        """A word that is a name as well: sure directly after an area it lies in, else where it is used like one."""
        end = start + len(name.text)
        if start not in bounds or self._elsewhere.is_before(folded, start):
            return None
        mention = _Mention(start, end, name, weak=False)
        before = found[-1] if found and found[-1].end == start and not found[-1].weak else None
        after = next((each for each in self.index.names_at(folded, end) if not each.guarded), None)
        if before is not None and end in bounds and _goes_with(mention, before):
            return mention
        if after is not None and _goes_with(_Mention(end, end + len(after.text), after, weak=False), mention):
            return mention
        return replace(mention, doubtful=True) if context.is_of_a_place(folded, start, end) else None


def _cannot_end(folded: str, name: Name, end: int, bounds: frozenset[int]) -> bool:
    return name.bare and (end not in bounds or context.is_other_thing(folded, end))


def _runs(folded: str, mentions: Sequence[_Mention]) -> Iterator[list[_Mention]]:
    """Neighbouring names that say one place; a lower name that contradicts the areas directly before it is left out."""
    run: list[_Mention] = []
    for mention in mentions:
        if run:
            gap = folded[run[-1].end : mention.start]
            is_tight = _TIGHT.fullmatch(gap) is not None
            if (is_tight or _LOOSE.fullmatch(gap)) and _goes_with(mention, run[-1]):
                run.append(mention)
                continue
            if is_tight and _contradicts(mention, run[-1]):
                continue
            yield run
        run = [mention]
    if run:
        yield run


def _goes_with(mention: _Mention, before: _Mention) -> bool:
    """One lies in the other, in some of their meanings, and names something finer or wider."""
    return any(a is not b and (a.area in b.path or b.area in a.path) for a in mention.entries for b in before.entries)


def _contradicts(mention: _Mention, before: _Mention) -> bool:
    """A village, road … directly after an area it does not lie in: another of that name, which we do not know."""
    is_area = any(not entry.is_place and entry.level in _ADMINISTRATIVE for entry in before.entries)
    is_finer = all(entry.is_place or entry.level is Level.VILLAGE for entry in mention.entries)
    return is_area and is_finer and not before.weak


def _anchors(mentions: Iterable[_Mention]) -> tuple[Entry, ...]:
    """Districts and towns named without doubt anywhere in the text, the finer first."""
    found = [
        mention.entries[0]
        for mention in mentions
        if len(mention.entries) == 1 and not mention.weak and mention.entries[0].level in (Level.DISTRICT, Level.TOWN)
    ]
    return tuple(sorted(found, key=lambda entry: entry.level is Level.DISTRICT))


def _read(folded: str, run: Sequence[_Mention], anchors: Sequence[Entry]) -> _Reading | None:
    finest = max(run, key=_fineness)
    entries = finest.entries
    for other in run:
        if other is not finest:
            entries = _agreeing(entries, other.entries)
    for anchor in anchors:
        if len(entries) > 1:
            entries = _agreeing(entries, (anchor,))
    entries = tuple(entry for entry in entries if entry.district)
    if not entries:
        return None
    start, end = run[0].start, run[-1].end
    role = context.role_of(folded, start, end)
    located = role is Role.EVENT and any(context.is_located(folded, mention.start) for mention in run)
    weak = finest.weak and len(run) == 1
    doubtful = all(mention.doubtful for mention in run)
    return _Reading(entries, start, end, weak, role, located, context.is_spot(folded, end), doubtful)


def _crossed(folded: str, readings: Sequence[_Reading]) -> list[_Reading]:
    """Two roads named together (甲路与乙路交界) are in the towns that both go through, where there are such."""
    crossed = list(readings)
    for n in range(len(crossed) - 1):
        one, other = crossed[n], crossed[n + 1]
        if not _CROSSING.fullmatch(folded[one.end : other.start]):
            continue
        if not all(entry.is_place and entry.town for entry in (*one.entries, *other.entries)):
            continue
        common = one.towns & other.towns
        if common:
            crossed[n] = replace(one, entries=tuple(e for e in one.entries if e.town in common))
            crossed[n + 1] = replace(other, entries=tuple(e for e in other.entries if e.town in common))
    return crossed


def _fineness(mention: _Mention) -> tuple[bool, bool, bool]:
    levels = {entry.level for entry in mention.entries}
    return (Level.VILLAGE in levels, Level.TOWN in levels, Level.DISTRICT in levels)


def _agreeing(entries: tuple[Entry, ...], others: Iterable[Entry]) -> tuple[Entry, ...]:
    """The entries that lie in one of ``others`` or hold one; all of them when none does."""
    kept = tuple(entry for entry in entries if any(o.area in entry.path or entry.area in o.path for o in others))
    return kept or entries


def _without_repeats(readings: Sequence[_Reading]) -> list[_Reading]:
    """Leave out areas that only repeat or surround what another reading says more finely."""
    kept: list[_Reading] = []
    for reading in readings:
        if any(_is_said_by(reading, other) for other in readings if other is not reading):
            continue
        twin = next((n for n, other in enumerate(kept) if other.entries == reading.entries), None)
        if twin is None:
            kept.append(reading)
        elif reading.rank < kept[twin].rank:
            kept[twin] = replace(reading, located=reading.located or kept[twin].located)
    return kept


def _is_said_by(reading: _Reading, other: _Reading) -> bool:
    if other.weak or len(reading.entries) != 1:
        return False
    area = reading.entries[0].area
    return all(entry.area != area and area in entry.path for entry in other.entries)


def _hits(ranked: Sequence[_Reading]) -> Iterator[PlaceHit]:
    best = ranked[0] if ranked else None
    sure = best is not None and _is_sure(best, ranked[1:])
    for reading in ranked:
        for entry in reading.entries:
            certain = sure and best is not None and reading.towns == best.towns and reading.is_settled
            yield PlaceHit(
                entry.area,
                entry.town,
                entry.district,
                entry.name,
                reading.start,
                reading.end,
                entry.kind,
                certain,
                entry.owner,
            )


def _is_sure(best: _Reading, others: Sequence[_Reading]) -> bool:
    """The best names a town, and nothing else in the text may as well be where it happens."""
    if best.weak or best.doubtful or not best.is_settled or best.role.is_aside:
        return False
    return not any(_rivals(other, best) for other in others)


def _rivals(other: _Reading, best: _Reading) -> bool:
    if other.weak or other.doubtful or best.towns <= other.towns:
        return False
    if (best.role, other.role) == (Role.HOME, Role.WORK):
        return True
    if other.role is not best.role:
        return False
    is_coarse = all(not entry.town for entry in other.entries)
    return other.located or not (best.located or is_coarse)
