"""The table of patterns that personal data are recognised by, and what else must hold for each."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from kernel.labels import Labelled
from kernel.person_names import SAID_IN_PASSING, SAID_PLAINLY, is_name, is_name_and_no_word


class Personal(Labelled):
    """What kind of personal data."""

    ID_CARD = "id_card", "证件号码"
    BANK_CARD = "bank_card", "银行卡号"
    MOBILE = "mobile", "手机号"
    LANDLINE = "landline", "固定电话"
    EMAIL = "email", "电子邮箱"
    WECHAT = "wechat", "微信号"
    QQ = "qq", "QQ号"
    PLATE = "plate", "车牌号"
    HOUSE = "house", "门牌房号"
    NAME = "name", "姓名"


def _always(_found: re.Match[str]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Look:
    """One pattern; its group ``value``, if it has one, is the data. ``spoken``: Chinese digits count as digits."""

    kind: Personal
    pattern: re.Pattern[str]
    accept: Callable[[re.Match[str]], bool] = _always
    spoken: bool = False


UNSEEN = "\u00ad\u200b-\u200f\u2060\ufeff"
MOBILE_RUN = r"1[3-9][0-9]{9}"
_GAP = rf"[\s\-–—―_.·•/(){UNSEEN}]{{0,3}}"
_SMALL_GAP = rf"[ \-{UNSEEN}]{{0,2}}"
_HOME_PREFIX = rf"(?:(?:\+|00)?86{_GAP})?"
_AREA = r"(?:10|2[0-9]|[3-9][0-9]{2})"
_LOCAL = rf"[2-8][0-9]{{2,3}}{_SMALL_GAP}[0-9]{{4}}"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_COUNTED = "元块塊万萬千百十亿个個人户戶次米平吨%年月日天岁多余几点楼层名家间套栋棟幢座"
_BANK_STARTS = ("62", "60", "4", "51", "52", "53", "54", "55", "34", "35", "37", "9558")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK_CHARACTERS = "10X98765432"  # GB 11643-1999
_N = r"(?<![0-9十百*])(?:(?<![A-Z])[A-Z][0-9十百]{0,4}|[0-9十百]{1,4})"
_ROOM = rf"[A-Za-z]?[0-9]{{2,4}}(?:号房|號房|室|房)?(?![0-9{_COUNTED}])"
_PUBLIC_PLACE = re.compile("中心|大厅|大廳|政府|办公|窗口|派出所|医院|学校|办事处|服务站|营业厅|[局所院]$")


def _is_mobile_in_groups(found: re.Match[str]) -> bool:
    """Grouped as people group a number, not as dates, amounts or decimals fall."""
    written = re.sub(f"[{UNSEEN}]", "", found.group("number"))
    groups = tuple(len(group) for group in re.split(r"[^0-9]+", written))
    if groups in {(11,), (3, 4, 4), (1,) * 11}:
        return True
    if min(groups) < 2 or re.search(r"[./]", written):
        return False
    if groups[0] == 4:
        return groups in {(4, 3, 4), (4, 4, 3)} and not written.startswith("19")
    return groups[0] == 3 or groups in {(5, 6), (5, 3, 3), (7, 4)}


def _is_identity_card(found: re.Match[str]) -> bool:
    number = re.sub(r"[^0-9X]", "", found.group().upper())
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_ID_WEIGHTS, number, strict=False))
    return _ID_CHECK_CHARACTERS[total % 11] == number[17]


def _is_bank_card(found: re.Match[str]) -> bool:
    number = re.sub(r"[^0-9]", "", found.group())
    if not number.startswith(_BANK_STARTS):
        return False
    doubled = (int(digit) * 2 for digit in number[-2::-2])
    odd = sum(int(digit) for digit in number[-1::-2])
    return (odd + sum(d - 9 if d > 9 else d for d in doubled)) % 10 == 0


def _is_wechat_account(found: re.Match[str]) -> bool:
    return bool(found.group("said")) or re.search(r"[0-9_]", found.group("value")) is not None


def _is_plate(found: re.Match[str]) -> bool:
    return sum(c.isdigit() for c in found.group()) >= 3


def _is_home(found: re.Match[str]) -> bool:
    return _PUBLIC_PLACE.search(found.string[max(0, found.start("value") - 8) : found.start("value")]) is None


def _look(
    kind: Personal, pattern: str, accept: Callable[[re.Match[str]], bool] = _always, *, spoken: bool = False
) -> Look:
    return Look(kind, re.compile(pattern, re.IGNORECASE), accept, spoken)


# The first to find a stretch keeps it.
LOOKS = (
    _look(Personal.EMAIL, r"[A-Z0-9._%+\-]{1,64}@(?:[A-Z0-9\-]{1,63}\.){1,4}[A-Z]{2,24}"),
    _look(
        Personal.ID_CARD,
        rf"(?<![0-9*])[1-9](?:{_SMALL_GAP}[0-9]){{16}}{_SMALL_GAP}[0-9X](?![0-9])",
        _is_identity_card,
        spoken=True,
    ),
    _look(
        Personal.ID_CARD,
        r"(?:身份证|身份證|证件|公民身份号码)[^0-9]{0,6}(?P<value>[1-9][0-9]{14}(?:[0-9]{2}[0-9X])?)(?![0-9])",
    ),
    _look(
        Personal.ID_CARD,
        r"(?:护照|通行证|回乡证|台胞证)[^A-Z0-9]{0,6}(?P<value>[A-Z]{1,2}[0-9]{7,10})(?![0-9A-Z])",
    ),
    _look(
        Personal.BANK_CARD,
        rf"(?<![0-9A-Z*])[3-9](?:{_SMALL_GAP}[0-9]){{14,18}}(?![0-9])",
        _is_bank_card,
        spoken=True,
    ),
    _look(
        Personal.BANK_CARD,
        rf"(?:银行卡|卡号|账号|账户|帐号)[^0-9]{{0,6}}(?P<value>[0-9](?:{_SMALL_GAP}[0-9]){{11,18}})(?![0-9])",
    ),
    _look(Personal.MOBILE, rf"(?<![0-9*])(?:(?:\+|00)?86)?{MOBILE_RUN}(?![0-9])", spoken=True),
    _look(
        Personal.MOBILE,
        rf"(?<![0-9*]){_HOME_PREFIX}(?P<number>1{_GAP}[3-9](?:{_GAP}[0-9]){{9}})(?![0-9]|\s?[{_COUNTED}])",
        _is_mobile_in_groups,
        spoken=True,
    ),
    _look(
        Personal.LANDLINE,
        rf"(?<![0-9.*])(?:{_HOME_PREFIX}\(?0{_AREA}|(?:\+|00)86{_GAP}{_AREA}){_GAP}{_LOCAL}(?:\s?(?:转|-)\s?[0-9]{{1,5}})?(?![0-9])",
        spoken=True,
    ),
    _look(Personal.LANDLINE, r"(?<![0-9*])\+(?!86)[1-9][0-9]{0,2}(?:[ \-()]{0,2}[0-9]){7,12}(?![0-9])"),
    _look(
        Personal.LANDLINE,
        rf"(?:电话|電話|座机|固话|致电|联系方式)[^0-9]{{0,4}}(?P<value>{_LOCAL})(?![0-9])",
    ),
    _look(
        Personal.WECHAT,
        r"(?:微信|薇信|v信|wechat|weixin|vx|wx)(?P<said>(?:号码|号|id)?[\s:：]{0,3}(?:是|为|[:：])?\s{0,3})"
        r"(?P<value>(?!wechat|weixin)[A-Z][A-Z0-9_\-]{5,19})",
        _is_wechat_account,
    ),
    _look(
        Personal.QQ,
        r"(?:QQ|扣扣|企鹅)(?:号码|号)?[\s:：]{0,3}(?:是|为|[:：])?\s{0,3}(?P<value>[1-9][0-9]{4,11})(?![0-9])",
    ),
    _look(
        Personal.PLATE,
        rf"[{_PROVINCES}][A-HJ-NP-Z][·•・.\- ]?[A-HJ-NP-Z0-9]{{4,5}}[A-HJ-NP-Z0-9挂学警港澳](?![A-Z0-9])",
        _is_plate,
    ),
    _look(
        Personal.HOUSE,
        rf"(?P<value>{_N}\s?(?:栋|棟|幢|座|号楼|號樓)\s?(?:[东西南北]?(?:[0-9A-Z十百]{{1,4}}(?:单元|梯|楼|层)))?[\s\-]?{_ROOM})",
        _is_home,
        spoken=True,
    ),
    _look(Personal.HOUSE, rf"(?P<value>{_N}(?:单元|單元|梯)\s?{_ROOM})", _is_home, spoken=True),
    _look(
        Personal.HOUSE,
        r"(?<=[路街巷道里坊村城苑园庭湾府居阁轩])(?P<value>[0-9]{1,4}(?:号|號)(?:之[0-9]+)?[\s,，]?"
        rf"[0-9]{{3,4}}(?:室|房)?(?![0-9{_COUNTED}]))",
        _is_home,
        spoken=True,
    ),
    _look(
        Personal.HOUSE,
        r"(?<![0-9A-Z*])(?P<value>[A-Z]?[0-9]{3,4}(?:号房|室|房))(?![间屋产价子型租东贷款源企])",
        _is_home,
        spoken=True,
    ),
    _look(Personal.NAME, SAID_PLAINLY.pattern, is_name),
    _look(Personal.NAME, SAID_IN_PASSING.pattern, is_name_and_no_word),
)
