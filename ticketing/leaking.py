"""Suspected leaks: the identity is frozen, the citizen told in time, the looks traced, the case closed."""

from dataclasses import dataclass, replace
from datetime import timedelta

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.ids import new_id
from kernel.messages import Author, Outbound
from kernel.people import Principal
from kernel.privacy import mask_text
from kernel.room import Floor
from ticketing.changing import Changing
from ticketing.events import LeakClosed, LeakNoticeLate, LeakNotified, LeakOpened, LooksExported
from ticketing.limiting import LimitKeeper
from ticketing.links import Links
from ticketing.model.acting import Form
from ticketing.model.labels import Actor, Cause
from ticketing.model.privacy import Access, Leak
from ticketing.rules.deadlines import due_after
from ticketing.store import secrets as rows
from ticketing.store.secrets import Trace
from ticketing.store.tickets import TicketStore

LONGEST_STRETCH = timedelta(days=92)
LONGEST_WORDS = 1000


@dataclass(frozen=True, slots=True)
class Known:
    """A leak, and whether its citizen can be written to."""

    leak: Leak
    writable: bool


class Leaking:
    """Opens, follows and closes suspected leaks."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        store: TicketStore,
        links: Links,
        limits: LimitKeeper,
        changing: Changing,
    ) -> None:
        self._changing = changing
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._mailbox = floor.mailbox
        self._store = store
        self._links = links
        self._lookup = lookup
        self._limits = limits

    async def open(self, tx: Tx, number: str, why: str, by: Principal) -> Leak:
        """Freeze the identity of a ticket; Conflict when it is frozen."""
        why = _said("why", why)
        course, now = await self._changing.load(tx, number.strip().upper()), self._clock.now()
        ticket = course.ticket
        if await rows.is_frozen(tx, ticket.id):
            raise Conflict("frozen_already")
        until = due_after(self._lookup.calendar(), self._limits.now().leak_notice, now)
        leak = Leak(new_id(), ticket.number, now, by.id, mask_text(why), until)
        await rows.add_leak(tx, leak, ticket.id)
        raised = Form(reason=f"因：{Cause.LEAK.label}", causes=frozenset({Cause.LEAK}))
        await self._changing.recognise(tx, course, raised)
        await self._changing.save(tx, course)
        about = (ticket.number, now, Actor.SUPERVISOR, by.id, ())
        await self._journal.state(tx, LeakOpened(*about, leak.id, leak.notify_by))
        return leak

    async def notify(self, tx: Tx, leak_id: str, text: str, by: Principal) -> Leak:
        """Tell the citizen where they wrote from; who left no address was told otherwise, as ``text`` says."""
        text = _said("text", text)
        leak = await rows.leak(tx, leak_id)
        ticket, now = await self._store.by_number(tx, leak.number), self._clock.now()
        told = replace(leak, notified_at=now, notified_by=by.id, notice=mask_text(text))
        await rows.save_leak(tx, told)
        if ticket.address is not None:
            link = self._links.link_for(ticket.number)
            message = Outbound(new_id(), ticket.address, text, Author.SYSTEM, created_at=now, link=link)
            await self._mailbox.put_out(tx, message)
        about = (ticket.number, now, Actor.SUPERVISOR, by.id, ())
        await self._journal.state(tx, LeakNotified(*about, leak.id, ticket.address is not None))
        return told

    async def close(self, tx: Tx, leak_id: str, conclusion: str, by: Principal) -> Leak:
        """End it: the identity may be seen again. Conflict while the citizen has not been told."""
        conclusion = _said("conclusion", conclusion)
        leak, now = await rows.leak(tx, leak_id), self._clock.now()
        if leak.notified_at is None:
            raise Conflict("not_notified_yet")
        closed = replace(leak, closed_at=now, closed_by=by.id, conclusion=mask_text(conclusion))
        await rows.save_leak(tx, closed)
        await self._journal.state(tx, LeakClosed(leak.number, now, Actor.SUPERVISOR, by.id, (), leak.id))
        return closed

    async def all(self, tx: Tx, limit: int, start: int = 0) -> list[Known]:
        """Leaks, those that are open first, without the first ``start``."""
        return [await self.known(tx, leak) for leak in await rows.all_leaks(tx, limit, start)]

    async def known(self, tx: Tx, leak: Leak) -> Known:
        """Whether the citizen of a leak can be written to."""
        return Known(leak, (await self._store.by_number(tx, leak.number)).address is not None)

    async def note_late(self) -> None:
        """State of every citizen who was not told in time that it is so, once."""
        async with self._database.transaction() as tx:
            now = self._clock.now()
            for leak in await rows.late_leaks(tx, now):
                await self._journal.state(tx, LeakNoticeLate(leak.number, now, Actor.TIMER, "system", (), leak.id))

    # -- tracing ----------------------------------------------------------------------------------------

    async def export(self, tx: Tx, asked: Trace, by: Principal) -> list[Access]:
        """All looks of a stretch of time; that they were taken away is kept as well."""
        found = await rows.trace(tx, asked, rows.LONGEST_TRACE)
        now = self._clock.now()
        await self._journal.state(tx, LooksExported(now, by.id, asked.since, asked.until, len(found)))
        return found


def check_stretch(asked: Trace) -> Trace:
    """Invalid for a stretch that ends before it begins, or is too long to read."""
    if asked.until <= asked.since:
        raise Invalid({"until": "before_since"})
    if asked.until - asked.since > LONGEST_STRETCH:
        raise Invalid({"since": "stretch_too_long"})
    return asked


def _said(field: str, text: str) -> str:
    text = text.strip()
    if not text:
        raise Invalid({field: "required"})
    if len(text) > LONGEST_WORDS:
        raise Invalid({field: "too_long"}, limit=LONGEST_WORDS)
    return text
