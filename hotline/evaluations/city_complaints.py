"""Judges matter, area and unit of complaints as the bot takes them and the dispatcher decides them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from time import perf_counter

from tqdm import tqdm

from bot.room import TakenAs, Tried
from hotline.assembly import Assembled
from hotline.evaluations.city_sets import Complaint
from hotline.evaluations.evaluation import Figures, said_of, share, spread
from kernel.errors import Invalid
from kernel.textmodel import HeldOut

SHOWN = 3
# What goes out by itself is to be right this often; the confidence for it is found in so many parts.
PRECISION, PARTS = 0.95, 5
# How deep an area lies: the city, its districts, their towns. A village counts as its town.
DISTRICT, TOWN = 2, 3
# A ticket comes of it: the bot's own, or the one that lies filled in before the person it fetched.
TICKETS = frozenset({TakenAs.TICKET, TakenAs.PERSON})


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of one complaint: where it went, or would have gone had it become a ticket.

    ``ranked`` are the likeliest matters, the first first; ``matter`` the one a ticket is given, empty when none is
    clear enough. ``town`` and ``district``: whether the place is right so far down. ``confidence``: how sure the
    dispatcher is of the unit, between 0 and 1.
    """

    told: Complaint
    taken_as: TakenAs
    ranked: tuple[str, ...]
    matter: str
    area: str
    unit: str
    town: bool
    district: bool
    confidence: float
    by_itself: bool
    milliseconds: float
    why: tuple[str, ...] = field(default=())

    @property
    def is_ticket(self) -> bool:
        """Whether a ticket comes of it at all."""
        return self.taken_as in TICKETS

    @property
    def right_unit(self) -> bool:
        """Whether the unit is the right one."""
        return self.unit == self.told.unit

    def wrong(self) -> Iterator[tuple[str, str, str]]:
        """What is wrong: the name of it, what was expected, what was given. Of what is no ticket, everything."""
        if not self.is_ticket or self.ranked[:1] != (self.told.leaf,):
            yield "leaf", self.told.leaf, self.ranked[0] if self.is_ticket and self.ranked else ""
        if not self.is_ticket or not self.town:
            yield "area", self.told.area, self.area if self.is_ticket else ""
        if not self.is_ticket or not self.right_unit:
            yield "unit", self.told.unit, self.unit if self.is_ticket else ""


class ComplaintJudge:
    """Puts complaints to a house one at a time."""

    def __init__(self, assembled: Assembled) -> None:
        self._database = assembled.house.floor.database
        self._trying = assembled.rooms.bot.trying
        self._deciding = assembled.rooms.ticketing.deciding
        self._classifier = assembled.rooms.ticketing.catalogue.classifier
        self._lookup = assembled.rooms.directory.lookup

    async def judge_all(self, complaints: Sequence[Complaint]) -> list[Decided]:
        """Every complaint in order, with a bar on standard error."""
        return [await self.judge(told) for told in tqdm(complaints, desc="诉求", unit="条")]

    async def judge(self, told: Complaint) -> Decided:
        """One complaint as a citizen's first message."""
        tried = await self._trying.first(told.text)
        begun = perf_counter()
        reading = self._deciding.read(tried.draft)
        took = (perf_counter() - begun) * 1000
        lead = await self._lead(tried) if tried.taken_as is TakenAs.TICKET else ""
        guesses = self._classifier.rank(tried.draft.text)[:SHOWN]
        area = reading.where.finest.code if reading.where.finest else ""
        wanted = await self._trying.intents(told.text)
        return Decided(
            told=told,
            taken_as=tried.taken_as,
            ranked=tuple(guess.matter for guess in guesses),
            matter=reading.matter.code if reading.matter else "",
            area=area,
            unit=lead or next((each.unit for each in reading.decision.candidates), ""),
            town=self._same(area, told.area, TOWN),
            district=self._same(area, told.area, DISTRICT),
            confidence=next((each.confidence for each in reading.decision.candidates), 0.0),
            by_itself=bool(lead),
            milliseconds=took,
            why=(
                "意图：" + said_of((intent.label, sure) for intent, sure in wanted),
                "候选：" + said_of((guess.matter, guess.confidence) for guess in guesses),
                *reading.decision.explanation,
            ),
        )

    async def _lead(self, tried: Tried) -> str:
        """The unit the ticket goes to when it is opened; empty when it waits for a person, or cannot be opened."""
        try:
            async with self._database.transaction() as tx:
                ticket = await self._trying.register(tx, tried.draft)
        except Invalid:
            return ""
        return ticket.lead.unit if ticket.lead else ""

    def _same(self, given: str, expected: str, depth: int) -> bool:
        """Whether two areas are the same as far down as ``depth``."""
        return self._path(given, depth) == self._path(expected, depth)

    def _path(self, code: str, depth: int) -> tuple[str, ...]:
        return tuple(area.code for area in self._lookup.lineage(code))[:depth] if code else ()


def figures_of(decided: Sequence[Decided]) -> Figures:
    """The figures; every share is of all complaints unless its name says otherwise."""
    alone = [each for each in decided if each.by_itself]
    taken = Counter(each.taken_as for each in decided)
    return {
        "rows": len(decided),
        "taken_as": {each.value: taken[each] for each in TakenAs},
        **_rightness([each for each in decided if each.is_ticket], len(decided)),
        "by_itself": {
            "count": len(alone),
            "share": share(len(alone), len(decided)),
            "precision": share(sum(each.right_unit for each in alone), len(alone)),
        },
        "if_all_were_tickets": {**_rightness(decided, len(decided)), "sure_at_95": sure(decided)},
        "decision_ms": spread([each.milliseconds for each in decided]),
    }


def _rightness(decided: Sequence[Decided], whole: int) -> Figures:
    """What is right of ``decided``, as shares of ``whole``."""
    named = [each for each in decided if each.matter]
    return {
        "leaf": {
            "top1": share(sum(each.told.leaf in each.ranked[:1] for each in decided), whole),
            "top3": share(sum(each.told.leaf in each.ranked for each in decided), whole),
            "named": share(len(named), whole),
            "named_right": share(sum(each.matter == each.told.leaf for each in named), whole),
        },
        "area": {
            "town": share(sum(each.town for each in decided), whole),
            "district": share(sum(each.district for each in decided), whole),
        },
        "unit": share(sum(each.right_unit for each in decided), whole),
    }


def sure(decided: Sequence[Decided]) -> Figures:
    """The confidence in the unit from which on what is dispatched is right often enough; its share and precision are
    those of each part of the rows at the threshold that the other parts gave."""
    right = [(each.confidence, each.right_unit) for each in decided]
    sent: list[bool] = []
    for part in range(PARTS):
        learnt = _threshold([each for place, each in enumerate(right) if place % PARTS != part])
        sent += [hit for sureness, hit in right[part::PARTS] if learnt is not None and sureness >= learnt]
    threshold = _threshold(right)
    return {
        "threshold": None if threshold is None else round(threshold, 3),
        "share": share(len(sent), len(decided)),
        "precision": share(sum(sent), len(sent)),
    }


def _threshold(right: Sequence[tuple[float, bool]]) -> float | None:
    confidence, hits = tuple(each for each, _ in right), tuple(hit for _, hit in right)
    return HeldOut(confidence, hits).threshold(PRECISION)
