"""A ticket as the figures see it: what its facts say, one after the other. It knows no state, only what happened."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

ROOM = "ticketing."
CONTACT_WITHIN = timedelta(hours=24)
CAME_AGAIN_WITHIN = timedelta(days=30)
GOOD = frozenset({"very_satisfied", "satisfied", "basically_satisfied"})
SOLVED = {"yes": 1.0, "partly": 0.5, "no": 0.0}


@dataclass(frozen=True, slots=True)
class Signed:
    """A unit has it; ``itself``: not the timer for it."""

    at: datetime
    unit: str
    itself: bool


@dataclass(frozen=True, slots=True)
class Vote:
    """The last vote of the citizen; ``own``: given by themselves, not put down by a call-back worker."""

    at: datetime
    unit: str
    good: bool
    solved: float
    own: bool = True


@dataclass(frozen=True, slots=True)
class Inspected:
    """What a quality inspection of the reply found; ``points`` of 100."""

    at: datetime
    points: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Case:
    """One ticket. ``person`` is the citizen's id and goes when it is forgotten; all moments in UTC."""

    number: str
    person: str = ""
    opened: datetime | None = None
    kind: str = ""
    matter: str = ""
    area: str = ""
    channel: str = ""
    repeat: bool = False
    answered: bool = False
    unit: str = ""
    first_unit: str = ""
    dispatched: datetime | None = None
    dispatches: int = 0
    rerouted: bool = False
    signed: tuple[Signed, ...] = ()
    return_asked: bool = False
    extended: bool = False
    contacted: datetime | None = None
    replied: datetime | None = None
    reply_unit: str = ""
    due: datetime | None = None
    first_due: datetime | None = None
    late: datetime | None = None
    released: datetime | None = None
    called_back: bool = False
    vote: Vote | None = None
    bad_vote: datetime | None = None
    bad_unit: str = ""
    rehandled: bool = False
    closed: datetime | None = None
    closed_unit: str = ""
    outcome: str = ""
    lawful: bool = False
    came_again: bool = False
    excluded: datetime | None = None
    inspected: Inspected | None = None
    ended: bool = False

    @property
    def contact_due(self) -> datetime | None:
        """By when somebody was to get in touch: round the clock, nights count."""
        return self.dispatched + CONTACT_WITHIN if self.dispatched else None


def concerns(kind: str, fact: Mapping[str, object]) -> str:
    """The number of the ticket a fact is about; empty when it is about none."""
    return str(fact.get("number", "")) if kind.startswith(ROOM) or kind == INSPECTED else ""


def follow(case: Case, kind: str, fact: Mapping[str, Any], person: str = "") -> Case:
    """The case after one fact more; a fact that says nothing to the figures leaves it as it was."""
    heard = HEARD.get(kind)
    case = heard(case, fact) if heard else case
    if kind == "ticketing.TicketOpened" and person:
        case = replace(case, person=person)
    return case


def same_again(case: Case, earlier: Case) -> bool:
    """Whether ``case`` is the matter of ``earlier`` told once more, within thirty days of its end."""
    if not case.opened or not earlier.closed or case.number == earlier.number:
        return False
    same = (case.person, case.matter) == (earlier.person, earlier.matter) and bool(case.person and case.matter)
    return same and earlier.closed <= case.opened <= earlier.closed + CAME_AGAIN_WITHIN


# -- one fact each --------------------------------------------------------------------------------------


def _opened(case: Case, fact: Mapping[str, Any]) -> Case:
    kind, matter, area, channel = (str(fact.get(name) or "") for name in ("kind", "matter", "area", "channel"))
    repeat = bool(fact.get("repeat"))
    return replace(case, opened=fact["at"], repeat=repeat, kind=kind, matter=matter, area=area, channel=channel)


def _moved(case: Case, fact: Mapping[str, Any]) -> Case:
    action, after = fact.get("action"), fact.get("after")
    if action == "accept":
        itself = fact.get("actor") != "timer"
        case = replace(case, signed=(*case.signed, Signed(fact["at"], case.unit, itself)))
    if action in {"recall", "reassign"}:
        case = replace(case, rerouted=True)
    if action == "rehandle":
        case = replace(case, rehandled=True, ended=False)
    if after == "call_back":
        case = replace(case, called_back=True)
    if after in {"merged", "archived"}:
        case = replace(case, ended=True)
    return case


