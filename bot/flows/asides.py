"""What a message is besides an answer to the ticket's question: another question, an addition, the end of it."""

import re
from dataclasses import replace

from bot import texts
from bot.flows import guidance, parts, progress
from bot.flows.saying import say
from bot.model import Dialogue, Heard, Intent, RecordUnanswered, Step, Urge
from bot.rules.dialogue import is_open_question
from bot.rules.grievance import asks, asks_a_way, is_grievance
from bot.rules.slots import declines_contact
from bot.rules.wishes import Wish, added_words, one_meant, running, wish_in

_EARLIER = re.compile(r"之前|上次|以前|前几天|上个|嗰张|那张|工单")


def asked_besides(dialogue: Dialogue, heard: Heard) -> Step | None:
    """What a message asks besides the ticket: a question, or how another ticket stands; None when it asks nothing."""
    meaning, text, kept = heard.meaning, heard.meaning.text, replace(dialogue, offered=())
    correcting = parts.correction(text) is not None or bool(parts.named_kind(text))
    if dialogue.step in {parts.CONFIRM, parts.FIX, parts.KIND} and correcting:
        return None
    if meaning.intent is Intent.PROGRESS and meaning.confidence == 1.0:
        meant = one_meant(text, running(heard.tickets), dialogue) if wish_in(text) is Wish.URGE else None
        return Step(kept, (Urge(meant.number),) if meant else progress.standing(heard))
    asked = asks(text) and not is_grievance(text) and meaning.intent in {Intent.CONSULT, Intent.OTHER}
    picked = bool(guidance.picked(dialogue, meaning))
    # Of what surely is a question the library knows, no word of trouble makes a part of the ticket.
    surely = picked or asks_a_way(text) or is_open_question(dialogue, meaning)
    if heard.found and is_sure(heard) and surely:
        return Step(kept, (*guidance.answered(heard.found.entries[0]), say(texts.BACK_TO)))
    if asked and meaning.intent is Intent.CONSULT and _answers_nothing(dialogue, heard):
        return _unsure_aside(kept, heard)
    return None


def added(dialogue: Dialogue, heard: Heard) -> Step | None:
    """What is added in so many words to the ticket that is being taken in; None where another is named."""
    text = heard.meaning.text
    if wish_in(text) is not Wish.SUPPLEMENT or _names_another(heard):
        return None
    slots = parts.taken_in(parts.told_what(dialogue.slots, added_words(text)), heard)
    return Step(replace(dialogue, slots=slots, offered=()))


def is_called_off(heard: Heard) -> bool:
    return wish_in(heard.meaning.text) is Wish.WITHDRAW and not _names_another(heard)


def _names_another(heard: Heard) -> bool:
    return "number" in heard.meaning.slots or bool(_EARLIER.search(heard.meaning.text))


def _answers_nothing(dialogue: Dialogue, heard: Heard) -> bool:
    """Whether a question names nothing of what the ticket still lacks."""
    named = {"where", "when", "phone", "anonymous", "secret"} & set(heard.meaning.slots)
    text = heard.meaning.text
    asking = dialogue.step in {parts.WHERE, parts.WHEN, parts.CONTACT, parts.CONFIRM}
    return asking and not named and not declines_contact(text)


def _unsure_aside(dialogue: Dialogue, heard: Heard) -> Step:
    if heard.found and heard.found.entries:
        return guidance.aside(dialogue, heard.found)
    area = heard.meaning.slots.get("area", "")
    return Step(dialogue, (RecordUnanswered(heard.meaning.text, area), say(texts.NO_ANSWER_NOW)))


def is_sure(heard: Heard) -> bool:
    return heard.found is not None and heard.found.certain and bool(heard.found.entries)
