"""What a citizen asks for or complains of, point by point, as a reviewer and whoever calls back go through it."""

import re
from collections.abc import Iterator

LONGEST_POINTS = 12
SHORTEST_POINT = 4
SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]?")
# 一是…二是…, 1. … 2. …, （1）…: what a citizen numbers are points of their own.
_NUMBERED = re.compile(
    r"(?:[一二三四五六七八九]是|(?<![\d.])[(（]?(?:\d{1,2}|[一二三四五六七八九十]{1,2})[)）.．、](?!\d))"
)
# What only begins a text is no point: 反映两件事, 我要投诉一个问题.
_LEAD_IN = re.compile(r"^(?:您好|你好|我要|我想)?[，,]?(?:反映|投诉|咨询|举报).{0,6}(?:事|问题|情况)$")
# Nor is what is said in every letter: 尊敬的领导您好, 望有关部门尽快处理为盼, 谢谢.
_COURTESY = re.compile(
    r"^(?:尊敬的.{0,16}|(?:各位)?领导.{0,4}|您好|你好|大家好|非常?感谢.{0,8}|谢谢.{0,8}|此致.{0,6}|敬礼.{0,4}|急.{0,4}|"
    r"(?:希望|请|请求|恳请|恳求|望|盼|盼望|期待|请问)?.{0,10}(?:领导|部门|政府|单位).{0,10}"
    r"(?:处理|解决|重视|关注|关心|回复|答复|为盼|管管|调查|核实|介入|落实|帮助))(?:一下|谢谢|为盼|[，,]谢谢.{0,4})?$"
)
_CLAUSE = re.compile(r"[^，,]+[，,]?")
# What begins a further point after a comma: 另外…, 并要求…, 还占用…; and what has a subject of its own: 垃圾也没人清.
# 还没人来, 也没人接 only go on about the same.
_FURTHER = re.compile(
    r"(?:另外|此外|其次|再有|再者|再就是|顺便|最后|同时|以及|而且|并且|加上|仲有|同埋|亦都|"
    r"(?:并|且)(?:要求|请求|请|希望|责令|给予|赔偿|退还|告知|公开)|"
    r"(?:还|仲)(?!没|未|冇|是|系|在|不|唔|得|算|好|差|以为|要等)|"
    r"[\u4e00-\u9fff]{2,8}?(?:也|亦|又|都)(?:没|不|未|冇|很|太|非常|经常|严重|[\u4e00-\u9fff]{1,2}了))"
)
_ASKING = re.compile(
    r"(?:请问|想问|想知道|什么时候|几时|何时|多久|多少钱|收费|(?:需要|要带|带).{0,2}(?:什么|哪些)|在哪|怎么(?:办理|申请|投诉|维权))"
)
_SUBJECTS_OF_THE_SAME = re.compile(
    r"^(?:我们?|你们?|他们?|她们?|(?:打|拨打)?电话|打了?.{0,4}|物业|部门|单位|现在|到现在|至今|一直|每次|自己|反映|投诉|大家|居民)"
)


def points_of(text: str, most: int = LONGEST_POINTS) -> list[str]:
    """The points of a masked text in its words and order, none twice, ``most`` at most."""
    said = [
        point.strip(" ，,。；;、：:\n")
        for piece in _NUMBERED.split(text)
        for sentence in SENTENCE.findall(piece)
        for point in _parted(sentence)
    ]
    whole = [point for point in said if len(point) >= SHORTEST_POINT]
    return list(dict.fromkeys(point for point in whole if not _says_nothing(point)))[:most]


def _says_nothing(point: str) -> bool:
    return bool(_LEAD_IN.match(point) or _COURTESY.match(point))


def _parted(sentence: str) -> Iterator[str]:
    """A sentence where a further point begins in it."""
    point = ""
    for clause in _CLAUSE.findall(sentence):
        if point and _begins(clause):
            yield point
            point = ""
        point += clause
    yield point


def _begins(clause: str) -> bool:
    words = clause.strip()
    if _ASKING.match(words):
        return True
    return bool(_FURTHER.match(words)) and not _SUBJECTS_OF_THE_SAME.match(words)
