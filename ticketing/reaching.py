"""Officers learn of what needs them on the ways they chose: urgent things at once, the rest in an hourly digest."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from directory.lookup import Lookup
from directory.model import Staff
from directory.reorganising import Reorganising
from kernel.database import Tx
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.mailbox import OutState
from kernel.messages import Address, Author, Outbound
from kernel.people import UNIT_ROLES
from kernel.room import Floor
from ticketing.model import Ticket
from ticketing.rules.agenda import due_clock
from ticketing.rules.reaching import (
    LASTING,
    PINGS,
    Reach,
    Way,
    concerns,
    digest,
    goes_at_once,
    is_quiet,
    short_digest,
    short_single,
    single,
)
from ticketing.rules.telling import moment_words
from ticketing.store import reaching as rows

ACCOUNT = "staff"
BATCH = 100
KEPT = timedelta(days=90)
# So long a carrier may still tell that a message did not arrive.
RECEIPTS = timedelta(days=3)


class Reaching:
    """Puts messages to officers into the mailbox, which sends each once, later, or says that it cannot tell."""

    def __init__(self, floor: Floor, lookup: Lookup, reorganising: Reorganising) -> None:
        self._database = floor.database
        self._vault = floor.vault
        self._phrases = floor.phrases
        self._mailbox = floor.mailbox
        self._clock = floor.clock
        self._lookup = lookup
        self._reorganising = reorganising
        self.ways = tuple(way for way in Way if way.value in floor.settings.channels)

    async def tell(self, tx: Tx, ticket: Ticket, event: str, units: Sequence[str]) -> None:
        """Whoever of these units an event needs: told at once, or kept for the digest."""
        row = next((row for known, row in PINGS.items() if known == event), None)
        if row is None or not units or not self.ways:
            return
        ping, what = row
        people = [each for each in await self._reorganising.people_of(tx, units) if each.active]
        concerned = {each.id: each for each in people if concerns(ping, each.roles)}
        reaches = await rows.of(tx, self._vault, tuple(concerned))
        calendar, now = self._lookup.calendar(), self._clock.now()
        told = []
        for staff, reach in reaches.items():
            at_once = goes_at_once(ping, ticket.urgency, reach, calendar, now)
            told.append(self._notice(staff, ticket, what, now, sent=at_once))
            if at_once:
                clock = due_clock(ticket)
                due = moment_words(calendar, clock.due) if clock and not clock.paused else ""
                texts = single(ticket, what, due), short_single(ticket, what, due)
                await self._send(tx, staff, reach, texts, ticket.number)
        await rows.add(tx, told)

    def _notice(self, staff: str, ticket: Ticket, what: str, now: datetime, *, sent: bool) -> dict[str, object]:
        return {
            "id": new_id(),
            "staff": staff,
            "ticket": ticket.id,
            "what": what,
            "at": now,
            "sent_at": now if sent else None,
            "read_at": None,
        }

    async def _send(self, tx: Tx, staff: str, reach: Reach, texts: tuple[str, str], number: str) -> None:
        """On every way that works; ``texts`` are the whole and the short one."""
        for way, address in reach.working.items():
            if way not in self.ways:
                continue
            message = Outbound(
                id=new_id(),
                address=Address(way.value, ACCOUNT, address),
                text=self._phrases.worded(texts[way is Way.SMS]),
                author=Author.SYSTEM,
                created_at=self._clock.now(),
                # The page asks for the log-in first.
                link=f"/unit?t={quote(number)}",
            )
            await self._mailbox.put_out(tx, message)
            await rows.note_message(tx, message.id, staff, way, message.created_at)

    # -- what became of it ------------------------------------------------------------------------------

    async def look_after(self) -> int:
        """Ways that do not work are passed over from now on, and the officer is told on the page; gives how many."""
        stopped, last = 0, ""
        while True:
            async with self._database.transaction() as tx:
                found = await rows.messages(tx, last, BATCH)
                states = await self._mailbox.states(tx, list(found))
                failed = {message: reason for message, (state, reason) in states.items() if state is OutState.FAILED}
                for message, reason in failed.items():
                    if reason in LASTING:
                        stopped += await self._stop(tx, *found[message], reason)
                await rows.forget_messages(tx, list(failed), self._clock.now() - RECEIPTS)
            if len(found) < BATCH:
                return stopped
            last = max(found)

    async def _stop(self, tx: Tx, staff: str, way: Way, reason: str) -> bool:
        reach = (await rows.of(tx, self._vault, [staff])).get(staff)
        if reach is None or way not in reach.working:
            return False
        now = self._clock.now()
        await rows.keep(tx, self._vault, staff, replace(reach, stopped={**reach.stopped, way: reason}), now)
        return True

    # -- the digest -------------------------------------------------------------------------------------

    async def digest(self) -> int:
        """One message to every officer something waits for and whose hours are not quiet; gives how many officers."""
        done, last = 0, ""
        while True:
            async with self._database.reading() as tx:
                waiting = await rows.who_waits(tx, last, BATCH)
            for staff in waiting:
                done += await self._digest(staff)
            if len(waiting) < BATCH:
                return done
            last = waiting[-1]

    async def _digest(self, staff: str) -> bool:
        """Taking what waits and putting the message out are one transaction: never double, never lost."""
        async with self._database.transaction() as tx:
            reach = (await rows.of(tx, self._vault, [staff])).get(staff)
            if reach is None or await self._is_gone(tx, staff):
                await rows.take_waiting(tx, staff, self._clock.now())
                return False
            if is_quiet(reach, self._lookup.calendar(), self._clock.now()):
                return False
            waiting = await rows.take_waiting(tx, staff, self._clock.now())
            if not waiting:
                return False
            text, number = digest(waiting)
            await self._send(tx, staff, reach, (text, short_digest(waiting)), number)
        return True

    async def _is_gone(self, tx: Tx, staff: str) -> bool:
        try:
            member: Staff = await self._lookup.staff(tx, staff)
        except NotFound:
            return True
        return not member.active or member.roles.isdisjoint(UNIT_ROLES)

    async def forget(self) -> int:
        """Drop notices nobody looks for any more."""
        async with self._database.transaction() as tx:
            return await rows.forget(tx, self._clock.now() - KEPT)
