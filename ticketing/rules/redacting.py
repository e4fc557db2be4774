"""What in a report tells who made it, and who it is about: spans with their kind and how sure that is.

A text comes masked already; what a mask leaves of a number or a name still tells it to people who know the person, so
it goes too. Doubtful spans stay hidden until a person has decided about them.
"""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

from kernel.labels import Labelled
from kernel.masking import COMPOUND_SURNAMES
from kernel.person_names import SURNAMES, is_name_and_no_word
from kernel.privacy import find_personal
from ticketing.rules.foreign import foreign_parts
from ticketing.rules.selftelling import telling
from ticketing.rules.unnaming import unnamed


class SpanKind(Labelled):
    """What a span tells."""

    NUMBER = "number", "号码、账号或姓名"
    FAMILY = "family", "家人亲友"
    HOME = "home", "住处"
    WORK = "work", "身份、工作或就读"
    BADGE = "badge", "工号等编号"
    FOREIGN = "foreign", "外文内容"
    CONTEXT = "context", "可推断身份的细节"
    ACCUSED = "accused", "被反映人"


class Certainty(Labelled):
    """How sure a span is."""

    SURE = "sure", "确定"
    DOUBTFUL = "doubtful", "待核定"


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end] == value``."""

    kind: SpanKind
    certainty: Certainty
    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """One pattern; its group ``value``, if it has one, is the span."""

    kind: SpanKind
    certainty: Certainty
    pattern: re.Pattern[str]
    accept: Callable[[re.Match[str]], bool] = lambda _found: True


@dataclass(frozen=True, slots=True)
class Veil:
    """How a reader sees the texts of a ticket: ``hides`` nothing of those that are no secret to them. ``name`` and
    ``phone`` are the requester's, hidden wherever they stand."""

    hides: bool = False
    accepted: frozenset[str] = frozenset()
    sees_accused: bool = False
    refused: frozenset[str] = frozenset()
    name: str = ""
    phone: str = ""

    def over(self, text: str) -> str:
        """The text as the reader may see it."""
        if not self.hides:
            return text
        text = redacted(text, self.accepted, refused=self.refused, sees_accused=self.sees_accused)
        return unnamed(text, self.name, self.phone)

    def over_note(self, text: str) -> str:
        """What staff wrote of the ticket, as the reader may see it."""
        if not self.hides:
            return text
        return unnamed(redacted_note(text, sees_accused=self.sees_accused), self.name, self.phone)


HIDDEN = "〔举报人信息已隐去〕"
WAITING = "〔待核定，暂不显示〕"
PARTLY_WAITING = "〔举报人信息已隐去，部分待核定〕"
ACCUSED_HIDDEN = "〔被反映人已隐去〕"
_MARK = re.compile("|".join(map(re.escape, (HIDDEN, WAITING, PARTLY_WAITING, ACCUSED_HIDDEN))))

_BETWEEN = re.compile(r"[\s，、；：。！？,.;:!?“”\"（）()…—]*")

# A clause ends here; a dot inside a number or an address does not end it.
_END = r"，。！？；,!?;\n"
_REST = rf"[^{_END}]*"
_HAN = "\u4e00-\u9fff"
_I = r"(?:我们|我哋|我地|我|俺|本人|咱们|咱|鄙人)"
_OWN = r"(?:嘅|既|的)?"
_STILL = r"(?:自己|本来|现在|目前|一直|平时|以前|之前|曾经|曾|原来|原|也|就|都|正好|刚好|刚|才|而家|已经|同时)*"
_KIN = (
    r"(?:阿|老)?(?:妈|母亲|娘(?!们)|爸|父亲|爹|爷|奶奶|外公|外婆|公公|婆婆|岳父|岳母|丈母娘|老公|老婆|丈夫|妻子|爱人|太太|"
    r"前夫|前妻|先生|男朋友|女朋友|男友|女友|对象|儿子|女儿|仔|囡|女(?![的性])|孩子|小孩|细路|娃|孙子|孙女|外孙|哥|姐|弟|妹|"
    r"兄弟|姐妹|(?:堂|表)(?:哥|姐|弟|妹|兄|嫂|叔|伯)|大伯|伯|叔|舅|姑|姨|婶|嫂|嫂子|姐夫|妹夫|侄|外甥|亲戚|屋企人|家人|室友|舍友|同屋|闺蜜|"
    r"朋友|同事|同学|战友|工友|徒弟|师傅)"
)
_AT_HOME = r"(?:家|屋企|屋|住|租|宿舍|房(?!产证)|单位楼|店|铺|档口|摊位|门口|楼上|楼下|隔壁|隔篱|隔籬|院子|阳台|井)"
_IS = r"(?:是|係|系|喺|作为|身为|属于|姓|在|做)"
# 我是想问, 我在网上看到: what people say before they come to the point, and not of themselves.
_NOT_ABOUT_ME = (
    r"(?!想|要|来|為|为了|在说|说|讲|問|问|不|唔|昨|今|前天|刚刚|看到|见到|听|觉得|认为|希望|怕|担心|通过|从|"
    r"网上|网络|新闻|抖音|朋友圈|路过|路上|现场|这里|这边|那边|呢度|嗰度|此|電視|电视|对的|没|冇|真)"
)
_DOING = (
    r"(?:离职|辞职|上班|上夜班|返工|返夜班|打工|入职|任职|做工|做嘢|兼职|实习|读书|就读|住院|看病|打针|开刀|"
    r"送货|值班|经手|经办|负责|做过|干过|干了|做了|做咗|提醒过|举手|签过字|管账|管仓)"
)
_TITLES = (
    r"(?:先生|女士|小姐|太太|老板|老闆|经理|总经理|厂长|店长|队长|组长|主任|书记|村长|会计|局长|所长|处长|科长|院长|校长|园长|"
    r"老师|教练|医生|护士|警官|律师|师傅|工头|包工头|董事长|总监|主管|法人)"
)
_PAUSE = rf"(?=$|[{_END}、\s：:（(）)“”]|的|在|把|被|他|她|及|和|与|每|长期|利用|一直|经常|拖欠|收)"


