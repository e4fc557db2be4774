"""Which flow takes a message: danger and the person first, then what is under way, then what is wanted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from bot.model import Dialogue, Found, Heard, Intent, Meaning, Step
from bot.rules.confidence import STORY
from bot.rules.grievance import asks, asks_a_way, is_grievance, is_letter

Flow = Callable[[Dialogue, Heard], Step]
NO_QUESTION = frozenset({Intent.PERSON, Intent.GREETING, Intent.CONFIRM, Intent.DENY, Intent.RATING, Intent.PROGRESS})
AS_LIKELY_ASKED = 0.5
# Who asks for a way and names no place asks, whatever trouble they tell of, and may still register it.
ASKED_FOR_A_WAY = 0.85
TICKET = frozenset({Intent.COMPLAIN, Intent.HELP, Intent.REPORT, Intent.PRAISE})


@dataclass(frozen=True, slots=True)
class Flows:
    """The flows by what they are for. ``special`` look before the intent, ``under_way`` go on by Dialogue.flow.

    One with a row in ``stays`` goes on only with what concerns it.
    """

    danger: Flow
    welcome: Flow
    person: Flow
    special: tuple[tuple[Callable[[Dialogue, Heard], bool], Flow], ...]
    under_way: Mapping[str, Flow]
    stays: Mapping[str, Callable[[Dialogue, Heard], bool]]
    by_intent: Mapping[Intent, Flow]
    ticket: Flow
    guidance: Flow
    unsure: Flow


def needs_answer(dialogue: Dialogue, meaning: Meaning) -> bool:
    """Whether the library is worth asking: not for a tap, a greeting or a plain grievance."""
    if len(meaning.text.strip()) < 2 or (meaning.intent in NO_QUESTION and meaning.confidence == 1.0):
        return False
    if meaning.intent in TICKET or meaning.intent is Intent.SUGGEST:
        return meaning.confidence < 1.0 and (meaning.asks >= AS_LIKELY_ASKED or not is_grievance(meaning.text))
    return not dialogue.flow or dialogue.flow == "guidance" or asks(meaning.text) or is_open_question(dialogue, meaning)


def is_open_question(dialogue: Dialogue, meaning: Meaning) -> bool:
    """Whether somebody asks something while a ticket is begun whose matter they have not told yet."""
    if dialogue.flow != "ticket" or dialogue.slots.what or is_grievance(meaning.text):
        return False
    return meaning.intent is Intent.CONSULT or (asks(meaning.text) and meaning.confidence < 1.0)


def step(dialogue: Dialogue, heard: Heard, flows: Flows) -> Step:
    """What one message leads to."""
    if heard.danger:
        return flows.danger(dialogue, heard)
    if heard.event:
        return flows.welcome(dialogue, heard) if heard.event == "subscribe" else Step(dialogue)
    if heard.meaning.intent is Intent.PERSON:
        return flows.person(dialogue, heard)
    for applies, flow in flows.special:
        if applies(dialogue, heard):
            return flow(dialogue, heard)
    if dialogue.flow in flows.under_way:
        if dialogue.flow not in flows.stays or flows.stays[dialogue.flow](dialogue, heard):
            return flows.under_way[dialogue.flow](dialogue, heard)
        dialogue = replace(dialogue, flow="", step="", subject="", question="")
    return _by_intent(dialogue, heard, flows)


def _asks_what_to_do(meaning: Meaning, found: Found) -> bool:
    """Whether a trouble is asked about and not told: there are entries to choose from, or nothing of it is said yet."""
    asked = meaning.asks >= ASKED_FOR_A_WAY and asks_a_way(meaning.text)
    return asked and bool(found.entries or not (is_grievance(meaning.text) or len(meaning.text) >= STORY))


def _by_intent(dialogue: Dialogue, heard: Heard, flows: Flows) -> Step:
    meaning, found = heard.meaning, heard.found or Found()
    if meaning.intent in TICKET and meaning.confidence < 1.0 and (found.certain or _asks_what_to_do(meaning, found)):
        return flows.guidance(dialogue, heard)
    if meaning.intent in flows.by_intent:
        return flows.by_intent[meaning.intent](dialogue, heard)
    if found.certain:
        return flows.guidance(dialogue, heard)
    if is_letter(meaning.text) or is_grievance(meaning.text):
        return flows.ticket(dialogue, heard)
    if found.entries and asks(meaning.text):
        return flows.guidance(dialogue, heard)
    return flows.unsure(dialogue, heard)
