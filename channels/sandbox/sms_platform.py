"""What the stand-in of Twilio keeps: phones with their messages, calls with both legs, signed calls to the account."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from urllib.parse import urlencode, urljoin

import aiohttp
from defusedxml.ElementTree import fromstring

Fields = Sequence[tuple[str, str]]
# How a phone behaves when it rings, as the platform calls it.
ANSWERS, BUSY, AWAY, DEAD = "completed", "busy", "no-answer", "failed"
UCS2_ALONE, UCS2_PART = 70, 67


@dataclass(slots=True)
class Text:
    """A message as the platform lists it; ``own``: the phone's owner wrote it."""

    sid: str
    to: str
    from_: str
    body: str
    created_at: datetime
    status: str = "queued"
    callback: str = ""
    own: bool = False

    def listed(self) -> Mapping[str, object]:
        """As JSON."""
        made = {"sid": self.sid, "to": self.to, "from": self.from_, "body": self.body, "status": self.status}
        return made | {
            "num_segments": str(segments(self.body)),
            "date_created": format_datetime(self.created_at),
            "error_code": None,
        }


@dataclass(slots=True)
class Phone:
    """Somebody's phone. ``heard``: what was said to it, and who was put through."""

    texts: list[Text] = field(default_factory=list)
    answers: str = ANSWERS
    stopped: bool = False
    heard: list[str] = field(default_factory=list)
    saw: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Ringing:
    """A call the account asked for."""

    sid: str
    to: str
    from_: str
    url: str
    callback: str


