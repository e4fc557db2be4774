"""Which clauses of a report may tell who made it.

The default is to hide: a clause the reporter speaks of themselves in, and what goes on from it with the subject left
out, may tell unless all it does is speak, wish, ask or see.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto

from kernel.chinese import simplified, tagged
from ticketing.rules import selfscenes as scene
from ticketing.rules import selfwords as said

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_CLAUSE = re.compile(r"[^，,\s]+")
_FIRST = re.compile(rf"{said.ME}|{said.HOME}")
_OWN_START = re.compile(rf"{said.LINK}(?:当时|跟|和)?(?:{said.KIN}|[就都也只]?自己|{said.RELATION}都)")
_CUE = re.compile(f"{said.CUES}|{said.AT_NEAR}|{scene.OF_A_PERSON}")
_SCENE = re.compile(scene.OF_A_SCENE)
_ONCE = re.compile(scene.ONCE)
_ALWAYS = re.compile(scene.ALWAYS)
_PUBLIC = re.compile(scene.PUBLIC)
_ONE_I = re.compile(scene.ONE_I)
_IS_ONE = re.compile(said.IS_ONE)
_NEAR = re.compile(rf"(?:举报|投诉|反映|检举)?(?P<value>{said.NEAR})(?=[^，]{{2}})")
_OF_OWN_BODY = re.compile(rf"(?P<value>{said.ME}[的嘅]?{said.BODY})[的嘅]?(?P<rest>(?:{said.OTHERS}|{said.OF_BODY}).*)")
_SPEECH = re.compile(said.SPEECH)
_HAPPENED = re.compile(said.HAPPENED)
_OFFENCE = re.compile(said.OFFENCE)
_NEVER = re.compile(said.NEVER)
_ASKED_FOR = re.compile(said.ASKED_FOR)
_URGE = re.compile(said.URGE)
_HELPLESS = re.compile(said.HELPLESS)
_ASKS = re.compile(said.ASKS)
_OTHER = re.compile(said.LINK + said.OTHERS)
_ALSO = re.compile(said.ALSO)
_GOES_ON = re.compile(said.GOES_ON)
_WHEN = re.compile(said.WHEN)


class Voice(Enum):
    """What a clause does: TELLS of the reporter, goes on from one that does (CARRIED), says what somebody is (ONE),
    has a word or two that tell (NEAR), speaks of something else (OTHER), or cannot be told by itself (PLAIN)."""

    TELLS = auto()
    CARRIED = auto()
    ONE = auto()
    NEAR = auto()
    OTHER = auto()
    PLAIN = auto()


_THINGS = ("n", "r", "l", "i", "j", "eng")
_DOINGS = ("v", "p", "a", "uz", "x")
FEW = 12
LONG = 20
# A clause farther from what tells goes on about something else.
FAR = 3
# A report of so few clauses tells; a longer one argues too.
SHORT = 14
_OWN = frozenset({Voice.TELLS, Voice.CARRIED})


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two stops; ``start`` and ``end`` are where the part of them that may tell is in the text."""

    voice: Voice
    words: str
    start: int
    end: int


def telling(text: str) -> Iterator[tuple[int, int]]:
    """Where a report may tell who made it."""
    text = _same_length(text)
    sentences = list(_SENTENCE.finditer(text))
    is_short = sum(len(_CLAUSE.findall(sentence.group())) for sentence in sentences) <= SHORT
    before: Clause | None = None
    for sentence in sentences:
        clauses = [
            _alone(found.group(), sentence.start() + found.start()) for found in _CLAUSE.finditer(sentence.group())
        ]
        if not clauses:
            before = None
            continue
        if not _GOES_ON.match(clauses[0].words):
            before = None
        if sentence.start() and _opens_on_oneself(clauses[0]):
            clauses[0] = replace(clauses[0], voice=Voice.TELLS)
        opening = _opening(len(clauses), is_first=not sentence.start(), is_only=len(sentences) == 1)
        if is_short:
            clauses = [*clauses[:opening], *map(_as_of_one, clauses[opening:])]
        judged = []
        for clause, after in zip(clauses, [*clauses[1:], None], strict=True):
            before = _among(before, clause, after)
            judged.append(before)
        told = _near_enough(clauses, _with_what_is_between(judged))
        if is_short:
            told = _beside_own(clauses, list(told), opening)
        yield from ((each.start, each.end) for each in told if each.voice is not Voice.OTHER)


