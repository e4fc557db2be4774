"""Where the next page of a list begins: the values its last row is sorted by, as one word."""

import base64
import binascii
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import TypeVar

import msgspec

from kernel.errors import Invalid
from kernel.pages import Part, length

T = TypeVar("T")


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


def moment_of(cursor: str) -> tuple[datetime, str]:
    """The moment and the id of a cursor of rows sorted by these; Invalid for one that is not ours."""
    at, id_ = read(cursor, 2)
    if not isinstance(at, datetime) or at.tzinfo is None or not isinstance(id_, str):
        raise Invalid({"cursor": "wrong"})
    return at, id_


def day_of(cursor: str) -> tuple[date, str]:
    """The same where they are sorted by a day."""
    day, id_ = read(cursor, 2)
    try:
        return date.fromisoformat(str(day)), str(id_)
    except ValueError as error:
        raise Invalid({"cursor": "wrong"}) from error


def part(
    items: Sequence[T], key: Callable[[T], tuple[datetime, str]], cursor: str, limit: int, *, falling: bool = False
) -> Part[T]:
    """A page of ``items``, which are in the order of ``key``, behind the one a cursor names: what is added to the list
    meanwhile moves none of the others. Invalid for a cursor that is not ours."""
    limit, behind = length(limit), items
    if cursor:
        last = moment_of(cursor)
        behind = [each for each in items if (key(each) < last if falling else key(each) > last)]
    more = written(key(behind[limit - 1])) if len(behind) > limit else None
    return Part(behind[:limit], len(items), more)


def _value(text: str) -> object:
    return datetime.fromisoformat(text) if len(text) > 18 and text[4:5] == "-" else text
