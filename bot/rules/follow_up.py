"""A short question that goes on about the entry just spoken of: which field of it, for whom, in which place."""

import re
from collections.abc import Callable

from bot.model import FollowUp

_PARTS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("materials", re.compile(r"材料|资料|带什么|带咩|带啲咩|带乜|证件")),
    ("place", re.compile(r"在哪里?|去哪里?|哪里|喺?边[度处]|地点|地址|喺边")),
    ("hours", re.compile(r"几点|上班|营业时间|办理时间|周末|星期|礼拜")),
    ("phone", re.compile(r"电话|号码")),
    ("fee", re.compile(r"收费|费用|多少钱|几多钱|几钱|要钱|收钱|免费|贵")),
    ("limit", re.compile(r"多久|几天|几耐|多长时间|几日|时限")),
    ("online", re.compile(r"网上|线上|手机办|小程序")),
    ("basis", re.compile(r"依据|文件|法规|哪条规定")),
)
_WHO = re.compile(
    r"小孩子?|孩子|小朋友|细路仔?|细蚊仔|婴儿|新生儿|未成年人?|老人家?|长者|老年人|学生|外地人|外省人|外国人|港澳(?:居民|同胞|人)?|台湾(?:居民|同胞|人)?|"
    r"残疾人|孕妇|公司|企业|个体户|代办|委托(?:别人|他人)?|(?:别人|他人|家人|屋企人)(?:代办?|帮)|本人(?:不能|不便|唔得闲|来不了|嚟唔到)"
)
FOLLOW_UP = 16
# What a follow-up says besides the part it asks for. Whatever else it names is a subject of its own.
_LITTLE = re.compile(
    r"请问|想问|问一?下|还有|另外|[那嗰呢这][边个]|那么?|咁|需要|需唔需要|要不要|使唔使|要|可以|可唔可以|能不能|能|可否|办理|申请|办|搞|使"
    r"|交|付|带|去|来|嚟|系|是|的|嘅|呢|吗|嘛|么|啊|呀|㗎|咩|乜嘢|什么|哪些|边啲|啲|些|有|到|在|喺|我|大概|一般|具体|先|得|下|一|多少|几多|怎么|点样|点|样|号|又|都|也"
    r"|如果|假如|的话|情况|唔|不|收|[\W_]"
)


def wanted_part(text: str) -> str:
    """Which field of the entry spoken of a short follow-up asks for; empty when it is no follow-up."""
    if len(text) > FOLLOW_UP:
        return ""
    return next((part for part, pattern in _PARTS if pattern.search(text)), "")


def follow_up_in(text: str, is_place: Callable[[str], bool]) -> FollowUp | None:
    """What ``text`` asks of the entry spoken of; None when it names a subject of its own or asks nothing of it."""
    if len(text) > FOLLOW_UP:
        return None
    part, who = wanted_part(text), _WHO.search(text)
    rest = _rest_of(text)
    in_place = bool(rest) and is_place(rest)
    if (rest and not in_place) or not (part or who or in_place):
        return None
    return FollowUp(part, who.group() if who else "", in_place)


def _rest_of(text: str) -> str:
    """What a follow-up names besides the part it asks for: a place perhaps, or another subject."""
    text = _WHO.sub("", text)
    for _, pattern in _PARTS:
        text = pattern.sub("", text)
    return _LITTLE.sub("", text)
