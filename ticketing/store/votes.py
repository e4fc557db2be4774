"""Rows of votes: one a reply, however often it is changed; a new reply has a new one and the former stays."""

from sqlalchemy import Column, ForeignKey, Integer, RowMapping, String, Table, select

from kernel.database import Moment, Tx, metadata
from ticketing.model.labels import Score, Solved, VoteWay
from ticketing.model.ticket import Rating, Ticket, Vote

votes = Table(
    "ticket_vote",
    metadata,
    Column("ticket", ForeignKey("ticket.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("score", String(24), nullable=False),
    Column("solved", String(12), nullable=False),
    Column("way", String(12), nullable=False),
    Column("by", String(64), nullable=False),
    Column("first_at", Moment, nullable=False),
    Column("at", Moment, nullable=False),
    Column("changes", Integer, nullable=False),
)


async def keep(tx: Tx, ticket: Ticket, rating: Rating, way: VoteWay, by: str) -> None:
    """The vote on the reply the ticket has, or a change of it."""
    now = {"score": rating.score.value, "solved": rating.solved.value, "way": way.value, "by": by, "at": rating.at}
    first = {"ticket": ticket.id, "round": ticket.round, "first_at": rating.at, "changes": 0}
    again = now | {"changes": votes.c.changes + 1}
    statement = tx.insert(votes).values(**first, **now)
    await tx.execute(statement.on_conflict_do_update(index_elements=["ticket", "round"], set_=again))


async def of_ticket(tx: Tx, ticket_id: str) -> list[Vote]:
    """The votes on all replies of a ticket, in order."""
    query = select(votes).where(votes.c.ticket == ticket_id).order_by(votes.c.round)
    return [_vote(row) for row in await tx.rows(query)]


def _vote(row: RowMapping) -> Vote:
    words = Score(row["score"]), Solved(row["solved"]), VoteWay(row["way"])
    return Vote(row["round"], *words, row["by"], row["first_at"], row["at"], row["changes"])
