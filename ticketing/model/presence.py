"""Who stands in for whom, who has a ticket open, and what they have not sent yet."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody of a unit is away from ``since`` until before ``until``; ``stand_in`` is empty where nobody is named.
    Whoever stands in for a leader approves the unit's results in the leader's place."""

    id: str
    unit: str
    absent: str
    absent_name: str
    stand_in: str
    stand_in_name: str
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Watcher:
    """Somebody who has a ticket open; ``doing`` is the value of the action they are filling in, or empty."""

    person: str
    name: str
    unit: str
    doing: str
    seen: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A form somebody has begun and not sent."""

    action: str
    values: str
    at: datetime
