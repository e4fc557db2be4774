"""What one ticket counts for: a part a measure, worked out anew from the whole case each time, so that nothing is ever
counted twice and whatever changes later is put right."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from analytics.rules.cases import CONTACT_WITHIN, Case


@dataclass(frozen=True, slots=True)
class Part:
    """``numerator`` of ``denominator`` for one measure, on the day of ``at``, on account of ``unit`` (or the house)."""

    measure: str
    at: datetime
    unit: str
    numerator: float
    denominator: int = 1


def parts(case: Case, now: datetime) -> tuple[Part, ...]:
    """All a ticket counts for, as things stand ``now``."""
    return tuple(part for rule in MEASURES.values() for part in rule(case, now))


def look_again(case: Case, now: datetime) -> datetime | None:
    """When its parts change though nothing happens; None when they will not."""
    due = case.contact_due
    return due if due is not None and due > now and not _contact_is_settled(case) else None


# -- taking in ------------------------------------------------------------------------------------------


def _volume(case: Case, _now: datetime) -> Iterator[Part]:
    if case.opened:
        yield Part("volume", case.opened, case.first_unit, 1)


def _excluded(case: Case, _now: datetime) -> Iterator[Part]:
    if case.excluded:
        yield Part("excluded", case.excluded, case.unit, 1)


def _direct(case: Case, _now: datetime) -> Iterator[Part]:
    if case.opened:
        yield Part("direct", case.opened, "", case.answered)


def _repeated(case: Case, _now: datetime) -> Iterator[Part]:
    if case.opened:
        yield Part("repeated", case.opened, case.first_unit, case.repeat)


# -- dispatch -------------------------------------------------------------------------------------------


def _signed(case: Case, _now: datetime) -> Iterator[Part]:
    for each in case.signed:
        yield Part("signed", each.at, each.unit, each.itself)


def _first_right(case: Case, _now: datetime) -> Iterator[Part]:
    if case.dispatched:
        yield Part("first_right", case.dispatched, case.first_unit, not case.rerouted)


def _returned(case: Case, _now: datetime) -> Iterator[Part]:
    if case.dispatched:
        yield Part("returned", case.dispatched, case.first_unit, case.return_asked)


def _hops(case: Case, _now: datetime) -> Iterator[Part]:
    if case.dispatched:
        yield Part("hops", case.dispatched, case.first_unit, case.dispatches)


# -- handling -------------------------------------------------------------------------------------------


def _contact_is_settled(case: Case) -> bool:
    return bool(case.contacted or case.replied or case.ended)


def _responded(case: Case, now: datetime) -> Iterator[Part]:
    """Due for contact is what was dispatched a day ago, and what was contacted or replied to before."""
    if case.dispatched is None:
        return
    heard = min((moment for moment in (case.contacted, case.replied) if moment), default=None)
    if heard is not None:
        yield Part("responded", case.dispatched, case.unit, heard <= case.dispatched + CONTACT_WITHIN)
    elif now >= case.dispatched + CONTACT_WITHIN and not case.ended:
        yield Part("responded", case.dispatched, case.unit, 0)


def _on_time(case: Case, _now: datetime) -> Iterator[Part]:
    """Of the first reply; on the day it came in time, else on the day it was due."""
    yield from _punctual(case, "on_time", case.due)


def _on_time_raw(case: Case, _now: datetime) -> Iterator[Part]:
    yield from _punctual(case, "on_time_raw", case.first_due)


def _punctual(case: Case, measure: str, due: datetime | None) -> Iterator[Part]:
    if case.replied is not None and due is not None:
        yield Part(measure, min(case.replied, due), case.reply_unit, case.replied <= due)
    elif case.replied is None and case.late is not None:
        yield Part(measure, case.late, case.unit, 0)


def _extended(case: Case, _now: datetime) -> Iterator[Part]:
    if case.dispatched:
        yield Part("extended", case.dispatched, case.unit, case.extended)


def _first_time(case: Case, _now: datetime) -> Iterator[Part]:
    if case.closed:
        yield Part("first_time", case.closed, case.closed_unit, not case.rehandled and not case.came_again)


def _rehandled(case: Case, _now: datetime) -> Iterator[Part]:
    if case.released:
        yield Part("rehandled", case.released, case.unit, case.rehandled)


# -- the citizen's word ---------------------------------------------------------------------------------


def _called_back(case: Case, _now: datetime) -> Iterator[Part]:
    if case.released:
        yield Part("called_back", case.released, case.unit, case.called_back or case.vote is not None)


def _voted(case: Case, _now: datetime) -> Iterator[Part]:
    if case.released and case.called_back:
        yield Part("voted", case.released, case.unit, case.vote is not None)


def _satisfied(case: Case, _now: datetime) -> Iterator[Part]:
    if case.vote:
        yield Part("satisfied", case.vote.at, case.vote.unit, case.vote.good)


def _solved(case: Case, _now: datetime) -> Iterator[Part]:
    if case.vote:
        yield Part("solved", case.vote.at, case.vote.unit, case.vote.solved)


def _bad_mended(case: Case, _now: datetime) -> Iterator[Part]:
    if case.bad_vote:
        mended = case.vote is not None and case.vote.good and case.vote.solved > 0
        yield Part("bad_mended", case.bad_vote, case.bad_unit, mended)


def _inspected(case: Case, _now: datetime) -> Iterator[Part]:
    if case.inspected:
        yield Part("inspected", case.inspected.at, case.unit, case.inspected.points / 100)


Rule = Callable[[Case, datetime], Iterator[Part]]
MEASURES: Mapping[str, Rule] = {
    "volume": _volume,
    "excluded": _excluded,
    "direct": _direct,
    "repeated": _repeated,
    "signed": _signed,
    "first_right": _first_right,
    "returned": _returned,
    "hops": _hops,
    "responded": _responded,
    "on_time": _on_time,
    "on_time_raw": _on_time_raw,
    "extended": _extended,
    "first_time": _first_time,
    "rehandled": _rehandled,
    "called_back": _called_back,
    "voted": _voted,
    "satisfied": _satisfied,
    "solved": _solved,
    "bad_mended": _bad_mended,
    "inspected": _inspected,
}
