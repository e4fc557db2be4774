"""Open311 GeoReport v2 (wiki.open311.org/GeoReport_v2): which matters are services, what is asked for, what is shown.

Everybody may read what is shown: nothing finer than the road or the village, nobody's number, no secret ticket.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from kernel.errors import Invalid
from kernel.masking import COMPOUND_SURNAMES
from kernel.messages import GeoPoint
from kernel.privacy import find_personal, mask_address
from ticketing.model.duties import Matter
from ticketing.model.labels import CITIZEN_WORDS, Flag, Open311, Secrecy, State, TicketKind, Urgency
from ticketing.model.ticket import Ticket
from ticketing.rules.others_named import maybe_persons, persons
from ticketing.rules.redacting import MASKED
from ticketing.rules.unnaming import UNNAMED

Fields = Mapping[str, Sequence[str]]

SPAN = timedelta(days=90)
MOST = 1000
LONGEST_DESCRIPTION = 4000
LONGEST_URL = 500
LONGEST_ANSWER = 1000
# What is asked of somebody is about the city's things, and no emergency: that one is telephoned.
OFFERED = frozenset({TicketKind.HELP, TicketKind.COMPLAINT, TicketKind.OTHER})
OF_THE_HOME = frozenset({"家庭", "未成年人保护", "婚姻收养"})
NEVER_SHOWN = frozenset({Flag.MINOR, Flag.SENSITIVE})
STATUSES = (Open311.OPEN.value, Open311.CLOSED.value)
# A thousandth of a degree is a hundred metres: the road, not the door.
SHOWN_DECIMALS = 3
ON_THE_MAP = "地图选点"
COORDINATES, PICTURE, MAIL = "坐标（WGS-84）：", "图片链接：", "电子邮件："
_FOR_THE_OFFICE = (COORDINATES, PICTURE, MAIL)
_DOOR = re.compile(
    r"[0-9０-９零〇一二三四五六七八九十百]+(?:之[0-9一二三四五六七八九十]+)?\s*[号號](?!线|路|公路|桥|门(?!口|前)|口|文)"
)
HIDDEN = "〔已隐去〕"
# *栋***, **号, *单元*楼: what a mask has left of a building, without the word before it.
_PARTS = "单元|單元|[栋棟幢座梯楼樓层層室房号號户戶铺鋪之]"
_HOUSE = re.compile(rf"\*+(?=[*0-9A-Za-z\-]*(?:{_PARTS}))(?:[*0-9A-Za-z\-]|{_PARTS})+")
_LEFT = re.compile(rf"(?:{'|'.join(sorted(COMPOUND_SURNAMES))})\*+[\u4e00-\u9fff]?|{MASKED}")
_SIDE_BY_SIDE = re.compile(rf"{HIDDEN}(?:\s*{HIDDEN})+")
_ATTRIBUTE = re.compile(r"attribute\[(?P<code>[^\]]+)\](?:\[\])?")
_URL = re.compile(r"https?://[^\s<>\"']+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


# -- services -----------------------------------------------------------------------------------------------


def is_service(matter: Matter) -> bool:
    """Whether a matter can be reported over Open311."""
    return matter.kind in OFFERED and matter.urgency is not Urgency.P0


def questions(matter: Matter) -> tuple[tuple[str, str], ...]:
    """What is asked back of a matter, each with the code its answer comes under."""
    return tuple((f"ask{place}", ask) for place, ask in enumerate(matter.asks, start=1))


# -- what is posted -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Post:
    """A request as it was posted; ``point`` in WGS-84, ``answers`` pairs of a question and what was answered."""

    text: str
    place: str
    address_id: str
    point: GeoPoint | None
    name: str
    phone: str


def read_post(fields: Fields, matter: Matter) -> Post:
    """What a form says; Invalid names every field that cannot be used."""
    wrong: dict[str, str] = {}
    said = {name: _CONTROL.sub("", values[0]).strip() for name, values in fields.items() if values}
    point = _point(said, wrong)
    place, address_id = said.get("address_string", ""), said.get("address_id", "")
    if point is None and not place and not address_id and not wrong:
        wrong["address_string"] = "location_needed"
    if len(said.get("description", "")) > LONGEST_DESCRIPTION:
        wrong["description"] = "too_long"
    if len(place) > LONGEST_ANSWER:
        wrong["address_string"] = "too_long"
    picture = said.get("media_url", "")
    if picture and (len(picture) > LONGEST_URL or not _URL.fullmatch(picture)):
        wrong["media_url"] = "url_wrong"
    answers = _answers(fields, matter, wrong)
    if wrong:
        raise Invalid(wrong)
    lines = [said.get("description", "") or matter.name, *answers]
    if picture:
        lines.append(PICTURE + picture)
    if mail := said.get("email", ""):
        lines.append(MAIL + mail[:LONGEST_URL])
    if point is not None:
        lines.append(f"{COORDINATES}{point.latitude:.6f}, {point.longitude:.6f}")
    name = _name(said.get("last_name", ""), said.get("first_name", ""))
    return Post("\n".join(lines), place, address_id, point, name, said.get("phone", ""))


def _point(said: Mapping[str, str], wrong: dict[str, str]) -> GeoPoint | None:
    given = {name: said.get(name, "") for name in ("lat", "long")}
    if not any(given.values()):
        return None
    found = {}
    for name, limit in (("lat", 90.0), ("long", 180.0)):
        try:
            found[name] = float(given[name])
        except ValueError:
            wrong[name] = "wrong" if given[name] else "missing"
            continue
        if not math.isfinite(found[name]) or abs(found[name]) > limit:
            wrong[name] = "out_of_range"
    return GeoPoint(found["lat"], found["long"]) if not wrong else None


def _answers(fields: Fields, matter: Matter, wrong: dict[str, str]) -> list[str]:
    asked, lines = dict(questions(matter)), []
    for name, values in fields.items():
        found = _ATTRIBUTE.fullmatch(name)
        if found is None:
            continue
        answer = "、".join(_CONTROL.sub("", value).strip() for value in values if value.strip())
        if found["code"] not in asked:
            wrong[name] = "unknown"
        elif len(answer) > LONGEST_ANSWER:
            wrong[name] = "too_long"
        elif answer:
            lines.append(f"{asked[found['code']]}：{answer}")
    return lines


def _name(last: str, first: str) -> str:
    return f"{first} {last}".strip() if (last + first).isascii() else f"{last}{first}"


# -- what is asked for --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which requests somebody wants to see. ``numbers`` given, nothing else counts; empty sets mean all."""

    numbers: tuple[str, ...]
    services: tuple[str, ...]
    statuses: frozenset[str]
    since: datetime
    until: datetime
    page: int = 1
    size: int = MOST


