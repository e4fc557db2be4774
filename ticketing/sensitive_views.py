"""What the administrators' pane of sensitive words shows and takes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ticketing.model.labels import Urgency, WordEffect, WordKind
from ticketing.row_views import OptionView
from ticketing.rules.sensitive import SensitiveWord, WordState


@dataclass(frozen=True, slots=True)
class WordForm:
    """An entry as somebody typed it; ``version`` and ``why`` where one is changed."""

    kind: WordKind
    word: str
    effects: list[WordEffect]
    supervision: int = 0
    urgency: Urgency | None = None
    exceptions: list[str] = field(default_factory=list)
    active: bool = True
    note: str = ""
    version: int = 0
    why: str = ""

    def entry(self, id_: str = "") -> SensitiveWord:
        """The entry it is."""
        return SensitiveWord(
            id_,
            self.kind,
            self.word,
            frozenset(self.effects),
            self.supervision,
            self.urgency,
            tuple(self.exceptions),
            self.active,
            self.note,
        )


@dataclass(frozen=True, slots=True)
class LinesForm:
    """Pasted lines, and what all of them are."""

    lines: str
    kind: WordKind
    effects: list[WordEffect]
    supervision: int = 0
    urgency: Urgency | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class TryForm:
    """A text, and an entry that is not kept yet."""

    text: str
    word: WordForm | None = None


@dataclass(frozen=True, slots=True)
class WordsQuery:
    """Which entries are listed."""

    kind: WordKind | None = None
    state: WordState | None = None
    q: str = ""
    cursor: str = ""
    limit: int = 50


@dataclass(frozen=True, slots=True)
class WordView:
    """An entry."""

    id: str
    kind: WordKind
    kind_label: str
    word: str
    effects: Sequence[OptionView]
    supervision: int
    urgency: str
    urgency_label: str
    exceptions: Sequence[str]
    active: bool
    note: str
    by_name: str
    at: datetime | None
    version: int


@dataclass(frozen=True, slots=True)
class ChangeView:
    """What an entry was made to say, by whom and why."""

    word: WordView
    why: str


@dataclass(frozen=True, slots=True)
class WordDetail:
    """An entry with what became of it, the newest first."""

    word: WordView
    history: Sequence[ChangeView]


@dataclass(frozen=True, slots=True)
class KindView:
    """A kind with how many of its words are looked for."""

    value: WordKind
    label: str
    active: int


@dataclass(frozen=True, slots=True)
class WordsView:
    """Entries, and what one may be."""

    items: Sequence[WordView]
    total: int
    next: str | None
    kinds: Sequence[KindView]
    effects: Sequence[OptionView]
    urgencies: Sequence[OptionView]


@dataclass(frozen=True, slots=True)
class HitView:
    """A word found in a text that was tried, and where."""

    word: WordView
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class TryView:
    """What a text would trigger: the words, and what a plain complaint with it would become."""

    hits: Sequence[HitView]
    flags: Sequence[OptionView]
    secrecy_label: str
    urgency_label: str
    supervision: int
    person: bool
    warns_reviewer: bool


@dataclass(frozen=True, slots=True)
class ImportedView:
    """What pasted lines came to."""

    added: int
    known: Sequence[str]
