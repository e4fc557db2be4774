"""A ticket as it is kept: JSON that leaves out whatever equals its field's default, so that a long history stays small.

A default of what is kept here is therefore never changed: what is to mean something else gets a field of its own.
"""

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import cache
from typing import Any

import msgspec

from ticketing.model.ticket import Ticket

_UNSAID = object()


def encode(ticket: Ticket) -> str:
    """The ticket as JSON; a field that equals its default is not written."""
    return msgspec.json.encode(lean(ticket)).decode()


def decode(body: str) -> Ticket:
    """A ticket from its body."""
    return msgspec.json.decode(body, type=Ticket)


def lean(value: Any) -> Any:
    """A dataclass as a mapping, and so on inwards, without the fields that equal their defaults."""
    if isinstance(value, tuple):
        return [lean(each) for each in value]
    if not is_dataclass(value):
        return value
    kind: Any = type(value)
    said = ((name, getattr(value, name), default) for name, default in _defaults(kind).items())
    return {name: lean(given) for name, given, default in said if default is _UNSAID or given != default}


@cache
def _defaults(kind: Any) -> Mapping[str, Any]:
    return {field.name: _default(field) for field in fields(kind)}


def _default(field: Any) -> Any:
    if field.default is not MISSING:
        return field.default
    return field.default_factory() if field.default_factory is not MISSING else _UNSAID
