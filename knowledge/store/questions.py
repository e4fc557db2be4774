"""Rows of questions without an answer, and of who asked them and was told."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    RowMapping,
    String,
    Table,
    Text,
    and_,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)

from kernel import cursors
from kernel.chinese import shingles
from kernel.database import Moment, Tx, metadata, only_where
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id
from kernel.messages import Address
from knowledge.model import QuestionGroup, QuestionReason, QuestionState, UnansweredQuestion

questions = Table(
    "unanswered_question",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("text", Text, nullable=False),
    Column("area", String(32), nullable=False),
    Column("reason", String(20), nullable=False),
    Column("article", String(60), nullable=False),
    Column("answer", String(60), nullable=False),
    Column("grouped", String(32)),
    Column("times", Integer, nullable=False),
    Column("state", String(20), nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Index("ix_unanswered_question_state", "state", "times", "last_at"),
    Index("ix_unanswered_question_answer", "answer", **only_where("answer <> ''")),
    Index("ix_unanswered_question_new", "state", **only_where("grouped IS NULL")),
)

askers = Table(
    "question_asker",
    metadata,
    Column("question", ForeignKey("unanswered_question.id"), primary_key=True),
    Column("address", String(200), primary_key=True),
    Column("asked_at", Moment, nullable=False),
    Column("answer", String(60), nullable=False),
    Column("told_at", Moment),
    Index("ix_question_asker_waiting", "question", **only_where("told_at IS NULL")),
)

MOST_GROUPS = 100
_OPEN = questions.c.state == QuestionState.OPEN.value
_GROUP = func.coalesce(questions.c.grouped, questions.c.id)


async def queue(tx: Tx, masked: str, area: str, reason: QuestionReason, article: str, at: datetime) -> tuple[str, int]:
    """Put a question into the queue, or count it once more when it is there; gives its id and how often so far.

    One that was dealt with and is asked again comes back; one for which an entry is being written waits for that.
    """
    values = {
        "id": new_id(),
        "digest": _digest(masked, area, article),
        "text": masked,
        "area": area,
        "reason": reason.value,
        "article": article,
        "answer": "",
        "times": 1,
        "state": QuestionState.OPEN.value,
        "first_at": at,
        "last_at": at,
    }
    drafted = questions.c.state == QuestionState.DRAFTED.value
    again = {
        "times": questions.c.times + 1,
        "last_at": at,
        "state": case((drafted, questions.c.state), else_=QuestionState.OPEN.value),
        "answer": case((drafted, questions.c.answer), else_=""),
    }
    statement = tx.insert(questions).values(**values)
    statement = statement.on_conflict_do_update(index_elements=["digest"], set_=again)
    row = (await tx.execute(statement.returning(questions.c.id, questions.c.times))).one()
    return str(row.id), int(row.times)


async def note_asker(tx: Tx, question: str, address: Address, at: datetime) -> None:
    """Somebody asked it who can be told; asking again, they wait again."""
    statement = tx.insert(askers).values(question=question, address=address.key, asked_at=at, answer="", told_at=None)
    again = {"asked_at": at, "answer": "", "told_at": None}
    await tx.execute(statement.on_conflict_do_update(index_elements=["question", "address"], set_=again))


async def open_questions(tx: Tx, limit: int, start: int = 0) -> tuple[UnansweredQuestion, ...]:
    """The queue one by one, what was asked most often first; so many of it behind the first ``start``."""
    order = questions.c.times.desc(), questions.c.last_at.desc(), questions.c.id
    rows = await tx.rows(select(questions).where(_OPEN).order_by(*order).limit(limit).offset(start))
    return tuple(_question(row) for row in rows)


async def groups(tx: Tx, cursor: str, limit: int) -> tuple[tuple[QuestionGroup, ...], str | None]:
    """A page of the queue by groups, those asked most often first, and the cursor of the next; Invalid for a cursor
    that is not ours."""
    limit = max(1, min(limit, MOST_GROUPS))
    times = func.sum(questions.c.times)
    query = select(_GROUP.label("group"), times.label("times")).where(_OPEN).group_by(_GROUP)
    if cursor:
        query = query.having(tuple_(times, _GROUP) < tuple_(*_read_cursor(cursor)))
    rows = await tx.rows(query.order_by(times.desc(), _GROUP.desc()).limit(limit + 1))
    shown = rows[:limit]
    members = await _members(tx, [row["group"] for row in shown])
    waiting = await _waiting(tx, [q.id for group in members.values() for q in group])
    found = tuple(
        QuestionGroup(
            row["group"],
            tuple(members[row["group"]]),
            int(row["times"]),
            len({address for q in members[row["group"]] for address in waiting.get(q.id, ())}),
        )
        for row in shown
    )
    more = len(rows) > limit
    return found, cursors.written([str(int(shown[-1]["times"])), shown[-1]["group"]]) if more else None


def _read_cursor(cursor: str) -> list[ColumnElement[object]]:
    times, group = cursors.read(cursor, 2)
    if not str(times).isdigit():
        raise Invalid({"cursor": "wrong"})
    return [literal(int(str(times))), literal(str(group))]


async def _members(tx: Tx, ids: Collection[str]) -> Mapping[str, list[UnansweredQuestion]]:
    order = questions.c.times.desc(), questions.c.last_at.desc(), questions.c.id
    rows = await tx.rows(select(questions).where(_OPEN, _GROUP.in_(ids)).order_by(*order))
    found = defaultdict(list)
    for row in rows:
        found[row["grouped"] or row["id"]].append(_question(row))
    return found


async def _waiting(tx: Tx, ids: Collection[str]) -> Mapping[str, set[str]]:
    query = select(askers.c.question, askers.c.address).where(askers.c.question.in_(ids), askers.c.told_at.is_(None))
    found = defaultdict(set)
    for row in await tx.rows(query):
        found[row["question"]].add(row["address"])
    return found


async def count_open(tx: Tx) -> int:
    """How many groups wait for the editors."""
    return int(await tx.scalar(select(func.count(func.distinct(_GROUP))).where(_OPEN)) or 0)


async def ungrouped(tx: Tx, limit: int) -> tuple[UnansweredQuestion, ...]:
    """Open questions nobody has compared with the others yet, the oldest first."""
    query = select(questions).where(_OPEN, questions.c.grouped.is_(None)).order_by(questions.c.first_at)
    return tuple(_question(row) for row in await tx.rows(query.limit(limit)))


async def leaders(tx: Tx, limit: int) -> tuple[UnansweredQuestion, ...]:
    """The first question of every group that is open, the latest first."""
    query = select(questions).where(_OPEN, questions.c.grouped == questions.c.id)
    return tuple(_question(row) for row in await tx.rows(query.order_by(questions.c.last_at.desc()).limit(limit)))


async def keep_group(tx: Tx, question: str, group: str) -> None:
    """The question belongs to the group."""
    await tx.execute(update(questions).where(questions.c.id == question).values(grouped=group))


async def of_group(tx: Tx, group: str) -> tuple[UnansweredQuestion, ...]:
    """The open questions of a group, those asked most often first."""
    return tuple((await _members(tx, [group])).get(group, ()))


async def by_ids(tx: Tx, ids: Collection[str]) -> tuple[UnansweredQuestion, ...]:
    """Questions by id, those asked most often first."""
    order = questions.c.times.desc(), questions.c.id
    rows = await tx.rows(select(questions).where(questions.c.id.in_(ids)).order_by(*order))
    return tuple(_question(row) for row in rows)


async def settle(tx: Tx, ids: Collection[str], answer: str, state: QuestionState) -> None:
    """Take questions off the queue; NotFound when any is not on it."""
    mine = and_(questions.c.id.in_(ids), _OPEN)
    changed = await tx.execute(update(questions).where(mine).values(state=state.value, answer=answer))
    if changed.rowcount != len(set(ids)):
        raise NotFound("question")


async def answered(tx: Tx, answer: str) -> Sequence[str]:
    """The questions an entry was written for are settled with it; gives their ids."""
    mine = and_(questions.c.answer == answer, questions.c.state == QuestionState.DRAFTED.value)
    statement = update(questions).where(mine).values(state=QuestionState.SETTLED.value)
    return [row[0] for row in (await tx.execute(statement.returning(questions.c.id))).all()]


async def reopen(tx: Tx, answer: str) -> None:
    """The entry that was being written will not come: its questions wait for the editors again."""
    mine = and_(questions.c.answer == answer, questions.c.state == QuestionState.DRAFTED.value)
    await tx.execute(update(questions).where(mine).values(state=QuestionState.OPEN.value, answer=""))


# -- who asked ------------------------------------------------------------------------------------------


async def answers_to_tell(tx: Tx) -> Sequence[str]:
    """Entries that answer questions whose askers have not been told."""
    query = select(questions.c.answer).join(askers, askers.c.question == questions.c.id).where(*_to_tell())
    return [row["answer"] for row in await tx.rows(query.distinct())]


async def take_askers(tx: Tx, answer: str, at: datetime, limit: int) -> Mapping[str, str]:
    """Some of those who wait for an entry, taken: nobody else tells them. Their address → what they asked first."""
    query = (
        select(askers.c.address, func.min(askers.c.asked_at).label("first"))
        .join(questions, askers.c.question == questions.c.id)
        .where(*_to_tell(), questions.c.answer == answer)
        .group_by(askers.c.address)
        .order_by(func.min(askers.c.asked_at))
        .limit(limit)
    )
    addresses = [row["address"] for row in await tx.rows(query)]
    waiting = select(questions.c.id).where(questions.c.answer == answer, *_SETTLED)
    mine = askers.c.address.in_(addresses), askers.c.told_at.is_(None), askers.c.question.in_(waiting)
    taken = update(askers).where(*mine).values(told_at=at, answer=answer)
    rows = (await tx.execute(taken.returning(askers.c.question, askers.c.address))).all()
    texts = await _texts(tx, {row.question for row in rows})
    return {row.address: texts[row.question] for row in sorted(rows, key=lambda row: row.question, reverse=True)}


async def told(tx: Tx, answer: str) -> int:
    """How many different people have been told of an entry."""
    query = select(func.count(func.distinct(askers.c.address))).where(askers.c.answer == answer)
    return int(await tx.scalar(query.where(askers.c.told_at.is_not(None))) or 0)


async def forget_askers(tx: Tx, before: datetime) -> int:
    """Drop who asked so long ago; gives how many."""
    gone = or_(askers.c.told_at < before, and_(askers.c.told_at.is_(None), askers.c.asked_at < before))
    return (await tx.execute(askers.delete().where(gone))).rowcount


_SETTLED = (questions.c.state == QuestionState.SETTLED.value, questions.c.answer != "")


def _to_tell() -> tuple[ColumnElement[bool], ...]:
    return (*_SETTLED, askers.c.told_at.is_(None))


async def _texts(tx: Tx, ids: Collection[str]) -> Mapping[str, str]:
    rows = await tx.rows(select(questions.c.id, questions.c.text).where(questions.c.id.in_(ids)))
    return {row["id"]: row["text"] for row in rows}


def _digest(masked: str, area: str, article: str) -> str:
    same: Iterable[str] = sorted(shingles(masked, 2))
    return hashlib.sha256("\0".join((area, article, *same)).encode()).hexdigest()


def _question(row: RowMapping) -> UnansweredQuestion:
    return UnansweredQuestion(
        id=row["id"],
        text=row["text"],
        area=row["area"],
        reason=QuestionReason(row["reason"]),
        article=row["article"],
        times=row["times"],
        first_at=row["first_at"],
        last_at=row["last_at"],
        state=QuestionState(row["state"]),
        answer=row["answer"],
        group=row["grouped"] or row["id"],
    )
