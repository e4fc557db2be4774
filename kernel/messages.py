"""What passes over every channel: addresses, messages in, messages and call-control orders out."""

from dataclasses import dataclass
from datetime import datetime

from kernel.labels import Labelled


@dataclass(frozen=True, slots=True)
class Address:
    """One person on one account of one channel, e.g. an openid of one official account."""

    channel: str
    account: str
    user: str

    @property
    def key(self) -> str:
        """One string that is unique for the address."""
        return f"{self.channel}:{self.account}:{self.user}"

    @classmethod
    def from_key(cls, key: str) -> "Address":
        """The address a key was made from."""
        channel, account, user = key.split(":", maxsplit=2)
        return cls(channel, account, user)


class Media(Labelled):
    """What an attachment is."""

    IMAGE = "image", "图片"
    VOICE = "voice", "语音"
    VIDEO = "video", "视频"
    FILE = "file", "文件"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A stored file; ``id`` is its key in kernel.attachments, ``size`` in bytes."""

    id: str
    media: Media
    media_type: str
    name: str
    size: int


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """A place a citizen sent: WGS-84 degrees and the platform's label."""

    latitude: float
    longitude: float
    label: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A ready answer a citizen can tap; ``value`` is what comes back as text."""

    label: str
    value: str


class InboundKind(Labelled):
    """What came in."""

    TEXT = "text", "文字"
    MEDIA = "media", "媒体"
    PLACE = "place", "位置"
    EVENT = "event", "事件"


@dataclass(frozen=True, slots=True)
class Inbound:
    """One message from a citizen, the same shape for every channel.

    ``external_id`` is unique per address: the platform's retries carry the same one. ``sent_at`` is the
    sender's time, ``received_at`` ours. ``reply_by``: until then the platform waits for a passive reply.
    """

    id: str
    address: Address
    external_id: str
    kind: InboundKind
    text: str
    sent_at: datetime
    received_at: datetime
    attachments: tuple[Attachment, ...] = ()
    place: GeoPoint | None = None
    event: str = ""
    media_ref: str = ""
    reply_by: datetime | None = None


class OutboundKind(Labelled):
    """A message, or an order to the telephone exchange."""

    TEXT = "text", "文字"
    RING = "ring", "振铃"
    HOLD = "hold", "保持"
    JOIN = "join", "加入"
    TRANSFER = "transfer", "转接"
    HANG_UP = "hang_up", "挂断"


class Author(Labelled):
    """Who speaks."""

    CITIZEN = "citizen", "市民"
    BOT = "bot", "智能客服"
    AGENT = "agent", "坐席"
    UNIT = "unit", "承办单位"
    SYSTEM = "system", "系统"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where an answer comes from: the entry, who keeps it, the day it was last verified."""

    id: str
    title: str
    owner: str
    verified_on: str


@dataclass(frozen=True, slots=True)
class Outbound:
    """One message to a citizen. ``id`` makes it unique: putting the same one twice sends it once."""

    id: str
    address: Address
    text: str
    author: Author
    created_at: datetime
    kind: OutboundKind = OutboundKind.TEXT
    author_name: str = ""
    choices: tuple[Choice, ...] = ()
    citations: tuple[Citation, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    link: str = ""
    reply_to: str = ""
