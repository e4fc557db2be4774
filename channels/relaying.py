"""Relayed calls: what other rooms ask for is rung by the platform, and what it tells of them is kept."""

from collections.abc import Mapping

import structlog

from channels.model import CallTurn, Doubtful, HookAnswer, Refused, Relays
from kernel.calls import CallOrder, CallResult, CallState
from kernel.database import Database
from kernel.errors import HotlineError, NotFound
from kernel.relay import Relay

log = structlog.get_logger()


class Relaying:
    """Has calls made, one platform for all; a call is begun once, whatever happens."""

    def __init__(self, database: Database, relay: Relay, platforms: Mapping[str, Relays]) -> None:
        self._database = database
        self._relay = relay
        self._platform = next((each for each in platforms.values() if each.relay_number), None)

    @property
    def is_set_up(self) -> bool:
        """Whether there is a number to call from."""
        return self._platform is not None

    async def step(self) -> bool:
        """Begin one call that was asked for; whether there may be more."""
        async with self._database.transaction() as tx:
            order = await self._relay.claim(tx)
        if order is None:
            return False
        try:
            external_id = await self._begin(order)
        except HotlineError as error:
            log.info("relay.failed", call=order.id, reason=error.code)
            # Of a call nobody can tell of its reports may still come: they must find it open.
            if not isinstance(error, Doubtful):
                result = CallResult.UNREACHABLE if error.code == "unknown_recipient" else CallResult.FAILED
                await self._end(order.id, result, error.code)
            return True
        async with self._database.transaction() as tx:
            await self._relay.placed(tx, order.id, external_id)
        return True

    async def _begin(self, order: CallOrder) -> str:
        if self._platform is None:
            raise Refused("relay_not_set_up")
        return await self._platform.call(order)

    async def turn(self, turn: CallTurn, answer: HookAnswer) -> HookAnswer:
        """A call has gone on: what the platform is answered, ``answer`` unless it must be told whom to call."""
        async with self._database.transaction() as tx:
            try:
                order = await self._relay.order(tx, turn.call) if turn.connects else None
            except NotFound:
                return answer
            await self._relay.turn(tx, turn.call, turn.state, turn.result, turn.seconds)
        if order is None or self._platform is None:
            return answer
        return self._platform.connect(order)

    async def expire(self) -> int:
        """Calls nobody hears of any more are over; gives how many."""
        async with self._database.reading() as tx:
            silent = await self._relay.silent(tx)
        for call in silent:
            await self._end(call, CallResult.UNCLEAR, "silent")
        return len(silent)

    async def _end(self, call: str, result: CallResult, reason: str) -> None:
        async with self._database.transaction() as tx:
            await self._relay.turn(tx, call, CallState.ENDED, result, reason=reason)
