"""Finds the parts of a ticket in what a citizen writes: place, time, telephone, name, wishes, numbers; as said."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from directory.model import PlaceHit
from kernel.errors import Invalid
from kernel.numerals import digits
from kernel.privacy import phone

FindPlaces = Callable[[str], Sequence[PlaceHit]]

_NUM = r"[0-9零〇一二两三四五六七八九十几]+"
_DAY = (
    rf"(?:大前天|前天|前日|昨天|昨日|寻日|琴日|今天|今日|明天|当天|昨晚|琴晚|寻晚|前晚|今晚|今早|今朝|昨夜|"
    rf"(?:上上|上|这|本|今|呢)个?(?:星期|礼拜|周)(?:[一二三四五六日天末])?|(?:星期|礼拜|周)[一二三四五六日天末]|周末|"
    rf"(?:上上|上|这|本|今|呢)个?月(?:初|中|底)?(?:{_NUM}[日号])?|(?:去年|今年|前年|旧年)(?:{_NUM}月)?(?:份|初|底)?(?:{_NUM}[日号])?|"
    rf"[0-9]{{4}}年(?:{_NUM}月(?:份)?(?:{_NUM}[日号])?)?|{_NUM}月{_NUM}[日号]|{_NUM}月份|[0-9]{{4}}[-/.][0-9]{{1,2}}[-/.][0-9]{{1,2}}|"
    rf"(?:{_NUM}|半)(?:个|多)*(?:小时|钟头|钟|天|日|星期|礼拜|周|月|年)(?:以?前|之前|来|多来)|(?:刚刚|刚才|啱啱|头先|现在|而家|依家|目前|最近|近日|近期)|"
    rf"(?:每|逢|成)(?:天|日|晚|晚上|夜|周|个?星期|个?月|到?周末)(?!价)|(?:天天|晚晚|夜夜|日日)|长期|一直以来|半夜|深夜|凌晨)"
)
_PART = r"(?:上午|下午|早上|早晨|朝早|晏昼|中午|傍晚|晚上|夜晚|晚黑|凌晨|半夜|深夜|夜里|晚间|早|晚)"
_CLOCK = rf"(?:{_NUM}[点时](?:钟|半|整|{_NUM}分?)?(?:多|左右)?|[0-9]{{1,2}}[:：][0-9]{{2}})"
_SPAN = rf"(?:\s*(?:到|至|-|~|—)\s*(?:次日|第二天)?{_PART}?{_CLOCK})"
_TIME = re.compile(
    rf"(?:{_DAY}的?(?:{_PART})?(?:{_CLOCK}{_SPAN}?)?|{_PART}{_CLOCK}{_SPAN}?|{_PART}的?时候)(?:以后|之后|开始|左右|前后|起)?"
)
_LASTED = re.compile(
    rf"(?:已经|已|都|持续|连续)?(?:有)?(?:{_NUM}|半|好几|成)(?:个|多)*(?:小时|钟头|天|日|晚|星期|礼拜|周|月|年)(?:多|了|喇|有余)+"
)

_PHONE = re.compile(
    r"(?<![0-9A-Za-z])(?:\+?(?:00)?86[\s-]?)?(?:1[3-9][0-9](?:[\s-]?[0-9]{4}){2}|0[0-9]{2,3}[\s-]?[0-9]{7,8}|[+][0-9][0-9\s-]{7,16})(?![0-9])"
)
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
_TICKET = re.compile(
    r"(?<![0-9A-Za-z])(?:[A-Za-z]{1,4}-?[0-9]{6,}(?:-[0-9]+)?|[0-9]{8}-?[0-9]{4,8}|[0-9]{8}-[0-9A-Za-z]{3,8})(?![0-9A-Za-z])"
)
_CODE = re.compile(r"(?<![0-9A-Za-z])[2-9A-HJKMNP-Za-hjkmnp-z]{6}(?![0-9A-Za-z])")
_TAIL = re.compile(
    r"(?:[\s的]*(?:[0-9０-９A-Za-z一二三四五六七八九十百]+(?:号(?!线)(?:楼|院|店)?|栋|座|幢|楼|室|房|单元|巷|弄|街|铺|期|区|路口|米)"
    r"|(?:小区|花园|花苑|公寓|大厦|广场|公园|市场|学校|小学|中学|幼儿园|医院|工业区|工业园|村|社区|路口|路段|门口|大门|对面|对出|附近|旁边?|隔篱|后面|"
    r"前面|楼下|楼顶|里面|内|交界处?|交叉口|红绿灯|天桥底?|地铁站|公交站|[东南西北][门侧段面])))+"
)
_NOT_OF_A_NAME = (
    "我你您他她它这那哪某个条段整些要想们有没无被把从到向往在于是的了和与及或"
    "投诉举报反映请求住旧老边旁附近隔壁门口楼下上里外"
)
_OF_A_NAME = rf"[^\W\d_{_NOT_OF_A_NAME}]"
_UNKNOWN_ROAD = re.compile(
    rf"(?P<name>{_OF_A_NAME}{{2,4}}(?:大道|路(?![灯面边口上人过程由])|街(?![道坊边灯])|"
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
    hits = [hit for hit in find(text) if 0 <= hit.start < hit.end <= len(text)]
    if not hits:
        return Where()
    best = max(hits, key=lambda h: (h.certain and bool(h.town), h.certain, bool(h.town), -hits.index(h)))
    same = [hit for hit in hits if _in_one_clause(text, hit, best)]
    start, end = min(hit.start for hit in same), max(hit.end for hit in same)
    tail = _TAIL.match(text, end)
    return Where(text[start : tail.end() if tail else end].strip(), best.area, best.town, best.district, best.certain)


def when_in(text: str) -> str:
    """When it happened, as said; empty when nothing tells."""
    found = _TIME.search(text) or _LASTED.search(text)
    return found.group().strip() if found else ""


def phone_in(text: str) -> str:
    """The first valid telephone number, as kernel.privacy.phone writes it; empty without one."""
    for found in _PHONE.finditer(digits(text)):
        try:
            return phone(found.group())
        except Invalid:
            continue
    return ""


def looks_like_phone(text: str) -> bool:
    """Whether something was meant to be a number, though it is none."""
    return len(re.sub(r"[^0-9]", "", digits(text))) >= 5


def name_in(text: str) -> str:
    """The name somebody gives themselves; empty when they do not."""
    found = _NAME.search(text)
    if found is None:
        return ""
    if found["full"]:
        return found["full"]
    title = found["title"] or ""
    return found["surname"] + _TITLES.get(title, title)


def wants_secrecy(text: str) -> bool:
    """Whether who they are is to stay secret."""
    return bool(_SECRET.search(text))


def wants_anonymity(text: str) -> bool:
    """Whether they do not want to say who they are."""
    return bool(_ANONYMOUS.search(text)) and not _NO_ANONYMOUS.search(text)


def declines_contact(text: str) -> bool:
    """Whether they will not be called."""
    return bool(_NO_CONTACT.search(text.strip(" 。.！!，,")))


def number_in(text: str) -> str:
    """A ticket number, upper case; a telephone number is none."""
    for found in _TICKET.finditer(digits(text)):
        if not phone_in(found.group()):
            return found.group().upper()
    return ""


def code_in(text: str) -> str:
    """A query code, upper case: six of the letters and digits that are not taken for one another."""
    for found in _CODE.finditer(text):
        if any(c.isdigit() for c in found.group()) or found.group().isupper():
            return found.group().upper()
    return ""


def score_in(text: str) -> str:
    """The vote in the text, as a value of ticketing's Score; empty without one."""
    return next((score for pattern, score in _SCORES if pattern.search(text)), "")


def unknown_place_in(text: str) -> str:
    """What sounds like a road or an estate though the directory knows none such; empty without one."""
    found = _UNKNOWN_ROAD.search(text)
    return found["name"] if found else ""


def _in_one_clause(text: str, one: PlaceHit, other: PlaceHit) -> bool:
    between = text[min(one.end, other.end) : max(one.start, other.start)]
    return not re.search(r"[，。！？；,!?;\n]", between) and len(between) <= 12
