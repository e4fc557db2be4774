"""Changes of single matters: what a matter must be, what a change makes of the catalogue, what it would have meant."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from directory.model import Area, Unit
from kernel.errors import Conflict, Invalid
from kernel.labels import Labelled
from ticketing.model.duties import Matter
from ticketing.rules.coverage import is_covered
from ticketing.rules.dispatch import UnitsAt, Where, find_duty
from ticketing.rules.exceptions import UnitOf, leads_at, may_lead
from ticketing.rules.matterfile import LONGEST_SENTENCE, LONGEST_WORDS

MOST_WORDS, MOST_SENTENCES = 60, 40
LONGEST_WHY = 500
_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


class ChangeKind(Labelled):
    """What is done to a matter."""

    ADD = "add", "新增"
    EDIT = "edit", "修改"
    RETIRE = "retire", "停用"
    RULING = "ruling", "采纳裁定"
    UNDO = "undo", "撤销上次修改"


class ChangeState(Labelled):
    """Where a change stands."""

    WAITING = "waiting", "待生效"
    DONE = "done", "已生效"
    CANCELLED = "cancelled", "已取消"


@dataclass(frozen=True, slots=True)
class MatterChange:
    """One change of a matter. ``before`` is None for a new one, ``after`` for one that is retired; ``successor`` has
    its tickets from then on. ``precedent`` is the ruling it comes of."""

    id: str
    matter: str
    kind: ChangeKind
    state: ChangeState
    valid_from: datetime
    at: datetime
    by: str
    why: str
    before: Matter | None = None
    after: Matter | None = None
    successor: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class MatterOrder:
    """A change somebody wants: the matter as it is to be (None: retired), from which day on, and why."""

    kind: ChangeKind
    code: str
    after: Matter | None
    valid_from: date
    why: str
    successor: str = ""


@dataclass(frozen=True, slots=True)
class Retired:
    """A matter nothing new comes to; ``successor`` is empty when nothing goes on with it."""

    matter: Matter
    successor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Known:
    """What a matter may speak of."""

    functions: Collection[str]
    powers: Collection[str]
    areas: Collection[str]
    units: Mapping[str, Unit]


# -- what a matter must be ------------------------------------------------------------------------------


def checked(matter: Matter, known: Known) -> Matter:
    """The matter as it is kept; Invalid names every wrong field."""
    wrong: dict[str, str] = {}
    if not _CODE.fullmatch(matter.code):
        wrong["code"] = "code_malformed"
    for name in ("level1", "level2", "name"):
        text = getattr(matter, name).strip()
        if not text:
            wrong[name] = "required"
        elif len(text) > LONGEST_WORDS:
            wrong[name] = "too_long"
    lists = {name: _cleaned(getattr(matter, name)) for name in ("keywords", "examples", "asks", "basis", "supports")}
    if not lists["keywords"]:
        wrong["keywords"] = "required"
    for name, longest, most in (
        ("keywords", LONGEST_WORDS, MOST_WORDS),
        ("examples", LONGEST_SENTENCE, MOST_SENTENCES),
        ("asks", LONGEST_SENTENCE, MOST_SENTENCES),
        ("basis", LONGEST_SENTENCE, MOST_SENTENCES),
    ):
        if len(lists[name]) > most or any(len(each) > longest for each in lists[name]):
            wrong[name] = "too_long"
    # In its sheet these are parted by it.
    wrong |= {name: "wrong" for name, values in lists.items() if any("|" in each for each in values)}
    if matter.function not in known.functions:
        wrong["function"] = "unknown_function"
    if matter.needs_power and matter.needs_power not in known.powers:
        wrong["needs_power"] = "unknown_power"
    if any(each not in known.functions for each in lists["supports"]):
        wrong["supports"] = "unknown_function"
    wrong |= _wrong_leads(matter, known)
    if wrong:
        raise Invalid(wrong)
    return replace(
        matter,
        level1=matter.level1.strip(),
        level2=matter.level2.strip(),
        name=matter.name.strip(),
        keywords=lists["keywords"],
        examples=lists["examples"],
        asks=lists["asks"],
        basis=lists["basis"],
        supports=lists["supports"],
    )


def _wrong_leads(matter: Matter, known: Known) -> dict[str, str]:
    areas = [lead.area for lead in matter.leads]
    if len(set(areas)) < len(areas):
        return {"leads": "twice"}
    for lead in matter.leads:
        unit = known.units.get(lead.unit)
        if lead.area not in known.areas:
            return {"leads": "unknown_area"}
        if unit is None or any(each not in known.units for each in lead.supporting):
            return {"leads": "unknown_unit"}
        if not may_lead(matter, unit):
            return {"leads": "lacks_power"}
    return {}


def _cleaned(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.strip() for each in values if each.strip()))


# -- what becomes of the catalogue ----------------------------------------------------------------------


def applied(matters: Sequence[Matter], change: MatterChange) -> tuple[Matter, ...]:
    """The catalogue with a change; Conflict when the matter is not what the change starts from."""
    now = next((each for each in matters if each.code == change.matter), None)
    if now != change.before:
        raise Conflict("matters_changed", current={"matter": change.matter})
    if change.after is None:
        return tuple(each for each in matters if each.code != change.matter)
    if now is not None:
        return tuple(change.after if each is now else each for each in matters)
    return _placed(matters, change.after)


def _placed(matters: Sequence[Matter], new: Matter) -> tuple[Matter, ...]:
    """A new matter behind the last of its group, else behind the last of its first level, else at the end."""
    groups = [(each.level1, each.level2) for each in matters]
    same = [place for place, group in enumerate(groups) if group == (new.level1, new.level2)]
    near = [place for place, group in enumerate(groups) if group[0] == new.level1]
    at = (same or near or [len(matters) - 1])[-1] + 1
    return (*matters[:at], new, *matters[at:])


# -- what it would have meant ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Hole:
    """Towns in which a matter would have no lead, or several; none of which it had before."""

    nobody: tuple[Area, ...]
    several: tuple[Area, ...]

    @property
    def many(self) -> int:
        """How many towns."""
        return len(self.nobody) + len(self.several)


def holes(before: Matter | None, after: Matter, towns: Sequence[Sequence[Area]], units_at: UnitsAt) -> Hole:
    """Where the matter as it is to be is not led as the rule of the catalogue says, and was before."""
    nobody: list[Area] = []
    several: list[Area] = []
    for town in towns:
        where = Where(tuple(town))
        duty = find_duty(after, where, units_at)
        if is_covered(after, duty) or (
            before is not None and not is_covered(before, find_duty(before, where, units_at))
        ):
            continue
        (several if duty is not None and len(duty.units) > 1 else nobody).append(town[-1])
    return Hole(tuple(nobody), tuple(several))


@dataclass(frozen=True, slots=True)
class Past:
    """A ticket of the matter: where it is, and whether it is still open."""

    number: str
    lineage: tuple[Area, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Flow:
    """How many tickets would have gone from one unit to another."""

    before: str
    after: str
    open: int
    closed: int


def flows(
    before: Matter | None, after: Matter | None, tickets: Iterable[Past], units_at: UnitsAt, unit_of: UnitOf
) -> tuple[Flow, ...]:
    """Which tickets would have gone elsewhere, the most first."""
    found: Counter[tuple[str, str, bool]] = Counter()
    for ticket in tickets:
        where = Where(ticket.lineage)
        was = _lead(before, where, units_at, unit_of)
        will = _lead(after, where, units_at, unit_of)
        if was != will:
            found[was, will, ticket.open] += 1
    pairs = Counter({(a, b): 0 for a, b, _ in found})
    for (a, b, _), many in found.items():
        pairs[a, b] += many
    return tuple(Flow(a, b, found[a, b, True], found[a, b, False]) for (a, b), _ in pairs.most_common())


def _lead(matter: Matter | None, where: Where, units_at: UnitsAt, unit_of: UnitOf) -> str:
    leads = leads_at(matter, where, units_at, unit_of) if matter else ()
    return leads[0] if len(leads) == 1 else ""
