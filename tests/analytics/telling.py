"""Hand-made journals: a ticket's facts, one call each, at the moment and by whom the test says."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analytics.rules.cases import Case, follow
from analytics.rules.parts import Part, parts
from kernel.journal import Fact, kind_of
from tests.schedule import local
from ticketing.events import (
    CitizenContacted,
    ContactTakenBack,
    RequestAsked,
    RequestDecided,
    TicketClosed,
    TicketDispatched,
    TicketLate,
    TicketMoved,
    TicketOpened,
    TicketRated,
    TicketReplied,
)
from ticketing.model.labels import Actor, ClockKind, Outcome, RequestKind, Score, Solved, State, TicketKind, Urgency

MORNING = local("2026-03-16 10:00")


@dataclass
class Told:
    """One ticket's facts in the order they are told."""

    number: str = "N1"
    unit: str = "unit-a"
    at: datetime = MORNING
    facts: list[Fact] = field(default_factory=list)

    def wait(self, **span: float) -> "Told":
        """Let time pass."""
        self.at += timedelta(**span)
        return self

    def _about(self, actor: Actor = Actor.UNIT) -> tuple[str, datetime, Actor, str, tuple[str, ...]]:
        return self.number, self.at, actor, "somebody", (self.unit,)

    def _keep(self, fact: Fact) -> "Told":
        self.facts.append(fact)
        return self

    def opened(self, matter: str = "lamp", area: str = "", channel: str = "web", *, repeat: bool = False) -> "Told":
        begun = (*self._about(Actor.CITIZEN), "submit", State.DRAFT, State.RECEIVED, 1, "")
        about = (TicketKind.COMPLAINT, Urgency.P2, matter, area, channel, repeat)
        return self._keep(TicketOpened(*begun, *about))

    def dispatched(self, unit: str = "", action: str = "dispatch") -> "Told":
        self.unit = unit or self.unit
        moved = (action, State.TRIAGE, State.DISPATCHED, 2, "")
        return self._keep(TicketDispatched(*self._about(Actor.TIMER), *moved, self.unit, True, 0.9, ""))

    def moved(self, action: str, after: State, actor: Actor = Actor.UNIT) -> "Told":
        return self._keep(TicketMoved(*self._about(actor), action, State.DISPATCHED, after, 3, ""))

    def contacted(self, ago: timedelta = timedelta(0), *, believed: bool = True) -> "Told":
        told = self.at - ago
        return self._keep(CitizenContacted(*self._about(), self.unit, told, told if believed else self.at))

    def replied(self, due: datetime, first_due: datetime | None = None, action: str = "release") -> "Told":
        moved = (action, State.REVIEW, State.REPLIED, 4, "")
        unit = "" if action == "answer" else self.unit
        return self._keep(TicketReplied(*self._about(Actor.REVIEWER), *moved, unit, due, first_due or due))

    def rated(self, score: Score = Score.SATISFIED, solved: Solved = Solved.YES) -> "Told":
        return self._keep(TicketRated(*self._about(Actor.CITIZEN), score, solved, self.unit))

    def noted(self, score: Score = Score.SATISFIED, solved: Solved = Solved.YES, *, said: bool = True) -> "Told":
        """A call-back worker puts a vote down; older facts do not say so (``said``) but for who did it."""
        return self._keep(TicketRated(*self._about(Actor.CALLBACK), score, solved, self.unit, noted=said))

    def contact_taken_back(self) -> "Told":
        return self._keep(ContactTakenBack(*self._about(), self.unit))

    def closed(self, *, lawful: bool = False) -> "Told":
        moved = ("close", State.CALL_BACK, State.CLOSED, 5, "")
        return self._keep(TicketClosed(*self._about(Actor.TIMER), *moved, Outcome.RESOLVED, "lamp", lawful))

    def late(self, due: datetime, level: int = 0) -> "Told":
        return self._keep(TicketLate(*self._about(Actor.TIMER), ClockKind.TOTAL, due, level))

    def asked(self, kind: RequestKind) -> "Told":
        return self._keep(RequestAsked(*self._about(), "r1", kind, self.unit, self.at, 3, ""))

    def decided(self, kind: RequestKind, *, granted: bool = True) -> "Told":
        return self._keep(RequestDecided(*self._about(Actor.REVIEWER), "r1", kind, self.unit, granted, 3, ""))

    # -- what comes of it -------------------------------------------------------------------------------

    def case(self) -> Case:
        """The case after all facts."""
        case = Case(self.number)
        for fact in self.facts:
            body = {name: getattr(fact, name) for kind in type(fact).__mro__ for name in getattr(kind, "__slots__", ())}
            case = follow(case, kind_of(type(fact)), body, "citizen")
        return case

    def counts(self, measure: str, now: datetime | None = None) -> list[Part]:
        """What it counts for one measure."""
        return [part for part in parts(self.case(), now or self.at) if part.measure == measure]

    def share(self, measure: str, now: datetime | None = None) -> tuple[float, int]:
        """Numerator and denominator."""
        found = self.counts(measure, now)
        return sum(part.numerator for part in found), sum(part.denominator for part in found)


def stream(*tickets: Told) -> Iterator[Fact]:
    """All facts in the order of time."""
    return iter(sorted((fact for told in tickets for fact in told.facts), key=lambda fact: fact.at))