def _opening(clauses: int, *, is_first: bool, is_only: bool) -> int:
    """How many clauses of a sentence say what is reported: the first sentence does, or its first clause if there is no
    other sentence."""
    if not is_first:
        return 0
    return 1 if is_only and clauses > 2 else clauses


def _as_of_one(clause: Clause) -> Clause:
    """The clause, which in a short report may tell if it is neither an offence nor always so."""
    return replace(clause, voice=Voice.CARRIED) if _may_be_own(clause) and _is_of_one(clause.words) else clause


def _happened_once(words: str) -> bool:
    return bool(_ONCE.search(words)) and not _ALWAYS.search(words) and not _WHEN.fullmatch(words)


def _is_of_one(words: str) -> bool:
    return _happened_once(words) or not (_OFFENCE.search(words) or _ALWAYS.search(words) or _WHEN.fullmatch(words))


def _may_be_own(clause: Clause) -> bool:
    """Whether nothing is known of the clause."""
    return clause.voice in {Voice.PLAIN, Voice.ONE} and _is_private(clause.words)


def _may_be_met(clause: Clause) -> bool:
    """Whether the clause tells what others did once, and may have done to the reporter."""
    words = clause.words
    is_told = clause.voice is Voice.OTHER and not _URGE.match(words)
    return is_told and _is_private(words) and _happened_once(words)


def _is_private(words: str) -> bool:
    """Whether the words are few, and of no public matter."""
    return len(words) <= LONG and not _PUBLIC.search(words)


def _near_enough(clauses: list[Clause], judged: Iterable[Clause]) -> Iterator[Clause]:
    """What is judged, without what goes on too far from what tells, or into public matters."""
    far = 0
    for clause, each in zip(clauses, judged, strict=True):
        far = 0 if each.voice is Voice.TELLS else far + 1
        strays = far > FAR or (far > 1 and len(each.words) > FEW and not _ONCE.search(each.words))
        is_unknown = each.voice is Voice.CARRIED and clause.voice is Voice.PLAIN
        yield replace(each, voice=Voice.OTHER) if is_unknown and (strays or _PUBLIC.search(each.words)) else each


def _beside_own(clauses: list[Clause], judged: list[Clause], opening: int) -> Iterator[Clause]:
    """What is judged, where beside one's own all that is unknown may be of oneself, in the opening only what is behind
    it; past that even what others did once may have been done to oneself, if it is next to one's own."""
    is_told = any(each.voice is Voice.TELLS for each in judged)
    has_told = False
    befores, afters = [None, *judged[:-1]], [*judged[1:], None]
    for at, (before, clause, each, after) in enumerate(zip(befores, clauses, judged, afters, strict=True)):
        is_later = at >= opening
        has_told = has_told or each.voice is Voice.TELLS
        is_met = is_later and any(next_to and next_to.voice in _OWN for next_to in (before, after))
        hides = ((has_told or (is_told and is_later)) and _may_be_own(clause)) or (is_met and _may_be_met(clause))
        yield replace(each, voice=Voice.CARRIED) if each.voice is Voice.OTHER and hides else each


def _with_what_is_between(clauses: list[Clause]) -> Iterator[Clause]:
    """The clauses, of which a short one between two of one's own is of oneself too (他们的人常来吃粉)."""
    for before, clause, after in zip([None, *clauses[:-1]], clauses, [*clauses[1:], None], strict=True):
        between = before and after and before.voice in _OWN and after.voice in _OWN
        is_told = between and clause.voice is Voice.OTHER and len(clause.words) <= FEW and not _URGE.match(clause.words)
        yield replace(clause, voice=Voice.CARRIED) if is_told else clause


