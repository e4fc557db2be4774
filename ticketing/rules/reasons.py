"""A reason that says something: what is written only to get past a form is none."""

import re
from typing import Final

SHORTEST: Final = 6
DIFFERENT: Final = 4
_HAN = re.compile(r"[\u3400-\u9fff]")


def is_reason(text: str) -> bool:
    """At least SHORTEST Chinese characters, DIFFERENT of them different."""
    said = _HAN.findall(text)
    return len(said) >= SHORTEST and len(set(said)) >= DIFFERENT
