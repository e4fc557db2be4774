"""What a screen sent in a form as the Form of the rules: files by id, days as their end of business, ticks as lists."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from kernel.attachments import Attachments
from kernel.database import Tx
from kernel.errors import Invalid
from kernel.workcalendar import WorkCalendar
from ticketing.model.acting import Form
from ticketing.model.labels import ReviewCheck
from ticketing.rules.fields import FIELDS

LONGEST = 4000
LISTS = frozenset({"citations", "supporting", "flags"})
DAYS = frozenset({"new_due", "review_at"})
MOMENTS = DAYS | {"contacted_at"}
MOST_FILES = 12


async def read_form(
    tx: Tx, given: Mapping[str, object], attachments: Attachments, calendar: WorkCalendar, now: datetime
) -> Form:
    """The form; Invalid names every field that cannot be used. Fields nobody asks for are left out."""
    wrong: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in given.items():
        if name not in FIELDS or value in ("", None):
            continue
        if isinstance(value, str) and len(value) > LONGEST:
            wrong[name] = "too_long"
            continue
        try:
            values[name] = _SPECIAL.get(name, _as_is)(value, calendar, now)
        except (ValueError, TypeError):
            wrong[name] = "not_a_moment" if name in MOMENTS else "wrong"
    if wrong:
        raise Invalid(wrong)
    files = await _files(tx, values.pop("evidence", ()), attachments)
    values["evidence"] = msgspec.to_builtins(files)
    return _converted(values)


async def _files(tx: Tx, ids: object, attachments: Attachments) -> object:
    if not isinstance(ids, list | tuple) or not all(isinstance(each, str) for each in ids) or len(ids) > MOST_FILES:
        raise Invalid({"evidence": "wrong"})
    try:
        return await attachments.known(tx, tuple(ids)) if ids else ()
    except Invalid as error:
        raise Invalid({"evidence": "unknown_attachment"}) from error


def _converted(values: Mapping[str, Any]) -> Form:
    wrong = {}
    for name, value in values.items():
        try:
            msgspec.convert({name: value}, Form, strict=False)
        except msgspec.ValidationError:
            wrong[name] = "wrong"
    if wrong:
        raise Invalid(wrong)
    return msgspec.convert(dict(values), Form, strict=False)


Reader = Callable[[Any, WorkCalendar, datetime], object]


def _as_is(value: Any, _calendar: WorkCalendar, _now: datetime) -> object:
    return value


def _several(value: Any, _calendar: WorkCalendar, _now: datetime) -> object:
    parts = value.replace("，", ",").replace("、", ",").split(",") if isinstance(value, str) else list(value)
    return [part.strip() for part in parts if part.strip()]


def _day(value: Any, calendar: WorkCalendar, _now: datetime) -> object:
    """A day ends with its business; a moment stays one, in the city's time unless it says another."""
    if not isinstance(value, str):
        raise TypeError
    if len(value) != len("2026-01-31"):
        return _aware(datetime.fromisoformat(value), calendar)
    return datetime.combine(date.fromisoformat(value), calendar.sessions[-1][1], calendar.zone)


def _moment(value: Any, calendar: WorkCalendar, now: datetime) -> object:
    return now if value == "now" else _aware(datetime.fromisoformat(value), calendar)


def _aware(moment: datetime, calendar: WorkCalendar) -> datetime:
    return moment.replace(tzinfo=calendar.zone) if moment.tzinfo is None else moment


def _ticked(value: Any, _calendar: WorkCalendar, _now: datetime) -> object:
    """One tick vouches for everything on the list."""
    if value in (True, "true"):
        return [check.value for check in ReviewCheck]
    return [] if value in (False, "false") else list(value)


_SPECIAL: Mapping[str, Reader] = {
    **dict.fromkeys(LISTS, _several),
    **dict.fromkeys(DAYS, _day),
    "contacted_at": _moment,
    "checked": _ticked,
}
