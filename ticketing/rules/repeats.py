"""Is it the same matter again: by the same person, or the same event told by others."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import asin, cos, radians, sin, sqrt

from kernel.chinese import shingles
from kernel.labels import Labelled
from kernel.messages import GeoPoint
from ticketing.model import State, Ticket

SAME_PERSON_WITHIN = timedelta(days=30)
EVENT_WITHIN = timedelta(hours=72)
NEAR_METRES = 200
ALIKE = 0.35
ALIKE_SAME_MATTER = 0.18
EARTH_METRES = 6_371_000
ENDED = frozenset({State.CLOSED, State.ARCHIVED, State.WITHDRAWN})


class RepeatKind(Labelled):
    """Why a ticket looks like another."""

    SAME_PERSON = "same_person", "同一诉求人重复反映"
    EVENT = "event", "疑似同一事件"


@dataclass(frozen=True, slots=True)
class Repeat:
    """A ticket that looks like the same matter; ``likeness`` between 0 and 1."""

    ticket: Ticket
    kind: RepeatKind
    likeness: float


def likeness(one: str, other: str) -> float:
    """How much of the letters' pairs two texts share (Jaccard), 0 to 1."""
    a, b = shingles(one, 2), shingles(other, 2)
    return len(a & b) / len(a | b) if a and b else 0.0


def by_same_person(new: Ticket, earlier: Iterable[Ticket], now: datetime) -> list[Repeat]:
    """Open ones and those that ended not more than 30 days ago, if they tell the same."""
    found = []
    for old in earlier:
        if old.id == new.id or (old.state in ENDED and now - old.state_since > SAME_PERSON_WITHIN):
            continue
        alike = likeness(new.text, old.text)
        if alike >= (ALIKE_SAME_MATTER if _same_matter(new, old) else ALIKE):
            found.append(Repeat(old, RepeatKind.SAME_PERSON, alike))
    return sorted(found, key=lambda repeat: -repeat.likeness)


def same_event(new: Ticket, around: Iterable[Ticket], now: datetime) -> list[Repeat]:
    """Received within 72 hours in the same area — within 200 m where both have coordinates — and similar."""
    found = []
    for old in around:
        if old.id == new.id or old.state in ENDED or now - (old.received or old.created) > EVENT_WITHIN:
            continue
        if new.point and old.point and metres(new.point, old.point) > NEAR_METRES:
            continue
        alike = likeness(new.text + new.place, old.text + old.place)
        if alike >= (ALIKE_SAME_MATTER if _same_matter(new, old) else ALIKE):
            found.append(Repeat(old, RepeatKind.EVENT, alike))
    return sorted(found, key=lambda repeat: -repeat.likeness)


def tell_the_same(one: Ticket, other: Ticket) -> bool:
    """Whether a person may merge them: of one matter in one town, or told in like words, or, of one place within three
    days, in not quite unlike ones."""
    alike = likeness(one.text + one.place, other.text + other.place)
    if alike >= ALIKE:
        return True
    apart = metres(one.point, other.point) > NEAR_METRES if one.point and other.point else False
    in_one_place = not apart and (one.area.startswith(other.area) or other.area.startswith(one.area))
    if _same_matter(one, other):
        return in_one_place
    together = abs((one.received or one.created) - (other.received or other.created)) <= EVENT_WITHIN
    return in_one_place and together and alike >= ALIKE_SAME_MATTER


def metres(one: GeoPoint, other: GeoPoint) -> float:
    """The distance of two points on the globe."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    a = sin((lat2 - lat1) / 2) ** 2
    a += cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(a))


def _same_matter(new: Ticket, old: Ticket) -> bool:
    return bool(new.matter) and new.matter == old.matter
