"""Who could approve a result now: leaders who are there, or whoever stands in for them, but never who wrote it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ticketing.model.presence import Absence
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


def leaves_nobody(said: Absence, known: Sequence[Absence], leaders: Sequence[str], workers: Collection[str]) -> bool:
    """Whether an absence beside those ``known`` leaves a unit some day without anybody to approve its results: no
    leader is there and nobody stands in, or only whoever, alone of the ``workers``, writes the results too."""
    meets = [each for each in known if each.since < said.until and said.since < each.until]
    before = {each.absent: each.stand_in for each in meets}
    after = {**before, said.absent: said.stand_in}
    return _is_stuck(leaders, workers, after) and not _is_stuck(leaders, workers, before)


def _is_stuck(leaders: Sequence[str], workers: Collection[str], away: Away) -> bool:
    there = set(approvers(leaders, away, ""))
    writing = {present(worker, away) for worker in workers} - {""}
    return not there or (len(there) == 1 and there == writing)
