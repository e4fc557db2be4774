"""Officers learn of what needs them on the ways they chose: urgent things at once, the rest in an hourly digest."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import quote

from directory.lookup import Lookup
from directory.model import Staff
from directory.reorganising import Reorganising
from kernel.database import Tx
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.messages import Address, Author, Outbound
from kernel.people import UNIT_ROLES
from kernel.room import Floor
from ticketing.model import Ticket
from ticketing.rules.agenda import due_clock
from ticketing.rules.reaching import PINGS, Reach, Way, concerns, digest, goes_at_once, is_quiet, single
from ticketing.rules.telling import moment_words
from ticketing.store import reaching as rows

ACCOUNT = "staff"
BATCH = 100
KEPT = timedelta(days=90)


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
                await self._send(tx, staff, reach, single(ticket, what, due), ticket.number)
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

    async def _send(self, tx: Tx, staff: str, reach: Reach, text: str, number: str) -> None:
        for way, address in reach.ways.items():
            if way in self.ways and address:
                message = Outbound(
                    id=new_id(),
                    address=Address(way.value, ACCOUNT, address),
                    text=self._phrases.worded(text),
                    author=Author.SYSTEM,
                    created_at=self._clock.now(),
                    # The page asks for the log-in first.
                    link=f"/unit?t={quote(number)}",
                )
                await self._mailbox.put_out(tx, message)

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
            await self._send(tx, staff, reach, text, number)
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
