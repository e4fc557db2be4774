"""The web chat's frames: what a page may say, what it is told, and the words for what went wrong."""

from collections.abc import Callable, Mapping
from datetime import datetime

import msgspec

from kernel.errors import Invalid
from kernel.messages import Attachment, Author, Choice, Citation, Inbound, Outbound

FRAME_LIMIT = 64 * 1024
TEXT_LIMIT = 4000
FILE_LIMIT = 9
ID_LIMIT = 64

ERRORS: Mapping[str, str] = {
    "malformed": "消息格式有误，请刷新页面后重试。",
    "unknown_frame": "无法识别的请求，请刷新页面后重试。",
    "text_only": "仅支持文字消息帧。",
    "hello_first": "连接尚未就绪，请稍候重试。",
    "already_greeted": "连接已建立，无需重复登录。",
    "message_too_large": "消息过大，无法接收。请精简文字，图片请用“上传”按钮发送。",
    "text_too_long": f"文字过长，请控制在 {TEXT_LIMIT} 字以内，可分多次发送。",
    "text_empty": "请输入内容后再发送。",
    "bad_id": "消息编号有误，请刷新页面后重试。",
    "too_many_files": f"一次最多发送 {FILE_LIMIT} 个附件。",
    "unknown_attachment": "附件不存在或已失效，请重新上传。",
    "too_fast": "您发送得太快了，请稍候再试。",
    "try_again": "系统繁忙，消息暂未收到，请稍后重试。",
}


class Hello(msgspec.Struct, frozen=True, tag="hello"):
    """The page is there; ``after`` is the last line it has."""

    token: str | None = None
    after: int = 0


class Say(msgspec.Struct, frozen=True, tag="say"):
    """The citizen says something; ``id`` is the page's own, so that a second time is once."""

    id: str
    text: str = ""
    attachments: tuple[str, ...] = ()


class Seen(msgspec.Struct, frozen=True, tag="seen"):
    """The citizen has seen everything up to ``seq``."""

    seq: int


class Ping(msgspec.Struct, frozen=True, tag="ping"):
    """The page asks whether we are there."""


ClientFrame = Hello | Say | Seen | Ping


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The page is known; ``seq`` is the newest line of the thread."""

    token: str
    seq: int


class AttachmentFrame(msgspec.Struct, frozen=True):
    """A file and the link it is read by."""

    id: str
    url: str
    media: str
    name: str


class Message(msgspec.Struct, frozen=True, tag="message"):
    """One line of the thread."""

    seq: int
    id: str
    author: str
    author_name: str
    text: str
    at: datetime
    choices: tuple[Choice, ...]
    citations: tuple[Citation, ...]
    attachments: tuple[AttachmentFrame, ...]
    link: str
    own: bool


class Ack(msgspec.Struct, frozen=True, tag="ack"):
    """What the page said under ``id`` is kept, as line ``seq``."""

    id: str
    seq: int


class Error(msgspec.Struct, frozen=True, tag="error"):
    """Something went wrong; the connection stays unless it says so."""

    code: str
    text: str


class Pong(msgspec.Struct, frozen=True, tag="pong"):
    """We are there."""


class Bye(msgspec.Struct, frozen=True, tag="bye"):
    """We go; come back ``after`` so many seconds."""

    after: float


ServerFrame = Welcome | Message | Ack | Error | Pong | Bye

_decoder: msgspec.json.Decoder[ClientFrame] = msgspec.json.Decoder(ClientFrame)
_encoder = msgspec.json.Encoder()


def read_frame(data: bytes) -> ClientFrame:
    """What a page sent. Invalid with a code of ERRORS."""
    try:
        frame = _decoder.decode(data)
    except msgspec.ValidationError as error:
        raise Invalid(code="unknown_frame") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid(code="malformed") from error
    if isinstance(frame, Say):
        _check_said(frame)
    return frame


def _check_said(frame: Say) -> None:
    if not 0 < len(frame.id) <= ID_LIMIT or not frame.id.isprintable():
        raise Invalid(code="bad_id")
    if len(frame.text) > TEXT_LIMIT:
        raise Invalid(code="text_too_long")
    if len(frame.attachments) > FILE_LIMIT:
        raise Invalid(code="too_many_files")
    if not frame.text.strip() and not frame.attachments:
        raise Invalid(code="text_empty")


def write_frame(frame: ServerFrame) -> bytes:
    """A frame as it goes over the wire."""
    return _encoder.encode(frame)


def error_frame(code: str) -> Error:
    """The frame for a code of ERRORS."""
    return Error(code, ERRORS[code])


def said_frame(seq: int, said: Inbound, url_of: Callable[[Attachment], str]) -> Message:
    """What the citizen said, under the id the page gave it: so the page knows its own line again."""
    return Message(
        seq=seq,
        id=said.external_id,
        author=Author.CITIZEN,
        author_name="",
        text=said.text,
        at=said.sent_at,
        choices=(),
        citations=(),
        attachments=_files(said.attachments, url_of),
        link="",
        own=True,
    )


def told_frame(seq: int, told: Outbound, url_of: Callable[[Attachment], str]) -> Message:
    """What the citizen is told."""
    return Message(
        seq=seq,
        id=told.id,
        author=told.author,
        author_name=told.author_name,
        text=told.text,
        at=told.created_at,
        choices=told.choices,
        citations=told.citations,
        attachments=_files(told.attachments, url_of),
        link=told.link,
        own=False,
    )


def _files(kept: tuple[Attachment, ...], url_of: Callable[[Attachment], str]) -> tuple[AttachmentFrame, ...]:
    return tuple(AttachmentFrame(each.id, url_of(each), each.media, each.name) for each in kept)
