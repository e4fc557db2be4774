"""Reads a vote on a reply: the tapped choice that names its ticket, or the words a citizen begins with."""

import re
from dataclasses import dataclass

from bot.rules.slots import score_in
from kernel.chinese import normalise
from ticketing.model.labels import VOTE, Score, Solved

LONGEST = 120
_TAPPED = re.compile(VOTE.format(number=r"(?P<number>[A-Z0-9-]+)", score=r"(?P<score>\w+)"))
_MARKS = " ，,。.！!；;、：:~～"
_SAID = re.compile(
    rf"(?P<score>(?:我)?(?:非常|十分|很|极|好|几|基本|比较|还算)?(?:不|唔)?(?:太|大|够)?满意)(?:了|的|啦|喇|呀)?(?=$|[{_MARKS}])"
)
_WHOLE = re.compile(r"(?:给?你?们?)?(?:一般|好评|差评|中评|[一二三四五1-5](?:颗)?[星分])")
_LABELS = {score.label: score for score in Score}
# Who says only how content they are: whether it is solved follows from it, and can be changed on the ticket's page.
SOLVED = {
    Score.VERY_SATISFIED: Solved.YES,
    Score.SATISFIED: Solved.YES,
    Score.BASICALLY_SATISFIED: Solved.PARTLY,
    Score.DISSATISFIED: Solved.NO,
    Score.VERY_DISSATISFIED: Solved.NO,
}


@dataclass(frozen=True, slots=True)
class Vote:
    """What somebody votes; ``number`` is empty where no ticket is named, ``comment`` what they add."""

    score: Score
    number: str = ""
    comment: str = ""


def vote_in(text: str) -> Vote | None:
    """The vote ``text`` is, None when it is none: a message that only speaks of contentment is no vote."""
    plain = normalise(text).strip(_MARKS)
    tapped = _TAPPED.fullmatch(plain)
    if tapped and tapped["score"] in _LABELS:
        return Vote(_LABELS[tapped["score"]], tapped["number"])
    said = _SAID.match(plain)
    if said and len(plain) <= LONGEST:
        return Vote(Score(score_in(said["score"])), comment=plain[said.end() :].strip(_MARKS))
    if _WHOLE.fullmatch(plain) and score_in(plain):
        return Vote(Score(score_in(plain)))
    return None
