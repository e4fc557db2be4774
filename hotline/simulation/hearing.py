"""Everybody hears of the facts that concern them, in the order they were stated, and sets down what they will do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from hotline.simulation.chats import Chats
from hotline.simulation.citizens import Citizens
from hotline.simulation.hotline_people import HotlinePeople
from hotline.simulation.stage import Stage
from hotline.simulation.unit_people import UnitPeople
from kernel.database import Database
from kernel.journal import journal

MOVES = frozenset(
    f"ticketing.{each}" for each in ("TicketMoved", "TicketOpened", "TicketDispatched", "TicketReplied", "TicketClosed")
)
Fact = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Moved:
    """A ticket that came into a state: who leads, how urgent it is, whose else it is or was."""

    number: str
    unit: str
    urgency: str
    version: int
    units: Sequence[str]


Concerned = Callable[[Moved], None]


class Hearing:
    """Reads what is new in the journal: alone in the house, so that serials are in order."""

    def __init__(
        self, stage: Stage, database: Database, units: UnitPeople, hotline: HotlinePeople, citizens: Citizens,
        chats: Chats,
    ) -> None:  # fmt: skip
        self._s = stage
        self._database = database
        self._units = units
        self._hotline = hotline
        self._citizens = citizens
        self._serial = 0
        self.heard = 0
        self._urgency: dict[str, str] = {}
        self._lead: dict[str, str] = {}
        self._into: Mapping[str, Sequence[Concerned]] = {
            "received": [lambda m: hotline.received(m.number, m.version)],
            "triage": [lambda m: hotline.waits_for_dispatch(m.number, m.urgency, m.version)],
            "need_info": [lambda m: citizens.asked_for_more(m.number, m.version)],
            "answered": [lambda m: citizens.answered(m.number, m.version)],
            "declined": [lambda m: citizens.declined(m.number, m.version)],
            "handed_over": [lambda m: hotline.handed_over(m.number, m.version)],
            "merged": [lambda m: hotline.merged(m.number, m.version)],
            "dispatched": [
                self._tell_parts,
                lambda m: units.dispatched(m.number, m.unit, m.urgency, m.version),
                lambda m: hotline.dispatched(m.number, m.unit, m.version),
            ],
            "accepted": [lambda m: units.accepted(m.number, m.unit, m.urgency, m.version)],
            "in_progress": [lambda m: units.at_work(m.number, m.unit, m.urgency, m.version)],
            "suspended": [
                lambda m: units.suspended(m.number, m.unit, m.version),
                lambda m: hotline.suspended(m.number, m.version),
            ],
            "shelved": [lambda m: hotline.shelved(m.number, m.version)],
            "submitted": [lambda m: units.submitted(m.number, m.unit, m.urgency, m.version)],
            "review": [lambda m: hotline.to_review(m.number, m.urgency, m.version)],
            "replied": [lambda m: citizens.replied(m.number, m.version)],
            "call_back": [lambda m: hotline.to_call_back(m.number, m.urgency, m.version)],
            "closed": [lambda m: citizens.closed(m.number, m.version)],
        }
        self._on: Mapping[str, Callable[[Fact], None]] = {
            **dict.fromkeys(MOVES, self._moved),
            "ticketing.TicketNoted": self._noted,
            "ticketing.RequestAsked": self._asked,
            "ticketing.RequestAgreed": lambda f: hotline.agreed(f["number"], f["request"], f["by"], f["version"]),
            "ticketing.RequestDisputed": lambda f: hotline.disputed(f["number"], f["request"], f["version"]),
            "ticketing.UnitEscalated": self._escalated,
            "ticketing.TicketLate": lambda f: hotline.late(f["number"], f["level"]),
            "desk.AgentTook": lambda f: chats.taken(f["conversation"], f["agent"]),
        }

    async def from_now(self) -> None:
        """What was before concerns nobody."""
        async with self._database.reading() as tx:
            self._serial = await tx.scalar(select(func.coalesce(func.max(journal.c.serial), 0)))

    async def hear(self) -> None:
        """Whatever is new."""
        columns = (journal.c.serial, journal.c.kind, journal.c.body)
        async with self._database.reading() as tx:
            rows = await tx.rows(select(*columns).where(journal.c.serial > self._serial).order_by(journal.c.serial))
        for row in rows:
            self._serial = row["serial"]
            self.heard += 1
            if row["kind"] in self._on:
                self._on[row["kind"]](row["body"])

    def _moved(self, fact: Fact) -> None:
        number, state, version = fact["number"], fact["after"], fact["version"]
        if "urgency" in fact:
            self._urgency[number] = fact["urgency"]
        if fact["action"] == "submit":
            self._citizens.opened(number)
        if "duty_item" in fact:
            self._lead[number] = fact["unit"]
        last = fact["units"][-1] if fact["units"] else ""
        urgency, lead = self._urgency.get(number, "p2"), self._lead.get(number, last)
        moved = Moved(number, lead, urgency, version, fact["units"])
        for concerned in self._into.get(state, ()):
            concerned(moved)

    def _tell_parts(self, moved: Moved) -> None:
        for other in moved.units:
            if other != moved.unit:
                self._units.part(moved.number, other, moved.urgency)

    def _noted(self, fact: Fact) -> None:
        match fact["what"]:
            case "file_appeal":
                self._hotline.appealed(fact["number"], fact["version"])
            case "add_supporting" | "sub_dispatch":
                self._units.part(fact["number"], fact["units"][-1], self._urgency.get(fact["number"], "p2"))

    def _asked(self, fact: Fact) -> None:
        self._hotline.asked(fact["number"], fact["request"], fact["kind"], fact["version"])

    def _escalated(self, fact: Fact) -> None:
        self._lead[fact["number"]] = fact["unit"]
