"""Small honest rooms below the bot: a shelf of entries, a book of tickets, a box of suggestions, all in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import yaml

from bot.model import Caller, OpenTicket
from directory.lookup import Lookup
from kernel.chinese import shingles, to_mandarin
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Conflict, Invalid, NotFound
from kernel.messages import Address
from kernel.people import Principal
from knowledge.model import Answer, Article, ArticleState, Hit, Verdict
from ticketing.model.acting import Form
from ticketing.model.duties import Candidate, DispatchDecision, Matter
from ticketing.model.labels import (
    CITIZEN_WORDS,
    Action,
    AssignmentRole,
    AssignmentState,
    ClockKind,
    LimitUnit,
    SideAction,
    State,
)
from ticketing.model.ticket import Alike, Assignment, Draft, Limit, Rating, Ticket
from ticketing.model.ticket import Clock as TicketClock

SURE, PERHAPS, CERTAIN = 0.5, 0.25, 0.9
RATE_IN = {State.REPLIED: Action.RATE, State.CALL_BACK: SideAction.CHANGE_RATING}


@cache
def articles(folder: Path) -> tuple[Article, ...]:
    """The entries of a city's files, verified on a day."""
    made = []
    for path in sorted(folder.glob("*.yaml")):
        row = yaml.safe_load(path.read_text("utf-8"))
        made.append(
            Article(
                row["id"],
                row["title"],
                row["short"],
                row["owner"],
                variants=tuple(row["variants"]),
                materials=tuple(row["materials"]),
                basis=tuple(row["basis"]),
                verified_on=date(2026, 2, 2),
                state=ArticleState.PUBLISHED,
            )
        )
    return tuple(made)


def _holds_in(entry: Article, area: str) -> bool:
    return not entry.areas or any(area.startswith(each) for each in entry.areas)


@dataclass
class Shelf:
    """Entries found by the share of letter pairs their best wording has in common with the question."""

    entries: Sequence[Article]
    unanswered: list[tuple[str, str]] = field(default_factory=list)
    outcomes: list[tuple[str, str, bool]] = field(default_factory=list)

    async def answer(self, question: str, *, area: str = "") -> Answer:
        held = [
            (n, entry)
            for n, entry in enumerate(self.entries)
            if not entry.areas or any(area.startswith(each) for each in entry.areas)
        ]
        scored = sorted(((self._score(entry, question), n) for n, entry in held), reverse=True)
        hits = tuple(Hit(self.entries[n], score) for score, n in scored[:4] if score >= PERHAPS)
        if not hits:
            return Answer()
        best = hits[0].score
        ahead = len(hits) == 1 or best - hits[1].score > 0.1
        verdict = Verdict.ANSWER if best >= SURE and ahead else Verdict.CHOOSE
        if verdict is Verdict.ANSWER:
            return Answer(hits, max(best, CERTAIN), verdict)
        return Answer(hits, best, verdict, hits)

    async def article(self, article_id: str) -> Article:
        found = next((entry for entry in self.entries if entry.id == article_id), None)
        if found is None:
            raise NotFound("article")
        return found

    async def record_unanswered(self, tx: Tx, question: str, area: str, address: Address | None = None) -> None:
        self.unanswered.append((question, area))

    async def record_outcome(
        self, tx: Tx, article_id: str, question: str, solved: bool, address: Address | None = None
    ) -> None:
        self.outcomes.append((article_id, question, solved))

    @staticmethod
    def _score(entry: Article, question: str) -> float:
        asked = shingles(to_mandarin(question), 2)
        wordings = [shingles(to_mandarin(each), 2) for each in (entry.title, *entry.variants)]
        return max((len(asked & each) / max(len(asked | each), 1) for each in wordings), default=0.0)


