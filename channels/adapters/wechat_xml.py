"""Reads WeChat's flat XML straight off expat, because this runs for every message: no tree, no DTD, no entities.

A document type is refused where it begins, so that nothing of it is ever read, let alone fetched.
"""

from collections.abc import Mapping
from xml.parsers import expat

ROOT_DEPTH, FIELD_DEPTH = 1, 2


class NotFlatXmlError(ValueError):
    """Not a flat ``<xml>`` document without a document type."""


class _Flat:
    """What expat calls while it reads."""

    __slots__ = ("_depth", "_nested", "_parts", "fields")

    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._depth = 0
        self._nested = False
        self._parts: list[str] = []

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth == ROOT_DEPTH and name != "xml":
            raise NotFlatXmlError(name)
        if self._depth == FIELD_DEPTH:
            self._nested = False
            self._parts = []
        self._nested = self._nested or self._depth > FIELD_DEPTH

    def text(self, part: str) -> None:
        if self._depth == FIELD_DEPTH:
            self._parts.append(part)

    def end(self, name: str) -> None:
        if self._depth == FIELD_DEPTH and not self._nested:
            self.fields[name] = "".join(self._parts)
        self._depth -= 1

    def refuse(self, *_: object) -> None:
        raise NotFlatXmlError("document type")


def flat_fields(xml: str) -> dict[str, str]:
    """The text of each child of ``<xml>`` that has no children itself; NotFlatXmlError for anything else."""
    flat = _Flat()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = flat.refuse
    parser.EntityDeclHandler = flat.refuse
    parser.StartElementHandler = flat.start
    parser.CharacterDataHandler = flat.text
    parser.EndElementHandler = flat.end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError as error:
        raise NotFlatXmlError("not well-formed") from error
    return flat.fields
