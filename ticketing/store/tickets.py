"""Loads and saves tickets: the body as JSON, what lists and timers ask for in columns, the citizen's words sealed."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import ColumnElement, RowMapping, bindparam, case, delete, select, update

from kernel.database import Tx, filled
from kernel.errors import Conflict, NotFound
from kernel.messages import Address
from kernel.privacy import Vault
from ticketing.model.acting import Change, Record
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Actor, AssignmentRole, AssignmentState, State
from ticketing.model.ticket import Ticket
from ticketing.rules.agenda import FAR
from ticketing.rules.nearness import cell, cells_around, spot
from ticketing.rules.open311 import is_public
from ticketing.rules.overdue import next_due
from ticketing.store import lessons, likes
from ticketing.store.body import decode, encode, lean
from ticketing.store.search import forget_terms, keep_terms
from ticketing.store.tables import WITH_UNITS, asks, hands, records, repeats, ticket_units, tickets

MOST_NEAR, MOST_PEOPLE = 60, 200
SEEN_BY_UNIT = frozenset({AssignmentState.DONE})
AT_DESKS = frozenset({Actor.AGENT, Actor.DISPATCHER, Actor.REVIEWER, Actor.CALLBACK, Actor.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Agenda:
    """What the timer has to do with a ticket, and when; ``due``, and ``step_due`` of what is to be done next, far away
    where no clock runs."""

    due: datetime
    wake_at: datetime | None = None
    wake_action: str = ""
    late_at: datetime | None = None
    late_told: tuple[str, ...] = ()
    remind_at: datetime | None = None
    reminded: int = 0
    step_due: datetime = FAR


@dataclass(frozen=True, slots=True)
class Words:
    """What the citizen wrote, unmasked, and exactly where."""

    text: str = ""
    place: str = ""
    happened: str = ""


@dataclass(frozen=True, slots=True)
class Reach:
    """How the citizen is reached, unsealed."""

    name: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A ticket with what the row holds beside it."""

    ticket: Ticket
    late_told: tuple[str, ...]
    reminded: int
    decision: DispatchDecision | None


