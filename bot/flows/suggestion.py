"""Takes in a suggestion: its text, a read-back, and it is opened."""

from dataclasses import replace

from bot import texts
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
    if dialogue.step == "confirm" and (intent is Intent.DENY or text == texts.CHANGE):
        again = replace(dialogue, step="what", slots=replace(dialogue.slots, what=""))
        return Step(again, (say(texts.ASK_SUGGESTION),))
    return _taken(dialogue, heard)


def _taken(dialogue: Dialogue, heard: Heard) -> Step:
    text = heard.meaning.text.strip()
    if not says_enough(text):
        return Step(dialogue, (say(texts.ASK_SUGGESTION),))
    before = dialogue.slots.what
    what = f"{before}\n{text}" if before and text not in before else text
    slots = replace(dialogue.slots, what=what, area=dialogue.slots.area or heard.meaning.slots.get("area", ""))
    moved = replace(dialogue, step="confirm", slots=slots)
    return Step(moved, (say(texts.SUGGESTION_BACK.format(text=what), texts.SUBMIT, texts.CHANGE, texts.CANCEL),))
