"""The room's scheduled jobs."""

from analytics.inspecting import DRAW_AT, Inspecting
from analytics.rolling import LOOK_EVERY, Rolling
from kernel.jobs import Job


def jobs(rolling: Rolling, inspecting: Inspecting) -> list[Job]:
    """Looking at what counts differently by now, and the day's draw."""
    return [
        Job("analytics.look", LOOK_EVERY, rolling.look),
        Job("analytics.draw", DRAW_AT, inspecting.draw),
    ]
