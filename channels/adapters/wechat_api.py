"""WeChat's server interface: access token, customer-service messages, media; its error codes as ours."""

from collections.abc import Mapping
from datetime import timedelta

import aiohttp
import msgspec

from channels.model import Doubtful, FreshToken, MediaFile, Refused
from kernel.attachments import MAX_BYTES
from kernel.database import outside_transaction
from kernel.errors import Unavailable

_TIMES = aiohttp.ClientTimeout(total=10, connect=3, sock_connect=3)
_SMALL = 64 * 1024
_SERVER_ERROR = 500

# «全局返回码说明». What says that the token is worthless:
STALE: frozenset[int] = frozenset({40001, 40014, 42001})
# … that the message surely was not taken, and when it may be:
LATER: Mapping[int, timedelta] = {
    -1: timedelta(seconds=5),
    45009: timedelta(hours=1),
    45011: timedelta(minutes=1),
    40164: timedelta(minutes=10),
}
# … that it never will be, and why. Codes without a row become wechat_<code>.
REFUSED: Mapping[int, str] = {
    45015: "window_closed",
    45047: "window_used_up",
    40003: "unknown_recipient",
    43004: "not_following",
    43019: "blocked_by_account",
    48002: "blocked_by_citizen",
    45002: "too_long",
    48001: "interface_not_granted",
    48004: "interface_forbidden",
    50002: "account_limited",
    40007: "media_gone",
}


class TokenStale(Exception):  # noqa: N818 - says what the platform said
    """The platform no longer knows the access token."""


class _Answer(msgspec.Struct, frozen=True):
    errcode: int = 0
    errmsg: str = ""
    access_token: str = ""
    expires_in: int = 0
    video_url: str = ""


class WeChatApi:
    """One account's calls. Addresses hold the token, so no error of the client is let out."""

    def __init__(self, url: str, app_id: str, secret: str) -> None:
        self._url = url.rstrip("/")
        self._app_id = app_id
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def stable_token(self) -> FreshToken:
        """The account's access token; asking again before it runs out gives the same. Unavailable."""
        asked = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        _, body = await self._ask("POST", f"{self._url}/cgi-bin/stable_token", {}, asked, harmless=True)
        answer = _decoded(body)
        if not answer.access_token or answer.expires_in <= 0:
            raise Unavailable("wechat_token", timedelta(minutes=1), errcode=answer.errcode)
        return FreshToken(answer.access_token, timedelta(seconds=answer.expires_in))

    async def send_text(self, token: str, openid: str, text: str) -> None:
        """A customer-service message. TokenStale, Unavailable, Refused, Doubtful."""
        message = {"touser": openid, "msgtype": "text", "text": {"content": text}}
        status, body = await self._ask(
            "POST", f"{self._url}/cgi-bin/message/custom/send", {"access_token": token}, message, harmless=False
        )
        try:
            answer = _decoded(body)
        except Unavailable as error:
            raise Doubtful("wechat_unreadable", status=status) from error
        _raise_for(answer.errcode)

    async def media(self, token: str, media_id: str) -> MediaFile:
        """A file a citizen sent. TokenStale, Unavailable, Refused."""
        asked = {"access_token": token, "media_id": media_id}
        name, body = await self._file(f"{self._url}/cgi-bin/media/get", asked)
        if not body.startswith(b"{"):
            return MediaFile(name, body)
        answer = _decoded(body)
        _raise_for(answer.errcode)
        if not answer.video_url.startswith(("https://", "http://")):
            raise Refused("media_unreadable")
        return MediaFile(*await self._file(answer.video_url, {}))

    async def _file(self, url: str, query: Mapping[str, str]) -> tuple[str, bytes]:
        outside_transaction("wechat media")
        try:
            async with self._client().get(url, params=query) as response:
                if response.status >= _SERVER_ERROR:
                    raise Unavailable("wechat_down")
                body = await response.content.read(MAX_BYTES + 1)
                while len(body) <= MAX_BYTES and (more := await response.content.read(MAX_BYTES + 1 - len(body))):
                    body += more
                name = response.content_disposition.filename if response.content_disposition else None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable("wechat_unreachable", kind=type(error).__name__) from None
        if len(body) > MAX_BYTES:
            raise Refused("media_too_large")
        return name or "file", body

    async def _ask(
        self, method: str, url: str, query: Mapping[str, str], message: object, *, harmless: bool
    ) -> tuple[int, bytes]:
        outside_transaction("wechat")
        # Not \\u escapes: the platform shows them to the citizen as they are (40033).
        data = msgspec.json.encode(message)
        headers = {"Content-Type": "application/json; charset=utf-8"}
        try:
            async with self._client().request(method, url, params=query, data=data, headers=headers) as response:
                return response.status, await response.content.read(_SMALL)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unavailable("wechat_unreachable") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            if harmless:
                raise Unavailable("wechat_unreachable", kind=type(error).__name__) from None
            raise Doubtful("wechat_no_answer", kind=type(error).__name__) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=_TIMES, cookie_jar=aiohttp.DummyCookieJar())
        return self._session


def _decoded(body: bytes) -> _Answer:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unavailable("wechat_unreadable") from error


def _raise_for(code: int) -> None:
    if code == 0:
        return
    if code in STALE:
        raise TokenStale
    if code in LATER:
        raise Unavailable(f"wechat_{code}", LATER[code])
    raise Refused(REFUSED.get(code, f"wechat_{code}"))
