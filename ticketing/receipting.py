"""What was handed over before a clock waited for the other side's receipt gets that clock, once."""

import structlog

from kernel.database import Tx
from kernel.errors import HotlineError
from kernel.room import Floor
from ticketing.changing import TIMER, Changing
from ticketing.model.acting import Form
from ticketing.model.labels import ClockKind, SideAction
from ticketing.store.due import handed_over

log = structlog.get_logger()

BATCH = 100
WHY = "系统补设对方接收时限：转出时尚无此时限，自现在起计"


class Receipting:
    """Gives clocks to what has none, some tickets at a time; begins anew with each process, which passes over what has
    one."""

    def __init__(self, floor: Floor, changing: Changing) -> None:
        self._database = floor.database
        self._changing = changing
        self._after: str | None = ""

    async def start(self) -> None:
        """Start the clocks of the next tickets, counted from now."""
        if self._after is None:
            return
        async with self._database.reading() as tx:
            found = await handed_over(tx, self._after, BATCH)
        for _, number in found:
            await self._one(number)
        self._after = found[-1][0] if len(found) == BATCH else None

    async def _one(self, number: str) -> None:
        try:
            async with self._database.transaction() as tx:
                await self._give(tx, number)
        except HotlineError as error:
            # One the rules refuse, or that moved on meanwhile, must not hold up the others.
            log.warning("ticketing.receipt_not_started", ticket=number, error=error.code)

    async def _give(self, tx: Tx, number: str) -> None:
        course = await self._changing.load(tx, number)
        if course.ticket.runs(ClockKind.RECEIPT):
            return
        await self._changing.take(tx, course, SideAction.START_RECEIPT, Form(reason=WHY), TIMER)
        await self._changing.save(tx, course)
