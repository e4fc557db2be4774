"""The description of the API holds every route and is well-formed."""

from collections.abc import Iterator
from typing import Any

import pytest

from hotline.openapi import HOLE, describe
from hotline.web import Host
from kernel.people import PERMISSIONS, PUBLIC, May
from tests.hotline.conftest import Browser


@pytest.fixture
def document(hosted: Host) -> dict[str, Any]:
    """The description of the small house."""
    return describe(hosted.routes, title="t", version="1", server="http://127.0.0.1:12345")


def references(node: object) -> Iterator[str]:
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def faults(document: dict[str, Any], hosted: Host) -> list[str]:
    """What is wrong with a description of the routes of ``hosted``."""
    found = []
    operations = {
        (method.upper(), path): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
    for route in hosted.routes:
        path = HOLE.sub(r"{\1}", route.path)
        operation = operations.get((route.method, path))
        if operation is None:
            found.append(f"{route.method} {route.path} is not described")
            continue
        named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
        if named != set(HOLE.findall(route.path)):
            found.append(f"{path}: its holes are not its parameters")
        if operation["x-permission"] != route.may.value:
            found.append(f"{path}: names another permission")
        if not operation["summary"]:
            found.append(f"{path}: has no summary")
    names = [operation["operationId"] for operation in operations.values()]
    found += [f"{name} is the id of two operations" for name in set(names) if names.count(name) > 1]
    for reference in references(document):
        node: Any = document
        for step in reference.removeprefix("#/").split("/"):
            node = node.get(step) if isinstance(node, dict) else None
        if node is None:
            found.append(f"{reference} leads nowhere")
    return found


def test_every_route_is_described(document: dict[str, Any], hosted: Host) -> None:
    assert faults(document, hosted) == []


def test_a_missing_route_and_a_broken_reference_are_found(document: dict[str, Any], hosted: Host) -> None:
    del document["paths"]["/api/v1/notes"]
    document["components"]["schemas"].clear()
    assert any("is not described" in fault for fault in faults(document, hosted))
    assert any("leads nowhere" in fault for fault in faults(document, hosted))


def test_every_route_names_a_permission_that_has_a_row(hosted: Host) -> None:
    assert [route.path for route in hosted.routes if not isinstance(route.may, May)] == []
    assert {route.may for route in hosted.routes} <= set(PERMISSIONS) | PUBLIC


def test_a_body_a_query_and_an_answer_are_described(document: dict[str, Any]) -> None:
    post, get = document["paths"]["/api/v1/notes"]["post"], document["paths"]["/api/v1/notes"]["get"]
    assert post["requestBody"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Note"}
    assert post["responses"]["201"]["content"]["application/json"]["schema"]["$ref"].endswith("/NoteView")
    assert [each["name"] for each in get["parameters"]] == ["q", "limit", "unit"]
    assert "application/problem+json" in get["responses"]["default"]["content"]
    assert post["security"] == [{"session": []}]


def test_files_are_described_as_multipart(document: dict[str, Any]) -> None:
    assert "multipart/form-data" in document["paths"]["/api/v1/files"]["post"]["requestBody"]["content"]


async def test_it_is_served_without_signing_in(browser: Browser) -> None:
    answer = await browser.get("/api/openapi.json")
    document = await answer.json()
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/session" in document["paths"]
