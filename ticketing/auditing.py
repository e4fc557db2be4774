"""Everything ticketing keeps, looked at from end to end: the invariants of the workflow over the whole database."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import RowMapping, select

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import HotlineError
from kernel.journal import Recorded
from kernel.mailbox import outbox
from kernel.people import PERMISSIONS, May
from kernel.privacy import mask_text
from kernel.room import Audit, Fault, Floor
from ticketing.model.acting import Record
from ticketing.model.labels import Action, Outcome
from ticketing.model.privacy import LookKind
from ticketing.model.ticket import Ticket
from ticketing.rules import agenda
from ticketing.rules.invariants import CHECKS, check, times_add_up
from ticketing.rules.notices import TO_CITIZEN
from ticketing.rules.telling import SECRET
from ticketing.store.body import decode
from ticketing.store.notices import notices_of
from ticketing.store.secrets import accesses
from ticketing.store.tables import tickets
from ticketing.store.tickets import TicketStore

PAGE = 500
MAY_LOOK = frozenset(role.value for role in PERMISSIONS[May.UNMASK_TICKET]) | {"system"}
TELLS = frozenset(str(event) for event in TO_CITIZEN)
RULES = (
    *(each.__name__ for each in CHECKS),
    "times_add_up",
    "row_agrees_with_ticket",
    "history_is_in_the_journal",
    "digests_verify",
    "citizen_was_told",
    "merged_get_the_reply",
    "report_shows_no_identity",
    "looks_have_a_purpose",
)


class Auditing:
    """Reads all tickets; changes nothing."""

    def __init__(self, floor: Floor, lookup: Lookup, store: TicketStore) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._lookup = lookup
        self._store = store

    def audit(self) -> Audit:
        """For the house."""
        return Audit("ticketing", RULES, self.run)

    async def run(self) -> tuple[int, list[Fault]]:
        """How many tickets there are, and all that is wrong with them."""
        many, faults = 0, list[Fault]()
        async for row in self._rows():
            many += 1
            async with self._database.reading() as tx:
                faults += [Fault(rule, row["number"], what) async for rule, what in self._of(tx, row)]
        async with self._database.reading() as tx:
            faults += await self._looks(tx)
        return many, faults

    async def _rows(self) -> AsyncIterator[RowMapping]:
        after = ""
        while True:
            query = select(tickets).where(tickets.c.id > after).order_by(tickets.c.id).limit(PAGE)
            async with self._database.reading() as tx:
                rows = await tx.rows(query)
            for row in rows:
                yield row
            if len(rows) < PAGE:
                return
            after = rows[-1]["id"]

    async def _of(self, tx: Tx, row: RowMapping) -> AsyncIterator[tuple[str, str]]:
        try:
            ticket = decode(row["body"])
        except msgspec.ValidationError as error:
            yield "row_agrees_with_ticket", str(error)
            return
        history = await self._store.history(tx, ticket.id)
        facts = await self._journal.about(tx, f"ticket:{ticket.number}")
        for found in check(ticket, history):
            rule, _, what = found.partition(": ")
            yield rule, what
        for what in times_add_up(ticket, self._lookup.calendar(), self._clock.now()):
            yield "times_add_up", what
        for rule, whats in (
            ("row_agrees_with_ticket", _row(row, ticket)),
            ("history_is_in_the_journal", _told(history, facts)),
            ("digests_verify", await self._journal.broken_links(tx, f"ticket:{ticket.number}")),
            ("report_shows_no_identity", await self._secret(tx, ticket)),
            ("citizen_was_told", await self._mails(tx, ticket, history)),
            ("merged_get_the_reply", await self._merged(tx, ticket)),
        ):
            for what in whats:
                yield rule, what

    # -- who it is --------------------------------------------------------------------------------------

    async def _secret(self, tx: Tx, ticket: Ticket) -> list[str]:
        """What is read of a secret ticket names neither phone nor name: not the ticket, not the units' notices."""
        if ticket.secrecy not in SECRET:
            return []
        reach = self._reach(ticket)
        texts = [ticket.text, ticket.place, ticket.title, ticket.happened, ticket.wanted]
        texts += [text for _, _, text in await notices_of(tx, ticket.id, ())]
        wrong = ["a phone number can be read" for text in texts if mask_text(text) != text]
        known = [each for each in (reach[0], reach[1]) if each]
        return wrong + ["who the citizen is can be read" for each in known if any(each in text for text in texts[5:])]

    def _reach(self, ticket: Ticket) -> tuple[str, str]:
        try:
            reach = self._store.reach(ticket)
        except HotlineError:
            return "", ""
        return reach.name, reach.phone

    async def _looks(self, tx: Tx) -> list[Fault]:
        """Whoever saw an identity may, and said what for."""
        rows = await tx.rows(select(accesses).where(accesses.c.kind == LookKind.UNMASK.value))
        return [
            Fault("looks_have_a_purpose", row["number"], "an identity was shown without purpose, or to whom may not")
            for row in rows
            if not row["purpose"] or not row["note"].strip() or row["role"] not in MAY_LOOK
        ]

    # -- what the citizen was told ----------------------------------------------------------------------

    async def _mails(self, tx: Tx, ticket: Ticket, history: Sequence[Record]) -> list[str]:
        """Every step the citizen is told of has its message to where they wrote from."""
        if ticket.address is None:
            return []
        quiet = _opened_at(history) if ticket.conversation else None
        wanted = [r for r in history if r.what in TELLS and r.at != quiet]
        sent = await self._sent_at(tx, ticket)
        return [f"nothing was sent of {record.what}" for record in wanted if record.at not in sent]

    async def _merged(self, tx: Tx, ticket: Ticket) -> list[str]:
        """A merged requester has the parent's reply."""
        if ticket.outcome is not Outcome.DUPLICATE or not ticket.parent:
            return []
        parent = await self._store.by_number(tx, ticket.parent)
        if ticket.reply is None:
            return ["a merged requester got no reply"]
        replies = {ticket.reply.text}
        same = parent.reply is not None and parent.reply.text in replies
        again = bool(parent.counters.rehandles)
        return [] if same or again else ["a merged requester got another reply"]

    async def _sent_at(self, tx: Tx, ticket: Ticket) -> set[datetime]:
        if ticket.address is None:
            return set()
        query = select(outbox.c.created_at).where(outbox.c.address == ticket.address.key)
        return {row["created_at"] for row in await tx.rows(query)}