def _among(before: Clause | None, clause: Clause, after: Clause | None) -> Clause:
    """The clause as its neighbours make it understood: neither ONE nor PLAIN any more."""
    if clause.voice is Voice.ONE:
        return replace(clause, voice=Voice.TELLS if before is None or before.voice in _OWN else Voice.OTHER)
    if before and before.voice in _OWN and clause.voice is Voice.OTHER and _ALSO.match(clause.words):
        return replace(clause, voice=Voice.CARRIED)
    if clause.voice is not Voice.PLAIN:
        return clause
    if after and after.voice is Voice.TELLS and _WHEN.fullmatch(clause.words):
        return replace(clause, voice=Voice.TELLS)
    return replace(clause, voice=Voice.CARRIED if before and _carries(before, clause) else Voice.OTHER)


def _carries(before: Clause, clause: Clause) -> bool:
    """Whether who is spoken of goes on: right after one's own words even a thing may be one's own, if little is said of
    it; later only what has no subject is."""
    if before.voice is Voice.TELLS and _OTHER.match(before.words):
        return False
    near = before.voice is Voice.TELLS and len(clause.words) <= FEW
    return before.voice in _OWN and (near or not _names_a_subject(clause.words))


def _opens_on_oneself(clause: Clause) -> bool:
    """Whether a later sentence begins to tell what happened and not to whom: the offence is told of in the first."""
    return (
        clause.voice is Voice.PLAIN
        and bool(_HAPPENED.search(clause.words))
        and not _OFFENCE.search(clause.words)
        and _does(*_begin(clause.words))
    )


def _does(word: str, kind: str) -> bool:
    return kind.startswith("v") and word not in said.NO_DOINGS


def _has_been_through(words: str) -> bool:
    """闻过, 劝过几次: what somebody knows from having done it."""
    return any(word == "过" and kind == "ug" for word, kind in tagged(words)) and not _NEVER.search(words)


def _names_a_subject(words: str) -> bool:
    return _begin(words)[1].startswith(_THINGS)


def _begin(words: str) -> tuple[str, str]:
    """The first word that is not of time or manner, and its kind."""
    found = (each for each in tagged(words) if each[1].startswith((*_THINGS, *_DOINGS)))
    return next(found, ("", ""))


def _alone(words: str, at: int) -> Clause:
    """The clause as it is understood without its neighbours."""
    speech, urges = _SPEECH.match(words), bool(_URGE.match(words))
    told = words[speech.end() :] if speech else words
    shift = at + len(words) - len(told)
    if (body := _OF_OWN_BODY.match(told)) and not _is_own(body.group("rest")):
        return Clause(Voice.NEAR, words, shift + body.start("value"), shift + body.end("value"))
    if speech or urges:
        told = _ASKED_FOR.sub("", told)
    if _is_own(told) or (at and _SCENE.search(told)):
        return Clause(Voice.TELLS, words, at, at + len(words))
    if _IS_ONE.fullmatch(told) and not _OTHER.match(told):
        return Clause(Voice.ONE, words, at, at + len(words))
    if near := _NEAR.match(words):
        return Clause(Voice.NEAR, words, at + near.start("value"), at + near.end("value"))
    is_other = speech or urges or _OTHER.match(words) or _ASKS.search(words)
    if not is_other and "过" in words and _has_been_through(words):
        return Clause(Voice.TELLS, words, at, at + len(words))
    return Clause(Voice.OTHER if is_other else Voice.PLAIN, words, at, at + len(words))


def _is_own(told: str) -> bool:
    if _CUE.search(told) or _OWN_START.match(told):
        return True
    return bool(_FIRST.search(told) and not _HELPLESS.search(told) and not _is_of_many(told))


def _is_of_many(told: str) -> bool:
    """Whether 我们 stands in it for all whom the public matter or the offence touches."""
    return not _ONE_I.search(told) and bool(_PUBLIC.search(told) or _OFFENCE.search(told))


def _same_length(text: str) -> str:
    plain = simplified(text)
    return plain if len(plain) == len(text) else text
