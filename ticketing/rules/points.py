"""What a citizen asked for, point by point, as whoever calls back goes through it."""

import re

_ENDS = re.compile(r"[。！？!?；;\n]+")
_NUMBERED = re.compile(r"^\s*(?:[（(]?\d{1,2}[)）、.．]|[一二三四五六七八九十]{1,2}[、.．])\s*")
MOST = 6
SHORTEST = 4


def points_of(text: str) -> tuple[str, ...]:
    """At most six sentences of the masked text, without their numbers; the shortest ones say nothing alone."""
    parts = [_NUMBERED.sub("", part).strip() for part in _ENDS.split(text)]
    return tuple(dict.fromkeys(part for part in parts if len(part) >= SHORTEST))[:MOST]
