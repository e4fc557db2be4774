"""Short messages and relayed calls of a Twilio account: signed hooks in, messages and calls out."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

import phonenumbers

from channels.adapters.sms_api import TwilioApi
from channels.adapters.sms_hooks import Hook, connecting, genuine, reading
from channels.model import Doubtful, HookAnswer, HookReading, HookRequest, MediaFile, Refused, Sent
from channels.rules.rendering import cut, plain_text
from channels.rules.segments import segment_count
from kernel.calls import CallOrder
from kernel.errors import HotlineError
from kernel.messages import Attachment, Outbound, OutboundKind

HOME = "CN"
SERVICE = re.compile(r"MG[0-9a-fA-F]{32}")
RING_SECONDS = 25
# The platform's clock and ours are not one.
SKEW = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class SmsSettings:
    """``[channels.sms]``: the account and the numbers messages and calls come from.

    ``sender`` is a number or a messaging service (MG…); ``signature`` stands before every text. ``relay_number`` is the
    number officers and citizens see when they are called; without one nobody is.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str
    signature: str = ""
    most_segments: int = 5
    relay_number: str = ""
    api_url: str = "https://api.twilio.com"

    def __post_init__(self) -> None:
        """Refuse what could only fail later."""
        if not 1 <= self.most_segments <= 10:
            raise ValueError("most_segments")
        if segment_count(self.signature + "字" * 10) > 1:
            raise ValueError("signature")


class Sms:
    """One account."""

    name = "sms"
    body_limit = 64 * 1024

    def __init__(self, settings: SmsSettings, public_url: str, url_of: Callable[[Attachment], str]) -> None:
        self._settings = settings
        self._public_url = public_url
        self._url_of = url_of
        self._hook = f"{public_url.rstrip('/')}/webhooks/{self.name}"
        self._api = TwilioApi(settings.api_url, settings.account_sid, settings.auth_token)

    @property
    def relay_number(self) -> str:
        """The number both see in a relayed call."""
        return self._settings.relay_number

    async def stop(self) -> None:
        """Close the connections to the platform."""
        await self._api.stop()

    # -- in ---------------------------------------------------------------------------------------------

    def read(self, hook: HookRequest) -> HookReading:
        """A signed call: a message, what became of one, or how a call goes."""
        fields = genuine(hook, self._hook, self._settings.account_sid, self._settings.auth_token)
        return reading(Hook(hook, fields, self._settings.account_sid))

    async def fetch(self, media_ref: str) -> MediaFile:
        """A picture of a message."""
        return await self._api.media(media_ref)

    # -- messages out -----------------------------------------------------------------------------------

    async def send(self, message: Outbound) -> Sent:
        """The whole text, in several messages when it is long; what became of the last tells what became of it."""
        sids: list[str] = []
        parts = self._parts(message)
        to = e164(message.address.user)
        for part in parts:
            last = len(sids) == len(parts) - 1
            try:
                sids.append(await self._api.create("Messages", self._form(message.id, to, part, last=last)))
            except HotlineError as error:
                if sids:
                    raise Doubtful("sent_in_part") from error
                raise
        return Sent(sids[-1])

    def _parts(self, message: Outbound) -> tuple[str, ...]:
        if message.kind is not OutboundKind.TEXT:
            raise Refused("kind_not_supported")
        signature, most = self._settings.signature, self._settings.most_segments
        text = plain_text(message, self._public_url, [self._url_of(each) for each in message.attachments])
        parts = cut(text, most, lambda piece: segment_count(signature + piece))
        if not parts:
            raise Refused("empty")
        return tuple(signature + part for part in parts)

    def _form(self, message: str, to: str, text: str, *, last: bool) -> dict[str, str]:
        sender = self._settings.sender
        form = {"To": to, "Body": text}
        form["MessagingServiceSid" if SERVICE.fullmatch(sender) else "From"] = sender
        if last:
            form["StatusCallback"] = f"{self._hook}?part=status&message={quote(message)}"
        return form

    async def ask(self, message: Outbound) -> Sent | None:
        """Whether the platform has a message nobody can tell of: the same words to the same number since then."""
        parts = self._parts(message)
        kept = await self._api.messages_to(e164(message.address.user), message.created_at - SKEW)
        for each in kept:
            late = each.created_at is None or each.created_at >= message.created_at - SKEW
            if each.body == parts[-1] and late:
                return Sent(each.sid)
        if any(each.body == part for each in kept for part in parts[:-1]):
            raise Doubtful("sent_in_part")
        return None

    # -- calls ------------------------------------------------------------------------------------------

    async def call(self, order: CallOrder) -> str:
        """Ring the officer from the relay number; whom they are put through to is asked for when they pick up."""
        if not self.relay_number:
            raise Refused("relay_not_set_up")
        part = f"{self._hook}?part={{}}&call={quote(order.id)}"
        form = {
            "To": e164(order.officer),
            "From": self.relay_number,
            "Url": part.format("answered"),
            "Timeout": str(RING_SECONDS),
            "StatusCallback": part.format("officer"),
            "StatusCallbackEvent": ["initiated", "ringing", "answered", "completed"],
        }
        return await self._api.create("Calls", form)

    def connect(self, order: CallOrder) -> HookAnswer:
        """Whom the officer is put through to."""
        part = f"{self._hook}?part={{}}&call={quote(order.id)}"
        return connecting(e164(order.citizen), self.relay_number, part.format("dialed"), part.format("citizen"))


def e164(user: str) -> str:
    """A number as the platform wants it; Refused when it is none."""
    try:
        number = phonenumbers.parse(user, HOME)
    except phonenumbers.NumberParseException:
        raise Refused("unknown_recipient") from None
    if not phonenumbers.is_possible_number(number):
        raise Refused("unknown_recipient")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
