"""The road, estate or spot a text speaks of, without the areas around it: what tells two like matters apart."""

import re
from collections.abc import Iterable

LONGEST = 20
_JOINTS = " \t,，、·/-—的"
# 祖庙路 is a road and no area 祖庙 with a road behind it.
_OWN_NAME = re.compile(r"(?:大道|路|街(?!道)|巷|花园|小区|广场|公园|市场|大厦|大桥|桥|苑|工业园|中学|小学|幼儿园|医院)")
_AREA = re.compile(r"^[一-鿿]{1,6}?(?:省|市|区|镇|街道)")
# A spot the directory does not know, directly behind an area: a name of a few signs that ends as names of spots do.
_NAMED = re.compile(
    r"[,，、\s的]?([^\W_不坏有没的灯了在是把被又很太无影响]{1,8}?"
    r"(?:大道|路|街|巷|花园|小区|广场|公园|市场|社区|村|大厦|大桥|桥|苑|工业园|中学|小学|幼儿园|医院)(?![灯面况边人道]))"
)


def spot(text: str, words: str, areas: Iterable[str]) -> str:
    """The spot ``words`` of ``text`` name, of which ``areas`` are the names around it; else one named right behind
    them; empty when there is none. House numbers are left out: they may be where the writer lives."""
    known = sorted(areas, key=len, reverse=True)
    rest = _without(words, known)
    if rest:
        return rest[:LONGEST]
    at = text.find(words) if words else -1
    found = _NAMED.match(text, at + len(words)) if at >= 0 else None
    return found[1][:LONGEST] if found else ""


def _ends_there(area: str, words: str) -> bool:
    return area[-1] in "省市区镇道" or not _OWN_NAME.match(words, len(area))


def _without(words: str, known: Iterable[str]) -> str:
    rest = words.strip(_JOINTS)
    while True:
        area = next((name for name in known if name and rest.startswith(name) and _ends_there(name, rest)), "")
        if not area:
            break
        rest = rest[len(area) :].strip(_JOINTS)
    return "" if _AREA.fullmatch(rest) else rest
