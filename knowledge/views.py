"""What pages are told of entries and questions."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from kernel.messages import Attachment
from knowledge.model import Article, City, Hit, UnansweredQuestion, Verdict


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
class FileView:
    """A file with the link it is read by."""

    id: str
    url: str
    media: str
    media_type: str
    name: str

    @classmethod
    def of(cls, file: Attachment, url: str) -> "FileView":
        """A kept file."""
        return cls(file.id, url, file.media, file.media_type, file.name)


@dataclass(frozen=True, slots=True)
class ArticleView:
    """An entry in full; fields named in ``unverified`` are shown as 待核实."""

    id: str
    version: int
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
    files: Sequence[FileView] = ()
    tells_by_sms: bool = False

    @classmethod
    def of(cls, a: Article, city: City, files: Sequence[FileView] = (), *, sms: bool = False) -> "ArticleView":
        """The whole entry; ``sms``: who says that it is wrong may leave a number to be told."""
        return cls(
            id=a.id,
            version=a.version,
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
            files=files,
            tells_by_sms=sms,
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
class Done:
    """It was recorded."""

    recorded: bool = field(default=True)
