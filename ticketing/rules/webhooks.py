"""Webhooks to units' systems: which facts there are, what is told of one, how it is signed, when to try again."""

import hashlib
import hmac
import ipaddress
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import urlsplit

from kernel.errors import Invalid
from kernel.labels import Labelled
from ticketing import events
from ticketing.model.labels import Actor

# After the first, second … failed try: seven tries within twenty minutes, then on until the next day.
WAITS = (
    *(timedelta(seconds=s) for s in (10, 30, 60, 120, 300, 600)),
    *(timedelta(hours=h) for h in (1, 2, 4, 8, 8)),
)
LONGEST_URL = 500
TEST = "Test"
# So long a receiver may go on with the secret it had.
OVERLAP_HOURS = range(169)
NAT64 = ipaddress.ip_network("64:ff9b::/96")

# A unit is told what its people may read on the ticket. That somebody looked at an identity or has the ticket open is
# none of it; a contact it has told us of itself is no news.
UNTOLD = (
    events.IdentityShown,
    events.CitizenContacted,
    events.CitizenCalled,
    events.CallJudged,
    events.ContactTakenBack,
    events.TalkUnproven,
    events.TicketWatched,
)
OFFERED: tuple[str, ...] = tuple(
    kind.__name__ for kind in events.FACTS if hasattr(kind, "units") and kind not in UNTOLD
)


class SendState(Labelled):
    """Where a delivery stands."""

    WAITING = "waiting", "待送达"
    DELIVERED = "delivered", "已送达"
    DEAD = "dead", "多次未送达，已停止"


class HookState(Labelled):
    """Whether a subscription works."""

    ACTIVE = "active", "正常"
    FAILING = "failing", "推送失败中"
    PAUSED = "paused", "已暂停"


@dataclass(frozen=True, slots=True)
class Hook:
    """A subscription: facts of ``unit`` (none named: all) go to ``url``. ``position`` is how far the journal was read,
    ``key`` the API key it stands and falls with, empty for an administrator's. It is ``failing`` since then, if it is;
    what is sent is also signed with ``old_secret`` ``old_until`` then."""

    id: str
    unit: str
    key: str
    url: str
    secret: str
    facts: tuple[str, ...]
    active: bool
    position: int
    made_by: str
    made: datetime
    delivered: datetime | None = None
    failing: datetime | None = None
    old_secret: str = ""
    old_until: datetime | None = None

    @property
    def state(self) -> HookState:
        """Whether it works."""
        if not self.active:
            return HookState.PAUSED
        return HookState.FAILING if self.failing is not None else HookState.ACTIVE


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a try: the receiver's status, or 0 and why there was none."""

    status: int = 0
    error: str = ""

    @property
    def ok(self) -> bool:
        """Taken."""
        return 200 <= self.status < 300

    @property
    def unreachable(self) -> bool:
        """Whether the receiver as a whole is away, not only unwilling to take this one."""
        return self.status == 0 or self.status in {429, 502, 503, 504}


class Posts(Protocol):
    """Whatever carries a post to a receiver."""

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        """Try once; every failure is an answer."""
        ...


def wants(hook: Hook, kind: str, units: Collection[str], stands_for: Collection[str]) -> bool:
    """Whether a fact of ``units`` goes to a subscription whose unit stands for some."""
    name = kind.partition(".")[2]
    return name in (hook.facts or OFFERED) and name in OFFERED and not set(units).isdisjoint(stands_for)


def payload(
    event: str, kind: str, position: int, at: datetime, unit: str, said: Mapping[str, Any]
) -> Mapping[str, object]:
    """What is told: the fact without who did it, and without the words of a citizen."""
    hidden = {"by", "why"} if said.get("actor") == Actor.CITIZEN else {"by"}
    data = {name: value for name, value in said.items() if name not in hidden}
    name = kind.partition(".")[2]
    return {
        "id": event,
        "type": name,
        "position": position,
        "at": at,
        "unit": unit,
        "ticket": said["number"],
        "data": data,
    }


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """HMAC-SHA256 over ``<timestamp>.<body>`` in hex, with the version of the scheme before it."""
    signed = f"{timestamp}.".encode() + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def test_payload(event: str, at: datetime, unit: str) -> Mapping[str, object]:
    """What is told of nothing, so that somebody sees whether it arrives."""
    return {"id": event, "type": TEST, "position": 0, "at": at, "unit": unit, "ticket": "", "data": {}}


def wait_after(attempts: int) -> timedelta | None:
    """How long to wait after so many failed tries; None when they were enough."""
    return WAITS[attempts - 1] if attempts <= len(WAITS) else None


def check_url(url: str, *, allow_private: bool) -> None:
    """Invalid for an address nothing may be sent to; what a name leads to is looked at when it is sent."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
    except ValueError as error:
        raise Invalid({"url": "hook_url_wrong"}) from error
    schemes = {"https", "http"} if allow_private else {"https"}
    if parts.scheme not in schemes or not host or parts.username or parts.fragment or len(url) > LONGEST_URL:
        raise Invalid({"url": "hook_url_wrong"})
    if not allow_private and is_address(host) and not is_public(host):
        raise Invalid({"url": "hook_url_private"})


def is_address(host: str) -> bool:
    """Whether a host is written as an address and needs no resolving."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also through the ways IPv6 wraps the old ones."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        wrapped = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if wrapped is None and found in NAT64:
            wrapped = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if wrapped is not None:
            return is_public(str(wrapped))
    return found.is_global and not found.is_multicast
