"""What analytics states."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class ReplyInspected:
    """Somebody looked at a reply that was drawn by lot: ``points`` of 100; ``failed`` are the findings."""

    CHAINED: ClassVar[bool] = True

    number: str
    at: datetime
    by: str
    units: tuple[str, ...]
    points: int
    passed: bool
    failed: tuple[str, ...]

    @property
    def subject(self) -> str:
        """The ticket."""
        return f"ticket:{self.number}"


FACTS: tuple[type, ...] = (ReplyInspected,)
