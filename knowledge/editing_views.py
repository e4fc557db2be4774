"""What the editors' pages are told of versions, of what differs, of groups of questions and of corrections."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from knowledge.model import Article, ArticleState, City, Correction, Origin, QuestionGroup
from knowledge.rules.differences import Difference
from knowledge.rules.editorial import EditorialRow
from knowledge.store.articles import Saved
from knowledge.views import FileView, QuestionView


@dataclass(frozen=True, slots=True)
class VersionView:
    """A version in the editors' list."""

    id: str
    version: int
    title: str
    state: str
    state_label: str
    owner: str
    owner_name: str
    valid_to: date | None
    review_due: date | None
    saved_at: datetime
    reason: str
    origin: str
    origin_label: str
    source: str

    @classmethod
    def of(cls, saved: Saved, city: City) -> "VersionView":
        """One row."""
        a = saved.article
        return cls(
            id=a.id,
            version=a.version,
            title=a.title,
            state=a.state,
            state_label=a.state.label,
            owner=a.owner,
            owner_name=city.unit_name(a.owner) if a.owner else "",
            valid_to=a.valid_to,
            review_due=a.review_due,
            saved_at=saved.at,
            reason=saved.reason,
            origin=saved.origin,
            origin_label=saved.origin.label,
            source=saved.source if saved.origin is Origin.TICKET else "",
        )


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A list."""

    items: Sequence[VersionView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class CountsView:
    """How many versions are in each state, end or are to be verified soon, wait for whoever asks, and how much waits
    for the editors."""

    states: Mapping[ArticleState, int]
    due: int
    mine: int = 0
    questions: int = 0
    corrections: int = 0


@dataclass(frozen=True, slots=True)
class ActionView:
    """What may be done to a version; ``needs`` are the fields it asks for."""

    action: str
    label: str
    needs: Sequence[str]

    @classmethod
    def of(cls, row: EditorialRow) -> "ActionView":
        """A row of the table."""
        return cls(row.action, row.action.label, row.needs)


@dataclass(frozen=True, slots=True)
class EditView:
    """A version in full, as it is edited; ``revision`` is to be sent back when it is saved."""

    article: Article
    row: VersionView
    revision: int
    saved_by: str
    actions: Sequence[ActionView]
    editable: bool
    area_names: Mapping[str, str]
    matter_name: str
    files: Sequence[FileView]
    corrections: Sequence["CorrectionView"]
    told: int


@dataclass(frozen=True, slots=True)
class DifferencesView:
    """What differs between two versions of an entry, by field."""

    before: int
    after: int
    fields: Sequence[Difference]


@dataclass(frozen=True, slots=True)
class MovedView:
    """A version after something was done to it."""

    id: str
    version: int
    state: str
    state_label: str

    @classmethod
    def of(cls, a: Article) -> "MovedView":
        """Where it stands now."""
        return cls(a.id, a.version, a.state, a.state.label)


@dataclass(frozen=True, slots=True)
class GroupView:
    """Questions that are alike; ``waiting`` is how many can be told once there is an answer."""

    id: str
    times: int
    waiting: int
    questions: Sequence[QuestionView]

    @classmethod
    def of(cls, group: QuestionGroup, city: City) -> "GroupView":
        """A group of the queue."""
        return cls(group.id, group.times, group.waiting, [QuestionView.of(each, city) for each in group.questions])


@dataclass(frozen=True, slots=True)
class GroupPage:
    """A list."""

    items: Sequence[GroupView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What somebody says is wrong, for the editors; ``tell``: a citizen waits to be told."""

    id: str
    article: str
    version: int
    title: str
    owner_name: str
    text: str
    by_staff: bool
    tell: bool
    state: str
    state_label: str
    mending: int
    reason: str
    at: datetime

    @classmethod
    def of(cls, c: Correction, title: str, owner: str) -> "CorrectionView":
        """One, of an entry."""
        state = c.state
        told = c.mending, c.reason, c.at
        return cls(c.id, c.article, c.version, title, owner, c.text, bool(c.by), c.tell, state, state.label, *told)


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A list."""

    items: Sequence[CorrectionView]
    next: str | None = None
