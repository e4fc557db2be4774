"""How units and citizens are: prompt and slow ones, those that give back or refuse, those that never answer."""

from collections.abc import Mapping
from dataclasses import dataclass

from hotline.simulation.plan.dice import Dice


@dataclass(frozen=True, slots=True)
class Habit:
    """A unit's ways; ``pace`` stretches all it does, the others are shares of its tickets."""

    name: str
    pace: float
    gives_back: float
    hands_down: float
    extends: float
    asks_late: float
    holds: float
    careless: float
    excludes: float
    refuses: float
    approval: bool


# All shares are assumed; they are chosen so that everything the workflow knows happens within a month.
HABITS: Mapping[Habit, float] = {
    Habit("prompt", 0.4, 0.02, 0.08, 0.02, 0.0, 0.02, 0.03, 0.02, 0.03, approval=False): 0.50,
    Habit("ordinary", 1.0, 0.05, 0.12, 0.06, 0.02, 0.04, 0.08, 0.04, 0.06, approval=True): 0.25,
    Habit("slow", 3.0, 0.03, 0.10, 0.15, 0.20, 0.08, 0.12, 0.05, 0.08, approval=True): 0.13,
    Habit("returner", 1.0, 0.45, 0.10, 0.05, 0.05, 0.04, 0.10, 0.05, 0.10, approval=False): 0.07,
    Habit("refuser", 1.5, 0.10, 0.05, 0.10, 0.10, 0.05, 0.20, 0.15, 0.50, approval=True): 0.05,
}


def habit_of(seed: int, unit: str) -> Habit:
    """A unit's habit: the same all month."""
    return Dice(seed, "habit", unit).weighed(HABITS)


@dataclass(frozen=True, slots=True)
class Mood:
    """What a citizen does after the ticket is opened. Times are hours after the opening, None: never."""

    urges_after: tuple[float, ...]
    adds_after: float | None
    withdraws_after: float | None
    votes: bool
    vote_after: float
    score: str
    solved: str
    picks_up: bool
    appeals: bool
    reopens: bool
    answers_question: bool


# Jiangsu: 73 % of valid ratings were satisfied; a fifth to a third of those asked answer at all.
SCORES: Mapping[tuple[str, str], float] = {
    ("very_satisfied", "yes"): 0.42,
    ("satisfied", "yes"): 0.22,
    ("satisfied", "partly"): 0.05,
    ("basically_satisfied", "partly"): 0.09,
    ("dissatisfied", "no"): 0.13,
    ("very_dissatisfied", "no"): 0.09,
}
VOTES, PICKS_UP, APPEALS, REOPENS, ANSWERS = 0.35, 0.6, 0.4, 0.08, 0.7
URGES, ADDS, WITHDRAWS = 0.10, 0.06, 0.02


def mood_of(seed: int, number: int, again: int = 0, rare: float = 1.0) -> Mood:
    """How the citizen of a contact takes it; ``again`` is the how-manieth reply they judge."""
    dice = Dice(seed, "mood", number, rare=rare)
    urges = tuple(dice.between(20, 150) for _ in range(dice.pick((1, 1, 1, 2, 4)))) if dice.rarely(URGES) else ()
    adds = dice.between(0.2, 40) if dice.rarely(ADDS) else None
    withdraws = dice.between(0.1, 60) if dice.rarely(WITHDRAWS) else None
    picks, appeals, answers = (dice.chance(share) for share in (PICKS_UP, APPEALS, ANSWERS))
    reopens = dice.rarely(REOPENS)
    judged = Dice(seed, "vote", number, again)
    score, solved = judged.weighed(SCORES)
    votes, after = judged.chance(VOTES), judged.between(0.1, 20)
    return Mood(urges, adds, withdraws, votes, after, score, solved, picks, appeals, reopens, answers)