def _opened_at(history: Sequence[Record]) -> datetime | None:
    """Who talks with somebody hears of the opening from them."""
    return next((record.at for record in history if record.what == Action.SUBMIT.value), None)


def _row(row: RowMapping, ticket: Ticket) -> Iterator[str]:
    """The columns lists and timers go by say what the ticket says."""
    said: Mapping[str, Any] = {
        "number": ticket.number,
        "state": ticket.state,
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "lead": ticket.lead.unit if ticket.lead else "",
        "parent": ticket.parent,
        "version": ticket.version,
        "state_since": ticket.state_since,
        "asking": ticket.asks,
        "due": agenda.due_of(ticket),
    }
    yield from (f"{name} is {row[name]}, the ticket says {value}" for name, value in said.items() if row[name] != value)


def _told(history: Sequence[Record], facts: Sequence[Recorded]) -> Iterator[str]:
    """Every line of the history is a fact of the journal, by whom and when."""
    stated = {each.fact.version: each.fact for each in facts if hasattr(each.fact, "version")}
    for record in history:
        fact = stated.get(record.version)
        if fact is None:
            yield f"{record.what} is not in the journal"
        elif (fact.at, fact.by, fact.actor) != (record.at, record.by, record.actor):
            yield f"{record.what} reads otherwise in the journal"
