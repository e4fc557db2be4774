"""Who stands in for whom, who has a ticket open, and what they have not sent yet."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Deputy:
    """Somebody who approves a unit's results for an absent leader, from ``since`` until before ``until``."""

    id: str
    unit: str
    leader: str
    leader_name: str
    deputy: str
    deputy_name: str
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
