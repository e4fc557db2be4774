"""Which matter a ticket is about and which unit should lead, from the catalogue and the directory."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from directory.lookup import Lookup
from directory.model import Route, Unit
from kernel.errors import Invalid, NotFound
from ticketing.catalogue import Catalogue
from ticketing.classifier import KNOWN_FROM, Guess
from ticketing.model.acting import Form
from ticketing.model.duties import Candidate, DispatchDecision, Matter
from ticketing.model.labels import Urgency
from ticketing.model.ticket import Draft, Ticket
from ticketing.places import locate
from ticketing.rules import dispatch
from ticketing.rules.conflicts import Told, avoided, named
from ticketing.rules.dispatch import Where
from ticketing.rules.exceptions import exception_at, exception_item, ruled
from ticketing.rules.foreign import is_foreign
from ticketing.rules.moves import Moved, moved_on
from ticketing.rules.precedents import held_to
from ticketing.rules.prior import Led, reconsider

SURE = 1.0
# A matter less likely than this is not weighed.
POSSIBLE = 0.03
Guesses = Sequence[Guess]
BY_PERSON, BY_READER = "person", "classifier"


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a draft or a ticket: matter with its sureness, place, and where it should go."""

    matter: Matter | None
    sureness: float
    where: Where
    decision: DispatchDecision


