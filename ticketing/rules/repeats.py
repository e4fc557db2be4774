"""Is it the same matter again: by the same person, or the same event told by others."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from math import asin, cos, radians, sin, sqrt

from kernel.chinese import shingles
from kernel.labels import Labelled
from kernel.messages import GeoPoint
from ticketing.model.acting import Form
from ticketing.model.labels import Cause, Flag, State
from ticketing.model.ticket import Ticket
from ticketing.rules.limits import Limits
from ticketing.rules.nearness import spots

ALIKE = 0.35
ALIKE_SAME_MATTER = 0.18
# What is known to be of two matters is one event only if it is told in nearly the same words.
ALIKE_OTHER_MATTER = 0.6
# 请有关部门核查并告知处理结果: every note ends so, and likens none to another.
_FORMULA = re.compile(
    r"(?:请|望|希望|恳请|要求)[^，。；！!]{0,12}(?:部门|核查|核实|处理|解决|回复|答复|告知|调查)[^。；！!]{0,16}(?:[。；！!]|$)"
)
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


@dataclass(frozen=True, slots=True)
class Scope:
    """The town and the district of a ticket, empty where they are not known, and how areas lie in each other."""

    town: str
    district: str
    lies_in: Callable[[str, str], bool]


def likeness(one: str, other: str) -> float:
    """How much of the letters' pairs two texts share (Jaccard), 0 to 1."""
    a, b = shingles(one, 2), shingles(other, 2)
    return len(a & b) / len(a | b) if a and b else 0.0


def by_same_person(new: Ticket, earlier: Iterable[Ticket], now: datetime, limits: Limits) -> list[Repeat]:
    """Open ones and those that ended lately, if they tell the same."""
    found = []
    for old in earlier:
        if old.id == new.id or (old.state in ENDED and now - old.state_since > limits.repeat_within):
            continue
        alike = likeness(new.text, old.text)
        if alike >= (ALIKE_SAME_MATTER if same_matter(new, old) else ALIKE):
            found.append(Repeat(old, RepeatKind.SAME_PERSON, alike))
    return sorted(found, key=lambda repeat: -repeat.likeness)


def same_event(new: Ticket, around: Iterable[Ticket], now: datetime, scope: Scope, limits: Limits) -> list[Repeat]:
    """Received lately at the same place and similar; of before, what is open yet of the same spot."""
    found = []
    for old in around:
        age = now - (old.received or old.created)
        if old.id == new.id or old.state in ENDED or age > limits.event_goes_on:
            continue
        is_fresh = age <= limits.event_within
        if not at_one_place(new, old, scope if is_fresh else replace(scope, town=""), limits):
            continue
        alike = likeness(told(new), told(old))
        if (is_fresh and same_matter(new, old) and alike >= ALIKE_SAME_MATTER) or _tell_alike(new, old, alike):
            found.append(Repeat(old, RepeatKind.EVENT, alike))
    return sorted(found, key=lambda repeat: -repeat.likeness)


def told(ticket: Ticket) -> str:
    """What a ticket tells and where, without the words that stand at the end of any."""
    return (_FORMULA.sub("", ticket.text) or ticket.text) + ticket.place


def _tell_alike(one: Ticket, other: Ticket, alike: float) -> bool:
    """Whether two tell the same whatever their matters are, as ``alike`` as all of it is; but for one matter, where it
    is does not count: it is one place."""
    if same_matter(one, other):
        return alike >= ALIKE
    least = ALIKE_OTHER_MATTER if other_matter(one, other) else ALIKE
    return alike >= least and likeness(_bare(one), _bare(other)) >= least


def _bare(ticket: Ticket) -> str:
    words = _FORMULA.sub("", ticket.text) or ticket.text
    return words.replace(ticket.place, "") if ticket.place else words


def at_one_place(new: Ticket, old: Ticket, scope: Scope, limits: Limits) -> bool:
    """Near each other where both have coordinates, else the same town, road, estate or village; a road of
    the same name in another district is another road."""
    if new.point and old.point:
        return metres(new.point, old.point) <= limits.event_metres
    mine, theirs = spots(new.place) or spots(new.text), spots(old.place) or spots(old.text)
    if mine and theirs and mine.isdisjoint(theirs):
        return False
    if scope.town and old.area and scope.lies_in(old.area, scope.town):
        return True
    same_district = not scope.district or not old.area or scope.lies_in(old.area, scope.district)
    return same_district and not mine.isdisjoint(theirs)


def crowd(persons: int, tellings: int, nearby: int, limits: Limits) -> Form:
    """What it raises that ``persons`` tell of one event, that it is told ``tellings`` times already, and that
    ``nearby`` people tell of such a matter in the town."""
    causes: list[Cause] = []
    flags: list[Flag] = []
    if tellings >= limits.repeats_from:
        causes.append(Cause.REPEATS)
    if persons >= limits.group_from:
        causes.append(Cause.GROUP)
        flags.append(Flag.GROUP)
    if nearby >= limits.hot_from:
        flags.append(Flag.HOT)
    reasons = [*(cause.label for cause in causes), *(flag.label for flag in flags if flag is Flag.HOT)]
    return Form(reason=f"因：{'、'.join(reasons)}", flags=frozenset(flags), causes=frozenset(causes))


def tell_the_same(one: Ticket, other: Ticket, limits: Limits) -> bool:
    """Whether a person may merge them: of one matter in one town, or told in like words, or, of one place within three
    days, in not quite unlike ones."""
    alike = likeness(told(one), told(other))
    if _tell_alike(one, other, alike):
        return True
    apart = metres(one.point, other.point) > limits.event_metres if one.point and other.point else False
    in_one_place = not apart and (one.area.startswith(other.area) or other.area.startswith(one.area))
    if same_matter(one, other):
        return in_one_place
    together = abs((one.received or one.created) - (other.received or other.created)) <= limits.event_within
    return in_one_place and together and not other_matter(one, other) and alike >= ALIKE_SAME_MATTER


def metres(one: GeoPoint, other: GeoPoint) -> float:
    """The distance of two points on the globe."""
    lat1, lat2 = radians(one.latitude), radians(other.latitude)
    a = sin((lat2 - lat1) / 2) ** 2
    a += cos(lat1) * cos(lat2) * sin(radians(other.longitude - one.longitude) / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(a))


def same_matter(new: Ticket, old: Ticket) -> bool:
    """Whether both are known to be of the same matter."""
    return bool(new.matter) and new.matter == old.matter


def other_matter(one: Ticket, other: Ticket) -> bool:
    """Whether both are known to be of matters that differ."""
    return bool(one.matter) and bool(other.matter) and one.matter != other.matter
