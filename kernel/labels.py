"""Enums whose members carry the Chinese word people read beside the value machines store."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A string enum with a label; declare members as ``NAME = "value", "中文"``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        return member
