"""Which decisions are certain enough to be confirmed with a glance, though not enough for the machine alone."""

from ticketing.model import DispatchDecision

# Below, the matter itself is a guess.
CERTAIN_FROM = 0.4


def is_certain(decision: DispatchDecision | None) -> bool:
    """Exactly one unit, by a duty item, with the power and the area, below the threshold of the automatic dispatch."""
    if decision is None or decision.automatic or len(decision.candidates) != 1:
        return False
    (only,) = decision.candidates
    fits = bool(only.duty_item) and only.has_power and only.covers_area and not only.doubtful
    return fits and only.confidence >= CERTAIN_FROM
