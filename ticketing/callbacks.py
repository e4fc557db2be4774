"""The end of a call-back: once the citizen has voted, or was tried often enough, the ticket closes by itself."""

from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from ticketing.changing import TIMER, Changing, Course
from ticketing.model.acting import Form
from ticketing.model.labels import Action, State


async def close_if_done(tx: Tx, changing: Changing, course: Course) -> None:
    """Close a ticket in call-back if its vote or the attempts allow it; else a person goes on."""
    if course.ticket.state is not State.CALL_BACK:
        return
    try:
        await changing.take(tx, course, Action.CLOSE, Form(), TIMER)
    except (Conflict, Invalid):
        # The rules say when it is done; until then nothing has changed.
        return