def _rule(
    kind: SpanKind,
    certainty: Certainty,
    pattern: str,
    accept: Callable[[re.Match[str]], bool] = lambda _found: True,
) -> _Rule:
    return _Rule(kind, certainty, re.compile(pattern), accept)


def _is_person(found: re.Match[str]) -> bool:
    name = found.group("value")
    return name[:2] in COMPOUND_SURNAMES or (name[0] in SURNAMES and is_name_and_no_word(found))


_SURE, _DOUBT = Certainty.SURE, Certainty.DOUBTFUL
# What a mask has left: 138****5678, 黄*强, 粤E***45, *栋***室, z***@example.com.
MASKED = (
    rf"(?:[{_HAN}]?[A-Z][0-9A-Z]{{0,20}}|[0-9A-Za-z_.\-]{{1,64}}|[{_HAN}])?\*+"
    rf"(?:[*0-9A-Za-z@_.\-]|转(?=[0-9])|[栋棟幢座单元梯楼樓层室房号號之])*(?:(?<=\*)[{_HAN}])?"
)
_RULES = (
    _rule(SpanKind.NUMBER, _SURE, MASKED),
    _rule(
        SpanKind.BADGE,
        _SURE,
        r"(?:(?:我们|我|俺|本人)(?:嘅|的)?)?(?:工号|员工号|员工编号|工牌号?|厂牌号?|学号|准考证号?|会员号|病历号|住院号|社保号|工单号|受理号|案件编号|"
        r"微信号?|薇信|[vV]信|QQ号?|抖音号|快手号)[\s是为係系:：]{0,3}[0-9A-Za-z][0-9A-Za-z_\-]{2,}",
    ),
    _rule(
        SpanKind.NUMBER,
        _SURE,
        rf"(?:联系人|举报人|投诉人|来电人|反映人|本人姓名|我姓名)(?P<value>[{_HAN}]{{2,4}}?){_PAUSE}",
        _is_person,
    ),
    # Staff write of whoever reports as of another: 来电人是对面水果店老板娘, 举报人家住3栋.
    _rule(
        SpanKind.CONTEXT,
        _SURE,
        r"(?:举报|来电|投诉|诉求|反映|来访|报料|申诉|当事)(?:人|者)(?:〔诉求人〕)?(?:本人|自己|自称|称|说|讲)?(?:其|他|她)?"
        r"(?:就|原|曾|曾经|之前|现|一直)?(?P<value>(?:是|系|为|住|家住|家在|在|租|姓|叫|名叫|来自|做过|经营|开)"
        + _REST
        + ")",
        lambda found: (
            not found.group("value").startswith(("为了", "为何", "为什么", "在线", "在等", "是否", "叫停", "开口"))
        ),
    ),
    _rule(
        SpanKind.BADGE, _DOUBT, r"(?:订单号|订单编号|快递单号|单号|床号|桌号|座位号)[\s是为:：]{0,3}[0-9A-Za-z\-]{3,}"
    ),
    _rule(SpanKind.FAMILY, _SURE, rf"{_I}{_OWN}(?:和|同|跟|与)?{_OWN}{_KIN}{_REST}"),
    _rule(SpanKind.HOME, _SURE, rf"{_I}{_OWN}{_STILL}(?:和[{_HAN}]{{0,6}})?{_AT_HOME}{_REST}"),
    _rule(SpanKind.HOME, _SURE, rf"(?:(?<=[{_END}])|^)(?:我)?(?:家住|现住|住喺|住在|住址[是:：]?){_REST}"),
    _rule(SpanKind.HOME, _SURE, rf"{_I}{_OWN}(?:车|電動車|电动车|车牌|车位|摊|地|田|鱼塘|果园){_REST}"),
    _rule(SpanKind.WORK, _SURE, rf"{_I}{_STILL}{_IS}{_NOT_ABOUT_ME}{_REST}"),
    _rule(SpanKind.WORK, _SURE, rf"(?:作为|身为)[^{_END}]{{1,12}}?{_I}{_REST}"),
    _rule(SpanKind.WORK, _SURE, rf"{_I}[^{_END}]{{0,12}}?{_DOING}{_REST}"),
    # 每周二送一次 after 我是送货的: what goes on about oneself without saying 我 again.
    _rule(
        SpanKind.CONTEXT,
        _DOUBT,
        rf"(?:{_I}{_STILL}{_IS}|{_I}{_OWN}{_KIN}|{_I}[^{_END}]{{0,8}}?{_DOING})[^{_END}]{{0,60}}[，,]"
        rf"(?P<value>(?:每周|每个?星期|逢|去年|前年|今年|旧年|上个?月|上周|上星期|刚|才|先|就|至今|已经|工龄|那天){_REST})",
    ),
    _rule(
        SpanKind.CONTEXT,
        _DOUBT,
        rf"{_I}{_OWN}{_KIN}[^。！？!?\n]{{0,40}}?[，,](?P<value>(?:她|他|佢)(?:们|哋)?(?:就|本来|以前|现在)?(?:是|係|系|在|喺|做){_REST})",
    ),
    _rule(SpanKind.CONTEXT, _DOUBT, rf"[^{_END}]{{0,8}}{_I}(?:亲眼|亲手|亲自|见过|睇过|亲历|当时就在){_REST}"),
    _rule(
        SpanKind.CONTEXT,
        _DOUBT,
        rf"(?:(?<=[{_END}])|^){_I}(?:被(?:他|她|佢|老板|公司|他们)|跟(?:他|她|佢)|同佢|认识){_REST}",
    ),
    _rule(SpanKind.CONTEXT, _DOUBT, rf"(?:只有|得|就)(?:{_I}|一个人)(?:一个|自己)?(?:知道|知|见到|看见|清楚){_REST}"),
    _rule(
        SpanKind.ACCUSED,
        _SURE,
        rf"(?:投诉|举报|检举|控告|反映|找到?|老板|经理|书记|主任|村长|厂长|队长|校长|园长|司机|包工头|负责人|法人)"
        rf"(?:叫|是|名叫|为|[:：])?(?P<value>[{_HAN}]{{2,4}}?)(?:{_TITLES}|{_PAUSE})",
        _is_person,
    ),
    _rule(SpanKind.ACCUSED, _SURE, rf"(?P<value>[{''.join(sorted(SURNAMES))}][{_HAN}]{{1,2}}){_TITLES}", _is_person),
    _rule(SpanKind.ACCUSED, _SURE, rf"(?:叫做?|名叫|名字是|外号|人称)(?P<value>[{_HAN}]{{2,4}}?){_PAUSE}", _is_person),
)
# The stronger label of a character wins: who reports before who is reported.
_WEIGHT = {
    (kind, certainty): (kind is SpanKind.ACCUSED, certainty is _DOUBT, place)
    for place, kind in enumerate(SpanKind)
    for certainty in Certainty
}


