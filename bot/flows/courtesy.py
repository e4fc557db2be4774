"""Greeting, thanks, small talk, anger, welcome, danger and the person: what is no matter of its own."""

import re
from dataclasses import replace

from bot import texts
from bot.flows.parts import taken_in, told_what
from bot.flows.saying import say
from bot.model import AddToTicket, Dialogue, Fetch, Heard, Step
from bot.rules.grievance import is_grievance, says_enough, substance

_THANKS = re.compile(r"谢|多谢|唔该|感谢|thank|再见|拜拜|bye|没事了|冇事", re.IGNORECASE)
_ABUSE = re.compile(
    r"傻[逼比屄Bb]|[操艹草肏]你|他妈的?|你妈|妈的|去死|王八蛋|混蛋|滚(?!石|动|滚)|仆街|扑街|冚家|屌|垃圾(?:机器人|客服|系统|热线|政府)|废物|"
    r"(?:你|你们|你哋)(?:都|全|就)?(?:是|系)(?:一群)?(?:垃圾|饭桶|猪|蠢|废)|吃(?:屎|干饭)|食屎|脑残|弱智"
)
_ANGER = re.compile(
    r"气死|激死|激气|嬲死|好嬲|火大|烦死|受够|破(?:系统|机器人|热线|客服)|什么(?:破|烂)|什么态度|咩态度|(?:到底|究竟)(?:管|理|行|得)(?:不|唔)"
    r"|(?:说|讲)(?:了|咗)(?:多少|几多|几|好多|N|n|很多)(?:遍|次)|没完没了|废话|敷衍|答非所问|有没有搞错|有冇搞错|[这咁]么?多(?:问题|嘢问)|问(?:完|够)(?:没|未)|烦不烦|烦唔烦"
)
_LETTERS = re.compile(r"[\W_]+")
LONG = 30
# So many letters beside the rough words tell a matter.
MATTER = 8


def welcome(dialogue: Dialogue) -> Step:
    """Somebody has just subscribed."""
    return Step(dialogue, (say(texts.WELCOME, *texts.SERVICES),))


def greet(dialogue: Dialogue, heard: Heard) -> Step:
    """Greeting or thanks."""
    if _THANKS.search(heard.meaning.text):
        return Step(dialogue, (say(texts.THANKS),))
    return Step(dialogue, (say(texts.GREETING, *texts.SERVICES),))


def is_abuse(text: str) -> bool:
    """Whether it is an outburst and hardly anything else; a matter told in rough words is taken in as any other."""
    if len(text) > LONG or is_grievance(text):
        return False
    calmer = _ANGER.sub("", _ABUSE.sub("", text))
    return calmer != text and not (says_enough(calmer) and len(_LETTERS.sub("", substance(calmer))) >= MATTER)


def calm(dialogue: Dialogue, limit: int) -> Step:
    """Stay polite; the second time a person."""
    kept = replace(dialogue, failures=dialogue.failures + 1)
    if kept.failures >= limit:
        return Step(kept, (Fetch("angry"),))
    return Step(kept, (say(texts.COOL_DOWN, texts.PERSON, texts.SERVICES[1]),))


def chat(dialogue: Dialogue) -> Step:
    """Say what this place is for."""
    return Step(dialogue, (say(texts.SMALL_TALK, *texts.SERVICES),))


def puzzled(dialogue: Dialogue, limit: int) -> Step:
    """Not understood; a person the second time."""
    kept = replace(dialogue, failures=dialogue.failures + 1)
    if kept.failures >= limit:
        return Step(kept, (Fetch("failed"),))
    return Step(kept, (say(texts.NOT_UNDERSTOOD, *texts.SERVICES),))


def person(dialogue: Dialogue) -> Step:
    """Fetch a person; what was gathered stays for them to see."""
    return Step(dialogue, (Fetch("asked"),))


def danger(dialogue: Dialogue, heard: Heard) -> Step:
    """The number first, then a person; what was said is kept for them. In a crisis nothing is gathered or asked."""
    if heard.crisis:
        return Step(dialogue.afresh(), (say(heard.danger), Fetch("emergency")))
    kind = dialogue.slots.kind or "help"
    slots = told_what(taken_in(replace(dialogue.slots, kind=kind), heard), heard.meaning.text)
    return Step(replace(dialogue, slots=slots), (say(heard.danger), Fetch("emergency")))


def media(dialogue: Dialogue, heard: Heard) -> Step:
    """A photo or a place without words: added to the ticket just opened, else kept, and what it is about is asked."""
    if heard.joins:
        return Step(dialogue, (AddToTicket(heard.joins, attachments=heard.attachments),))
    slots = taken_in(dialogue.slots, heard)
    kept = replace(dialogue, flow="ticket", step="what", asked=1, slots=slots)
    return Step(kept, (say(texts.ASK_ABOUT_PHOTO),))
