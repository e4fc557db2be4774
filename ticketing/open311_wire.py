"""How Open311 is written: XML as the specification has it, JSON after it by the Spark convention; failures as both."""

import re
from collections.abc import Mapping
from functools import partial
from xml.etree import ElementTree as ET

import msgspec

from kernel.room import Wire

ROOT = "/open311/v2"
XML, JSON = "text/xml", "application/json"
SERVICES, DEFINITION, REQUESTS, ERRORS, DISCOVERY = (
    "services",
    "service_definition",
    "service_requests",
    "errors",
    "discovery",
)
# What the elements of each list are called.
_CHILD = {
    SERVICES: "service",
    REQUESTS: "request",
    ERRORS: "error",
    "attributes": "attribute",
    "values": "value",
    "endpoints": "endpoint",
    "formats": "format",
}
# "404 for resources that don't exist, 403 because of wrong or missing api_key, basically 400 for any other error":
# only a wrong method, who has to come again later, and a fault of ours, are told as HTTP tells them.
NAMED = frozenset({"service_code", "jurisdiction_id", "service_request_id"})
_STATUS = {401: 403, 403: 403, 404: 404, 405: 405, 429: 429, 500: 500, 503: 503}
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def wire(suffix: str, root: str) -> Wire:
    """The wire of a resource with this suffix and root element, and of what there is none of with this suffix."""
    beside = f"{ROOT}/{{resource:.+}}.{suffix}"
    if suffix == "xml":
        return Wire(XML, partial(to_xml, root), partial(_failed, xml=True), NAMED, beside)
    return Wire(JSON, msgspec.json.encode, partial(_failed, xml=False), NAMED, beside)


def to_xml(root: str, given: object) -> bytes:
    """A document of what a handler gives."""
    element = ET.Element(root)
    _fill(element, msgspec.to_builtins(given))
    body: bytes = ET.tostring(element, encoding="utf-8", xml_declaration=True)
    return body.replace(b"'", b'"', 4)


def _fill(element: ET.Element, value: object) -> None:
    if isinstance(value, Mapping):
        for name, each in value.items():
            _fill(ET.SubElement(element, name), each)
    elif isinstance(value, list | tuple):
        for each in value:
            _fill(ET.SubElement(element, _CHILD[element.tag]), each)
    elif isinstance(value, bool):
        element.text = "true" if value else "false"
    elif value is not None:
        element.text = _NOT_XML.sub("", str(value))


def _failed(status: int, words: str, *, xml: bool) -> tuple[int, bytes]:
    status = _STATUS.get(status, 400)
    errors = [{"code": status, "description": words}]
    return status, to_xml(ERRORS, errors) if xml else msgspec.json.encode(errors)