class SmsPlatform:
    """One account. ``hook`` is where its messages go; ``talk`` is how many seconds a call lasts that is answered."""

    def __init__(self, account: str, token: str, hook: str, now: Callable[[], datetime], *, talk: int = 42) -> None:
        self.account = account
        self.token = token
        self.hook = hook
        self.now = now
        self.talk = talk
        self.phones: dict[str, Phone] = {}
        self.calls: list[Ringing] = []
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def phone(self, number: str) -> Phone:
        """A phone, there as soon as it is asked for."""
        return self.phones.setdefault(number, Phone())

    # -- texts ------------------------------------------------------------------------------------------

    def take(self, to: str, from_: str, body: str, callback: str = "") -> Text:
        """The account sends a text: it lies on the phone at once."""
        text = Text(_sid("SM"), to, from_, body, self.now(), callback=callback)
        self.phone(to).texts.append(text)
        return text

    def all_texts(self) -> list[Text]:
        """What the account sent, the newest first."""
        sent = [text for phone in self.phones.values() for text in phone.texts if not text.own]
        return sorted(sent, key=lambda text: text.created_at, reverse=True)

    async def report(self, text: Text, status: str, error: int = 0) -> int:
        """Tell the account what became of a text; the HTTP status it answers."""
        text.status = status
        fields = [("MessageSid", text.sid), ("MessageStatus", status), ("To", text.to), ("From", text.from_)]
        fields += [("ErrorCode", str(error))] if error else []
        return (await self.post(text.callback, fields))[0]

    async def says(self, from_: str, to: str, body: str, media: Sequence[tuple[str, str]] = ()) -> tuple[int, str]:
        """The owner of a phone writes to the account."""
        text = Text(_sid("SM"), to, from_, body, self.now(), "received", own=True)
        self.phone(from_).texts.append(text)
        wish = body.strip().upper()
        if wish in {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "START", "UNSTOP"}:
            self.phone(from_).stopped = wish not in {"START", "UNSTOP"}
        return await self.post(self.hook, self.message_fields(text, media))

    def message_fields(self, text: Text, media: Sequence[tuple[str, str]] = ()) -> Fields:
        """An incoming text as the platform posts it."""
        fields = [
            ("ToCountry", "CN"),
            ("SmsMessageSid", text.sid),
            ("NumMedia", str(len(media))),
            ("SmsSid", text.sid),
            ("SmsStatus", "received"),
            ("Body", text.body),
            ("FromCountry", "CN"),
            ("To", text.to),
            ("NumSegments", str(segments(text.body))),
            ("MessageSid", text.sid),
            ("From", text.from_),
            ("ApiVersion", "2010-04-01"),
        ]
        for n, (url, kind) in enumerate(media):
            fields += [(f"MediaUrl{n}", url), (f"MediaContentType{n}", kind)]
        return fields

    # -- calls ------------------------------------------------------------------------------------------

    def ring(self, to: str, from_: str, url: str, callback: str) -> Ringing:
        """The account wants somebody called."""
        call = Ringing(_sid("CA"), to, from_, url, callback)
        self.calls.append(call)
        return call

    async def play(self, call: Ringing) -> None:
        """Both legs, as the two phones behave."""
        phone = self.phone(call.to)
        phone.saw.append(call.from_)
        for status in ("initiated", "ringing"):
            await self._progress(call.callback, call, status)
        if phone.answers != ANSWERS:
            await self._progress(call.callback, call, phone.answers)
            return
        await self._progress(call.callback, call, "in-progress")
        _, body = await self.post(call.url, self._call_fields(call, "in-progress"))
        await self._follow(call, body)
        await self._progress(call.callback, call, "completed", self.talk)

    async def _follow(self, call: Ringing, twiml: str) -> None:
        for verb in fromstring(twiml):
            if verb.tag == "Say":
                self.phone(call.to).heard.append(verb.text or "")
            elif verb.tag == "Hangup":
                return
            elif verb.tag == "Dial" and (number := verb.find("Number")) is not None:
                child = Ringing(_sid("CA"), (number.text or "").strip(), verb.get("callerId", ""), "", "")
                child.callback = urljoin(call.url, number.get("statusCallback", ""))
                result = await self._second_leg(child)
                fields = [*self._call_fields(call, "in-progress"), ("DialCallSid", child.sid)]
                fields += [("DialCallStatus", result)]
                fields += [("DialCallDuration", str(self.talk))] if result == ANSWERS else []
                _, body = await self.post(urljoin(call.url, verb.get("action", "")), fields)
                await self._follow(call, body)
                return

    async def _second_leg(self, child: Ringing) -> str:
        phone = self.phone(child.to)
        phone.saw.append(child.from_)
        for status in ("initiated", "ringing"):
            await self._progress(child.callback, child, status)
        if phone.answers == ANSWERS:
            phone.heard.append("connected")
            await self._progress(child.callback, child, "in-progress")
        await self._progress(child.callback, child, phone.answers, self.talk if phone.answers == ANSWERS else 0)
        return phone.answers

    async def _progress(self, url: str, call: Ringing, status: str, seconds: int = 0) -> None:
        fields = [*self._call_fields(call, status), *([("CallDuration", str(seconds))] if seconds else [])]
        await self.post(url, fields)

    def _call_fields(self, call: Ringing, status: str) -> Fields:
        fields = [("CallSid", call.sid), ("CallStatus", status), ("To", call.to), ("From", call.from_)]
        return [*fields, ("Direction", "outbound-api"), ("ApiVersion", "2010-04-01")]

    # -- calls to the account ---------------------------------------------------------------------------

    async def post(self, url: str, fields: Fields) -> tuple[int, str]:
        """A signed form to the account; its answer."""
        fields = [*fields, ("AccountSid", self.account)]
        headers = {"X-Twilio-Signature": self.signature(url, fields)}
        headers["Content-Type"] = "application/x-www-form-urlencoded; charset=UTF-8"
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(url, data=urlencode(fields).encode(), headers=headers) as response:
            return response.status, await response.text()

    def signature(self, url: str, fields: Fields) -> str:
        """The platform's signature: the address with every field behind it, in the order of their names."""
        signed = url + "".join(name + value for name, value in sorted(set(fields)))
        return base64.b64encode(hmac.new(self.token.encode(), signed.encode(), hashlib.sha1).digest()).decode()


def segments(body: str) -> int:
    """How many parts, by the way the platform counts a text that is no GSM text."""
    units = len(body.encode("utf-16-be")) // 2
    if units <= UCS2_ALONE:
        return 1
    count, filled = 1, 0
    for each in body:
        size = len(each.encode("utf-16-be")) // 2
        if filled + size > UCS2_PART:
            count, filled = count + 1, 0
        filled += size
    return count


def _sid(kind: str) -> str:
    return kind + secrets.token_hex(16)
