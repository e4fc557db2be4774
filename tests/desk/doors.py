"""The assistant behind a door that lets something happen at a certain moment; everything else is the real one."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from bot.assistant import Assistant
from bot.model import Caller, Dialogue, HandOver, Thought, Turn
from kernel.database import Tx
from kernel.messages import Inbound
from ticketing.model.ticket import Draft

Happening = Callable[[Inbound], Awaitable[None]]


class Interrupted:
    """Once a message is thought about, and before anything is done, something happens."""

    def __init__(self, inner: Assistant, happening: Happening) -> None:
        self._inner = inner
        self._happening = happening
        self.thoughts = 0

    async def think(self, dialogue: Dialogue, inbound: Inbound, caller: Caller) -> Thought:
        self.thoughts += 1
        thought = await self._inner.think(dialogue, inbound, caller)
        await self._happening(inbound)
        return thought

    async def do(self, tx: Tx, thought: Thought, caller: Caller) -> Turn:
        return await self._inner.do(tx, thought, caller)

    def draft(self, dialogue: Dialogue, said: Sequence[str]) -> Draft:
        return self._inner.draft(dialogue, said)


class Breaking:
    """Fails while it thinks, or while it does, with the errors given; when they are used up it works again.

    With ``only`` it does nothing wrong but with messages of that text.
    """

    def __init__(
        self,
        inner: Assistant,
        *,
        thinking: Sequence[Exception] = (),
        doing: Sequence[Exception] = (),
        only: str = "",
    ) -> None:
        self._inner = inner
        self._only = only
        self._bad: Thought | None = None
        self._thinking = list(thinking)
        self._doing = list(doing)

    async def think(self, dialogue: Dialogue, inbound: Inbound, caller: Caller) -> Thought:
        if self._thinking:
            raise self._thinking.pop(0)
        thought = await self._inner.think(dialogue, inbound, caller)
        if not self._only or inbound.text == self._only:
            self._bad = thought
        return thought

    async def do(self, tx: Tx, thought: Thought, caller: Caller) -> Turn:
        turn = await self._inner.do(tx, thought, caller)
        if self._doing and thought is self._bad:
            raise self._doing.pop(0)
        return turn

    def draft(self, dialogue: Dialogue, said: Sequence[str]) -> Draft:
        return self._inner.draft(dialogue, said)


class Fetching:
    """Whatever it is told, it also fetches a person for the reason given."""

    def __init__(self, inner: Assistant, reason: str) -> None:
        self._inner = inner
        self._reason = reason

    async def think(self, dialogue: Dialogue, inbound: Inbound, caller: Caller) -> Thought:
        return await self._inner.think(dialogue, inbound, caller)

    async def do(self, tx: Tx, thought: Thought, caller: Caller) -> Turn:
        return replace(await self._inner.do(tx, thought, caller), hand_over=HandOver(self._reason))

    def draft(self, dialogue: Dialogue, said: Sequence[str]) -> Draft:
        return self._inner.draft(dialogue, said)
