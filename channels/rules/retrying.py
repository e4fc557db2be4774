"""When to try again, and when to stop."""

from datetime import datetime, timedelta

# After the first, second … failed try. WeChat's «system busy» passes in seconds, an outage in minutes.
DELIVERY_WAITS = (
    timedelta(seconds=5),
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(minutes=30),
)
MEDIA_WAITS = (
    timedelta(seconds=2),
    timedelta(seconds=10),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
)
# Platforms keep a file for three days (WeChat, «获取临时素材»).
MEDIA_KEPT = timedelta(days=3)

# Two machines that answer each other are stopped at this many messages to one address within the span.
LOOP_LIMIT = 40
LOOP_SPAN = timedelta(minutes=5)


def delivery_is_over(attempts: int) -> bool:
    """Whether ``attempts`` failed tries are enough."""
    return attempts > len(DELIVERY_WAITS)


def delivery_wait(attempts: int, asked: timedelta) -> timedelta:
    """How long to wait after ``attempts`` failed tries, when the platform asked for ``asked``."""
    return max(DELIVERY_WAITS[min(attempts, len(DELIVERY_WAITS)) - 1], asked)


def media_is_over(first_seen: datetime, now: datetime) -> bool:
    """Whether the platform has thrown the file away by now."""
    return now - first_seen >= MEDIA_KEPT


def media_wait(attempts: int, asked: timedelta) -> timedelta:
    """How long to wait after ``attempts`` failed fetches."""
    return max(MEDIA_WAITS[min(attempts, len(MEDIA_WAITS)) - 1], asked)


def is_loop(sent_lately: int) -> bool:
    """Whether so many messages within LOOP_SPAN can only be a machine answering a machine."""
    return sent_lately >= LOOP_LIMIT
