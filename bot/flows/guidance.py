"""Answers a question from the library with its source and date, and asks whether that helped."""

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import texts
from bot.drafting import OF_INTENT
from bot.flows.saying import say
from bot.model import (
    Act,
    Dialogue,
    Entry,
    Fetch,
    FollowUp,
    Found,
    Heard,
    Intent,
    Meaning,
    RecordOutcome,
    RecordUnanswered,
    Step,
)
from bot.rules.grievance import is_grievance
from kernel.messages import Citation

FLOW = "guidance"
SEPARATOR = "\t"
MAX_CANDIDATES = 4
_SOLVED = re.compile(
    r"^(?:已经?)?(?:解决了|解决啦|解决咗|搞掂|搞定了?|明白了?|明白晒|清楚了?|知道了|有用|可以了|ok|谢谢.{0,4}|多谢(?:晒|你|您)?|唔该(?:晒|你)?)$",
    re.IGNORECASE,
)
_UNSOLVED = re.compile(
    r"没(?:有)?解决|未解决|解决不了|冇解决|唔得|没用|冇用|不是(?:我|这)|答非所问|看不懂|唔明|不明白|都不是|不对"
)


def ask(dialogue: Dialogue, heard: Heard) -> Step:
    """Answer, or offer candidates, or say honestly that there is no sure answer."""
    found = heard.found or Found()
    if not (picked(dialogue, heard.meaning) or found.follow):
        dialogue = replace(dialogue, question=heard.meaning.text, trouble=trouble_in(heard.meaning))
    question, told = dialogue.question, bool(dialogue.trouble)
    if found.certain and found.entries:
        kept = replace(_talk(dialogue), subject=found.entries[0].id, offered=_offer(found.entries[1:]))
        return Step(kept, answered(found.entries[0], register=told))
    if found.entries:
        kept = replace(_talk(dialogue), subject="", offered=_offer(found.entries))
        return Step(kept, (_which([title for _, title in offered(kept)], register=told),))
    return unanswered(dialogue, replace(heard, meaning=replace(heard.meaning, text=question)))


def _which(titles: list[str], *, register: bool) -> Act:
    """Which of the entries is meant; of a single one whether it is."""
    others = (texts.REGISTER, texts.PERSON) if register else (texts.PERSON,)
    if len(titles) == 1:
        return say(texts.CANDIDATE.format(title=titles[0]), texts.YES, texts.NO, *others)
    return say(texts.CANDIDATES, *titles, texts.NONE_OF_THESE, *others)


def unanswered(dialogue: Dialogue, heard: Heard) -> Step:
    """No entry fits: record the question, offer a person or a ticket; a person at the second failure."""
    question, area = heard.meaning.text, heard.meaning.slots.get("area", "")
    trouble = dialogue.trouble if question == dialogue.question else trouble_in(heard.meaning)
    kept = replace(_talk(dialogue), subject="", question=question, offered=(), trouble=trouble)
    kept = replace(kept, failures=dialogue.failures + 1)
    told = say(texts.NO_ANSWER, texts.PERSON, texts.REGISTER)
    return Step(kept, (RecordUnanswered(question, area), told))


def answered(entry: Entry, *, register: bool = False) -> tuple[Act, ...]:
    """The entry's short answer; the citation tells owner and date, and each channel shows it in its way. With
    ``register`` the trouble that was told with the question can be registered with one tap."""
    choices = (texts.SOLVED_WORD, texts.UNSOLVED_WORD, *((texts.REGISTER,) if register else ()), texts.PERSON)
    return (say(entry.text, *choices, citations=(cited(entry),), files=entry.files),)


def beside(entries: Sequence[Entry], open_ones: Sequence[str], area: str) -> tuple[Act, ...]:
    """What else was asked in one message: the answers, and honestly what has none."""
    quoted = tuple(say(each.text, citations=(cited(each),), files=each.files) for each in entries)
    noted = tuple(RecordUnanswered(each, area) for each in open_ones)
    return (*quoted, *noted, *(say(texts.NO_ANSWER_PART.format(question=each)) for each in open_ones))


def trouble_in(meaning: Meaning) -> str:
    """The kind of ticket of the trouble a question tells of; empty where it tells of none."""
    kind = OF_INTENT.get(meaning.intent, "")
    return kind or ("complaint" if is_grievance(meaning.text) else "")


def cited(entry: Entry) -> Citation:
    """The entry as a citation."""
    return Citation(entry.id, entry.title, entry.owner, entry.verified_on)