def read_wanted(fields: Fields, now: datetime, zone: tzinfo) -> Wanted:
    """What a query says; Invalid names every argument that cannot be used, a span over 90 days among them."""
    wrong: dict[str, str] = {}
    numbers, services, statuses = (_several(fields, name) for name in ("service_request_id", "service_code", "status"))
    if set(statuses) - set(STATUSES):
        wrong["status"] = "unknown"
    since, until = (_moment(fields, name, zone, wrong) for name in ("start_date", "end_date"))
    page, size = _count(fields, "page", 1, wrong), _count(fields, "page_size", MOST, wrong)
    if since and until and until < since:
        wrong["end_date"] = "before_since"
    elif since and until and until - since > SPAN:
        wrong["end_date"] = "span_too_long"
    if wrong:
        raise Invalid(wrong)
    if since is None:
        until = until or now
        since = until - SPAN
    until = until or since + SPAN
    return Wanted(numbers[:MOST], services, frozenset(statuses), since, until, page, min(size, MOST))


def _several(fields: Fields, name: str) -> tuple[str, ...]:
    parts = [part.strip() for value in fields.get(name, ()) for part in value.split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _moment(fields: Fields, name: str, zone: tzinfo, wrong: dict[str, str]) -> datetime | None:
    """A moment as w3.org/TR/NOTE-datetime writes it; a day without an hour is the city's."""
    text = next(iter(fields.get(name, ())), "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time(), zone)
        found = datetime.fromisoformat(text)
    except ValueError:
        wrong[name] = "wrong"
        return None
    if found.tzinfo is None:
        wrong[name] = "zone_needed"
        return None
    return found.astimezone(UTC)


def _count(fields: Fields, name: str, default: int, wrong: dict[str, str]) -> int:
    text = next(iter(fields.get(name, ())), "").strip()
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= 10**6:
        wrong[name] = "wrong"
        return default
    return int(text)


# -- what is shown ------------------------------------------------------------------------------------------


def is_public(ticket: Ticket) -> bool:
    """Whether everybody may see it: 公开, and neither of a child nor sensitive."""
    return ticket.secrecy is Secrecy.OPEN and ticket.state is not State.DRAFT and not ticket.flags & NEVER_SHOWN


def is_of_the_home(matter: Matter) -> bool:
    """Whether a matter is about who lives with whom: that it was reported is told, where and in which words is not."""
    return matter.level2 in OF_THE_HOME


def status_of(state: State, parent: State | None = None) -> str:
    """open or closed; a merged ticket follows its ``parent``."""
    status = CITIZEN_WORDS[state][1]
    if status is Open311.OF_PARENT:
        status = CITIZEN_WORDS[parent][1] if parent is not None else Open311.OPEN
    return Open311.CLOSED.value if status is Open311.CLOSED else Open311.OPEN.value


def states_of(status: str) -> tuple[State, ...]:
    """The states that are open, or closed, by themselves."""
    return tuple(state for state, (_, each) in CITIZEN_WORDS.items() if each.value == status)


def status_notes(state: State) -> str:
    """The state in the citizen's words, without the reason or the road: those may speak of somebody."""
    return CITIZEN_WORDS[state][0].partition(",")[0].rstrip("…")


def description(text: str) -> str:
    """A masked text without what the mask has left, without house numbers, without names of others and without what
    only the office needs."""
    lines: Iterable[str] = (line for line in text.splitlines() if not line.startswith(_FOR_THE_OFFICE))
    shown = "\n".join(lines)
    for name in (*persons(shown), *maybe_persons(shown)):
        shown = shown.replace(name, HIDDEN)
    return _blotted(shown)[:LONGEST_DESCRIPTION]


def address(place: str) -> str:
    """The road, the village, the estate or the park; from the house number on nothing."""
    shown = mask_address(place)
    return _blotted(shown.rstrip("*") + HIDDEN if shown.endswith("**") else shown)


def _blotted(text: str) -> str:
    """Everybody reads it: half a number or a name's first letter tells a neighbour enough, so that each goes whole."""
    text = text.replace(UNNAMED, HIDDEN)
    for pattern in (_DOOR, _HOUSE, _LEFT):
        text = pattern.sub(HIDDEN, text)
    pieces, end = [], 0
    for span in find_personal(text):
        pieces += [text[end : span.start], HIDDEN]
        end = span.end
    return _SIDE_BY_SIDE.sub(HIDDEN, "".join(pieces) + text[end:])


def shown_point(point: GeoPoint | None) -> tuple[float | None, float | None]:
    """Degrees to about a hundred metres."""
    if point is None:
        return None, None
    return round(point.latitude, SHOWN_DECIMALS), round(point.longitude, SHOWN_DECIMALS)
