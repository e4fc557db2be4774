"""Reads a ticket back before it is opened."""

from bot import texts
from bot.drafting import happened
from bot.flows.saying import say
from bot.model import KNOWN_CONTACT, NO_CONTACT, Act, Heard, Slots
from kernel.privacy import mask_phone
from ticketing.model.ticket import Alike

MAX_WHAT = 200


def read_back(slots: Slots, heard: Heard) -> Act:
    """All that would be submitted, with the ways to go on."""
    lines = "\n".join(f"{label}：{value}" for label, value in _rows(slots, heard) if value)
    unit = texts.GOES_TO.format(unit=heard.unit) if heard.unit else texts.GOES_TO_DISPATCHER
    whole = texts.READ_BACK.format(lines=lines, unit=unit)
    if heard.alike is None:
        return say(whole, texts.SUBMIT, texts.CHANGE, texts.CANCEL)
    offer = _offered(heard.alike)
    return say(f"{whole}\n\n{offer}", texts.FOLLOW, texts.SUBMIT, texts.CHANGE, texts.CANCEL)


def _offered(alike: Alike) -> str:
    named = "，".join(part for part in (alike.what, alike.where) if part)
    about = f"（{named}）" if named else ""
    if alike.own and alike.persons == 1:
        return texts.ALIKE_OWN.format(day=f"{alike.since.month}月{alike.since.day}日", about=about)
    persons = texts.OR_MORE.format(persons=alike.persons) if alike.or_more else str(alike.persons)
    return texts.ALIKE.format(persons=persons, about=about)


def _rows(slots: Slots, heard: Heard) -> list[tuple[str, str]]:
    what = slots.what if len(slots.what) <= MAX_WHAT else slots.what[: MAX_WHAT - 1] + "…"
    return [
        ("类型", texts.KIND_NAMES.get(slots.kind, "")),
        ("内容", what),
        ("地点", _place(slots)),
        ("时间", happened(slots)),
        ("联系电话", _contact(slots, heard)),
        ("称呼", slots.name),
        ("身份", _secrecy(slots)),
        ("附件", f"{len(slots.attachments)}个" if slots.attachments else ""),
    ]


def _place(slots: Slots) -> str:
    where = slots.where or ("已发送定位" if slots.point else "")
    return where if slots.area_name in where else f"{where}（{slots.area_name}）"


def _contact(slots: Slots, heard: Heard) -> str:
    if slots.contact == KNOWN_CONTACT:
        return heard.phone
    if slots.contact in {"", NO_CONTACT}:
        return "不留电话，在这里回复"
    return mask_phone(slots.contact)


def _secrecy(slots: Slots) -> str:
    if slots.anonymous:
        return "匿名"
    return "保密" if slots.secret or slots.kind == "report" else ""
