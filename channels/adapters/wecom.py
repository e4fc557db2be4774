"""WeCom (企业微信): messages of one application of the enterprise to its members. Officers only; nothing comes in."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import aiohttp
import msgspec

from channels.model import Doubtful, FreshToken, Refused, Sent, Tokens
from channels.rules.rendering import cut, plain_text
from kernel.database import outside_transaction
from kernel.errors import Unavailable
from kernel.messages import Outbound, OutboundKind

_TIMES = aiohttp.ClientTimeout(total=10, connect=3, sock_connect=3)
_SMALL = 64 * 1024
# «发送应用消息»: a text holds 2,048 bytes.
TEXT_BYTES = 2048

# «全局错误码». What says that the token is worthless:
STALE = frozenset({40014, 41001, 42001})
# … that the message surely was not taken, and when it may be:
LATER: Mapping[int, timedelta] = {
    -1: timedelta(seconds=5),
    45009: timedelta(hours=1),
    45033: timedelta(seconds=30),
    60020: timedelta(minutes=10),
}
# … that it never will be, and why. Codes without a row become wecom_<code>.
REFUSED: Mapping[int, str] = {
    40003: "unknown_recipient",
    81013: "unknown_recipient",
    82001: "unknown_recipient",
    45002: "too_long",
    301002: "interface_forbidden",
    40056: "interface_forbidden",
}


@dataclass(frozen=True, slots=True)
class WeComSettings:
    """``[channels.wecom]``: the enterprise and the application in whose name officers are written to."""

    corp_id: str
    secret: str = field(repr=False)
    agent_id: int
    api_url: str = "https://qyapi.weixin.qq.com"


class StaleError(Exception):
    """The platform no longer knows the access token."""


class _Answer(msgspec.Struct, frozen=True):
    errcode: int = 0
    access_token: str = ""
    expires_in: int = 0
    msgid: str = ""
    invaliduser: str = ""


class WeComApi:
    """The enterprise's calls. Addresses hold the secret or the token, so no error of the client is let out."""

    def __init__(self, settings: WeComSettings) -> None:
        self._settings = settings
        self._url = settings.api_url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def token(self) -> FreshToken:
        """The application's access token; asking again before it runs out gives the same. Unavailable."""
        asked = {"corpid": self._settings.corp_id, "corpsecret": self._settings.secret}
        answer = _decoded(await self._ask("GET", "gettoken", asked, None, harmless=True))
        if not answer.access_token or answer.expires_in <= 0:
            raise Unavailable("wecom_token", timedelta(minutes=1), errcode=answer.errcode)
        return FreshToken(answer.access_token, timedelta(seconds=answer.expires_in))

    async def send_text(self, token: str, user: str, text: str) -> str:
        """A text to one member; its id there. StaleError, Unavailable, Refused, Doubtful."""
        message = {"touser": user, "msgtype": "text", "agentid": self._settings.agent_id, "text": {"content": text}}
        body = await self._ask("POST", "message/send", {"access_token": token}, message, harmless=False)
        try:
            answer = _decoded(body)
        except Unavailable as error:
            raise Doubtful("wecom_unreadable") from error
        _raise_for(answer.errcode)
        if answer.invaliduser:
            raise Refused("unknown_recipient")
        return answer.msgid

    async def _ask(self, method: str, path: str, query: Mapping[str, str], message: object, *, harmless: bool) -> bytes:
        outside_transaction("wecom")
        # Not \\u escapes: the platform refuses them (40033).
        data = None if message is None else msgspec.json.encode(message)
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMES, cookie_jar=aiohttp.DummyCookieJar())
        url = f"{self._url}/cgi-bin/{path}"
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            async with self._session.request(method, url, params=query, data=data, headers=headers) as response:
                return await response.content.read(_SMALL)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unavailable("wecom_unreachable") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if harmless:
                raise Unavailable("wecom_unreachable", kind=type(error).__name__) from None
            raise Doubtful("wecom_no_answer", kind=type(error).__name__) from None


class WeCom:
    """One application of one enterprise."""

    name = "wecom"

    def __init__(self, api: WeComApi, tokens: Tokens, public_url: str) -> None:
        self._api = api
        self._tokens = tokens
        self._public_url = public_url

    async def stop(self) -> None:
        """Close the connections to the platform."""
        await self._api.stop()

    async def send(self, message: Outbound) -> Sent:
        """One text to the member the address names."""
        if message.kind is not OutboundKind.TEXT:
            raise Refused("kind_not_supported")
        parts = cut(plain_text(message, self._public_url, []), TEXT_BYTES)
        if len(parts) != 1:
            raise Refused("too_long" if parts else "empty")
        return Sent(await self._with_token(lambda token: self._api.send_text(token, message.address.user, parts[0])))

    async def _with_token(self, call: Callable[[str], Awaitable[str]]) -> str:
        token = await self._tokens.current()
        try:
            return await call(token)
        except StaleError:
            token = await self._tokens.renewed(token)
        try:
            return await call(token)
        except StaleError as error:
            raise Unavailable("wecom_token_refused", timedelta(minutes=1)) from error


def _decoded(body: bytes) -> _Answer:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unavailable("wecom_unreadable") from error


def _raise_for(code: int) -> None:
    if code == 0:
        return
    if code in STALE:
        raise StaleError
    if code in LATER:
        raise Unavailable(f"wecom_{code}", LATER[code])
    raise Refused(REFUSED.get(code, f"wecom_{code}"))
