"""How entries come to be and pass: drafts, reviews, publication, imports, the last day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kernel.database import Tx
from kernel.errors import Invalid
from kernel.people import SYSTEM, Principal
from kernel.room import Floor
from knowledge import store
from knowledge.events import ArticleExpired, ArticleMoved, ArticlePublished, ArticleWithdrawn
from knowledge.model import QUOTABLE, Article, ArticleState, City, Imported
from knowledge.rules.checking import faults
from knowledge.rules.editorial import EditorialAction, actors, step
from knowledge.shelf import TOPIC


@dataclass(frozen=True, slots=True)
class EditorialForm:
    """What an action may ask for: the reason, the next day of verification, a new last day."""

    reason: str = ""
    review_due: date | None = None
    valid_to: date | None = None


class Editing:
    """Moves versions by the table of editorial.py; what is published changes the shelf of every process."""

    def __init__(self, floor: Floor, city: City) -> None:
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._city = city

    async def draft(
        self, tx: Tx, article: Article, units: Collection[str], areas: Collection[str], by: Principal
    ) -> Article:
        """Keep ``article`` as a new version in draft; Invalid with its faults, NotAllowed for another unit's entry."""
        actors(by, self._city.keeper(article.owner))
        if wrong := faults(article, units, areas):
            raise Invalid(wrong, code="article_wrong")
        made = replace(article, state=ArticleState.DRAFT, version=await store.next_version(tx, article.id))
        await store.add(tx, made, by.id, self._clock.now())
        return made

    async def act(
        self, tx: Tx, article_id: str, version: int, action: EditorialAction, form: EditorialForm, by: Principal
    ) -> Article:
        """Do ``action`` to one version and give it back; Conflict, NotAllowed, NotFound, Invalid (a field)."""
        article = await store.version_of(tx, article_id, version, lock=True)
        row = step(article.state, action, by, self._city.keeper(article.owner))
        if missing := {name: "missing" for name in row.needs if not getattr(form, name)}:
            raise Invalid(missing)
        moved = replace(article, state=row.target)
        if action is EditorialAction.VERIFY:
            moved = self._verified(moved, form)
        if row.target is ArticleState.PUBLISHED and article.state not in QUOTABLE:
            await self._retire(tx, article_id, by)
        await store.save(tx, moved, article.state, by.id, self._clock.now(), form.reason)
        await self._tell(tx, article, moved, action, by)
        return moved

    async def bring_in(self, tx: Tx, incoming: Sequence[Article]) -> Imported:
        """Publish checked entries from files. What a file brought in before is left alone, also if edited since."""
        known = await store.imported_digests(tx, [each.id for each in incoming])
        added: list[str] = []
        changed: list[str] = []
        unchanged: list[str] = []
        for each in incoming:
            digest = store.digest_of(each)
            if (each.id, digest) in known:
                unchanged.append(each.id)
                continue
            published = await self._publish(tx, each, digest, SYSTEM)
            (added if published.version == 1 else changed).append(each.id)
        return Imported(tuple(added), tuple(changed), tuple(unchanged))

    async def publish_all(self, tx: Tx, incoming: Sequence[Article], by: Principal) -> None:
        """Publish checked entries somebody loads, each as its next version, whatever was brought in before."""
        for each in incoming:
            await self._publish(tx, each, store.digest_of(each), by)

    async def _publish(self, tx: Tx, article: Article, digest: str, by: Principal) -> Article:
        row = step(ArticleState.DRAFT, EditorialAction.BRING_IN, SYSTEM, article.owner)
        draft = replace(article, state=ArticleState.DRAFT, version=await store.next_version(tx, article.id))
        published = replace(draft, state=row.target)
        await self._retire(tx, article.id, by)
        await store.add(tx, published, by.id, self._clock.now(), digest)
        await self._tell(tx, draft, published, EditorialAction.BRING_IN, by)
        return published

    def _verified(self, article: Article, form: EditorialForm) -> Article:
        today = self._city.today(self._clock.now())
        for name, day in (("review_due", form.review_due), ("valid_to", form.valid_to)):
            if day is not None and day <= today:
                raise Invalid({name: "not_in_the_future"})
        return replace(
            article, verified_on=today, review_due=form.review_due, valid_to=form.valid_to or article.valid_to
        )

    async def _retire(self, tx: Tx, article_id: str, by: Principal) -> None:
        """Withdraw the version that is out, because a new one takes its place."""
        live = await store.live_version(tx, article_id)
        if live is not None:
            row = step(live.state, EditorialAction.REPLACE, SYSTEM, live.owner)
            await store.save(tx, replace(live, state=row.target), live.state, by.id, self._clock.now())

    async def _tell(self, tx: Tx, before: Article, after: Article, action: EditorialAction, by: Principal) -> None:
        about = (after.id, after.version, (self._city.keeper(after.owner),), by.id, self._clock.now())
        was_out, is_out = before.state in QUOTABLE, after.state in QUOTABLE
        if is_out and (not was_out or action is EditorialAction.VERIFY):
            await self._journal.state(tx, ArticlePublished(*about))
        elif after.state is ArticleState.EXPIRED:
            await self._journal.state(tx, ArticleExpired(*about))
        elif after.state is ArticleState.WITHDRAWN and before.state in {*QUOTABLE, ArticleState.EXPIRED}:
            await self._journal.state(tx, ArticleWithdrawn(*about))
        else:
            await self._journal.state(tx, ArticleMoved(*about, action.value, before.state, after.state))
        if was_out or is_out:
            await store.bump_published(tx)
            tx.after_commit(lambda: self._bell.ring(TOPIC), key=("bell", TOPIC))
