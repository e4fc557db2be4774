"""Goes on with a ticket that was begun in an earlier talk: on another channel, or before the silence."""

import re
from dataclasses import replace

from bot import texts
from bot.flows import parts, ticket
from bot.flows.saying import say
from bot.model import Dialogue, Fetch, Heard, Intent, Slots, Step
from bot.rules.grievance import asks, is_grievance

_CONTINUE = re.compile(
    r"继续(?:登记|填|提交|上次|刚才|之前|讲|说|啦|吧|$)|接(?:着|住)(?:登记|来|讲|说|填|上次|刚才)|未(?:搞|填|讲)完"
)
_NAMES = {parts.WHERE: "where", parts.WHEN: "when", parts.CONTACT: "phone"}
SHOWN = 40


def is_wanted(dialogue: Dialogue, heard: Heard) -> bool:
    """Whether the ticket that waits is gone on with: in so many words, by agreeing, or by saying what it lacks."""
    if dialogue.laid is None or dialogue.flow == ticket.FLOW:
        return False
    text = heard.meaning.text.strip()
    if _CONTINUE.search(text):
        return True
    if dialogue.laid_told and not dialogue.flow and heard.meaning.intent is Intent.CONFIRM:
        return True
    lacks = _NAMES.get(parts.missing(Dialogue(slots=dialogue.laid)))
    tells_more = is_grievance(text) or asks(text) or len(text) > parts.SHORT
    return lacks in heard.meaning.slots and not tells_more


def resume(dialogue: Dialogue, heard: Heard) -> Step:
    """The ticket with all that was told of it, and the question it stopped at."""
    laid = dialogue.laid or Slots()
    slots = parts.taken_in(laid, heard)
    begun = replace(dialogue.afresh(), flow=ticket.FLOW, slots=slots, laid=None, more=dialogue.more)
    return ticket.onward(begun, heard, say(texts.RESUMED.format(text=_short(laid))))


def is_refused(dialogue: Dialogue, heard: Heard) -> bool:
    """Whether it is not wanted any more."""
    return bool(dialogue.laid and dialogue.laid_told and not dialogue.flow and heard.meaning.intent is Intent.DENY)


def drop(dialogue: Dialogue) -> Step:
    """Forget it."""
    return Step(replace(dialogue, laid=None, laid_told=False, more=()), (say(texts.CANCELLED),))


def reminded(before: Dialogue, step: Step) -> Step:
    """The step, with a word that something waits: once, and not in the middle of something else."""
    laid = step.dialogue.laid
    busy = step.dialogue.flow in {ticket.FLOW, "suggestion", "own"}
    if laid is None or before.laid_told or busy or not step.acts or any(isinstance(act, Fetch) for act in step.acts):
        return step
    told = say(texts.WAITS.format(text=_short(laid)), texts.GO_ON, texts.NOT_NEEDED)
    return Step(replace(step.dialogue, laid_told=True), (*step.acts, told))


def _short(slots: Slots) -> str:
    what = slots.what.replace("\n", "，")
    return what if len(what) <= SHOWN else what[: SHOWN - 1] + "…"
