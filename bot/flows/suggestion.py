"""Takes in a suggestion: its text, a read-back, and it is opened."""

from dataclasses import replace

from bot import texts
from bot.flows import parts
from bot.flows.saying import say
from bot.model import Dialogue, Heard, Intent, OpenSuggestion, Step
from bot.rules.grievance import says_enough

FLOW = "suggestion"


def begin(dialogue: Dialogue, heard: Heard) -> Step:
    """A suggestion, complete with its first message or not."""
    slots = replace(dialogue.slots, kind="suggest", what="")
    return _taken(replace(dialogue, flow=FLOW, step="what", failures=0, slots=slots), heard)


def hear(dialogue: Dialogue, heard: Heard) -> Step:
    """One message while a suggestion is taken in."""
    intent, text = heard.meaning.intent, heard.meaning.text.strip()
    if text.startswith(texts.CANCEL) or (intent is Intent.DENY and dialogue.step == "what"):
        return Step(dialogue.afresh(), (say(texts.CANCELLED),))
    if dialogue.step == "confirm" and intent is Intent.CONFIRM:
        return Step(dialogue.afresh(), (OpenSuggestion(dialogue.slots.what, dialogue.slots.area),))
    if dialogue.step == "confirm" and (text == texts.CHANGE or parts.is_no_answer(text)):
        again = replace(dialogue, step="what", slots=replace(dialogue.slots, what=""))
        return Step(again, (say(texts.ASK_SUGGESTION),))
    return _taken(dialogue, heard)


def _taken(dialogue: Dialogue, heard: Heard) -> Step:
    text, before = heard.meaning.text.strip(), dialogue.slots.what
    is_content = says_enough(text) and not parts.is_no_answer(text)
    if not before and not is_content:
        return Step(dialogue, (say(texts.ASK_SUGGESTION),))
    what = "\n".join(part for part in (before, text if is_content and text not in before else "") if part)
    slots = replace(dialogue.slots, what=what, area=dialogue.slots.area or heard.meaning.slots.get("area", ""))
    moved = replace(dialogue, step="confirm", slots=slots)
    return Step(moved, (say(texts.SUGGESTION_BACK.format(text=what), texts.SUBMIT, texts.CHANGE, texts.CANCEL),))
