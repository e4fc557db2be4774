"""WeChat's XML: what comes in becomes Inbound, what goes out becomes XML.

After the platform's «接收普通消息», «接收事件推送» and «被动回复用户消息».
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from channels.adapters.wechat_crypto import forged
from channels.adapters.wechat_xml import flat_fields
from kernel.coordinates import wgs84_of
from kernel.ids import new_id
from kernel.messages import Address, Attachment, GeoPoint, Inbound, InboundKind, Media

_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# Phones let people type characters XML does not know; the platform passes them on.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ENCRYPTED = re.compile(rb"<Encrypt>\s*(?:<!\[CDATA\[)?\s*([A-Za-z0-9+/=]+)\s*(?:\]\]>)?\s*</Encrypt>")
_LONG_KEY = 100

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Content:
    """What one message says, whoever sent it."""

    kind: InboundKind
    text: str = ""
    attachment: Attachment | None = None
    media_ref: str = ""
    place: GeoPoint | None = None
    event: str = ""
    answerable: bool = True


def fields_of(xml: str | bytes) -> Fields:
    """The flat fields of a message. NotAllowed("forged_hook") for a DTD, an entity or anything that is no message."""
    try:
        text = xml.decode() if isinstance(xml, bytes) else xml
        return flat_fields(_NOT_XML.sub("", text))
    except ValueError as error:
        raise forged("xml") from error


def encrypted_in(body: bytes) -> str:
    """The ciphertext of a post. It is found without a parser: nothing of the body has been proved genuine yet."""
    found = _ENCRYPTED.findall(body)
    if len(found) != 1:
        raise forged("envelope")
    return str(found[0], "ascii")


def inbound_of(fields: Fields, app_id: str, at: datetime, passive: timedelta) -> Inbound | None:
    """The message; None when it is of a kind the desk has no use for. ``passive``: how long the platform waits."""
    kind = fields.get("MsgType", "")
    reader = EVENTS.get(_event(fields)) if kind == "event" else MESSAGES.get(kind)
    if reader is None:
        return None
    content = reader(fields)
    return Inbound(
        id=new_id(),
        address=Address("wechat", app_id, _needed(fields, "FromUserName", _OPENID)),
        external_id=_external_id(fields),
        kind=content.kind,
        text=content.text,
        sent_at=_sent_at(fields),
        received_at=at,
        attachments=(content.attachment,) if content.attachment else (),
        place=content.place,
        event=content.event,
        media_ref=content.media_ref,
        reply_by=at + passive if passive and content.answerable else None,
    )


def kind_of(fields: Fields) -> str:
    """What kind of message it is, for the log: letters only, so that nothing personal slips in."""
    kind = f"{fields.get('MsgType', '')}.{fields.get('Event', '')}".strip(".").lower()
    return kind if re.fullmatch(r"[a-z_.]{1,60}", kind) else "other"


def reply_xml(to: str, account: str, text: str, at: datetime) -> str:
    """A passive text reply."""
    return (
        f"<xml><ToUserName>{_cdata(to)}</ToUserName><FromUserName>{_cdata(account)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType>{_cdata('text')}</MsgType>"
        f"<Content>{_cdata(text)}</Content></xml>"
    )


def envelope_xml(encrypted: str, signed: str, timestamp: str, nonce: str) -> str:
    """An encrypted reply."""
    return (
        f"<xml><Encrypt>{_cdata(encrypted)}</Encrypt><MsgSignature>{_cdata(signed)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{_cdata(nonce)}</Nonce></xml>"
    )


def _cdata(text: str) -> str:
    clean = _NOT_XML.sub("", text).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{clean}]]>"


def _needed(fields: Fields, name: str, pattern: re.Pattern[str]) -> str:
    value = fields.get(name, "").strip()
    if not pattern.fullmatch(value):
        raise forged("fields")
    return value


def _sent_at(fields: Fields) -> datetime:
    return datetime.fromtimestamp(int(_needed(fields, "CreateTime", re.compile(r"\d{1,10}"))), UTC)


def _external_id(fields: Fields) -> str:
    """What makes the message one of a kind for its sender: events have no MsgId, and several share a second."""
    if fields.get("MsgType") != "event":
        return _needed(fields, "MsgId", re.compile(r"\d{1,32}"))
    key = fields.get("EventKey", "")
    if len(key) > _LONG_KEY:
        key = hashlib.sha256(key.encode()).hexdigest()
    return f"{fields.get('CreateTime', '').strip()}:{_event(fields)}:{key}"


def _event(fields: Fields) -> str:
    return fields.get("Event", "").lower()


def _degrees(fields: Fields, name: str, limit: float) -> float:
    value = float(_needed(fields, name, re.compile(r"-?\d{1,3}(\.\d{1,20})?")))
    if abs(value) > limit:
        raise forged("fields")
    return value


def _text(fields: Fields) -> Content:
    return Content(InboundKind.TEXT, fields.get("Content", ""))


def _link(fields: Fields) -> Content:
    parts = (fields.get(name, "").strip() for name in ("Title", "Description", "Url"))
    return Content(InboundKind.TEXT, "\n".join(part for part in parts if part))


def _file(media: Media, media_type: str, name: str) -> Callable[[Fields], Content]:
    def read(fields: Fields) -> Content:
        # The id is given now and the file fills it later: the answer does not wait for the download.
        reserved = Attachment(new_id(), media, media_type, name, 0)
        ref = _needed(fields, "MediaId", re.compile(r"[\x21-\x7e]{1,256}"))
        return Content(InboundKind.MEDIA, fields.get("Recognition", "").strip(), reserved, ref)

    return read


def _place(fields: Fields) -> Content:
    point = wgs84_of(_degrees(fields, "Location_X", 90), _degrees(fields, "Location_Y", 180))
    label = fields.get("Label", "").strip()
    return Content(InboundKind.PLACE, label, place=GeoPoint(*point, label))


def _happened(name: str, *, answerable: bool = True) -> Callable[[Fields], Content]:
    def read(fields: Fields) -> Content:
        key = fields.get("EventKey", "").removeprefix("qrscene_")
        return Content(InboundKind.EVENT, key, event=name, answerable=answerable)

    return read


def _reported_place(fields: Fields) -> Content:
    point = GeoPoint(_degrees(fields, "Latitude", 90), _degrees(fields, "Longitude", 180))
    return Content(InboundKind.EVENT, place=point, event="location", answerable=False)


MESSAGES: Mapping[str, Callable[[Fields], Content]] = {
    "text": _text,
    "image": _file(Media.IMAGE, "image/jpeg", "微信图片.jpg"),
    "voice": _file(Media.VOICE, "audio/amr", "微信语音.amr"),
    "video": _file(Media.VIDEO, "video/mp4", "微信视频.mp4"),
    "shortvideo": _file(Media.VIDEO, "video/mp4", "微信视频.mp4"),
    "location": _place,
    "link": _link,
}

# Everything else that happens on an account (menus that open pages, reports on mass messages …) is answered and left.
EVENTS: Mapping[str, Callable[[Fields], Content]] = {
    "subscribe": _happened("subscribe"),
    "scan": _happened("scan"),
    "click": _happened("click"),
    "location": _reported_place,
    "unsubscribe": _happened("unsubscribe", answerable=False),
}
