"""Finds the parts of a ticket that are no single stretch: place, name, wishes, the vote; as said."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.rules.view import View
from directory.model import PlaceHit
from kernel.numerals import digits

FindPlaces = Callable[[str], Sequence[PlaceHit]]

_SURNAME = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石"
    "廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤麦区霍冼劳关招岑简招温伍欧庞植甘"
)
_NAME = re.compile(
    rf"(?:我|本人|免贵)?(?:姓(?P<surname>[{_SURNAME}])(?P<title>先生|女士|小姐|太太|生|师傅|老师)?"
    rf"|(?:我叫|我名叫|我的名字是|名字叫|姓名[:：是]?|我个名叫|本人叫)\s*(?P<full>[{_SURNAME}][\u4e00-\u9fff]{{1,2}}?)(?=[，,。.！!；;、\s]|$|电话|手机|住|是|先生|女士))"
)
_TITLES = {"生": "先生"}
_SECRET = re.compile(
    r"保密|不要(?:公开|泄露|透露)|唔好(?:公开|讲俾人知|泄露)|别(?:公开|泄露|透露)|怕(?:被)?(?:打击)?报复"
)
_ANONYMOUS = re.compile(r"匿名|不(?:想|愿|方便)(?:透露|留|说|提供)(?:姓名|名字|身份|个人信息)|唔想(?:留|讲)(?:名|身份)")
_NO_ANONYMOUS = re.compile(r"不(?:用|需要|要)?匿名|实名")
_NO_CONTACT = re.compile(
    r"(?:不|唔|别|冇|没|先不)(?:想|愿意?|方便|用|需要|使|要|必)?(?:再)?(?:留|提供|给|俾|填|透露|说)(?:任何)?(?:下)?(?:我的?)?"
    r"(?:电话|手机|号码|联系方式|联络方式)?|没(?:有)?(?:电话|手机)|冇电话|^(?:不用了?|不了|不留|唔使|唔留|跳过|无|没有|匿名|保密|算了)$"
)
_TAIL = re.compile(
    r"(?:[\s的]*(?:[0-9０-９A-Za-z一二三四五六七八九十百]+(?:号(?!线)(?:楼|院|店)?|栋|座|幢|楼|室|房|单元|巷|弄|街|铺|期|区|路口|米)"
    r"|(?:小区|花园|花苑|公寓|大厦|广场|公园|市场|学校|小学|中学|幼儿园|医院|工业区|工业园|村|社区|路口|路段|门口|大门|对面|对出|附近|旁边?|隔篱|后面|"
    r"前面|楼下|楼顶|里面|内|交界处?|交叉口|红绿灯|天桥底?|地铁站|公交站|[东南西北][门侧段面])))+"
)
_NOT_OF_A_NAME = (
    "我你您他她它这那哪某个条段整些要想们有没无被把从到向往在于是的了和与及或"
    "投诉举报反映请求住旧老边旁附近隔壁门口楼下上里外什么乜啥"
)
_OF_A_NAME = rf"[^\W\d_{_NOT_OF_A_NAME}]"
_UNKNOWN_ROAD = re.compile(
    rf"(?P<name>{_OF_A_NAME}{{2,4}}(?:大道|(?<![跑走修问思堵半出上线道马让带拦占铺开绕])路(?![灯面边口上人过程由])|街(?![道坊边灯])|"
    r"小区|花园|花苑|广场|公园|大厦|市场|小学|中学|医院|工业园|工业区)(?:[0-9]+号)?)"
)
_SCORES = (
    (
        re.compile(r"非常(?:不|唔)满意|十分不满意|很不满意|极不满意|好唔满意|[一1]颗?(?:星|分(?!钟))"),
        "very_dissatisfied",
    ),
    (re.compile(r"(?:不|唔)(?:太|大|够)?满意|差评|[二2]颗?(?:星|分(?!钟))"), "dissatisfied"),
    (re.compile(r"基本满意|一般|[三3]颗?(?:星|分(?!钟))|中评"), "basically_satisfied"),
    (re.compile(r"非常满意|十分满意|很满意|好满意|[五5]颗?(?:星|分(?!钟))"), "very_satisfied"),
    (re.compile(r"满意|好评|[四4]颗?(?:星|分(?!钟))"), "satisfied"),
)


@dataclass(frozen=True, slots=True)
class Where:
    """A place as said, the area it means, and whether one may go by it; empty when none was named."""

    text: str = ""
    area: str = ""
    town: str = ""
    district: str = ""
    certain: bool = False


def where_in(text: str, find: FindPlaces) -> Where:
    """The place ``text`` names first with certainty, down to its door as said."""
    view = View.of(text)
    hits = [hit for hit in find(view.text) if 0 <= hit.start < hit.end <= len(view.text)]
    if not hits:
        return Where()
    best = max(hits, key=lambda h: (h.certain and bool(h.town), h.certain, bool(h.town), -hits.index(h)))
    same = [hit for hit in hits if _in_one_clause(view.text, hit, best)]
    start, end = min(hit.start for hit in same), max(hit.end for hit in same)
    tail = _TAIL.match(view.text, end)
    said = view.told(start, tail.end() if tail else end)
    return Where(said, best.area, best.town, best.district, best.certain)


def looks_like_phone(text: str) -> bool:
    """Whether something was meant to be a number, though it is none."""
    return len(re.sub(r"[^0-9]", "", digits(text))) >= 5


def name_in(text: str) -> str:
    """The name somebody gives themselves; empty when they do not."""
    view = View.of(text)
    found = _NAME.search(view.text)
    if found is None:
        return ""
    title = found["title"] or ""
    return view.told(*found.span("full" if found["full"] else "surname")) + _TITLES.get(title, title)


def wants_secrecy(text: str) -> bool:
    """Whether who they are is to stay secret."""
    return bool(_SECRET.search(text))


def wants_anonymity(text: str) -> bool:
    """Whether they do not want to say who they are."""
    return bool(_ANONYMOUS.search(text)) and not _NO_ANONYMOUS.search(text)


def declines_contact(text: str) -> bool:
    """Whether they will not be called."""
    return bool(_NO_CONTACT.search(text.strip(" 。.！!，,")))


def score_in(text: str) -> str:
    """The vote in the text, as a value of ticketing's Score; empty without one."""
    return next((score for pattern, score in _SCORES if pattern.search(text)), "")


def unknown_place_in(text: str) -> str:
    """What sounds like a road or an estate though the directory knows none such; empty without one."""
    view = View.of(text)
    found = _UNKNOWN_ROAD.search(view.text)
    return view.told(*found.span("name")) if found else ""


def _in_one_clause(text: str, one: PlaceHit, other: PlaceHit) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return not re.search(r"[，。！？；,!?;\n]", between) and len(between) <= 12
