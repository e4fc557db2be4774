"""Guards who citizens are: what units may read of a secret ticket, and who looked at it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Conflict, NotAllowed, NotFound
from kernel.ids import new_id
from kernel.journal import Journal
from kernel.people import May, Principal, Role, Scope, allow, allowing
from kernel.privacy import Vault, mask_text
from ticketing.access import is_unit_staff
from ticketing.events import IdentityShown, SpanDecided
from ticketing.model.duties import Matter
from ticketing.model.labels import Actor
from ticketing.model.privacy import Access, LookKind, Purpose
from ticketing.model.ticket import Ticket
from ticketing.rules.doers import actors_of
from ticketing.rules.redacting import Span, around, doubtful
from ticketing.rules.telling import SECRET
from ticketing.store import secrets as rows

SHOW, HIDE = "show", "hide"
# So many characters before and after a doubtful span are shown to whoever decides.
AROUND = 24
SAME_VIEW = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A doubtful span of a ticket, the words it stands in, and what was decided about it (None: nothing yet)."""

    mark: str
    span: Span
    before: str
    after: str
    shown: bool | None


class Guarding:
    """Decides what units read of secret tickets, and keeps who looked."""

    def __init__(self, clock: Clock, journal: Journal, lookup: Lookup, vault: Vault) -> None:
        self._clock = clock
        self._journal = journal
        self._lookup = lookup
        self._vault = vault

    # -- what units read --------------------------------------------------------------------------------

    async def note(self, tx: Tx, ticket: Ticket) -> bool:
        """Let the doubtful spans of a secret ticket wait for a person; until then they are hidden. Gives whether
        something waits where nothing did."""
        marks = {self._mark(ticket, span) for _, span in _doubtful(ticket)} if ticket.secrecy in SECRET else set()
        return await rows.note_spans(tx, ticket.id, marks, self._clock.now())

    async def waits_since(self, tx: Tx, ticket: Ticket) -> datetime | None:
        """Since when words of a ticket have waited for a person; None when none do."""
        return await rows.waits_since(tx, ticket.id)

    async def decided(self, tx: Tx, ticket: Ticket) -> tuple[frozenset[str], frozenset[str]]:
        """The doubtful spans units may read, and those they may not for good."""
        found = {span.value: self._mark(ticket, span) for _, span in _doubtful(ticket)}
        known = await rows.verdicts(tx, ticket.id) if found else {}
        shown, hidden = (
            frozenset(value for value, mark in found.items() if known.get(mark) == verdict) for verdict in (SHOW, HIDE)
        )
        return shown, hidden

    async def spans(self, tx: Tx, ticket: Ticket, by: Principal) -> list[Waiting]:
        """What a person decides, or decided, about a secret ticket; the privacy officer reads all the words around
        it."""
        if ticket.secrecy not in SECRET:
            return []
        known, found = await rows.verdicts(tx, ticket.id), dict[str, Waiting]()
        for text, span in _doubtful(ticket):
            mark = self._mark(ticket, span)
            verdict = known.get(mark, rows.WAITING)
            shown = None if verdict == rows.WAITING else verdict == SHOW
            before, after = around(text, span, AROUND)
            if by.has(Role.PRIVACY_OFFICER):
                before, after = text[max(0, span.start - AROUND) : span.start], text[span.end : span.end + AROUND]
            found.setdefault(mark, Waiting(mark, span, before, after, shown))
        return list(found.values())

    async def waiting(self, tx: Tx, limit: int, start: int = 0) -> list[Ticket]:
        """Tickets that wait for such a decision, P0 and P1 first, then the longest waiting; the first ``start`` not."""
        return await rows.waiting(tx, limit, start)

    async def decide(self, tx: Tx, ticket: Ticket, mark: str, by: Principal, *, shown: bool) -> None:
        """A person lets a span pass, or does not; NotFound for a span the ticket does not have."""
        if all(mark != each.mark for each in await self.spans(tx, ticket, by)):
            raise NotFound("span")
        # The rules may have found it after the ticket last changed.
        await self.note(tx, ticket)
        now = self._clock.now()
        await rows.decide_span(tx, ticket.id, mark, SHOW if shown else HIDE, by.id, now)
        fact = SpanDecided(ticket.number, now, _actor(by), by.id, (), shown, role_of(by, May.DECIDE_SPANS))
        await self._journal.state(tx, fact)

    async def decide_rest(self, tx: Tx, ticket: Ticket, by: Principal, *, shown: bool) -> None:
        """A person decides at once about all that nobody has decided about."""
        for each in await self.spans(tx, ticket, by):
            if each.shown is None:
                await self.decide(tx, ticket, each.mark, by, shown=shown)

    def is_competent(self, ticket: Ticket, by: Principal, matter: Matter | None) -> bool:
        """Whether ``by`` belongs to the body that may act against who is reported: it leads, and holds the power the
        matter needs or, where none is needed, is charged with it."""
        lead = ticket.lead
        if lead is None or matter is None or lead.unit not in self._lookup.stands_for(by.unit):
            return False
        unit = self._lookup.unit(by.unit)
        return matter.needs_power in unit.powers if matter.needs_power else matter.function in unit.functions

    def may_unmask(self, ticket: Ticket, by: Principal, matter: Matter | None) -> bool:
        """Whether ``by``, with the parts of those they stand in for, may see who the citizen is: of a secret ticket no
        unit but the competent one."""
        try:
            scope = allow(by, May.UNMASK_TICKET)
        except NotAllowed:
            return False
        if scope is Scope.OWN:
            return False
        return ticket.secrecy not in SECRET or not is_unit_staff(by) or self.is_competent(ticket, by, matter)

    def _mark(self, ticket: Ticket, span: Span) -> str:
        return self._vault.blind_index("ticket.span", f"{ticket.id}:{span.value}")

    # -- who looked -------------------------------------------------------------------------------------

    async def is_frozen(self, tx: Tx, ticket: Ticket) -> bool:
        """Whether a leak is being looked into."""
        return await rows.is_frozen(tx, ticket.id)

    async def unmasked(
        self, tx: Tx, ticket: Ticket, by: Principal, reason: Purpose, note: str, fields: tuple[str, ...],
    ) -> None:  # fmt: skip
        """Keep that somebody is shown who the citizen is; Conflict while the identity is frozen."""
        if await self.is_frozen(tx, ticket):
            raise Conflict("identity_frozen")
        now, words, role = self._clock.now(), mask_text(note.strip()), role_of(by, May.UNMASK_TICKET)
        units = (by.unit,) if by.unit else ()
        fact = IdentityShown(ticket.number, now, _actor(by), by.id, units, words, fields, reason, role, by.unit)
        await self._journal.state(tx, fact)
        look = Access(new_id(), ticket.number, LookKind.UNMASK, now, by.id, role, by.unit, reason, words, fields)
        await rows.keep_look(tx, look, ticket.id)

    async def is_talk_news(self, tx: Tx, talk: str, by: Principal, since: datetime) -> bool:
        """Whether it is still to be kept that ``by`` has this talk on the screen."""
        return not await rows.seen_in_talk(tx, talk, by.id, LookKind.TALK, None, since)

    async def talk_opened(self, tx: Tx, talk: str, by: Principal) -> None:
        """Keep that somebody read a talk, masked."""
        await rows.keep_look(tx, self._talk_look(talk, LookKind.TALK, by), None)

    async def talk_unmasked(
        self, tx: Tx, talk: str, citizen: str, by: Principal, reason: Purpose, note: str, fields: tuple[str, ...],
        since: datetime,
    ) -> bool:  # fmt: skip
        """Keep that somebody is shown who the citizen of a talk is; whether it was not kept already, which only of
        one's own live talk it may be. Conflict while the identity is frozen."""
        if await rows.is_citizen_frozen(tx, citizen):
            raise Conflict("identity_frozen")
        kind = LookKind.UNMASK
        if reason is Purpose.TALK and await rows.seen_in_talk(tx, talk, by.id, kind, reason, since):
            return False
        look = replace(self._talk_look(talk, kind, by), purpose=reason, note=mask_text(note.strip()), fields=fields)
        await rows.keep_look(tx, look, None)
        return True

    def _talk_look(self, talk: str, kind: LookKind, by: Principal) -> Access:
        name = f"会话{talk[-8:].upper()}"
        may = May.UNMASK_TALK if kind is LookKind.UNMASK else May.WORK_DESK
        return Access(new_id(), name, kind, self._clock.now(), by.id, role_of(by, may), by.unit, talk=talk)

    async def is_news(self, tx: Tx, ticket: Ticket, by: Principal) -> bool:
        """Whether it is still to be kept that ``by`` has this ticket on the screen: of secret tickets it is."""
        if ticket.secrecy not in SECRET:
            return False
        return not await rows.seen_lately(tx, ticket.id, by.id, self._clock.now() - SAME_VIEW)

    async def viewed(self, tx: Tx, ticket: Ticket, by: Principal, kind: LookKind = LookKind.VIEW) -> None:
        """Keep that somebody read a secret ticket, masked."""
        look = Access(new_id(), ticket.number, kind, self._clock.now(), by.id, role_of(by, May.READ_TICKET), by.unit)
        await rows.keep_look(tx, look, ticket.id)

    async def looks(self, tx: Tx, ticket: Ticket, *kinds: LookKind) -> list[Access]:
        """Who looked at a ticket, the newest first."""
        return await rows.looks_at(tx, ticket.id, kinds or tuple(LookKind))


def role_of(by: Principal, may: May) -> str:
    """The role by which somebody may look; the first they hold where none says so, what they are when they hold
    none."""
    role = allowing(by, may) or next((role for role in Role if role in by.roles), None)
    return role.value if role is not None else by.kind.value


def _actor(by: Principal) -> Actor:
    # The workflow has no part for a privacy officer; the role beside it says who it was.
    return next(iter(actors_of(by)), Actor.SUPERVISOR)


def _doubtful(ticket: Ticket) -> Iterator[tuple[str, Span]]:
    for text in (ticket.text, ticket.place, ticket.happened, ticket.wanted):
        for span in doubtful(text):
            yield text, span
