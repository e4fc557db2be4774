"""What is wrong with an entry as it was written."""

import re
from collections.abc import Container

from knowledge.model import Article

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 60
LONGEST_TITLE = 60
LONGEST_SHORT = 300
LONGEST_TEXT = 5000


def faults(article: Article, units: Container[str], areas: Container[str]) -> dict[str, str]:
    """Field → code of every fault; ``units`` and ``areas`` are the codes there are."""
    found = _lengths(article)
    if not _ID.fullmatch(article.id) or len(article.id) > _LONGEST_ID:
        found["id"] = "bad_id"
    if article.owner not in units:
        found["owner"] = "unknown_unit"
    if any(area not in areas for area in article.areas):
        found["areas"] = "unknown_area"
    if any(not variant.strip() for variant in article.variants):
        found["variants"] = "empty"
    if article.valid_from and article.valid_to and article.valid_to < article.valid_from:
        found["valid_to"] = "before_valid_from"
    return found


def _lengths(article: Article) -> dict[str, str]:
    found = {}
    for name, longest in (("title", LONGEST_TITLE), ("short", LONGEST_SHORT), ("full", LONGEST_TEXT)):
        text = getattr(article, name)
        if len(text) > longest:
            found[name] = "too_long"
        elif not text.strip() and name != "full":
            found[name] = "empty"
    return found
