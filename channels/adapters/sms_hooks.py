"""Twilio's calls to us: is it Twilio, and what does it say. The only place where TwiML is written."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import cast
from urllib.parse import parse_qs, parse_qsl

from multidict import MultiDict
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, VoiceResponse

from channels.adapters.sms_api import reason_of
from channels.model import CallTurn, HookAnswer, HookReading, HookRequest, Receipt, Standing
from kernel.calls import CallResult, CallState
from kernel.errors import NotAllowed
from kernel.ids import new_id
from kernel.messages import Address, Attachment, Inbound, InboundKind, Media
from kernel.phones import phone_digits

XML = "text/xml"
FORM = "application/x-www-form-urlencoded"
MOST_FIELDS, MOST_MEDIA = 200, 10
RING_SECONDS, MOST_SECONDS = 30, 3600
VOICE, TONGUE = "Polly.Zhiyu", "cmn-CN"

SAID = "正在为您接通市民，请稍候。"
AWAY: Mapping[CallResult, str] = {
    CallResult.BUSY: "市民正在通话中，请稍后再拨。",
    CallResult.NO_ANSWER: "市民没有接听，请稍后再拨。",
    CallResult.UNREACHABLE: "市民的号码无法接通。",
    CallResult.FAILED: "电话没有接通，请稍后再拨。",
}

# What somebody writes who wants no messages any more, or wants them again.
STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "退订", "TD", "T"})
START = frozenset({"START", "UNSTOP", "订阅", "恢复订阅"})

_ID = re.compile(r"[0-9a-zA-Z_-]{1,40}")
_NUMBER = re.compile(r"\+?[0-9a-zA-Z]{3,20}")
_SID = re.compile(r"[A-Z]{2}[0-9a-fA-F]{32}")

ENDS: Mapping[str, CallResult] = {
    "completed": CallResult.ANSWERED,
    "answered": CallResult.ANSWERED,
    "busy": CallResult.BUSY,
    "no-answer": CallResult.NO_ANSWER,
    "failed": CallResult.UNREACHABLE,
    "canceled": CallResult.GIVEN_UP,
}
MEDIA_KINDS: Mapping[str, Media] = {"image": Media.IMAGE, "audio": Media.VOICE, "video": Media.VIDEO}
SURELY_FAILED = frozenset({"failed", "undelivered"})
HAVE_IT = frozenset({"accepted", "queued", "sending", "sent", "delivered", "read"})


@dataclass(frozen=True, slots=True)
class Hook:
    """A call that has been proved genuine."""

    request: HookRequest
    fields: Mapping[str, str]
    account: str

    def id(self, name: str) -> str:
        """An id of ours in the address; forged when there is none."""
        return _needed(self.request.query.get(name, ""), _ID)


def forged(reason: str) -> NotAllowed:
    """What is not from the platform."""
    return NotAllowed("forged_hook", reason=reason)


def genuine(hook: HookRequest, url: str, account: str, token: str) -> Mapping[str, str]:
    """The form of a call signed over the address the platform was told, never over what the request says its host is:
    a proxy in front changes that, and anybody may write it. A body that is no form counts by its digest."""
    whole = f"{url}?{hook.query_string}" if hook.query_string else url
    given = hook.headers.get("x-twilio-signature", "")
    if not given:
        raise forged("no_signature")
    try:
        text = hook.body.decode()
        form = hook.headers.get("content-type", FORM).partition(";")[0].strip().lower() == FORM
        if not form and "bodySHA256" not in parse_qs(hook.query_string):
            raise forged("body_not_signed")
        fields = MultiDict(parse_qsl(text, keep_blank_values=True, max_num_fields=MOST_FIELDS) if form else ())
    except ValueError as error:
        raise forged("body") from error
    if not RequestValidator(token).validate(whole, fields if form else text, given):
        raise forged("signature")
    if form and fields.get("AccountSid") != account:
        raise forged("account")
    return cast("Mapping[str, str]", fields)


def reading(hook: Hook) -> HookReading:
    """What the call says, by the part of the address it came to."""
    part = hook.request.query.get("part", "")
    read = PARTS.get(part)
    if read is None:
        raise forged("part")
    return read(hook)


def connecting(to: str, from_: str, after: str, progress: str) -> HookAnswer:
    """The officer has picked up: call the citizen, show the relay number, tell how it goes."""
    response = VoiceResponse()
    response.say(SAID, voice=VOICE, language=TONGUE)
    dial = Dial(caller_id=from_, action=after, timeout=RING_SECONDS, time_limit=MOST_SECONDS, answer_on_bridge=True)
    events = "initiated ringing answered completed"
    dial.number(to, status_callback=progress, status_callback_event=events)
    response.append(dial)
    return _voice(response)


def _message(hook: Hook) -> HookReading:
    fields, silent = hook.fields, HookAnswer(str(MessagingResponse()).encode(), XML)
    words, sender = fields.get("Body", "").strip(), _needed(fields.get("From", ""), _NUMBER)
    user = phone_digits(sender) or sender
    wish = fields.get("OptOutType", "").upper() or words.upper()
    if wish in STOP | START:
        return HookReading(silent, standing=Standing(user, wish in STOP), ignored="standing")
    many = min(_whole(fields, "NumMedia"), MOST_MEDIA)
    media = [found for n in range(many) if (found := _media(fields, n))]
    parts: list[tuple[Attachment, str] | None] = [*media] if media or not words else [None]
    messages = [_inbound(hook, user, "" if n else words, each, n) for n, each in enumerate(parts)]
    return HookReading(silent, tuple(messages), ignored="" if messages else "empty")


def _inbound(hook: Hook, user: str, text: str, media: tuple[Attachment, str] | None, number: int) -> Inbound:
    sid = _needed(hook.fields.get("MessageSid", ""), _SID)
    return Inbound(
        id=new_id(),
        address=Address("sms", _needed(hook.fields.get("To", ""), _NUMBER), user),
        external_id=f"{sid}:{number}" if number else sid,
        kind=InboundKind.MEDIA if media and not text else InboundKind.TEXT,
        text=text,
        sent_at=hook.request.at,
        received_at=hook.request.at,
        attachments=(media[0],) if media else (),
        media_ref=media[1] if media else "",
    )


def _media(fields: Mapping[str, str], number: int) -> tuple[Attachment, str] | None:
    url, kind = fields.get(f"MediaUrl{number}", ""), fields.get(f"MediaContentType{number}", "")
    media = MEDIA_KINDS.get(kind.partition("/")[0], Media.FILE)
    return (Attachment(new_id(), media, kind[:60], media.label, 0), url) if url else None


def _status(hook: Hook) -> HookReading:
    status, sid = hook.fields.get("MessageStatus", ""), hook.fields.get("MessageSid", "")
    message = hook.id("message")
    if status in SURELY_FAILED:
        return HookReading(HookAnswer(), receipt=Receipt(message, sid, reason_of(_whole(hook.fields, "ErrorCode"))))
    if status in HAVE_IT:
        return HookReading(HookAnswer(), receipt=Receipt(message, sid))
    return HookReading(HookAnswer(), ignored="status")


def _answered(hook: Hook) -> HookReading:
    hung_up = HookAnswer(str(VoiceResponse()).encode(), XML)
    return HookReading(hung_up, turn=CallTurn(hook.id("call"), CallState.CONNECTING, connects=True))


def _dialed(hook: Hook) -> HookReading:
    """The second leg is over, and the officer may still be on the line."""
    result = ENDS.get(hook.fields.get("DialCallStatus", ""), CallResult.FAILED)
    response = VoiceResponse()
    if result in AWAY:
        response.say(AWAY[result], voice=VOICE, language=TONGUE)
    response.hangup()
    turn = CallTurn(hook.id("call"), CallState.ENDED, result, _whole(hook.fields, "DialCallDuration"))
    return HookReading(_voice(response), turn=turn)


def _officer(hook: Hook) -> HookReading:
    """The first leg: it ends the call only where the officer was not reached, or hung up before."""
    status, call = hook.fields.get("CallStatus", ""), hook.id("call")
    if status not in ENDS:
        return HookReading(HookAnswer(), turn=CallTurn(call, CallState.CALLING))
    gone = CallResult.GIVEN_UP if status == "completed" else CallResult.OFFICER_AWAY
    gone = CallResult.FAILED if status == "failed" else gone
    return HookReading(HookAnswer(), turn=CallTurn(call, CallState.ENDED, gone))


def _citizen(hook: Hook) -> HookReading:
    status, call = hook.fields.get("CallStatus", ""), hook.id("call")
    if status == "in-progress":
        return HookReading(HookAnswer(), turn=CallTurn(call, CallState.TALKING))
    if status not in ENDS:
        return HookReading(HookAnswer(), turn=CallTurn(call, CallState.CONNECTING))
    seconds = _whole(hook.fields, "CallDuration")
    return HookReading(HookAnswer(), turn=CallTurn(call, CallState.ENDED, ENDS[status], seconds))


PARTS: Mapping[str, Callable[[Hook], HookReading]] = {
    "": _message,
    "status": _status,
    "answered": _answered,
    "dialed": _dialed,
    "officer": _officer,
    "citizen": _citizen,
}


def _voice(response: VoiceResponse) -> HookAnswer:
    return HookAnswer(str(response).encode(), XML)


def _needed(value: str, pattern: re.Pattern[str]) -> str:
    if not pattern.fullmatch(value.strip()):
        raise forged("fields")
    return value.strip()


def _whole(fields: Mapping[str, str], name: str) -> int:
    written = fields.get(name, "")
    return int(written) if re.fullmatch(r"\d{1,9}", written) else 0
