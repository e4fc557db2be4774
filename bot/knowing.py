"""What the library answers, in the few words the bot says of it."""

from dataclasses import replace

from bot.flows import guidance
from bot.model import Dialogue, Entry, FollowUp, Found, Meaning
from bot.neighbours import Library
from bot.rules.dialogue import needs_answer
from bot.rules.follow_up import follow_up_in
from bot.rules.grievance import substance
from directory.lookup import Lookup
from kernel.errors import NotFound, Unavailable
from knowledge.model import Answer, Article, Verdict

# Beside a certain answer only entries nearly as good are worth offering when it did not help.
NEAR = 0.6


class Knowing:
    """Asks the library what a message needs: an entry that was picked, more of the one spoken of, or an answer."""

    def __init__(self, lookup: Lookup, library: Library, sure: float) -> None:
        self._lookup = lookup
        self._library = library
        self._sure = sure

    async def found(self, dialogue: Dialogue, meaning: Meaning) -> Found | None:
        """What there is for a message; None where nothing is asked, or the library cannot answer."""
        chosen = guidance.picked(dialogue, meaning)
        try:
            if chosen:
                return Found((await self._entry(chosen),), 1.0, certain=True)
            talking = dialogue.flow == guidance.FLOW and bool(dialogue.subject or dialogue.question)
            follow = follow_up_in(meaning.text, self._is_place) if talking else None
            if follow:
                return await self._followed(dialogue, follow, meaning.slots.get("area", ""))
            if not needs_answer(dialogue, meaning):
                return None
            # How politely it is put says nothing of what is asked.
            asked = substance(meaning.text) or meaning.text
            answer = await self._library.answer(asked, area=meaning.slots.get("area", ""))
            return self._if_asked(found_in(answer, self._lookup), meaning.asks)
        except (Unavailable, NotFound):
            return None

    def _if_asked(self, found: Found, asks: float) -> Found:
        """An entry answers only as surely as it is the right one and as anything is asked at all."""
        sure = found.confidence * asks
        return replace(found, confidence=sure, certain=found.certain and sure >= self._sure)

    async def _followed(self, dialogue: Dialogue, follow: FollowUp, area: str) -> Found:
        """The entry spoken of; where a place or a person is named, the entry of the same for them if there is one.

        Where no entry was found yet, the question is put again with what was added to it.
        """
        if not dialogue.subject:
            answer = await self._library.answer(f"{dialogue.question}{follow.who}", area=area)
            return replace(found_in(answer, self._lookup), follow=follow)
        entry = await self._entry(dialogue.subject)
        if follow.who or area:
            answer = await self._library.answer(f"{entry.title}{follow.who}", area=area)
            near = [hit.article for hit in answer.hits if hit.score >= NEAR * answer.hits[0].score]
            better = next((each for each in near if self._is_local(each, area) or _is_for(each, follow.who)), None)
            entry = entry_of(better, self._lookup) if better else entry
        return Found((entry,), follow=follow)

    def _is_local(self, article: Article, area: str) -> bool:
        return bool(area) and any(self._lookup.lies_in(area, each) for each in article.areas)

    def _is_place(self, words: str) -> bool:
        return any(hit.end - hit.start >= len(words) for hit in self._lookup.find_places(words))

    async def _entry(self, article_id: str) -> Entry:
        return entry_of(await self._library.article(article_id), self._lookup)


def _is_for(article: Article, who: str) -> bool:
    return bool(who) and any(who in each for each in (article.title, *article.variants))


def found_in(answer: Answer, lookup: Lookup) -> Found:
    """The answer first when it is certain, else what to choose from, else nothing."""
    near = tuple(hit for hit in answer.hits if hit.score >= NEAR * answer.hits[0].score)
    hits = near if answer.verdict is Verdict.ANSWER else answer.choices
    return Found(tuple(entry_of(hit.article, lookup) for hit in hits), answer.confidence, answer.certain)


def entry_of(article: Article, lookup: Lookup) -> Entry:
    """An article as the bot quotes it; fields nobody has filled are left out."""
    parts = {
        "materials": "、".join(article.materials),
        "place": article.place,
        "hours": article.hours,
        "phone": article.phone,
        "fee": article.fee,
        "limit": article.limit,
        "online": article.online,
        "basis": "、".join(f"《{each}》" for each in article.basis),
    }
    return Entry(
        article.id,
        article.title,
        article.short,
        _owner(article.owner, lookup),
        article.verified_on.isoformat() if article.verified_on else "",
        {name: value for name, value in parts.items() if value},
        article.attachments,
    )


def _owner(code: str, lookup: Lookup) -> str:
    try:
        return lookup.unit(code).name
    except NotFound:
        return ""
