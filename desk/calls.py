"""Keeps what the telephone exchange tells of calls that are over: when each was offered to people, answered, ended."""

from collections.abc import Sequence

from desk.events import CallEnded
from desk.model import Rung
from desk.rules.calls import faults, waited
from desk.store import add_call, call_of
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.journal import Journal
from kernel.people import Principal

MOST = 500


class Calls:
    """Numbers, names and words of callers are not among what is kept."""

    def __init__(self, clock: Clock, journal: Journal) -> None:
        self._clock = clock
        self._journal = journal

    async def take(self, tx: Tx, told: Sequence[Rung], by: Principal) -> int:
        """Keep calls and state each once; how many were new.

        Invalid names the field of every fault (``calls.2.answered_at``) and nothing is kept; Conflict("call_differs")
        when one was told otherwise before.
        """
        now = self._clock.now()
        if len(told) > MOST:
            raise Invalid({"calls": "too_many_calls"}, limit=MOST)
        wrong = {f"calls.{n}.{name}": code for n, one in enumerate(told) for name, code in faults(one, now).items()}
        if wrong:
            raise Invalid(wrong)
        return sum([await self._keep(tx, one, by) for one in sorted(told, key=lambda each: each.id)])

    async def _keep(self, tx: Tx, one: Rung, by: Principal) -> bool:
        if not await add_call(tx, one, by.id, self._clock.now()):
            if await call_of(tx, one.id) != one:
                raise Conflict("call_differs", current={"id": one.id}, id=one.id)
            return False
        await self._journal.state(tx, CallEnded(one.id, one.offered_at, one.ended_at, one.answered_at, waited(one)))
        return True
