"""The suggestions room over a small city."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from directory.room import DirectoryRoom
from directory.room import build as build_directory
from kernel.messages import Address
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from suggestions.model import Suggestion, SuggestionDraft
from suggestions.room import SuggestionsRoom, build
from tests.knowledge.small_city import HOUSING, POLICE, write_city

EDITOR = Principal(Kind.STAFF, id="e1", name="建言编辑", roles=frozenset({Role.SUGGESTION_EDITOR}))
UNIT = Principal(Kind.STAFF, id="u1", name="承办人", roles=frozenset({Role.HANDLER}), unit=POLICE)
OTHER = Principal(Kind.STAFF, id="u2", name="外单位", roles=frozenset({Role.HANDLER}), unit=HOUSING)
CITIZEN = Principal(Kind.CITIZEN, id="c1")
AUTHOR = Address("web", "site", "v1")
TEXT = "建议在松园街道的小学门口增设人行横道和减速带，早晚接送孩子的时候车太快，很危险。"

Open = Callable[..., Awaitable[Suggestion]]


@pytest.fixture
async def directory(floor: Floor, tmp_path: Path) -> DirectoryRoom:
    """The directory of the small city."""
    made = build_directory(floor)
    await made.import_city(write_city(tmp_path))
    return made


@pytest.fixture
async def room(floor: Floor, directory: DirectoryRoom) -> SuggestionsRoom:
    """The room over the small city."""
    return build(floor, directory.lookup)


@pytest.fixture
def submit(floor: Floor, room: SuggestionsRoom) -> Open:
    """Opens a suggestion of the citizen c1."""

    async def open_it(text: str = TEXT, title: str = "学校门口增设人行横道", **more: object) -> Suggestion:
        draft = SuggestionDraft(text, title, citizen_id="c1", address=AUTHOR, **more)  # type: ignore[arg-type]
        async with floor.database.transaction() as tx:
            return await room.suggestions.open(tx, draft, CITIZEN)

    return open_it
