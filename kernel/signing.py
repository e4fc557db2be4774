"""Signed tokens for links and visitors: anyone may carry them, nobody can make or change them."""

from datetime import datetime, timedelta

from itsdangerous import BadData, URLSafeSerializer

from kernel.clock import Clock
from kernel.errors import NotAllowed


class Signer:
    """Signs short payloads for one purpose each; a token of one purpose is worthless for another."""

    def __init__(self, key: bytes, clock: Clock) -> None:
        self._key = key
        self._clock = clock

    def sign(self, purpose: str, payload: str, valid_for: timedelta | None = None) -> str:
        """A URL-safe token that carries ``payload`` in the open."""
        until = int((self._clock.now() + valid_for).timestamp()) if valid_for else 0
        return str(self._serializer(purpose).dumps([payload, until]))

    def verify(self, purpose: str, token: str) -> str:
        """The payload of a token; NotAllowed("bad_token" or "token_expired")."""
        try:
            payload, until = self._serializer(purpose).loads(token)
        except (BadData, ValueError, TypeError) as error:
            raise NotAllowed("bad_token") from error
        if until and datetime.fromtimestamp(until, tz=self._clock.now().tzinfo) < self._clock.now():
            raise NotAllowed("token_expired")
        return str(payload)

    def now(self) -> datetime:
        """What the tokens' time is measured by."""
        return self._clock.now()

    def _serializer(self, purpose: str) -> URLSafeSerializer:
        return URLSafeSerializer(self._key, salt=f"hotline.{purpose}")
