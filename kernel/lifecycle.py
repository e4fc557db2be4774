"""A table-driven state machine: rows say who may do what from where, a check says whether the table is sound."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from kernel.errors import Conflict, NotAllowed

State = TypeVar("State", bound=Enum)
Action = TypeVar("Action", bound=Enum)
Actor = TypeVar("Actor", bound=Enum)


class Unsound(Exception):  # noqa: N818 - reads as what the table is
    """A table that cannot work; ``faults`` says every reason."""

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


# No slots here: a subscripted generic sets __orig_class__ on what it makes.
@dataclass(frozen=True)
class Transition(Generic[State, Action, Actor]):
    """One row. ``guards`` and ``effects`` are names the room gives meaning to, in order; ``needs`` are the fields
    a form must have."""

    action: Action
    sources: tuple[State, ...]
    target: State
    by: tuple[Actor, ...]
    guards: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Lifecycle(Generic[State, Action, Actor]):
    """All rows of one machine. Every member of the state's enum is a state of it."""

    initial: State
    final: frozenset[State]
    transitions: tuple[Transition[State, Action, Actor], ...]

    def allowed(self, state: State, actor: Actor) -> tuple[Transition[State, Action, Actor], ...]:
        """What ``actor`` may do in ``state``, in the order of the table."""
        return tuple(row for row in self.transitions if state in row.sources and actor in row.by)

    def find(self, state: State, action: Action, actor: Actor) -> Transition[State, Action, Actor]:
        """The row for it. Conflict when ``state`` does not know the action, NotAllowed when the actor may not."""
        rows = [row for row in self.transitions if row.action is action and state in row.sources]
        if not rows:
            raise Conflict("wrong_state", current=state.value, action=action.value)
        for row in rows:
            if actor in row.by:
                return row
        raise NotAllowed("wrong_actor", action=action.value, actor=actor.value)

    def check(self) -> None:
        """Raise Unsound with every fault of the table."""
        faults = [
            *self._unusable_rows(),
            *self._doubles(),
            *self._unreachable(),
            *self._dead_ends(),
            *self._left_finals(),
        ]
        if faults:
            raise Unsound(faults)

    def _unusable_rows(self) -> list[str]:
        return [
            f"{row.action.value}: a row needs a source and an actor"
            for row in self.transitions
            if not row.sources or not row.by
        ]

    def _doubles(self) -> list[str]:
        targets: dict[tuple[Action, State, Actor], list[State]] = defaultdict(list)
        for row in self.transitions:
            for source in row.sources:
                for actor in row.by:
                    targets[row.action, source, actor].append(row.target)
        return [
            f"{action.value} from {source.value} by {actor.value} has {len(found)} rows"
            for (action, source, actor), found in targets.items()
            if len(found) > 1
        ]

    def _unreachable(self) -> list[str]:
        steps: dict[State, set[State]] = defaultdict(set)
        for row in self.transitions:
            for source in row.sources:
                steps[source].add(row.target)
        reached = _closure({self.initial}, steps)
        return [f"{state.value} cannot be reached" for state in type(self.initial) if state not in reached]

    def _dead_ends(self) -> list[str]:
        back: dict[State, set[State]] = defaultdict(set)
        for row in self.transitions:
            back[row.target].update(row.sources)
        ending = _closure(self.final, back)
        return [f"{state.value} never comes to an end" for state in type(self.initial) if state not in ending]

    def _left_finals(self) -> list[str]:
        left = {source for row in self.transitions for source in row.sources if source in self.final}
        return [f"{state.value} is final and can be left" for state in type(self.initial) if state in left]


def _closure(start: Iterable[State], steps: dict[State, set[State]]) -> set[State]:
    """Everything that can be got to from ``start``."""
    reached, todo = set(start), list(start)
    while todo:
        for state in steps.get(todo.pop(), set()) - reached:
            reached.add(state)
            todo.append(state)
    return reached
