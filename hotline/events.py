"""The facts the house itself states."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class TextChanged:
    """A text people are sent was worded otherwise, or is as it comes with the program again (``reset``)."""

    CHAINED: ClassVar[bool] = True

    key: str
    version: int
    reset: bool
    by: str
    why: str
    at: datetime

    @property
    def subject(self) -> str:
        """The text."""
        return f"text:{self.key}"


FACTS: tuple[type, ...] = (TextChanged,)
