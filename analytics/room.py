"""Builds the analytics room."""

from dataclasses import dataclass

from analytics.api import FiguresApi, routes
from analytics.counting import Counting
from directory.lookup import Lookup
from kernel.room import Floor, Observer, Room

READER = "analytics.figures"


@dataclass(frozen=True, slots=True)
class AnalyticsRoom:
    """The analytics room; the house runs its observer."""

    room: Room
    observer: Observer


def build(floor: Floor, lookup: Lookup) -> AnalyticsRoom:
    """The analytics room over the floor and the directory."""
    observer = Observer(READER, Counting(lookup).fold)
    api = FiguresApi(floor.database, floor.clock, lookup)
    return AnalyticsRoom(Room("analytics", routes=routes(api), observers=[observer]), observer)
