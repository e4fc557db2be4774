"""What the hotline knows: entries, the state they are in, and how well one answers a question."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from kernel.labels import Labelled
from kernel.messages import Address


class ArticleState(Labelled):
    """Where a version of an entry stands."""

    DRAFT = "draft", "草稿"
    UNIT_REVIEW = "unit_review", "单位审核"
    HOTLINE_REVIEW = "hotline_review", "热线审核"
    PUBLISHED = "published", "已发布"
    EXPIRING = "expiring", "即将到期"
    EXPIRED = "expired", "已过期"
    WITHDRAWN = "withdrawn", "已下线"


class Origin(Labelled):
    """Where a version of an entry came from."""

    EDITOR = "editor", "采编起草"
    IMPORT = "import", "导入"
    AGENT = "agent", "坐席答复"
    QUESTIONS = "questions", "市民提问"
    TICKET = "ticket", "咨询工单"


QUOTABLE = frozenset({ArticleState.PUBLISHED, ArticleState.EXPIRING})

# Fields a citizen acts on: while they are empty, 待核实 is shown in their place.
TO_VERIFY = ("materials", "place", "hours", "phone", "fee", "limit", "online", "basis")


@dataclass(frozen=True, slots=True)
class Article:
    """One version of an entry. Dates are days in the city; ``areas`` are empty when it holds for the whole city.

    ``variants`` are other ways to ask for it, ``matter`` the code of the matter it belongs to, ``attachments`` ids of
    files.
    """

    id: str
    title: str
    short: str
    owner: str
    full: str = ""
    variants: tuple[str, ...] = ()
    materials: tuple[str, ...] = ()
    place: str = ""
    hours: str = ""
    phone: str = ""
    fee: str = ""
    limit: str = ""
    online: str = ""
    basis: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    audience: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    review_due: date | None = None
    verified_on: date | None = None
    matter: str = ""
    attachments: tuple[str, ...] = ()
    state: ArticleState = ArticleState.DRAFT
    version: int = 0

    @property
    def unverified(self) -> tuple[str, ...]:
        """Names of the fields nobody has verified."""
        empty = tuple(name for name in TO_VERIFY if not getattr(self, name))
        return empty if self.verified_on else (*empty, "verified_on")

    def in_force(self, day: date) -> bool:
        """Whether it may be quoted on ``day``."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to < day
        return self.state in QUOTABLE and begun and not ended


class Verdict(Labelled):
    """What one may do with an answer."""

    ANSWER = "answer", "直接解答"
    CHOOSE = "choose", "请市民选择"
    UNKNOWN = "unknown", "未找到"


@dataclass(frozen=True, slots=True)
class Query:
    """A question. ``lineage`` are the codes of the asker's area and all above it, empty when it is not known.

    ``places`` are the names of areas in the text.
    """

    text: str
    lineage: tuple[str, ...] = ()
    places: frozenset[str] = frozenset()
    audience: str = ""
    limit: int = 5


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry that may answer; ``score`` from 0 to 1, ``why`` in words for staff."""

    article: Article
    score: float
    why: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was found, best first. ``confidence`` from 0 to 1 is that of the first hit being right.

    With the verdict CHOOSE the citizen picks from ``choices``; ``certain`` means the first hit may be quoted.
    """

    hits: tuple[Hit, ...] = ()
    confidence: float = 0.0
    verdict: Verdict = Verdict.UNKNOWN
    choices: tuple[Hit, ...] = ()

    @property
    def certain(self) -> bool:
        """Whether the first hit may be quoted without asking back."""
        return self.verdict is Verdict.ANSWER


@dataclass(frozen=True, slots=True)
class Vote:
    """A citizen said whether an entry helped with a question; ``question`` is masked, ``person`` a blind index."""

    article: str
    question: str
    person: str
    solved: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Ruling:
    """An editor said that an entry answers a question."""

    question: str
    article: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What a search engine indexes of an entry."""

    id: str
    title: str
    variants: tuple[str, ...] = ()
    body: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An entry an engine found; only the order and the ratios of scores of one search mean anything."""

    id: str
    score: float


