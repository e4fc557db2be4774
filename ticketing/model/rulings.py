"""Units that disagree, and what was ruled."""

from dataclasses import dataclass
from datetime import datetime

from kernel.labels import Labelled


class Amendment(Labelled):
    """What becomes of the duty catalogue after a ruling."""

    NONE = "none", "与目录一致"
    CANDIDATE = "candidate", "建议修订"
    ADOPTED = "adopted", "已采纳修订"
    DROPPED = "dropped", "不予修订"


@dataclass(frozen=True, slots=True)
class Precedent:
    """A dispute that was ruled on: who leads and supports a matter of this kind, on what clause. ``units`` are those
    that disagreed, the one that had it first in front; ``ticket`` is a number."""

    id: str
    ticket: str
    request: str
    matter: str
    area: str
    units: tuple[str, ...]
    lead: str
    supporting: tuple[str, ...]
    reason: str
    clause: str
    at: datetime
    by: str
    amendment: Amendment = Amendment.NONE
    note: str = ""


@dataclass(frozen=True, slots=True)
class Argument:
    """What a unit says in a dispute: in its ``own`` words, or as the hotline wrote it down."""

    id: str
    ticket: str
    request: str
    unit: str
    text: str
    clause: str
    at: datetime
    by: str
    own: bool = False
