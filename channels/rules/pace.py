"""How often somebody may do something."""

from collections import deque
from datetime import datetime, timedelta


class Pace:
    """At most ``limit`` times within ``span``."""

    def __init__(self, limit: int, span: timedelta) -> None:
        self._limit = limit
        self._span = span
        self._times: deque[datetime] = deque()

    def allows(self, now: datetime) -> bool:
        """Whether once more is allowed at ``now``; counts it when it is."""
        while self._times and now - self._times[0] >= self._span:
            self._times.popleft()
        if len(self._times) >= self._limit:
            return False
        self._times.append(now)
        return True
