"""Citizens after they told: they urge, add, withdraw, answer, vote, appeal, ask again — or say nothing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from hotline.simulation import words
from hotline.simulation.plan.contacts import Way
from hotline.simulation.stage import Stage

# Which contact votes on which ticket with which score, in the chat.
Votes = Callable[[int, str, str], Awaitable[None]]
TAPS = 0.7
CONFIRMS, NOT_SOLVED, CHANGES_VOTE = 0.4, 0.12, 0.05


class Citizens:
    """Everybody who told of something; by the signed link of their ticket, or in the chat."""

    def __init__(self, stage: Stage, chat_vote: Votes) -> None:
        self._s = stage
        self._chat_vote = chat_vote

    def opened(self, number: str) -> None:
        """What they will do meanwhile."""
        mood = self._s.mood(number)
        for hours in mood.urges_after:
            self._s.later(lambda: self._wish(number, "urge"), hours=hours)
        if mood.adds_after is not None:
            self._s.later(lambda: self._wish(number, "add_photo"), hours=mood.adds_after)
        if mood.withdraws_after is not None:
            self._s.later(lambda: self._withdraw(number), hours=mood.withdraws_after)

    async def _wish(self, number: str, wish: str) -> None:
        await self._s.track(number, wish)

    async def _withdraw(self, number: str) -> None:
        await self._s.track(number, "withdraw", text=words.REASONS["withdraw"])

    def asked_for_more(self, number: str, version: int) -> None:
        """They owe an answer."""
        dice = self._s.dice("owes", self._s.key(number), version)
        if self._s.mood(number).answers_question:
            self._s.later(lambda: self._supply(number, version), hours=dice.between(0.3, 60))

    async def _supply(self, number: str, version: int) -> None:
        dice = self._s.dice("supplies", self._s.key(number), version)
        await self._s.track(number, "supply_info", text=dice.pick(words.ADDED))

    def answered(self, number: str, version: int) -> None:
        """The hotline itself replied."""
        dice = self._s.dice("answered", self._s.key(number), version)
        if dice.chance(CONFIRMS):
            self._s.later(lambda: self._wish(number, "confirm"), hours=dice.between(0.1, 20))
        elif dice.rarely(NOT_SOLVED):
            self._s.later(lambda: self._unsolved(number), hours=dice.between(0.1, 20))

    async def _unsolved(self, number: str) -> None:
        await self._s.track(number, "not_solved", text=words.REASONS["rehandle"])

    def declined(self, number: str, version: int) -> None:
        """Some do not accept the refusal."""
        dice = self._s.dice("declined", self._s.key(number), version)
        if self._s.mood(number).appeals:
            self._s.later(lambda: self._appeal(number), hours=dice.between(1, 70))

    async def _appeal(self, number: str) -> None:
        await self._s.track(number, "appeal", text=words.REASONS["appeal"])

    def replied(self, number: str, version: int) -> None:
        """Some vote by themselves, most of those who chat by a tap."""
        mood, dice = self._s.mood(number, version), self._s.dice("votes", self._s.key(number), version)
        if not mood.votes:
            return
        contact = self._s.told_by.get(number)
        at = self._s.clock.now() + timedelta(hours=mood.vote_after)
        if contact is not None and contact.way is not Way.PHONE and dice.chance(TAPS):
            self._s.agenda.at(at, lambda: self._chat_vote(contact.number, number, mood.score))
        else:
            self._s.agenda.at(at, lambda: self._vote(number, version))

    async def _vote(self, number: str, version: int) -> None:
        mood = self._s.mood(number, version)
        await self._s.track(number, "rate", score=mood.score, solved=mood.solved)

    def closed(self, number: str, version: int) -> None:
        """A few come back to it, a few change their vote."""
        dice, mood = self._s.dice("closed", self._s.key(number), version), self._s.mood(number)
        if mood.reopens:
            self._s.later(lambda: self._reopen(number), days=dice.between(1, 16))
        elif dice.rarely(CHANGES_VOTE):
            self._s.later(lambda: self._change_vote(number, version), days=dice.between(0.5, 8))

    async def _reopen(self, number: str) -> None:
        await self._s.track(number, "rehandle", expect=("lawful_refusal_confirmed",), text=words.REASONS["rehandle"])

    async def _change_vote(self, number: str, version: int) -> None:
        mood = self._s.mood(number, -version)
        await self._s.track(number, "rate", score=mood.score, solved=mood.solved)
