"""Which tickets the timer has to look at."""

from datetime import datetime
from enum import Enum

from sqlalchemy import select

from kernel.database import Tx
from ticketing.store.tables import tickets


class Task(Enum):
    """What is due, by the column that says when."""

    WAKE = tickets.c.wake_at
    LATE = tickets.c.late_at
    REMIND = tickets.c.remind_at


async def due_numbers(tx: Tx, task: Task, now: datetime, limit: int) -> list[str]:
    """Numbers of tickets whose time has come, the longest waiting first."""
    query = select(tickets.c.number).where(task.value <= now).order_by(task.value, tickets.c.id).limit(limit)
    return [row["number"] for row in await tx.rows(query)]
