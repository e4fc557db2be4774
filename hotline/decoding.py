"""Turns what came over HTTP into the dataclasses a route declares; wrong input names the wrong fields."""

import re
from dataclasses import dataclass
from typing import Any, TypeVar, get_type_hints

import msgspec
from aiohttp import BodyPartReader, web

from hotline.failures import TooLarge
from kernel.errors import Invalid
from kernel.room import Upload

T = TypeVar("T")

JSON_LIMIT_KIB = 256
FILES_AT_ONCE = 12

_MISSING = re.compile(r"missing required field `(?P<name>[^`]+)`(?: - at `\$(?P<path>[^`]*)`)?")
_WRONG = re.compile(r"at `\$(?P<path>[^`]*)`$")


@dataclass(frozen=True, slots=True)
class Sent:
    """The body of a request: its bytes, its form fields (those given several times are ``repeated`` whole), its
    files."""

    raw: bytes = b""
    fields: dict[str, str] | None = None
    uploads: tuple[Upload, ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()


def decode_query(kind: type[T], request: web.BaseRequest) -> T:
    """The query string as ``kind``; a parameter given several times becomes a list where one is wanted."""
    given: dict[str, Any] = {}
    lists = {name for name, hint in get_type_hints(kind).items() if _is_list(hint)}
    for name in request.query:
        given[name] = request.query.getall(name) if name in lists else request.query[name]
    return _convert(kind, given, strict=False)


def decode_body(kind: type[T], sent: Sent) -> T:
    """The body as ``kind``: JSON, or the form fields that came with files."""
    if sent.fields is not None:
        return _convert(kind, sent.fields, strict=False)
    try:
        return msgspec.json.decode(sent.raw or b"{}", type=kind)
    except msgspec.ValidationError as error:
        raise Invalid(wrong_fields(str(error))) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid({"body": "invalid_json"}, code="invalid_json") from error


async def read_body(request: web.Request, *, files: bool, limit_kib: int) -> Sent:
    """Everything that was sent, within the limits; TooLarge."""
    if files and request.content_type == "multipart/form-data":
        return await _read_parts(request, limit_kib)
    limit = JSON_LIMIT_KIB * 1024
    if (request.content_length or 0) > limit:
        raise TooLarge(JSON_LIMIT_KIB)
    raw = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        raw += chunk
        if len(raw) > limit:
            raise TooLarge(JSON_LIMIT_KIB)
    return Sent(bytes(raw))


async def _read_parts(request: web.Request, limit_kib: int) -> Sent:
    if (request.content_length or 0) > limit_kib * 1024:
        raise TooLarge(limit_kib)
    fields: dict[str, str] = {}
    uploads: list[Upload] = []
    pairs: list[tuple[str, str]] = []
    left = limit_kib * 1024
    try:
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or not part.name:
                raise Invalid({"body": "wrong"})
            data = await _read_part(part, left)
            left -= len(data)
            if part.filename is None:
                fields[part.name] = data.decode()
                pairs.append((part.name, fields[part.name]))
            else:
                uploads.append(Upload(part.name, part.filename, data))
            if left < 0 or len(uploads) > FILES_AT_ONCE:
                raise TooLarge(limit_kib)
    except (ValueError, web.HTTPException) as error:
        raise Invalid({"body": "wrong"}) from error
    return Sent(fields=fields, uploads=tuple(uploads), repeated=tuple(pairs))


def many_of(sent: Sent) -> dict[str, list[str]]:
    """The fields of a form with all that was given under each name."""
    found: dict[str, list[str]] = {}
    for name, value in sent.repeated:
        found.setdefault(name, []).append(value)
    return found


def fields_of_json(raw: bytes) -> dict[str, list[str]]:
    """The members of a JSON object as those of a form; {"attribute": {"ask1": "x"}} is attribute[ask1]. Invalid."""
    try:
        given = msgspec.json.decode(raw or b"{}", type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Invalid({"body": "invalid_json"}, code="invalid_json") from error
    found: dict[str, list[str]] = {}
    for name, value in given.items():
        nested = {f"{name}[{key}]": each for key, each in value.items()} if isinstance(value, dict) else {name: value}
        found |= {key: _texts(key, each) for key, each in nested.items()}
    return found


def _texts(name: str, value: object) -> list[str]:
    values = value if isinstance(value, list) else [value]
    if any(isinstance(each, dict | list) for each in values):
        raise Invalid({name: "wrong"})
    return [str(each).lower() if isinstance(each, bool) else str(each) for each in values if each is not None]


async def _read_part(part: BodyPartReader, limit: int) -> bytes:
    data = bytearray()
    while chunk := await part.read_chunk(64 * 1024):
        data += chunk
        if len(data) > limit:
            break
    return bytes(data)


def wrong_fields(message: str) -> dict[str, str]:
    """What a validation message says, as field and code: msgspec tells the first wrong field only."""
    if found := _MISSING.search(message):
        path = _path(found.group("path") or "")
        return {f"{path}.{found.group('name')}" if path else found.group("name"): "missing"}
    if found := _WRONG.search(message):
        return {_path(found.group("path")) or "body": "wrong"}
    return {"body": "wrong"}


def _convert(kind: type[T], given: object, *, strict: bool) -> T:
    try:
        return msgspec.convert(given, kind, strict=strict)
    except msgspec.ValidationError as error:
        raise Invalid(wrong_fields(str(error))) from error


def _path(path: str) -> str:
    return path.lstrip(".").replace("[...]", "")


def _is_list(hint: object) -> bool:
    return getattr(hint, "__origin__", None) in {list, tuple, set, frozenset}
