"""The knowledge room over a small city, with some entries."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from directory.room import DirectoryRoom
from directory.room import build as build_directory
from kernel.people import Kind, Principal, Role
from kernel.room import Floor
from knowledge.model import Article
from knowledge.room import KnowledgeRoom, build
from tests.knowledge.entries import ENTRIES
from tests.knowledge.small_city import HOUSING, POLICE, write_city

Publish = Callable[..., Awaitable[None]]

EDITOR = Principal(Kind.STAFF, id="e1", name="采编", roles=frozenset({Role.EDITOR}))
REVIEWER = Principal(Kind.STAFF, id="r1", name="审核", roles=frozenset({Role.KNOWLEDGE_REVIEWER}))
LIAISON = Principal(Kind.STAFF, id="l1", name="联络员", roles=frozenset({Role.LIAISON}), unit=POLICE)
LEADER = Principal(Kind.STAFF, id="u1", name="负责人", roles=frozenset({Role.UNIT_LEADER}), unit=POLICE)
STRANGER = Principal(Kind.STAFF, id="l2", name="外单位", roles=frozenset({Role.LIAISON}), unit=HOUSING)


@pytest.fixture
async def directory(floor: Floor, tmp_path: Path) -> DirectoryRoom:
    """The directory of the small city."""
    room = build_directory(floor)
    folder = tmp_path / "city"
    folder.mkdir()
    await room.import_city(write_city(folder))
    return room


@pytest.fixture
async def empty(floor: Floor, directory: DirectoryRoom) -> KnowledgeRoom:
    """The knowledge room without entries."""
    return build(floor, directory.lookup)


@pytest.fixture
def publish(floor: Floor, empty: KnowledgeRoom) -> Publish:
    """Publishes entries as an import does, and puts them on the shelf."""

    async def publish_them(*articles: Article) -> None:
        async with floor.database.transaction() as tx:
            await empty.editing.bring_in(tx, articles)
        await empty.shelf.refresh()

    return publish_them


@pytest.fixture
async def knowledge(empty: KnowledgeRoom, publish: Publish) -> KnowledgeRoom:
    """The knowledge room with some entries."""
    await publish(*ENTRIES)
    return empty
