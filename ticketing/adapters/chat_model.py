"""A language model as the second opinion on a matter."""

from collections.abc import Sequence

from kernel.languagemodel import LanguageModel
from kernel.settings import SecondOpinionSettings
from ticketing.model.duties import Matter, Opinion
from ticketing.rules.opinions import TASK, opinion_in, question


class ChatModel:
    """Asks about one text at a time; off without an address."""

    def __init__(self, settings: SecondOpinionSettings) -> None:
        self._model = LanguageModel(settings.url, settings.key, settings.model, settings.timeout_seconds)

    @property
    def is_on(self) -> bool:
        """Whether there is anybody to ask."""
        return self._model.is_on

    async def stop(self) -> None:
        """Close the connections."""
        await self._model.stop()

    async def opinion_of(self, text: str, matters: Sequence[Matter]) -> Opinion:
        """Which of ``matters`` a redacted text is about, or none; Unavailable."""
        return opinion_in(await self._model.ask(TASK, question(text, matters)), matters, self._model.name)
