"""Builds the part of the house that words what people are sent."""

from collections.abc import Sequence

from hotline.phrasing.api import Names, PhrasingApi, routes
from hotline.phrasing.keeper import TOPIC, Wordings
from kernel.room import Floor, Loop, Room

# A ring may be lost; then a process says the former words for so many seconds.
RELOAD_IDLE = 5.0


def build(floor: Floor, rooms: Sequence[Room], names: Names) -> Room:
    """The texts of all rooms."""
    wordings = Wordings(floor, [phrase for room in rooms for phrase in room.phrases])
    return Room(
        "texts",
        routes=routes(PhrasingApi(floor.database, wordings, names)),
        loops=[Loop("hotline.texts", wordings.refresh, [TOPIC], idle=RELOAD_IDLE, in_web=True)],
        starting=[wordings.load],
    )
