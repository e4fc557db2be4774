"""Whether a text speaks of the roads another text is about."""

import re

from kernel.chinese import words

_ROAD = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,5})(?:路|大道|大街)")
_ENDING = re.compile(r"[东南西北中一二三四五六七八九十]?(?:路|大道|大街)")
_DIRECTION = "东南西北中一二三四五六七八九十上下前后内外"
# A cutter takes these for one word, yet they name no road.
_NO_NAME = re.compile(
    r"道|马|公|铁|线|网|思|顺|走|修|过|出|回|绕|堵|问|带|活|谋|在|该|此|这|那|整|全|某|每|条|段|半|老|新修|高速|主干|支|"
    r"市政|人行|机动|消防|施工|乡|城市|水泥|泥|沥青|硬化|断头|一"
)
# 文明路38号 is where to go, not what was dealt with.
_ADDRESS = re.compile(r"\d|[一二三四五六七八九十]+号|号")


def other_roads(asked: str, told: str) -> tuple[str, ...]:
    """The roads ``told`` names when ``asked`` names some and ``told`` none of them; nothing otherwise."""
    wanted, given = _roads(asked), _roads(told)
    if not wanted or not given or any(name in told for name in wanted) or any(name in asked for name in given):
        return ()
    return tuple(given.values())


def _roads(text: str) -> dict[str, str]:
    """What tells a road from others (同济 of 同济东路), with the whole name."""
    found, cut = {}, words(text)
    for before, word, after in zip(["", *cut], cut, [*cut[1:], ""], strict=False):
        # 绿景 | 东路: the cutter knows few roads.
        whole = before + word if len(before) > 1 and _ENDING.fullmatch(word) else word
        match = _ROAD.fullmatch(whole)
        if match is None or _ADDRESS.match(after):
            continue
        core = match["name"].strip(_DIRECTION)
        if len(core) > 1 and not _NO_NAME.search(core):
            found[core] = whole
    return found
