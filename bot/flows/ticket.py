"""Takes in a ticket: asks for one missing part at a time, reads back, opens on confirmation."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot import texts
from bot.flows import asides, guidance, parts, several
from bot.flows.readback import read_back
from bot.flows.saying import say
from bot.model import (
    KNOWN_CONTACT,
    Act,
    Dialogue,
    Heard,
    Intent,
    OpenTicketAct,
    Slots,
    Step,
)
from bot.rules.dialogue import is_open_question
from bot.rules.grievance import is_grievance, says_enough, says_something
from bot.rules.slots import declines_contact, looks_like_phone

FLOW = "ticket"
KINDS = {
    Intent.COMPLAIN: "complaint",
    Intent.HELP: "help",
    Intent.REPORT: "report",
    Intent.PRAISE: "praise",
    Intent.CONSULT: "consult",
}
_CANCEL = re.compile(
    r"^(?:取消.{0,4}|算[了喇].{0,2}|不(?:投诉|举报|登记|提交|报)了.{0,2}|唔投诉喇|放弃|撤销|不用登记了?|"
    r"算[了喇][,，。 ]?(?:不用|不要|不想|不|唔使|唔要|唔)(?:投诉|举报|登记|提交|报|麻烦|搞)?[了喇]?[吧啦]?)$"
)
_REGISTER = re.compile(r"^(?:登记工单|登记|我要登记|帮我登记|开单|提交工单)$")
_FOLLOW = re.compile(r"^(?:我?(?:要|想)?跟进(?:这一?件|呢件)?[吧啊了喇]?|要(?:跟进)?|一起跟进|跟住呢件)$")
_YES = re.compile(r"^(?:是的?|好的?|好呀|好啊|可以|行|系|啱|得|嗯+)[啊呀了喇]?$")
_ALONE = re.compile(
    r"^(?:(?:不|不用|唔使|不要|唔要|不需要)(?:跟进|跟住)?了?|(?:单独|另外|另行)(?:登记|提交)?(?:一件)?)$"
)
ADDITION = 4


def begin(dialogue: Dialogue, heard: Heard, kind: str) -> Step:
    """A new ticket of ``kind`` from what is already said."""
    slots = parts.taken_in(replace(dialogue.slots, kind=kind), heard)
    slots = parts.told_matter(slots, heard)
    begun = replace(dialogue, flow=FLOW, step="", asked=0, failures=0, offered=(), passed=(), slots=slots)
    return several.asked(begun, heard) if several.found(begun, heard) else onward(begun, heard)


def register_question(dialogue: Dialogue, heard: Heard) -> Step:
    """The question that had no answer becomes a consultation, or, where it tells of a trouble, a complaint."""
    slots = parts.taken_in(replace(dialogue.slots, kind=dialogue.trouble or "consult"), heard)
    slots = parts.told_what(slots, dialogue.question)
    return onward(replace(dialogue, flow=FLOW, step="", asked=0, offered=(), slots=slots), heard)


def wants_register(text: str) -> bool:
    """Whether the ready answer "登记工单" came."""
    return bool(_REGISTER.search(text.strip()))


def hear(dialogue: Dialogue, heard: Heard) -> Step:
    """One message while a ticket is taken in."""
    return _to_offer(dialogue, heard) or _past_choices(dialogue, heard) or _hear(dialogue, heard)


def _past_choices(dialogue: Dialogue, heard: Heard) -> Step | None:
    """Back to the ticket from entries to choose from, of which none is meant."""
    if dialogue.offered and dialogue.slots.kind and heard.meaning.text.strip() in {texts.GO_ON, texts.NONE_OF_THESE}:
        return Step(replace(dialogue, offered=()), (prompt(dialogue, heard),))
    return None


def _to_offer(dialogue: Dialogue, heard: Heard) -> Step | None:
    """The answer to whether what others told already is to be followed; None where the message is none."""
    plain = heard.meaning.text.strip(" 。.！!")
    if dialogue.step != parts.CONFIRM or not dialogue.same_as or _CANCEL.search(plain):
        return None
    if _FOLLOW.search(plain) or _YES.search(plain):
        return _opened(dialogue, heard, dialogue.same_as)
    if _ALONE.search(plain):
        alone = replace(dialogue, same_as="", alone=True)
        return Step(alone, (prompt(alone, heard),))
    return None


def _hear(dialogue: Dialogue, heard: Heard) -> Step:
    text = heard.meaning.text.strip()
    if _CANCEL.search(text.strip(" 。.！!")) or asides.is_called_off(heard):
        return _cancelled(dialogue, heard)
    if not dialogue.slots.kind and is_open_question(dialogue, heard.meaning) and asides.is_sure(heard):
        return guidance.ask(dialogue, heard)
    if not dialogue.slots.kind:
        return begin(dialogue, heard, KINDS.get(heard.meaning.intent, "complaint"))
    aside = asides.added(dialogue, heard) or asides.asked_besides(dialogue, heard)
    if aside:
        return _back_from(aside, heard)
    dialogue = replace(dialogue, offered=())
    if not text:
        return _photo(dialogue, heard)
    handler = _STEPS.get(dialogue.step, _what)
    return handler(dialogue, heard)


def _back_from(aside: Step, heard: Heard) -> Step:
    """What was said besides, and the ticket's question again; not under choices, which only the last message shows. A
    trouble told as a question is the matter too, where none was told yet."""
    if aside.dialogue.offered:
        return aside
    text = heard.meaning.text
    nothing_yet = aside.dialogue.step == parts.WHAT and not says_something(aside.dialogue.slots.what)
    if nothing_yet and is_grievance(text) and says_enough(text):
        slots = parts.taken_in(parts.told_what(aside.dialogue.slots, text), heard)
        return onward(replace(aside.dialogue, slots=slots), heard, *aside.acts)
    return replace(aside, acts=(*aside.acts, prompt(aside.dialogue, heard)))


def onward(dialogue: Dialogue, heard: Heard, *before: Act) -> Step:
    """Ask for what is missing, or read everything back; what is not known, or was asked twice, is not asked again."""
    asking = dialogue.step in parts.NEEDED["complaint"] and not parts.has(dialogue.slots, dialogue.step)
    if asking and (parts.does_not_know(heard.meaning.text) or dialogue.asked >= parts.ASK_AT_MOST):
        dialogue = replace(dialogue, passed=(*dialogue.passed, dialogue.step))
    part = parts.missing(dialogue)
    moved = replace(dialogue, step=part, asked=dialogue.asked + 1 if part == dialogue.step else 1)
    return Step(moved, (*before, prompt(moved, heard)))


def prompt(dialogue: Dialogue, heard: Heard) -> Act:
    """The question of the step the dialogue is at."""
    slots = dialogue.slots
    if dialogue.step == parts.WHAT:
        return say(
            texts.ASK_WHAT_AGAIN if dialogue.asked > 1 else texts.ASK_WHAT.get(slots.kind, texts.ASK_WHAT["complaint"])
        )
    if dialogue.step == several.SPLIT:
        return several.question(dialogue)
    if dialogue.step == parts.WHERE:
        return _ask_where(slots, heard)
    if dialogue.step == parts.CONTACT:
        return _ask_contact(slots, heard)
    if dialogue.step in _QUESTIONS:
        question, choices = _QUESTIONS[dialogue.step]
        return say(question, *choices)
    return read_back(slots, heard)


_QUESTIONS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    parts.WHEN: (texts.ASK_WHEN, texts.WHEN_CHOICES),
    parts.KIND: (texts.ASK_NEW[parts.KIND], tuple(texts.KIND_NAMES.values())),
    parts.FIX: (texts.ASK_PART, (*texts.PART_NAMES.values(), texts.CANCEL)),
}


def _ask_where(slots: Slots, heard: Heard) -> Act:
    if slots.where or slots.point:
        question = texts.ASK_TOWN.format(where=slots.where) if slots.where else texts.ASK_TOWN_PLAIN
        return say(question, *heard.towns)
    return say(texts.ASK_WHERE)


def _ask_contact(slots: Slots, heard: Heard) -> Act:
    if slots.kind == "report" or slots.secret:
        choices = (texts.USE_KNOWN.format(phone=heard.phone),) if heard.phone else ()
        return say(texts.ASK_CONTACT_GUARDED, *choices, texts.NO_PHONE)
    if heard.phone:
        return say(
            texts.ASK_CONTACT_KNOWN.format(phone=heard.phone), texts.USE_KNOWN.format(phone=heard.phone), texts.NO_PHONE
        )
    return say(texts.ASK_CONTACT, texts.NO_PHONE)


def _photo(dialogue: Dialogue, heard: Heard) -> Step:
    kept = replace(dialogue, slots=parts.taken_in(dialogue.slots, heard))
    if dialogue.step == parts.WHERE and heard.point:
        return onward(kept, heard)
    return Step(kept, (say(texts.PHOTO_KEPT), prompt(kept, heard)))


def _what(dialogue: Dialogue, heard: Heard) -> Step:
    slots = parts.taken_in(parts.told_matter(dialogue.slots, heard), heard)
    told = replace(dialogue, slots=slots)
    return several.asked(told, heard) if several.found(told, heard) else onward(told, heard)


def _where(dialogue: Dialogue, heard: Heard) -> Step:
    if parts.is_matter(heard):
        return _more_of_it(dialogue, heard)
    dialogue = _kept_back(dialogue, heard)
    told = dialogue.slots if parts.names_another(heard, parts.WHERE) else parts.told_where(dialogue.slots, heard)
    slots = parts.taken_in(told, heard)
    return onward(replace(dialogue, slots=_with_long_words(slots, heard)), heard)


def _when(dialogue: Dialogue, heard: Heard) -> Step:
    if parts.is_matter(heard):
        return _more_of_it(dialogue, heard)
    dialogue = _kept_back(dialogue, heard)
    told = dialogue.slots if parts.names_another(heard, parts.WHEN) else parts.told_when(dialogue.slots, heard)
    slots = parts.taken_in(told, heard)
    return onward(replace(dialogue, slots=_with_long_words(slots, heard)), heard)


def _kept_back(dialogue: Dialogue, heard: Heard) -> Dialogue:
    """With the wish not to be called, whenever it is said."""
    declined = declines_contact(heard.meaning.text) and not parts.does_not_know(heard.meaning.text)
    named = parts.has(dialogue.slots, parts.CONTACT)
    return replace(dialogue, slots=parts.declined(dialogue.slots)) if declined and not named else dialogue


def _more_of_it(dialogue: Dialogue, heard: Heard) -> Step:
    """What somebody tells of the matter instead of answering is kept with it, and the question stands."""
    slots = parts.taken_in(parts.told_what(dialogue.slots, heard.meaning.text), heard)
    return onward(replace(dialogue, slots=slots), heard)


def _contact(dialogue: Dialogue, heard: Heard) -> Step:
    text = heard.meaning.text
    if parts.is_matter(heard) and not declines_contact(text):
        return _more_of_it(dialogue, heard)
    slots = parts.taken_in(dialogue.slots, heard)
    if "phone" in heard.meaning.slots:
        return onward(replace(dialogue, slots=slots), heard)
    if "when" in heard.meaning.slots and len(text) <= parts.SHORT:
        slots = parts.told_when(slots, heard)
    if heard.phone and (text == texts.USE_KNOWN.format(phone=heard.phone) or _agrees(heard)):
        return onward(replace(dialogue, slots=replace(slots, contact=KNOWN_CONTACT)), heard)
    if declines_contact(text) or slots.anonymous or heard.meaning.intent is Intent.DENY:
        return onward(replace(dialogue, slots=parts.declined(slots)), heard)
    if dialogue.asked >= parts.ASK_AT_MOST:
        return onward(replace(dialogue, slots=parts.declined(_with_long_words(slots, heard))), heard)
    again = say(texts.PHONE_WRONG, texts.NO_PHONE) if looks_like_phone(text) else _ask_contact(slots, heard)
    return Step(replace(dialogue, slots=_with_long_words(slots, heard), asked=dialogue.asked + 1), (again,))


def _opened(dialogue: Dialogue, heard: Heard, same_as: str = "") -> Step:
    """Open it, and go on with the next matter where one waits."""
    then = several.following(dialogue, heard, onward) if several.is_more(dialogue) else None
    return Step(dialogue, (OpenTicketAct(dialogue.slots, same_as, then),))


def _cancelled(dialogue: Dialogue, heard: Heard) -> Step:
    if not several.is_more(dialogue):
        return Step(dialogue.afresh(), (say(texts.CANCELLED),))
    following = several.following(dialogue, heard, onward)
    return replace(following, acts=(say(texts.CANCELLED_ONE), *following.acts))


def _confirm(dialogue: Dialogue, heard: Heard) -> Step:
    text = heard.meaning.text.strip()
    changed = parts.correction(text) or parts.unnamed_correction(text, heard.at)
    if changed is not None:
        return _corrected(dialogue, heard, changed)
    if _agrees(heard):
        return _opened(dialogue, heard)
    if parts.named_kind(text):
        return _kind(dialogue, heard)
    if heard.meaning.intent is Intent.DENY or text in {texts.CHANGE, "改", "改一下", "修改一下", "写错了"}:
        return onward_to(replace(dialogue, step=parts.FIX), heard)
    slots = parts.taken_in(dialogue.slots, heard)
    if len(text) >= ADDITION and "phone" not in heard.meaning.slots and not declines_contact(text):
        slots = parts.told_what(slots, text)
    kept = replace(dialogue, slots=slots)
    return Step(kept, (prompt(kept, heard),))


def _fix(dialogue: Dialogue, heard: Heard) -> Step:
    text = heard.meaning.text.strip()
    part = parts.named_part(text)
    if part == parts.KIND:
        return onward_to(replace(dialogue, step=part), heard)
    if part:
        moved = replace(dialogue, step=part, asked=1, slots=parts.without(dialogue.slots, part), passed=())
        return Step(moved, (say(texts.ASK_NEW[part]),))
    changed = parts.correction(text)
    if changed is not None:
        return _corrected(dialogue, heard, changed)
    if parts.named_kind(text):
        return _kind(dialogue, heard)
    if _agrees(heard):
        return onward(dialogue, heard)
    return onward(replace(dialogue, slots=parts.taken_in(parts.told_what(dialogue.slots, text), heard)), heard)


def _kind(dialogue: Dialogue, heard: Heard) -> Step:
    """Another kind; after two answers that name none it stays what it was."""
    kind = parts.named_kind(heard.meaning.text)
    if kind or dialogue.asked >= parts.ASK_AT_MOST:
        return onward(replace(dialogue, slots=replace(dialogue.slots, kind=kind or dialogue.slots.kind)), heard)
    return Step(replace(dialogue, asked=dialogue.asked + 1), (prompt(dialogue, heard),))


def onward_to(dialogue: Dialogue, heard: Heard) -> Step:
    """Ask the question of the step just entered."""
    moved = replace(dialogue, asked=1)
    return Step(moved, (prompt(moved, heard),))


def _corrected(dialogue: Dialogue, heard: Heard, changed: parts.Correction) -> Step:
    slots = parts.without(dialogue.slots, changed.part)
    moved = replace(dialogue, step=changed.part, asked=1, slots=slots, passed=())
    if not changed.value:
        return Step(moved, (prompt(moved, heard) if changed.part == parts.KIND else say(texts.ASK_NEW[changed.part]),))
    meaning = replace(heard.meaning, text=changed.value)
    return _STEPS[changed.part](moved, replace(heard, meaning=meaning))


def _agrees(heard: Heard) -> bool:
    """Whether they agree: in so many words, or likely so with nothing else named."""
    meaning = heard.meaning
    told = {"where", "when", "phone"} & set(meaning.slots)
    return meaning.intent is Intent.CONFIRM and (meaning.confidence == 1.0 or not told)


def _with_long_words(slots: Slots, heard: Heard) -> Slots:
    """An answer that tells more than was asked belongs to the matter."""
    longer = len(heard.meaning.text) > parts.SHORT or parts.tells_more(heard)
    return parts.told_what(slots, heard.meaning.text) if longer else slots


_STEPS: Mapping[str, Callable[[Dialogue, Heard], Step]] = {
    several.SPLIT: lambda dialogue, heard: several.hear(dialogue, heard, onward),
    parts.WHAT: _what,
    parts.WHERE: _where,
    parts.WHEN: _when,
    parts.CONTACT: _contact,
    parts.KIND: _kind,
    parts.CONFIRM: _confirm,
    parts.FIX: _fix,
}
