"""What every screen costs at a million tickets, or at several sizes side by side.

    python -m benchmarks.sizes                        a million
    python -m benchmarks.sizes 1000000 10000000       and how the cost grows

Fills a database of its own for each size, asks every screen's requests over the routes' own handlers, takes tickets
through steps, and drops the database. Milliseconds are told beside a floor: one row by its key over the same pool, in
turn with what is timed. One JSON line a size, then a table.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

import asyncpg

from benchmarks.sizes.filling import WHOLE_EACH, Filler
from benchmarks.sizes.house import SizedHouse, furnished, own_database
from benchmarks.sizes.likeness import lookups
from benchmarks.sizes.looking import people, sample
from benchmarks.sizes.measuring import Stopwatch, Timed, of
from benchmarks.sizes.screens import FAST, screens
from benchmarks.sizes.stepping import steps

MILLION = 1_000_000
# A city has so many in three years, and ten times as many in ten.
WEEKS = ((MILLION, 156), (10 * MILLION, 520))
BYTES_EACH = 7_000
GOAL_SCREEN, GOAL_STEP, GOAL_GROWTH = 50.0, 10.0, 1.3


@dataclass(frozen=True, slots=True)
class Measured:
    """One size: what each request took, by screen, a step of a ticket, and a look for what is like a new one."""

    tickets: int
    bytes: int
    filled_in: float
    floor: Timed
    screens: Mapping[str, Mapping[str, Timed]]
    step: Timed
    alike: Timed

    def cost(self, screen: str) -> float:
        """A screen's requests together, as so many floors."""
        return sum(each.p50 for each in self.screens[screen].values()) / self.floor.p50

    def slowest(self, screen: str) -> float:
        """Milliseconds (p95) of a screen's slowest request."""
        return max(each.p95 for each in self.screens[screen].values())


async def measure(tickets: int, rounds: int, whole_each: int) -> Measured:
    """Fill, measure, drop."""
    if shutil.disk_usage("/").free < tickets * BYTES_EACH:
        raise SystemExit(f"{tickets} tickets need {tickets * BYTES_EACH >> 30} GB of disk")
    began = time.monotonic()
    async with own_database(f"hotline_sizes_{os.getpid()}") as url, furnished(url) as house:
        found = await Filler(house, tell).fill(tickets, _weeks(tickets), whole_each=whole_each)
        filled_in = time.monotonic() - began
        who = await people(house)
        what = await sample(house, found, who)
        watch = Stopwatch(house, what.closed, rounds)
        taken = await watch.screens(screens(who, what))
        alike = of(await lookups(house, found, watch, 5 * rounds))
        step = of(await steps(house, rounds))
        return Measured(tickets, await _bytes(house), round(filled_in), of(watch.floor), taken, step, alike)


def _weeks(tickets: int) -> int:
    return next((weeks for most, weeks in WEEKS if tickets <= most), WEEKS[-1][1])


async def _bytes(house: SizedHouse) -> int:
    connection = await asyncpg.connect(house.url)
    try:
        return int(await connection.fetchval("SELECT pg_database_size(current_database())"))
    finally:
        await connection.close()


def tell(text: str) -> None:
    """One line of progress; standard output belongs to the figures."""
    print(text, file=sys.stderr, flush=True)


def lines(measured: Sequence[Measured]) -> list[str]:
    """The table, and whether the goals hold."""
    last, first = measured[-1], measured[0]
    told = [f"floor (a row by its key): p50 {last.floor.p50} ms, p95 {last.floor.p95} ms at {last.tickets:,} tickets"]
    told.append(f"step of a ticket: p50 {last.step.p50} ms, p95 {last.step.p95} ms, {_times(last.step.p50, last)}")
    told.append(
        f"what is alike, at intake: p50 {last.alike.p50} ms, p95 {last.alike.p95} ms, {_times(last.alike.p50, last)}"
    )
    for screen in last.screens:
        grown = f", x {last.cost(screen) / first.cost(screen):.2f} of {first.tickets:,}" if last is not first else ""
        told.append(f"{screen}: slowest request p95 {last.slowest(screen)} ms, {last.cost(screen):.1f} floors{grown}")
    fast = all(last.slowest(screen) < GOAL_SCREEN for screen in FAST)
    told.append(f"goal {', '.join(FAST)} under {GOAL_SCREEN:.0f} ms (p95): {_held(fast)}")
    told.append(f"goal a step under {GOAL_STEP:.0f} ms (p50): {_held(last.step.p50 < GOAL_STEP)}")
    told.append(f"goal what is alike under {GOAL_SCREEN:.0f} ms (p95): {_held(last.alike.p95 < GOAL_SCREEN)}")
    if last is not first:
        growth = {screen: last.cost(screen) / first.cost(screen) for screen in last.screens}
        worse = [screen for screen, times in growth.items() if times > GOAL_GROWTH]
        told.append(f"goal no screen above {GOAL_GROWTH} times its cost: {_held(not worse)} {', '.join(worse)}")
    return told


def _times(milliseconds: float, measured: Measured) -> str:
    return f"{milliseconds / measured.floor.p50:.1f} floors"


def _held(holds: bool) -> str:
    return "held" if holds else "missed"


def main() -> None:
    """Measure and tell."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tickets", type=int, nargs="*", default=[MILLION])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--whole-each", type=int, default=WHOLE_EACH, help="one ticket of so many has all beside it")
    given = parser.parse_args()
    found = []
    for tickets in given.tickets:
        found.append(asyncio.run(measure(tickets, given.rounds, given.whole_each)))
        sys.stdout.write(json.dumps({"benchmark": "sizes", **asdict(found[-1])}, ensure_ascii=False) + "\n")
        sys.stdout.flush()
    sys.stdout.write("\n".join(lines(found)) + "\n")


if __name__ == "__main__":
    main()
