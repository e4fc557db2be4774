"""Who could approve a result now: leaders who are there, or whoever stands in for them, but never who wrote it."""

from collections.abc import Sequence
from dataclasses import dataclass

from ticketing.rules.absences import Away, present


@dataclass(frozen=True, slots=True)
class Approvers:
    """People by id and name who could approve now, all of ``unit``; both are empty where nobody anywhere could."""

    unit: str = ""
    people: tuple[tuple[str, str], ...] = ()

    def names(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(name for _, name in self.people)

    def has(self, person: str) -> bool:
        """Whether somebody is one of them."""
        return any(id_ == person for id_, _ in self.people)


def approvers(leaders: Sequence[str], away: Away, author: str) -> tuple[str, ...]:
    """Of a unit's leaders those who are there, in for the others who stands in; ``author`` wrote the result."""
    there = (present(leader, away) for leader in leaders)
    return tuple(dict.fromkeys(person for person in there if person and person != author))
