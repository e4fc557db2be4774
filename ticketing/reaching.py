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
from kernel.people import NOTIFIED
from kernel.room import Floor
from ticketing.model.ticket import Ticket
from ticketing.rules.agenda import due_clock
from ticketing.rules.reaching import (
    LASTING,
    OF_A_UNIT,
    OF_THE_UNIT,
    ROLES,
    Ping,
    Pings,
    Reach,
    Way,
    concerns,
    digest,
    goes_at_once,
    is_quiet,
    pings_of,
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

    async def tell(self, tx: Tx, ticket: Ticket, event: str, units: Sequence[str], pings: Pings = ()) -> None:
        """Whoever of these units and of the hotline an event needs: told at once, or kept for the digest; each person
        once. Of what no unit has yet the dispatchers are told instead."""
        if not self.ways:
            return
        concerned: dict[str, tuple[Ping, str]] = {}
        for ping, what in pings or pings_of(event):
            whom = Ping.DISPATCHERS if ping in OF_THE_UNIT and not units else ping
            for staff in await self._people(tx, ticket, whom, units):
                concerned.setdefault(staff, (whom, what))
        reaches = await rows.of(tx, self._vault, tuple(concerned))
        calendar, now = self._lookup.calendar(), self._clock.now()
        told = []
        for staff, reach in reaches.items():
            ping, what = concerned[staff]
            at_once = goes_at_once(ping, ticket.urgency, reach, calendar, now)
            told.append(self._notice(staff, ticket, what, now, sent=at_once))
            if at_once:
                clock = due_clock(ticket)
                due = moment_words(calendar, clock.due) if clock and not clock.paused else ""
                texts = single(ticket, what, due), short_single(ticket, what, due)
                await self._send(tx, staff, reach, texts, _page(ping in OF_A_UNIT, ticket.number))
        await rows.add(tx, told)

    async def _people(self, tx: Tx, ticket: Ticket, ping: Ping, units: Sequence[str]) -> list[str]:
        if ping is Ping.NAMED and not ticket.supervisor:
            return []
        if ping in OF_A_UNIT:
            of = list(units) if ping in OF_THE_UNIT else self._above(units)
            people = await self._reorganising.people_of(tx, of) if of else []
        else:
            people = await self._lookup.staff_with(tx, ROLES[ping])
        found = [each.id for each in people if each.active and concerns(ping, each.roles)]
        return [each for each in found if each == ticket.supervisor] if ping is Ping.NAMED else found

    def _above(self, units: Sequence[str]) -> list[str]:
        return list(dict.fromkeys(above for unit in units if (above := self._lookup.unit(unit).parent)))

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

    async def _send(self, tx: Tx, staff: str, reach: Reach, texts: tuple[str, str], link: str) -> None:
        """On every way that works; ``texts`` are the whole and the short one. The page of ``link`` asks for the log-in
        first."""
        for way, address in reach.working.items():
            if way not in self.ways:
                continue
            message = Outbound(
                id=new_id(),
                address=Address(way.value, ACCOUNT, address),
                text=self._phrases.worded(texts[way is Way.SMS]),
                author=Author.SYSTEM,
                created_at=self._clock.now(),
                link=link,
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
            member = await self._member(tx, staff)
            of_unit = member is not None and bool(member.unit)
            if reach is None or member is None:
                await rows.take_waiting(tx, staff, self._clock.now(), of_unit=of_unit)
                return False
            if is_quiet(reach, self._lookup.calendar(), self._clock.now()):
                return False
            waiting = await rows.take_waiting(tx, staff, self._clock.now(), of_unit=of_unit)
            if not waiting:
                return False
            text, number = digest(waiting)
            await self._send(tx, staff, reach, (text, short_digest(waiting)), _page(of_unit, number))
        return True

    async def _member(self, tx: Tx, staff: str) -> Staff | None:
        """Who it is; None when they are gone or are told of nothing any more."""
        try:
            member: Staff = await self._lookup.staff(tx, staff)
        except NotFound:
            return None
        return member if member.active and not member.roles.isdisjoint(NOTIFIED) else None

    async def forget(self) -> int:
        """Drop notices nobody looks for any more."""
        async with self._database.transaction() as tx:
            return await rows.forget(tx, self._clock.now() - KEPT)


def _page(of_unit: bool, number: str) -> str:
    """Where somebody of a unit, or of the hotline, opens a ticket."""
    return f"/{'unit' if of_unit else 'dispatch'}?t={quote(number)}"
