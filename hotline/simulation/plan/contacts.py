"""Who turns to the hotline with what: one plan a contact, drawn from the city's own matters, places and questions."""

import re
from bisect import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import accumulate
from typing import TypeVar

from hotline.simulation.plan.dice import Dice
from hotline.simulation.words import (
    COMPANY,
    FAMILY_NAMES,
    GIVEN_NAMES,
    OPENINGS,
    PERSON,
    PROGRESS,
    SINCE,
    STORM_MATTERS,
    SUGGESTIONS,
    UNCLEAR,
    WISHES,
)

T = TypeVar("T")


class Way(StrEnum):
    """How a contact comes in."""

    PHONE = "phone"
    WEB = "web"
    WECHAT = "wechat"


class Want(StrEnum):
    """What a contact is for."""

    QUESTION = "question"
    MATTER = "matter"
    PROGRESS = "progress"
    SUGGESTION = "suggestion"
    PERSON = "person"


# The shares. Jiangsu 2024 had 85 % by telephone, Guangzhou 2023 62 % on the net; assumed here: three quarters call.
WAYS: Mapping[Way, float] = {Way.PHONE: 0.75, Way.WECHAT: 0.14, Way.WEB: 0.11}
# Jiangsu answers 68 % at once; assumed here: three in ten contacts become tickets, progress is asked for by one in
# twenty, suggestions are rare, and some want nothing but a person.
WANTS: Mapping[Want, float] = {
    Want.MATTER: 0.30,
    Want.QUESTION: 0.62,
    Want.PROGRESS: 0.05,
    Want.SUGGESTION: 0.01,
    Want.PERSON: 0.02,
}
# Assumed. Suggestions open no tickets.
KINDS: Mapping[str, float] = {"help": 0.55, "complaint": 0.33, "report": 0.08, "praise": 0.02, "consult": 0.02}
# One county had a fifth of its orders from people who had told of the matter before.
TOLD_BEFORE = 0.15
# Assumed: of ten tickets one is about what others tell of too, in the same three days.
SAME_EVENT = 0.10
STORM_SHARE = 0.6
SAME_EVENT_WITHIN = timedelta(hours=60)
SEVERAL_MATTERS = 0.5  # how unevenly matters and towns are spread: the n-th is told of 1/n^0.5 as often
RAISED: Mapping[str, float] = {"p2": 0.90, "p1": 0.03, "p3": 0.065, "p0": 0.005}
ENTERPRISES, ANONYMOUS, CONFIDENTIAL, UNPLACED = 0.04, 0.25, 0.03, 0.02
LEFT_BLANK = 0.04
# Assumed: one in six says neither what it is exactly nor where, so that a dispatcher has to look.
VAGUE = 1 / 6
RARE, MOST_TIMES = 0.03, 4.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A matter of the catalogue, as people say it."""

    code: str
    name: str
    kind: str
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something may be: a town, and a place in it."""

    town: str
    town_name: str
    place: str


@dataclass(frozen=True, slots=True)
class CityData:
    """What the plan knows of the city."""

    subjects: tuple[Subject, ...]
    spots: Mapping[str, tuple[Spot, ...]]
    questions: tuple[str, ...]

    @property
    def towns(self) -> tuple[str, ...]:
        """The codes of the towns."""
        return tuple(self.spots)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact. ``event`` names what several tell of; ``again`` whom an earlier contact of the same person was with,
    by its number; ``storm``: it is about the typhoon."""

    number: int
    at: datetime
    way: Way
    want: Want
    person: int
    name: str
    text: str
    kind: str = ""
    matter: str = ""
    urgency: str = "p2"
    area: str = ""
    town: str = ""
    place: str = ""
    secrecy: str = "normal"
    anonymous: bool = False
    company: bool = False
    event: str = ""
    again: int | None = None
    storm: bool = False

    @property
    def phone(self) -> str:
        """The person's number: made up, nothing is ever sent to it."""
        return f"138{self.person:08d}"


@dataclass
class _Known:
    """What was told of lately, to be told of again."""

    matters: list[Contact] = field(default_factory=list)
    people: int = 0


def plan(
    seed: int,
    moments: Sequence[datetime],
    city: CityData,
    is_storm: Callable[[datetime], bool],
    rare: float = 1.0,
) -> list[Contact]:
    """A contact for every moment, in order; what is rare comes ``rare`` times as often, four times at most."""
    known = _Known()
    pools = _Pools.of(seed, city, min(rare, MOST_TIMES))
    return [_contact(seed, number, at, city, pools, known, is_storm(at)) for number, at in enumerate(moments, 1)]


@dataclass(frozen=True, slots=True)
class _Pools:
    """Matters by kind, and towns, the much told of first; sums of their weights."""

    subjects: Mapping[str, tuple[Sequence[Subject], Sequence[float]]]
    storm: Sequence[Subject]
    towns: tuple[Sequence[str], Sequence[float]]
    wants: Mapping[Want, float]
    urgencies: Mapping[str, float]

    @classmethod
    def of(cls, seed: int, city: CityData, times: float) -> "_Pools":
        dice = Dice(seed, "pools")
        by_kind = {kind: dice.shuffled([s for s in city.subjects if s.kind == kind]) for kind in KINDS}
        storm = [s for s in city.subjects if re.search(STORM_MATTERS, s.name)]
        towns = dice.shuffled(city.towns)
        subjects = {kind: (found, _sums(len(found))) for kind, found in by_kind.items()}
        wants = {want: share * (times if share < RARE else 1) for want, share in WANTS.items()}
        urgencies = {urgency: share * (times if share < RARE else 1) for urgency, share in RAISED.items()}
        return cls(subjects, storm, (towns, _sums(len(towns))), wants, urgencies)


