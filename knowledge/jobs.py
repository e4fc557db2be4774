"""The knowledge room's scheduled jobs: entries past their day leave, units are reminded to verify theirs."""

from datetime import timedelta

from kernel.jobs import Job
from kernel.people import SYSTEM
from kernel.room import Floor
from knowledge.asking import Asking
from knowledge.editing import Editing, EditorialForm
from knowledge.events import ArticleReviewDue
from knowledge.model import ArticleState, City
from knowledge.rules.editorial import EditorialAction
from knowledge.rules.experience import KEPT
from knowledge.store import articles as store
from knowledge.store import votes

NOTICE = timedelta(days=15)
DAY = timedelta(days=1)
AGAIN = timedelta(days=7)


class Upkeep:
    """Looks through the published entries once a day."""

    def __init__(self, floor: Floor, editing: Editing, city: City, asking: Asking) -> None:
        self._asking = asking
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._editing = editing
        self._city = city

    async def expire(self) -> None:
        """Expire what is past its last day, mark what will be within 15 days."""
        today = self._city.today(self._clock.now())
        async with self._database.transaction() as tx:
            for article in await store.past_or_ending(tx, today + NOTICE + DAY):
                past = article.valid_to is not None and article.valid_to < today
                if past:
                    action = EditorialAction.EXPIRE
                elif article.state is ArticleState.PUBLISHED:
                    action = EditorialAction.WARN
                else:
                    continue
                await self._editing.act(tx, article.id, article.version, action, EditorialForm(), SYSTEM)

    async def remind(self) -> None:
        """State of each entry that it ends or is to be verified within 15 days: once, and weekly after that day."""
        now = self._clock.now()
        today = self._city.today(now)
        async with self._database.transaction() as tx:
            for each, day in await store.to_remind(tx, today + NOTICE + DAY, today, AGAIN):
                about = (each.id, each.version, (self._city.keeper(each.owner),), SYSTEM.id, now)
                await self._journal.state(tx, ArticleReviewDue(*about, day))

    async def forget(self) -> None:
        """Drop who asked long ago, and what was said of answers so long ago."""
        await self._asking.forget()
        async with self._database.transaction() as tx:
            await votes.forget(tx, self._clock.now() - KEPT)


def jobs(upkeep: Upkeep) -> list[Job]:
    """One row a job."""
    return [
        Job("knowledge.expire", "5 0 * * *", upkeep.expire),
        Job("knowledge.remind", "10 9 * * *", upkeep.remind),
        Job("knowledge.forget", "20 3 * * *", upkeep.forget),
    ]
