"""Whether a reply says more than the unit reported: what is settled by it and by nothing in the result."""

import re
from collections.abc import Iterator

from kernel.chinese import normalise
from ticketing.model.labels import Outcome
from ticketing.model.ticket import Result
from ticketing.rules.answering import answers_of
from ticketing.rules.points import SENTENCE
from ticketing.rules.results import CLAIMED, kin_of
from ticketing.rules.subjects import said_in, subjects_of

SETTLING = frozenset({Outcome.RESOLVED, Outcome.PARTLY})
_CLAUSE = re.compile(r"[^，,]+")
# 12月3日, 2000元, 三个工作日内: what somebody will be held to.
_FIGURE = re.compile(r"(?:\d{4}年)?\d{1,2}月\d{1,2}日|\d[\d,.]*万?元|\d+个?(?:工作日|天|个月)(?:内|之内)")


def settled_in(text: str) -> tuple[str, ...]:
    """The sentences of a reply that say something is settled."""
    return tuple(sentence.strip() for sentence in SENTENCE.findall(text) if CLAIMED.search(sentence))


def unreported(result: Result, text: str) -> tuple[str, ...]:
    """The sentences of a reply that say something is settled which no sentence of the findings or measures does."""
    reported = [clause for part in (result.findings, result.measures) for clause in SENTENCE.findall(part)]
    return tuple(
        sentence for sentence in settled_in(text) if not all(_reported(claim, reported) for claim in _claims(sentence))
    )


def unreported_figures(result: Result, asked: str, text: str) -> tuple[str, ...]:
    """The days, terms and sums a reply tells of its own that stand neither in the unit's findings, measures and basis
    nor in what was ``asked``."""
    known = normalise(f"{result.findings}\n{result.measures}\n{result.basis}\n{asked}")
    told = [match.group() for own in answers_of(text).values() for match in _FIGURE.finditer(normalise(own))]
    return tuple(dict.fromkeys(each for each in told if each not in known))


def _claims(sentence: str) -> Iterator[str]:
    yield from (clause for clause in _CLAUSE.findall(sentence) if CLAIMED.search(clause))


def _reported(claim: str, reported: list[str]) -> bool:
    """Whether one reported sentence tells the same doing, of the same thing where both name one."""
    doings = kin_of(claim)
    things = subjects_of(claim) - doings
    for sentence in reported:
        if not doings & kin_of(sentence):
            continue
        theirs = subjects_of(sentence) - kin_of(sentence)
        if not things or not theirs or said_in(things, normalise(sentence)):
            return True
    return False
