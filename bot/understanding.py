"""Turns a message into meaning: clear words first, then the reader, then the parts of a ticket."""

from collections.abc import Mapping
from datetime import datetime

from bot.asked import Asked
from bot.model import Intent, Meaning, Reader
from bot.rules import slots
from bot.rules.confidence import asked_or_told, settled
from bot.rules.dialogue import ASKED_FOR_A_WAY
from bot.rules.grievance import asks_a_way, head_of, is_letter
from bot.rules.said import Plain, clear_intent
from bot.rules.spans import SlotKind, first_of, spans_in
from directory.lookup import Lookup
from directory.model import Level, Nearby
from kernel.errors import Unavailable
from kernel.introduction import without_introduction
from kernel.messages import GeoPoint

MAX_READ = 4000
MAX_TOWNS = 8
_OF_PLACE = frozenset({"where", "area", "area_name", "town", "district", "certain"})
# What of the stretches a flow asks for; the others only keep them from being taken for one.
_KEPT = frozenset({SlotKind.PHONE, SlotKind.NUMBER, SlotKind.CODE})


class Understanding:
    """Reads messages; a reader that does not answer leaves what the rules are sure of."""

    def __init__(self, reader: Reader, lookup: Lookup, unsure: float, asked: Asked | None = None) -> None:
        self._reader = reader
        self._asked = asked
        self._lookup = lookup
        self._unsure = unsure

    async def read(self, text: str, at: datetime | None = None) -> Meaning:
        """What ``text`` says, written at ``at``; never raises for any text."""
        said = without_introduction(text[:MAX_READ])
        plain = Plain.of(said)
        clear = clear_intent(plain)
        if clear is not Intent.OTHER:
            return Meaning(text, ((clear, 1.0),), self.parts(text, at))
        ranked = settled(plain, await self._guess(self._head(plain)), self._unsure)
        if self._asked is None:
            return Meaning(text, ranked, self.parts(text, at))
        parts = self.parts(text, at)
        asks = self._asked.likely(said)
        if asks_a_way(plain.mandarin) and "where" not in parts and "area" not in parts:
            asks = max(asks, ASKED_FOR_A_WAY)
        return Meaning(text, asked_or_told(plain, ranked, asks), parts, asks)

    def parts(self, text: str, at: datetime | None = None) -> dict[str, str]:
        """The parts of a ticket a text names, by name; what it does not name is left out.

        ``when`` is as said; ``when_meant`` the day it means for who writes at ``at``.
        """
        local = at.astimezone(self._lookup.calendar().zone) if at else None
        spans = spans_in(text[:MAX_READ], local)
        when = first_of(spans, SlotKind.WHEN)
        place = slots.where_in(text[:MAX_READ], self._lookup.find_places)
        found = {
            "where": place.text or slots.unknown_place_in(text),
            "area": place.area,
            "area_name": self._lookup.area(place.area).name if place.area else "",
            "town": place.town,
            "district": place.district,
            "certain": "yes" if place.certain else "",
            "when": when.said if when else "",
            "when_meant": when.value if when else "",
            **{kind.value: span.value for kind in _KEPT if (span := first_of(spans, kind))},
            "name": slots.name_in(text),
            "secret": "yes" if slots.wants_secrecy(text) else "",
            "anonymous": "yes" if slots.wants_anonymity(text) else "",
            "score": slots.score_in(text),
        }
        return {name: value for name, value in found.items() if value}

    def with_point(self, said: Mapping[str, str], point: GeoPoint) -> dict[str, str]:
        """The parts of a ticket with the place of a point that was sent: what its label says, or, where that leaves the
        town open, the place nearest to it, with how far that is. Where the two name different towns neither is
        certain."""
        kept = {name: value for name, value in said.items() if name not in _OF_PLACE}
        parts = self.parts(point.label) if point.label else {}
        near = self._lookup.nearby(point)
        if near is None:
            return {**parts, **kept}
        town = parts.get("town", "") if "certain" in parts else ""
        if town == near.town:
            return {**parts, **kept}
        told = {**parts, **kept, **({"certain": ""} if town else self._beside(near, point.label))}
        return {name: value for name, value in told.items() if value}

    def _beside(self, near: Nearby, label: str) -> dict[str, str]:
        lineage = self._lookup.lineage(near.area)
        beside = f"离{near.place}约{near.metres}米"
        return {
            "where": f"{label}（{beside}）" if label else f"{near.place}附近（{beside}）",
            "area": near.area,
            "area_name": lineage[-1].name,
            "town": near.town,
            "district": next((area.code for area in lineage if area.level is Level.DISTRICT), ""),
            "certain": "yes" if near.certain else "",
        }

    def towns(self, text: str, area: str) -> tuple[str, ...]:
        """Names to choose from where a place is still open: what it may mean, the towns of its district, districts."""
        hits = self._lookup.find_places(text) if text else ()
        meant = dict.fromkeys(hit.town for hit in hits if hit.town)
        if len(meant) > 1:
            return tuple(self._lookup.area(code).name for code in meant)[:MAX_TOWNS]
        if area and self._lookup.area(area).level in {Level.TOWN, Level.VILLAGE}:
            return self._proposed(self._lookup.town_of(area))
        district = area or next((hit.district for hit in hits if hit.district), "")
        if district and self._lookup.area(district).level is Level.DISTRICT:
            return tuple(town.name for town in self._lookup.towns_under(district))[:MAX_TOWNS]
        return tuple(each.name for each in self._lookup.areas(level=Level.DISTRICT))

    def _proposed(self, town: str) -> tuple[str, ...]:
        """The town that is likely, then the others of its district."""
        beside = self._lookup.towns_under(self._lookup.area(town).parent)
        names = dict.fromkeys([self._lookup.area(town).name, *(each.name for each in beside)])
        return tuple(names)[:MAX_TOWNS]

    @staticmethod
    def _head(plain: Plain) -> str:
        return head_of(plain.mandarin) if is_letter(plain.said) else plain.mandarin

    async def _guess(self, text: str) -> tuple[tuple[Intent, float], ...]:
        if not text.strip():
            return ()
        try:
            return (await self._reader.read(text)).intents
        except Unavailable:
            return ()
