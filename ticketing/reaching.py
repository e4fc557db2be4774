"""Officers learn of what needs them on the ways they chose: urgent things at once, the rest in an hourly digest."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

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
from ticketing.absences import Absences
from ticketing.limiting import LimitKeeper
from ticketing.model.ticket import Ticket
from ticketing.rules.agenda import due_clock
from ticketing.rules.asking import still_asked
from ticketing.rules.deadlines import due_after
from ticketing.rules.reaching import (
    ASKS_NOTHING,
    AT_ONCE,
    LASTING,
    OF_A_UNIT,
    OF_THE_UNIT,
    ROLES,
    STOPS,
    Ping,
    Pings,
    Reach,
    Way,
    concerns,
    digest,
    goes_at_once,
    is_quiet,
    page_of,
    pings_of,
    short_digest,
    short_single,
    single,
)
from ticketing.rules.telling import moment_words
from ticketing.rules.until import Until, until_of
from ticketing.store import reaching as rows
from ticketing.store.tickets import TicketStore

ACCOUNT = "staff"
BATCH = 100
SPANS_PAGE = "/privacy#spans"
KEPT = timedelta(days=90)
# So long a carrier may still tell that a message did not arrive.
RECEIPTS = timedelta(days=3)


class Reaching:
    """Puts messages to officers into the mailbox, which sends each once, later, or says that it cannot tell."""

    def __init__(
        self,
        floor: Floor,
        lookup: Lookup,
        reorganising: Reorganising,
        limits: LimitKeeper,
        absences: Absences,
        store: TicketStore,
    ) -> None:
        self._store = store
        self._absences = absences
        self._limits = limits
        self._database = floor.database
        self._vault = floor.vault
        self._phrases = floor.phrases
        self._mailbox = floor.mailbox
        self._clock = floor.clock
        self._lookup = lookup
        self._reorganising = reorganising
        self.ways = tuple(way for way in Way if way.value in floor.settings.channels)

    def until(self, ticket: Ticket, event: str, units: Sequence[str]) -> Until | None:
        """By when what an event tells these units of is to be done; None where that is the reply."""
        return until_of(ticket, event, units, self._lookup.calendar(), self._limits.now())

    async def tell(
        self,
        tx: Tx,
        ticket: Ticket,
        event: str,
        units: Sequence[str],
        pings: Pings = (),
        until: Until | None = None,
    ) -> None:
        """Whoever of these units and of the hotline an event needs: told at once, or kept for the digest; each person
        once. Of what no unit has yet the dispatchers are told instead. Who chose no way, or can be reached on none,
        finds it on their page. ``until`` is named as the due time; where it is None the reply's is."""
        concerned: dict[str, tuple[Ping, str]] = {}
        for ping, what in pings or pings_of(event, ticket.urgency):
            whom = Ping.DISPATCHERS if ping in OF_THE_UNIT and not units else ping
            people = await self._people(tx, ticket, whom, units)
            if whom is Ping.PRIVACY and not people:
                # Where the post is vacant those who may decide about it as well are told.
                whom = Ping.DISPATCHERS
                people = await self._people(tx, ticket, whom, units)
            for staff in people:
                concerned.setdefault(staff, (whom, what))
        reaches = await rows.of(tx, self._vault, tuple(concerned))
        calendar, now = self._lookup.calendar(), self._clock.now()
        if event in STOPS:
            for staff in concerned:
                await rows.read(tx, staff, ticket.number, now)
        told = []
        for staff, (ping, what) in concerned.items():
            reach = reaches.get(staff)
            if reach is None or not reach.in_order(self.ways):
                told.append(self._notice(staff, ticket, what, now, sent=True))
                continue
            at_once = goes_at_once(ping, ticket.urgency, reach, calendar, now)
            told.append(self._notice(staff, ticket, what, now, sent=at_once or what in ASKS_NOTHING))
            if at_once:
                texts = self._texts(ticket, what, until)
                urgent = ticket.urgency in AT_ONCE
                page = SPANS_PAGE if ping is Ping.PRIVACY else page_of(ticket.number, what, of_unit=ping in OF_A_UNIT)
                await self._send(tx, staff, reach, texts, page, now, urgent=urgent)
        await rows.add(tx, told)

    def _texts(self, ticket: Ticket, what: str, until: Until | None) -> tuple[str, str]:
        calendar, clock = self._lookup.calendar(), due_clock(ticket)
        if what in ASKS_NOTHING:
            due, step = "", ""
        elif until is not None:
            due, step = moment_words(calendar, until.at), until.step
        else:
            due, step = moment_words(calendar, clock.due) if clock and not clock.paused else "", ""
        return single(ticket, what, due, step), short_single(ticket, what, due, step)

    async def remind(self, tx: Tx, units: Sequence[str], ping: Ping, texts: tuple[str, str], link: str) -> int:
        """Write to people of some units of what is no ticket, each on the way they prefer; ``texts`` are the whole and
        the short one. Gives how many were written to: who chose no way finds it on their page."""
        if not (self.ways and units):
            return 0
        people = await self._reorganising.people_of(tx, list(units))
        found = await self._there(tx, people, ping)
        reaches = await rows.of(tx, self._vault, found)
        written = {staff: reach for staff, reach in reaches.items() if reach.in_order(self.ways)}
        for staff, reach in written.items():
            await self._send(tx, staff, reach, texts, link, self._clock.now(), urgent=False)
        return len(written)

    async def _people(self, tx: Tx, ticket: Ticket, ping: Ping, units: Sequence[str]) -> list[str]:
        if ping is Ping.NAMED and not ticket.supervisor:
            return []
        if ping in OF_A_UNIT:
            of = list(units) if ping in OF_THE_UNIT else self._above(units)
            return await self._there(tx, await self._reorganising.people_of(tx, of), ping) if of else []
        people = await self._lookup.staff_with(tx, ROLES[ping])
        found = [each.id for each in people if each.active and concerns(ping, each.roles)]
        return [each for each in found if each == ticket.supervisor] if ping is Ping.NAMED else found

    async def _there(self, tx: Tx, people: Sequence[Staff], ping: Ping) -> list[str]:
        """Whom of all people of some units it concerns; whoever is away is stood in for."""
        instead = await self._absences.instead(tx, people)
        found = [each.id for each in people if each.active and concerns(ping, each.roles)]
        return list(dict.fromkeys(instead.get(each, each) for each in found))

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

    async def _send(
        self, tx: Tx, staff: str, reach: Reach, texts: tuple[str, str], link: str, now: datetime, *, urgent: bool
    ) -> None:
        """On the preferred way, or on all that work where the officer wants that of what is urgent; ``texts`` are the
        whole and the short one. The page of ``link`` asks for the log-in first."""
        ways = reach.in_order(self.ways)
        limits = self._limits.now()
        until = due_after(self._lookup.calendar(), limits.next_way_urgent if urgent else limits.next_way, now)
        worded = (self._phrases.worded(texts[0]), self._phrases.worded(texts[1]))
        first = ways if urgent and reach.all_urgent else ways[:1]
        for way in first:
            rest = () if len(first) > 1 else ways[1:]
            await self._put(tx, reach, rows.Sent(staff, way, rest, worded, link, now, until, urgent))

    async def _put(self, tx: Tx, reach: Reach, sent: rows.Sent) -> None:
        message = Outbound(
            id=new_id(),
            address=Address(sent.way.value, ACCOUNT, reach.ways[sent.way]),
            text=sent.texts[sent.way is Way.SMS],
            author=Author.SYSTEM,
            created_at=self._clock.now(),
            link=sent.link,
        )
        await self._mailbox.put_out(tx, message)
        await rows.note_message(tx, message.id, message.created_at, sent)

    # -- what became of it ------------------------------------------------------------------------------

    async def look_after(self) -> int:
        """Ways that do not work are passed over from now on, and the officer is told on the page; what failed, or was
        not read in time, goes out on the next way. Gives how many ways were stopped."""
        stopped, last = 0, ""
        while True:
            async with self._database.transaction() as tx:
                found = await rows.messages(tx, last, BATCH)
                states = await self._mailbox.states(tx, list(found))
                failed = {message: reason for message, (state, reason) in states.items() if state is OutState.FAILED}
                for message, reason in failed.items():
                    if reason in LASTING:
                        stopped += await self._stop(tx, found[message].staff, found[message].way, reason)
                await self._go_on(tx, found, set(failed))
                await rows.forget_messages(tx, list(failed), self._clock.now() - RECEIPTS)
            if len(found) < BATCH:
                return stopped
            last = max(found)

    async def _go_on(self, tx: Tx, found: Mapping[str, rows.Sent], failed: Collection[str]) -> None:
        """The next way of each message that failed, or whose time to be read is over; once for each."""
        now = self._clock.now()
        over = [message for message, sent in found.items() if sent.rest and (message in failed or sent.until <= now)]
        instead = await self._absences.all_instead(tx) if over else {}
        for message in over:
            sent = found[message]
            if instead.get(sent.staff, sent.staff) != sent.staff:
                await rows.no_more_ways(tx, [message])
                await self._pass_on(tx, sent, instead[sent.staff])
                continue
            reach = (await rows.of(tx, self._vault, [sent.staff])).get(sent.staff)
            if reach is not None and is_quiet(reach, self._lookup.calendar(), now) and not sent.urgent:
                continue
            await rows.no_more_ways(tx, [message])
            left = [way for way in sent.rest if reach is not None and way in reach.in_order(self.ways)]
            if reach is None or not left or not await self._still_asked(tx, sent):
                continue
            until = now + (sent.until - sent.told_at)
            await self._put(tx, reach, replace(sent, way=left[0], rest=tuple(left[1:]), until=until))

    async def _still_asked(self, tx: Tx, sent: rows.Sent) -> bool:
        """Whether something a message tells of is unread, and still to be done by them."""
        member = await self._member(tx, sent.staff)
        if member is None:
            return False
        own = self._lookup.stands_for(member.unit) if member.unit else ()
        for number, what in await rows.unread_of(tx, sent.staff, sent.told_at):
            if still_asked(await self._store.by_number(tx, number), what, own):
                return True
        return False

    async def _pass_on(self, tx: Tx, sent: rows.Sent, staff: str) -> None:
        """What somebody who is away by now has not read goes to whoever is there."""
        if not await self._still_asked(tx, sent):
            return
        await rows.readdress(tx, sent.staff, staff, told_at=sent.told_at)
        reach = (await rows.of(tx, self._vault, [staff])).get(staff)
        ways = reach.in_order(self.ways) if reach is not None else ()
        if reach is not None and ways:
            until = self._clock.now() + (sent.until - sent.told_at)
            await self._put(tx, reach, replace(sent, staff=staff, way=ways[0], rest=ways[1:], until=until))

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
        async with self._database.transaction() as tx:
            for away, staff in (await self._absences.all_instead(tx)).items():
                await rows.readdress(tx, away, staff)
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
            now = self._clock.now()
            waiting = await rows.take_waiting(tx, staff, now, of_unit=of_unit)
            if not waiting:
                return False
            text, first = digest(waiting)
            texts, urgent = (text, short_digest(waiting)), any(each.urgency in AT_ONCE for each in waiting)
            spans = member.roles <= ROLES[Ping.PRIVACY]
            page = SPANS_PAGE if spans else page_of(first.number, first.what, of_unit=of_unit)
            await self._send(tx, staff, reach, texts, page, now, urgent=urgent)
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
