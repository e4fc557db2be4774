"""How entries come to be and pass: drafts, reviews, publication, imports, the last day."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from kernel.database import Tx
from kernel.errors import Conflict, Invalid
from kernel.ids import new_id
from kernel.people import SYSTEM, Principal
from kernel.room import Floor
from knowledge.asking import Asking
from knowledge.events import ArticleExpired, ArticleMoved, ArticlePublished, ArticleWithdrawn
from knowledge.mending import Mending
from knowledge.model import QUOTABLE, Article, ArticleState, City, Imported, Origin, Proposal
from knowledge.rules.checking import faults
from knowledge.rules.differences import differences
from knowledge.rules.editorial import EditorialAction, actors, step
from knowledge.rules.proposing import proposed
from knowledge.shelf import TOPIC
from knowledge.store import articles as store


@dataclass(frozen=True, slots=True)
class EditorialForm:
    """What an action may ask for: the reason, the next day of verification, a new last day."""

    reason: str = ""
    review_due: date | None = None
    valid_to: date | None = None


class Editing:
    """Moves versions by the table of editorial.py; what is published changes the shelf of every process."""

    def __init__(self, floor: Floor, city: City, asking: Asking, mending: Mending) -> None:
        self._asking = asking
        self._mending = mending
        self._clock = floor.clock
        self._journal = floor.journal
        self._bell = floor.bell
        self._city = city

    async def draft(
        self,
        tx: Tx,
        article: Article,
        units: Collection[str],
        areas: Collection[str],
        by: Principal,
        origin: Origin = Origin.EDITOR,
        source: str = "",
    ) -> Article:
        """Keep ``article`` as a new version in draft; Invalid with its faults, NotAllowed for another unit's entry,
        whosever it is to become.

        One without an id is a new entry and gets one.
        """
        actors(by, self._city.keeper(article.owner))
        given = article if article.id else replace(article, id=_new_id())
        for known in (await store.newest(tx, [given.id])).values():
            actors(by, self._city.keeper(known.owner))
        if wrong := faults(given, units, areas):
            raise Invalid(wrong, code="article_wrong")
        made = replace(given, state=ArticleState.DRAFT, version=await store.next_version(tx, given.id))
        await store.add(tx, made, by.id, self._clock.now(), origin=origin, source=source)
        await self._state_moved(tx, made, "draft", ArticleState.DRAFT, by)
        return made

    async def revise(
        self,
        tx: Tx,
        article: Article,
        revision: int,
        units: Collection[str],
        areas: Collection[str],
        by: Principal,
    ) -> Article:
        """Write a draft anew as ``article`` says; Conflict with what has changed when it was saved since ``revision``,
        or is no draft any more; Invalid, NotAllowed, NotFound."""
        now = await store.version_of(tx, article.id, article.version, lock=True)
        actors(by, self._city.keeper(now.owner))
        actors(by, self._city.keeper(article.owner))
        saved = await store.saved(tx, article.id, article.version)
        if saved.revision != revision or now.state is not ArticleState.DRAFT:
            changed = [each.field for each in differences(article, now)]
            raise Conflict(
                "article_changed", current={"state": now.state, "revision": saved.revision, "fields": changed}
            )
        if wrong := faults(article, units, areas):
            raise Invalid(wrong, code="article_wrong")
        made = replace(article, state=ArticleState.DRAFT)
        await store.save(tx, made, ArticleState.DRAFT, by.id, self._clock.now(), saved.reason)
        await self._state_moved(tx, made, "revise", ArticleState.DRAFT, by)
        return made

    async def propose(self, tx: Tx, proposal: Proposal, variants: Sequence[str], by: Principal) -> Article | None:
        """Keep an entry that work brought up as a draft, its words masked; None when there is one already.

        With a unit that keeps it, an agent's answer goes straight to that unit's review.
        """
        written = proposed(proposal, variants, _new_id())
        if await store.has_source(tx, proposal.origin, proposal.source) and proposal.origin is Origin.TICKET:
            return None
        if await store.is_titled(tx, written.title):
            return None
        made = replace(written, version=1)
        await store.add(tx, made, by.id, self._clock.now(), origin=proposal.origin, source=proposal.source)
        if proposal.origin is Origin.AGENT and made.owner:
            return await self.act(tx, made.id, 1, EditorialAction.SUBMIT, EditorialForm(), SYSTEM, saved_by=by.id)
        await self._state_moved(tx, made, "draft", ArticleState.DRAFT, by)
        return made

    async def act(
        self,
        tx: Tx,
        article_id: str,
        version: int,
        action: EditorialAction,
        form: EditorialForm,
        by: Principal,
        *,
        saved_by: str = "",
    ) -> Article:
        """Do ``action`` to one version and give it back; Conflict, NotAllowed, NotFound, Invalid (a field)."""
        article = await store.version_of(tx, article_id, version, lock=True)
        row = step(article.state, action, by, self._city.keeper(article.owner))
        if missing := {name: "missing" for name in row.needs if not getattr(form, name)}:
            raise Invalid(missing)
        if action is EditorialAction.SUBMIT and not article.owner:
            raise Invalid({"owner": "missing"})
        moved = replace(article, state=row.target)
        if action is EditorialAction.VERIFY:
            moved = self._verified(moved, form)
        if row.target is ArticleState.PUBLISHED and article.state not in QUOTABLE:
            await self._retire(tx, article_id, by)
        await store.save(tx, moved, article.state, saved_by or by.id, self._clock.now(), form.reason)
        await self._tell(tx, article, moved, action, by)
        await self._follow(tx, article, moved, by)
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
        live = await store.live_version(tx, article.id)
        # No file and no sheet holds attachments: what the entry had stays with it.
        published = replace(draft, state=row.target, attachments=live.attachments if live else ())
        await self._retire(tx, article.id, by)
        await store.add(tx, published, by.id, self._clock.now(), digest, Origin.IMPORT)
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

    async def _follow(self, tx: Tx, before: Article, after: Article, by: Principal) -> None:
        """What was waiting for the version: those who asked, those who said what was wrong."""
        if after.state in QUOTABLE and before.state not in QUOTABLE:
            await self._asking.published(tx, after.id, by.id)
            await self._mending.published(tx, after, by.id)
        elif after.state is ArticleState.WITHDRAWN and before.state not in {*QUOTABLE, ArticleState.EXPIRED}:
            await self._asking.given_up(tx, after.id)
            await self._mending.given_up(tx, after)

    async def _state_moved(self, tx: Tx, article: Article, action: str, before: ArticleState, by: Principal) -> None:
        units = (self._city.keeper(article.owner),) if article.owner else ()
        about = (article.id, article.version, units, by.id, self._clock.now())
        await self._journal.state(tx, ArticleMoved(*about, action, before, article.state))

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


def _new_id() -> str:
    return f"k-{new_id()[:12]}"
