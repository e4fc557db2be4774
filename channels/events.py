"""What the channels state: a message that did not arrive, a file that could not be had."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class DeliveryFailed:
    """A message to a citizen was refused or given up (``unknown``: nobody can tell); ``reason`` is a code."""

    CHAINED: ClassVar[bool] = False

    message: str
    channel: str
    reason: str
    unknown: bool
    at: datetime

    @property
    def subject(self) -> str:
        """The message."""
        return f"message:{self.message}"


@dataclass(frozen=True, slots=True)
class MediaLost:
    """A file a citizen sent will never be there; ``reason`` is a code."""

    CHAINED: ClassVar[bool] = False

    attachment: str
    message: str
    channel: str
    reason: str
    at: datetime

    @property
    def subject(self) -> str:
        """The message the file belonged to."""
        return f"message:{self.message}"


FACTS: tuple[type, ...] = (DeliveryFailed, MediaLost)
