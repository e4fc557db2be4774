"""What stands around a place name in a text: does it name the place, whose home it is, whether it is elsewhere.

Texts are folded: simplified characters, narrow digits. Patterns take Mandarin and written Cantonese.
"""

import re
from collections.abc import Iterable
from enum import IntEnum


class Role(IntEnum):
    """What a place is to the message; the smaller, the likelier the matter is there."""

    EVENT = 0
    HOME = 1
    WORK = 2
    LEFT = 3
    ORIGIN = 4

    @property
    def is_aside(self) -> bool:
        """Whether the matter is hardly there, even if no other place is named."""
        return self in (Role.LEFT, Role.ORIGIN)


_WINDOW = 12
_ADDRESS = 24
_HAN = "\u3400-\u9fff"

# Directly before a name: it says where something is.
_LOCATED = re.compile(
    r"(?:(?<![现存正实所好])在|喺|响|位于|处于|坐落于|设于|发生于"
    r"|(?:地点|地址|位置|路段|地段)(?:在|系|是|为)?)[:：\s“\"]*$"
)
# A name may begin after these characters: particles, verbs, words of time. Not after others (阳光|花园社区).
_LEAD = re.compile(
    r"(?:[的嘅喺在响于系是到至去来嚟返回往由从自经过离近和与及跟同或向对给让请将把被属归住有叫这那呢该本我你他哋们佢位名家间"
    r"所座条段号因为就都也又还只凡望求日月年天晚早夜点时候后前间刚今]|投诉|举报|反映|反应|建议|咨询|请问|想问|关于|附近|整个|全|我市|我区"
    r"|我镇|政府|希望|请求|要求|以及|目前|最近|近期|上午|下午|中午|一带)$"
)
# What begins no name after a noun (小区里|水压, 邮政和|顺丰), or only after a word of place (更|合理).
_JOINING = "里上下外内中前后边和与及"
_ADVERBS = "更最很太不"
# Where a clause begins, or after a word of place, an everyday word may be a name (西南, 大塘) if what follows would not
# follow the word itself: somebody there, something of it, this or that.
_CLAUSE_BEGINS = re.compile(r"(?:^|[，。！？；：、,.!?;:\s])$")
_OF_A_PLACE = re.compile(
    r"(?:[这那呢嗰个啲有我某旧成]|[一](?![带直边样])|全村|整[条个]|山[里上脚]|[的嘅](?![是话确时])|工业|小学|中学|医院|市场|派出所|政府|河口|街市|附近)"
)
_ON_THE_WAY = re.compile(r"(?:到|去|来|嚟|至)")

# An administrative name that is none of ours stands before: 余杭区|太平社区. Not 小区, 我市, 本区 …
_FOREIGN_UNIT = (
    rf"[{_HAN}]{{2}}(?:省|自治区|自治州|(?<![我本全该各城都])市|(?<![我本全该])[县州盟旗]"
    r"|(?<![小社地园片校厂城市辖新我本该全景库业发宅战南北东西中])区|(?<![我本该全各城乡])[镇乡]|(?<!该)街道)$"
)
# What ends the reach of a place named before.
_BREAKS = "的嘅我在喺住到去来嚟和与跟同，。！？；：、,.!?;:"
# 九江|市 is another city, 陈村|粉 a dish.
_OTHER_AFTER = re.compile(r"(?:市(?![场民政内区里容])|省|县|州|盟|话(?!题)|菜(?!市|场)|粉(?!尘|刷))")
# 龙江|路, 和顺|小区, 合水|村: named after the place, perhaps somewhere else.
_NAMED_AFTER = re.compile(
    r"(?:[东西南北中新旧老一二三四五六七八九十]{0,3}(?:路(?!边|灯|面|上|段)|大道|大街|街(?!道|办|边|口|上|坊)|巷(?!口))"
    r"|小区|花园|花苑|锦苑|豪庭|名都|大厦|公寓|酒店|宾馆|饭店|有限公司|加油站|大桥|特大桥|高速|水道|岛|乡|村(?![民里口中委边头内]))"
)

