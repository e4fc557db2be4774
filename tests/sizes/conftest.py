"""A million tickets, made once for all tests here. Without a PostgreSQL server they fail: nobody else looks at this."""

import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

import pytest

from benchmarks.sizes.filling import Filler
from benchmarks.sizes.house import SizedHouse, furnished, own_database
from benchmarks.sizes.looking import people, sample
from benchmarks.sizes.screens import People, Request, Sample, screens

# The million takes longer to fill than all other tests together; what an index misses shows at a tenth of it too.
TICKETS = int(os.environ.get("HOTLINE_TEST_TICKETS", "100000"))
WEEKS, AFFAIRS = 156, 400


@dataclass(frozen=True, slots=True)
class Million:
    """The hotline, who looks at it and what at."""

    house: SizedHouse
    people: People
    sample: Sample

    @property
    def screens(self) -> Mapping[str, Sequence[Request]]:
        return screens(self.people, self.sample)


@pytest.fixture(scope="session")
async def million() -> AsyncIterator[Million]:
    """A hotline three years old."""
    async with own_database(f"hotline_million_{os.getpid()}") as url, furnished(url) as house:
        found = await Filler(house, lambda text: print(text, file=sys.stderr)).fill(TICKETS, WEEKS, AFFAIRS)
        who = await people(house)
        yield Million(house, who, await sample(house, found, who))