@dataclass
class Book:
    """Tickets as they were opened; the lead is the first unit of the draft's area."""

    lookup: Lookup
    clock: Clock
    opened: list[tuple[Ticket, Draft]] = field(default_factory=list)
    urged: list[str] = field(default_factory=list)
    added: list[tuple[str, int]] = field(default_factory=list)
    told_later: list[tuple[str, str]] = field(default_factory=list)
    withdrawn: list[tuple[str, str]] = field(default_factory=list)
    sure: bool = False
    told: Alike | None = None
    matters: dict[str, tuple[Matter, float]] = field(default_factory=dict)

    async def alike(self, tx: Tx, draft: Draft) -> Alike | None:
        return self.told

    async def open(self, tx: Tx, draft: Draft, by: Principal) -> Ticket:
        if not draft.text.strip():
            raise Invalid({"text": "required"})
        if not draft.place.strip() and not draft.placeless:
            raise Invalid({"place": "required"})
        now, number = self.clock.now(), f"FS20260316{len(self.opened) + 1:05d}"
        clock = TicketClock(ClockKind.TOTAL, now, Limit(LimitUnit.WORKING_DAYS, 5), now + timedelta(days=7))
        ticket = Ticket(
            id=number,
            kind=draft.kind,
            urgency=draft.urgency,
            state=State.DISPATCHED if draft.area else State.TRIAGE,
            state_since=now,
            text=draft.text,
            created=now,
            updated=now,
            number=number,
            query_code="A7K9M2",
            title=draft.title,
            area=draft.area,
            place=draft.place,
            citizen=draft.citizen,
            parent=draft.same_as,
            clocks=(clock,),
            assignments=self._lead(number, draft.area, clock),
        )
        self.opened.append((ticket, draft))
        return ticket

    async def urge(self, tx: Tx, number: str, by: Principal) -> None:
        if number in self.urged:
            raise Conflict("urged_already")
        self.urged.append(number)

    async def act(
        self,
        tx: Tx,
        number: str,
        action: Action | SideAction,
        form: Form,
        by: Principal,
        *,
        version: int | None = None,
    ) -> Ticket:
        ticket = await self.by_number(tx, number, by)
        if action is Action.WITHDRAW:
            return self._withdraw(ticket, form)
        if action in {SideAction.ADD_EVIDENCE, Action.SUPPLY_INFO}:
            return self._add(ticket, action, form)
        if version != ticket.version or action is not (RATE_IN.get(ticket.state)):
            raise Conflict("ticket_changed", current=ticket.state.value)
        assert form.score is not None
        assert form.solved is not None
        vote = Rating(form.score, form.solved, self.clock.now(), comment=form.text, channel=form.channel)
        state = State.CALL_BACK if vote.bad else State.CLOSED
        return self._change(replace(ticket, rating=vote, state=state, version=ticket.version + 1))

    def _withdraw(self, ticket: Ticket, form: Form) -> Ticket:
        if ticket.state in {State.REPLIED, State.CALL_BACK, State.CLOSED, State.WITHDRAWN}:
            raise Conflict("wrong_state", current=ticket.state.value)
        self.withdrawn.append((ticket.number, form.reason))
        return self._change(replace(ticket, state=State.WITHDRAWN, version=ticket.version + 1))

    def _add(self, ticket: Ticket, action: Action | SideAction, form: Form) -> Ticket:
        if ticket.state is State.CLOSED:
            raise Conflict("wrong_state", current=ticket.state.value)
        assert (action is Action.SUPPLY_INFO) == (ticket.state is State.NEED_INFO)
        if form.evidence:
            self.added.append((ticket.number, len(form.evidence)))
        if form.text:
            self.told_later.append((ticket.number, form.text))
        return ticket

    async def preview(self, draft: Draft) -> DispatchDecision:
        unit = next((u.code for u in self.lookup.units() if u.area == draft.area), "")
        return DispatchDecision(self.sure and bool(unit), (Candidate(unit, 1.0),) if unit else ())

    async def by_number(self, tx: Tx, number: str, by: Principal | None = None) -> Ticket:
        found = next((t for t, _ in self.opened if t.number == number), None)
        if found is None or (by is not None and by.id != found.citizen):
            raise NotFound("ticket")
        return found

    async def by_code(self, tx: Tx, number: str, code: str) -> Ticket:
        found = next((t for t, _ in self.opened if t.number == number and t.query_code == code), None)
        if found is None:
            raise NotFound("ticket")
        return found

    def matter_in(self, text: str) -> tuple[Matter, float] | None:
        """What a test says a text is about."""
        return self.matters.get(text)

    def wants_a_person(self, text: str) -> bool:
        """Nobody wants one for words alone."""
        return False

    def link_for(self, number: str) -> str:
        return f"/track/{number}"

    def set_state(self, number: str, state: State) -> None:
        """What a unit did meanwhile."""
        ticket = next(t for t, _ in self.opened if t.number == number)
        self._change(replace(ticket, state=state, version=ticket.version + 1))

    def _change(self, ticket: Ticket) -> Ticket:
        self.opened = [(ticket if t.number == ticket.number else t, d) for t, d in self.opened]
        return ticket

    def of(self, caller: Caller) -> tuple[OpenTicket, ...]:
        """The caller's tickets, newest first, as the desk gives them."""
        return tuple(
            OpenTicket(t.number, t.title, t.state, CITIZEN_WORDS[t.state][0], "", t.clocks[0].due)
            for t, d in reversed(self.opened)
            if d.citizen == caller.citizen_id
        )

    def _lead(self, number: str, area: str, clock: TicketClock) -> tuple[Assignment, ...]:
        unit = next((u for u in self.lookup.units() if u.area == area), None)
        if unit is None:
            return ()
        state = AssignmentState.DISPATCHED
        return (Assignment("a1", number, unit.code, AssignmentRole.LEAD, state, clock.started, clock),)


@dataclass
class Box:
    """Suggestions in the order they came."""

    texts: list[str] = field(default_factory=list)

    async def suggest(self, tx: Tx, text: str, area: str, caller: Caller) -> str:
        self.texts.append(text)
        return f"JY{len(self.texts):04d}"