class TicketStore:
    """Rows of tickets, their units and their history."""

    def __init__(
        self,
        vault: Vault,
        searchable: Callable[[Ticket], str] = lambda ticket: ticket.text,
        town_of: Callable[[str], str] = lambda area: area,
    ) -> None:
        self._vault = vault
        self._searchable = searchable
        self._town_of = town_of

    # -- sealing ----------------------------------------------------------------------------------------

    def seal_reach(self, ticket_id: str, reach: Reach) -> str:
        """Name and phone as Ticket.contact keeps them; empty when there is neither."""
        if not reach.name and not reach.phone:
            return ""
        return self._vault.seal(msgspec.json.encode(reach).decode(), f"ticket.contact:{ticket_id}")

    def reach(self, ticket: Ticket) -> Reach:
        """Name and phone of the citizen."""
        if not ticket.contact:
            return Reach()
        return msgspec.json.decode(self._vault.open(ticket.contact, f"ticket.contact:{ticket.id}"), type=Reach)

    def _seal_words(self, ticket_id: str, words: Words) -> str:
        return self._vault.seal(msgspec.json.encode(words).decode(), f"ticket.original:{ticket_id}")

    # -- writing ----------------------------------------------------------------------------------------

    async def add(
        self, tx: Tx, ticket: Ticket, history: Sequence[Record], agenda: Agenda, words: Words, phone: str,
        decision: DispatchDecision | None,
    ) -> None:  # fmt: skip
        """A new ticket with its history so far."""
        index = self._vault.blind_index("phone", phone) if phone else ""
        own = {
            "id": ticket.id,
            "created": ticket.created,
            "received": ticket.received or ticket.created,
            "phone_index": index,
            "original": self._seal_words(ticket.id, words),
        }
        await tx.execute(tickets.insert(), own | _columns(ticket, agenda) | _decided(decision))
        await self._add_records(tx, history)
        await self._keep_units(tx, ticket)
        await self._keep_asks(tx, ticket)
        await keep_terms(tx, ticket, self._searchable(ticket), units_of(ticket))
        await likes.keep(tx, ticket, self._town_of(ticket.area))

    async def save(
        self, tx: Tx, before: Ticket, ticket: Ticket, history: Sequence[Record], agenda: Agenda,
        decision: DispatchDecision | None = None,
    ) -> None:  # fmt: skip
        """Write back what was loaded as ``before``; Conflict (with the present state) when it has changed since."""
        mine = {"own": ticket.id, "loaded": before.version}
        values = _columns(ticket, agenda) | (_decided(decision) if decision else {})
        result = await tx.execute(_SAVED, mine | values)
        if result.rowcount != 1:
            now = await tx.row(select(tickets.c.state, tickets.c.version).where(tickets.c.id == ticket.id))
            raise Conflict("ticket_changed", current=dict(now) if now else None)
        await self._add_records(tx, history)
        if units_of(ticket) != units_of(before):
            await tx.execute(delete(ticket_units).where(ticket_units.c.ticket == ticket.id))
            await self._keep_units(tx, ticket)
        elif inbox_dues(ticket) != inbox_dues(before):
            await self._keep_dues(tx, ticket)
        if ticket.requests != before.requests:
            await tx.execute(delete(asks).where(asks.c.ticket == ticket.id))
            await self._keep_asks(tx, ticket)
        if self._searchable(ticket) != self._searchable(before) or units_of(ticket).keys() != units_of(before).keys():
            await forget_terms(tx, ticket.id)
            await keep_terms(tx, ticket, self._searchable(ticket), units_of(ticket))
        await likes.keep(tx, ticket, self._town_of(ticket.area), before)

    async def keep_decision(self, tx: Tx, ticket: Ticket, decision: DispatchDecision) -> None:
        """Write down what is proposed for a ticket that is as it was."""
        await tx.execute(update(tickets).where(tickets.c.id == ticket.id).values(**_decided(decision)))

    async def keep_agenda(self, tx: Tx, ticket: Ticket, agenda: Agenda) -> None:
        """Write down how far lateness and reminders have been told."""
        await tx.execute(update(tickets).where(tickets.c.id == ticket.id).values(**_agenda_columns(agenda)))
        await self._keep_dues(tx, ticket)

    async def postpone(self, tx: Tx, ticket: Ticket, until: datetime, now: datetime) -> None:
        """Whatever is due is looked at again ``until`` then."""
        due = {name: tickets.c[name] <= now for name in ("wake_at", "late_at", "remind_at")}
        later = {name: case((is_due, until), else_=tickets.c[name]) for name, is_due in due.items()}
        await tx.execute(update(tickets).where(tickets.c.id == ticket.id).values(**later))

    async def add_words(self, tx: Tx, ticket: Ticket, words: Words) -> None:
        """Put what the citizen added under what they wrote."""
        before = await self.words(tx, ticket)
        text = "\n".join(part for part in (before.text, words.text) if part)
        whole = Words(text, words.place or before.place, words.happened or before.happened)
        sealed = self._seal_words(ticket.id, whole)
        await tx.execute(update(tickets).where(tickets.c.id == ticket.id).values(original=sealed))

    async def minimise(self, tx: Tx, ticket: Ticket) -> None:
        """Forget the citizen's own words and every index that leads to them."""
        values = {"original": "", "phone_index": "", "citizen": "", "address": "", "conversation": ""}
        await tx.execute(update(tickets).where(tickets.c.id == ticket.id).values(**values))
        await lessons.forget(tx, ticket.id)

    async def _add_records(self, tx: Tx, history: Sequence[Record]) -> None:
        if history:
            await tx.execute(records.insert(), [_record_row(record) for record in history])
        latest = {(record.by, record.ticket): record.at for record in history if record.by and record.actor in AT_DESKS}
        for (person, ticket), at in latest.items():
            statement = tx.insert(hands).values(person=person, ticket=ticket, at=at)
            keys = ["person", "ticket"]
            await tx.execute(statement.on_conflict_do_update(index_elements=keys, set_={"at": at}))

    async def _keep_dues(self, tx: Tx, ticket: Ticket) -> None:
        """The units' inboxes are sorted by what each has to do next."""
        dues = inbox_dues(ticket)
        for unit in units_of(ticket):
            mine = (ticket_units.c.ticket == ticket.id) & (ticket_units.c.unit == unit)
            await tx.execute(update(ticket_units).where(mine).values(inbox_due=dues.get(unit)))

    async def _keep_asks(self, tx: Tx, ticket: Ticket) -> None:
        rows = [
            {"ticket": ticket.id, "request": each.id, "what": each.awaited, "decide_by": each.decide_by}
            for each in ticket.requests
            if each.open
        ]
        if rows:
            await tx.execute(asks.insert(), rows)

    async def _keep_units(self, tx: Tx, ticket: Ticket) -> None:
        received, dues = ticket.received or ticket.created, inbox_dues(ticket)
        rows = [
            {
                "ticket": ticket.id,
                "unit": unit,
                "role": role.value,
                "open": is_open,
                "received": received,
                "inbox_due": dues.get(unit),
            }
            for unit, (role, is_open) in units_of(ticket).items()
        ]
        if rows:
            await tx.execute(ticket_units.insert(), rows)

    async def keep_repeats(self, tx: Tx, ticket_id: str, found: Sequence[tuple[str, str, float]]) -> None:
        """Which tickets (id, kind, likeness 0 to 1) look like the same matter."""
        rows = [
            {"ticket": ticket_id, "other": other, "kind": kind, "likeness": round(likeness * 100)}
            for other, kind, likeness in found
        ]
        if rows:
            await tx.execute(repeats.insert(), rows)

    # -- reading ----------------------------------------------------------------------------------------

    async def load(self, tx: Tx, number: str, *, lock: bool = False) -> Loaded:
        """One ticket; NotFound. With ``lock`` nobody else changes it until the transaction ends."""
        query = select(tickets).where(tickets.c.number == number)
        row = await tx.row(query.with_for_update() if lock else query)
        if row is None:
            raise NotFound("ticket")
        return loaded(row)

    async def by_number(self, tx: Tx, number: str) -> Ticket:
        """One ticket; NotFound."""
        return (await self.load(tx, number)).ticket

    async def words(self, tx: Tx, ticket: Ticket) -> Words:
        """The citizen's own words; empty once they are forgotten."""
        sealed = await tx.scalar(select(tickets.c.original).where(tickets.c.id == ticket.id))
        if not sealed:
            return Words()
        return msgspec.json.decode(self._vault.open(sealed, f"ticket.original:{ticket.id}"), type=Words)

    async def children(self, tx: Tx, number: str) -> tuple[str, ...]:
        """Numbers of the tickets merged into this one."""
        merged = (tickets.c.parent == number) & filled(tickets.c.parent) & (tickets.c.state == State.MERGED)
        query = select(tickets.c.number).where(merged)
        return tuple(row["number"] for row in await tx.rows(query.order_by(tickets.c.number)))

    async def of_citizen(self, tx: Tx, citizen: str, limit: int) -> list[Ticket]:
        """A citizen's tickets, the newest first."""
        query = select(tickets.c.body).where(tickets.c.citizen == citizen, filled(tickets.c.citizen))
        rows = await tx.rows(query.order_by(tickets.c.received.desc(), tickets.c.id.desc()).limit(limit))
        return [decode(row["body"]) for row in rows]

    async def of_citizens(self, tx: Tx, citizens: Collection[str], limit: int) -> list[Ticket]:
        """The tickets of any of these, the newest first."""
        found = [ticket for each in citizens for ticket in await self.of_citizen(tx, each, limit)]
        return sorted(found, key=lambda each: (each.received or each.created, each.id), reverse=True)[:limit]

    async def of_address(self, tx: Tx, address: Address, limit: int) -> list[Ticket]:
        """Tickets written from an address, the newest first."""
        query = select(tickets.c.body).where(tickets.c.address == address.key, filled(tickets.c.address))
        rows = await tx.rows(query.order_by(tickets.c.received.desc(), tickets.c.id.desc()).limit(limit))
        return [decode(row["body"]) for row in rows]

    async def history(self, tx: Tx, ticket_id: str) -> list[Record]:
        """All lines of a ticket's history, in order."""
        rows = await tx.rows(select(records).where(records.c.ticket == ticket_id).order_by(records.c.version))
        return [_record(row) for row in rows]

    async def told_by_same(self, tx: Tx, citizen: str, phone: str, since: datetime, limit: int = 20) -> list[Ticket]:
        """Tickets of the same citizen or phone, open or changed ``since``."""
        index = self._vault.blind_index("phone", phone) if phone else ""
        # One after the other: with OR between them PostgreSQL walks all tickets, the newest first, for a newcomer.
        t = tickets.c
        both = [(citizen, (t.citizen == citizen) & filled(t.citizen))]
        both.append((index, (t.phone_index == index) & filled(t.phone_index)))
        ended = tickets.c.state.in_([State.CLOSED, State.ARCHIVED, State.WITHDRAWN])
        fresh = ~ended | (tickets.c.state_since >= since)
        found: dict[str, Ticket] = {}
        for known, same in both:
            query = select(t.id, t.body).where(same, fresh).order_by(t.received.desc()).limit(limit)
            for row in await tx.rows(query) if known else []:
                found[row["id"]] = decode(row["body"])
        newest = sorted(found.values(), key=lambda each: (each.received or each.created, each.id), reverse=True)
        return newest[:limit]

    async def near(self, tx: Tx, ticket: Ticket, areas: Collection[str], since: datetime) -> list[Ticket]:
        """Tickets received ``since`` that may tell of the same event, most likely first, each once: within the squares
        around it, of the same road or estate, of the same matter in ``areas``, and the newest there."""
        t, named = tickets.c, spot(ticket.place, ticket.text)
        here = t.area.in_(list(areas))
        asked = [
            (bool(ticket.point), t.cell.in_(cells_around(ticket.point)) & t.cell.is_not(None)),
            (bool(named), (t.spot == named) & filled(t.spot)),
            (bool(areas), here & (t.matter == ticket.matter)),
            (bool(areas), here),
        ]
        found: dict[str, Ticket] = {}
        for wanted, where in asked:
            if wanted:
                query = select(t.id, t.body).where(where, t.received >= since, t.id != ticket.id)
                for row in await tx.rows(query.order_by(t.received.desc()).limit(MOST_NEAR)):
                    found.setdefault(row["id"], decode(row["body"]))
        return list(found.values())

    async def alike(self, tx: Tx, ticket: Ticket, since: datetime) -> list[Ticket]:
        """Open tickets received ``since`` then whose words are like its own, wherever they are: the likest first."""
        ids = await likes.alike(tx, ticket, self._town_of(ticket.area), since)
        rows = await tx.rows(select(tickets.c.id, tickets.c.body).where(tickets.c.id.in_(ids))) if ids else []
        found = {row["id"]: decode(row["body"]) for row in rows}
        return [found[each] for each in ids if each in found]

    async def sign(self, tx: Tx, after: str, limit: int) -> str:
        """Give the next so many open tickets after an id the rows they are found by, where they have none yet; the id
        to go on after, empty when all have been looked at."""
        missing, last = await likes.without(tx, after, limit)
        for row in await tx.rows(select(tickets.c.body).where(tickets.c.id.in_(missing))) if missing else []:
            ticket = decode(row["body"])
            await likes.keep(tx, ticket, self._town_of(ticket.area))
        return last

    async def people_behind(self, tx: Tx, numbers: Collection[str]) -> int:
        """How many different people told some tickets and those that were merged into them, so far as it matters."""
        told = await self._tellers(tx, tickets.c.number.in_(list(numbers)))
        joined = tickets.c.parent.in_(list(numbers)) & filled(tickets.c.parent)
        return len(told | await self._tellers(tx, joined))

    @staticmethod
    async def _tellers(tx: Tx, where: ColumnElement[bool]) -> set[str]:
        t = tickets.c
        rows = await tx.rows(select(t.id, t.citizen, t.phone_index, t.address).where(where).limit(MOST_PEOPLE))
        return {row["phone_index"] or row["citizen"] or row["address"] or row["id"] for row in rows}

    async def people_of(self, tx: Tx, ids: Collection[str]) -> int:
        """How many different people told some tickets."""
        return await self._people(tx, tickets.c.id.in_(list(ids)))

    async def people_about(self, tx: Tx, matter: str, areas: Collection[str], since: datetime) -> int:
        """How many different people told of a matter in ``areas`` since then, counted so far as it matters."""
        t = tickets.c
        return await self._people(tx, (t.matter == matter) & t.area.in_(list(areas)) & (t.received >= since))

    @staticmethod
    async def _people(tx: Tx, where: ColumnElement[bool]) -> int:
        t = tickets.c
        query = select(t.id, t.citizen, t.phone_index, t.address).where(where).order_by(t.received.desc())
        rows = await tx.rows(query.limit(MOST_PEOPLE))
        return len({row["phone_index"] or row["citizen"] or row["address"] or row["id"] for row in rows})

    async def repeats_of(self, tx: Tx, ticket_id: str) -> list[tuple[str, str, int]]:
        """Numbers of tickets that look like the same matter, why, and how alike in percent."""
        rows = await tx.rows(
            select(tickets.c.number, repeats.c.kind, repeats.c.likeness)
            .join(tickets, tickets.c.id == repeats.c.other)
            .where(repeats.c.ticket == ticket_id)
            .order_by(repeats.c.likeness.desc())
        )
        return [(row["number"], row["kind"], row["likeness"]) for row in rows]


