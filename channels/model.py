"""What a channel is: the shapes that pass between the room and its adapters, and the Protocols adapters follow."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, runtime_checkable

from kernel.calls import CallOrder, CallResult, CallState
from kernel.errors import HotlineError
from kernel.messages import Address, Attachment, Inbound, Outbound


class Refused(HotlineError):  # noqa: N818 - says what the platform did
    """The platform will never take it; ``code`` is kept as the reason the delivery failed."""


class Doubtful(HotlineError):  # noqa: N818 - says what is known
    """Nobody can tell whether the platform took it; it must not be sent again blindly."""


@dataclass(frozen=True, slots=True)
class HookRequest:
    """A platform's call: what an adapter needs of it and nothing of HTTP. ``at`` is when it came in; ``headers`` go by
    their names in small letters, ``query_string`` is the query as it was written."""

    method: str
    query: Mapping[str, str]
    body: bytes
    at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    query_string: str = ""


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What the platform gets back."""

    body: bytes = b""
    media_type: str = "text/plain"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the message ``message``; ``reason`` is empty when it arrived."""

    message: str
    external_id: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody wants no messages any more, or wants them again."""

    user: str
    stopped: bool


@dataclass(frozen=True, slots=True)
class CallTurn:
    """A relayed call has gone on; ``result`` ends it, ``seconds`` is how long it was talked. ``connects``: the officer
    has picked up, and the platform waits to be told whom to call."""

    call: str
    state: CallState
    result: CallResult | None = None
    seconds: int = 0
    connects: bool = False


@dataclass(frozen=True, slots=True)
class HookReading:
    """What a verified call says. ``passive`` turns a message into the answer of this very request; it raises
    Refused when the message cannot travel that way."""

    answer: HookAnswer
    messages: tuple[Inbound, ...] = ()
    passive: Callable[[Outbound], HookAnswer] | None = None
    ignored: str = ""
    receipt: Receipt | None = None
    standing: Standing | None = None
    turn: CallTurn | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform has the message; its id there, where the platform gives one."""

    external_id: str = ""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file as the platform handed it over."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class FreshToken:
    """An access token just got, and how long it lasts."""

    value: str = field(repr=False)
    lasts: timedelta


class Tokens(Protocol):
    """Keeps one access token for all processes."""

    async def current(self) -> str:
        """The token in use; Unavailable when none can be had now."""
        ...

    async def renewed(self, stale: str) -> str:
        """Another token than ``stale``, which the platform refused."""
        ...


@runtime_checkable
class Channel(Protocol):
    """Anything a citizen can write on; ``name`` is its row in the registry."""

    @property
    def name(self) -> str:
        """The channel's name in addresses, settings and routes."""
        ...


@runtime_checkable
class Hooked(Channel, Protocol):
    """The platform calls us."""

    @property
    def body_limit(self) -> int:
        """Bytes; a longer call is refused unread."""
        ...

    def read(self, hook: HookRequest) -> HookReading:
        """Verify, decrypt and parse. NotAllowed("forged_hook", reason=…) on anything that is not genuine."""
        ...


@runtime_checkable
class Sends(Channel, Protocol):
    """We call the platform."""

    async def send(self, message: Outbound) -> Sent:
        """Hand over a message. Unavailable: surely not taken, try later; Refused; Doubtful."""
        ...


@runtime_checkable
class Asks(Channel, Protocol):
    """The platform can be asked what it has."""

    async def ask(self, message: Outbound) -> Sent | None:
        """Whether it has ``message``; None when it surely has not. Unavailable when it cannot be asked now."""
        ...


@runtime_checkable
class Relays(Channel, Protocol):
    """The platform calls two people from a number of ours."""

    @property
    def relay_number(self) -> str:
        """The number both see; empty when there is none."""
        ...

    async def call(self, order: CallOrder) -> str:
        """Ring the one who asked; the call's id there. Unavailable, Refused, Doubtful."""
        ...

    def connect(self, order: CallOrder) -> HookAnswer:
        """What is answered when they have picked up: whom to call."""
        ...


@runtime_checkable
class FetchesMedia(Channel, Protocol):
    """Files stay with the platform until they are fetched."""

    async def fetch(self, media_ref: str) -> MediaFile:
        """The file behind ``Inbound.media_ref``. Unavailable: try later; Refused: it will never come."""
        ...


@dataclass(frozen=True, slots=True)
class PageRules:
    """How an open page is treated; spans in seconds, see the settings of the channel."""

    says_per_10_seconds: int
    frames_per_10_seconds: int
    hello_seconds: float
    send_seconds: float
    unread_days: int


@runtime_checkable
class PickedUp(Channel, Protocol):
    """The citizen's own page fetches its messages over a socket of ours."""

    @property
    def rules(self) -> PageRules:
        """How a page is treated."""
        ...

    def visitor(self, token: str | None) -> tuple[Address, str]:
        """Who holds ``token`` and the token to carry on with; a new visitor when it is missing or worthless."""
        ...

    def address_of(self, token: str) -> Address:
        """Who holds ``token``; NotAllowed."""
        ...

    def inbound(
        self, address: Address, said_id: str, text: str, attachments: tuple[Attachment, ...], at: datetime
    ) -> Inbound:
        """What the page said, under the page's own id."""
        ...

    def frame(self, seq: int, line: Inbound | Outbound) -> bytes:
        """A line of the thread as the page reads it; empty when there is nothing to show."""
        ...


@runtime_checkable
class Stops(Protocol):
    """Holds connections that must be closed when the program ends."""

    async def stop(self) -> None:
        """Close them."""
        ...
