"""Tells citizens on their own channel and units in their inbox what has happened to a ticket."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.ids import new_id
from kernel.messages import Address, Author, Outbound
from kernel.personal_patterns import MOBILE_RUN
from kernel.room import Floor
from ticketing.facts import Done, request_decided
from ticketing.links import Links
from ticketing.model.acting import Form
from ticketing.model.labels import (
    Action,
    Actor,
    AssignmentRole,
    DeclineReason,
    ErrandKind,
    RequestMove,
    RequestState,
    SideAction,
    SuspensionReason,
    votes,
)
from ticketing.model.ticket import Ticket
from ticketing.reaching import Reaching
from ticketing.rules.agenda import due_clock
from ticketing.rules.notices import TO_CITIZEN, TO_UNIT, Facts, ToUnit, Whom, fill
from ticketing.rules.reaching import EMERGENCY, Pings, Way, deciders
from ticketing.rules.redacting import redacted
from ticketing.rules.telling import SECRET, date_words, day_words, due_words, moment_words, sentence, withdrawn_words
from ticketing.rules.until import TOLD_OF_THE_PART, Until, decision_until, part_until
from ticketing.store.tables import notices

CITIZENS = "citizens"
MOBILE = re.compile(MOBILE_RUN)
REASONS = {each.value: each.label for kind in (DeclineReason, SuspensionReason) for each in kind}


def _nobody(_ticket: Ticket) -> str:
    return ""


class Telling:
    """Puts messages into the mailbox and lines into the units' inbox."""

    def __init__(
        self, floor: Floor, lookup: Lookup, links: Links, reaching: Reaching, phone_of: Callable[[Ticket], str]
    ) -> None:
        self._phone_of = phone_of if Way.SMS in reaching.ways else _nobody
        self._phrases = floor.phrases
        self._reaching = reaching
        self._mailbox = floor.mailbox
        self._clock = floor.clock
        self._lookup = lookup
        self._links = links

    async def tell(self, tx: Tx, done: Done, *, quiet: bool) -> None:
        """Everyone a step concerns; ``quiet``: somebody is telling the citizen this moment anyway."""
        facts = self._facts(done.after, done.form, done.record.at, why=done.form.reason)
        if done.move is Action.WITHDRAW and done.doer.actor is Actor.AGENT:
            facts = replace(facts, asked=withdrawn_words(done.form.reason))
        if done.move is SideAction.RECOUNT:
            facts = replace(facts, reason=done.form.text, was=self._was(done))
        if not quiet:
            await self.citizen(tx, done.after, done.move.value, facts)
        used = done.move is RequestMove.GRANT and request_decided(done).open
        unmoved = done.move is SideAction.RECOUNT and not _is_due_otherwise(done)
        if not used and not unmoved:
            pings, until = _asked(done)
            await self._units(tx, done.after, done.move.value, facts, _named_unit(done), pings, until)
        for errand in done.errands:
            told = self._facts(done.after, done.form, done.record.at, why=errand.text, level=errand.level)
            if errand.kind is ErrandKind.TELL_CALENDAR:
                told = replace(told, was=self._was(done, done.before.told_due))
            await self.citizen(tx, done.after, errand.kind.value, told)
            # Who is told that it is overdue is not told once more that it is supervised for that.
            late = done.move is SideAction.SUPERVISE and done.doer.actor is Actor.TIMER
            await self._units(tx, done.after, errand.kind.value, told, errand.unit, quiet=late)

    async def event(
        self, tx: Tx, ticket: Ticket, event: str, pings: Pings = (), until: Until | None = None, unit: str = ""
    ) -> None:
        """Everyone whom the passing of time concerns; ``pings``, ``until`` and ``unit`` where the event alone does not
        say who, of which unit, and by when they are to act."""
        facts = self._facts(ticket, Form(), self._clock.now())
        await self.citizen(tx, ticket, event, facts)
        await self._units(tx, ticket, event, facts, unit, pings, until)

    async def citizen(self, tx: Tx, ticket: Ticket, event: str, facts: Facts) -> None:
        """One message to where the citizen wrote from, to whoever rang up by SMS; nothing when they cannot be written
        to."""
        row = TO_CITIZEN.get(event)
        address = ticket.address or self._texted(ticket)
        if row is None or address is None:
            return
        now, texted = self._clock.now(), ticket.address is None
        by_unit = row.by_unit and bool(facts.unit)
        await self._mailbox.put_out(
            tx,
            Outbound(
                id=new_id(),
                address=address,
                text=self._phrases.worded(fill(row.text, facts)),
                author=Author.UNIT if by_unit else Author.SYSTEM,
                created_at=now,
                author_name=facts.unit if by_unit else "",
                # By SMS the link leads to the vote and to the pictures.
                choices=votes(ticket.number) if row.votes and not texted else (),
                attachments=ticket.proof if event == Action.RELEASE.value and not texted else (),
                link=self._links.link_for(ticket.number),
            ),
        )

    def writes_to(self, ticket: Ticket) -> bool:
        """Whether a message reaches whoever a ticket is of: where they wrote from, or by SMS."""
        return (ticket.address or self._texted(ticket)) is not None

    def _texted(self, ticket: Ticket) -> Address | None:
        """The mobile number somebody left who wrote from nowhere; not of a secret ticket, as others may read it."""
        phone = self._phone_of(ticket) if ticket.secrecy not in SECRET else ""
        return Address(Way.SMS.value, CITIZENS, phone) if MOBILE.fullmatch(phone) else None

    async def call_dispatchers(self, tx: Tx, ticket: Ticket) -> None:
        """Tell the dispatchers of an emergency at once, wherever it stands and whoever sent it on."""
        await self._reaching.tell(tx, ticket, "", [], EMERGENCY)

    async def _units(
        self,
        tx: Tx,
        ticket: Ticket,
        event: str,
        facts: Facts,
        named: str,
        pings: Pings = (),
        until: Until | None = None,
        *,
        quiet: bool = False,
    ) -> None:
        row = TO_UNIT.get(event)
        units = _whom(ticket, row, named) if row is not None else []
        if event == Action.REASSIGN.value:
            units = [unit for unit in units if _is_given_now(ticket, unit)]
        if event in TOLD_OF_THE_PART:
            units = await self._parts(tx, ticket, event, facts, units)
        until = until or self._reaching.until(ticket, event, units)
        if until is not None:
            facts = replace(facts, step_due=moment_words(self._lookup.calendar(), until.at))
        if row is not None and units:
            await self._line(tx, ticket, row, facts, units)
        if not quiet:
            await self._reaching.tell(tx, ticket, event, units, pings, until)

    async def _parts(self, tx: Tx, ticket: Ticket, event: str, facts: Facts, units: Sequence[str]) -> list[str]:
        """Tell whoever works beside or below the lead of their own part and its time; gives the units left to tell."""
        told = {unit: until for unit in units if (until := part_until(ticket, unit)) is not None}
        event = TOLD_OF_THE_PART[event]
        for unit, until in told.items():
            due = moment_words(self._lookup.calendar(), until.at)
            await self._line(tx, ticket, TO_UNIT[event], replace(facts, due=due, step_due=due), [unit])
            await self._reaching.tell(tx, ticket, event, [unit], until=until)
        return [unit for unit in units if unit not in told]

    async def _line(self, tx: Tx, ticket: Ticket, row: ToUnit, facts: Facts, units: Sequence[str]) -> None:
        if ticket.secrecy in SECRET:
            facts = replace(facts, reason=redacted(facts.reason), wanted=redacted(facts.wanted))
        text = self._phrases.worded(fill(row.text, facts))
        rows = [
            {"id": new_id(), "ticket": ticket.id, "unit": unit, "at": self._clock.now(), "text": text, "seen_at": None}
            for unit in units
        ]
        await tx.execute(notices.insert(), rows)

    def _was(self, done: Done, told: datetime | None = None) -> str:
        """The due time before a step, or the one that was ``told``."""
        clock = due_clock(done.before)
        if clock is None:
            return ""
        return due_words(self._lookup.calendar(), replace(clock, due=told or clock.due), done.record.at)

    def _facts(self, ticket: Ticket, form: Form, now: datetime, *, why: str = "", level: int = 0) -> Facts:
        clock, calendar = due_clock(ticket), self._lookup.calendar()
        until = self._links.rated_until(ticket)
        request = next((r for r in ticket.requests if r.id == form.request), None)
        return Facts(
            number=ticket.number,
            code=ticket.query_code,
            title=ticket.kind.label if ticket.secrecy in SECRET else ticket.title,
            unit=self._lookup.unit(ticket.lead.unit).name if ticket.lead else "",
            due=due_words(calendar, clock, now) if clock else "近日",
            step_due="近日",
            wanted=ticket.wanted,
            reply=ticket.reply.text if ticket.reply else "",
            basis=ticket.reply.basis if ticket.reply else "",
            reason=REASONS.get(form.reason_code, "") or why,
            road=form.right_road,
            platform=form.platform or ticket.handed_to,
            public=sentence(ticket.hold.public_text) if ticket.hold else "",
            review=date_words(calendar, ticket.hold.review_at, now) if ticket.hold else "",
            request=request.kind.label if request else "",
            level=level or ticket.supervision,
            rate=self._links.rating_link(ticket),
            rate_until=day_words(calendar, until) if until else "",
        )


