"""The room's scheduled jobs."""

from analytics.inspecting import DRAW_AT, Inspecting
from analytics.rolling import LOOK_EVERY, Rolling
from analytics.standing import Standing
from kernel.jobs import Job


def jobs(rolling: Rolling, inspecting: Inspecting, standing: Standing) -> list[Job]:
    """Looking at what counts differently by now, the day's draw, and what stands at a moment."""
    return [
        Job("analytics.standing", LOOK_EVERY, standing.take),
        Job("analytics.look", LOOK_EVERY, rolling.look),
        Job("analytics.draw", DRAW_AT, inspecting.draw),
    ]
