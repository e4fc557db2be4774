"""Which clauses of a report may tell who made it.

The default is to hide: a clause the reporter speaks of themselves in, and what goes on from it with the subject left
out, may tell unless all it does is speak, wish, ask or see.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kernel.chinese import simplified, tagged
from ticketing.rules import selfscenes as scene
from ticketing.rules import selfwords as said
from ticketing.rules.selfclauses import FIRST, OF_MATTER, OFFENCE, OTHER, PUBLIC, URGE, Clause, Voice, alone

_SENTENCE = re.compile(r"[^。！？!?；;\n]+")
_CLAUSE = re.compile(r"[^，,\s]+")
_ONCE = re.compile(scene.ONCE)
_ALWAYS = re.compile(scene.ALWAYS)
_FIRM = re.compile(
    f"{scene.SHOWN}|{said.BODY_STATE}|{said.LEFT}|{said.EARLIER}|{said.POST}|{said.STAY}|{said.AGE}|{said.ALONE}|"
    f"{said.QUARREL}|{scene.INJURY}|{scene.REPRISAL}|{scene.VISITED}"
)
_SHOWN = re.compile(scene.SHOWN)
_GOES_BACK = re.compile(scene.GOES_BACK)
_I_ACT = re.compile(said.I_ACT)
_HAPPENED = re.compile(said.HAPPENED)
_ALSO = re.compile(said.ALSO)
_GOES_ON = re.compile(said.GOES_ON)
_WHEN = re.compile(said.WHEN)


_THINGS = ("n", "r", "l", "i", "j", "eng")
_DOINGS = ("v", "p", "a", "uz", "x")
FEW = 12
LONG = 20
# A clause farther from what tells goes on about something else.
FAR = 3
# Who is shown to be the reporter is named in so few characters if it is said elsewhere who that is.
NAME = 5
# A report of so few clauses tells; a longer one argues too.
SHORT = 14
_OWN = frozenset({Voice.TELLS, Voice.CARRIED})


def telling(text: str) -> Iterator[tuple[int, int]]:
    """Where a report may tell who made it."""
    text = _same_length(text)
    sentences = list(_SENTENCE.finditer(text))
    is_short = sum(len(_CLAUSE.findall(sentence.group())) for sentence in sentences) <= SHORT
    before: Clause | None = None
    said_i = False
    said_alone = [
        [alone(found.group(), sentence.start() + found.start()) for found in _CLAUSE.finditer(sentence.group())]
        for sentence in sentences
    ]
    for sentence, shown in zip(sentences, _with_who_is_shown(said_alone), strict=True):
        clauses = shown
        if not shown:
            before = None
            continue
        if not _GOES_ON.match(clauses[0].words):
            before = None
        if sentence.start() and _opens_on_oneself(clauses[0]):
            clauses[0] = replace(clauses[0], voice=Voice.TELLS)
        opening = _opening(len(clauses), is_first=not sentence.start(), is_only=len(sentences) == 1)
        if is_short:
            clauses = [*clauses[:opening], *map(_as_of_one, clauses[opening:])]
        else:
            says_i = any(map(_says_i, clauses))
            clauses = list(_firm(clauses, is_said=said_i))
            said_i = says_i
        judged = []
        for clause, after in zip(clauses, [*clauses[1:], None], strict=True):
            before = _among(before, clause, after)
            judged.append(before)
        told = _near_enough(clauses, _with_what_is_between(judged))
        if is_short:
            told = _beside_own(clauses, list(told), opening)
        yield from ((each.start, each.end) for each in told if each.voice is not Voice.OTHER)


def _with_who_is_shown(sentences: list[list[Clause]]) -> list[list[Clause]]:
    """The sentences, in which what is told as of another is of who reports, once it is said that these are one."""
    shown = [list(clauses) for clauses in sentences]
    for number, clauses in enumerate(sentences):
        for at, clause in enumerate(clauses):
            found = _SHOWN.search(clause.words)
            if not found or found.start() > NAME or FIRST.match(clause.words):
                continue
            goes_back = number and not at and _GOES_BACK.match(clause.words)
            of, end = (number - 1, None) if goes_back else (number, at)
            start = max(0, len(sentences[of][:end]) - FAR)
            shown[of][start:end] = [replace(each, voice=Voice.TELLS) for each in sentences[of][start:end]]
    return shown


def _firm(clauses: list[Clause], *, is_said: bool) -> Iterator[Clause]:
    """The clauses of a report that argues at length, where what may be of others too goes on only after an I;
    ``is_said`` if the sentence before had one."""
    for clause in clauses:
        is_said = is_said or _says_i(clause)
        yield clause if is_said or clause.voice is not Voice.TELLS else replace(clause, voice=Voice.NEAR)


def _says_i(clause: Clause) -> bool:
    words = clause.words
    return clause.voice is Voice.TELLS and bool(FIRST.search(words) or _FIRM.search(words))


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
    return _happened_once(words) or not any(
        (OFFENCE.search(words), OF_MATTER.search(words), _ALWAYS.search(words), _WHEN.fullmatch(words))
    )


def _is_of_matter(words: str) -> bool:
    """Whether the words tell what is so of a trade, and not what happened once."""
    return bool(OF_MATTER.search(words)) and not _happened_once(words)


def _may_be_own(clause: Clause) -> bool:
    """Whether nothing is known of the clause."""
    return clause.voice in {Voice.PLAIN, Voice.ONE} and _is_private(clause.words)


def _may_be_met(clause: Clause) -> bool:
    """Whether the clause tells what others did once, and may have done to the reporter."""
    words = clause.words
    is_told = clause.voice is Voice.OTHER and not URGE.match(words)
    return is_told and _is_private(words) and _happened_once(words)


def _is_private(words: str) -> bool:
    """Whether the words are few, and of no public matter."""
    return len(words) <= LONG and not PUBLIC.search(words)


def _near_enough(clauses: list[Clause], judged: Iterable[Clause]) -> Iterator[Clause]:
    """What is judged, without what goes on too far from what tells, or into public matters."""
    far = 0
    for clause, each in zip(clauses, judged, strict=True):
        far = 0 if each.voice is Voice.TELLS else far + 1
        strays = far > FAR or (far > 1 and len(each.words) > FEW and not _ONCE.search(each.words))
        is_unknown = each.voice is Voice.CARRIED and clause.voice is Voice.PLAIN
        is_of_others = strays or PUBLIC.search(each.words) or (far > 1 and _is_of_matter(each.words))
        yield replace(each, voice=Voice.OTHER) if is_unknown and is_of_others else each


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
        is_told = between and clause.voice is Voice.OTHER and len(clause.words) <= FEW and not URGE.match(clause.words)
        is_told = is_told and not _is_of_matter(clause.words)
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
    if before.voice is Voice.TELLS and OTHER.match(before.words) and not _I_ACT.match(before.words):
        return False
    near = before.voice is Voice.TELLS and len(clause.words) <= FEW
    return before.voice in _OWN and (near or not _names_a_subject(clause.words))


def _opens_on_oneself(clause: Clause) -> bool:
    """Whether a later sentence begins to tell what happened and not to whom: the offence is told of in the first."""
    return (
        clause.voice is Voice.PLAIN
        and bool(_HAPPENED.search(clause.words))
        and not OFFENCE.search(clause.words)
        and _does(*_begin(clause.words))
    )


def _does(word: str, kind: str) -> bool:
    return kind.startswith("v") and word not in said.NO_DOINGS


def _names_a_subject(words: str) -> bool:
    return _begin(words)[1].startswith(_THINGS)


def _begin(words: str) -> tuple[str, str]:
    """The first word that is not of time or manner, and its kind."""
    found = (each for each in tagged(words) if each[1].startswith((*_THINGS, *_DOINGS)))
    return next(found, ("", ""))


def _same_length(text: str) -> str:
    # 嗰 has a simplified form that nobody writes.
    plain = simplified(text).replace("𠮶", "嗰")
    return plain if len(plain) == len(text) else text
