"""What a room hands to the house: routes, jobs, loops, observers of the journal, health checks."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from kernel.attachments import Attachments
from kernel.bell import Bell
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import Invalid
from kernel.jobs import Job
from kernel.journal import Journal, Recorded
from kernel.mailbox import Mailbox
from kernel.people import May, Principal, Scope
from kernel.phrases import PhraseRow, Phrases
from kernel.privacy import Vault
from kernel.settings import Settings
from kernel.signing import Signer

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request."""

    field: str
    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """One request, after the house has checked who asks: what a handler needs and nothing of HTTP.

    ``fields`` are those of a form or a query on a route with a wire of its own.
    """

    principal: Principal
    scope: Scope
    path: Mapping[str, str] = field(default_factory=dict)
    query: object = None
    body: object = None
    uploads: tuple[Upload, ...] = ()
    key: str = ""
    remote: str = ""
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def form(self, kind: type[T]) -> T:
        """The decoded body; Invalid when the route declared another type."""
        if not isinstance(self.body, kind):
            raise Invalid({"body": "missing"})
        return self.body

    def asked(self, kind: type[T]) -> T:
        """The decoded query string."""
        if not isinstance(self.query, kind):
            raise Invalid({"query": "missing"})
        return self.query


@dataclass(frozen=True, slots=True)
class Download:
    """A handler's answer that is a file and not JSON; a ``fresh`` one is never kept by a browser."""

    name: str
    media_type: str
    data: bytes
    inline: bool = False
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Wire:
    """How a route writes its answers where another standard says how: ``answer`` of what the handler gives,
    ``failure`` of a status and its words as status and body. Its input comes as a form, not as JSON; which of ``names``
    was not found is told by name. An address of the pattern ``beside`` that no route has is refused on this wire."""

    media_type: str
    answer: Callable[[object], bytes]
    failure: Callable[[int, str], tuple[int, bytes]]
    names: Collection[str] = ()
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Route:
    """One row of the API. ``path`` has aiohttp's ``{name}`` holes; ``may`` is the permission it needs.

    ``body`` and ``query`` are dataclasses the input is converted to (wrong input → Invalid), ``gives`` is what
    the handler returns; all three make the OpenAPI description. ``raw`` handlers take the host's own request
    (WebSockets, webhooks) and answer it themselves. What an ``unkept`` one gives is never laid by under an idempotency
    key: whether it may be shown is asked each time anew.
    """

    method: str
    path: str
    handler: Callable[..., Awaitable[object]]
    may: May
    summary: str
    body: type | None = None
    query: type | None = None
    gives: type | None = None
    status: int = 200
    takes_files: bool = False
    raw: bool = False
    wire: Wire | None = None
    unkept: bool = False


@dataclass(frozen=True, slots=True)
class Loop:
    """A worker's loop: ``step`` does one piece of work and tells whether there may be more at once.

    It is stepped again when one of ``topics`` rings or ``idle`` seconds have passed; ``lanes`` run side by side.
    What rings within ``gather`` seconds of the first ring goes into one step.
    """

    name: str
    step: Callable[[], Awaitable[bool]]
    topics: Sequence[str]
    idle: float = 1.0
    lanes: int = 1
    in_web: bool = False
    gather: float = 0.0


@dataclass(frozen=True, slots=True)
class Observer:
    """A reader of the journal: ``effect`` runs in the transaction that moves its cursor.

    Facts of the kinds in ``at_once`` wake it; all others wait for its next look, a second later at most.
    """

    name: str
    effect: Callable[[Tx, Sequence[Recorded]], Awaitable[None]]
    at_once: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A health check: ``run`` raises when the part does not work."""

    name: str
    run: Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the database that a rule forbids: the rule's name, what it is about, what is wrong."""

    rule: str
    about: str
    what: str


@dataclass(frozen=True, slots=True)
class Audit:
    """A look at everything a room keeps: ``run`` gives what breaks one of ``rules``, and how much was looked at."""

    name: str
    rules: Sequence[str]
    run: Callable[[], Awaitable[tuple[int, Sequence[Fault]]]]


@dataclass(frozen=True, slots=True)
class Room:
    """All a room gives to the house. ``gauges`` are read when the monitoring asks; ``phrases`` are what it sends."""

    name: str
    routes: Sequence[Route] = ()
    jobs: Sequence[Job] = ()
    loops: Sequence[Loop] = ()
    observers: Sequence[Observer] = ()
    checks: Sequence[Check] = ()
    starting: Sequence[Callable[[], Awaitable[None]]] = ()
    stopping: Sequence[Callable[[], Awaitable[None]]] = ()
    gauges: Mapping[str, Callable[[], float]] = field(default_factory=dict)
    phrases: Sequence[PhraseRow] = ()
    audits: Sequence[Audit] = ()


@dataclass(frozen=True, slots=True)
class Floor:
    """What every room stands on; made once by the house and handed to each room's ``build``."""

    settings: Settings
    database: Database
    clock: Clock
    bell: Bell
    mailbox: Mailbox
    journal: Journal
    vault: Vault
    signer: Signer
    attachments: Attachments
    phrases: Phrases = field(default_factory=Phrases)