class SearchIndex(Protocol):
    """Entries as they were when it was built; never changes."""

    @property
    def stale(self) -> bool:
        """Whether it should be built again though the entries are the same."""
        ...

    async def search(self, text: str, limit: int) -> tuple[Found, ...]:
        """The ``limit`` best entries for ``text``, best first; none when nothing matches."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...


class SearchEngine(Protocol):
    """Builds indexes."""

    async def build(self, entries: Sequence[Entry], version: int) -> SearchIndex:
        """A new index beside those there are; ``version`` numbers it."""
        ...

    async def close(self) -> None:
        """Give back what all of them share."""
        ...


@dataclass(frozen=True, slots=True)
class NamedAreas:
    """The areas a text names: their names as written, and the code of the one it is about if that is sure."""

    names: frozenset[str] = frozenset()
    area: str = ""


class City(Protocol):
    """What the library has to know of the city."""

    def today(self, now: datetime) -> date:
        """The calendar day of ``now`` in the city."""
        ...

    def lineage(self, area: str) -> tuple[str, ...]:
        """The codes of an area and all above it, the city first; NotFound."""
        ...

    def areas_named(self, text: str) -> "NamedAreas":
        """The areas ``text`` surely speaks of."""
        ...

    def area_name(self, area: str) -> str:
        """The name of an area; NotFound."""
        ...

    def unit_name(self, unit: str) -> str:
        """The name of the member unit that keeps what ``unit`` kept; NotFound."""
        ...

    def keeper(self, unit: str) -> str:
        """The unit itself, or its successor once it is no more."""
        ...


class QuestionState(Labelled):
    """What became of a question nothing answered."""

    OPEN = "open", "待处理"
    DRAFTED = "drafted", "已起草条目"
    SETTLED = "settled", "已补充知识"
    DISMISSED = "dismissed", "不需补充"


class QuestionReason(Labelled):
    """Why a question came into the queue."""

    NOT_FOUND = "not_found", "未找到答案"
    NOT_SOLVED = "not_solved", "答案未解决问题"
    AGENT = "agent", "由坐席解答"


@dataclass(frozen=True, slots=True)
class UnansweredQuestion:
    """A question for the editors; ``text`` is masked, ``times`` how often it was asked. ``article`` is the entry that
    did not help, ``answer`` the one that answers it or shall, ``group`` the first question of those alike."""

    id: str
    text: str
    area: str
    reason: QuestionReason
    article: str
    times: int
    first_at: datetime
    last_at: datetime
    state: QuestionState = QuestionState.OPEN
    answer: str = ""
    group: str = ""


@dataclass(frozen=True, slots=True)
class QuestionGroup:
    """Questions that are alike, those asked most often first; ``waiting`` is how many can be told of an answer."""

    id: str
    questions: tuple[UnansweredQuestion, ...]
    times: int
    waiting: int = 0


class CorrectionState(Labelled):
    """What became of a word that an entry is wrong."""

    OPEN = "open", "待处理"
    MENDING = "mending", "已起草更正"
    MENDED = "mended", "已更正"
    REFUSED = "refused", "不需更正"


@dataclass(frozen=True, slots=True)
class Correction:
    """What somebody says is wrong with an entry; ``text`` is masked. ``by`` is the id of the member of staff, empty for
    a citizen; ``tell`` whether the citizen left a way to be told. ``mending`` is the version that mends it."""

    id: str
    article: str
    version: int
    text: str
    by: str
    at: datetime
    tell: bool = False
    state: CorrectionState = CorrectionState.OPEN
    mending: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An entry that work brought up: what was asked, what was answered. The words are masked when it is kept.

    ``matter`` and ``owner`` are empty when not known; ``asker`` is where whoever asked can be told, ``source`` the
    conversation or the ticket.
    """

    question: str
    answer: str
    origin: Origin
    source: str
    owner: str = ""
    matter: str = ""
    area: str = ""
    asker: Address | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, by entry."""

    added: tuple[str, ...] = field(default=())
    changed: tuple[str, ...] = field(default=())
    unchanged: tuple[str, ...] = field(default=())
