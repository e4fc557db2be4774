"""What a failed request is answered: the error's class gives the status, its code the Chinese text."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from hotline.wording import CODES, FIELDS, STATUSES, TITLES
from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound, NotSignedIn, Unavailable

PROBLEM_TYPE = "application/problem+json"
UNEXPECTED = 500


class TooMany(HotlineError):  # noqa: N818 - reads as what happened
    """Too many requests of one kind from one place; try again ``after`` seconds."""

    def __init__(self, after: int) -> None:
        super().__init__("too_many", after=after)
        self.after = after


class TooLarge(HotlineError):  # noqa: N818 - reads as what happened
    """More was sent than is accepted; ``limit`` in KiB."""

    def __init__(self, limit: int) -> None:
        super().__init__("too_large", limit=limit)


# Subclasses stand before their class.
STATUS: tuple[tuple[type[HotlineError], int], ...] = (
    (NotSignedIn, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (TooLarge, 413),
    (Invalid, 422),
    (TooMany, 429),
    (Unavailable, 503),
)


@dataclass(frozen=True, slots=True)
class Problem:
    """The body of a failed answer (RFC 9457). ``fields``: what is wrong with each, in words; ``current``: the present
    state of what the request meant; ``reference``: the number to name when asking for help."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    fields: Mapping[str, str] = field(default_factory=dict)
    current: Any = None
    reference: str = ""


def status_of(error: BaseException) -> int:
    """The HTTP status of an error."""
    return next((status for kind, status in STATUS if isinstance(error, kind)), UNEXPECTED)


def problem_of(error: BaseException, reference: str) -> Problem:
    """What is told of an error; of one nobody foresaw only the reference."""
    status = status_of(error)
    title = STATUSES[status]
    if not isinstance(error, HotlineError) or status == UNEXPECTED:
        detail = f"{title}（编号 {reference}）"
        return Problem("about:blank", title, UNEXPECTED, "unexpected", detail, reference=reference)
    fields = error.fields if isinstance(error, Invalid) else {}
    current = msgspec.to_builtins(error.current) if isinstance(error, Conflict) else None
    said = {name: _filled(FIELDS.get(code, CODES.get(code, code)), error) for name, code in fields.items()}
    title = TITLES.get(error.code, title)
    return Problem("about:blank", title, status, error.code, _text(error, title), said, current, reference)


def headers_of(error: BaseException) -> dict[str, str]:
    """The headers a failed answer carries."""
    if isinstance(error, Unavailable):
        return {"Retry-After": str(max(1, round(error.after.total_seconds())))}
    if isinstance(error, TooMany):
        return {"Retry-After": str(error.after)}
    return {}


def _text(error: HotlineError, title: str) -> str:
    template = CODES.get(error.code)
    return title if template is None else _filled(template, error, title)


def _filled(template: str, error: HotlineError, otherwise: str = "") -> str:
    try:
        return template.format_map(error.data)
    except (KeyError, IndexError, ValueError):
        return otherwise or template
