"""Answers a question from the library with its source and date, and asks whether that helped."""

import re
from dataclasses import replace

from bot import texts
from bot.flows.saying import say
from bot.model import (
    Act,
    Dialogue,
    Entry,
    Fetch,
    Found,
    Heard,
    Intent,
    Meaning,
    RecordOutcome,
    RecordUnanswered,
    Step,
)
from kernel.messages import Citation

FLOW = "guidance"
SEPARATOR = "\t"
MAX_CANDIDATES = 4
_SOLVED = re.compile(
    r"^(?:已经?)?(?:解决了|解决啦|解决咗|搞掂|搞定了?|明白了?|明白晒|清楚了?|知道了|有用|可以了|ok|谢谢.{0,4})$",
    re.IGNORECASE,
)
_UNSOLVED = re.compile(
    r"没(?:有)?解决|未解决|解决不了|冇解决|唔得|没用|冇用|不是(?:我|这)|答非所问|看不懂|唔明|不明白|都不是|不对"
)
_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("materials", re.compile(r"材料|资料|带什么|带咩|带啲咩|证件")),
    ("place", re.compile(r"在哪里?|去哪里?|哪里|边度|地点|地址|喺边")),
    ("hours", re.compile(r"几点|上班|营业时间|办理时间|周末|星期")),
    ("phone", re.compile(r"电话|号码")),
    ("fee", re.compile(r"收费|费用|多少钱|几多钱|要钱|免费")),
    ("limit", re.compile(r"多久|几天|几耐|多长时间|几日|时限")),
    ("online", re.compile(r"网上|线上|手机办|小程序")),
    ("basis", re.compile(r"依据|文件|法规|哪条规定")),
)
FOLLOW_UP = 16
# What a follow-up says besides the part it asks for. Whatever else it names is a subject of its own.
_LITTLE = re.compile(
    r"请问|想问|问一?下|还有|另外|那么?|咁|呢个|这个|那个|嗰个|需要|需唔需要|要不要|使唔使|要|可以|可唔可以|能不能|能|可否|办理|申请|办|搞"
    r"|交|付|带|去|系|是|的|嘅|呢|吗|嘛|么|啊|呀|㗎|咩|乜嘢|什么|哪些|边啲|啲|些|有|到|在|喺|我|大概|一般|具体|先|得|下|一|多少|几多|怎么|点样|[\W_]"
)


def ask(dialogue: Dialogue, heard: Heard) -> Step:
    """Answer, or offer candidates, or say honestly that there is no sure answer."""
    found, question = heard.found or Found(), heard.meaning.text
    if picked(dialogue, heard.meaning):
        question = dialogue.question
    if found.certain and found.entries:
        kept = replace(
            _talk(dialogue), subject=found.entries[0].id, question=question, offered=_offer(found.entries[1:])
        )
        return Step(kept, answered(found.entries[0]))
    if found.entries:
        kept = replace(_talk(dialogue), subject="", question=question, offered=_offer(found.entries))
        return Step(kept, (_which([title for _, title in offered(kept)]),))
    return unanswered(dialogue, heard)


def _which(titles: list[str]) -> Act:
    """Which of the entries is meant; of a single one whether it is."""
    if len(titles) == 1:
        return say(texts.CANDIDATE.format(title=titles[0]), texts.YES, texts.NO, texts.PERSON)
    return say(texts.CANDIDATES, *titles, texts.NONE_OF_THESE, texts.PERSON)


def unanswered(dialogue: Dialogue, heard: Heard) -> Step:
    """No entry fits: record the question, offer a person or a ticket; a person at the second failure."""
    question, area = heard.meaning.text, heard.meaning.slots.get("area", "")
    kept = replace(_talk(dialogue), subject="", question=question, offered=(), failures=dialogue.failures + 1)
    told = say(texts.NO_ANSWER, texts.PERSON, texts.REGISTER)
    return Step(kept, (RecordUnanswered(question, area), told))


def answered(entry: Entry) -> tuple[Act, ...]:
    """The entry's short answer; the citation tells owner and date, and each channel shows it in its way."""
    return (
        say(
            entry.text,
            texts.SOLVED_WORD,
            texts.UNSOLVED_WORD,
            texts.PERSON,
            citations=(cited(entry),),
        ),
    )


def cited(entry: Entry) -> Citation:
    """The entry as a citation."""
    return Citation(entry.id, entry.title, entry.owner, entry.verified_on)


def wanted_part(text: str) -> str:
    """Which field of the entry spoken of a short follow-up asks for; empty when it is no follow-up."""
    if len(text) > FOLLOW_UP:
        return ""
    return next((part for part, pattern in _PARTS if pattern.search(text)), "")


def rest_of(text: str) -> str:
    """What a follow-up names besides the part it asks for: a place perhaps, or another subject."""
    for _, pattern in _PARTS:
        text = pattern.sub("", text)
    return _LITTLE.sub("", text)


def part(dialogue: Dialogue, entry: Entry, name: str) -> Step:
    """One field of the entry that was answered from."""
    label = texts.ENTRY_PARTS[name]
    if not entry.parts.get(name):
        told = say(texts.PART_UNKNOWN.format(title=entry.title, part=label), texts.PERSON, citations=(cited(entry),))
    else:
        text = f"{label}：{entry.parts[name]}"
        told = say(text, texts.SOLVED_WORD, texts.UNSOLVED_WORD, texts.PERSON, citations=(cited(entry),))
    return Step(dialogue, (told,))


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
    if plain.isdigit() and 1 <= int(plain) <= len(options):
        return options[int(plain) - 1][0]
    return next((entry for entry, title in options if title == plain), "")


def offered(dialogue: Dialogue) -> list[tuple[str, str]]:
    """Ids and titles of the entries on offer."""
    return [(entry, title) for entry, _, title in (each.partition(SEPARATOR) for each in dialogue.offered)]


def _offer(entries: tuple[Entry, ...]) -> tuple[str, ...]:
    return tuple(f"{each.id}{SEPARATOR}{each.title}" for each in entries[:MAX_CANDIDATES])


def _talk(dialogue: Dialogue) -> Dialogue:
    return replace(dialogue, flow=FLOW, step="answered")
