"""How one value of personal data is shown to people who may not see it whole."""

import re

from kernel.phones import phone_digits

_COMPOUND_SURNAME_LIST = (
    "欧阳 歐陽 司徒 司马 司馬 上官 诸葛 諸葛 东方 東方 皇甫 尉迟 尉遲 公孙 公孫 慕容 令狐 长孙 長孫 宇文 "
    "夏侯 轩辕 軒轅 端木 百里 呼延 南宫 南宮 独孤 獨孤 申屠 淳于 澹台 闻人 鲜于 闾丘 太史 钟离 鍾離 第五"
)
COMPOUND_SURNAMES = frozenset(_COMPOUND_SURNAME_LIST.split())
_TITLE = re.compile(r"(?:先生|女士|小姐|太太|师傅|師傅|老师|老師|阿姨|大爷|经理|經理|警官|医生|醫生)$")
_AREA_CODE = re.compile(r"0(?:10|2\d|[3-9]\d\d)")
# Towns, roads and public lines keep their numbers; a house, building, flat or room loses them.
_HOUSE_NUMBER = re.compile(
    r"[0-9A-Za-z零〇一二三四五六七八九十百]+\s*(?:之[0-9一二三四五六七八九十]+)?\s*"
    r"(?:号(?!线|路|公路|桥|门|口)|號|栋|棟|幢|座|楼|樓|单元|單元|室|房|层|層|梯|户|戶|铺|鋪)"
    r"|[0-9]+-[0-9-]+|(?<![0-9A-Za-z])[0-9]{3,4}(?![0-9]|国道|省道|县道|医院)"
)


def mask_phone(value: str) -> str:
    """138****5678; 0757-****5678; of anything else the last two digits."""
    number = phone_digits(value)
    if re.fullmatch(r"1\d{10}", number):
        return f"{number[:3]}****{number[-4:]}"
    if (area := _AREA_CODE.match(number)) and len(number) >= 10:
        return f"{area.group()}-****{number[-4:]}"
    if len(number) < 7:
        return "*" * max(len(number), 1)
    return "*" * (len(number) - 2) + number[-2:]


def mask_name(value: str) -> str:
    """张*, 王*明, 欧阳*; a title such as 张先生 names nobody and stays."""
    name = value.strip()
    if not name or _TITLE.search(name):
        return name
    if name.isascii():
        return name[0] + "***"
    if name[:2] in COMPOUND_SURNAMES and len(name) > 2:
        return name[:2] + "*" * (len(name) - 2)
    if len(name) <= 2:
        return name[0] + "*" if len(name) == 2 else "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(value: str) -> str:
    """Identity cards keep the first six (the district) and the last two; other documents one and two."""
    number = re.sub(r"\s|-", "", value)
    if len(number) in {15, 18}:
        return number[:6] + "*" * (len(number) - 8) + number[-2:]
    if len(number) < 6:
        return "*" * len(number)
    return number[0] + "*" * (len(number) - 3) + number[-2:]


def mask_address(value: str) -> str:
    """Town, road and estate stay; everything from the first house, building or room number on is hidden."""
    found = _HOUSE_NUMBER.search(value)
    return value if found is None else value[: found.start()] + "****"


def mask_plate(value: str) -> str:
    """粤E***45."""
    plate = re.sub(r"[\s·•・.\-]", "", value)
    return plate[:2] + "*" * max(len(plate) - 4, 1) + plate[-2:] if len(plate) > 4 else "*" * len(plate)


def mask_bank_card(value: str) -> str:
    """All but the last four digits."""
    number = re.sub(r"[^0-9A-Za-z]", "", value)
    return "*" * max(len(number) - 4, 4) + number[-4:]


def mask_email(value: str) -> str:
    """z***@example.com."""
    return value[0] + "***" + value[value.rindex("@") :]


def mask_account(value: str) -> str:
    """Account names (WeChat, QQ): the first character only."""
    return value[0] + "***"


def mask_house(value: str) -> str:
    """*栋***室: the words stay, the numbers go."""
    return re.sub(r"[0-9０-９A-Za-z零〇○一二三四五六七八九十百壹贰叁肆伍陆柒捌玖幺]", "*", value)
