"""Where a matter is: the area somebody chose, or the places its words speak of."""

from collections.abc import Sequence
from itertools import takewhile

from directory.lookup import Lookup
from directory.model import Area, Level, PlaceHit
from kernel.errors import Invalid, NotFound
from ticketing.rules.dispatch import Where


def locate(lookup: Lookup, area: str, *texts: str) -> Where:
    """The place: ``area`` when one was chosen (Invalid when there is none such), else what ``texts`` say, in order.

    Of a name with several meanings only what they have in common counts.
    """
    if area:
        return Where(_lineage(lookup, area), 1.0, _words_for(lookup, area, texts))
    for text in texts:
        hits = lookup.find_places(text) if text else ()
        if hits:
            return _from_hits(lookup, text, hits)
    return Where(_city(lookup))


def _from_hits(lookup: Lookup, text: str, hits: Sequence[PlaceHit]) -> Where:
    best = hits[0]
    words = text[best.start : best.end]
    if best.certain:
        return Where(lookup.lineage(best.area), 1.0, words)
    rivals = [hit for hit in hits if (hit.start, hit.end) == (best.start, best.end)]
    common = _common([lookup.lineage(hit.area) for hit in rivals])
    if len(rivals) > 1 and len(common) > 1:
        return Where(common, 1.0, words)
    return Where(_city(lookup)) if len(rivals) > 1 else Where(lookup.lineage(best.area), 0.6, words)


def _common(lineages: Sequence[tuple[Area, ...]]) -> tuple[Area, ...]:
    levels = zip(*lineages, strict=False)
    return tuple(areas[0] for areas in takewhile(lambda areas: len({a.code for a in areas}) == 1, levels))


def _words_for(lookup: Lookup, area: str, texts: Sequence[str]) -> str:
    for text in texts:
        for hit in lookup.find_places(text) if text else ():
            if lookup.lies_in(hit.area, area) or lookup.lies_in(area, hit.area):
                return text[hit.start : hit.end]
    return ""


def _lineage(lookup: Lookup, area: str) -> tuple[Area, ...]:
    try:
        return lookup.lineage(area)
    except NotFound as error:
        raise Invalid({"area": "unknown"}) from error


def _city(lookup: Lookup) -> tuple[Area, ...]:
    return lookup.areas(level=Level.CITY)[:1]
