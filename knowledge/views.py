"""What pages are told of entries and questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from knowledge.model import Article, City, Hit, UnansweredQuestion, Verdict
from knowledge.rules.differing import Difference
from knowledge.store import Saved


@dataclass(frozen=True, slots=True)
class HitView:
    """An entry found; ``score`` and ``why`` are for staff."""

    id: str
    title: str
    short: str
    owner: str
    owner_name: str
    verified_on: date | None
    score: float | None = None
    why: Sequence[str] = ()

    @classmethod
    def of(cls, hit: Hit, city: City, *, staff: bool) -> "HitView":
        """As a citizen or as staff sees it."""
        a = hit.article
        told = (hit.score, hit.why) if staff else (None, ())
        return cls(a.id, a.title, a.short, a.owner, city.unit_name(a.owner), a.verified_on, *told)


@dataclass(frozen=True, slots=True)
class FoundPage:
    """What was found, best first; with the verdict ``choose`` the citizen picks one of ``choices`` (ids)."""

    items: Sequence[HitView]
    verdict: Verdict
    verdict_label: str
    confidence: float | None = None
    choices: Sequence[str] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An entry in full; fields named in ``unverified`` are shown as 待核实."""

    id: str
    title: str
    short: str
    full: str
    materials: Sequence[str]
    place: str
    hours: str
    phone: str
    fee: str
    limit: str
    online: str
    basis: Sequence[str]
    areas: Sequence[str]
    area_names: Sequence[str]
    audience: str
    owner: str
    owner_name: str
    verified_on: date | None
    valid_to: date | None
    unverified: Sequence[str]

    @classmethod
    def of(cls, a: Article, city: City) -> "ArticleView":
        """The whole entry."""
        return cls(
            id=a.id,
            title=a.title,
            short=a.short,
            full=a.full,
            materials=a.materials,
            place=a.place,
            hours=a.hours,
            phone=a.phone,
            fee=a.fee,
            limit=a.limit,
            online=a.online,
            basis=a.basis,
            areas=a.areas,
            area_names=[city.area_name(area) for area in a.areas],
            audience=a.audience,
            owner=a.owner,
            owner_name=city.unit_name(a.owner),
            verified_on=a.verified_on,
            valid_to=a.valid_to,
            unverified=a.unverified,
        )


@dataclass(frozen=True, slots=True)
class HotView:
    """An entry many ask for."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class HotPage:
    """A list."""

    items: Sequence[HotView]
    next: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionView:
    """A question for the editors."""

    id: str
    text: str
    area: str
    area_name: str
    reason: str
    reason_label: str
    article: str
    times: int
    first_at: datetime
    last_at: datetime

    @classmethod
    def of(cls, q: UnansweredQuestion, city: City) -> "QuestionView":
        """The question, masked as it was kept."""
        name = city.area_name(q.area) if q.area else ""
        reason = q.reason
        return cls(q.id, q.text, q.area, name, reason, reason.label, q.article, q.times, q.first_at, q.last_at)


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """A list."""

    items: Sequence[QuestionView]
    next: str | None = None


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
            owner_name=city.unit_name(a.owner),
            valid_to=a.valid_to,
            review_due=a.review_due,
            saved_at=saved.at,
            reason=saved.reason,
        )


@dataclass(frozen=True, slots=True)
class OfferedView:
    """A button: what it does, and which fields it asks for."""

    action: str
    label: str
    needs: Sequence[str]


@dataclass(frozen=True, slots=True)
class PastVersionView:
    """A version of an entry in full: who saved it, what it changed, what the reader may do with it."""

    version: int
    state: str
    state_label: str
    saved_at: datetime
    saved_by: str
    reason: str
    article: Article
    changes: Sequence[Difference]
    actions: Sequence[OfferedView]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with all its versions, the newest first."""

    id: str
    owner_name: str
    area_names: Sequence[str]
    may_edit: bool
    versions: Sequence[PastVersionView]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """A list."""

    items: Sequence[VersionView]
    next: str | None = None


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
class Done:
    """It was recorded."""

    recorded: bool = field(default=True)