def find(text: str) -> list[Span]:
    """The spans of ``text`` from left to right, never overlapping."""
    return _spans(text, _candidates(text))


def _spans(text: str, candidates: Iterable[tuple[tuple[SpanKind, Certainty], int, int]]) -> list[Span]:
    labels: list[tuple[SpanKind, Certainty] | None] = [None] * len(text)
    for label, start, end in candidates:
        for at in range(start, end):
            known = labels[at]
            if known is None or _WEIGHT[label] < _WEIGHT[known]:
                labels[at] = label
    return list(_runs(text, labels))


def redacted(
    text: str, accepted: Collection[str] = (), *, refused: Collection[str] = (), sees_accused: bool = False
) -> str:
    """The text as a unit may read it: ``accepted`` are doubtful spans a person has let pass, ``refused`` those that
    stay hidden for good; ``sees_accused`` tells that the reader is the body competent to act against who is reported.
    Hidden spans with nothing but stops between them are one mark."""
    pieces: list[str] = []
    end, mark = 0, ""
    for start, stop, instead in _hidden(text, accepted, refused, sees_accused=sees_accused):
        between = text[end:start]
        if mark and _BETWEEN.fullmatch(between) and ACCUSED_HIDDEN not in {mark, instead}:
            mark = pieces[-1] = mark if mark == instead else PARTLY_WAITING
        else:
            mark = instead
            pieces += [between, mark]
        end = stop
    return "".join(pieces) + text[end:]


