"""The life of a version of an entry: draft, reviewed by its unit and by the hotline, published, expired, withdrawn."""

from collections.abc import Collection

from kernel.errors import NotAllowed
from kernel.labels import Labelled
from kernel.lifecycle import Lifecycle, Transition
from kernel.people import Kind, Principal, Role
from knowledge.model import ArticleState as S


class EditorialAction(Labelled):
    """What moves a version from one state to another."""

    SUBMIT = "submit", "提交审核"
    APPROVE = "approve", "单位审核通过"
    SEND_BACK = "send_back", "退回修改"
    PUBLISH = "publish", "发布"
    BRING_IN = "bring_in", "导入发布"
    VERIFY = "verify", "核实续期"
    WARN = "warn", "临期提醒"
    EXPIRE = "expire", "到期"
    WITHDRAW = "withdraw", "下线"
    DISCARD = "discard", "作废"
    REPLACE = "replace", "由新版本替换"


class EditorialActor(Labelled):
    """Who may act on a version."""

    UNIT_EDITOR = "unit_editor", "单位联络员"
    UNIT_REVIEWER = "unit_reviewer", "单位负责人"
    EDITOR = "editor", "知识采编"
    REVIEWER = "reviewer", "知识审核"
    SYSTEM = "system", "系统"


A = EditorialAction
BY = EditorialActor
_EDITORS = (BY.UNIT_EDITOR, BY.EDITOR)
_REVIEWERS = (BY.UNIT_REVIEWER, BY.REVIEWER)
_LIVE = (S.PUBLISHED, S.EXPIRING)
_ONWARD = (A.SUBMIT, A.APPROVE, A.PUBLISH)

EditorialRow = Transition[S, EditorialAction, EditorialActor]

EDITORIAL: Lifecycle[S, EditorialAction, EditorialActor] = Lifecycle(
    initial=S.DRAFT,
    final=frozenset({S.WITHDRAWN}),
    transitions=(
        Transition(A.SUBMIT, (S.DRAFT,), S.UNIT_REVIEW, (*_EDITORS, BY.SYSTEM)),
        Transition(A.APPROVE, (S.UNIT_REVIEW,), S.HOTLINE_REVIEW, (BY.UNIT_REVIEWER,)),
        Transition(A.SEND_BACK, (S.UNIT_REVIEW,), S.DRAFT, (BY.UNIT_REVIEWER,), needs=("reason",)),
        Transition(A.SEND_BACK, (S.HOTLINE_REVIEW,), S.DRAFT, (BY.REVIEWER,), needs=("reason",)),
        Transition(A.PUBLISH, (S.HOTLINE_REVIEW,), S.PUBLISHED, (BY.REVIEWER,)),
        Transition(A.BRING_IN, (S.DRAFT,), S.PUBLISHED, (BY.SYSTEM,)),
        Transition(A.VERIFY, (S.PUBLISHED,), S.PUBLISHED, _REVIEWERS, needs=("review_due",)),
        Transition(A.VERIFY, (S.EXPIRING,), S.PUBLISHED, _REVIEWERS, needs=("review_due", "valid_to")),
        Transition(A.WARN, (S.PUBLISHED,), S.EXPIRING, (BY.SYSTEM,)),
        Transition(A.EXPIRE, _LIVE, S.EXPIRED, (BY.SYSTEM,)),
        Transition(A.WITHDRAW, (*_LIVE, S.EXPIRED), S.WITHDRAWN, (*_REVIEWERS, BY.EDITOR), needs=("reason",)),
        Transition(A.DISCARD, (S.DRAFT, S.UNIT_REVIEW, S.HOTLINE_REVIEW), S.WITHDRAWN, _EDITORS),
        Transition(A.REPLACE, (*_LIVE, S.EXPIRED), S.WITHDRAWN, (BY.SYSTEM,)),
    ),
)


def actors(by: Principal, owner: str) -> tuple[EditorialActor, ...]:
    """What ``by`` is to an entry of the unit ``owner``; NotAllowed when nothing."""
    if by.kind is Kind.SYSTEM:
        return (BY.SYSTEM,)
    own = bool(owner) and by.unit == owner
    found = (
        (BY.EDITOR, by.has(Role.EDITOR, Role.ADMIN)),
        (BY.REVIEWER, by.has(Role.KNOWLEDGE_REVIEWER, Role.ADMIN)),
        (BY.UNIT_EDITOR, own and by.has(Role.LIAISON)),
        (BY.UNIT_REVIEWER, own and by.has(Role.UNIT_LEADER)),
    )
    held = tuple(actor for actor, is_ in found if is_)
    if not held:
        raise NotAllowed("not_your_article")
    return held


def waits_for(held: Collection[EditorialActor]) -> frozenset[S]:
    """The states in which it is for somebody to bring a version on, or to write one anew."""
    rows = [row for row in EDITORIAL.transitions if row.action in _ONWARD and set(held) & set(row.by)]
    expired = {S.EXPIRED} if set(held) & set(_EDITORS) else set()
    return frozenset({source for row in rows for source in row.sources} | expired)


def step(state: S, action: EditorialAction, by: Principal, owner: str) -> EditorialRow:
    """The row by which ``by`` may do ``action``; Conflict in the wrong state, NotAllowed for the wrong person."""
    held = actors(by, owner)
    allowed = [row for actor in held for row in EDITORIAL.allowed(state, actor) if row.action is action]
    return allowed[0] if allowed else EDITORIAL.find(state, action, held[0])


def may_do(state: S, by: Principal, owner: str) -> tuple[EditorialRow, ...]:
    """What ``by`` may do to an entry of the unit ``owner`` in a state, in the order of the table."""
    found = {row.action: row for actor in actors(by, owner) for row in EDITORIAL.allowed(state, actor)}
    return tuple(found[action] for action in EditorialAction if action in found)
