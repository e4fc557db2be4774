"""Who somebody is says nothing of what they write about: name, number, identity card and address are left out where a
text is read for its matter, and kept where it is kept."""

import re

from kernel.masking import COMPOUND_SURNAMES
from kernel.person_names import SURNAMES

# What ends a statement about oneself.
_MARK = r"[，,。.；;、！!\s]"
_ENDS = rf"(?:{_MARK}+|$)"
_OPEN = r"(?:^|(?<=[，,。.；;、！!\s：:]))"
_OWN = r"(?:(?:我的|我|本人|我个|个人|投诉人|举报人|反映人|诉求人|来电人|当事人|市民)的?)?"
_IS = r"(?:[:：=]|是|为|系|喺)*\s*"
# A number ends by itself where a wish follows; what befell the number itself is the matter.
_WISH = r"(?=我|想|要|请|希望|投诉|举报|反映|咨询|求助)"
_BEFELL = r"(?!被|不能|打不|停机|无法|没法|收到|欠费|注销|过户|冒用|泄露|登记错|写错|重号|扣费)"
_NUMBERS = re.compile(
    rf"{_OPEN}{_OWN}(?:(?:居民)?身份证件?号?码?|证件号码?|联系方式|微信号?|号码|(?:联系|联络)?(?:电话|手机)号?码?){_IS}"
    rf"(?:[0-9]{{3,4}}-)?[0-9][0-9Xx*]{{6,19}}(?:{_ENDS}{_BEFELL}|{_WISH})"
)
_SURNAME = f"(?:{'|'.join(sorted(COMPOUND_SURNAMES))}|[{''.join(sorted(SURNAMES))}])"
_NAMED = re.compile(
    rf"{_OPEN}{_OWN}(?:姓名|名字|称呼|名叫|叫做?|我姓|免贵姓|姓){_IS}{_SURNAME}[\u4e00-\u9fff*·]{{0,2}}?"
    rf"(?:先生|女士|小姐|太太|师傅|老师|生)?{_ENDS}"
)
_SPOT = r"(?:小区|花园|花苑|公寓|村|社区|大厦|苑|[0-9一二三四五六七八九十]+(?:号|栋|座|幢|楼|室|房|单元))"
_ABOUT = re.compile(
    rf"{_OPEN}{_OWN}(?:性别{_IS}[男女]|[男女]性?|(?:今年|年龄){_IS}[0-9一二三四五六七八九十]{{1,3}}岁?"
    rf"|民族{_IS}[\u4e00-\u9fff]{{1,3}}族?|(?:家庭|现|户籍|通讯|联系)?(?:住址|地址){_IS}[^，,。；;！!\n]{{2,40}}"
    rf"|(?:家|现)?住(?:在|喺)?[^，,。；;！!\n的]{{2,30}}{_SPOT}){_ENDS}"
)
# What is left has to say something; else the text is about who somebody is.
LEAST = 4
_HAN = re.compile("[\u4e00-\u9fff]")


def without_introduction(text: str) -> str:
    """``text`` without the clauses in which somebody only says who they are; as it is when nothing else is said."""
    rest = text
    for pattern in (_NUMBERS, _NAMED, _ABOUT):
        rest = pattern.sub("", rest)
    return rest if rest != text and len(_HAN.findall(rest)) >= LEAST else text
