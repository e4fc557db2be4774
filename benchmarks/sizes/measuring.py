"""Times every screen's requests, side by side with a floor: one row by its key over the same pool."""

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from benchmarks.sizes.house import SizedHouse
from benchmarks.sizes.screens import Request
from ticketing.store.tables import tickets


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds."""

    p50: float
    p95: float


def of(seconds: Sequence[float]) -> Timed:
    """Median and 95th percentile."""
    ordered = sorted(seconds)
    return Timed(_at(ordered, 0.5), _at(ordered, 0.95))


def _at(ordered: Sequence[float], share: float) -> float:
    return round(ordered[min(int(len(ordered) * share), len(ordered) - 1)] * 1000, 2)


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    """Seconds one piece of work takes."""
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


class Stopwatch:
    """Times requests and the floor in turn, so that whatever else the machine does falls on both."""

    def __init__(self, house: SizedHouse, number: str, rounds: int) -> None:
        self._house = house
        self._number = number
        self._rounds = rounds
        self.floor: list[float] = []

    async def screens(self, all_: Mapping[str, Sequence[Request]]) -> dict[str, dict[str, Timed]]:
        """Every request of every screen."""
        return {name: {told(each): await self.request(each) for each in wanted} for name, wanted in all_.items()}

    async def request(self, request: Request) -> Timed:
        """One request, often."""
        door = self._house.door

        async def ask() -> object:
            return await door.call("GET", request.path, request.by, request.query)

        await ask()
        taken = []
        for _ in range(self._rounds):
            taken.append(await timed(ask))
            self.floor.append(await timed(self.read_one))
        return of(taken)

    async def read_one(self) -> None:
        """The floor."""
        async with self._house.database.reading() as tx:
            await tx.row(select(tickets.c.id).where(tickets.c.number == self._number))


def told(request: Request) -> str:
    """A request in one line."""
    query = "&".join(f"{name}={value}" for name, value in request.query.items())
    return f"{request.path}{'?' if query else ''}{query}"
