"""Matters, who leads them, and where a ticket should go and why."""

from dataclasses import dataclass
from datetime import datetime

from directory.model import Level
from ticketing.model.labels import Outcome, TicketKind, Urgency


@dataclass(frozen=True, slots=True)
class DutyItem:
    """One row of the duty catalogue: who leads a matter in an area, with whom, and on what basis.

    An empty ``area`` means the whole city. ``enforcement``: needs the power of law enforcement.
    """

    id: str
    matter: str
    unit: str
    area: str = ""
    supporting: tuple[str, ...] = ()
    basis: str = ""
    enforcement: bool = False
    valid_from: datetime | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that might lead. ``confidence`` is between 0 and 1. ``doubtful``: it only coordinates, or the place is not
    known as finely as the matter asks."""

    unit: str
    confidence: float
    duty_item: str = ""
    basis: str = ""
    has_power: bool = True
    covers_area: bool = True
    supporting: tuple[str, ...] = ()
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Opinion:
    """What somebody else, named ``by``, takes the words for; no ``matter`` when for none of those named, or when the
    answer could not be read."""

    by: str
    matter: str = ""
    why: str = ""
    readable: bool = True


@dataclass(frozen=True, slots=True)
class DispatchDecision:
    """Where a ticket should go and why; candidates best first. Not ``automatic``: a person decides.

    ``matter`` is what the text was taken for, ``sureness`` (0 to 1) how surely; ``conflicts`` are units it is against,
    ``opinion`` is a second one, where one was asked for; ``precedents`` are the tickets whose rulings it is held to.
    """

    automatic: bool
    candidates: tuple[Candidate, ...] = ()
    explanation: tuple[str, ...] = ()
    threshold: float = 1.0
    reader: str = ""
    matter: str = ""
    sureness: float = 0.0
    conflicts: tuple[str, ...] = ()
    opinion: Opinion | None = None
    precedents: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NamedLead:
    """In an area another unit leads a matter than the one charged with its function, because a ruling said so."""

    area: str
    unit: str
    supporting: tuple[str, ...] = ()
    basis: str = ""
    precedent: str = ""


@dataclass(frozen=True, slots=True)
class Matter:
    """One row of the catalogue of matters: how people say it, whose duty it is, on what basis.

    ``function`` names the duty, ``owner_level`` who holds it, ``needs_power`` the field of enforcement it takes (or is
    empty); ``supports`` are functions that may help, ``asks`` what is asked back, ``leads`` what
    rulings said otherwise.
    """

    code: str
    level1: str
    level2: str
    name: str
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    kind: TicketKind
    function: str
    owner_level: Level
    needs_power: str = ""
    supports: tuple[str, ...] = ()
    urgency: Urgency = Urgency.P2
    asks: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    leads: tuple[NamedLead, ...] = ()


@dataclass(frozen=True, slots=True)
class PastTicket:
    """A closed ticket of another system, kept to be looked up and learnt from. All texts are masked.

    ``number`` is unique within ``source``. ``matter``, ``area``, ``unit`` and ``outcome`` are our codes and empty where
    the other system's words, kept beside them, match none.
    """

    source: str
    number: str
    text: str
    title: str = ""
    matter: str = ""
    matter_text: str = ""
    area: str = ""
    area_text: str = ""
    place: str = ""
    unit: str = ""
    unit_text: str = ""
    received: datetime | None = None
    replied: datetime | None = None
    closed: datetime | None = None
    outcome: Outcome | None = None
    outcome_text: str = ""
    reply: str = ""
    returned: int = 0

    @property
    def ended(self) -> datetime | None:
        """When it was over, as nearly as is known."""
        return self.closed or self.replied or self.received
