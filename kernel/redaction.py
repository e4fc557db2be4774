"""What may stand in a log line: personal fields hidden by name, every text masked, links and SQL values cut."""

import re
import traceback
from collections.abc import Mapping
from dataclasses import is_dataclass
from datetime import date, time, timedelta
from enum import Enum
from pathlib import PurePath
from uuid import UUID

from kernel.privacy import mask_text

HIDDEN = "[hidden]"

_HIDDEN_KEY_LIST = (
    "name names text texts address contact contacts body payload content message title summary description remark "
    "comment question answer reply transcript link query query_code query_string id_number id_card house"
)
_HIDDEN_PART_LIST = (
    "phone phones mobile landline openid unionid token password secret cookie authorization credential credentials "
    "session plate email wechat qq idcard passport"
)
_HIDDEN_KEYS = frozenset(_HIDDEN_KEY_LIST.split())
_HIDDEN_PARTS = frozenset(_HIDDEN_PART_LIST.split())
_PEOPLE = ("citizen", "contact", "requester", "caller", "person", "user", "real", "full", "agent", "staff", "display")
_HIDDEN_ENDINGS = ("_text", "_body", "_address", "_content", *(f"{who}_name" for who in _PEOPLE))

_TRACKING_LINK = re.compile(r"(/track/)[^/?#\s\"']+")
_QUERY_STRING = re.compile(r"((?:/|https?:)[^\s\"'?]{0,400}\?)[^\s\"']+")
_STATEMENT_VALUES = re.compile(r"(\[parameters: ).*?(?=\n\(Background on|\Z)", re.DOTALL)
_ENGINE_VALUES = re.compile(
    r"^(\[(?:generated in|cached since|raw sql|caching disabled|no key|dialect)[^\]]*\]) .*", re.DOTALL
)
_ROW_VALUES = re.compile(r"(DETAIL:\s*).*")
_HARMLESS = (date, time, timedelta, UUID)
_DEEPEST = 6


def is_hidden(key: str) -> bool:
    """True if nothing under this key is ever logged: the key, a part or its ending is in the tables."""
    plain = key.lower().replace("-", "_")
    return plain in _HIDDEN_KEYS or plain.endswith(_HIDDEN_ENDINGS) or not _HIDDEN_PARTS.isdisjoint(plain.split("_"))


def scrub(text: str) -> str:
    """The text without personal data, query strings, tracking links and the values of SQL statements."""
    for pattern in (_STATEMENT_VALUES, _ENGINE_VALUES, _ROW_VALUES, _TRACKING_LINK, _QUERY_STRING):
        text = pattern.sub(rf"\g<1>{HIDDEN}", text)
    return mask_text(text)


def redact(value: object, depth: int = 0) -> object:
    """The value as it may be logged; objects that could hold anything become the name of their class."""
    match value:
        case Enum():
            return redact(value.value, depth)
        case None | bool() | float():
            return value
        case int():
            shown = scrub(str(value))
            return value if shown == str(value) else shown
        case str() | PurePath():
            return scrub(str(value))
        case BaseException():
            return scrub(f"{type(value).__name__}: {value}")
        case _:
            return str(value) if isinstance(value, _HARMLESS) else _redact_collection(value, depth)


def redact_fields(fields: Mapping[str, object], depth: int = 0) -> dict[str, object]:
    """Each field hidden by its name, or redacted."""
    return {str(key): HIDDEN if is_hidden(str(key)) else redact(value, depth) for key, value in fields.items()}


def describe_exception(error: BaseException) -> str:
    """The traceback with causes, without local values, its messages scrubbed."""
    lines = traceback.TracebackException.from_exception(error, capture_locals=False).format()
    return scrub("".join(lines)).rstrip()


def _redact_collection(value: object, depth: int) -> object:
    if depth >= _DEEPEST or is_dataclass(value):
        return f"<{type(value).__name__}>"
    match value:
        case Mapping():
            return redact_fields(value, depth + 1)
        case list() | tuple() | set() | frozenset():
            return [redact(item, depth + 1) for item in value]
        case _:
            return f"<{type(value).__name__}>"
