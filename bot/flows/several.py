"""Several matters in one message: asks whether each is to be a ticket of its own, and leads from one to the next."""

from collections.abc import Callable
from dataclasses import replace

from bot import texts
from bot.drafting import OF_INTENT
from bot.flows import parts
from bot.flows.saying import say
from bot.model import Act, Dialogue, Heard, Intent, Slots, Step
from bot.rules.said import Plain, clear_intent

SPLIT = "split"
SHOWN = 60
Onward = Callable[[Dialogue, Heard], Step]


def found(dialogue: Dialogue, heard: Heard) -> bool:
    """Whether the message tells several matters and nothing was asked about it yet."""
    return len(heard.matters) > 2 and not dialogue.more and dialogue.slots.kind not in {"praise", "consult"}


def asked(dialogue: Dialogue, heard: Heard) -> Step:
    """The question, with what was gathered of the whole."""
    told = replace(dialogue, step=SPLIT, asked=1, more=tuple(each.text for each in heard.matters), more_at=heard.at)
    return Step(told, (question(told),))


def question(dialogue: Dialogue) -> Act:
    """Whether the matters are to be registered one by one."""
    lines = "\n".join(f"{n}. {_short(each)}" for n, each in enumerate(dialogue.more[1:], start=1))
    return say(texts.ASK_SPLIT.format(number=len(dialogue.more) - 1, lines=lines), texts.SEPARATE, texts.TOGETHER)


def hear(dialogue: Dialogue, heard: Heard, onward: Onward) -> Step:
    """The answer: one by one, or together; what is neither is asked once more and then kept together."""
    text = heard.meaning.text.strip()
    if heard.meaning.intent is Intent.CONFIRM or text == texts.SEPARATE or text.startswith("分开"):
        return following(dialogue, heard, onward)
    if heard.meaning.intent is Intent.DENY or text == texts.TOGETHER or dialogue.asked >= parts.ASK_AT_MOST:
        slots = _placed_by_parts(dialogue.slots, heard)
        return onward(replace(dialogue, step="", asked=0, slots=slots, more=(), more_at=None), heard)
    return Step(replace(dialogue, asked=dialogue.asked + 1), (question(dialogue),))


def is_more(dialogue: Dialogue) -> bool:
    """Whether another matter waits."""
    return dialogue.step != SPLIT and len(dialogue.more) > 1


def following(dialogue: Dialogue, heard: Heard, onward: Onward) -> Step:
    """The next matter with what holds for all of them; who it is and how to reach them is not asked again."""
    shared, told = heard.waiting[0], heard.waiting[1]
    kind = OF_INTENT.get(clear_intent(Plain.of(told.text)), "") or dialogue.slots.kind
    slots = _of_person(dialogue.slots, kind)
    # What a matter says of itself goes before what was said of all.
    slots = parts.taken_in(parts.told_what(slots, told.text), replace(heard, meaning=told, attachments=(), point=None))
    slots = parts.taken_in(slots, replace(heard, meaning=shared, attachments=(), point=None))
    first = dialogue.step == SPLIT
    files = dialogue.slots.attachments if first else ()
    kept = Dialogue(
        flow=dialogue.flow,
        slots=replace(slots, attachments=files),
        tickets=dialogue.tickets,
        opened=dialogue.opened,
        more=(dialogue.more[0], *dialogue.more[2:]),
        more_at=dialogue.more_at,
        laid=dialogue.laid,
        laid_told=dialogue.laid_told,
    )
    step = onward(kept, replace(heard, meaning=told, attachments=(), point=None))
    words = texts.FIRST_MATTER if first else texts.NEXT_MATTER
    return replace(step, acts=(say(words.format(text=_short(told.text))), *step.acts))


def _placed_by_parts(slots: Slots, heard: Heard) -> Slots:
    """Where the whole names several places, the first that one of the matters surely names."""
    if slots.area_certain:
        return slots
    placed = parts.without(slots, parts.WHERE)
    for each in heard.waiting:
        placed = parts.taken_in(placed, replace(heard, meaning=each, attachments=(), point=None))
    return placed if placed.area_certain else slots


def _of_person(slots: Slots, kind: str) -> Slots:
    return Slots(kind=kind, contact=slots.contact, name=slots.name, secret=slots.secret, anonymous=slots.anonymous)


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