_HOME_BEFORE = re.compile(
    r"(?:住在|住喺|住响|住系|居住于|居住在|居住|现居|现住|租住|家住|家在|家喺|屋企喺|屋企系|住址|租房在|住|家庭地址)"
    rf"(?:在|于|喺|系|是|为)?[:：\s]*(?:[{_HAN}]{{2,3}}省)?$"
)
_ORIGIN_BEFORE = re.compile(r"(?:户籍|户口|籍贯|老家|来自|祖籍|出生)(?:所在地|地)?(?:在|喺|系|是|为|于)?[:：\s]*$")
_DWELLER_AFTER = re.compile(
    r"^(?:这边|呢边|本地)?(?:的|嘅)?(?:一个|一名|一位)?(?:普通|老)?"
    r"(?:[居村]民(?!委)|业主|街坊|住户|租客|租户|市民(?!广场|中心|公园|卡|云))"
)
_NATIVE_AFTER = re.compile(r"^(?:本地)?人(?![民流行口工员家大事])")
_WORKER_AFTER = re.compile(
    r"^[^，。！？；,.!?;\s]{0,4}(?:上班|返工|打工|工作(?!人员|日|站|室|时间|环境|场所)|读书|上学|返学|做嘢)"
)
_LIVING_AFTER = re.compile(r"^[^，。！？；,.!?;\s]{0,4}(?:居住(?!证|环境)|住(?![建房宅院户所址宿改]))")
_WORK_BEFORE = re.compile(r"(?:公司|单位|写字楼|上班|返工|打工|工作)(?:的地方|地点)?(?:在|喺|系|是)[:：\s]*$")
# 从甲镇跑去乙站: who writes was there before. Of a stretch of road (从甲路到乙路一段) both ends are where it is.
_LEFT_BEFORE = re.compile(r"(?:从|由)$")
_LEFT_AFTER = re.compile(
    r"^(?!.{0,24}(?:路段|一段|段路|之间|沿线|方向|这条|呢条|公交|巴士|班车|专线))"
    r"[^，。！？；,.!?;\s]{0,10}?(?:去|到|来|嚟|返|回|搬|送|赶|跑)"
)
_SPOT_AFTER = re.compile(
    rf"^[{_HAN}0-9a-z]{{0,6}}?"
    r"(?:路口|门口|附近|对面|隔壁|旁边|旁|路边|路段|路面|交界|工地|[0-9]+[号座栋]|[嗰呢][度边])"
)


class Elsewhere:
    """Provinces and cities that are not ours; ``names`` without 省 and 市."""

    def __init__(self, names: Iterable[str]) -> None:
        longest_first = sorted(names, key=len, reverse=True)
        listed = "|".join(map(re.escape, longest_first)) or "(?!)"
        directly = rf"(?:{listed})[省市]?[-—]?$"
        in_address = rf"(?:{listed})[省市][^{_BREAKS}\s]{{0,16}}$"
        self._before = re.compile(f"{directly}|{in_address}|{_FOREIGN_UNIT}")

    def is_before(self, folded: str, start: int) -> bool:
        """Whether the name at ``start`` follows another province or city, or an administrative name not ours."""
        return self._before.search(folded[max(0, start - _ADDRESS) : start]) is not None


def is_located(folded: str, start: int) -> bool:
    """Whether 在, 喺, 位于 or the like stands directly before ``start``."""
    return _LOCATED.search(folded[max(0, start - _WINDOW) : start]) is not None


def may_begin(folded: str, start: int) -> bool:
    """Whether a name may well begin at ``start``: after no letter, or after a word that leads to one."""
    if start == 0 or not "\u3400" <= folded[start - 1] <= "\u9fff":
        return True
    return _LEAD.search(folded[max(0, start - _WINDOW) : start]) is not None


def is_of_a_place(folded: str, start: int, end: int) -> bool:
    """Whether an everyday word is used as a name here: at the beginning of a clause or after a word of place, and
    followed by what belongs to a place."""
    before = folded[max(0, start - _WINDOW) : start]
    begins = _CLAUSE_BEGINS.search(before) or _HOME_BEFORE.search(before) or is_located(folded, start)
    return bool(begins) and _OF_A_PLACE.match(folded, end) is not None


def reads_as_words(folded: str, start: int, end: int, *, led: bool) -> bool:
    """Whether a bare name rather ends or begins everyday words; ``led``: a name may well begin there."""
    if folded[start] in _ADVERBS:
        on_the_way = start == 0 and _ON_THE_WAY.match(folded, end)
        return not (is_located(folded, start) or on_the_way or is_of_a_place(folded, start, end))
    return folded[start] in _JOINING and not led


def is_other_thing(folded: str, end: int) -> bool:
    """Whether what follows ``end`` makes a bare name another city, a dialect or a dish."""
    return _OTHER_AFTER.match(folded, end) is not None


def is_named_after(folded: str, end: int) -> bool:
    """Whether what follows ``end`` makes a bare name that of a road, an estate, a shop."""
    return _NAMED_AFTER.match(folded, end) is not None


def role_of(folded: str, start: int, end: int) -> Role:
    """What the place named by ``folded[start:end]`` is to whoever writes."""
    before = folded[max(0, start - _WINDOW) : start]
    after = folded[end : end + _WINDOW]
    if _ORIGIN_BEFORE.search(before) or _NATIVE_AFTER.match(after):
        return Role.ORIGIN
    if _LEFT_BEFORE.search(before) and _LEFT_AFTER.match(folded[end : end + 3 * _WINDOW]):
        return Role.LEFT
    if _HOME_BEFORE.search(before) or _DWELLER_AFTER.match(after) or _LIVING_AFTER.match(after):
        return Role.HOME
    return Role.WORK if _WORK_BEFORE.search(before) or _WORKER_AFTER.match(after) else Role.EVENT


def is_spot(folded: str, end: int) -> bool:
    """Whether what follows ``end`` names a spot there: a corner, a door, a house number."""
    return _SPOT_AFTER.match(folded[end : end + _WINDOW]) is not None
