"""Which decisions are certain enough to be confirmed with a glance, though not enough for the machine alone."""

from collections.abc import Callable

from ticketing.model.duties import DispatchDecision

# Below, the matter itself is a guess.
CERTAIN_FROM = 0.45
# Below, one proposal in four goes wrong: it is looked at by itself.
MOSTLY = 0.7
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


def doubts(decision: DispatchDecision, unit_name: Callable[[str], str]) -> tuple[str, ...]:
    """Why the best candidate is not mostly sure, in words, the likeliest other unit among them; none where it is."""
    if not decision.candidates or decision.candidates[0].confidence >= MOSTLY:
        return ()
    best, *others = decision.candidates
    found = []
    if decision.sureness < MOSTLY:
        found.append(f"事项本身把握只有{_percent(decision.sureness)}")
    if best.doubtful:
        found.append("地点未能确定，或只找到统筹单位")
    rival = max(others, key=lambda each: each.confidence, default=None)
    if rival is not None and rival.confidence > 0:
        found.append(f"也可能由{unit_name(rival.unit)}负责（{_percent(rival.confidence)}）")
    return tuple(found) or (f"综合职责、地点和以往办理情况，把握只有{_percent(best.confidence)}",)


def _percent(share: float) -> str:
    return f"{round(share * 100)}%"
