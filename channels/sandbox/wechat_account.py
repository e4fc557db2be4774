"""One official account as the platform keeps it: tokens, followers, their windows for replies, their phones."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

LASTS = timedelta(hours=2)
OVERLAP = timedelta(minutes=5)
FORCE_EVERY = timedelta(seconds=30)
MEDIA_KEPT = timedelta(days=3)
TEXT_BYTES = 2048

# «客服消息», since June 2023: what a citizen does opens a window for so many messages, for so long.
WINDOWS: dict[str, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "CLICK": (3, timedelta(minutes=1)),
    "subscribe": (3, timedelta(minutes=1)),
    "SCAN": (3, timedelta(minutes=1)),
}

TEXTS = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest",
    40003: "invalid openid",
    40007: "invalid media_id",
    40013: "invalid appid",
    40033: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    40125: "invalid appsecret",
    45002: "content size out of limit",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
}

Answer = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Shown:
    """A message on a citizen's phone: a passive answer, a customer-service message, or the platform's own notice."""

    text: str
    how: str
    at: datetime


@dataclass(slots=True)
class Citizen:
    """A WeChat user as one account knows them."""

    following: bool = True
    left: int = 0
    until: datetime | None = None
    phone: list[Shown] = field(default_factory=list)


def failed(code: int) -> Answer:
    """The platform's way of saying no: status 200 and a code."""
    return {"errcode": code, "errmsg": f"{TEXTS.get(code, 'error')} rid: {secrets.token_hex(4)}"}


class Account:
    """The account's state. ``now`` is the platform's clock; ``on_sent`` hears of every customer-service message."""

    def __init__(self, app_id: str, secret: str, now: Callable[[], datetime]) -> None:
        self._app_id = app_id
        self._secret = secret
        self._now = now
        self._tokens: dict[str, datetime] = {}
        self._stable = ""
        self._forced: datetime | None = None
        self._media: dict[str, tuple[bytes, str, datetime]] = {}
        self.citizens: dict[str, Citizen] = {}
        self.tokens_issued = 0
        self.on_sent: Callable[[str, str], None] | None = None

    # -- tokens -----------------------------------------------------------------------------------------

    def stable_token(self, app_id: str, secret: str, *, force: bool = False) -> Answer:
        """getStableAccessToken: the same one until its last five minutes, in which old and new both work."""
        if (refusal := self._refuse(app_id, secret)) is not None:
            return refusal
        now = self._now()
        until = self._tokens.get(self._stable, now)
        if force and (self._forced is None or now - self._forced >= FORCE_EVERY):
            self._tokens.pop(self._stable, None)
            self._forced, until = now, now
        if until - now <= OVERLAP:
            if self._stable in self._tokens:
                self._tokens[self._stable] = now + OVERLAP
            self._stable = self._issue()
            until = self._tokens[self._stable]
        return {"access_token": self._stable, "expires_in": int((until - now).total_seconds())}

    def plain_token(self, app_id: str, secret: str) -> Answer:
        """getAccessToken: a new one every time."""
        if (refusal := self._refuse(app_id, secret)) is not None:
            return refusal
        return {"access_token": self._issue(), "expires_in": int(LASTS.total_seconds())}

    def spoil_token(self) -> None:
        """Somebody renewed the token by force elsewhere: the present one is worthless."""
        self._tokens.pop(self._stable, None)

    def knows_token(self, token: str) -> bool:
        """Whether a call with ``token`` is let in."""
        until = self._tokens.get(token)
        return until is not None and until > self._now()

    def _issue(self) -> str:
        self.tokens_issued += 1
        token = f"{self.tokens_issued}_{secrets.token_urlsafe(80)}"
        self._tokens[token] = self._now() + LASTS
        return token

    def _refuse(self, app_id: str, secret: str) -> Answer | None:
        if app_id != self._app_id:
            return failed(40013)
        return failed(40125) if secret != self._secret else None

    # -- what citizens do -------------------------------------------------------------------------------

    def did(self, openid: str, what: str) -> Citizen:
        """A citizen did something: their window opens anew."""
        citizen = self.citizens.setdefault(openid, Citizen())
        if what == "unsubscribe":
            citizen.following = False
        else:
            citizen.following = True
            if what in WINDOWS:
                citizen.left, lasts = WINDOWS[what]
                citizen.until = self._now() + lasts
        return citizen

    def show(self, openid: str, text: str, how: str) -> None:
        """Something appears on the citizen's phone."""
        self.citizens.setdefault(openid, Citizen()).phone.append(Shown(text, how, self._now()))

    def keep_media(self, data: bytes, media_type: str) -> str:
        """A file a citizen sends; gives its media id."""
        media_id = secrets.token_urlsafe(48)
        self._media[media_id] = data, media_type, self._now() + MEDIA_KEPT
        return media_id

    # -- what the account asks --------------------------------------------------------------------------

    def custom_send(self, token: str, openid: str, text: str) -> Answer:
        """A customer-service message."""
        code = self._send_code(token, openid, text)
        if code:
            return failed(code)
        self.citizens[openid].left -= 1
        self.show(openid, text, "custom")
        if self.on_sent is not None:
            self.on_sent(openid, text)
        return {"errcode": 0, "errmsg": "ok"}

    def _send_code(self, token: str, openid: str, text: str) -> int:
        citizen = self.citizens.get(openid)
        if not self.knows_token(token):
            return 40001
        if citizen is None:
            return 40003
        if len(text.encode()) > TEXT_BYTES:
            return 45002
        if not citizen.following or citizen.until is None or citizen.until <= self._now():
            return 45015
        return 0 if citizen.left > 0 else 45047

    def media(self, token: str, media_id: str) -> Answer | tuple[bytes, str]:
        """A file by its id, or why not."""
        if not self.knows_token(token):
            return failed(40001)
        data, media_type, until = self._media.get(media_id, (b"", "", self._now()))
        return (data, media_type) if until > self._now() else failed(40007)

    def video(self, media_id: str) -> bytes:
        """A video by the address ``media`` gave; empty when there is none."""
        return self._media.get(media_id, (b"", "", self._now()))[0]
