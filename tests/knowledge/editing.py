"""Acts on versions of entries as staff do."""

from datetime import date

from kernel.people import Principal
from kernel.room import Floor
from knowledge.editing import EditorialForm
from knowledge.model import Article
from knowledge.room import KnowledgeRoom
from knowledge.rules.editorial import EditorialAction
from tests.knowledge.small_city import EAST, HOUSING, POLICE

UNITS, AREAS = {POLICE, HOUSING}, {EAST}


async def act(
    floor: Floor,
    room: KnowledgeRoom,
    article: Article,
    action: EditorialAction,
    by: Principal,
    form: EditorialForm | None = None,
) -> Article:
    """Do it, and let the shelf follow."""
    async with floor.database.transaction() as tx:
        moved = await room.editing.act(tx, article.id, article.version, action, form or EditorialForm(), by)
    await room.shelf.refresh()
    return moved


async def draft(floor: Floor, room: KnowledgeRoom, article: Article, by: Principal) -> Article:
    """A new version in draft."""
    async with floor.database.transaction() as tx:
        return await room.editing.draft(tx, article, UNITS, AREAS, by)


async def kinds(floor: Floor) -> list[str]:
    """The kinds of the room's facts so far."""
    await floor.journal.sequence(floor.database)
    async with floor.database.reading() as tx:
        return [fact.kind for fact in await floor.journal.read_after(tx, 0) if fact.kind.startswith("knowledge.")]


def next_year() -> EditorialForm:
    """A day of review that is far enough."""
    return EditorialForm(review_due=date(2027, 3, 16))
