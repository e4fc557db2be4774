"""Twilio's REST interface of 2010-04-01: messages and calls as forms over aiohttp, because the SDK's client blocks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import aiohttp
import msgspec

from channels.model import Doubtful, MediaFile, Refused
from kernel.attachments import MAX_BYTES
from kernel.database import outside_transaction
from kernel.errors import Unavailable

_TIMES = aiohttp.ClientTimeout(total=15, connect=3, sock_connect=3)
_SMALL = 256 * 1024
_PAGE = 50

# «Error and Warning Dictionary». What surely was not taken, and when it may be:
LATER: Mapping[int, timedelta] = {
    14107: timedelta(minutes=1),
    20003: timedelta(minutes=10),
    20429: timedelta(seconds=5),
    20503: timedelta(seconds=30),
    30001: timedelta(minutes=1),
}
# … what never will be, and why. Codes without a row become twilio_<code>.
REFUSED: Mapping[int, str] = {
    13224: "unknown_recipient",
    21210: "interface_forbidden",
    21211: "unknown_recipient",
    21214: "unknown_recipient",
    21215: "interface_forbidden",
    21217: "unknown_recipient",
    21408: "interface_forbidden",
    21602: "empty",
    21606: "interface_forbidden",
    21610: "opted_out",
    21612: "unreachable",
    21614: "unknown_recipient",
    21617: "too_long",
    30003: "unreachable",
    30004: "blocked_by_citizen",
    30005: "unknown_recipient",
    30006: "unreachable",
    30007: "filtered",
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A message as the platform has it."""

    sid: str
    body: str
    status: str
    created_at: datetime | None


class _Answer(msgspec.Struct, frozen=True):
    sid: str = ""
    code: int = 0


class _Message(msgspec.Struct, frozen=True):
    sid: str = ""
    body: str | None = None
    status: str = ""
    date_created: str | None = None


class _Page(msgspec.Struct, frozen=True):
    messages: Sequence[_Message]


def reason_of(code: int) -> str:
    """Why a message will never arrive."""
    return REFUSED.get(code, f"twilio_{code}")


class TwilioApi:
    """The calls of one account. Forms and addresses hold numbers, so no error of the client is let out."""

    def __init__(self, url: str, account_sid: str, auth_token: str) -> None:
        self._root = f"{url.rstrip('/')}/2010-04-01"
        self._account = f"{self._root}/Accounts/{account_sid}"
        self._headers = {"Authorization": aiohttp.encode_basic_auth(account_sid, auth_token)}
        self._session: aiohttp.ClientSession | None = None

    async def stop(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def create(self, resource: str, form: Mapping[str, str | Sequence[str]]) -> str:
        """A new message or call; its sid. Unavailable, Refused, Doubtful."""
        fields = [(n, v) for n, value in form.items() for v in ([value] if isinstance(value, str) else value)]
        outside_transaction("sms")
        try:
            async with self._client().post(f"{self._account}/{resource}.json", data=fields) as response:
                status, after = response.status, response.headers.get("Retry-After", "")
                body = await response.content.read(_SMALL)
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
            raise Unavailable("twilio_unreachable") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Doubtful("twilio_no_answer", kind=type(error).__name__) from None
        answer = _decoded(body)
        if status in {HTTPStatus.OK, HTTPStatus.CREATED} and answer is not None and answer.sid:
            return answer.sid
        raise _failure(status, answer.code if answer is not None else 0, after)

    async def messages_to(self, number: str, since: datetime) -> list[Kept]:
        """What was sent to ``number`` from the day of ``since`` on. Unavailable."""
        query = {"To": number, "DateSent>": f"{since:%Y-%m-%d}", "PageSize": str(_PAGE)}
        body = await self._read(f"{self._account}/Messages.json", query, _SMALL)
        try:
            page = msgspec.json.decode(body, type=_Page)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Unavailable("twilio_unreadable") from None
        return [Kept(each.sid, each.body or "", each.status, _moment(each.date_created)) for each in page.messages]

    def owns(self, url: str) -> bool:
        """Whether an address is one of this account's: no other gets its password."""
        return url.startswith(f"{self._account}/") and ".." not in url

    async def media(self, url: str) -> MediaFile:
        """A picture that came with a message. Unavailable, Refused."""
        if not self.owns(url):
            raise Refused("media_elsewhere")
        body = await self._read(url, {}, MAX_BYTES + 1)
        if len(body) > MAX_BYTES:
            raise Refused("media_too_large")
        return MediaFile("file", body)

    async def _read(self, url: str, query: Mapping[str, str], most: int) -> bytes:
        outside_transaction("sms")
        try:
            async with self._client().get(url, params=query) as response:
                if response.status == HTTPStatus.NOT_FOUND:
                    raise Refused("media_gone")
                if response.status != HTTPStatus.OK:
                    raise Unavailable(f"twilio_http_{response.status}", timedelta(seconds=30))
                body = bytearray()
                while len(body) < most and (more := await response.content.read(most - len(body))):
                    body += more
                return bytes(body)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable("twilio_unreachable", kind=type(error).__name__) from None

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            jar = aiohttp.DummyCookieJar()
            self._session = aiohttp.ClientSession(timeout=_TIMES, cookie_jar=jar, headers=self._headers)
        return self._session


def _decoded(body: bytes) -> _Answer | None:
    try:
        return msgspec.json.decode(body, type=_Answer)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _failure(status: int, code: int, after: str) -> Unavailable | Refused | Doubtful:
    wait = timedelta(seconds=int(after)) if after.isdigit() else timedelta()
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in LATER:
        return Unavailable(f"twilio_{code or status}", max(wait, LATER.get(code, timedelta())))
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return Unavailable("twilio_down", wait)
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return Refused(reason_of(code) if code else f"twilio_http_{status}")
    # A gateway in between may have lost the answer, not the message.
    return Doubtful("twilio_unreadable")


def _moment(written: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(written) if written else None
    except ValueError:
        return None
