"""Which flow is for what: the rows rules/dialogue.py goes by."""

from bot import texts
from bot.flows import courtesy, guidance, own, parts, progress, resuming, suggestion, ticket
from bot.flows.saying import say
from bot.model import Dialogue, FollowUp, Found, Heard, Intent, Step
from bot.rules.dialogue import TICKET, Flows
from bot.rules.follow_up import FOLLOW_UP
from bot.rules.grievance import is_letter
from bot.rules.said import is_wordless
from bot.rules.wishes import running, wish_in

# Flows that take down what is said, whatever the reader makes of it.
TAKING_IN = frozenset({ticket.FLOW, suggestion.FLOW})


def flows(limit: int, sure: float) -> Flows:
    """The table; ``limit`` failures bring a person, ``sure`` is the confidence small talk must have."""

    def unsure(dialogue: Dialogue, heard: Heard) -> Step:
        meaning = heard.meaning
        if meaning.intent is Intent.OTHER and meaning.confidence >= sure:
            return courtesy.chat(dialogue)
        return courtesy.puzzled(dialogue, limit)

    def consult(dialogue: Dialogue, heard: Heard) -> Step:
        found = heard.found or Found()
        if not found.entries and is_letter(heard.meaning.text):
            return ticket.begin(dialogue, heard, "consult")
        if not found.entries and dialogue.failures + 1 >= limit:
            return _failed_again(dialogue, heard)
        return guidance.ask(dialogue, heard)

    def _failed_again(dialogue: Dialogue, heard: Heard) -> Step:
        noted = guidance.unanswered(dialogue, heard)
        return Step(noted.dialogue, (noted.acts[0], *courtesy.puzzled(dialogue, limit).acts))

    def begin(dialogue: Dialogue, heard: Heard) -> Step:
        return ticket.begin(dialogue, heard, ticket.KINDS.get(heard.meaning.intent, "complaint"))

    def calm(dialogue: Dialogue, heard: Heard) -> Step:
        step = courtesy.calm(dialogue, limit)
        asked = dialogue.flow == ticket.FLOW and dialogue.step != parts.CONFIRM and step.dialogue.failures < limit
        return Step(step.dialogue, (*step.acts, ticket.prompt(dialogue, heard))) if asked else step

    def rest(dialogue: Dialogue, _: Heard) -> Step:
        return Step(dialogue, (say(texts.NOTHING_OPEN, *texts.SERVICES),))

    return Flows(
        danger=courtesy.danger,
        welcome=lambda dialogue, _: courtesy.welcome(dialogue),
        person=lambda dialogue, _: courtesy.person(dialogue),
        special=(
            (_is_media, courtesy.media),
            (_is_wordless, _wordless),
            (_is_abuse, calm),
            (resuming.is_wanted, resuming.resume),
            (resuming.is_refused, lambda dialogue, _: resuming.drop(dialogue)),
            (_is_vote, progress.rate),
            (_is_wish, progress.ask),
            (_is_register, ticket.register_question),
            (_is_picked, guidance.ask),
            (_is_solved, lambda dialogue, _: guidance.solved(dialogue)),
            (_is_unsolved, lambda dialogue, heard: guidance.unsolved(dialogue, heard, limit)),
            (_is_follow_up, _follow),
            (_is_number, progress.ask),
            (_is_service, _service),
        ),
        under_way={ticket.FLOW: ticket.hear, suggestion.FLOW: suggestion.hear, own.FLOW: own.hear},
        stays={own.FLOW: own.stays},
        by_intent={
            Intent.CONSULT: consult,
            Intent.COMPLAIN: begin,
            Intent.HELP: begin,
            Intent.REPORT: begin,
            Intent.PRAISE: begin,
            Intent.SUGGEST: suggestion.begin,
            Intent.PROGRESS: progress.ask,
            Intent.RATING: progress.rate,
            Intent.GREETING: courtesy.greet,
            Intent.CONFIRM: rest,
            Intent.DENY: rest,
        },
        ticket=begin,
        guidance=guidance.ask,
        unsure=unsure,
    )


