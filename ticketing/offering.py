"""The buttons of a ticket for somebody, with the fields each asks for and what may be chosen in them."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from directory.lookup import Lookup
from directory.model import Level, Unit
from kernel.clock import Clock
from kernel.errors import NotFound
from ticketing.catalogue import Catalogue
from ticketing.limiting import LimitKeeper
from ticketing.model.acting import Doer
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Action, Actor, RequestKind, RequestState, SideAction
from ticketing.model.ticket import Request, Ticket
from ticketing.row_views import OptionView
from ticketing.rules.agenda import goes_to_a_service
from ticketing.rules.buttons import buttons, parts_to_dissent_from, parts_to_withdraw, requests_open_to
from ticketing.rules.fields import (
    DANGER,
    PRIMARY,
    WRITTEN_FROM,
    Asked,
    Field,
    fields_of,
    is_demanded,
    is_settled,
    of_this_urgency,
    unwritten,
    why_named,
)
from ticketing.rules.moving import barred, unused_grant
from ticketing.rules.suggesting import Officer, suggested
from ticketing.rules.telling import SECRET
from ticketing.views import ActionView, FieldView


class Offering:
    """Says what may be done, from the tables of the rules."""

    def __init__(
        self,
        clock: Clock,
        lookup: Lookup,
        catalogue: Catalogue,
        limits: LimitKeeper,
        writes_to: Callable[[Ticket], bool],
        rings: Callable[[Ticket], bool],
    ) -> None:
        self._rings = rings
        self._writes_to = writes_to
        self._clock = clock
        self._lookup = lookup
        self._catalogue = catalogue
        self._limits = limits

    def actions(
        self,
        ticket: Ticket,
        doers: Sequence[Doer],
        decision: DispatchDecision | None = None,
        officer: Officer | None = None,
    ) -> list[ActionView]:
        """What may be done now; forms already hold what the ticket, the decision and the officer's last result say."""
        unreachable = not self._writes_to(ticket) and not self._rings(ticket)
        now, calendar, limits = self._clock.now(), self._lookup.calendar(), self._limits.now()
        found = buttons(ticket, doers, now, calendar, limits, unreachable=unreachable)
        return [
            self._button(ticket, each.action, _label(ticket, each.action), each.actor, decision, doers, officer)
            for each in found
        ]

    def requests(self, ticket: Ticket, doers: Sequence[Doer]) -> list[ActionView]:
        """What the lead unit may ask for now."""
        found = requests_open_to(ticket, doers, self._clock.now(), self._lookup.calendar(), self._limits.now())
        return [self._button(ticket, kind, f"申请{kind.label}", None) for kind in found]

    def why_granted_by_name(self, ticket: Ticket, request: Request, actor: Actor | None) -> str:
        """Why whoever grants a request in the part of ``actor`` names a supervisor; empty where they need not."""
        limits = self._limits.now()
        moves = request.kind is RequestKind.RETURN
        named = moves and is_demanded(ticket, Action.REASSIGN, "supervisor", actor, limits)
        return why_named(ticket, Action.REASSIGN, limits) if named else ""

    def _button(
        self,
        ticket: Ticket,
        asked: Asked,
        label: str,
        actor: Actor | None,
        decision: DispatchDecision | None = None,
        doers: Sequence[Doer] = (),
        officer: Officer | None = None,
    ) -> ActionView:
        known = suggested(ticket, asked, decision, officer)
        if asked is SideAction.SUB_DISPATCH:
            against = decision.conflicts if decision is not None else ()
            known = {"unit": self._village(ticket, {doer.unit for doer in doers if doer.actor is actor}, against)}
        wanted = [field for field in fields_of(asked, actor) if not is_settled(ticket, asked, field.name)]
        wanted = [of_this_urgency(ticket, asked, field) for field in wanted]
        if not self._writes_to(ticket):
            rings, secret = self._rings(ticket), ticket.secrecy in SECRET
            asked_anew = (unwritten(asked, field, rings=rings, secret=secret) for field in wanted)
            wanted = [field for field in asked_anew if field is not None]
        limits = self._limits.now()
        demanded = {each.name for each in wanted if is_demanded(ticket, asked, each.name, actor, limits)}
        # A supervisor's name is asked for where it is needed, and nowhere else.
        wanted = [each for each in wanted if each.name != "supervisor" or each.name in demanded]
        wanted = [replace(each, required=each.required or each.name in demanded) for each in wanted]
        wanted = [
            replace(each, hint=why_named(ticket, asked, limits)) if each.name == "supervisor" else each
            for each in wanted
        ]
        parts = self._parts(ticket, asked, [doer for doer in doers if doer.actor is actor])
        at_work = {part.unit for part in ticket.assignments if part.open}
        candidates = decision.candidates if decision is not None else ()
        likely = [each.unit for each in candidates if each.unit not in at_work]
        fields = [self._field(ticket, field, known.get(field.name, ""), parts, likely) for field in wanted]
        if asked in MAKES_THE_LEAD and actor is not Actor.SUPERVISOR:
            duty = [each.unit for each in candidates if each.duty_item]
            found = barred(ticket, unused_grant(ticket), duty)
            closed = [OptionView(unit, BARRED[why]) for unit, why in found.items()]
            fields = [replace(each, barred=closed) if each.name == "unit" else each for each in fields]
        instead = next((doer.instead_of for doer in doers if doer.actor is actor), "")
        hands_over = asked is Action.HAND_OVER and goes_to_a_service(ticket)
        return ActionView(asked.value, label, asked in PRIMARY or hands_over, asked in DANGER, fields, instead)

    def _village(self, ticket: Ticket, above: Collection[str], against: Collection[str]) -> str:
        """The committee of the village a matter is in, if it lies below the unit that hands it down, may do it and has
        no part in it: none enforces anything."""
        matter = self._catalogue.known(ticket.matter)
        if not ticket.area or (matter is not None and matter.needs_power):
            return ""
        at_work = {part.unit for part in ticket.assignments if part.open} | set(against)
        found = (unit for unit in self._lookup.units() if unit.level is Level.VILLAGE and ticket.area in unit.areas)
        return next((unit.code for unit in found if unit.code not in at_work and self._is_below(unit, above)), "")

    def _is_below(self, unit: Unit, above: Collection[str]) -> bool:
        uppers = [self._lookup.unit(code) for code in above if code]
        return any(self._lookup.lies_in(unit.area, area) for upper in uppers for area in upper.areas)

    def _parts(self, ticket: Ticket, asked: Asked, doers: Sequence[Doer]) -> list[OptionView]:
        """The parts of units one may be chosen of."""
        now, calendar = self._clock.now(), self._lookup.calendar()
        if asked is SideAction.WITHDRAW_PART:
            parts = parts_to_withdraw(ticket)
        else:
            parts = [part for doer in doers for part in parts_to_dissent_from(ticket, doer, now, calendar)]
        return [OptionView(part.id, self._unit_name(part.unit)) for part in parts]

    def _field(
        self, ticket: Ticket, field: Field, value: str, parts: list[OptionView], likely: Sequence[str] = ()
    ) -> FieldView:
        of_unit = field.type == "unit"
        options = [OptionView(value, label) for value, label in field.options]
        if field.name == "area":
            options = [OptionView(area.code, area.name) for area in self._lookup.areas() if area.level in CHOSEN]
        if field.name == "request":
            granted = [r for r in ticket.requests if r.state is RequestState.GRANTED and not r.used]
            options = [OptionView(r.id, f"{r.kind.label} {r.reason}") for r in granted]
        if field.name == "channel" and ticket.address is not None and ticket.address.channel in WRITTEN_FROM:
            options.append(OptionView(ticket.address.channel, WRITTEN_FROM[ticket.address.channel]))
        if field.name == "assignment":
            options = parts
        return FieldView(
            field.name,
            field.label,
            field.type,
            field.required,
            options,
            field.hint,
            value,
            self._label(field.type, value),
            "" if field.required else field.when,
            ticket.area if of_unit else "",
            likely if of_unit else (),
        )

    def _label(self, kind: str, value: str) -> str:
        if kind == "unit" and value:
            return self._unit_name(value)
        matter = self._catalogue.known(value) if kind == "matter" else None
        return matter.name if matter else ""

    def _unit_name(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name
        except NotFound:
            return code


CHOSEN = frozenset({Level.DISTRICT, Level.TOWN})
MAKES_THE_LEAD = frozenset({Action.DISPATCH, Action.REASSIGN})
BARRED = {"led_before": "曾由其主办后改派", "was_given_back": "曾退回此工单"}


def _label(ticket: Ticket, action: Action | SideAction) -> str:
    """Whoever closes a call-back with a proposal on it agrees to that."""
    agrees = action is Action.CLOSE and ticket.refusal is not None
    return f"{action.label}（同意依法不予支持）" if agrees else action.label
