"""Puts what is quoted of an entry into other words, where a language model is there to find them."""

from dataclasses import replace
from datetime import datetime

from bot.model import Act, Composes, Entry, Heard, Say, Step
from bot.texts import COMPOSED
from kernel.clock import Clock
from kernel.errors import Unavailable


class Composing:
    """Asks outside of any transaction; without an answer in time the entry is quoted as it stands, and nobody is asked
    for a while."""

    def __init__(self, model: Composes, clock: Clock) -> None:
        self._model = model
        self._clock = clock
        self._not_before: datetime | None = None

    async def rephrased(self, step: Step, heard: Heard) -> Step:
        """The step with the entry it quotes in words that answer what was asked, as far as the entry bears them out."""
        quoted = [(act, entry) for act in step.acts if (entry := _quoted(act, heard)) is not None]
        now = self._clock.now()
        if not quoted or not self._model.is_on or (self._not_before is not None and now < self._not_before):
            return step
        act, entry = quoted[0]
        try:
            words = await self._model.compose(heard.meaning.text, entry)
        except Unavailable as failure:
            self._not_before = now + failure.after
            return step
        if not words:
            return step
        told = Say(replace(act.reply, text=COMPOSED.format(answer=words))) if isinstance(act, Say) else act
        return replace(step, acts=tuple(told if each is act else each for each in step.acts))


def _quoted(act: Act, heard: Heard) -> Entry | None:
    """The entry whose short answer an act says; of one that is only chosen from, or of a field, none."""
    if not isinstance(act, Say) or heard.found is None:
        return None
    cited = {each.id for each in act.reply.citations}
    return next((each for each in heard.found.entries if each.id in cited and each.text == act.reply.text), None)
