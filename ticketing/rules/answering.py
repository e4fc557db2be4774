"""What of a reply answers: its sentences without what only says the complaint over again or hands it on."""

import re
from collections.abc import Collection

from kernel.chinese import is_ordinary_word
from ticketing.rules.points import SENTENCE, subjects_of

# What was done, with what it led to.
RESULT = re.compile(
    r"(?:已|均|全部|当日|当天|次日|当场)[^，。；]{0,14}?"
    r"(?:修复|修好|维修|检修|抢修|清理|清运|清除|清走|更换|换新|换好|填平|补好|处理完|整改|完成|拆除|恢复|退还|支付|查处|立案|处罚|劝离|安装|取缔|查封)"
    r"|恢复(?:正常)?(?:照明|供水|供电|供气|通行|运行|使用|原状)|(?:修复|整改|清理|维修|更换)(?:完成|完毕|到位)"
)
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


def answers_of(text: str) -> dict[str, str]:
    """Each sentence of a reply that tells something of its own, with what of it does."""
    kept = {sentence.strip(): _own(sentence.strip()) for sentence in SENTENCE.findall(text)}
    return {sentence: own for sentence, own in kept.items() if own and _SAYS.search(own)}


def is_about(sentence: str, subjects: Collection[str]) -> bool:
    """Whether a sentence names one of the subjects, or a part of one that says as much: 公交 of 公交站台."""
    return any(subject in sentence or _part_in(sentence, subject) for subject in subjects)


def _part_in(sentence: str, subject: str) -> bool:
    pairs = (subject[at : at + 2] for at in range(len(subject) - 1)) if len(subject) > 2 else ()
    return any(pair in sentence and is_ordinary_word(pair) and bool(subjects_of(pair)) for pair in pairs)


def _own(sentence: str) -> str:
    whole = _QUOTED.sub("", sentence)
    clauses = _CLAUSE.findall(whole)
    own = "".join(each for each in clauses if RESULT.search(each) or not _ECHO.search(each.strip(" ，,。；;")))
    # 您反映的烧烤档，经查属于…: what was found is about what the clause before names.
    return whole if _FOUND.search(own) else own
