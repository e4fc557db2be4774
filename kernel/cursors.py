"""Where the next page of a list begins: the values its last row is sorted by, as one word."""

import base64
import binascii
from collections.abc import Sequence
from datetime import datetime

import msgspec

from kernel.errors import Invalid


def written(values: Sequence[object]) -> str:
    """The cursor behind a row that is sorted by ``values``."""
    return base64.urlsafe_b64encode(msgspec.json.encode(values)).decode().rstrip("=")


def read(cursor: str, length: int) -> list[object]:
    """The ``length`` values of a cursor; Invalid for one that is not ours."""
    try:
        raw = msgspec.json.decode(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)), type=list[str])
        values = [_value(each) for each in raw]
    except (binascii.Error, msgspec.DecodeError, ValueError) as error:
        raise Invalid({"cursor": "wrong"}) from error
    if len(values) != length:
        raise Invalid({"cursor": "wrong"})
    return values


def _value(text: str) -> object:
    return datetime.fromisoformat(text) if len(text) > 18 and text[4:5] == "-" else text
