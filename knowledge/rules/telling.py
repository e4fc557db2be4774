"""What citizens are told once an entry answers what they asked, or mends what they said was wrong."""

from kernel.messages import Address
from kernel.phrases import Audience, Phrase, PhraseRow, Placeholder, row
from knowledge.model import Article

# Whoever asked there has left, and the next one must not read it.
SHARED = frozenset({"kiosk", "phone"})

ANSWERED = Phrase("knowledge.answered", "您之前问过“{question}”，现在可以答复您：{answer}（答复单位：{owner}）")
MENDED = Phrase("knowledge.mended", "您指出“{title}”的内容有误，现已核实更正，感谢您的指正。最新内容：{answer}")
LONGEST_QUOTED = 40
_KNOWN = (
    Placeholder("question", "所问问题", "养猫要办证吗"),
    Placeholder("title", "条目标题", "养犬要遵守什么规定"),
    Placeholder("answer", "简要答复", "犬只应定期免疫，携犬外出应系犬绳。"),
    Placeholder("owner", "责任单位", "公安局"),
)


def can_be_told(address: Address | None) -> bool:
    """Whether somebody can be written to later where they asked."""
    return address is not None and address.channel not in SHARED


def answered(question: str, article: Article, owner: str) -> str:
    """The answer to somebody who asked before there was one."""
    return ANSWERED.format(question=_cut(question), answer=article.short, owner=owner)


def mended(article: Article) -> str:
    """The thanks to somebody who said what was wrong."""
    return MENDED.format(title=article.title, answer=article.short)


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTED else f"{text[:LONGEST_QUOTED]}…"


def phrase_rows() -> list[PhraseRow]:
    """The texts of this table, for whoever words them."""
    group, citizen = "知识", Audience.CITIZEN
    return [
        row(ANSWERED, group, "未解答的问题有了答复", citizen, _KNOWN),
        row(MENDED, group, "指出的错误已更正", citizen, _KNOWN),
    ]