def follow(dialogue: Dialogue, entry: Entry, wanted: FollowUp) -> Step:
    """What was asked of the entry spoken of; of another entry for that place or person all of it."""
    kept = replace(dialogue, subject=entry.id)
    told = "\n".join((entry.title, entry.text, *entry.parts.values()))
    another = entry.id != dialogue.subject
    if wanted.who and not (wanted.part or another or wanted.who in told):
        return _unknown(kept, entry, texts.FOR_WHOM.format(who=wanted.who))
    if wanted.part or (wanted.in_place and not another and not wanted.who):
        return part(kept, entry, wanted.part or "place")
    return Step(kept, answered(entry))


def part(dialogue: Dialogue, entry: Entry, name: str) -> Step:
    """One field of the entry that was answered from."""
    label = texts.ENTRY_PARTS[name]
    if not entry.parts.get(name):
        return _unknown(dialogue, entry, label)
    text = f"{label}：{entry.parts[name]}"
    return Step(dialogue, (say(text, texts.SOLVED_WORD, texts.UNSOLVED_WORD, texts.PERSON, citations=(cited(entry),)),))


def _unknown(dialogue: Dialogue, entry: Entry, what: str) -> Step:
    told = texts.PART_UNKNOWN.format(title=entry.title, part=what)
    return Step(dialogue, (say(told, texts.PERSON, citations=(cited(entry),)),))


def is_solved(text: str) -> bool:
    """Whether the answer helped."""
    return bool(_SOLVED.search(text.strip(" 。.！!，,")))


def is_unsolved(text: str) -> bool:
    """Whether it did not."""
    return bool(_UNSOLVED.search(text))


def solved(dialogue: Dialogue) -> Step:
    """It helped."""
    acts: list[Act] = [RecordOutcome(dialogue.subject, dialogue.question, solved=True)] if dialogue.subject else []
    kept = replace(dialogue, flow="", subject="", question="", offered=(), failures=0)
    return Step(kept, (*acts, say(texts.SOLVED)))


def unsolved(dialogue: Dialogue, heard: Heard, limit: int) -> Step:
    """It did not help: related entries or a person; a person at once when it is the second time."""
    acts: list[Act] = [RecordOutcome(dialogue.subject, dialogue.question, solved=False)] if dialogue.subject else []
    if not dialogue.subject and dialogue.question:
        acts.append(RecordUnanswered(dialogue.question, heard.meaning.slots.get("area", "")))
    failures = dialogue.failures + 1
    titles = [title for _, title in offered(dialogue)] if dialogue.subject else []
    kept = replace(dialogue, subject="", failures=failures, offered=dialogue.offered if titles else ())
    if failures >= limit:
        return Step(kept, (*acts, Fetch("failed")))
    if titles:
        return Step(kept, (*acts, say(texts.RELATED, *titles, texts.PERSON, texts.REGISTER)))
    return Step(kept, (*acts, say(texts.NO_RELATED, texts.PERSON, texts.REGISTER)))


def picked(dialogue: Dialogue, meaning: Meaning) -> str:
    """The id of the offered entry whose title was tapped or written, or the only one when it is meant; empty when
    none was."""
    plain = meaning.text.strip()
    options = offered(dialogue)
    waits = dialogue.flow == FLOW and not dialogue.subject
    if waits and len(options) == 1 and meaning.intent is Intent.CONFIRM:
        return options[0][0]
    if plain.isdecimal() and 1 <= int(plain) <= len(options):
        return options[int(plain) - 1][0]
    return next((entry for entry, title in options if title == plain), "")


def offered(dialogue: Dialogue) -> list[tuple[str, str]]:
    """Ids and titles of the entries on offer."""
    return [(entry, title) for entry, _, title in (each.partition(SEPARATOR) for each in dialogue.offered)]


def aside(dialogue: Dialogue, found: Found) -> Step:
    """A question in the midst of something else that several entries may answer: which of them is asked, or whether to
    go on with the other."""
    kept = replace(dialogue, offered=_offer(found.entries))
    titles = [title for _, title in offered(kept)]
    question = texts.CANDIDATE.format(title=titles[0]) if len(titles) == 1 else texts.CANDIDATES_BESIDE
    return Step(kept, (say(question, *titles, texts.GO_ON, texts.PERSON),))


def _offer(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(f"{each.id}{SEPARATOR}{each.title}" for each in entries[:MAX_CANDIDATES])


def _talk(dialogue: Dialogue) -> Dialogue:
    return replace(dialogue, flow=FLOW, step="answered")