def redacted_note(text: str, *, sees_accused: bool = False) -> str:
    """What staff wrote of a secret ticket, as others may read it: the marks of who made it go. That an I stands in it
    tells nothing: it is the writer's own, and nobody decides about what waits in a note."""
    pieces, end = [], 0
    for span in _spans(text, _marked(text)):
        if span.kind is SpanKind.ACCUSED and sees_accused:
            continue
        pieces += [text[end : span.start], ACCUSED_HIDDEN if span.kind is SpanKind.ACCUSED else HIDDEN]
        end = span.end
    return "".join(pieces) + text[end:]


def _hidden(
    text: str, accepted: Collection[str], refused: Collection[str], *, sees_accused: bool
) -> Iterator[tuple[int, int, str]]:
    for span in find(text):
        if is_accepted(span, accepted):
            # Whose name stands in words let pass is another question.
            for start, end in () if sees_accused else _accused_in(text, span):
                yield start, end, ACCUSED_HIDDEN
        elif span.kind is not SpanKind.ACCUSED:
            waits = span.certainty is Certainty.DOUBTFUL and span.value not in refused
            yield span.start, span.end, WAITING if waits else HIDDEN
        elif not sees_accused:
            yield span.start, span.end, ACCUSED_HIDDEN


def _accused_in(text: str, span: Span) -> Iterator[tuple[int, int]]:
    end = span.start
    for start, stop in sorted(at for (kind, _), *at in _candidates(text) if kind is SpanKind.ACCUSED):
        if max(start, end) < min(stop, span.end):
            yield max(start, end), min(stop, span.end)
            end = min(stop, span.end)


def around(text: str, span: Span, many: int) -> tuple[str, str]:
    """So many characters before and after a doubtful span, without what surely tells whose it is."""
    left, right = max(0, span.start - many), span.end + many
    sure = [s for s in find(text) if s.certainty is Certainty.SURE and s.kind is not SpanKind.ACCUSED]
    return _hiding(text, left, span.start, sure), _hiding(text, span.end, right, sure)


def _hiding(text: str, start: int, end: int, spans: Iterable[Span]) -> str:
    pieces = []
    for span in spans:
        if max(start, span.start) < min(end, span.end):
            pieces += [text[start : max(start, span.start)], HIDDEN]
            start = min(end, span.end)
    return "".join(pieces) + text[start:end]


def without_marks(text: str) -> str:
    """A redacted text without what stands where something was hidden."""
    return _MARK.sub("", text)


def is_accepted(span: Span, accepted: Collection[str]) -> bool:
    """Whether a person has let a doubtful span pass."""
    return span.certainty is Certainty.DOUBTFUL and span.value in accepted


def doubtful(text: str) -> list[Span]:
    """What a person has to decide about."""
    return [span for span in find(text) if span.certainty is Certainty.DOUBTFUL]


def _candidates(text: str) -> Iterator[tuple[tuple[SpanKind, Certainty], int, int]]:
    yield from _marked(text)
    for start, end in telling(text):
        yield (SpanKind.CONTEXT, Certainty.DOUBTFUL), start, end
    # No rule reads another language: all of it waits.
    for start, end in foreign_parts(text):
        yield (SpanKind.FOREIGN, Certainty.DOUBTFUL), start, end


def _marked(text: str) -> Iterator[tuple[tuple[SpanKind, Certainty], int, int]]:
    """What gives somebody away by its own words, whoever wrote the text."""
    for found in find_personal(text):
        yield (SpanKind.NUMBER, Certainty.SURE), found.start, found.end
    for rule in _RULES:
        group: str | int = "value" if "value" in rule.pattern.groupindex else 0
        for match in rule.pattern.finditer(text):
            if match.end(group) > match.start(group) and rule.accept(match):
                yield (rule.kind, rule.certainty), match.start(group), match.end(group)


def _runs(text: str, labels: list[tuple[SpanKind, Certainty] | None]) -> Iterator[Span]:
    start = 0
    while start < len(text):
        label, end = labels[start], start + 1
        while end < len(text) and labels[end] == label:
            end += 1
        if label is not None:
            yield Span(*label, start, end, text[start:end])
        start = end
