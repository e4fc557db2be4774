"""Builds the bot."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.composer import Composer
from bot.adapters.local import PHRASES, LocalReader, examples, phrases, sharpened
from bot.adapters.local import train_reader as train_local
from bot.adapters.rasa import RasaReader
from bot.asked import Asked
from bot.assistant import Assistant
from bot.composing import Composing
from bot.model import Reader
from bot.phrasebook import phrase_rows
from bot.rules.said import mandarin
from bot.suggesting import CitizenSuggestions
from bot.trying import TakenAs, Tried, Trying
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel import textmodel
from kernel.emergency import load_emergencies
from kernel.errors import Invalid
from kernel.room import Floor, Loop, Room
from kernel.settings import BotSettings
from knowledge.library import Library
from suggestions.suggestions import Suggestions
from ticketing.queries import Queries
from ticketing.tickets import Tickets

__all__ = ["Bot", "TakenAs", "Tried", "Trying", "build", "train_on", "train_reader"]

MODELS = Path("var") / "models"
LEARNING_IDLE = 60.0
RASA_PROJECT = PHRASES.parent.parent
Errand = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot's door, the reader behind it, and what puts messages to it for judging.

    ``learn`` takes in what entries and catalogue teach, as its loop does.
    """

    room: Room
    assistant: Assistant
    reader: Reader
    trying: Trying
    learn: Callable[[], Awaitable[bool]]


def build(
    floor: Floor,
    lookup: Lookup,
    library: Library,
    tickets: Tickets,
    queries: Queries,
    suggestions: Suggestions,
    models: Path = MODELS,
) -> Bot:
    """The bot over the rooms below; the reader is loaded, or trained once, when the house starts."""
    local = LocalReader(models)
    reader, starting, stopping = _reader(floor.settings.bot, local)
    asked = Asked(phrases, library.in_force, queries.matters)
    understanding = Understanding(reader, lookup, floor.settings.bot.unsure, asked)
    composer = Composer(floor.settings.composer)
    assistant = Assistant(
        floor,
        understanding,
        load_emergencies(),
        lookup,
        library,
        tickets,
        queries,
        CitizenSuggestions(suggestions),
        Composing(composer, floor.clock),
    )
    trying = Trying(assistant, understanding, tickets, floor.clock)
    room = Room(
        "bot",
        loops=[Loop("bot.asked", asked.learn, (), idle=LEARNING_IDLE, in_web=True)],
        starting=(*starting, asked.start),
        stopping=(*stopping, composer.stop),
        phrases=phrase_rows(),
    )
    return Bot(room, assistant, reader, trying, asked.learn)


def _reader(settings: BotSettings, local: LocalReader) -> tuple[Reader, Sequence[Errand], Sequence[Errand]]:
    """The reader that is set, what to do before the first message, and what after the last; Invalid."""
    match settings.reader:
        case "local":
            return local, (local.start,), ()
        case "rasa":
            rasa = RasaReader(settings.rasa_url, local, settings.rasa_token)
            return rasa, (local.start, rasa.start), (rasa.stop,)
        case _:
            raise Invalid({"bot.reader": "unknown_reader"}, code="settings_unknown")


async def train_on(source: Path) -> Callable[[str], tuple[str, float]]:
    """A local model of any file in Rasa's format, for a measuring: it gives a text's likeliest intent."""
    pairs = await asyncio.to_thread(lambda: list(examples(source)))
    model = await textmodel.train(
        [mandarin(text) for text, _ in pairs], [intent for _, intent in pairs], regression=True
    )
    return lambda text: sharpened(model.predict(mandarin(text)).ranked)[0]


async def train_reader(folder: Path = MODELS) -> None:
    """Train the local reader into ``folder`` unless the model of these phrases is there already."""
    await train_local(folder)
