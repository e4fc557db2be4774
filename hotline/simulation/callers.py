"""Telephone contacts: an agent of the shift looks things up and writes down what becomes a ticket."""

from hotline.simulation import words
from hotline.simulation.plan.contacts import Contact, Want
from hotline.simulation.plan.dice import Dice
from hotline.simulation.roster import Roster
from hotline.simulation.stage import TICKET, Stage, offered
from kernel.people import Principal, Role

# Assumed: of the questions answered at once on the telephone one in eight is written down as a ticket.
WRITTEN_DOWN = 0.12
CALL_MINUTES = 4.0


class Callers:
    """Whoever calls; the exchange itself is no part of the product yet and is not played."""

    def __init__(self, stage: Stage, roster: Roster) -> None:
        self._s = stage
        self._roster = roster

    def call(self, contact: Contact) -> None:
        """It rings; the form is sent when the talk is over."""
        dice = self._s.dice("call", contact.number)
        self._s.later(lambda: self._end(contact, dice), minutes=dice.about(CALL_MINUTES))

    async def _end(self, contact: Contact, dice: Dice) -> None:
        agent = self._roster.one_here(self._s.clock.now(), dice)
        if contact.want is Want.MATTER:
            await self._write_down(agent, contact)
        elif contact.want is Want.PROGRESS:
            await self._tell_progress(agent, contact)
        elif contact.want is Want.QUESTION:
            await self._answer(agent, contact, dice)
        else:
            self._s.tally.contacts[f"phone_{contact.want}"] += 1

    async def _write_down(self, agent: Principal, contact: Contact) -> None:
        form = {
            "kind": contact.kind,
            "text": contact.text,
            "where_text": contact.place,
            "area": contact.area,
            "name": "" if contact.anonymous else contact.name,
            "phone": "" if contact.anonymous else contact.phone,
            "matter": contact.matter,
            "urgency": contact.urgency,
            "secrecy": contact.secrecy,
            "anonymous": contact.anonymous,
            "enterprise": contact.company,
        }
        no_way = ("required",) if contact.anonymous else ()
        path = "/api/v1/tickets"
        opened = await self._s.tried("open", no_way, lambda: self._s.screen.post(agent, path, form))
        if opened is not None:
            self._s.register(opened.number, contact)
            self._s.tally.contacts["phone_ticket"] += 1
        else:
            self._s.tally.contacts["phone_not_written_down"] += 1

    async def _tell_progress(self, agent: Principal, contact: Contact) -> None:
        numbers = self._s.tickets_of.get(contact.again or 0, [])
        if numbers:
            view = await self._s.see(agent, numbers[-1])
            if offered(view, "urge") and self._s.dice("urges", contact.number).chance(0.3):
                name = self._s.people.one(Role.SUPERVISOR, self._s.dice("supervisor", contact.number)).id
                await self._s.press(agent, view, "urge", supervisor=name)
        self._s.tally.contacts["phone_progress"] += 1

    async def _answer(self, agent: Principal, contact: Contact, dice: Dice) -> None:
        found = await self._s.screen.get(agent, "/api/v1/knowledge/search", {"q": contact.text})
        self._s.tally.contacts["phone_answered" if found.items else "phone_unanswered"] += 1
        if not found.items or not dice.chance(WRITTEN_DOWN):
            return
        form = {"kind": "consult", "text": contact.text, "name": contact.name, "phone": contact.phone}
        opened = await self._s.screen.post(agent, "/api/v1/tickets", form)
        self._s.register(opened.number, contact)
        view = await self._s.screen.get(agent, TICKET, number=opened.number)
        if offered(view, "answer"):
            await self._s.press(agent, view, "answer", text=words.ANSWER, citations=[found.items[0].id])