def _taking_in(dialogue: Dialogue) -> bool:
    return dialogue.flow in TAKING_IN


def _is_media(dialogue: Dialogue, heard: Heard) -> bool:
    has_file = bool(heard.attachments or heard.point)
    taken = dialogue.flow == ticket.FLOW or own.waits_for_files(dialogue)
    return has_file and not heard.meaning.text.strip() and not taken


def _is_wordless(_: Dialogue, heard: Heard) -> bool:
    return is_wordless(heard.meaning.text) and not heard.attachments and not heard.point


def _wordless(dialogue: Dialogue, heard: Heard) -> Step:
    """A sticker answers nothing: the open question is put again, else what this place is for."""
    if dialogue.flow == ticket.FLOW and dialogue.slots.kind:
        return Step(dialogue, (ticket.prompt(dialogue, heard),))
    return Step(dialogue, (say(texts.WORDLESS, *texts.SERVICES),))


def _is_abuse(_: Dialogue, heard: Heard) -> bool:
    return courtesy.is_abuse(heard.meaning.text)


def _is_vote(dialogue: Dialogue, heard: Heard) -> bool:
    return not _taking_in(dialogue) and progress.is_vote(heard)


def _is_wish(dialogue: Dialogue, heard: Heard) -> bool:
    """Something is to be done with a ticket: said in so many words, and by somebody who has one if they name none."""
    if _taking_in(dialogue) or (dialogue.flow == own.FLOW and own.stays(dialogue, heard)):
        return False
    if heard.meaning.intent in TICKET and heard.meaning.confidence == 1.0:
        return False
    return bool(running(heard.tickets)) and wish_in(heard.meaning.text) is not None


def _is_picked(dialogue: Dialogue, heard: Heard) -> bool:
    return bool(guidance.picked(dialogue, heard.meaning)) and heard.found is not None and not _taking_in(dialogue)


def _is_register(dialogue: Dialogue, heard: Heard) -> bool:
    return bool(dialogue.question) and not _taking_in(dialogue) and ticket.wants_register(heard.meaning.text)


def _is_solved(dialogue: Dialogue, heard: Heard) -> bool:
    return dialogue.flow == guidance.FLOW and bool(dialogue.subject) and guidance.is_solved(heard.meaning.text)


def _is_unsolved(dialogue: Dialogue, heard: Heard) -> bool:
    if dialogue.flow != guidance.FLOW or is_letter(heard.meaning.text):
        return False
    if heard.found is not None and heard.found.certain:
        return False
    return len(heard.meaning.text) <= FOLLOW_UP and (
        guidance.is_unsolved(heard.meaning.text) or heard.meaning.intent is Intent.DENY
    )


def _is_follow_up(_: Dialogue, heard: Heard) -> bool:
    return heard.found is not None and heard.found.follow is not None


def _follow(dialogue: Dialogue, heard: Heard) -> Step:
    found = heard.found or Found()
    if not dialogue.subject:
        return guidance.ask(dialogue, heard)
    return guidance.follow(dialogue, found.entries[0], found.follow or FollowUp())


def _is_number(dialogue: Dialogue, heard: Heard) -> bool:
    waiting = dialogue.flow == progress.FLOW and ("code" in heard.meaning.slots or "number" in heard.meaning.slots)
    return not _taking_in(dialogue) and (waiting or ("number" in heard.meaning.slots and heard.progress_asked))


def _is_service(dialogue: Dialogue, heard: Heard) -> bool:
    return not _taking_in(dialogue) and heard.meaning.text.strip() in {"我要咨询", "我要求助"}


def _service(dialogue: Dialogue, heard: Heard) -> Step:
    if heard.meaning.text.strip() == "我要求助":
        return ticket.begin(dialogue, heard, "help")
    return Step(dialogue, (say(texts.ASK_WHAT["consult"]),))
