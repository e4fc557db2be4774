"""Whether a reason in words is one: long enough in Chinese, and not the same word over and over."""

import re

from kernel.chinese import HAN

# Words of a step that must say why: six Chinese characters tell of something.
SHORTEST_REASON = 6
# What a wish or a move rests on may be said in four: 等待配件, 目录明确.
SHORTEST_GROUND = 4
_HAN = re.compile(f"[{HAN}]")
# 无异议, 我单位对此没有不同意见, 同意.
# 不归我们管, 按规定不属我单位职责: says that it rests on something, not on what.
_NAMELESS = re.compile(
    r"(?:按照?|依照?|根据|依据)(?:有关|相关|上级|文件)?(?:规定|要求|分工|通知|职责)(?!清单|目录|方案|第|》)|没有(?:任何|相关|明文)?(?:规定|办法)|"
    r"(?:无|没|设|方|做|说|看|想|执|违|合)法|(?:想|没|有)办法"
)
_NAMES = re.compile(
    rf"《[^》]{{2,}}》|第[一二三四五六七八九十百零〇\d]+[条款项章节号]|三定|法律|法规|[A-Za-z][\w-]*/\S+|"
    rf"[{HAN}](?:法|条例|规定|办法|细则|清单|目录|方案|纪要|批复|通知|决定|分工|标准|规范|预案)"
)
_INSTRUCTED = re.compile(r"批示|交办|督办|纪要|裁定|研判|回避|会商|联席")
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


def names_a_basis(text: str) -> bool:
    """Whether it names a law, a document or an item of the duty catalogue, and does not only say that there is one."""
    return _NAMES.search(_NAMELESS.sub("，", text)) is not None


def is_instructed(text: str) -> bool:
    """Whether it rests on what somebody above or a meeting said of this case: 领导批示, 联席会议研判, 第3号裁定."""
    return _INSTRUCTED.search(text) is not None


def agrees(text: str) -> bool:
    """Whether it says no more than that there is nothing to object to."""
    return _AGREES.fullmatch("".join(_HAN.findall(text))) is not None
