"""Folds the journal into daily figures; a fact counts once, however often it is read."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from datetime import date

from analytics.rules.indicators import counts
from analytics.store import figures as store
from directory.lookup import Lookup
from kernel.database import Tx
from kernel.journal import Recorded


class Counting:
    """The observer of the journal."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    async def fold(self, tx: Tx, facts: Sequence[Recorded]) -> None:
        """Count the facts not counted before, on the city's day they happened."""
        reached = await store.position(tx)
        fresh = [fact for fact in facts if fact.position is not None and fact.position > reached]
        if not fresh:
            return
        calendar = self._lookup.calendar()
        more: Counter[tuple[date, str, str]] = Counter()
        for fact in fresh:
            day = calendar.local_date(fact.at)
            for each in counts(fact.kind, attributes(fact.fact)):
                more[day, each.name, each.key] += each.amount
        await store.add(tx, more)
        await store.move_to(tx, max(fact.position for fact in fresh if fact.position is not None))


def attributes(fact: object) -> dict[str, object]:
    """A fact's attributes; of a kind this process does not know, its body as it was written."""
    if is_dataclass(fact):
        return {each.name: getattr(fact, each.name) for each in fields(fact)}
    return dict(fact) if isinstance(fact, dict) else {}
