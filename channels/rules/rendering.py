"""How a rich message becomes plain text, and how a typed number becomes the choice it stands for.

The one place where channels without buttons, cards and links degrade.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence

from kernel.messages import Choice, Citation, Outbound

UNKNOWN = "待核实"
CHOOSE = "请回复数字选择："

# Where a long text may be cut, best first. ASCII marks end a sentence only before a blank: links hold them too.
_CUTS = (
    re.compile(r"\n+"),
    re.compile(r"[。！？；…]+[”』」）]*|[.!?;]+(?=\s)"),
    re.compile(r"[，、：]|[,:](?=\s)"),
    re.compile(r"\s+"),
)
_NUMBER = re.compile(r"(\d{1,2})[.、。)）]?")


def plain_text(message: Outbound, public_url: str, files: Sequence[str] = ()) -> str:
    """The whole message as text: words, numbered choices, sources, files, link.

    ``public_url`` makes relative links whole; ``files`` are the attachments' addresses, in order.
    """
    blocks = [message.text.strip()]
    if message.choices:
        blocks.append("\n".join([CHOOSE, *(f"{n}. {choice.label}" for n, choice in enumerate(message.choices, 1))]))
    blocks.extend(source_line(citation) for citation in message.citations)
    blocks.extend(
        f"{attachment.media.label}：{whole_link(address, public_url)}"
        for attachment, address in zip(message.attachments, files, strict=True)
    )
    if message.link:
        blocks.append(f"详情：{whole_link(message.link, public_url)}")
    return "\n".join(block for block in blocks if block)


def source_line(citation: Citation) -> str:
    """Where an answer comes from, in one line."""
    owner = citation.owner or f"来源单位{UNKNOWN}"
    return f"依据：《{citation.title}》 {owner} · 更新日期 {citation.verified_on or UNKNOWN}"


def whole_link(link: str, public_url: str) -> str:
    """``link`` with scheme and host."""
    return link if "://" in link else f"{public_url.rstrip('/')}/{link.lstrip('/')}"


def utf8(text: str) -> int:
    """How many bytes ``text`` is."""
    return len(text.encode())


def cut(text: str, limit: int, size: Callable[[str], int] = utf8) -> tuple[str, ...]:
    """``text`` in pieces of at most ``limit`` by ``size``, cut at the ends of lines or sentences where possible."""
    pieces = []
    rest = text.strip()
    while size(rest) > limit:
        at = _cut_at(_head(rest, limit, size), rest)
        pieces.append(rest[:at].strip())
        rest = rest[at:].strip()
    return tuple(piece for piece in (*pieces, rest) if piece)


def _head(text: str, limit: int, size: Callable[[str], int]) -> str:
    """As much of the beginning as fits, at least one character."""
    most = bisect_right(range(1, len(text) + 1), limit, key=lambda length: size(text[:length]))
    return text[: max(1, most)]


def _cut_at(head: str, whole: str) -> int:
    ends = [_last_end(pattern, head, whole) for pattern in _CUTS]
    # An early cut makes many small messages of one; still better than one through a word or a link.
    late = [end for end in ends if end * 3 >= len(head)]
    return (late or [max(ends)])[0] or len(head)


def _last_end(pattern: re.Pattern[str], head: str, whole: str) -> int:
    """Where the last find within ``head`` ends; 0 without any. The next character of ``whole`` may matter."""
    found = [each.end() for each in pattern.finditer(whole, 0, len(head) + 1) if each.end() <= len(head)]
    return found[-1] if found else 0


def is_number(text: str) -> bool:
    """Whether ``text`` could be the number of a choice."""
    return _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip()) is not None


def chosen(text: str, choices: Sequence[Choice]) -> str:
    """What a typed number stands for among ``choices``; ``text`` itself when it stands for none."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    number = int(found[1]) if found else 0
    return choices[number - 1].value if 1 <= number <= len(choices) else text
