"""What a telephone exchange tells of a call, and what can be wrong with it."""

from datetime import datetime, timedelta

from desk.model import Rung

LONGEST_ID = 64
# Clocks of two machines never agree to the second.
AHEAD = timedelta(minutes=1)


def faults(rung: Rung, now: datetime) -> dict[str, str]:
    """Field → code of every fault: times have a zone, come one after the other, and none is still to come."""
    found = {}
    if not rung.id.strip():
        found["id"] = "required"
    elif len(rung.id) > LONGEST_ID:
        found["id"] = "too_long"
    times = {"offered_at": rung.offered_at, "answered_at": rung.answered_at, "ended_at": rung.ended_at}
    told = {name: moment for name, moment in times.items() if moment is not None}
    if found_ := {name: "zone_needed" for name, moment in told.items() if moment.tzinfo is None}:
        return found | found_
    if rung.ended_at > now + AHEAD:
        found["ended_at"] = "in_the_future"
    if rung.ended_at < rung.offered_at:
        found["ended_at"] = "before_offered"
    if rung.answered_at is not None and not rung.offered_at <= rung.answered_at <= rung.ended_at:
        found["answered_at"] = "outside_the_call"
    return found


def waited(rung: Rung) -> float | None:
    """Seconds from the moment it was offered to people until somebody answered; None when nobody did."""
    return None if rung.answered_at is None else (rung.answered_at - rung.offered_at).total_seconds()
