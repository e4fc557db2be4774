"""What of a talk is a question and its answer, so that others who ask it need no agent."""

import re
from collections.abc import Sequence
from itertools import takewhile

from kernel.messages import Author
from ticketing.model.labels import Secrecy, TicketKind
from ticketing.model.ticket import Ticket

# What citizens write besides what they want to know.
_NO_QUESTION = re.compile(
    r"[\W_]*(?:转?人工(?:客服|服务|坐席)?|你?好|您好|在吗|谢谢|嗯|好的?|是的?|不是|有人吗|没有?解决)[\W_]*"
)
SHORTEST = 4
ANSWERING = frozenset({Author.BOT, Author.AGENT})
SPEAKERS = ANSWERING | {Author.CITIZEN}
OPEN_KINDS = frozenset({TicketKind.CONSULT})
OPEN_SECRECY = frozenset({Secrecy.OPEN, Secrecy.NORMAL})
LONGEST_QUESTION = 60

Line = tuple[Author, str]


def last_answer(talk: Sequence[Line]) -> tuple[str, int]:
    """What an agent wrote last, no citizen's word between, and where in the talk that begins; empty if none."""
    said: list[str] = []
    begin = len(talk)
    for at in range(len(talk) - 1, -1, -1):
        author, text = talk[at]
        if author is Author.AGENT and text.strip():
            said.insert(0, text.strip())
            begin = at
        elif said and author in SPEAKERS:
            break
    return "\n".join(said), begin


def question_before(talk: Sequence[Line], begin: int, asked_of_bot: str) -> str:
    """What was asked before the answer that begins at ``begin``: the longest the citizen told the person since anybody
    else spoke, else what they had asked the bot, else the last they said that is a question at all."""
    before = list(talk[:begin])
    since = takewhile(lambda line: line[0] not in ANSWERING, reversed(before))
    if told := [text for author, text in since if author is Author.CITIZEN and is_question(text)]:
        return max(told, key=len).strip()
    if is_question(asked_of_bot):
        return asked_of_bot.strip()
    said = (text.strip() for author, text in reversed(before) if author is Author.CITIZEN)
    return next(filter(is_question, said), "")


def is_question(text: str) -> bool:
    """Whether it says more than a greeting or a call for a person."""
    return len(text.strip()) >= SHORTEST and _NO_QUESTION.fullmatch(text.strip()) is None


def may_become_public(ticket: Ticket) -> bool:
    """Whether an answered ticket may propose an entry: a consultation nothing is secret of, with a reply."""
    is_open = ticket.kind in OPEN_KINDS and ticket.secrecy in OPEN_SECRECY and not ticket.parent
    return is_open and ticket.reply is not None and bool(ticket.reply.text.strip())


def question_of(ticket: Ticket) -> str:
    """What the ticket asks, as briefly as it says it."""
    text = ticket.text.strip()
    return text if len(text) <= LONGEST_QUESTION else ticket.title or text
