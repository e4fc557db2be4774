"""Which tickets the timer has to look at."""

from datetime import datetime
from enum import Enum

from sqlalchemy import select

from kernel.database import Tx
from ticketing.model.labels import State
from ticketing.store.tables import OUTSIDE, states_in, tickets


class Task(Enum):
    """What is due, by the column that says when."""

    WAKE = tickets.c.wake_at
    LATE = tickets.c.late_at
    REMIND = tickets.c.remind_at


async def due_numbers(tx: Tx, task: Task, now: datetime, limit: int) -> list[str]:
    """Numbers of tickets whose time has come, the longest waiting first."""
    query = select(tickets.c.number).where(task.value <= now).order_by(task.value, tickets.c.id).limit(limit)
    return [row["number"] for row in await tx.rows(query)]


async def handed_over(tx: Tx, after: str, limit: int) -> list[tuple[str, str]]:
    """Ids and numbers of tickets another platform has to receive, behind ``after`` in the order of their ids."""
    here = states_in(OUTSIDE), tickets.c.state == State.HANDED_OVER.value
    query = select(tickets.c.id, tickets.c.number).where(tickets.c.id > after, *here)
    return [(row["id"], row["number"]) for row in await tx.rows(query.order_by(tickets.c.id).limit(limit))]
