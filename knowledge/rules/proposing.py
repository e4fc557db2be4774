"""An entry made of a question and its answer as they were said at work, without anything personal."""

import re
from collections.abc import Iterable

from kernel.privacy import mask_text
from knowledge.model import Article, Proposal
from knowledge.rules.checking import LONGEST_SHORT, LONGEST_TEXT, LONGEST_TITLE

MOST_VARIANTS = 20
# What agents say besides the answer.
_GREETING = re.compile(
    r"^(?:(?:您好|你好|尊敬的市民|市民朋友|先生|女士|感谢您的来电|感谢来电|很高兴为您服务)[，。！,!\s]*)+"
)
_FAREWELL = re.compile(r"[，。！,!\s]*(?:(?:祝您|感谢您|谢谢您?|再见|请问还有)[^。！？?!]*[。！？?!]*)+$")
_MASK = "*"
_CLAUSE = re.compile(r"[^，。！？；,!?;\n]+[，。！？；,!?;\n]*")


def impersonal(text: str) -> str:
    """What somebody asked, masked, without the clauses that say who they are; the masked whole if no other is left."""
    masked = " ".join(mask_text(text).split())
    said = "".join(each for each in _CLAUSE.findall(masked) if _MASK not in each).strip("，,；; ")
    return said or masked


def proposed(proposal: Proposal, variants: Iterable[str], id_: str) -> Article:
    """The draft; its title is the question, ``variants`` are other ways it was asked. An answer too long for a short
    one is cut at a sentence and kept whole as the long one."""
    question = impersonal(proposal.question)
    answer = plain_answer(mask_text(proposal.answer))
    others = dict.fromkeys(map(impersonal, (question, *variants)))
    title = question if len(question) <= LONGEST_TITLE else f"{question[: LONGEST_TITLE - 1]}…"
    kept = [each for each in others if each and each != title and _MASK not in each and len(each) <= LONGEST_SHORT]
    return Article(
        id=id_,
        title=title,
        short=answer if len(answer) <= LONGEST_SHORT else _first_sentences(answer, LONGEST_SHORT),
        full="" if len(answer) <= LONGEST_SHORT else answer[:LONGEST_TEXT],
        owner=proposal.owner,
        variants=tuple(kept[:MOST_VARIANTS]),
        areas=(proposal.area,) if proposal.area else (),
        matter=proposal.matter,
    )


def plain_answer(text: str) -> str:
    """The answer without greeting and farewell; as it is when nothing else would be left."""
    found = _FAREWELL.sub("", _GREETING.sub("", text.strip())).strip()
    if not found:
        return text.strip()
    return found if found[-1] in "。！？!?" else f"{found}。"


def _first_sentences(text: str, longest: int) -> str:
    cut = text[:longest]
    end = max(cut.rfind(sign) for sign in "。！？；\n")
    return cut[: end + 1] if end > 0 else cut
