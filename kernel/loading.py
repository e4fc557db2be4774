"""What a room makes of sheets that are to be loaded: what is wrong, what would change, and how it is done."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from kernel.database import Tx
from kernel.people import Principal
from kernel.sheets import Problem, Table

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Plan(Generic[T_co]):
    """``data`` are what the sheets say, to be checked against by the rooms above; ``before`` and ``after`` the room's
    sheets as they are and as they would be. ``keep`` makes the database say so; only for a plan without problems.

    ``undone`` names what was changed by hand and would become what the sheets say.
    """

    data: T_co
    problems: tuple[Problem, ...]
    before: tuple[Table, ...]
    after: tuple[Table, ...]
    keep: Callable[[Tx, Principal], Awaitable[None]]
    undone: tuple[str, ...] = ()
