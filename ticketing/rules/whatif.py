"""What another catalogue or threshold would have done with tickets whose end is known: pure counting."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field

MOST_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class Replayed:
    """A past ticket decided twice.

    ``now`` and ``other`` are the units it would go to by itself, empty where a person would decide; ``ended`` is the
    unit whose work was replied with, empty while that is open; ``moved`` how often the ticket changed hands before.
    """

    number: str
    ended: str
    moved: int
    now: str
    other: str


@dataclass(frozen=True, slots=True)
class Flow:
    """Tickets that would go from one unit to another; an empty unit is a person who decides."""

    before: str
    after: str
    tickets: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """How many tickets, and the numbers of some."""

    tickets: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """What goes by itself: of all tickets, and of those whose end is known how many to where they ended."""

    tickets: int = 0
    alone: int = 0
    judged: int = 0
    right: int = 0

    @property
    def share(self) -> float:
        """Dispatched by itself, of all tickets; 0 to 1."""
        return self.alone / self.tickets if self.tickets else 0.0

    @property
    def precision(self) -> float:
        """To where it ended, of those dispatched by itself whose end is known; 0 to 1, 1 when there are none."""
        return self.right / self.judged if self.judged else 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a replay. ``saved``: tickets that changed hands, the present sends wrong or leaves to a person and
    the other sends by itself to where they ended; ``moves`` how often those changed hands. ``mistakes``: tickets that
    stayed where they first came and the other, not the present, sends elsewhere by itself."""

    tickets: int
    judged: int
    flows: tuple[Flow, ...]
    saved: Named
    moves: int
    mistakes: Named
    now: Share
    other: Share

    @property
    def elsewhere(self) -> int:
        """How many would go elsewhere."""
        return sum(flow.tickets for flow in self.flows)


@dataclass(slots=True)
class Tally:
    """Takes tickets one by one and keeps numbers only, so that there may be any number of them."""

    _tickets: int = 0
    _judged: int = 0
    _moves: int = 0
    _flows: Counter[tuple[str, str]] = field(default_factory=Counter)
    _counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    _examples: dict[object, list[str]] = field(default_factory=lambda: defaultdict(list))

    def add(self, ticket: Replayed) -> None:
        """Count one."""
        self._tickets += 1
        self._judged += bool(ticket.ended)
        for name, unit in (("now", ticket.now), ("other", ticket.other)):
            self._counts[name, "alone"] += bool(unit)
            self._counts[name, "judged"] += bool(unit and ticket.ended)
            self._counts[name, "right"] += bool(unit and unit == ticket.ended)
        if ticket.now != ticket.other:
            self._flows[ticket.now, ticket.other] += 1
            self._note((ticket.now, ticket.other), ticket.number)
        if ticket.ended and ticket.other and ticket.now != ticket.other:
            self._weigh(ticket)

    def _weigh(self, ticket: Replayed) -> None:
        if ticket.moved and ticket.other == ticket.ended:
            self._counts["saved", ""] += 1
            self._moves += ticket.moved
            self._note("saved", ticket.number)
        elif not ticket.moved and ticket.other != ticket.ended and ticket.now in {"", ticket.ended}:
            self._counts["mistakes", ""] += 1
            self._note("mistakes", ticket.number)

    def _note(self, key: object, number: str) -> None:
        if len(self._examples[key]) < MOST_EXAMPLES:
            self._examples[key].append(number)

    def outcome(self) -> Outcome:
        """What has come of it so far; the largest flows first."""
        ordered = sorted(self._flows.items(), key=lambda flow: (-flow[1], flow[0]))
        return Outcome(
            self._tickets,
            self._judged,
            tuple(Flow(a, b, many, tuple(self._examples[a, b])) for (a, b), many in ordered),
            Named(self._counts["saved", ""], tuple(self._examples["saved"])),
            self._moves,
            Named(self._counts["mistakes", ""], tuple(self._examples["mistakes"])),
            self._share("now"),
            self._share("other"),
        )

    def _share(self, name: str) -> Share:
        alone, judged, right = (self._counts[name, each] for each in ("alone", "judged", "right"))
        return Share(self._tickets, alone, judged, right)
