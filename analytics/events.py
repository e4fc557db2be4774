"""What analytics states."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from analytics.model import Judged


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


@dataclass(frozen=True, slots=True)
class BotAnswerJudged:
    """Somebody said whether an answer of the bot was right; ``question`` is the id of the message it answered."""

    CHAINED: ClassVar[bool] = False

    question: str
    at: datetime
    by: str
    verdict: Judged

    @property
    def subject(self) -> str:
        """The answer."""
        return f"bot_answer:{self.question}"


FACTS: tuple[type, ...] = (ReplyInspected, BotAnswerJudged)
