"""The parts of a ticket: which kind needs which, what a message gives of them, what is still missing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot import texts
from bot.model import NO_CONTACT, Dialogue, Heard, Slots
from bot.rules.dialogue import TICKET
from bot.rules.grievance import is_grievance, says_enough, says_something
from bot.rules.slots import declines_contact
from bot.rules.spans import SlotKind, first_of, spans_in

WHAT, WHERE, WHEN, CONTACT, KIND, CONFIRM, FIX = "what", "where", "when", "contact", "kind", "confirm", "fix"

NEEDED: dict[str, tuple[str, ...]] = {
    "complaint": (WHAT, WHERE, WHEN, CONTACT),
    "help": (WHAT, WHERE, WHEN, CONTACT),
    "report": (WHAT, WHERE, WHEN, CONTACT),
    "praise": (WHAT, CONTACT),
    "consult": (WHAT, CONTACT),
}
ASK_AT_MOST = 2
SHORT = 30
LEAST = 2
_QUESTION = re.compile(r"多少|几多|哪|边个|边度|什么|吗[?？]?$|[?？]$")
_NO_LETTER = re.compile(r"[\W_]+")
_CLAUSE = re.compile(r"[，,。；;\n]")
_EDGES = " ，,。；;\n"
# "不对，是前晚": what was read back is wrong in the one part the rest names.
_WRONG = re.compile(
    r"^(?:不对|不是|唔系|唔啱|错了|搞错了?|写错了?|讲错了?|应该是|应该系|更正|改成|改为)(?P<rest>.*)$", re.DOTALL
)
_RIGHT = re.compile(r".*(?:应该是|应该系|是|系|改成|改为)(?P<value>[^，。是系]{2,}.*)$", re.DOTALL)
_CHANGED = re.compile(
    r"(?P<part>类型|类别|内容|情况|地点|地址|位置|地方|时间|日期|电话|手机|号码)[^，。,是改]{0,4}"
    r"(?:不对|错了|写错了?|有误|唔啱|要改|改一下|错|改|是|应该是)"
)
_NEW_VALUE = re.compile(
    r"(?:应该是|应为|改成|改为|改做|更正为|不是.{1,20}?[，,]?(?:是|系)|[，,]\s*(?:是|系|应该是)?|是|系)\s*(?P<value>[^，。]{2,80}.*)$"
)
_KIND_CHANGED = re.compile(
    r"(?:不是[^，,。]{1,6}[，,\s]*)?(?:类型|类别)?(?:要|请)?(?:改成|改为|改做|换成|应该是|应该算|这是|算是|是)(?P<kind>\w{2})[吧的啊]?"
)
_NO_ANSWER = re.compile(
    r"(?:是的?|对的?|嗯+|好的?|行|可以|系|啱|得|ok|OK|不|不是|不对|唔系|没有|冇|否"
    r"|确认|确认提交|提交|修改|取消|解决了|没解决|登记|登记工单|继续|继续登记)[啊呀了喇]?"
)
_UNKNOWN = re.compile(
    r"我?也?(?:不知道|不清楚|不晓得|不记得|记不清|说不清|唔知道?|唔清楚|唔记得)(?:啊|呀|了|喇|(?:具体|是|系|在|喺|叫)?(?:什么|哪|边|乜|几|位置|地址|时间).{0,6})?"
)
_NAMED = {
    KIND: ("类型", "类别", "种类", "诉求类型"),
    WHAT: ("内容", "情况"),
    WHERE: ("地点", "地址", "位置", "地方"),
    WHEN: ("时间", "日期"),
    CONTACT: ("电话", "手机", "号码", "联系电话"),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """A part that is to be changed, and what to when that was said."""

    part: str
    value: str = ""


def missing(dialogue: Dialogue) -> str:
    """The next part to ask for, or CONFIRM when all is there; what was asked twice is not asked again."""
    for part in NEEDED.get(dialogue.slots.kind, NEEDED["complaint"]):
        asked_enough = dialogue.step == part and dialogue.asked >= ASK_AT_MOST
        if not has(dialogue.slots, part) and not asked_enough and part not in dialogue.passed:
            return part
    return CONFIRM


def has(slots: Slots, part: str) -> bool:
    """Whether ``part`` is known well enough."""
    if part == WHAT:
        return says_enough(slots.what)
    if part == WHERE:
        return bool(slots.where or slots.point) and slots.area_certain
    if part == WHEN:
        return bool(slots.when)
    return bool(slots.contact) or slots.anonymous


def taken_in(slots: Slots, heard: Heard) -> Slots:
    """The slots with everything the message names that is not known yet."""
    said = heard.meaning.slots
    slots = _placed(slots, heard) if not slots.area_certain else slots
    return replace(
        slots,
        when=slots.when or said.get("when", ""),
        when_meant=slots.when_meant if slots.when else said.get("when_meant", ""),
        contact=said.get("phone", "") or slots.contact,
        name=slots.name or said.get("name", ""),
        secret=slots.secret or "secret" in said,
        anonymous=slots.anonymous or "anonymous" in said,
        point=slots.point or heard.point,
        attachments=(*slots.attachments, *(a for a in heard.attachments if a not in slots.attachments)),
    )


def _placed(slots: Slots, heard: Heard) -> Slots:
    said = heard.meaning.slots
    where = said.get("where", "") or (heard.point.label if heard.point else "")
    if not where and not said.get("area"):
        return slots
    if slots.where and where not in slots.where:
        where = f"{where}{slots.where}" if slots.where not in where else where
    return _in_area(replace(slots, where=slots.where if where in slots.where else where), said)


def _in_area(slots: Slots, said: Mapping[str, str]) -> Slots:
    """The slots with the area the message names, as certain as it is."""
    if not said.get("area"):
        return replace(slots, area_certain=False)
    certain = "town" in said and "certain" in said
    return replace(slots, area=said["area"], area_name=said.get("area_name", ""), area_certain=certain)


def is_no_answer(text: str) -> bool:
    """Whether a short word agrees, refuses or presses a button, and so tells neither place nor time nor matter."""
    return _NO_ANSWER.fullmatch(text.strip(" 。.！!，,")) is not None


def does_not_know(text: str) -> bool:
    """Whether the citizen cannot tell."""
    return _UNKNOWN.fullmatch(text.strip(" 。.！!，,")) is not None


def told_where(slots: Slots, heard: Heard) -> Slots:
    """The answer to the question for the place: kept whole when it is short."""
    text, said = heard.meaning.text.strip(), heard.meaning.slots
    if is_no_answer(text) or does_not_know(text) or declines_contact(text):
        return slots
    if said.get("where") and (heard.point is not None or len(text) > SHORT or tells_more(heard)):
        return _placed(slots, heard)
    if slots.where and text not in slots.where and slots.where not in text:
        text = f"{text}{slots.where}" if said.get("area") else f"{slots.where}{text}"
    return _in_area(replace(slots, where=text or slots.where), said)


def tells_more(heard: Heard) -> bool:
    """Whether an answer that names the place goes on to tell when, or what is wrong there."""
    text, said = heard.meaning.text, heard.meaning.slots
    more = bool(_CLAUSE.search(text.strip(_EDGES))) and ("when" in said or is_grievance(text))
    return more and "where" in said


def is_matter(heard: Heard) -> bool:
    """Whether an answer tells of the matter, and neither place nor time nor number."""
    meaning = heard.meaning
    named = {"where", "when", "phone", "anonymous"} & set(meaning.slots)
    return not named and (is_grievance(meaning.text) or (meaning.intent in TICKET and meaning.confidence == 1.0))


def names_another(heard: Heard, part: str) -> bool:
    """Whether the message tells some other part, and not the one that was asked for."""
    said = heard.meaning.slots
    named = {WHERE: "where" in said, WHEN: "when" in said, CONTACT: bool({"phone", "anonymous", "secret"} & set(said))}
    return not named[part] and any(named.values()) and len(heard.meaning.text) <= SHORT


def told_when(slots: Slots, heard: Heard) -> Slots:
    """The answer to the question for the time, as said."""
    text = heard.meaning.text.strip()
    if is_no_answer(text) or declines_contact(text):
        return slots
    corrected = unnamed_correction(text, heard.at)
    text = corrected.value if corrected and corrected.part == WHEN else text
    span = first_of(spans_in(text, heard.at), SlotKind.WHEN)
    when = text if len(text) <= SHORT else span.said if span else text[:SHORT]
    return replace(slots, when=when, when_meant=span.value if span else "")


def told_matter(slots: Slots, heard: Heard) -> Slots:
    """The message as what it is about, unless it names only a place, a time or a number."""
    rest = heard.meaning.text
    for name in ("where", "when", "phone"):
        rest = rest.replace(heard.meaning.slots.get(name, ""), "")
    return told_what(slots, heard.meaning.text) if len(_NO_LETTER.sub("", rest)) >= LEAST else slots


def told_what(slots: Slots, text: str) -> Slots:
    """The citizen's words, one under the other, nothing left out."""
    text = text.strip()
    if not text or text in slots.what:
        return slots
    kept = slots.what if says_something(slots.what) else ""
    return replace(slots, what=f"{kept}\n{text}" if kept else text)


