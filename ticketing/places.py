"""Where a matter is: the area somebody chose, or the places its words speak of."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from directory.lookup import Lookup
from directory.model import Area, Level, PlaceHit, Unit
from kernel.errors import Invalid, NotFound
from kernel.messages import GeoPoint
from ticketing.rules.dispatch import Where

# How sure a place is that somebody should look at once more.
DOUBTFUL = 0.6


def locate(lookup: Lookup, area: str, *texts: str, point: GeoPoint | None = None) -> Where:
    """The place: ``area`` when one was chosen (Invalid when there is none such), else what ``texts`` say, in order,
    else what is nearest to ``point``.

    Of a name with several meanings only what they have in common counts. Whose the place is is read from the words.
    """
    where = _where(lookup, area, texts)
    if not area and point is not None:
        where = _with_point(lookup, where, point)
    return replace(where, owner=_owner(lookup, where, texts))


def _where(lookup: Lookup, area: str, texts: Sequence[str]) -> Where:
    if area:
        return Where(_lineage(lookup, area), 1.0, _words_for(lookup, area, texts))
    for text in texts:
        hits = lookup.find_places(text) if text else ()
        if hits:
            return _from_hits(lookup, text, hits)
    return Where(_city(lookup))


def _with_point(lookup: Lookup, where: Where, point: GeoPoint) -> Where:
    """The place with what is near the point, where the words leave the town open or doubtful."""
    town = where.at(Level.TOWN)
    near = None if town is not None and where.certainty >= 1 else lookup.nearby(point)
    if near is None:
        return where
    if town is not None and town.code == near.town:
        return replace(where, certainty=1.0 if near.certain else where.certainty)
    named = where.finest
    if town is not None or (named is not None and not _touch(lookup, near.area, named.code)):
        return replace(where, certainty=min(where.certainty, DOUBTFUL))
    return Where(lookup.lineage(near.area), 1.0 if near.certain else DOUBTFUL, near=near)


def _from_hits(lookup: Lookup, text: str, hits: Sequence[PlaceHit]) -> Where:
    best = hits[0]
    words = text[best.start : best.end]
    if best.certain:
        return Where(lookup.lineage(best.area), 1.0, words)
    rivals = [hit for hit in hits if (hit.start, hit.end) == (best.start, best.end)]
    common = _common([lookup.lineage(hit.area) for hit in rivals])
    if len(rivals) > 1 and len(common) > 1:
        return Where(common, 1.0, words)
    return Where(_city(lookup)) if len(rivals) > 1 else Where(lookup.lineage(best.area), DOUBTFUL, words)


def _owner(lookup: Lookup, where: Where, texts: Sequence[str]) -> Unit | None:
    """The unit that owns or runs the place spoken of first, where that is known and the place lies there."""
    for text in texts:
        hits = lookup.find_places(text) if text else ()
        if not hits:
            continue
        first = [hit for hit in hits if (hit.start, hit.end) == (hits[0].start, hits[0].end)]
        owners = {hit.owner for hit in first}
        around = where.finest
        if len(owners) != 1 or around is None or not any(_touch(lookup, hit.area, around.code) for hit in first):
            return None
        return _active(lookup, owners.pop())
    return None


def _touch(lookup: Lookup, one: str, other: str) -> bool:
    return lookup.lies_in(one, other) or lookup.lies_in(other, one)


def _active(lookup: Lookup, code: str) -> Unit | None:
    try:
        unit = lookup.unit(code) if code else None
    except NotFound:
        return None
    return unit if unit is not None and unit.active else None


def _common(lineages: Sequence[tuple[Area, ...]]) -> tuple[Area, ...]:
    levels = zip(*lineages, strict=False)
    return tuple(areas[0] for areas in takewhile(lambda areas: len({a.code for a in areas}) == 1, levels))


def _words_for(lookup: Lookup, area: str, texts: Sequence[str]) -> str:
    for text in texts:
        for hit in lookup.find_places(text) if text else ():
            if _touch(lookup, hit.area, area):
                return text[hit.start : hit.end]
    return ""


def _lineage(lookup: Lookup, area: str) -> tuple[Area, ...]:
    try:
        return lookup.lineage(area)
    except NotFound as error:
        raise Invalid({"area": "unknown"}) from error


def _city(lookup: Lookup) -> tuple[Area, ...]:
    return lookup.areas(level=Level.CITY)[:1]