# -- rows -----------------------------------------------------------------------------------------------


def units_of(ticket: Ticket) -> dict[str, tuple[AssignmentRole, bool]]:
    """Units that may see the ticket: at work on it, or done with it."""
    found: dict[str, tuple[AssignmentRole, bool]] = {}
    for each in ticket.assignments:
        if each.open or (each.state in SEEN_BY_UNIT and each.unit not in found):
            found[each.unit] = (each.role, each.open)
    return found


def inbox_dues(ticket: Ticket) -> dict[str, datetime]:
    """By when each unit that has something to do with the ticket has to do the next thing."""
    if ticket.state not in WITH_UNITS:
        return {}
    return {unit: next_due(ticket, unit) for unit, (_, is_open) in units_of(ticket).items() if is_open}


def vote_of(ticket: Ticket) -> str:
    """The vote as call-backs are sorted by it: the bad ones first, whoever is content last."""
    if ticket.rating is None:
        return "2"
    return "1" if ticket.rating.bad else "3"


_SAVED = update(tickets).where(tickets.c.id == bindparam("own"), tickets.c.version == bindparam("loaded"))


def loaded(row: RowMapping) -> Loaded:
    """A whole row."""
    kept = row["decision"]
    decision = msgspec.convert(kept, DispatchDecision) if kept else None
    return Loaded(decode(row["body"]), tuple(row["late_told"]), row["reminded"], decision)


