"""What turns spoken words into text."""

from typing import Protocol


class Transcribes(Protocol):
    """Turns a voice note into text."""

    @property
    def is_on(self) -> bool:
        """Whether there is anything to ask."""
        ...

    async def text_of(self, data: bytes, media_type: str, language: str) -> str:
        """What is said in a note; ``language`` is its two or three letters. Unavailable."""
        ...
