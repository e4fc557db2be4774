"""What of a reply answers: its sentences without what only says the complaint over again or hands it on."""

import re

from ticketing.rules.points import SENTENCE
from ticketing.rules.results import SETTLED

_QUOTED = re.compile(r"[“「『\"][^”」』\"]*[”」』\"]")
_ECHO = re.compile(
    r"(?:您|你|网友|市民|来信|来电|所)[^，,。；]{0,10}(?:反映|投诉|咨询|提出|反馈)|^(?:关于|针对|对于)|收悉|知悉|"
    r"(?:已经?|予以)?(?:转|移)(?:交|给|至|送|办|有关|相关)|高度重视|(?:认真|抓紧|尽快)?(?:研究|处理|跟进)(?:解决|处理)?$|"
    r"(?:何时|什么时候|多久|几时)[^，。；]*(?:不清楚|不确定|不详|未知|未定|难以确定)"
)
_SAYS = re.compile(
    r"已|经|核|属实|因|由于|将|目前|现|计划|预计|拟|不|未|无|没|规定|可|应|须|需|是|为|系|属|有|在|按|由|\d|免费|恢复|完成"
)
_FOUND = re.compile(r"经(?:查|核|调查|了解|现场)|属于|属实")
_CLAUSE = re.compile(r"[^，,]+[，,]?")
# 1.关于收费的问题。 stands over what is said of it in the sentence behind.
_HEADING = re.compile(r"^[^，,。]{0,6}(?:关于|针对|对于|反映的?)[^，,]{2,60}(?:问题|情况|诉求|建议|事项|事宜)[。：:]?$")


def answers_of(text: str) -> dict[str, str]:
    """Each sentence of a reply that tells something of its own, with what of it does; a heading counts to the sentence
    below it."""
    answers: dict[str, str] = {}
    heading = ""
    for sentence in (each.strip() for each in SENTENCE.findall(text)):
        own = _own(sentence)
        if own and _SAYS.search(own):
            answers[sentence] = heading + own
            heading = ""
        elif _HEADING.match(sentence):
            heading = sentence
    return answers


def _own(sentence: str) -> str:
    whole = _QUOTED.sub("", sentence)
    clauses = _CLAUSE.findall(whole)
    own = "".join(each for each in clauses if SETTLED.search(each) or not _ECHO.search(each.strip(" ，,。；;")))
    # 您反映的烧烤档，经查属于…: what was found is about what the clause before names.
    return whole if _FOUND.search(own) else own
