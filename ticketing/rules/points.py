"""What a citizen asks for or complains of, point by point, as a reviewer and whoever calls back go through it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kernel.chinese import is_general_word, is_ordinary_word, tagged, words

PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}[-—]?\d{7,8}|12345|1\d{4}|400[-\d]{7,10})(?!\d)")
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
# 另外… is of something else, whatever words it shares with what was said before.
_ANEW = re.compile(r"另外|此外|其次|再有|再者|再就是|仲有|同埋")
_ASKING = re.compile(
    r"(?:请问|想问|想知道|什么时候|几时|何时|多久|多少钱|收费|(?:需要|要带|带).{0,2}(?:什么|哪些)|在哪|怎么(?:办理|申请|投诉|维权))"
)
_SUBJECTS_OF_THE_SAME = re.compile(
    r"^(?:我们?|你们?|他们?|她们?|(?:打|拨打)?电话|打了?.{0,4}|物业|部门|单位|现在|到现在|至今|一直|每次|自己|反映|投诉|大家|居民)"
)
# What a thing said is: something asked, something wished, something wrong. Each is looked for in this order.
_KINDS = (
    (
        "asks",
        re.compile(
            r"[?？]|怎么|怎样|如何|什么|多少|多久|几时|何时|为何|点解|点样|几多|吗|哪|请问|咨询|想问|想知道|想了解|有没有|是不是|"
            r"要不要|能否|可否|是否|能不能|可不可以|呢$"
        ),
    ),
    (
        "wishes",
        re.compile(
            r"希望|请(?!假|客)|请求|要求|恳请|恳求|建议|盼|求(?!助|学|职)|督促|应该|应当|尽快|尽早|麻烦|想(?!象|到)|申请"
        ),
    ),
    (
        "trouble",
        re.compile(
            r"不(?!仅|但|过|少|久|错|光|止)|没|冇|唔|无(?!论)|坏|漏|堵|吵|嘈|噪|臭|脏|乱|占|违|欠|拖|危|隐患|破|损|扰|污|塌|裂|断|倒|停|拒|"
            r"骗|强制|偷|烂|差|少|难|慢|黑|严重|超|贵|涨|高|排|堆|满|泄|异味|油烟|灰|尘|撞|摔|坑|松|爆|伸|追|闯|丢|失|亮|关门"
        ),
    ),
)
# 难道…, 天理何在: what somebody feels about it asks for nothing.
_FEELING = re.compile(r"难道|岂(?!有)|何在|凭什么|天理|良心|情何以堪|算什么")
# A letter of up to five things said lists troubles, each with a subject of its own a point; a longer one tells a story.
# Beyond three, what stands alone is about three subjects at least: fewer only go on about the same.
SHORT_LETTER, FEW_SAID, FEW_SUBJECTS = 5, 3, 3
_HAN = re.compile(r"[\u4e00-\u9fff]")
_SINGLE = re.compile(
    r"(?![的了着过地得是在和与及或而就都也又还很太把被给让从向到于对为以之其这那我你您他她它有没不会能要请吗呢吧啊个上下里去来说想做时人])[\u4e00-\u9fff]"
)
_PLACES = frozenset(
    {"路", "街", "大道", "道", "巷", "村", "镇", "区", "市", "县", "社区", "街道", "小区", "花园", "大厦"}
)
# Whom one writes to and how, where and when something is, and what is said of any trouble: no subject of a complaint.
_NO_SUBJECT = re.compile(
    r".{2,}(?:路|街|大道|巷|号|村|镇|区|市)|.*(?:天|月|年|晚上|夜间|白天)|\d.*|小区|门口|楼下|附近|旁边|希望|尽快|处理|解决|要求|投诉|反映|"
    r"有关|相关|部门|单位|政府|领导|现在|一直|至今|没有|时间|严重|影响|居民|业主|市民|群众|派人|维修|修复|更换|清理|已经|进行|"
    r"书记|县长|市长|市委|职能部门|老百姓|百姓|公道|说法|好心人|请问|谢谢|感谢|您好|答复|回复|依法|依规|督导|督查|督促|监管|重视|关注|"
    r"合法|合理|符合|如何|怎么|为什么|什么|哪里|哪些|多少|咨询|权益|不能|无法|有效|切实|查处|解决问题|彻底|尽早|早日|恳请|请求|"
    r"强烈要求|呼吁|先生|女士|小姐|工作人员|主持公道|弱势群体|市政府|政府部门|监管部门|当地政府|联系电话|具体内容|告知|职责|责任人|烦请|求助|支持|自己|这样|这么|这里|真的|知道|时候|一样|觉得|认为|为何|本人|家人|朋友|大家|我们"
)
# What a short question asks for, and what a reply that answers it holds: 需要带什么材料 ↔ 身份证原件.
ASKS: Sequence[tuple[re.Pattern[str], re.Pattern[str]]] = tuple(
    (re.compile(asked), re.compile(answer))
    for asked, answer in (
        (
            r"(?:什么|哪些)(?:材料|资料|证件|手续)",
            r"材料|资料|身份证|户口|证明|证书|复印件|原件|[^，。]{0,6}(?:表|合同)",
        ),
        (
            r"什么时候|哪天|几号|何时|多久|多长时间|截止|期限",
            r"\d{1,2}月\d{1,2}日|\d{4}年|\d+个?(?:工作日|小时|天|个月)|月底|年底|当日|次日|\d{1,2}[:：时点]",
        ),
        (r"多少钱|收费|费用|价格", r"\d+(?:\.\d+)?元|免费|不收费|不收取"),
        (r"在哪|哪里|哪儿|地址|地点", r"(?:路|街|道|巷)[^，。]{0,8}号|中心|大厅|窗口|站点|小程序|网站"),
        (
            r"(?:怎么|如何|怎样)(?!还|又|会|这|那|就|回事|都|老|总|没|不)",
            r"通过|登录|拨打|携带|到[^，。]{2,16}(?:办理|申请)|步骤|流程|小程序|平台",
        ),
        (r"电话|联系方式", PHONE.pattern),
    )
)
# Troubles that are listed as nouns: 噪音、油烟和占道. A reply tells of each of them.
_LISTED = (
    r"(?:噪音|噪声|油烟|异味|臭味|垃圾|污水|积水|占道|乱停放?|扬尘|粉尘|漏水|停水|停电|路灯|井盖|蚊虫|老鼠|电梯|消防|"
    r"绿化|停车|收费)"
)
_LIST = re.compile(rf"{_LISTED}[^，,。；、]{{0,4}}(?:[、和及与跟同][^，,。；、]{{0,4}}{_LISTED}[^，,。；、]{{0,4}})+")
_ITEM = re.compile(_LISTED)
# So many short clauses in a row, each of another thing, are a list of troubles: 路灯坏了，垃圾没人清，井盖松动.
PARALLEL, SHORT_CLAUSE = 3, 12


@dataclass(frozen=True, slots=True)
class Point:
    """One thing a citizen asks for or complains of, in their words; ``subjects`` are the words that tell what it is
    about, also of what they say of it elsewhere."""

    text: str
    subjects: frozenset[str]


def points_of(text: str, most: int = LONGEST_POINTS) -> list[str]:
    """The points of a masked text in its words and order, none twice, ``most`` at most."""
    return [point.text for point in points_in(text)[:most]]


def points_in(text: str) -> list[Point]:
    """Troubles, requests and questions, each thing once: what is said of it further is part of it, and who somebody is,
    what they feel and how long they have waited is no point. A text that has none of these is one point."""
    pieces = [_Piece(said, begins) for said, begins in _pieces(text)]
    telling = [each for each in pieces if each.kind]
    weak = FEW_SUBJECTS if len(telling) > FEW_SAID else 1
    found: list[list[_Piece]] = []
    for piece in telling:
        same = next((point for point in found if any(each.subjects & piece.subjects for each in point)), None)
        if piece.asks_its_own or (piece.subjects and _ANEW.match(piece.text)):
            same = None
        elif same is None and found and not piece.stands_alone(weak, short=len(telling) <= SHORT_LETTER):
            same = found[-1]
        if same is None:
            found.append([piece])
        else:
            same.append(piece)
    points = [_point(each) for each in _without_a_weak_start(found, weak)]
    return points or [Point(each.text, each.subjects) for each in pieces[:1]]


class _Piece:
    """A sentence, or what begins anew in one: what kind of thing it says and what about."""

    def __init__(self, text: str, begins: bool) -> None:
        self.text = text
        self.begins = begins
        self.subjects = subjects_of(text)
        self.kind = "" if _FEELING.search(text) else next((kind for kind, cue in _KINDS if cue.search(text)), "")
        self.asks_its_own = self.kind == "asks" and any(asked.search(text) for asked, _ in ASKS)

    def stands_alone(self, weak: int, *, short: bool) -> bool:
        """Whether it is a point though nothing is like it: in a long letter a further trouble only goes on telling."""
        return len(self.subjects) >= weak and (short or self.begins or self.kind != "trouble")


def _without_a_weak_start(found: list[list[_Piece]], weak: int) -> list[list[_Piece]]:
    """What only leads to the first point belongs to it."""
    if len(found) < 2 or found[0][0].asks_its_own or len(_subjects(found[0])) >= weak:
        return found
    return [[*found[1], *found[0]], *found[2:]]


def _point(pieces: list[_Piece]) -> Point:
    most = max(pieces, key=lambda each: len(each.subjects))
    leading = pieces[0] if len(pieces[0].subjects) >= min(2, len(most.subjects)) else most
    return Point(leading.text, _subjects(pieces))


def _subjects(pieces: list[_Piece]) -> frozenset[str]:
    return frozenset[str]().union(*(each.subjects for each in pieces))


def subjects_of(text: str) -> frozenset[str]:
    """The words of a text that name what it is about: none that stands in any letter, no place, no time."""
    cut = words(text)
    # 同济 of 同济路 is where, not what.
    names = {word for word, after in pairwise(cut) if after in _PLACES}
    # 占 and 道 stand side by side where the dictionary has no 占道, and 路 of 路灯 where it has 灯不亮.
    joints = [(one, other) for one, other in pairwise(cut) if _HAN.search(one) and _HAN.search(other)]
    across = {one[-1] + other[0] for one, other in joints}
    paired = [one + other for one, other in joints if _SINGLE.fullmatch(one) and _SINGLE.fullmatch(other)]
    paired += [pair for pair in across if is_ordinary_word(pair)]
    return frozenset(
        word
        for word in (*cut, *paired)
        if len(word) > 1
        and _HAN.search(word)
        and word not in names
        and not is_general_word(word)
        and not _NO_SUBJECT.fullmatch(word)
    )


def _pieces(text: str) -> list[tuple[str, bool]]:
    """What is said, none twice, each with whether it is numbered or begins a further point."""
    said: dict[str, bool] = {}
    numbered = _NUMBERED.split(text)
    for number, part in enumerate(numbered):
        for at, sentence in enumerate(SENTENCE.findall(part)):
            for clause, parted in enumerate(_parted(sentence)):
                point = parted.strip(" ，,。；;、：:\n")
                if len(point) >= SHORTEST_POINT and not _says_nothing(point):
                    first = len(numbered) > 2 and number > 0 and at == clause == 0
                    said.setdefault(point, first or clause > 0 or bool(_FURTHER.match(point)))
    return list(said.items())


def _says_nothing(point: str) -> bool:
    return bool(_LEAD_IN.match(point) or _COURTESY.match(point))


def listed_in(point: str) -> tuple[str, ...]:
    """The troubles a point lists as nouns; none where it names one alone."""
    return tuple(dict.fromkeys(item for listed in _LIST.findall(point) for item in _ITEM.findall(listed)))


def _parted(sentence: str) -> Iterator[str]:
    """A sentence where a further point begins in it."""
    clauses = _CLAUSE.findall(sentence)
    listed = _in_a_row([_names_a_trouble(clause, first=not at) for at, clause in enumerate(clauses)])
    point = ""
    for clause, in_list in zip(clauses, listed, strict=True):
        if point and (in_list or _begins(clause)):
            yield point
            point = ""
        point += clause
    yield point


def _begins(clause: str) -> bool:
    said = clause.strip()
    if _ASKING.match(said):
        return True
    return bool(_FURTHER.match(said)) and not _SUBJECTS_OF_THE_SAME.match(said)


def _names_a_trouble(clause: str, *, first: bool) -> bool:
    """A short clause that begins with a thing, but for the ``first``, and says what is wrong with it."""
    said = clause.strip("，, ")
    if len(said) > SHORT_CLAUSE or not _KINDS[-1][1].search(said):
        return False
    if first:
        return True
    if _SUBJECTS_OF_THE_SAME.match(said):
        return False
    word, tag = next(iter(tagged(said)), ("", ""))
    return tag.startswith("n") and not is_general_word(word)


def _in_a_row(flags: Sequence[bool]) -> list[bool]:
    """Those of ``flags`` that stand with so many others that they are a list."""
    row, kept = 0, [False] * len(flags)
    for at, flag in enumerate(flags):
        row = row + 1 if flag else 0
        if row >= PARALLEL:
            kept[at - row + 1 : at + 1] = [True] * row
    return kept
