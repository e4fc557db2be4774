"""Builds the suggestions room."""

from dataclasses import dataclass

from directory.lookup import Lookup
from kernel.room import Floor, Room
from suggestions.api import SuggestionApi, routes
from suggestions.rules.notices import phrase_rows
from suggestions.store import SuggestionStore
from suggestions.suggestions import Suggestions


@dataclass(frozen=True, slots=True)
class SuggestionsRoom:
    """The suggestions room and its door."""

    room: Room
    suggestions: Suggestions


def build(floor: Floor, lookup: Lookup) -> SuggestionsRoom:
    """The suggestions room over the floor and the directory."""
    suggestions = Suggestions(floor, SuggestionStore(floor.vault), lookup)
    api = SuggestionApi(floor.database, suggestions, lookup)
    return SuggestionsRoom(Room("suggestions", routes=routes(api), phrases=phrase_rows()), suggestions)
