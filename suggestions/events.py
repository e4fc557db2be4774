"""What the suggestions room states: suggestions come in, move on, find support."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from suggestions.model import SuggestionState


@dataclass(frozen=True, slots=True)
class _AboutSuggestion:
    """``units`` is the unit that has it in hand, if any."""

    CHAINED: ClassVar[bool] = False

    number: str
    units: tuple[str, ...]
    at: datetime

    @property
    def subject(self) -> str:
        """The suggestion."""
        return f"suggestion:{self.number}"


@dataclass(frozen=True, slots=True)
class SuggestionOpened(_AboutSuggestion):
    """It was submitted; ``channel`` is empty for the web form."""

    area: str
    channel: str
    similar: int


@dataclass(frozen=True, slots=True)
class SuggestionMoved(_AboutSuggestion):
    """It went from one state to another; ``by`` is an id, never a name."""

    action: str
    before: SuggestionState
    after: SuggestionState
    by: str


@dataclass(frozen=True, slots=True)
class SuggestionSupported(_AboutSuggestion):
    """One more citizen stands behind it."""

    supports: int


FACTS: tuple[type, ...] = (SuggestionOpened, SuggestionMoved, SuggestionSupported)
