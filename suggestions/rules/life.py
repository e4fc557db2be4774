"""The life of a suggestion: submitted, checked, made public, studied, decided on, carried out, followed up."""

from kernel.errors import NotAllowed
from kernel.labels import Labelled
from kernel.lifecycle import Lifecycle, Transition
from kernel.people import UNIT_ROLES, Kind, Principal, Role
from suggestions.model import SuggestionState as S


class SuggestionAction(Labelled):
    """What moves a suggestion from one state to another."""

    EXAMINE = "examine", "开始审核"
    PUBLISH = "publish", "公开"
    DECLINE = "decline", "不予公开"
    WITHDRAW = "withdraw", "撤回"
    STUDY = "study", "立项研判"
    ASSIGN = "assign", "交办"
    ADOPT = "adopt", "采纳"
    ADOPT_PARTLY = "adopt_partly", "部分采纳"
    KEEP = "keep", "留作参考"
    REJECT = "reject", "不采纳"
    CARRY_OUT = "carry_out", "开始实施"
    REALISE = "realise", "落地"
    GIVE_UP = "give_up", "未能落地"
    FOLLOW_UP = "follow_up", "回访"
    REWARD = "reward", "奖励"
    CLOSE = "close", "办结"


class SuggestionActor(Labelled):
    """Who may act on a suggestion."""

    AUTHOR = "author", "建议人"
    EDITOR = "editor", "建言编辑"
    UNIT = "unit", "承办单位"


A = SuggestionAction
BY = SuggestionActor
_NEW = (S.SUBMITTED, S.MODERATION)
_ACCEPTED = (S.ADOPTED, S.PARTLY_ADOPTED)
_OWNERS = (BY.UNIT, BY.EDITOR)

# With these the official answer is given; what is said with any other action is a note.
DECISIONS = frozenset({A.ADOPT, A.ADOPT_PARTLY, A.KEEP, A.REJECT})

SuggestionRow = Transition[S, SuggestionAction, SuggestionActor]

LIFE: Lifecycle[S, SuggestionAction, SuggestionActor] = Lifecycle(
    initial=S.SUBMITTED,
    final=frozenset({S.CLOSED, S.DECLINED, S.WITHDRAWN}),
    transitions=(
        Transition(A.EXAMINE, (S.SUBMITTED,), S.MODERATION, (BY.EDITOR,)),
        Transition(A.PUBLISH, _NEW, S.PUBLISHED, (BY.EDITOR,)),
        Transition(A.DECLINE, _NEW, S.DECLINED, (BY.EDITOR,), needs=("reason",)),
        Transition(A.WITHDRAW, _NEW, S.WITHDRAWN, (BY.AUTHOR,)),
        Transition(A.STUDY, (S.PUBLISHED,), S.STUDY, (BY.EDITOR,)),
        Transition(A.ASSIGN, (S.STUDY, S.IN_HAND), S.IN_HAND, (BY.EDITOR,), needs=("unit",)),
        Transition(A.ADOPT, (S.IN_HAND,), S.ADOPTED, _OWNERS, needs=("reason", "plan")),
        Transition(A.ADOPT_PARTLY, (S.IN_HAND,), S.PARTLY_ADOPTED, _OWNERS, needs=("reason", "plan")),
        Transition(A.KEEP, (S.IN_HAND,), S.KEPT, _OWNERS, needs=("reason",)),
        Transition(A.REJECT, (S.IN_HAND,), S.NOT_ADOPTED, _OWNERS, needs=("reason",)),
        Transition(A.CARRY_OUT, _ACCEPTED, S.IMPLEMENTING, _OWNERS),
        Transition(A.REALISE, (*_ACCEPTED, S.IMPLEMENTING), S.REALISED, _OWNERS, needs=("reason",)),
        Transition(A.GIVE_UP, (*_ACCEPTED, S.IMPLEMENTING), S.NOT_REALISED, _OWNERS, needs=("reason",)),
        Transition(A.FOLLOW_UP, (S.REALISED, S.NOT_REALISED, S.KEPT, S.NOT_ADOPTED), S.FOLLOWED_UP, (BY.EDITOR,)),
        Transition(A.REWARD, (S.FOLLOWED_UP,), S.REWARDED, (BY.EDITOR,)),
        Transition(A.CLOSE, (S.FOLLOWED_UP, S.REWARDED), S.CLOSED, (BY.EDITOR,)),
    ),
)


def actors(by: Principal, unit: str) -> tuple[SuggestionActor, ...]:
    """What a staff member is to a suggestion that ``unit`` has in hand; NotAllowed when nothing."""
    held = []
    if by.kind is Kind.SYSTEM or by.has(Role.SUGGESTION_EDITOR, Role.ADMIN):
        held.append(BY.EDITOR)
    if unit and by.unit == unit and by.has(*UNIT_ROLES):
        held.append(BY.UNIT)
    if not held:
        raise NotAllowed("not_your_suggestion")
    return tuple(held)


def step(state: S, action: SuggestionAction, held: tuple[SuggestionActor, ...]) -> SuggestionRow:
    """The row by which one of ``held`` does ``action``; Conflict (wrong state), NotAllowed (wrong person)."""
    allowed = [row for actor in held for row in LIFE.allowed(state, actor) if row.action is action]
    return allowed[0] if allowed else LIFE.find(state, action, held[0])
