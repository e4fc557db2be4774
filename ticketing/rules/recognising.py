"""What the words of a citizen say by themselves: danger that raises the urgency, and what whoever writes is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.chinese import normalise
from kernel.emergency import Emergency, emergencies_in
from kernel.errors import Invalid
from ticketing.model.acting import Form
from ticketing.model.labels import Flag, Urgency
from ticketing.model.ticket import Ticket
from ticketing.rules.limits import rank


@dataclass(frozen=True, slots=True)
class Telling:
    """One row of the table of people: words that set ``flag``, and how the history calls that."""

    flag: Flag
    said: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def fires(self, text: str) -> bool:
        """Whether ``text`` (normalised) says so."""
        return any(p.search(text) for p in self.patterns) and not any(p.search(text) for p in self.unless)


def read_tellings(rows: Sequence[Mapping[str, object]]) -> tuple[Telling, ...]:
    """The rows of a decoded table; Invalid names the broken one."""
    return tuple(_telling(row) for row in rows)


def recognised(text: str, dangers: Sequence[Emergency], tellings: Sequence[Telling]) -> Form:
    """What ``text`` says, as the form of the step that raises: urgency, flags, the dangers and why."""
    plain = normalise(text)
    found = emergencies_in(text, dangers)
    told = tuple(each for each in tellings if each.fires(plain))
    reasons = [*dict.fromkeys(each.words(plain) for each in found), *(each.said for each in told)]
    return Form(
        reason=f"因：{'、'.join(reasons)}" if reasons else "",
        urgency=min((Urgency(each.urgency) for each in found), key=rank, default=None),
        flags=frozenset(each.flag for each in told),
        dangers=tuple(each.id for each in found),
    )


def is_news(ticket: Ticket, form: Form) -> bool:
    """Whether a form raises anything: rules only raise."""
    more_urgent = form.urgency is not None and rank(form.urgency) < rank(ticket.urgency)
    new = (form.flags - ticket.flags) or (form.causes - ticket.supervised_for)
    return more_urgent or bool(new) or bool(set(form.dangers) - set(ticket.dangers))


def _telling(row: Mapping[str, object]) -> Telling:
    try:
        return Telling(Flag(str(row["id"])), str(row["said"]), _patterns(row["patterns"]), _patterns(row["unless"]))
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise Invalid({str(row.get("id", "?")): "emergency_rule_broken"}, code="emergency_table") from error


def _patterns(given: object) -> tuple[re.Pattern[str], ...]:
    if not isinstance(given, list):
        raise TypeError("a list of patterns")
    return tuple(re.compile(str(each), re.IGNORECASE) for each in given)
