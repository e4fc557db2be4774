"""Builds the bot."""

from dataclasses import dataclass
from pathlib import Path

from bot.adapters.local import LocalReader
from bot.adapters.local import train_reader as train_local
from bot.assistant import Assistant
from bot.model import Reader
from bot.phrasebook import phrase_rows
from bot.suggesting import CitizenSuggestions
from bot.trying import TakenAs, Tried, Trying
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel.emergency import load_emergencies
from kernel.errors import Invalid
from kernel.room import Floor, Room
from knowledge.library import Library
from suggestions.suggestions import Suggestions
from ticketing.queries import Queries
from ticketing.tickets import Tickets

__all__ = ["Bot", "TakenAs", "Tried", "Trying", "build", "train_reader"]

MODELS = Path("var") / "models"


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot's door, the reader behind it, and what puts messages to it for judging."""

    room: Room
    assistant: Assistant
    reader: Reader
    trying: Trying


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
    if floor.settings.bot.reader != "local":
        raise Invalid({"bot.reader": "unknown_reader"}, code="settings_unknown")
    reader = LocalReader(models)
    understanding = Understanding(reader, lookup, floor.settings.bot.unsure)
    assistant = Assistant(
        floor, understanding, load_emergencies(), lookup, library, tickets, queries, CitizenSuggestions(suggestions)
    )
    trying = Trying(assistant, understanding, tickets, floor.clock)
    return Bot(Room("bot", starting=(reader.start,), phrases=phrase_rows()), assistant, reader, trying)


async def train_reader(folder: Path = MODELS) -> None:
    """Train the local reader into ``folder`` unless the model of these phrases is there already."""
    await train_local(folder)
