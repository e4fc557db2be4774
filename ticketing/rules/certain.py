"""Which decisions are certain enough to be confirmed with a glance, though not enough for the machine alone."""

from ticketing.model import DispatchDecision

# One of several, a place too coarsely known and whoever merely coordinates stand at half or below.
CERTAIN_ABOVE = 0.5


def is_certain(decision: DispatchDecision | None) -> bool:
    """Exactly one unit, by a duty item, with the power and the area, below the threshold of the automatic dispatch."""
    if decision is None or decision.automatic or len(decision.candidates) != 1:
        return False
    (only,) = decision.candidates
    return bool(only.duty_item) and only.has_power and only.covers_area and only.confidence > CERTAIN_ABOVE
