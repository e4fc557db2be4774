"""Names of persons that stand in a reply."""

import re

from kernel.chinese import is_ordinary_word
from kernel.person_names import SURNAMES, is_name, is_name_and_no_word

NAME_AT_LEAST = 2
# Persons a reply names: before a title more than the surname stands, or the name follows what somebody is.
TITLED = re.compile(r"(?P<before>[\u4e00-\u9fff]{2,4})(?:先生|女士|小姐|太太|师傅|老师|阿姨|大爷)")
BEING = re.compile(
    r"(?:业主|住户|租客|租户|房东|店主|老板|邻居|当事人|经营者|负责人)(?P<value>[\u4e00-\u9fff]{2,4}?)"
    r"(?=已|于|的|家|表示|承诺|[，。、；])"
)
# As above in any sentence, where less is sure: 同住人王大力（…）, 邻居王大力住….
RELATED = re.compile(
    r"(?:同住人|同住|邻居|业主|住户|租客|租户|房东|店主|老板|当事人|经营者|负责人|经办人|联系人|同事|家属|"
    r"丈夫|妻子|老公|老婆|前夫|前妻|男友|女友|男朋友|女朋友|儿媳|女婿|婆婆|儿子|女儿|父亲|母亲|配偶|室友|工友|\d{3,4}(?:室|房)?的)(?:为|是|叫|：|:)?(?=(?P<value>[\u4e00-\u9fff]{2,3}))"
)
# These are surnames too, but before a surname and a title they lead to it: 向王先生致歉.
LEADS_TO = frozenset("向于时应为谢")


def persons(text: str) -> tuple[str, ...]:
    """Names of persons that stand in a reply."""
    found = [name for match in TITLED.finditer(text) if (name := _name_at_end(match))]
    found += [match["value"] for match in BEING.finditer(text) if is_name_and_no_word(match)]
    return tuple(dict.fromkeys(found))


def maybe_persons(text: str) -> tuple[str, ...]:
    """Words after what somebody is to another that may be a name."""
    found = [name for match in RELATED.finditer(text) if (name := _name_at_start(match["value"]))]
    return tuple(dict.fromkeys(found))


def _name_at_start(words: str) -> str:
    for length in (3, 2):
        start = re.match(rf"(?P<value>.{{{length}}})", words)
        if start is not None and is_name_and_no_word(start) and not is_ordinary_word(words[:2]):
            return str(start["value"])
    return ""


def _name_at_end(match: re.Match[str]) -> str:
    before = match["before"]
    for length in (4, 3, 2):
        end = re.fullmatch(rf".*?(?P<value>.{{{length}}})", before)
        if end is not None and is_name(end) and not _leads_to_a_surname(end["value"]):
            return str(end["value"])
    return ""


def _leads_to_a_surname(name: str) -> bool:
    return len(name) == NAME_AT_LEAST and name[0] in LEADS_TO and name[1] in SURNAMES
