"""Whether a reason in words is one: long enough in Chinese, and not the same word over and over."""

import re

from kernel.chinese import HAN

# Words of a step that must say why: six Chinese characters tell of something.
SHORTEST_REASON = 6
_HAN = re.compile(f"[{HAN}]")
# 无异议, 我单位对此没有不同意见, 同意.
_AGREES = re.compile(r"(本|我|该)?(单位|方)?(对此|表示)*((无|没有?|并无)(任何|其他|不同)?(的)?(异议|意见)|同意)")


def fault_of(text: str, least: int) -> str:
    """What is wrong with a reason of at least ``least`` Chinese characters: the code of a field's error, empty for
    nothing. Half of them differ at least, and no word is said twice on end and nothing else."""
    if not text.strip():
        return "required"
    said = "".join(_HAN.findall(text))
    if len(said) < least:
        return "reason_too_short"
    return "reason_repeats" if _repeats(said, least) else ""


def _repeats(said: str, least: int) -> bool:
    if 2 * len(set(said)) < least:
        return True
    return any(said[length:] == said[:-length] for length in range(1, len(said) // 2 + 1))


def agrees(text: str) -> bool:
    """Whether it says no more than that there is nothing to object to."""
    return _AGREES.fullmatch("".join(_HAN.findall(text))) is not None
