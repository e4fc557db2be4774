"""Whether two tickets speak of one door: the same house number of the same road or estate, or the same point."""

import re

from kernel.chinese import simplified
from kernel.numerals import fold_spoken, fold_width
from ticketing.model.ticket import Ticket
from ticketing.rules.nearness import NO_NAME, STREET
from ticketing.rules.repeats import metres

# Receivers at one spot seldom differ by more.
DOOR_METRES = 20
# What may stand between a name and its number: a stage, a part of the road.
_BETWEEN = r"[\s,，、的]?(?:[一二三四五六七八九十]期|[东西南北][区段侧]|[A-Za-z]区)?[\s,，、的]?"
_SIGN = "[零〇一二三四五六七八九]"
_COUNTED = re.compile(rf"(?:(?P<hundreds>{_SIGN})百)?零?(?:(?P<tens>{_SIGN})?(?P<ten>十))?(?P<ones>{_SIGN})?")
_DOOR = re.compile(
    rf"{STREET}{_BETWEEN}(?P<number>[0-9]{{1,4}}(?:[-之][0-9]{{1,3}})?|[零〇一二三四五六七八九十百]{{1,6}})\s?"
    r"(?P<what>号楼|号(?!线)|栋|幢|座)"
)
_BUILDINGS = frozenset({"号楼", "栋", "幢", "座"})

Door = tuple[str, str, bool]


def doors(text: str) -> frozenset[Door]:
    """The doors a text names: the short name of the road or estate, the number, and whether it is a building's."""
    plain = simplified(fold_width(text))
    return frozenset(
        (found[1] + found[2], _number(found["number"]), found["what"] in _BUILDINGS)
        for found in _DOOR.finditer(plain)
        if not NO_NAME.search(found[1])
    )


def at_one_door(one: Ticket, other: Ticket, *, same_town: bool) -> bool:
    """Whether both name the same door, of the ``same_town``; where one names none, whether both lie at the same point.
    What was written goes before the point: who writes of a door may stand elsewhere."""
    mine, theirs = _doors_of(one), _doors_of(other)
    at_a_point = bool(one.point and other.point and metres(one.point, other.point) <= DOOR_METRES)
    if mine and theirs:
        return not mine.isdisjoint(theirs) and (same_town or at_a_point)
    return at_a_point


def _doors_of(ticket: Ticket) -> frozenset[Door]:
    return doors(ticket.place) or doors(ticket.text)


def _number(said: str) -> str:
    """二十五 as 25; what is no number below a thousand stays as it is."""
    if said[0].isdigit():
        return said.replace("之", "-")
    counted = _COUNTED.fullmatch(said)
    if counted is None:
        return fold_spoken(said)
    hundreds, tens, ones = (fold_spoken(part or "") for part in counted.group("hundreds", "tens", "ones"))
    ten = int(tens or 1) * 10 if counted["ten"] else 0
    return str(int(hundreds or 0) * 100 + ten + int(ones or 0))
