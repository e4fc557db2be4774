"""Urges, withdraws and adds to the citizen's own tickets, by number, "the last one" or what it is about."""

from collections.abc import Mapping
from dataclasses import replace

from bot import texts
from bot.flows import guidance
from bot.flows.saying import say
from bot.model import Act, AddToTicket, Dialogue, Heard, Intent, OpenTicket, Reply, Say, Step, Urge, Withdraw
from bot.rules.grievance import asks, is_grievance
from bot.rules.wishes import Wish, added_words, one_meant, running, wish_in
from kernel.messages import Choice
from kernel.phrases import Phrase

FLOW = "own"
WHICH, SURE, WORDS = "which", "sure", "words"
# A step names the wish and what is waited for, as in "withdraw sure".
_NONE_OPEN: Mapping[Wish, Phrase] = {
    Wish.URGE: texts.NOT_URGED,
    Wish.WITHDRAW: texts.NOT_WITHDRAWN,
    Wish.SUPPLEMENT: texts.NOT_ADDED,
}


def begin(dialogue: Dialogue, heard: Heard, wish: Wish) -> Step:
    """A wish about one of the caller's tickets; at least one is known."""
    text, mine = heard.meaning.text, running(heard.tickets)
    kept = _left(dialogue)
    if not mine:
        newest = heard.tickets[0].number
        return Step(kept, (say(_NONE_OPEN[wish].format(number=newest), link=heard.links.get(newest, "")),))
    words = added_words(text) if wish is Wish.SUPPLEMENT else text
    meant = one_meant(text, mine, dialogue)
    if meant is None:
        asked = replace(kept, flow=FLOW, step=f"{wish} {WHICH}", question=words)
        return Step(asked, (_which(wish, mine),))
    return _about(replace(kept, question=words), heard, wish, meant)


def stays(dialogue: Dialogue, heard: Heard) -> bool:
    """Whether a message goes on with the wish; whatever else is wanted ends it, and nothing was done."""
    wish, waits = _at(dialogue)
    text = heard.meaning.text
    other = wish_in(text)
    if heard.meaning.intent is Intent.DENY or _is_choice(text, wish):
        return True
    if other is not None and other is not wish:
        return False
    if waits == WORDS:
        return not (heard.meaning.intent is Intent.PROGRESS and heard.meaning.confidence == 1.0 and other is None)
    if waits == SURE:
        return heard.meaning.intent is Intent.CONFIRM or text.strip() in {texts.WITHDRAW_SURE, texts.WITHDRAW_NOT}
    return one_meant(text, running(heard.tickets), dialogue) is not None


def hear(dialogue: Dialogue, heard: Heard) -> Step:
    """One message while it is asked which ticket, whether it is meant, or what to add."""
    wish, waits = _at(dialogue)
    text, kept = heard.meaning.text.strip(), _left(dialogue)
    named = next((each for each in heard.tickets if each.number == dialogue.subject), None)
    if waits == WHICH:
        meant = one_meant(text, running(heard.tickets), dialogue)
        return _about(dialogue, heard, wish, meant) if meant else Step(kept, (say(texts.NOTHING_OPEN),))
    if heard.meaning.intent is Intent.DENY or text == texts.WITHDRAW_NOT or named is None:
        told = texts.KEPT_ON.format(number=dialogue.subject) if wish is Wish.WITHDRAW else texts.NOTHING_OPEN
        return Step(kept, (say(told),))
    if waits == SURE:
        return Step(kept, (Withdraw(named.number, dialogue.question),))
    found = heard.found
    if found is not None and found.certain and found.entries and asks(text) and not is_grievance(text):
        return Step(dialogue, (*guidance.answered(found.entries[0]), _ask_words(named)))
    return Step(kept, (AddToTicket(named.number, text, heard.attachments),))


def waits_for_files(dialogue: Dialogue) -> bool:
    """Whether a photo without words is what was asked for."""
    return dialogue.flow == FLOW and _at(dialogue)[1] == WORDS


def _about(dialogue: Dialogue, heard: Heard, wish: Wish, ticket: OpenTicket) -> Step:
    kept = _left(dialogue)
    if wish is Wish.URGE:
        return Step(kept, (Urge(ticket.number),))
    asked = replace(kept, flow=FLOW, subject=ticket.number, question=dialogue.question)
    if wish is Wish.WITHDRAW:
        question = texts.ASK_WITHDRAW.format(number=ticket.number, title=ticket.title)
        return Step(replace(asked, step=f"{wish} {SURE}"), (say(question, texts.WITHDRAW_SURE, texts.WITHDRAW_NOT),))
    if dialogue.question or heard.attachments:
        return Step(kept, (AddToTicket(ticket.number, dialogue.question, heard.attachments),))
    return Step(replace(asked, step=f"{wish} {WORDS}"), (_ask_words(ticket),))


def _ask_words(ticket: OpenTicket) -> Act:
    return say(texts.ASK_ADDITION.format(number=ticket.number, title=ticket.title), texts.CANCEL)


def _which(wish: Wish, tickets: tuple[OpenTicket, ...]) -> Act:
    choices = tuple(Choice(f"{each.number} {each.title}"[:40], f"{wish.label} {each.number}") for each in tickets)
    return Say(Reply(texts.ASK_WHICH[wish], choices))


def _is_choice(text: str, wish: Wish) -> bool:
    return text.strip().startswith(f"{wish.label} ")


def _at(dialogue: Dialogue) -> tuple[Wish, str]:
    wish, _, waits = dialogue.step.partition(" ")
    return Wish(wish), waits


def _left(dialogue: Dialogue) -> Dialogue:
    return replace(dialogue, flow="", step="", subject="", question="", failures=0)