def _sums(many: int) -> list[float]:
    return list(accumulate((n + 1) ** -SEVERAL_MATTERS for n in range(many)))


def _contact(
    seed: int, number: int, at: datetime, city: CityData, pools: _Pools, known: _Known, stormy: bool
) -> Contact:
    dice = Dice(seed, "contact", number)
    way, want = dice.weighed(WAYS), dice.weighed(pools.wants)
    storm = stormy and dice.chance(STORM_SHARE)
    if storm and dice.chance(0.8):
        want = Want.MATTER
    if want is Want.MATTER:
        return _matter(dice, number, at, way, city, pools, known, storm)
    person, name = _somebody(dice, known)
    earlier = _earlier(dice, known, at, timedelta(days=20)) if want is Want.PROGRESS else None
    if want is Want.PROGRESS and earlier is None:
        want = Want.QUESTION
    if earlier is not None:
        return Contact(number, at, earlier.way, want, earlier.person, earlier.name, PROGRESS, again=earlier.number)
    texts = {Want.QUESTION: city.questions, Want.SUGGESTION: SUGGESTIONS, Want.PERSON: (PERSON,)}
    return Contact(number, at, way, want, person, name, dice.pick(texts[want]))


def _matter(
    dice: Dice, number: int, at: datetime, way: Way, city: CityData, pools: _Pools, known: _Known, storm: bool
) -> Contact:
    same = _earlier(dice, known, at, timedelta(days=25)) if dice.chance(TOLD_BEFORE) else None
    if same is not None:
        made = _again(dice, number, at, same)
    else:
        event = None
        if dice.chance(0.5 if storm else SAME_EVENT):
            event = _earlier(dice, known, at, SAME_EVENT_WITHIN, storm=storm)
        person, name = _somebody(dice, known)
        made = (
            _new(dice, number, at, way, city, pools, storm, person, name)
            if event is None
            else _of_event(dice, number, at, way, event, person, name)
        )
    known.matters.append(made)
    return made


def _new(
    dice: Dice, number: int, at: datetime, way: Way, city: CityData, pools: _Pools, storm: bool, person: int, name: str
) -> Contact:
    subject = _subject(dice, pools, storm)
    towns, sums = pools.towns
    town = _drawn(dice, towns, sums)
    spot = dice.pick(city.spots[town])
    vague = not storm and subject.kind in UNCLEAR and dice.chance(VAGUE)
    what = dice.pick(UNCLEAR[subject.kind]) if vague else f"{spot.town_name}{spot.place}，{dice.pick(subject.examples)}"
    parts = [dice.pick(OPENINGS), what, dice.pick(SINCE)]
    company = dice.chance(ENTERPRISES)
    parts += [dice.pick(COMPANY)] if company else []
    secret = subject.kind == "report" or dice.chance(CONFIDENTIAL)
    return Contact(
        number,
        at,
        way,
        Want.MATTER,
        person,
        name,
        "，".join(part for part in (*parts, dice.pick(WISHES)) if part),
        kind=subject.kind,
        matter=subject.code if dice.chance(0.5) and not vague else "",
        urgency=dice.weighed(pools.urgencies),
        area=town if not dice.chance(UNPLACED) and not vague else "",
        town=spot.town_name,
        place=spot.place if not dice.chance(LEFT_BLANK) and not vague else "",
        secrecy="confidential" if secret and subject.kind != "report" else "normal",
        anonymous=subject.kind == "report" and dice.chance(ANONYMOUS),
        company=company,
        event=f"{'storm' if storm else 'event'}-{number}",
        storm=storm,
    )


def _again(dice: Dice, number: int, at: datetime, same: Contact) -> Contact:
    return Contact(
        number,
        at,
        same.way,
        Want.MATTER,
        same.person,
        same.name,
        f"{same.text}。{dice.pick(SINCE)}",
        kind=same.kind,
        matter=same.matter,
        area=same.area,
        town=same.town,
        place=same.place,
        event=same.event,
        again=same.number,
        storm=same.storm,
    )


def _of_event(dice: Dice, number: int, at: datetime, way: Way, event: Contact, person: int, name: str) -> Contact:
    return Contact(
        number,
        at,
        way,
        Want.MATTER,
        person,
        name,
        f"{dice.pick(OPENINGS)}{event.text}",
        kind=event.kind,
        matter=event.matter,
        area=event.area,
        town=event.town,
        place=event.place,
        event=event.event,
        storm=event.storm,
    )


def _subject(dice: Dice, pools: _Pools, storm: bool) -> Subject:
    if storm and pools.storm:
        return dice.pick(pools.storm)
    kinds = {kind: weight for kind, weight in KINDS.items() if pools.subjects[kind][0]}
    return _drawn(dice, *pools.subjects[dice.weighed(kinds)])


def _drawn(dice: Dice, options: Sequence[T], sums: Sequence[float]) -> T:
    return options[min(bisect(sums, dice.between(0, sums[-1])), len(options) - 1)]


def _earlier(
    dice: Dice, known: _Known, at: datetime, within: timedelta, *, storm: bool | None = None
) -> Contact | None:
    """Something told of a while ago, anonymous reports aside."""
    for _ in range(8):
        if not known.matters:
            return None
        found = dice.pick(known.matters[-2000:])
        fits = not found.anonymous and found.again is None and at - within <= found.at < at
        if fits and (storm is None or found.storm is storm):
            return found
    return None


def _somebody(dice: Dice, known: _Known) -> tuple[int, str]:
    known.people += 1
    return known.people, dice.pick(FAMILY_NAMES) + dice.pick(GIVEN_NAMES)
