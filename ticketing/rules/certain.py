"""Which decisions are certain enough to be confirmed with a glance, though not enough for the machine alone."""

from ticketing.model.duties import DispatchDecision

# Below, the matter itself is a guess.
CERTAIN_FROM = 0.45
# Another unit that is likelier than this share of the best one's likelihood wants more than a glance.
RIVAL = 1 / 3


def is_certain(decision: DispatchDecision | None) -> bool:
    """One unit stands out, by a duty item, with power and area, below the threshold of the automatic dispatch."""
    if decision is None or decision.automatic or not decision.candidates or not decision.matter:
        return False
    best, *others = decision.candidates
    fits = bool(best.duty_item) and best.has_power and best.covers_area and not best.doubtful
    alone = all(other.confidence <= RIVAL * best.confidence for other in others)
    return fits and alone and best.confidence >= CERTAIN_FROM
