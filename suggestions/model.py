"""A citizen's suggestion for the city, and what became of it."""

from dataclasses import dataclass
from datetime import datetime

from kernel.labels import Labelled
from kernel.messages import Address


class SuggestionState(Labelled):
    """Where a suggestion stands."""

    SUBMITTED = "submitted", "已提交"
    MODERATION = "moderation", "公开审核中"
    PUBLISHED = "published", "公开讨论"
    STUDY = "study", "立项研判"
    IN_HAND = "in_hand", "承办中"
    ADOPTED = "adopted", "采纳"
    PARTLY_ADOPTED = "partly_adopted", "部分采纳"
    KEPT = "kept", "留作参考"
    NOT_ADOPTED = "not_adopted", "不采纳"
    IMPLEMENTING = "implementing", "实施中"
    REALISED = "realised", "已落地"
    NOT_REALISED = "not_realised", "未落地"
    FOLLOWED_UP = "followed_up", "已回访"
    REWARDED = "rewarded", "已奖励"
    CLOSED = "closed", "办结"
    DECLINED = "declined", "不予公开"
    WITHDRAWN = "withdrawn", "已撤回"


# Before these nobody but its author and the editors knows of it.
PUBLIC = frozenset(SuggestionState) - {
    SuggestionState.SUBMITTED,
    SuggestionState.MODERATION,
    SuggestionState.DECLINED,
    SuggestionState.WITHDRAWN,
}
# The unit that has it in hand owes an answer, or what it has promised.
WITH_UNITS = frozenset(
    {
        SuggestionState.IN_HAND,
        SuggestionState.ADOPTED,
        SuggestionState.PARTLY_ADOPTED,
        SuggestionState.IMPLEMENTING,
    }
)
OPEN_TO_SUPPORT = frozenset({SuggestionState.PUBLISHED, SuggestionState.STUDY, SuggestionState.IN_HAND})


@dataclass(frozen=True, slots=True)
class SuggestionDraft:
    """What a citizen proposes. ``area`` is an area's code or empty; ``address`` is where to tell them what became of
    it, None when they left none."""

    text: str
    title: str = ""
    area: str = ""
    citizen_id: str = ""
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """The official answer: why, on what basis, what will be done, at what cost, by when."""

    reason: str = ""
    basis: str = ""
    plan: str = ""
    cost: str = ""
    period: str = ""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A suggestion. ``text`` is as written; ``unit`` has it in hand; ``similar`` are numbers of near-equal ones.

    ``note`` is what was said with the last move besides the decision. ``due`` is when the official answer is owed.
    ``supports`` counts citizens who stand behind it.
    """

    number: str
    query_code: str
    title: str
    text: str
    area: str
    citizen_id: str
    address: Address | None
    state: SuggestionState
    opened_at: datetime
    due: datetime
    published_at: datetime | None = None
    unit: str = ""
    decision: Decision = Decision()
    note: str = ""
    supports: int = 0
    similar: tuple[str, ...] = ()
    version: int = 0
