"""Who is asked for a second opinion on an uncertain matter."""

from collections.abc import Sequence
from typing import Protocol

from ticketing.model.duties import Matter, Opinion


class GivesOpinion(Protocol):
    """Says which of some matters a text is about."""

    @property
    def is_on(self) -> bool:
        """Whether there is anybody to ask."""
        ...

    async def opinion_of(self, text: str, matters: Sequence[Matter]) -> Opinion:
        """Which of ``matters`` a redacted text is about, or none; Unavailable."""
        ...
