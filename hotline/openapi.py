"""The description of the API, made from the routes' rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, get_origin

import msgspec

from hotline.failures import PROBLEM_TYPE, Problem
from hotline.security import CSRF_HEADER, SAFE_METHODS, WITHOUT_COOKIES
from kernel.people import KEY_PERMISSIONS, PUBLIC, May
from kernel.room import Download, Route

REF = "#/components/schemas/{name}"
OPEN_TO_KEYS = frozenset[May]().union(*KEY_PERMISSIONS.values())
HOLE = re.compile(r"\{(\w+)(?::[^}]*)?\}")
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "同一编号的请求只执行一次",
    "schema": {"type": "string", "maxLength": 128},
}
CSRF = {
    "name": CSRF_HEADER,
    "in": "header",
    "required": True,
    "description": "等于 cookie hotline_csrf 的值",
    "schema": {"type": "string"},
}


def describe(routes: Sequence[Route], *, title: str, version: str, server: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of ``routes``."""
    kinds = _kinds(routes)
    schemas, components = msgspec.json.schema_components(kinds, schema_hook=_anything, ref_template=REF)
    schema_of = dict(zip(map(_name, kinds), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        path = HOLE.sub(r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route, schema_of, components)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version},
        "servers": [{"url": server}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(components.items())),
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": "hotline_session"},
                "key": {"type": "http", "scheme": "bearer"},
            },
        },
    }


def _kinds(routes: Sequence[Route]) -> list[Any]:
    wanted: dict[str, Any] = {_name(Problem): Problem}
    for route in routes:
        for kind in (route.body, route.query, _json_answer(route)):
            if kind is not None:
                wanted.setdefault(_name(kind), kind)
    return list(wanted.values())


def _json_answer(route: Route) -> Any:
    return None if route.gives is Download else route.gives


def _anything(kind: type) -> dict[str, Any]:
    """Where a field may hold anything, so may the description's."""
    if kind is object:
        return {"description": "任意 JSON 值"}
    raise NotImplementedError(kind)


def _name(kind: Any) -> str:
    return str(kind) if get_origin(kind) else f"{kind.__module__}.{kind.__qualname__}"


def _operation(route: Route, schema_of: Mapping[str, Any], components: Mapping[str, Any]) -> dict[str, Any]:
    unsafe = route.method not in SAFE_METHODS
    parameters = [_path_parameter(name) for name in HOLE.findall(route.path)]
    if route.query is not None:
        parameters += _query_parameters(route.query, schema_of, components)
    if unsafe and route.may not in WITHOUT_COOKIES:
        parameters.append(CSRF)
    if route.method == "POST" and not route.raw:
        parameters.append(KEY)
    operation: dict[str, Any] = {
        "operationId": _operation_id(route),
        "summary": route.summary,
        "tags": [route.may.value.partition(".")[0]],
        "x-permission": route.may.value,
        "parameters": parameters,
        "responses": {str(route.status): _answer(route, schema_of), "default": _failure(schema_of)},
    }
    if route.may not in PUBLIC and route.may is not May.TRACK_TICKET:
        operation["security"] = [{"session": []}, *([{"key": []}] if route.may in OPEN_TO_KEYS else [])]
    if route.body is not None or route.takes_files:
        operation["requestBody"] = {"required": True, "content": _content(route, schema_of)}
    return operation


def _operation_id(route: Route) -> str:
    words = re.sub(r"[^0-9A-Za-z]+", "_", HOLE.sub(r"by_\1", route.path)).strip("_")
    return f"{route.method.lower()}_{words.removeprefix('api_v1_')}"


def _path_parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def _query_parameters(kind: Any, schema_of: Mapping[str, Any], components: Mapping[str, Any]) -> list[dict[str, Any]]:
    if not is_dataclass(kind):
        raise TypeError(f"{_name(kind)}: a query is a dataclass")
    schema = schema_of[_name(kind)]
    whole = components[schema["$ref"].rpartition("/")[2]]
    required = set(whole.get("required", ()))
    names = [each.name for each in fields(kind)]
    return [
        {"name": name, "in": "query", "required": name in required, "schema": whole["properties"][name]}
        for name in names
    ]


def _content(route: Route, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    if route.wire is not None:
        return {"application/x-www-form-urlencoded": {"schema": schema_of[_name(route.body)]}}
    if not route.takes_files:
        return {"application/json": {"schema": schema_of[_name(route.body)]}}
    files = {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}}
    form: dict[str, Any] = {"type": "object", "properties": files}
    if route.body is None:
        return {"multipart/form-data": {"schema": form}}
    body = schema_of[_name(route.body)]
    return {"multipart/form-data": {"schema": {"allOf": [form, body]}}, "application/json": {"schema": body}}


def _answer(route: Route, schema_of: Mapping[str, Any]) -> dict[str, Any]:
    if route.gives is Download:
        return {"description": "文件", "content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
    if route.wire is not None and route.gives is None:
        return {"description": "成功", "content": {route.wire.media_type: {"schema": {"type": "string"}}}}
    if route.gives is None:
        return {"description": "成功"}
    return {"description": "成功", "content": {"application/json": {"schema": schema_of[_name(route.gives)]}}}


def _failure(schema_of: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": "未成功", "content": {PROBLEM_TYPE: {"schema": schema_of[_name(Problem)]}}}
