"""Chat contacts: a citizen's messages through the mailbox, the bot's answers read from the thread, an agent's if it
comes to that. Every message is attended by the real reception and the real bot."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from hotline.replay_citizen import TURNS, Citizen, Shown, next_words
from hotline.simulation import words
from hotline.simulation.plan.contacts import Contact, Want, Way
from hotline.simulation.plan.dice import Dice
from hotline.simulation.post import Post
from hotline.simulation.running import Running
from hotline.simulation.stage import Stage
from kernel.database import Database
from kernel.ids import new_id
from kernel.mailbox import Mailbox
from kernel.messages import Address, Inbound, InboundKind, Outbound

CONVERSATION = "/api/v1/desk/conversations/{id}"
PASSIVE = timedelta(seconds=4.5)
THANKS = 0.5
SOLVED, UNSOLVED = "解决了", "没解决"
SOLVES, SOLVES_NOT = 0.45, 0.2
BOT, AGENT = "bot", "agent"


@dataclass(frozen=True, slots=True)
class Visitor(Citizen):
    """A citizen of the plan, who answers what the bot asks back."""

    own_phone: str = ""

    @property
    def phone(self) -> str:
        """Their own."""
        return self.own_phone


class Chats:
    """Everybody who writes, and the agents they come to."""

    def __init__(self, stage: Stage, post: Post, running: Running, database: Database, mailbox: Mailbox) -> None:
        self._s = stage
        self._post = post
        self._running = running
        self._database = database
        self._mailbox = mailbox
        self._contacts: dict[int, Contact] = {}
        self._of_address: dict[str, Contact] = {}
        self._said: dict[str, int] = {}

    # -- the citizen ------------------------------------------------------------------------------------

    def begin(self, contact: Contact) -> None:
        """The first words."""
        self._contacts[contact.number] = contact
        self._s.agenda.at(contact.at, lambda: self._turn(contact, contact.text, TURNS))

    async def vote(self, contact_number: int, number: str, score: str) -> None:
        """A tap on the vote under the reply."""
        contact = self._contacts[contact_number]
        labels = {"very_satisfied": "非常满意", "satisfied": "满意", "basically_satisfied": "基本满意"}
        labels |= {"dissatisfied": "不满意", "very_dissatisfied": "非常不满意"}
        await self._turn(contact, f"评价 {number} {labels[score]}", 0)

    async def _turn(self, contact: Contact, text: str, left: int) -> None:
        """Say something, read what comes back, think about what to say next."""
        address = address_of(contact)
        self._of_address[address.key] = contact
        before = await self._last_seq(address)
        await self._say(contact, address, text)
        await self._running.step("desk.reception")
        shown, talk = await self._heard(address, before)
        for number in talk.tickets if talk is not None else ():
            if number not in self._s.told_by:
                self._s.register(number, contact)
        if talk is None or talk.turn != BOT or left <= 0:
            self._end(contact, talk)
            return
        dice = self._s.dice("chat", contact.number, left)
        words_ = self._next(contact, shown, dice, has_ticket=bool(talk.tickets))
        if words_:
            self._s.later(lambda: self._turn(contact, words_, left - 1), seconds=dice.between(8, 70))
        else:
            self._end(contact, talk)

    def _next(self, contact: Contact, shown: Shown, dice: Dice, *, has_ticket: bool) -> str:
        if has_ticket:
            return ""
        if shown.cited and shown.choice(SOLVED):
            if contact.want is Want.QUESTION:
                if dice.chance(SOLVES):
                    return SOLVED
                return UNSOLVED if dice.chance(SOLVES_NOT) else ""
            return shown.choice("登记") or UNSOLVED
        place = contact.place or contact.town
        return next_words(Visitor(contact.text, place, contact.town, 0, own_phone=contact.phone), shown)

    def _end(self, contact: Contact, talk: Any) -> None:
        how = "gone" if talk is None else "ticket" if talk.tickets else "bot" if talk.turn == BOT else "person"
        self._s.tally.contacts[f"chat_{how}"] += 1

    async def _say(self, contact: Contact, address: Address, text: str) -> None:
        n = self._said[address.key] = self._said.get(address.key, 0) + 1
        now = self._s.clock.now()
        waits = now + PASSIVE if contact.way is Way.WECHAT else None
        said = Inbound(new_id(), address, f"m{n}", InboundKind.TEXT, text, now, now, reply_by=waits)
        await self._post.deliver(said, self._s.dice("platform", address.key, n))

    async def _last_seq(self, address: Address) -> int:
        async with self._database.reading() as tx:
            lines = await self._mailbox.thread(tx, address, limit=1)
        return lines[-1].seq if lines else 0

    async def _heard(self, address: Address, after: int) -> tuple[Shown, Any]:
        async with self._database.reading() as tx:
            lines = await self._mailbox.thread(tx, address, after=after)
            talk = await self._s.rooms.desk.store.open_with(tx, address)
        out: list[Outbound] = [line.outbound for line in lines if line.outbound is not None]
        return Shown.of(out), talk

    # -- the agent --------------------------------------------------------------------------------------

    def taken(self, conversation: str, agent: str) -> None:
        """The distribution gave it to an agent."""
        dice = self._s.dice("agent", self._s.clock.now().isoformat())
        self._s.later(lambda: self._greet(conversation, agent), minutes=dice.about(1.0))

    async def _greet(self, conversation: str, agent: str) -> None:
        who = self._s.people.by_id[agent]
        view = await self._s.screen.get(who, CONVERSATION, id=conversation)
        if not self._has(view, agent):
            return
        contact = await self._contact_of(conversation)
        dice = self._s.dice("greets", contact.number if contact else 0)
        text = dice.pick(words.AGENT_SAYS)
        await self._write(agent, conversation, text)
        self._s.later(lambda: self._serve(conversation, agent), minutes=dice.about(3.0))
        if contact is not None and dice.chance(THANKS):
            self._s.later(lambda: self._answer_person(contact), minutes=dice.between(0.3, 1.5))

    async def _answer_person(self, contact: Contact) -> None:
        """The citizen goes on talking with the agent; who was served meanwhile has nothing to add."""
        address = address_of(contact)
        async with self._database.reading() as tx:
            talk = await self._s.rooms.desk.store.open_with(tx, address)
        if talk is None or talk.turn != AGENT:
            return
        dice = self._s.dice("to person", contact.number)
        text = contact.text if contact.want is not Want.PERSON else dice.pick(words.THANKS)
        await self._say(contact, address, text)
        await self._running.step("desk.reception")

    async def _serve(self, conversation: str, agent: str) -> None:
        """Write down the ticket if there is to be one, say goodbye, end."""
        who = self._s.people.by_id[agent]
        view = await self._s.screen.get(who, CONVERSATION, id=conversation)
        if not self._has(view, agent):
            return
        contact = await self._contact_of(conversation)
        if contact is not None and contact.want is Want.MATTER and not view.conversation.tickets:
            await self._open(who, conversation, contact)
        await self._write(agent, conversation, words.AGENT_ENDS)
        dice = self._s.dice("ends", contact.number if contact else 0)
        how = "close" if dice.chance(0.85) else "release"
        await self._s.tried(how, (), lambda: self._s.screen.post(who, f"{CONVERSATION}/{how}", id=conversation))

    async def _open(self, who: Any, conversation: str, contact: Contact) -> None:
        await self._s.screen.get(who, f"{CONVERSATION}/assist", id=conversation)
        form = {
            "kind": contact.kind,
            "text": contact.text,
            "where_text": contact.place,
            "area": contact.area,
            "name": contact.name,
            "phone": contact.phone,
            "urgency": contact.urgency,
            "secrecy": contact.secrecy,
            "enterprise": contact.company,
        }
        path = f"{CONVERSATION}/tickets"
        opened = await self._s.tried("open_in_chat", (), lambda: self._s.screen.post(who, path, form, id=conversation))
        if opened is not None:
            self._s.register(opened.number, contact)

    async def _write(self, agent: str, conversation: str, text: str) -> None:
        body = {"id": str(UUID(new_id())), "text": text}
        who = self._s.people.by_id[agent]
        await self._s.screen.post(who, f"{CONVERSATION}/messages", body, id=conversation)

    @staticmethod
    def _has(view: Any, agent: str) -> bool:
        return bool(view.conversation.state == "agent" and view.conversation.agent_id == agent)

    async def _contact_of(self, conversation: str) -> Contact | None:
        async with self._database.reading() as tx:
            talk = await self._s.rooms.desk.store.by_id(tx, conversation)
        return self._of_address.get(talk.address.key)


def address_of(contact: Contact) -> Address:
    """Where a person writes from: the same all month."""
    if contact.way is Way.WECHAT:
        return Address("wechat", "simulated", f"o{contact.person:08d}")
    return Address("web", "site", f"v{contact.person:08d}")
