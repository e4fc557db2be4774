"""An agent's good answer becomes a draft of the knowledge with one key; everybody who asked the like is told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from desk.assist import LIKELY, Assist, dialogue_of
from desk.conversations import Conversations
from desk.model import Conversation
from desk.rules.proposing import Line, last_answer, question_before
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.mailbox import Entry
from kernel.messages import Author
from kernel.people import Principal, Role
from kernel.room import Floor
from knowledge.library import Library
from knowledge.model import Article, Origin, Proposal
from ticketing.model.duties import DispatchDecision


@dataclass(frozen=True, slots=True)
class ArticleForm:
    """Question and answer as the agent wants them; what is empty is taken from the talk."""

    question: str = ""
    answer: str = ""


class Proposing:
    """Reads the talk, finds the unit, hands the draft to the knowledge room."""

    def __init__(self, floor: Floor, conversations: Conversations, assist: Assist, library: Library) -> None:
        self._database = floor.database
        self._conversations = conversations
        self._assist = assist
        self._library = library

    async def propose(self, conversation: Conversation, form: ArticleForm, by: Principal) -> Article:
        """The draft. Invalid names what the talk does not say (``question``, ``answer``), Conflict when there is such
        an entry already, NotAllowed in a colleague's talk, Unavailable while the knowledge is not loaded."""
        if conversation.agent_id != by.id and not by.has(Role.SHIFT_LEAD):
            raise NotAllowed("conversation_of_colleague")
        async with self._database.reading() as tx:
            thread = await self._conversations.thread(tx, conversation)
        question, answer = _said(conversation, form, [line for entry in thread for line in _lines(entry)])
        await self._library.check()
        offered = await self._assist.offer(conversation, question)
        proposal = Proposal(
            question,
            answer,
            Origin.AGENT,
            conversation.id,
            owner=owner_of(offered.decision),
            matter=offered.matter,
            asker=conversation.address,
        )
        async with self._database.transaction() as tx:
            made = await self._library.propose(tx, proposal, by)
            if made is None:
                raise Conflict("article_there")
        return made


def owner_of(decision: DispatchDecision) -> str:
    """The unit that surely keeps it; empty when nobody is sure enough."""
    best = decision.candidates[0] if decision.candidates else None
    return best.unit if best and (decision.automatic or best.confidence >= LIKELY) else ""


def _said(conversation: Conversation, form: ArticleForm, talk: Sequence[Line]) -> tuple[str, str]:
    answered, begin = last_answer(talk)
    answer = form.answer.strip() or answered
    question = form.question.strip() or question_before(talk, begin, dialogue_of(conversation).question)
    if missing := {name: "missing" for name, said in (("question", question), ("answer", answer)) if not said}:
        raise Invalid(missing)
    return question, answer


def _lines(entry: Entry) -> Iterator[Line]:
    if entry.inbound is not None:
        yield Author.CITIZEN, entry.inbound.text
    if entry.outbound is not None:
        yield entry.outbound.author, entry.outbound.text
