"""Rows of whether an answer helped whom: one a person, entry and question; the person by a blind index."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Boolean, Column, Index, String, Table, Text, case, delete, func, select

from kernel.database import Moment, Tx, metadata
from knowledge.model import QuestionState, Ruling, Vote
from knowledge.store.questions import questions

votes = Table(
    "answer_vote",
    metadata,
    Column("article", String(60), primary_key=True),
    Column("asked", String(64), primary_key=True),
    Column("person", String(64), primary_key=True),
    Column("question", Text, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_answer_vote_at", "at"),
)

_SETTLED = (questions.c.state == QuestionState.SETTLED.value) & (questions.c.answer != "")


async def cast_vote(tx: Tx, vote: Vote, asked: str) -> None:
    """Keep a vote; of the same person on the same answer to the same question (``asked``, a digest) the last counts."""
    values = {
        "article": vote.article,
        "asked": asked,
        "person": vote.person,
        "question": vote.question,
        "solved": vote.solved,
        "at": vote.at,
    }
    again = {"solved": vote.solved, "at": vote.at}
    statement = tx.insert(votes).values(**values)
    await tx.execute(statement.on_conflict_do_update(index_elements=["article", "asked", "person"], set_=again))


async def newest(tx: Tx, since: datetime, most: int) -> Sequence[Vote]:
    """The newest votes after ``since``, the newest first."""
    wanted = select(votes).where(votes.c.at > since).order_by(votes.c.at.desc()).limit(most)
    return [
        Vote(row["article"], row["question"], row["person"], row["solved"], row["at"]) for row in await tx.rows(wanted)
    ]


async def rulings(tx: Tx, since: datetime, most: int) -> Sequence[Ruling]:
    """Which entries answer which questions by an editor's word, the questions asked lately first."""
    wanted = select(questions.c.text, questions.c.answer).where(_SETTLED, questions.c.last_at > since)
    rows = await tx.rows(wanted.order_by(questions.c.last_at.desc()).limit(most))
    return [Ruling(row["text"], row["answer"]) for row in rows]


async def mark(tx: Tx) -> tuple[object, ...]:
    """Differs when there are newer votes, or other rulings. Of the votes only those of the newest moment are counted:
    whatever is said anew is newer, and every process asks each minute."""
    helped = func.sum(case((votes.c.solved, 1), else_=0)).label("helped")
    newest_at = select(func.max(votes.c.at)).scalar_subquery()
    cast = select(func.count().label("many"), func.max(votes.c.at).label("last"), helped).where(votes.c.at == newest_at)
    ruled = select(func.count().label("many"), func.max(questions.c.last_at).label("last")).where(_SETTLED)
    rows = [*await tx.rows(cast), *await tx.rows(ruled)]
    return tuple(value for row in rows for value in row.values())


async def forget(tx: Tx, before: datetime) -> int:
    """Drop the votes of before; gives how many."""
    return int((await tx.execute(delete(votes).where(votes.c.at < before))).rowcount)
