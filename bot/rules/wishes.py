"""What a citizen wants done with a ticket of theirs, by their words: urge it, withdraw it, add to it; and to which."""

import re
from collections.abc import Sequence

from bot.model import Dialogue, OpenTicket
from kernel.chinese import normalise, shingles
from kernel.labels import Labelled
from kernel.numerals import digits


class Wish(Labelled):
    """What is to be done with a ticket."""

    WITHDRAW = "withdraw", "撤回"
    SUPPLEMENT = "supplement", "补充"
    URGE = "urge", "催办"


_MATTER = r"(?:工单|投诉|举报|诉求|求助|(?<![订保账])单(?!位|元|车|身|人))"
_OF_MINE = r"(?:我|这|那|呢|嗰|之前|上次|刚才|头先|啱啱)(?:个|张|条|件|嘅|的)"
# "我要投诉物业催交" is a new matter: only what is called theirs is an old one.
_MINE = rf"{_OF_MINE}+{_MATTER}"
_NEAR = r"(?:(?!要)[^，,。])"
_POLITE = r"(?:帮我|唔该|麻烦|请|再|我要|我想|你们|你哋)*"
_HURRY = r"(?:快(?:点|啲|些)|加快|赶紧|抓紧|加急)"
# Wish → the words that leave no doubt that a ticket of theirs is meant.
WISHES: tuple[tuple[Wish, re.Pattern[str]], ...] = (
    (
        Wish.WITHDRAW,
        re.compile(
            rf"(?:撤回|撤销|撤掉|撤咗|撤|取消|收回|攞返){_NEAR}{{0,5}}{_MATTER}|{_MINE}{_NEAR}{{0,6}}(?:撤|取消|唔使办|不用办)"
            r"|^(?:帮我|唔该|麻烦|请|我|要|想)*(?:撤单|撤诉|撤回|撤销|撤)(?:[吧啦了喇啊]|$|[ A-Z0-9-]+$)"
            r"|(?:不用|唔使|唔洗|不必)(?:再)?(?:办|处理|跟进|跟)(?:了|喇|啦)"
            r"|(?:不|唔|不想|唔想|不再)(?:投诉|举报)(?:了|喇|啦)"
        ),
    ),
    (
        Wish.SUPPLEMENT,
        re.compile(
            r"^(?:我|想|要|再|仲|还|唔该|麻烦|请|帮我|需要|我哋|我们|有)*(?:补充|追加|补返|加多)"
            r"(?!.{0,3}(?:医疗|保险|养老|公积金|协议|合同|营养|耕地|申报|申请|申领|登记|规定))"
            rf"|(?:补充|追加|补返|加多).{{0,6}}{_MATTER}|{_MINE}.{{0,6}}(?:补充|追加|补返)"
        ),
    ),
    (
        Wish.URGE,
        re.compile(
            rf"^{_POLITE}(?:催|追)(?:一?下|催|追|单|办|促|紧啲)*(?:$|[啦喇吧呀啊，,。!！ ])"
            rf"|(?:催|追)(?:一?下|下|催|办|促)?{_NEAR}{{0,4}}(?:[A-Z]{{2,4}}[0-9]{{6,}}|{_MATTER}|进度)|催(?:一?下|下){_OF_MINE}|催办|催单|追单|催(?:一?下|催)[吧啦喇啊呀嘛]*$"
            rf"|{_HURRY}(?:处理|跟进|办|搞掂|解决).{{0,4}}{_OF_MINE}.{{0,4}}(?:{_MATTER}|事)|{_MINE}.{{0,4}}(?:{_HURRY}|催|追)"
        ),
    ),
)
_NEWEST = re.compile(r"刚才|刚刚|啱啱|头先|最近|最新|最后|上一[张个件条]|新嗰|刚登记")
_ORDINAL = re.compile(r"^第?(?P<nth>[1-9一二三四五])(?:个|张|件|条)?$")
_NTH = {letter: n for n, letter in enumerate("一二三四五", start=1)}
# What an addition is led in with; the rest is what is added, as said.
_LEAD = re.compile(
    r"^.{0,12}?(?:补充|追加|补返|加多)(?:一下|下|一点|点|啲|些|几句|说明|材料|资料|照片|相片|证据|内容|情况|到|入|给|对|于|"
    r"我|之前|上次|刚才|头先|嗰|那|这|呢|张|个|件|条|的|嘅|工单|投诉|诉求|举报|单|[，,。:：、\s]|[A-Z]{2,4}[0-9]{6,})*"
)
SHORTEST = 3
LONG = 60
ENDED = frozenset({"closed", "archived", "withdrawn", "declined", "merged", "draft"})


def wish_in(text: str) -> Wish | None:
    """What is wished; None where the words leave doubt. A letter only tells a matter."""
    plain = normalise(text)
    if len(plain) > LONG:
        return None
    return next((wish for wish, pattern in WISHES if pattern.search(plain)), None)


def added_words(text: str) -> str:
    """What somebody adds with the same message that says they add; empty when they only say so."""
    rest = text[lead.end() :] if (lead := _LEAD.match(text)) else text
    return rest.strip(" ，,。") if len(rest.strip(" ，,。！!吧啦喇呀啊可以吗")) >= SHORTEST else ""


def running(tickets: Sequence[OpenTicket]) -> tuple[OpenTicket, ...]:
    """Those that are still worked on."""
    return tuple(each for each in tickets if each.state not in ENDED)


def one_meant(text: str, tickets: Sequence[OpenTicket], dialogue: Dialogue) -> OpenTicket | None:
    """Which of the tickets (newest first) is meant: by number, by being the only one, the last or the n-th, or by a
    word of its title that no other has. None where it stays open."""
    plain = digits(text).upper()
    named = [each for each in tickets if each.number in plain]
    if named or len(tickets) == 1:
        return (named or list(tickets))[0]
    if not tickets:
        return None
    if _NEWEST.search(text):
        return next((each for each in tickets if each.number in dialogue.tickets[-1:]), tickets[0])
    nth = _ORDINAL.fullmatch(plain.strip(" 。.")) if dialogue.step else None
    if nth:
        place = _NTH.get(nth["nth"]) or int(nth["nth"])
        return tickets[place - 1] if place <= len(tickets) else None
    said = shingles(text, 2)
    alike = [each for each in tickets if said & shingles(each.title, 2)]
    return alike[0] if len(alike) == 1 else None
