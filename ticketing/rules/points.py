"""What a citizen asks for or complains of, point by point, as a reviewer and whoever calls back go through it: each
trouble, request or question once, without greetings, history and feelings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ticketing.rules.subjects import same, subjects_of

LONGEST_POINTS = 12
SHORTEST_POINT = 4
# More sentences than these are a story, of which what is asked for makes points, with so many subjects at least.
SHORT_LETTER = 3
TELLING = 2
CALLING = 3
_EDGES = " ，,。；;、：:\n"
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


_REQUEST = re.compile(
    r"希望|请(?!假|客|问|示)|恳求|要求|能否|可否|是否|能不能|可不可以|建议|期盼|盼|求(?!助|学|职)|督促|责令|应该|应当|"
    r"尽快|尽早|麻烦|申请|赔偿|退还|退款|退费|为何|想要?(?!象|到|起)"
)
QUESTION = re.compile(
    r"[?？]|怎么|如何|怎样|什么|多少|多久|几时|何时|哪(?!怕)|吗|请问|咨询|想问|想知道|想了解|有没有|是不是|呢$"
)
_TROUBLE = re.compile(
    r"不(?!仅|但|过|少|久|错|光|止|知|论|管)|没|未|冇|唔|无(?!论)|坏|漏|堵|吵|噪|臭|脏|乱|占|违|欠|拖|危|险|隐患|破|损|扰|"
    r"污染|塌|裂|断|倒|停|拒|骗|强制|偷|烂|差|少|难|慢|黑|贵|涨|高|排放|堆|泄|味|油烟|灰尘|粉尘|撞|摔|坑|满|大|松|爆|"
    r"打桩|流浪|摆摊|丢|等了|多收|追人|非法|私自|擅自|乱收|收费|超"
)
# 难道…, 天理何在: what is only exclaimed.
_EXCLAIMED = re.compile(
    r"难道|岂|何在|凭什么|天理|良心|情何以堪|算什么|谁来管|为民做主|主持公道|"
    r"还.{0,6}公道|于心何忍|职责.{0,4}哪|心知肚明|死活|和谐|法制|受得了|受不了"
)
# Of what one clause lists, which are troubles of their own: 噪音、油烟、占道.
_LISTED = re.compile(
    r"噪音|噪声|扰民|油烟|异味|臭|占道|违建|垃圾|积水|扬尘|灰尘|粉尘|污水|污染|乱停|停水|停电|内涝|堵车|拥堵|漏水|乱收费|欠薪"
)
# 希望有关部门重视民生问题: a call on those in office, whatever the matter.
_CALL = re.compile(r"领导|部门|政府|书记|市长|县长|单位|好心人|相关|您|关注|重视")
# 请您谅解, 打扰了, 万分感谢: courtesy and feelings in the midst of a letter.
_FEELING = re.compile(
    r"谅解|打扰|拜托|心声|万分感谢|感激|致敬|盼复|敬请|为感|盼星星|子民|信心|"
    r"健健康康|平平安安|顽强|句句属实|不当之处|心寒|寒心"
)
# 也可以缓解交通压力: what a wish would be good for, no further wish.
_GOOD_FOR = re.compile(r"^(?:这样)?(?:也|还|既)?(?:可以|可|能够?)?(?:提高|缓解|促进|提升|有利于|有助于|以此|以便|以免)")
_WHO_I_AM = re.compile(r"^(?:我们?是|本人(?:是|系)|我(?:叫|姓|家住)|作为|身为)[^，,]*$")
_GREETING = re.compile(r"^(?:尊敬的|各位|敬爱的)?[^，,。]{0,12}(?:您好|你好|领导好|大家好)[，,！!。]?")
CUT_OFF = re.compile(r"(?:…|\.{3,}|。{3,})$")


@dataclass(frozen=True, slots=True)
class Point:
    """A trouble, a request or a question. ``more`` are further sentences of the text on the same; ``subjects`` what all
    of them are about."""

    said: str
    more: tuple[str, ...]
    subjects: frozenset[str]


def points_of(text: str, most: int = LONGEST_POINTS) -> list[str]:
    """The points of a masked text in its words and order, none twice, ``most`` at most."""
    return [point.said for point in gathered(text)][:most]


def gathered(text: str, matter: frozenset[str] = frozenset()) -> list[Point]:
    """The points of a masked text, each with all that is said of it; one that is cut off (…) is none. ``matter`` are
    words known to be subjects."""
    points: list[Point] = []
    said = list(_said(text))
    telling = [each for each in said if each[1] or _kind(each[0])] or said
    told_at_length = len(telling) > SHORT_LETTER
    for sentence, numbered in telling:
        subjects = subjects_of(sentence) | {word for word in matter if word in sentence}
        at = None if numbered or not points else _same_point(points, sentence, subjects, told_at_length)
        if at is None:
            points.append(Point(sentence, (), subjects))
        else:
            one = points[at]
            points[at] = Point(one.said, (*one.more, sentence), one.subjects | subjects)
    return points[:LONGEST_POINTS]


def _same_point(points: Sequence[Point], sentence: str, subjects: frozenset[str], told_at_length: bool) -> int | None:
    """Which of the points a sentence only goes on about: one with a subject of its own; the last where it has none, and
    in a long letter where it only tells of it. A short question of its own kind is no going on."""
    if _ASKING.match(sentence) and not told_at_length:
        return None
    near = [at for at, point in enumerate(points) if same(subjects, point.subjects)]
    if near:
        return near[-1]
    calls = len(subjects) < CALLING and _CALL.search(sentence)
    if not subjects or calls or (told_at_length and (len(subjects) < TELLING or not _claims(sentence))):
        return len(points) - 1
    return None


def _claims(sentence: str) -> bool:
    """Whether a sentence asks for something or begins a further trouble, and does not only tell how it came."""
    return any(look.search(sentence) for look in (_REQUEST, QUESTION)) or bool(_FURTHER.match(sentence))


def _said(text: str) -> Iterator[tuple[str, bool]]:
    """Each sentence or part of one that says something, with whether it is a point of its own: the citizen numbered or
    listed it."""
    known: set[str] = set()
    for nth, piece in enumerate(_NUMBERED.split(text)):
        own = nth > 0
        for part in (part for sentence in SENTENCE.findall(piece) for part in _parted(sentence)):
            point = _GREETING.sub("", part.strip(_EDGES)).strip(_EDGES)
            if len(point) < SHORTEST_POINT or point in known or _says_nothing(point):
                continue
            known.add(point)
            first, *others = _listed(point)
            yield first, own
            yield from ((each, True) for each in others)
            own = False


def _listed(point: str) -> list[str]:
    items = point.split("、")
    troubles = [frozenset(_LISTED.findall(item)) for item in items]
    apart = all(troubles) and len(frozenset().union(*troubles)) == sum(map(len, troubles))
    return items if apart else [point]


def _kind(point: str) -> bool:
    """Whether it is a trouble, a request or a question."""
    if any(look.search(point) for look in (_EXCLAIMED, _FEELING, _GOOD_FOR, _WHO_I_AM)):
        return False
    return any(look.search(point) for look in (_REQUEST, QUESTION, _TROUBLE))


def _says_nothing(point: str) -> bool:
    return bool(_LEAD_IN.match(point) or _COURTESY.match(point) or CUT_OFF.search(point))


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
