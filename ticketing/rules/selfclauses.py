"""A clause of a report, and how it is understood without its neighbours."""

import re
from dataclasses import dataclass
from enum import Enum, auto

from kernel.chinese import tagged
from ticketing.rules import selfscenes as scene
from ticketing.rules import selfwords as said

FIRST = re.compile(rf"{said.ME}|{said.HOME}")
_OWN_START = re.compile(rf"{said.LINK}(?:当时|跟|和)?(?:{said.KIN}|[就都也只]?自己|{said.RELATION}都)")
_CUE = re.compile(f"{said.CUES}|{said.AT_NEAR}|{scene.OF_A_PERSON}")
_SCENE = re.compile(scene.OF_A_SCENE)
_ONE_I = re.compile(scene.ONE_I)
_FAVOURED = re.compile(scene.FAVOURED)
_OF_KIN = re.compile(f"{said.RELATION}|{scene.FAMILY}")
_IS_ONE = re.compile(said.IS_ONE)
_NEAR = re.compile(rf"(?:举报|投诉|反映|检举)?(?P<value>{said.NEAR})(?=[^，]{{2}})")
_OF_OWN_BODY = re.compile(rf"(?P<value>{said.ME}[的嘅]?{said.BODY})[的嘅]?(?P<rest>(?:{said.OTHERS}|{said.OF_BODY}).*)")
_SPEECH = re.compile(said.SPEECH)
_REPORTS = re.compile(said.REPORTS)
OFFENCE = re.compile(said.OFFENCE)
_NEVER = re.compile(said.NEVER)
_ASKED_FOR = re.compile(said.ASKED_FOR)
URGE = re.compile(said.URGE)
_HELPLESS = re.compile(said.HELPLESS)
_ASKS = re.compile(said.ASKS)
OTHER = re.compile(said.LINK + said.OTHERS)
OF_MATTER = re.compile(f"{scene.PRICE}|{scene.OF_MATTER}")
PUBLIC = re.compile(scene.PUBLIC)


class Voice(Enum):
    """What a clause does: TELLS of the reporter, goes on from one that does (CARRIED), says what somebody is (ONE),
    has a word or two that tell (NEAR), speaks of something else (OTHER), or cannot be told by itself (PLAIN)."""

    TELLS = auto()
    CARRIED = auto()
    ONE = auto()
    NEAR = auto()
    OTHER = auto()
    PLAIN = auto()


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two stops; ``start`` and ``end`` are where the part of them that may tell is in the text."""

    voice: Voice
    words: str
    start: int
    end: int


def alone(words: str, at: int) -> Clause:
    """The clause as it is understood without its neighbours."""
    speech, urges = _SPEECH.match(words), bool(URGE.match(words))
    told = words[speech.end() :] if speech else words
    shift = at + len(words) - len(told)
    if (body := _OF_OWN_BODY.match(told)) and not _is_own(body.group("rest")):
        return Clause(Voice.NEAR, words, shift + body.start("value"), shift + body.end("value"))
    if speech or urges:
        told = _ASKED_FOR.sub("", told)
    if _is_own(told) or (at and _SCENE.search(told)):
        return Clause(Voice.TELLS, words, at, at + len(words))
    if _IS_ONE.fullmatch(told) and not any((OTHER.match(told), _REPORTS.match(words), OF_MATTER.search(told))):
        return Clause(Voice.ONE, words, at, at + len(words))
    if near := _NEAR.match(words):
        return Clause(Voice.NEAR, words, at + near.start("value"), at + near.end("value"))
    is_other = speech or urges or OTHER.match(words) or _ASKS.search(words)
    if not is_other and "过" in words and _has_been_through(words):
        return Clause(Voice.TELLS, words, at, at + len(words))
    return Clause(Voice.OTHER if is_other else Voice.PLAIN, words, at, at + len(words))


def _is_own(told: str) -> bool:
    if _FAVOURED.search(told) and not FIRST.search(told):
        told = _OF_KIN.sub("", told)
    if _CUE.search(told) or _OWN_START.match(told):
        return True
    return bool(FIRST.search(told) and not _HELPLESS.search(told) and not _is_of_many(told))


def _is_of_many(told: str) -> bool:
    """Whether 我们 stands in it for all whom the public matter or the offence touches."""
    return not _ONE_I.search(told) and bool(PUBLIC.search(told) or OFFENCE.search(told))


def _has_been_through(words: str) -> bool:
    """闻过, 劝过几次: what somebody knows from having done it."""
    return any(word == "过" and kind == "ug" for word, kind in list(tagged(words))[1:]) and not _NEVER.search(words)