class Deciding:
    """Reads drafts and tickets; changes nothing."""

    def __init__(self, lookup: Lookup, catalogue: Catalogue, threshold: Callable[[], float]) -> None:
        self._lookup = lookup
        self._catalogue = catalogue
        self._threshold = threshold

    def read(self, draft: Draft, where: Where | None = None, guesses: Guesses | None = None) -> Reading:
        """What a draft says; Invalid for a matter or an area that does not exist. ``where`` and ``guesses`` are what
        ``locate`` and the reader of matters said of it, where that was asked before."""
        where = self.locate(draft) if where is None else where
        told = Told(draft.text, draft.kind, draft.secrecy)
        return self._freed(self._read(self._current(draft.matter), draft.text, where, guesses), told)

    def locate(self, draft: Draft) -> Where:
        """The place of a draft; Invalid for an area that does not exist."""
        return locate(self._lookup, draft.area, draft.place, draft.text, point=draft.point)

    def reread(self, ticket: Ticket, matter: str = "", area: str = "", *, chosen: bool = True) -> Reading:
        """What a ticket says, with another matter or area when given. Of a matter no person has ``chosen`` only what
        the reader still makes of the words is sure."""
        where = locate(self._lookup, area or ticket.area, ticket.place, ticket.text, point=ticket.point)
        told = Told(ticket.text, ticket.kind, ticket.secrecy)
        if matter or chosen or not ticket.matter:
            return self._freed(self._read(matter or ticket.matter, ticket.text, where), told)
        # Not the title: it was made of the supposed matter's name and would prove it to itself.
        guesses = self._catalogue.classifier.rank(ticket.text)
        sure = next((guess.confidence for guess in guesses if guess.matter == ticket.matter), 0.0)
        return self._freed(self._decided(self._catalogue.known(ticket.matter), sure, where, BY_READER), told)

    def _freed(self, reading: Reading, told: Told) -> Reading:
        """Nobody the matter is against is at work on it by itself, and nobody on what no reader understands."""
        if is_foreign(told.text):
            reading = replace(reading, decision=dispatch.unread(reading.decision))
        decision, against = reading.decision, self._against(told, reading.where)
        if not against:
            return reading
        party = [each.unit for each in decision.candidates if each.unit in against]
        above = [self._above(unit, reading.matter, against) for unit in party]
        names = "、".join(self._lookup.unit(code).name for code in sorted(against))
        line = f"利益回避：诉求针对{names}，不自动派给该单位" + ("，建议由上一级单位办理" if party else "")
        freed = avoided(decision, against, [each for each in above if each is not None])
        return replace(reading, decision=replace(freed, explanation=(line, *freed.explanation)))

    def _against(self, told: Told, where: Where) -> frozenset[str]:
        around = {area.code for area in where.lineage}
        spoken = self._lookup.spoken_of(told.text)
        return named(told, self._lookup.units(), self._lookup.names_of, around, spoken)

    def _above(self, unit: str, matter: Matter | None, against: Collection[str]) -> Candidate | None:
        """The unit one level up that may decide about another."""
        for code in self._uppers(unit, matter):
            if code not in against:
                found = self._lookup.unit(code)
                has_power = matter is None or not matter.needs_power or matter.needs_power in found.powers
                duty = dispatch.duty_item(matter, found) if matter and matter.function in found.functions else ""
                return Candidate(code, 0.0, duty, f"{self._lookup.unit(unit).name}的上一级", has_power)
        return None

    def refuse_party(self, ticket: Ticket, form: Form) -> None:
        """Invalid when a matter is against a unit it is to be given to."""
        where = locate(self._lookup, ticket.area, ticket.place, ticket.text)
        against = self._against(Told(ticket.text, ticket.kind, ticket.secrecy), where)
        wrong = {"unit": form.unit in against, "supporting": not against.isdisjoint(form.supporting)}
        if any(wrong.values()):
            raise Invalid({field: "named_in_matter" for field, named_there in wrong.items() if named_there})

    def check_below(self, above: str, unit: str) -> None:
        """Invalid unless ``unit`` is below the one that hands down to it: of its house, or of a part of its area."""
        lower, upper = self._unit(unit), self._unit(above)
        if any(each.code == upper.code for each in self._parents(lower)):
            return
        inside = all(any(self._lies_below(area, wider) for wider in upper.areas) for area in lower.areas)
        if not lower.areas or not inside:
            raise Invalid({"unit": "not_below"})

    def _lies_below(self, area: str, wider: str) -> bool:
        return area != wider and self._lookup.lies_in(area, wider)

    def _parents(self, unit: Unit) -> Iterator[Unit]:
        while unit.parent:
            unit = self._lookup.unit(unit.parent)
            yield unit

    def _read(self, code: str, text: str, where: Where, guesses: Guesses | None = None) -> Reading:
        if code:
            return self._decided(self._named(code), SURE, where, BY_PERSON)
        ranked = self._catalogue.classifier.rank(text) if guesses is None else guesses
        if is_foreign(text):
            # It learnt Chinese: what it makes of another language is chance.
            ranked = ()
        # Until the text model has learnt of it, it may name a matter that was retired.
        found = ((self._catalogue.known(guess.matter), guess) for guess in ranked if guess.confidence >= POSSIBLE)
        readings = [(m, guess.confidence) for m, guess in found if m and not self._catalogue.is_retired(m.code)]
        decision = dispatch.weigh(
            readings, where, self._lookup.units_at, self._function_name, self._threshold(), BY_READER, KNOWN_FROM
        )
        matter = self._catalogue.known(decision.matter)
        decision = self._by_history(decision, matter, where)
        return Reading(matter, decision.sureness, where, self._by_rulings(decision, matter, where))

    def _decided(self, matter: Matter | None, sureness: float, where: Where, reader: str) -> Reading:
        function = self._function_name(matter)
        decision = dispatch.decide(matter, sureness, where, self._lookup.units_at, function, self._threshold(), reader)
        decision = self._by_history(decision, matter, where)
        return Reading(matter, sureness, where, self._by_rulings(decision, matter, where))

    def _current(self, code: str) -> str:
        """The matter a new ticket belongs to; Invalid when it is retired and nothing goes on with it."""
        current = self._catalogue.successor(code)
        if self._catalogue.is_retired(current):
            raise Invalid({"matter": "retired"})
        return current

    def _by_history(self, decision: DispatchDecision, matter: Matter | None, where: Where) -> DispatchDecision:
        if matter is None:
            return decision
        told = reconsider(decision, matter, self._led(matter, where), self._active)
        return moved_on(told, matter, self._catalogue.moves.at(matter.code, self._place_of(where)), self._active)

    def _by_rulings(self, decision: DispatchDecision, matter: Matter | None, where: Where) -> DispatchDecision:
        """What was taken over into the catalogue, and above it the newest ruling on the matter in that town."""
        decision = ruled(decision, matter, where, self._active)
        if matter is None:
            return decision
        found = self._catalogue.precedents.at(matter.code, self._place_of(where), self._lookup.town_of)
        if found is None:
            return decision
        unit = self._active(self._lookup.heir(found.lead, matter.function, found.area))
        fit = self._fit(matter, unit, where) if unit is not None else None
        return held_to(decision, matter, found, unit.name if unit is not None else found.lead, fit)

    def _fit(self, matter: Matter, unit: Unit, where: Where) -> Candidate:
        around = [area for code in unit.areas for area in self._lookup.lineage(code)]
        return dispatch.fits(matter, unit, around, where)

    def _place_of(self, where: Where) -> str:
        return self._lookup.town_of(where.lineage[-1].code) if where.lineage else ""

    def put_right(self, ticket: Ticket) -> Moved | None:
        """That people gave a ticket to another unit than is proposed for its matter there; None where they did not, or
        where a unit it is against was passed over."""
        if ticket.lead is None or not ticket.matter or not ticket.area:
            return None
        decision = self.reread(ticket).decision
        proposed = decision.candidates[0].unit if decision.candidates else ""
        if decision.conflicts or proposed in ("", ticket.lead.unit):
            return None
        return Moved(ticket.matter, self._lookup.town_of(ticket.area), proposed, ticket.lead.unit, 1)

    def matter_in(self, text: str) -> tuple[Matter, float] | None:
        """The matter a text is likeliest about, and how surely; None when it is about none in force."""
        best = next(iter(self._catalogue.classifier.rank(text)), None)
        matter = self._catalogue.known(best.matter) if best is not None else None
        if best is None or matter is None or self._catalogue.is_retired(matter.code):
            return None
        return matter, best.confidence

    def misreads(self, ticket: Ticket) -> bool:
        """Whether the reader takes the words of a ticket for another matter than it has, or for none surely."""
        best = self._catalogue.classifier.read(ticket.text)
        return best is None or best.matter != ticket.matter

    def with_choice(
        self, ticket: Ticket, unit_code: str, area: str, decision: DispatchDecision | None
    ) -> DispatchDecision:
        """The decision with what can be said of the unit a person picked, for another ``area`` when one is given;
        Invalid when there is no such unit or area."""
        unit = self._unit(unit_code)
        matter = self._catalogue.known(ticket.matter)
        kept = decision or DispatchDecision(automatic=False)
        if matter is None:
            return replace(kept, automatic=False, matter="", sureness=0.0)
        where = locate(self._lookup, area or ticket.area, ticket.place)
        chosen = self._fit(matter, unit, where)
        others = tuple(c for c in kept.candidates if c.unit != unit_code)
        candidates = (chosen, *others)
        return replace(kept, automatic=False, candidates=candidates, matter="", sureness=0.0)

    def correction(self, ticket: Ticket, matter: str) -> str:
        """How the history tells that a person names another matter; empty when it is the ticket's own. Invalid for one
        that is unknown or retired."""
        if not matter or matter == ticket.matter:
            return ""
        named = self._named(matter)
        if self._catalogue.is_retired(matter):
            raise Invalid({"matter": "retired"})
        before = self._catalogue.known(ticket.matter)
        return f"事项更正：{before.name if before else '未定'}→{named.name}"

    def urgency_of(self, matter: str) -> Urgency | None:
        """How urgent the catalogue holds a matter; None for one it does not know."""
        known = self._catalogue.known(matter)
        return known.urgency if known is not None else None

    def duty_item(self, ticket: Ticket, unit_code: str) -> str:
        """The row of the catalogue that makes a unit responsible; empty while the matter is unknown."""
        matter = self._catalogue.known(ticket.matter)
        if matter is None:
            return ""
        unit = self._unit(unit_code)
        lead = exception_at(matter, locate(self._lookup, ticket.area), self._active)
        if lead is not None and lead.unit == unit_code:
            return exception_item(matter, lead)
        return dispatch.duty_item(matter, unit) if matter.function in unit.functions else ""

    def heir(self, ticket: Ticket, unit: str) -> str:
        """The unit that goes on with what ``unit`` has of a ticket: itself while it is active, else its successor, else
        the unit that coordinates where the ticket is. The code itself when there is nobody."""
        matter = self._catalogue.known(ticket.matter)
        found = self._lookup.heir(unit, matter.function if matter else "", ticket.area)
        return found or (self.fallback_unit(ticket) if self._is_retired(unit) else "") or unit

    def heir_by(self, route: Route, matter: str, area: str) -> str:
        """The unit of a route that a ticket with this matter and area goes to."""
        known = self._catalogue.known(matter)
        return self._lookup.heir_by(route, known.function if known else "", area)

    def renewed(self, ticket: Ticket, decision: DispatchDecision | None) -> DispatchDecision | None:
        """The decision anew, when it names a unit that is no more."""
        if decision is None or not any(self._is_retired(each.unit) for each in decision.candidates):
            return decision
        return self.reread(ticket, chosen=decision.reader == BY_PERSON).decision

    def check_units(self, form: Form) -> None:
        """Invalid when a form gives work to a unit that there is not, or is no more."""
        named = {"unit": [form.unit], "supporting": form.supporting, "suggested_unit": [form.suggested_unit]}
        wrong = {
            field: next(fault for fault in map(self._fault, units) if fault)
            for field, units in named.items()
            if any(map(self._fault, units))
        }
        if wrong:
            raise Invalid(wrong)

    def _fault(self, code: str) -> str:
        if not code:
            return ""
        try:
            return "" if self._lookup.unit(code).active else "unit_retired"
        except NotFound:
            return "unknown"

    def _is_retired(self, code: str) -> bool:
        return self._fault(code) == "unit_retired"

    def area_for(self, ticket: Ticket, unit_code: str) -> str:
        """The area of a ticket that was sent to the wrong one, seen from the unit that is to have it: the unit's own,
        unless the ticket already lies in it."""
        unit = self._unit(unit_code)
        return "" if any(self._lookup.lies_in(ticket.area, area) for area in unit.areas) else unit.area

    def upper_unit(self, ticket: Ticket) -> str:
        """The unit one level above the lead: with the same function in a wider area, else the one it belongs to."""
        if ticket.lead is None:
            return ""
        return next(self._uppers(ticket.lead.unit, self._catalogue.known(ticket.matter)), "")

    def _uppers(self, code: str, matter: Matter | None) -> Iterator[str]:
        unit = self._lookup.unit(code)
        for area in reversed(self._lookup.lineage(unit.area)[:-1]):
            found = self._lookup.units_at(matter.function, area.code, matter.needs_power) if matter else ()
            yield from (each.code for each in found[:1])
        while unit.parent:
            yield unit.parent
            unit = self._lookup.unit(unit.parent)

    def first_unit(self, ticket: Ticket) -> str:
        """The unit that takes what nobody has led yet: whose duty it surely is, else the one that coordinates there."""
        decision = self.reread(ticket, chosen=False).decision
        return decision.candidates[0].unit if decision.automatic else self.fallback_unit(ticket)

    def fallback_unit(self, ticket: Ticket) -> str:
        """The unit that coordinates where the ticket is."""
        where = locate(self._lookup, ticket.area)
        for area in reversed(where.lineage):
            found = self._lookup.units_at(dispatch.COORDINATION, area.code)
            if found:
                return found[0].code
        return ""

    def matter_of(self, ticket: Ticket) -> Matter | None:
        """What a ticket is about, as far as the catalogue knows it."""
        return self._catalogue.known(ticket.matter)

    def is_enforced(self, ticket: Ticket) -> bool:
        """Whether what a ticket is about takes a power of enforcement."""
        matter = self.matter_of(ticket)
        return matter is not None and bool(matter.needs_power)

    def same_sort(self, one: Ticket, other: Ticket) -> bool:
        """Whether their matters stand in one group of the catalogue."""
        mine, theirs = self.matter_of(one), self.matter_of(other)
        return mine is not None and theirs is not None and _group(mine) == _group(theirs)

    def same_town(self, one: Ticket, other: Ticket) -> bool:
        """Whether nothing says that they lie in different towns: a road of the same name there is another."""
        if not (one.area and other.area):
            return True
        mine, theirs = self._lookup.town_of(one.area), self._lookup.town_of(other.area)
        return self._lookup.lies_in(mine, theirs) or self._lookup.lies_in(theirs, mine)

    def _named(self, code: str) -> Matter:
        try:
            return self._catalogue.matter(code)
        except NotFound as error:
            raise Invalid({"matter": "unknown"}) from error

    def _led(self, matter: Matter, where: Where) -> Led | None:
        def heir(unit: str, area: str) -> str:
            return self._lookup.heir(unit, matter.function, area)

        return self._catalogue.prior.led(matter.code, where.lineage, self._lookup.lies_in, heir)

    def _active(self, code: str) -> Unit | None:
        try:
            unit = self._lookup.unit(code)
        except NotFound:
            return None
        return unit if unit.active else None

    def _unit(self, code: str) -> Unit:
        try:
            return self._lookup.unit(code)
        except NotFound as error:
            raise Invalid({"unit": "unknown"}) from error

    def _function_name(self, matter: Matter | None) -> str:
        return self._lookup.function_name(matter.function) if matter else ""


def _group(matter: Matter) -> tuple[str, str]:
    return matter.level1, matter.level2
