"""A language model that puts an entry into other words, held to what the entry says."""

from bot.model import Entry
from bot.rules.composing import TASK, kept, material_of, question_of
from kernel.languagemodel import LanguageModel
from kernel.privacy import mask_text
from kernel.settings import ComposerSettings


class Composer:
    """Off without an address."""

    def __init__(self, settings: ComposerSettings) -> None:
        self._model = LanguageModel(settings.url, settings.key, settings.model, settings.timeout_seconds)

    @property
    def is_on(self) -> bool:
        """Whether there is anybody to ask."""
        return self._model.is_on

    async def stop(self) -> None:
        """Close the connections."""
        await self._model.stop()

    async def compose(self, asked: str, entry: Entry) -> str:
        """The entry in words that answer what was asked; empty when nothing of them is borne out. Unavailable."""
        material = material_of(entry)
        return kept(await self._model.ask(TASK, question_of(mask_text(asked), material)), material)
