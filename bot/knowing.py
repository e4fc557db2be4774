"""What the library answers, in the few words the bot says of it."""

from bot.model import Entry, Found
from directory.lookup import Lookup
from kernel.errors import NotFound
from knowledge.model import Answer, Article, Verdict

# Beside a certain answer only entries nearly as good are worth offering when it did not help.
NEAR = 0.6


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
    )


def _owner(code: str, lookup: Lookup) -> str:
    try:
        return lookup.unit(code).name
    except NotFound:
        return ""