def _columns(ticket: Ticket, agenda: Agenda) -> dict[str, object]:
    return {
        "number": ticket.number,
        "query_code": ticket.query_code,
        "state": ticket.state,
        "kind": ticket.kind,
        "urgency": ticket.urgency,
        "matter": ticket.matter,
        "area": ticket.area,
        "citizen": ticket.citizen,
        "address": ticket.address.key if ticket.address else "",
        "lead": ticket.lead.unit if ticket.lead else "",
        "supervision": ticket.supervision,
        "asking": ticket.asks,
        "conversation": ticket.conversation,
        "parent": ticket.parent,
        "version": ticket.version,
        "updated": ticket.updated,
        "state_since": ticket.state_since,
        "public": is_public(ticket),
        "vote": vote_of(ticket),
        "cell": cell(ticket.point),
        "spot": spot(ticket.place, ticket.text),
        "body": encode(ticket),
        **_agenda_columns(agenda),
    }


def _agenda_columns(agenda: Agenda) -> dict[str, object]:
    return {
        "due": agenda.due,
        "step_due": agenda.step_due,
        "wake_at": agenda.wake_at,
        "wake_action": agenda.wake_action,
        "late_at": agenda.late_at,
        "late_told": list(agenda.late_told),
        "remind_at": agenda.remind_at,
        "reminded": agenda.reminded,
    }


def _decided(decision: DispatchDecision | None) -> dict[str, object]:
    return {"decision": lean(decision) if decision else None}


def _record_row(record: Record) -> dict[str, object]:
    return {
        "ticket": record.ticket,
        "version": record.version,
        "at": record.at,
        "what": record.what,
        "actor": record.actor,
        "by": record.by,
        "unit": record.unit,
        "before": record.before,
        "after": record.after,
        "why": record.why,
        "changes": msgspec.to_builtins(record.changes),
        "instead_of": record.instead_of,
    }


def _record(row: RowMapping) -> Record:
    return Record(
        row["ticket"],
        row["version"],
        row["at"],
        row["what"],
        Actor(row["actor"]),
        row["by"],
        row["unit"],
        State(row["before"]),
        State(row["after"]),
        row["why"],
        msgspec.convert(row["changes"], tuple[Change, ...]),
        row["instead_of"],
    )
