"""What the knowledge room states: entries come and go, are doubted and rated, questions stay without an answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from knowledge.model import ArticleState, QuestionReason


@dataclass(frozen=True, slots=True)
class _AboutArticle:
    """``units`` is the member unit that keeps the entry; ``by`` an id, never a name."""

    CHAINED: ClassVar[bool] = False

    article: str
    version: int
    units: tuple[str, ...]
    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """The entry."""
        return f"article:{self.article}"


@dataclass(frozen=True, slots=True)
class ArticleMoved(_AboutArticle):
    """A version went from one state to another without becoming or ceasing to be quotable."""

    action: str
    before: ArticleState
    after: ArticleState


@dataclass(frozen=True, slots=True)
class ArticlePublished(_AboutArticle):
    """A version may be quoted from now on; the one before it no longer."""


@dataclass(frozen=True, slots=True)
class ArticleWithdrawn(_AboutArticle):
    """A version was taken down by a person."""


@dataclass(frozen=True, slots=True)
class ArticleExpired(_AboutArticle):
    """A version is past its last day."""


@dataclass(frozen=True, slots=True)
class ArticleReviewDue(_AboutArticle):
    """A version ends or is to be verified again by ``due``."""

    due: date


@dataclass(frozen=True, slots=True)
class AskersTold(_AboutArticle):
    """So many people who had asked were told what the entry answers."""

    people: int


@dataclass(frozen=True, slots=True)
class CorrectionMade(_AboutArticle):
    """Somebody says that the entry is wrong; ``by`` is empty for a citizen."""

    correction: str


@dataclass(frozen=True, slots=True)
class CorrectionSettled(_AboutArticle):
    """What was said is mended by the version, or nothing is to be mended."""

    correction: str
    mended: bool


@dataclass(frozen=True, slots=True)
class ArticleRated:
    """A citizen said whether an entry helped."""

    CHAINED: ClassVar[bool] = False

    article: str
    solved: bool
    at: datetime

    @property
    def subject(self) -> str:
        """The entry."""
        return f"article:{self.article}"


@dataclass(frozen=True, slots=True)
class QuestionUnanswered:
    """A question came into the editors' queue, or once more; ``times`` so far."""

    CHAINED: ClassVar[bool] = False

    question: str
    reason: QuestionReason
    area: str
    times: int
    at: datetime

    @property
    def subject(self) -> str:
        """The question."""
        return f"question:{self.question}"


@dataclass(frozen=True, slots=True)
class QuestionSettled:
    """An editor dealt with a question; ``article`` is the entry that answers it now, empty when none shall."""

    CHAINED: ClassVar[bool] = False

    question: str
    article: str
    by: str
    at: datetime

    @property
    def subject(self) -> str:
        """The question."""
        return f"question:{self.question}"


FACTS: tuple[type, ...] = (
    ArticleMoved,
    ArticlePublished,
    ArticleWithdrawn,
    ArticleExpired,
    ArticleReviewDue,
    AskersTold,
    CorrectionMade,
    CorrectionSettled,
    ArticleRated,
    QuestionUnanswered,
    QuestionSettled,
)