def without(slots: Slots, part: str) -> Slots:
    """The slots without ``part``, to be asked again; the kind stays until there is another."""
    if part == WHAT:
        return replace(slots, what="")
    if part == WHERE:
        return replace(slots, where="", area="", area_name="", area_certain=False, point=None)
    if part == WHEN:
        return replace(slots, when="", when_meant="")
    if part == KIND:
        return slots
    return replace(slots, contact="", anonymous=False)


def declined(slots: Slots) -> Slots:
    """The citizen will not be called."""
    return replace(slots, contact=NO_CONTACT)


def correction(text: str) -> Correction | None:
    """What a read-back is corrected in; None when the text names no part."""
    found = _CHANGED.search(text)
    if found is None or _QUESTION.search(text):
        return None
    part = named_part(found["part"])
    rest = text[found.end("part") :]
    value = _NEW_VALUE.search(rest)
    return Correction(part, value["value"].strip(" 。.！!") if value else "")


def unnamed_correction(text: str, at: datetime | None) -> Correction | None:
    """A correction that names no part but only its right value, a time or a telephone number."""
    wrong = _WRONG.match(text.strip())
    if wrong is None:
        return None
    right = _RIGHT.search(text)
    value = (right["value"] if right else wrong["rest"]).strip(_EDGES)
    kinds = {span.kind for span in spans_in(value, at)}
    meant = [part for part, kind in ((WHEN, SlotKind.WHEN), (CONTACT, SlotKind.PHONE)) if kind in kinds]
    return Correction(meant[0], value) if len(meant) == 1 and len(value) <= SHORT else None


def named_kind(text: str) -> str:
    """The kind a short answer names; empty when it names none."""
    plain = text.strip(" 。.！!")
    changed = _KIND_CHANGED.fullmatch(plain)
    wanted = changed["kind"] if changed else plain
    return next((kind for kind, name in texts.KIND_NAMES.items() if name == wanted), "")


def named_part(text: str) -> str:
    """The part a word names; empty when it names none."""
    plain = text.strip()
    return next((part for part, names in _NAMED.items() if any(name == plain for name in names)), "")
