"""What of a reply answers: its sentences without what only says the complaint over again or hands it on."""

import re
from collections.abc import Iterable

from ticketing.rules.points import SENTENCE

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
# Where and when something is, and what is said of any trouble: no subject of a complaint.
_NO_SUBJECT = re.compile(
    r".*(?:路|街|大道|巷|号|村|镇|区|市|天|月|年|晚上|夜间|白天)|\d.*|小区|门口|楼下|附近|旁边|希望|尽快|处理|解决|要求|投诉|反映|问题|情况|"
    r"有关|相关|部门|单位|政府|领导|现在|一直|至今|没有|时间|严重|影响|居民|业主|市民|群众|派人|维修|修复|更换|清理|已经|进行|工作|生活|我们|大家"
)


def answers_of(text: str) -> dict[str, str]:
    """Each sentence of a reply that tells something of its own, with what of it does."""
    kept = {sentence.strip(): _own(sentence.strip()) for sentence in SENTENCE.findall(text)}
    return {sentence: own for sentence, own in kept.items() if own and _SAYS.search(own)}


def subjects_of(words: Iterable[str]) -> set[str]:
    """The words of a point that may name what it is about."""
    return {word for word in words if not _NO_SUBJECT.fullmatch(word)}


def _own(sentence: str) -> str:
    whole = _QUOTED.sub("", sentence)
    clauses = _CLAUSE.findall(whole)
    own = "".join(each for each in clauses if RESULT.search(each) or not _ECHO.search(each.strip(" ，,。；;")))
    # 您反映的烧烤档，经查属于…: what was found is about what the clause before names.
    return whole if _FOUND.search(own) else own