def _dispatched(case: Case, fact: Mapping[str, Any]) -> Case:
    unit = str(fact.get("unit") or "")
    return replace(
        _moved(case, fact),
        unit=unit,
        first_unit=case.first_unit or unit,
        dispatched=case.dispatched or fact["at"],
        dispatches=case.dispatches + 1,
    )


def _replied(case: Case, fact: Mapping[str, Any]) -> Case:
    unit = str(fact.get("unit") or "")
    case = _moved(case, fact)
    if fact.get("action") == "answer":
        case = replace(case, answered=True)
    if fact.get("action") == "release":
        case = replace(case, released=fact["at"], unit=unit or case.unit)
    if case.replied is not None:
        return case
    due = fact.get("due")
    return replace(case, replied=fact["at"], reply_unit=unit, due=due, first_due=fact.get("first_due") or due)


def _closed(case: Case, fact: Mapping[str, Any]) -> Case:
    case = replace(_moved(case, fact), ended=True, matter=str(fact.get("matter") or case.matter))
    if fact.get("after") != "closed":
        return case
    outcome = str(fact.get("outcome") or "")
    lawful = bool(fact.get("lawful_refusal"))
    return replace(case, closed=fact["at"], closed_unit=case.unit, outcome=outcome, lawful=lawful)


def _rated(case: Case, fact: Mapping[str, Any]) -> Case:
    solved = SOLVED.get(str(fact.get("solved")), 0.0)
    noted = bool(fact.get("noted")) or fact.get("actor") == "callback"
    if noted and _voted_themselves(case):
        return case
    vote = Vote(fact["at"], str(fact.get("unit") or case.unit), fact.get("score") in GOOD, solved, own=not noted)
    if (not vote.good or not vote.solved) and case.bad_vote is None:
        case = replace(case, bad_vote=vote.at, bad_unit=vote.unit)
    return replace(case, vote=vote)


def _voted_themselves(case: Case) -> bool:
    """Whether the citizen has voted on this very reply: no word of a call-back worker takes the place of that."""
    return case.vote is not None and case.vote.own and (case.released is None or case.vote.at >= case.released)


def _asked(case: Case, fact: Mapping[str, Any]) -> Case:
    return replace(case, return_asked=case.return_asked or fact.get("kind") == "return")


def _decided(case: Case, fact: Mapping[str, Any]) -> Case:
    if not fact.get("granted"):
        return case
    match str(fact.get("kind")):
        case "return":
            return replace(case, rerouted=True)
        case "extension":
            return replace(case, extended=True)
        case "exclusion":
            return replace(case, excluded=case.excluded or fact["at"])
    return case


def _late(case: Case, fact: Mapping[str, Any]) -> Case:
    first = fact.get("clock") == "total" and fact.get("level") == 0 and case.replied is None
    return replace(case, late=case.late or fact.get("due")) if first else case


def _contacted(case: Case, fact: Mapping[str, Any]) -> Case:
    return replace(case, contacted=case.contacted or fact.get("counted") or fact["contacted"])


def _contact_taken_back(case: Case, _fact: Mapping[str, Any]) -> Case:
    return replace(case, contacted=None)


def _inspected(case: Case, fact: Mapping[str, Any]) -> Case:
    return replace(case, inspected=Inspected(fact["at"], int(fact["points"]), bool(fact["passed"])))


def _minimised(case: Case, _fact: Mapping[str, Any]) -> Case:
    return replace(case, person="")


INSPECTED = "analytics.ReplyInspected"
HEARD: Mapping[str, Callable[[Case, Mapping[str, Any]], Case]] = {
    "ticketing.TicketOpened": _opened,
    "ticketing.TicketMoved": _moved,
    "ticketing.TicketDispatched": _dispatched,
    "ticketing.TicketReplied": _replied,
    "ticketing.TicketClosed": _closed,
    "ticketing.TicketRated": _rated,
    "ticketing.RequestAsked": _asked,
    "ticketing.RequestDecided": _decided,
    "ticketing.TicketLate": _late,
    "ticketing.CitizenContacted": _contacted,
    "ticketing.ContactTakenBack": _contact_taken_back,
    "ticketing.TicketMinimised": _minimised,
    INSPECTED: _inspected,
}
