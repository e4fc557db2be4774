"""Which matter a ticket is about and which unit should lead, from the catalogue and the directory."""

from dataclasses import dataclass

from directory.lookup import Lookup
from directory.model import Route, Unit
from kernel.errors import Invalid, NotFound
from ticketing.catalogue import Catalogue
from ticketing.classifier import KNOWN_FROM
from ticketing.model import DispatchDecision, Draft, Form, Matter, Ticket
from ticketing.places import locate
from ticketing.rules import dispatch
from ticketing.rules.dispatch import Where
from ticketing.rules.prior import Led, reconsider

SURE = 1.0
# A matter less likely than this is not weighed.
POSSIBLE = 0.03
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

    def __init__(self, lookup: Lookup, catalogue: Catalogue, threshold: float) -> None:
        self._lookup = lookup
        self._catalogue = catalogue
        self._threshold = threshold

    def read(self, draft: Draft) -> Reading:
        """What a draft says; Invalid for a matter or an area that does not exist."""
        where = locate(self._lookup, draft.area, draft.place, draft.text)
        return self._read(draft.matter, draft.text, where)

    def reread(self, ticket: Ticket, matter: str = "", area: str = "", *, chosen: bool = True) -> Reading:
        """What a ticket says, with another matter or area when given. Of a matter no person has ``chosen`` only what
        the reader still makes of the words is sure."""
        where = locate(self._lookup, area or ticket.area, ticket.place, ticket.text)
        if matter or chosen or not ticket.matter:
            return self._read(matter or ticket.matter, ticket.text, where)
        # Not the title: it was made of the supposed matter's name and would prove it to itself.
        guesses = self._catalogue.classifier.rank(ticket.text)
        sure = next((guess.confidence for guess in guesses if guess.matter == ticket.matter), 0.0)
        return self._decided(self._catalogue.known(ticket.matter), sure, where, BY_READER)

    def _read(self, code: str, text: str, where: Where) -> Reading:
        if code:
            return self._decided(self._named(code), SURE, where, BY_PERSON)
        guesses = [guess for guess in self._catalogue.classifier.rank(text) if guess.confidence >= POSSIBLE]
        readings = [(self._catalogue.matter(guess.matter), guess.confidence) for guess in guesses]
        decision = dispatch.weigh(
            readings, where, self._lookup.units_at, self._function_name, self._threshold, BY_READER, KNOWN_FROM
        )
        matter = self._catalogue.known(decision.matter)
        return Reading(matter, decision.sureness, where, self._by_history(decision, matter, where))

    def _decided(self, matter: Matter | None, sureness: float, where: Where, reader: str) -> Reading:
        function = self._function_name(matter)
        decision = dispatch.decide(matter, sureness, where, self._lookup.units_at, function, self._threshold, reader)
        return Reading(matter, sureness, where, self._by_history(decision, matter, where))

    def _by_history(self, decision: DispatchDecision, matter: Matter | None, where: Where) -> DispatchDecision:
        if matter is None:
            return decision
        return reconsider(decision, matter, self._led(matter, where), self._active)

    def with_choice(
        self, ticket: Ticket, unit_code: str, area: str, decision: DispatchDecision | None
    ) -> DispatchDecision:
        """The decision with what can be said of the unit a person picked, for another ``area`` when one is given;
        Invalid when there is no such unit or area."""
        unit = self._unit(unit_code)
        matter = self._catalogue.known(ticket.matter)
        kept = decision or DispatchDecision(automatic=False)
        if matter is None:
            return DispatchDecision(False, kept.candidates, kept.explanation, kept.threshold, kept.reader)
        where = locate(self._lookup, area or ticket.area, ticket.place)
        around = [area for code in unit.areas for area in self._lookup.lineage(code)]
        chosen = dispatch.fits(matter, unit, around, where)
        others = tuple(c for c in kept.candidates if c.unit != unit_code)
        return DispatchDecision(False, (chosen, *others), kept.explanation, kept.threshold, kept.reader)

    def duty_item(self, ticket: Ticket, unit_code: str) -> str:
        """The row of the catalogue that makes a unit responsible; empty while the matter is unknown."""
        matter = self._catalogue.known(ticket.matter)
        if matter is None:
            return ""
        unit = self._unit(unit_code)
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
        wrong = {field: "unit_retired" for field, units in named.items() if any(map(self._is_retired, units))}
        if wrong:
            raise Invalid(wrong)

    def _is_retired(self, code: str) -> bool:
        try:
            return not self._lookup.unit(code).active
        except NotFound:
            return False

    def area_for(self, ticket: Ticket, unit_code: str) -> str:
        """The area of a ticket that was sent to the wrong one, seen from the unit that is to have it: the unit's own,
        unless the ticket already lies in it."""
        unit = self._unit(unit_code)
        return "" if any(self._lookup.lies_in(ticket.area, area) for area in unit.areas) else unit.area

    def upper_unit(self, ticket: Ticket) -> str:
        """The unit one level above the lead: with the same function in a wider area, else the one it belongs to."""
        if ticket.lead is None:
            return ""
        unit = self._lookup.unit(ticket.lead.unit)
        matter = self._catalogue.known(ticket.matter)
        for area in reversed(self._lookup.lineage(unit.area)[:-1]):
            found = self._lookup.units_at(matter.function, area.code, matter.needs_power) if matter else ()
            if found:
                return found[0].code
        return unit.parent

    def fallback_unit(self, ticket: Ticket) -> str:
        """The unit that coordinates where the ticket is."""
        where = locate(self._lookup, ticket.area)
        for area in reversed(where.lineage):
            found = self._lookup.units_at(dispatch.COORDINATION, area.code)
            if found:
                return found[0].code
        return ""

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
