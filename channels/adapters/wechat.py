"""WeChat official accounts: verified and decrypted posts in, passive replies and customer-service messages out."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from channels.adapters.wechat_api import TokenStale, WeChatApi
from channels.adapters.wechat_crypto import MessageCrypt, check_signature, forged, key_bytes, signature
from channels.adapters.wechat_messages import (
    Fields,
    encrypted_in,
    envelope_xml,
    fields_of,
    inbound_of,
    kind_of,
    reply_xml,
)
from channels.model import Doubtful, HookAnswer, HookReading, HookRequest, MediaFile, Refused, Sent, Tokens
from channels.rules.rendering import cut, plain_text
from kernel.errors import Unavailable
from kernel.labels import Labelled
from kernel.messages import Attachment, Outbound, OutboundKind

T = TypeVar("T")

# «被动回复用户消息» and «客服消息»: a text holds 2,048 bytes.
TEXT_BYTES = 2048
SUCCESS = HookAnswer(b"success")


class Mode(Labelled):
    """How the account's messages are delivered, as chosen on the platform."""

    PLAIN = "plain", "明文模式"
    COMPATIBLE = "compatible", "兼容模式"
    SAFE = "safe", "安全模式"


# Whether encrypted and whether plain posts are taken. A plain signature does not cover the body.
TAKEN: Mapping[Mode, frozenset[bool]] = {
    Mode.PLAIN: frozenset({False}),
    Mode.COMPATIBLE: frozenset({True, False}),
    Mode.SAFE: frozenset({True}),
}


@dataclass(frozen=True, slots=True)
class WeChatSettings:
    """``[channels.wechat]``: the account as it is set up on the platform.

    ``previous_aes_key`` opens messages under way while the key is changed. ``passive_seconds`` is how long a
    post waits for its answer (the platform gives up after five); 0 sends every answer as a message of its own.
    """

    app_id: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(default="", repr=False)
    previous_aes_key: str = field(default="", repr=False)
    mode: Mode = Mode.SAFE
    api_url: str = "https://api.weixin.qq.com"
    passive_seconds: float = 4.5
    fresh_seconds: int = 300

    def __post_init__(self) -> None:
        """Refuse what could only fail later."""
        for key in self.aes_keys:
            key_bytes(key)
        if self.mode is not Mode.PLAIN and not self.aes_key:
            raise ValueError("aes_key")
        if not 0 <= self.passive_seconds <= 4.8:
            raise ValueError("passive_seconds")

    @property
    def aes_keys(self) -> tuple[str, ...]:
        """The keys messages may come under, the present one first."""
        return tuple(key for key in (self.aes_key, self.previous_aes_key) if key)


class WeChat:
    """One official account."""

    name = "wechat"
    body_limit = 64 * 1024

    def __init__(
        self,
        settings: WeChatSettings,
        api: WeChatApi,
        tokens: Tokens,
        public_url: str,
        url_of: Callable[[Attachment], str],
    ) -> None:
        self._settings = settings
        self._api = api
        self._tokens = tokens
        self._public_url = public_url
        self._url_of = url_of
        self._crypt = MessageCrypt(settings.app_id, settings.aes_keys)
        self._passive = timedelta(seconds=settings.passive_seconds)

    async def stop(self) -> None:
        """Close the connections to the platform."""
        await self._api.stop()

    # -- in ---------------------------------------------------------------------------------------------

    def read(self, hook: HookRequest) -> HookReading:
        """A verified post or the platform's first visit (GET with echostr)."""
        self._check_fresh(hook)
        if hook.method == "GET":
            return HookReading(self._echo(hook))
        encrypted = hook.query.get("encrypt_type", "raw") == "aes"
        if encrypted not in TAKEN[self._settings.mode]:
            raise forged("mode")
        return self._read_sealed(hook) if encrypted else self._read_plain(hook)

    def _check_fresh(self, hook: HookRequest) -> None:
        stamp = hook.query.get("timestamp", "")
        if not re.fullmatch(r"\d{1,11}", stamp):
            raise forged("timestamp")
        if abs(hook.at.timestamp() - int(stamp)) > self._settings.fresh_seconds:
            raise forged("stale")

    def _check_plain(self, hook: HookRequest) -> None:
        parts = (self._settings.token, hook.query.get("timestamp", ""), hook.query.get("nonce", ""))
        check_signature(hook.query.get("signature", ""), *parts)

    def _echo(self, hook: HookRequest) -> HookAnswer:
        self._check_plain(hook)
        return HookAnswer(hook.query.get("echostr", "").encode())

    def _read_plain(self, hook: HookRequest) -> HookReading:
        self._check_plain(hook)
        fields = fields_of(hook.body)
        return self._reading(fields, hook, lambda xml: xml)

    def _read_sealed(self, hook: HookRequest) -> HookReading:
        encrypted = encrypted_in(hook.body)
        timestamp, nonce = hook.query.get("timestamp", ""), hook.query.get("nonce", "")
        given = hook.query.get("msg_signature", "")
        check_signature(given, self._settings.token, timestamp, nonce, encrypted)
        xml, key = self._crypt.open(encrypted)
        return self._reading(fields_of(xml), hook, lambda reply: self._sealed(reply, timestamp, key))

    def _sealed(self, xml: str, timestamp: str, key: int) -> str:
        encrypted = self._crypt.seal(xml, key)
        nonce = str(secrets.randbelow(10**10))
        return envelope_xml(encrypted, signature(self._settings.token, timestamp, nonce, encrypted), timestamp, nonce)

    def _reading(self, fields: Fields, hook: HookRequest, dress: Callable[[str], str]) -> HookReading:
        inbound = inbound_of(fields, self._settings.app_id, hook.at, self._passive)
        if inbound is None:
            return HookReading(SUCCESS, ignored=kind_of(fields))

        def passive(message: Outbound) -> HookAnswer:
            parts = self._parts(message)
            if len(parts) != 1:
                raise Refused("too_long")
            xml = reply_xml(inbound.address.user, fields.get("ToUserName", ""), parts[0], hook.at)
            return HookAnswer(dress(xml).encode(), "text/xml")

        return HookReading(SUCCESS, (inbound,), passive)

    # -- out --------------------------------------------------------------------------------------------

    async def send(self, message: Outbound) -> Sent:
        """A customer-service message, in several where it is long."""
        for index, part in enumerate(self._parts(message)):
            try:
                await self._with_token(self._sending(message.address.user, part))
            except Unavailable as error:
                if index:
                    raise Doubtful("sent_in_part", part=index) from error
                raise
        return Sent()

    def _sending(self, openid: str, part: str) -> Callable[[str], Awaitable[None]]:
        return lambda token: self._api.send_text(token, openid, part)

    def _parts(self, message: Outbound) -> tuple[str, ...]:
        if message.kind is not OutboundKind.TEXT:
            raise Refused("kind_not_supported")
        parts = cut(plain_text(message, self._public_url, [self._url_of(a) for a in message.attachments]), TEXT_BYTES)
        if not parts:
            raise Refused("empty")
        return parts

    async def fetch(self, media_ref: str) -> MediaFile:
        """A file a citizen sent; the platform keeps it for three days."""
        return await self._with_token(lambda token: self._api.media(token, media_ref))

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        token = await self._tokens.current()
        try:
            return await call(token)
        except TokenStale:
            token = await self._tokens.renewed(token)
        try:
            return await call(token)
        except TokenStale as error:
            raise Unavailable("wechat_token_refused", timedelta(minutes=1)) from error
