"""What people who dispatch put right again and again: in a town another unit leads a matter than is proposed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from directory.model import Unit
from ticketing.model.duties import DispatchDecision, Matter
from ticketing.rules.exceptions import may_lead

# So often a lead must have been put right, and in so large a part of all such tickets, to be learnt.
LEAST, SHARE = 20, 0.8
# In the place of a function: what makes the unit responsible is what people did.
LEARNT = "moved"


@dataclass(frozen=True, slots=True)
class Moved:
    """Of a matter's tickets in a place (a town, or what lies in none) ``number`` went to ``now`` though ``was`` was
    proposed, while ``was`` kept ``kept`` others."""

    matter: str
    place: str
    was: str
    now: str
    number: int
    kept: int = 0

    @property
    def share(self) -> float:
        """The part that was put right."""
        return self.number / (self.number + self.kept)


class Moves:
    """What was learnt, by matter and place and the unit that was proposed."""

    def __init__(self, found: Iterable[Moved] = ()) -> None:
        self._moved: dict[tuple[str, str], dict[str, Moved]] = {}
        # Where two units came out, the one that did more often stands last and stays.
        for each in sorted(found, key=lambda each: each.number):
            if each.number >= LEAST and each.share >= SHARE:
                self._moved.setdefault((each.matter, each.place), {})[each.was] = each

    def at(self, matter: str, place: str) -> Mapping[str, Moved]:
        """What was learnt of a matter in a place, by the unit proposed."""
        return self._moved.get((matter, place), {})


def moved_on(
    decision: DispatchDecision, matter: Matter, learnt: Mapping[str, Moved], unit_of: Callable[[str], Unit | None]
) -> DispatchDecision:
    """The decision with the unit in front that people gave such tickets to, as sure as the one they took them from;
    never to a unit that is no more or lacks the power. ``unit_of`` gives active units by code."""
    if not decision.candidates or decision.matter != matter.code:
        return decision
    first, *others = decision.candidates
    move = learnt.get(first.unit)
    unit = unit_of(move.now) if move is not None else None
    if move is None or unit is None or not may_lead(matter, unit):
        return decision
    basis = f"改派经验：同类诉求{move.number}件由分办人员改派至该单位"
    supporting = tuple(each for each in first.supporting if each != unit.code)
    taken = replace(
        first, unit=unit.code, duty_item=f"{matter.code}/{LEARNT}@{unit.code}", basis=basis, supporting=supporting
    )
    left = replace(first, confidence=round(first.confidence * (1 - move.share), 3))
    rest = [each for each in others if each.unit != unit.code]
    return replace(decision, candidates=(taken, left, *rest), explanation=(*decision.explanation, basis))
