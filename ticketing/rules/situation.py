"""What a rule sees: the ticket, the form, who acts and when, and what the service knows beside the ticket."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from enum import Enum
from typing import Any

from kernel.errors import Invalid
from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Doer, Errand, Form, Record
from ticketing.model.labels import Action, Actor, ErrandKind
from ticketing.model.ticket import Ticket
from ticketing.rules.differences import changes_between
from ticketing.rules.limits import Limits
from ticketing.rules.notices import TO_CITIZEN


@dataclass(frozen=True, slots=True)
class Around:
    """What lies around a ticket. ``new_id`` is the source of ids.

    ``number`` and ``query_code`` are for a submission; ``parent`` the ticket merged into; ``children`` the numbers of
    those merged into this one; ``upper_unit`` the unit one level above the lead; ``fallback_unit`` takes what nobody
    leads; ``heirs`` are the units that go on with the work of others, by the others' codes;
    ``calendars`` those clocks may have been counted by before the calendar changed; ``older_files`` the ids of files in
    the form that were kept before the lead had the ticket. ``same_town``: nothing says that ``parent`` lies in
    another town; ``same_sort``: its matter stands with the ticket's in one group of the catalogue. ``texted``: a
    citizen who wrote from nowhere is written to by SMS; ``unreachable``: they can be neither written to nor rung up.
    """

    new_id: Callable[[], str]
    number: str = ""
    query_code: str = ""
    parent: Ticket | None = None
    children: tuple[str, ...] = ()
    anonymous_allowed: bool = False
    inner_approval: bool = True
    upper_unit: str = ""
    fallback_unit: str = ""
    calendars: tuple[WorkCalendar, ...] = ()
    heirs: Mapping[str, str] = field(default_factory=dict)
    older_files: frozenset[str] = frozenset()
    same_town: bool = False
    same_sort: bool = False
    texted: bool = False
    unreachable: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """One attempt to do something to a ticket; effects give a changed one back."""

    ticket: Ticket
    form: Form
    by: Doer
    now: datetime
    calendar: WorkCalendar
    limits: Limits
    around: Around
    errands: tuple[Errand, ...] = ()
    follow: tuple[tuple[Action, Actor], ...] = ()

    def change(self, **changes: Any) -> "Situation":
        """The same with a changed ticket."""
        return replace(self, ticket=replace(self.ticket, **changes))

    def send(self, kind: ErrandKind, unit: str = "", level: int = 0, text: str = "") -> "Situation":
        """The same with one errand more."""
        return replace(self, errands=(*self.errands, Errand(kind, unit, level, text)))

    def then(self, action: Action, actor: Actor) -> "Situation":
        """The same with an action that follows at once."""
        return replace(self, follow=(*self.follow, (action, actor)))


Guard = Callable[[Situation], None]
Effect = Callable[[Situation], Situation]


@dataclass(frozen=True, slots=True)
class StepResult:
    """What came of it. ``follow``: actions the service takes next, in the same transaction, in the named part."""

    ticket: Ticket
    record: Record
    errands: tuple[Errand, ...] = ()
    follow: tuple[tuple[Action, Actor], ...] = ()


# Events by which the citizen hears when a reply is due.
TELLS_DUE = frozenset(str(event) for event, row in TO_CITIZEN.items() if "{due}" in row.text)
NO_CALL = "无通话记录"
FORM_FIELDS = frozenset(field.name for field in fields(Form))


def demand(form: Form, needs: Iterable[str]) -> None:
    """Raise Invalid naming every field of ``needs`` that was left empty."""
    missing = {name: "required" for name in needs if _empty(getattr(form, name))}
    if missing:
        raise Invalid(missing)


def listed(code: str, reasons: Iterable[Enum]) -> None:
    """Raise Invalid when ``code`` is none of the listed reasons."""
    if code not in {reason.value for reason in reasons}:
        raise Invalid({"reason_code": "not_in_list"})


def _empty(value: object) -> bool:
    if isinstance(value, str):
        return not value.strip()
    return value is None or (isinstance(value, tuple | frozenset) and not value)


def why_of(form: Form, label: str) -> str:
    """What the history says of a step: its reason, whatever field of the form asks for it."""
    if form.no_call_reason and form.reason:
        return f"{form.reason}；{NO_CALL}：{form.no_call_reason}"
    if form.no_call_reason or form.contact_how:
        return f"{NO_CALL}：{form.no_call_reason or form.contact_how}"
    if form.contact_text:
        return ErrandKind.CONTACT_CITIZEN.label
    if form.handler and form.reason:
        return f"{form.handler}：{form.reason}"
    return form.reason or form.no_contact_reason or form.legal_basis or label


def concluded(start: Situation, end: Situation, what: str, why: str) -> StepResult:
    """The changed ticket with its next version, and the line of history that says so."""
    before, by = start.ticket, start.by
    if start.form.supervisor and any(errand.kind is ErrandKind.RAISE_SUPERVISION for errand in end.errands):
        named = f"督办人：{start.form.supervisor_name or start.form.supervisor}"
        why = f"{why}；{named}" if why else named
    ticket = replace(end.ticket, version=before.version + 1, updated=start.now)
    if TELLS_DUE & {what, *(errand.kind for errand in end.errands)}:
        ticket = replace(ticket, told_due=None)
    record = Record(
        ticket.id,
        ticket.version,
        start.now,
        what,
        by.actor,
        by.id,
        by.unit,
        before.state,
        ticket.state,
        why,
        changes_between(before, ticket),
        by.instead_of,
    )
    return StepResult(ticket, record, end.errands, end.follow)


# -- what happens too often -----------------------------------------------------------------------------


# What is counted with patience; the limits say how much.
PATIENT = frozenset({"returns", "bounces", "rehandles", "urges", "reassigns"})
STAFF = frozenset({Actor.DISPATCHER, Actor.REVIEWER, Actor.CALLBACK, Actor.AGENT})


def name_supervisor(situation: Situation, counter: str) -> None:
    """Raise Invalid when this is one time too many and a member of the hotline gives no supervisor's name."""
    times = getattr(situation.ticket.counters, counter) + 1
    _, named_from = situation.limits.patience(counter)
    if situation.by.actor in STAFF and times >= named_from and not situation.form.supervisor:
        raise Invalid({"supervisor": "required_beyond_limit"})


def count(situation: Situation, counter: str) -> Situation:
    """One time more; from a certain number on supervision goes one level up. It never blocks."""
    times = getattr(situation.ticket.counters, counter) + 1
    counted = situation.change(counters=replace(situation.ticket.counters, **{counter: times}))
    if counter in PATIENT and times >= situation.limits.patience(counter)[0]:
        return supervise(counted, situation.ticket.supervision + 1, f"{counter}:{times}")
    return counted


def supervise(situation: Situation, level: int, why: str) -> Situation:
    """Supervision at ``level``, never lower than it is. From the highest on people summon the unit or hand the case
    over; no rule does."""
    ticket, by = situation.ticket, situation.by
    level = max(min(level, situation.limits.highest_supervision), ticket.supervision)
    name = situation.form.supervisor or (by.id if by.actor is Actor.SUPERVISOR else ticket.supervisor)
    return situation.change(supervision=level, supervisor=name).send(
        ErrandKind.RAISE_SUPERVISION, level=level, text=why
    )
