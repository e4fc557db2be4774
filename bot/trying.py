"""What the bot does with a citizen's first message, told apart for whoever judges the bot."""

from dataclasses import dataclass, replace

from bot.assistant import Assistant, written
from bot.doing import BOT
from bot.flows import guidance, suggestion, ticket
from bot.model import Caller, Dialogue, Fetch, Intent, Say, Step
from bot.neighbours import Tickets
from bot.understanding import Understanding
from kernel.clock import Clock
from kernel.database import Tx
from kernel.ids import new_id
from kernel.labels import Labelled
from kernel.messages import Address, Inbound, InboundKind
from ticketing.model.ticket import Draft, Ticket


class TakenAs(Labelled):
    """How the bot takes a message."""

    ANSWERED = "answered", "直接答复"
    CHOICES = "choices", "请市民选择条目"
    UNANSWERED = "unanswered", "如实说没有把握，提供人工或登记"
    TICKET = "ticket", "登记工单"
    SUGGESTION = "suggestion", "登记建言"
    PERSON = "person", "转人工"
    ASKED_BACK = "asked_back", "请市民说明"


@dataclass(frozen=True, slots=True)
class Tried:
    """What a first message leads to. ``entries`` are ids: of the entry quoted, or of those to choose from.

    ``draft`` is the ticket as far as the message fills it. Where the bot would still ask for the town it names no
    place, so that whoever reads it takes the place from the words, as surely as the words say it.
    """

    taken_as: TakenAs
    entries: tuple[str, ...]
    draft: Draft


class Trying:
    """Puts first messages to the assistant. Nothing is kept but what ``register`` opens."""

    def __init__(self, assistant: Assistant, understanding: Understanding, tickets: Tickets, clock: Clock) -> None:
        self._assistant = assistant
        self._understanding = understanding
        self._tickets = tickets
        self._clock = clock

    async def first(self, text: str) -> Tried:
        """The assistant's thought about ``text`` from somebody who has never written before."""
        now, address = self._clock.now(), Address("web", "trying", new_id())
        inbound = Inbound(new_id(), address, new_id(), InboundKind.TEXT, text, now, now)
        thought = await self._assistant.think(Dialogue(), inbound, Caller("", address, ""))
        return Tried(_taken_as(thought.step), _entries(thought.step), self._draft(thought.step.dialogue, text))

    async def register(self, tx: Tx, draft: Draft) -> Ticket:
        """Open the ticket as the bot does when the citizen confirms and adds nothing; Invalid where a field lacks."""
        address = Address("web", "trying", new_id())
        return await self._tickets.open(tx, replace(draft, address=address, conversation=new_id()), BOT)

    async def intents(self, text: str) -> tuple[tuple[Intent, float], ...]:
        """What the message is taken to want, best first."""
        return (await self._understanding.read(written(text))).intents

    def _draft(self, dialogue: Dialogue, text: str) -> Draft:
        draft = self._assistant.draft(dialogue, (text,))
        named = self._understanding.parts(written(text))
        if "town" in named and "certain" in named:
            return draft
        return replace(draft, area="", place="", placeless=True)


def _taken_as(step: Step) -> TakenAs:
    if any(isinstance(act, Fetch) for act in step.acts):
        return TakenAs.PERSON
    if step.dialogue.flow == guidance.FLOW:
        if _quoted(step):
            return TakenAs.ANSWERED
        return TakenAs.CHOICES if step.dialogue.offered else TakenAs.UNANSWERED
    flows = {ticket.FLOW: TakenAs.TICKET, suggestion.FLOW: TakenAs.SUGGESTION}
    return flows.get(step.dialogue.flow, TakenAs.ASKED_BACK)


def _entries(step: Step) -> tuple[str, ...]:
    """The entries the citizen sees; what is offered only if the answer does not help is not among them."""
    return _quoted(step) or tuple(entry for entry, _ in guidance.offered(step.dialogue))


def _quoted(step: Step) -> tuple[str, ...]:
    return tuple(cited.id for act in step.acts if isinstance(act, Say) for cited in act.reply.citations)