def _whom(ticket: Ticket, row: ToUnit, named: str) -> list[str]:
    match row.whom:
        case Whom.NAMED:
            return [named] if named else []
        case Whom.AT_WORK:
            return list(dict.fromkeys(a.unit for a in ticket.assignments if a.open))
        case Whom.LEAD:
            return [a.unit for a in ticket.assignments if a.open and a.role is AssignmentRole.LEAD]


def _is_given_now(ticket: Ticket, unit: str) -> bool:
    """Whether a unit got its part by the step that was just taken: whoever had it before goes on with it."""
    return any(part.open and part.unit == unit and part.opened == ticket.updated for part in ticket.assignments)


def _is_due_otherwise(done: Done) -> bool:
    """Whether a calendar's change moved the time a unit works to, and not that of a step alone."""
    old, new = due_clock(done.before), due_clock(done.after)
    return old is not None and new is not None and old.due != new.due


def _asked(done: Done) -> tuple[Pings, Until | None]:
    """Whoever decides what a unit asks for, and by when; what goes to a ruling at once has its own errand."""
    if done.move is not RequestMove.ASK:
        return (), None
    request = request_decided(done)
    open_ = request.state is RequestState.OPEN
    return (deciders(request, "申请待审批"), decision_until(request)) if open_ else ((), None)


def _named_unit(done: Done) -> str:
    return request_decided(done).unit if isinstance(done.move, RequestMove) else done.form.unit
