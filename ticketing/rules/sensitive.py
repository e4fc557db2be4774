"""Sensitive words: lists of what somebody must look at, found in a text however it is spaced, pointed or written.

A text is folded first (width, script, case; whatever is no letter falls away) so that 跳 楼 and 跳。楼 are found; a hit
that begins or ends inside another word is none (上访谈节目 speaks of 访谈). What is found only ever raises.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from kernel.chinese import is_ordinary_word, normalise, simplified, words
from kernel.errors import Invalid
from kernel.labels import Labelled
from ticketing.model.labels import Flag, Secrecy, TicketKind, Urgency, WordEffect, WordKind
from ticketing.model.ticket import SensitiveHit, Ticket
from ticketing.rules.limits import rank

LONGEST_WORD, SHORTEST_WORD = 30, 2
MOST_EXCEPTIONS = 30
MOST_SUPERVISION = 3
LONGEST_NOTE = 200
# A * in a word stands for so many letters at most, never for the end of a sentence.
GAP = 6
LOOK_AROUND = 14
MOST_HITS = 20

OF_KIND: dict[WordKind, Flag] = {WordKind.GROUP: Flag.GROUP, WordKind.MEDIA: Flag.MEDIA, WordKind.MINOR: Flag.MINOR}
ON_TICKETS = frozenset(WordEffect) - {WordEffect.WARN_REPLY}
_NOT_A_LETTER = re.compile(r"[\W_]")
_END_OF_SENTENCE = frozenset("。！？!?；;\n")


class WordState(Labelled):
    """Whether a word is looked for."""

    ACTIVE = "active", "启用"
    OFF = "off", "停用"


@dataclass(frozen=True, slots=True)
class SensitiveWord:
    """One entry of the lists. ``word`` may hold * for a few letters; ``exceptions`` are phrases within which it says
    nothing; ``supervision`` and ``urgency`` are how far it raises where its effects say so."""

    id: str
    kind: WordKind
    word: str
    effects: frozenset[WordEffect]
    supervision: int = 0
    urgency: Urgency | None = None
    exceptions: tuple[str, ...] = ()
    active: bool = True
    note: str = ""
    by: str = ""
    at: datetime | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A word found, and where in the text as it was written."""

    word: SensitiveWord
    start: int
    end: int

    def kept(self, at: datetime) -> SensitiveHit:
        """What the ticket keeps of it."""
        word = self.word
        return SensitiveHit(word.word, word.kind, word.effects & ON_TICKETS, at, word.supervision, word.urgency)


@dataclass(frozen=True, slots=True)
class Raised:
    """What the hits make of a ticket; equal to the ticket's own where they raise nothing."""

    flags: frozenset[Flag]
    secrecy: Secrecy
    urgency: Urgency
    supervision: int


# -- what an entry must be ------------------------------------------------------------------------------


def checked(word: SensitiveWord) -> SensitiveWord:
    """The entry as it is kept; Invalid names every wrong field."""
    wrong: dict[str, str] = {}
    written = word.word.strip()
    folded = fold(written.replace("*", ""))[0]
    if not written:
        wrong["word"] = "required"
    elif len(folded) < SHORTEST_WORD:
        wrong["word"] = "too_short"
    elif len(written) > LONGEST_WORD:
        wrong["word"] = "too_long"
    elif written.startswith("*") or written.endswith("*") or "**" in written or not fold(written.split("*")[0])[0]:
        wrong["word"] = "star_inside"
    exceptions = tuple(dict.fromkeys(each.strip() for each in word.exceptions if each.strip()))
    if len(exceptions) > MOST_EXCEPTIONS or any(len(each) > LONGEST_WORD for each in exceptions):
        wrong["exceptions"] = "too_long"
    elif "*" not in written and any(folded not in fold(each)[0] for each in exceptions):
        wrong["exceptions"] = "holds_not_the_word"
    if not word.effects:
        wrong["effects"] = "required"
    if WordEffect.SUPERVISE in word.effects and not 1 <= word.supervision <= MOST_SUPERVISION:
        wrong["supervision"] = "out_of_range"
    if WordEffect.URGENCY in word.effects and word.urgency is None:
        wrong["urgency"] = "required"
    if len(word.note) > LONGEST_NOTE:
        wrong["note"] = "too_long"
    if wrong:
        raise Invalid(wrong)
    return replace(
        word,
        word=written,
        exceptions=exceptions,
        note=word.note.strip(),
        supervision=word.supervision if WordEffect.SUPERVISE in word.effects else 0,
        urgency=word.urgency if WordEffect.URGENCY in word.effects else None,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A line that was pasted: the word and its exceptions."""

    number: int
    word: str
    exceptions: tuple[str, ...]


def pasted(text: str) -> tuple[Line, ...]:
    """Lines of ``词`` or ``词 | 例外、例外``; empty ones and those that begin with # are left out."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.strip().startswith("#"):
            continue
        word, _, rest = re.sub(r"[\t｜]", "|", line).partition("|")
        parts = tuple(each.strip() for each in re.split(r"[、,，;；|]", rest) if each.strip())
        found.append(Line(number, word.strip(), parts))
    return tuple(found)


# -- finding --------------------------------------------------------------------------------------------


def fold(text: str) -> tuple[str, tuple[int, ...]]:
    """The letters alone, simplified, narrow and small, each with its place in ``text``."""
    flat = simplified(text)
    # A phrase may change its length with its script; then every character is taken by itself.
    if len(flat) != len(text):
        flat = "".join(simplified(char)[:1] or " " for char in text)
    letters: list[str] = []
    places: list[int] = []
    for place, char in enumerate(flat):
        plain = char if "\u4e00" <= char <= "\u9fff" else normalise(char).lower()
        for letter in plain:
            if not _NOT_A_LETTER.match(letter):
                letters.append(letter)
                places.append(place)
    return "".join(letters), tuple(places)


@dataclass(frozen=True, slots=True)
class _Sought:
    word: SensitiveWord
    folded: str
    pattern: re.Pattern[str] | None
    exceptions: tuple[str, ...] = field(default=())


class Finder:
    """The lists made ready: every place of a text costs one look by its two first letters."""

    def __init__(self, entries: Iterable[SensitiveWord]) -> None:
        self._by_start: dict[str, list[_Sought]] = defaultdict(list)
        for entry in entries:
            if entry.active:
                sought = _sought(entry)
                self._by_start[sought.folded[:2]].append(sought)

    def find(self, text: str, effects: frozenset[WordEffect] = frozenset(WordEffect)) -> tuple[Hit, ...]:
        """Every word with one of ``effects``, each once, where it stands first."""
        if not self._by_start:
            return ()
        folded, places = fold(text)
        found: dict[str, Hit] = {}
        for at in range(len(folded)):
            starts = (folded[at : at + 2], folded[at : at + 1])
            for sought in (each for start in starts for each in self._by_start.get(start, ())):
                if sought.word.id in found or sought.word.effects.isdisjoint(effects):
                    continue
                end = _end_of(sought, folded, at)
                if end is None or _is_excepted(sought, folded, at, end):
                    continue
                hit = Hit(sought.word, places[at], places[end - 1] + 1)
                if _stands_alone(text, hit):
                    found[sought.word.id] = hit
            if len(found) >= MOST_HITS:
                break
        return tuple(found.values())


def _sought(entry: SensitiveWord) -> _Sought:
    parts = [fold(part)[0] for part in entry.word.split("*")]
    pattern = re.compile(f".{{0,{GAP}}}?".join(map(re.escape, parts))) if len(parts) > 1 else None
    return _Sought(entry, parts[0] if pattern else "".join(parts), pattern, tuple(fold(e)[0] for e in entry.exceptions))


def _end_of(sought: _Sought, folded: str, at: int) -> int | None:
    if sought.pattern is not None:
        match = sought.pattern.match(folded, at)
        return match.end() if match else None
    return at + len(sought.folded) if folded.startswith(sought.folded, at) else None


def _is_excepted(sought: _Sought, folded: str, at: int, end: int) -> bool:
    """Within one of the phrases in which the word says nothing."""
    for phrase in sought.exceptions:
        first = folded.find(phrase, max(0, end - len(phrase)))
        while 0 <= first <= at:
            if end <= first + len(phrase):
                return True
            first = folded.find(phrase, first + 1)
    return False


def _stands_alone(text: str, hit: Hit) -> bool:
    """Whether a hit begins and ends where words do; what is written apart must be so at both its ends."""
    inside = text[hit.start : hit.end]
    if "*" in hit.word.word:
        return not any(char in _END_OF_SENTENCE for char in inside)
    if inside.isascii():
        around = text[max(0, hit.start - 1) : hit.start] + text[hit.end : hit.end + 1]
        return not any(char.isascii() and char.isalnum() for char in around)
    begin = max(0, hit.start - LOOK_AROUND)
    window = text[begin : hit.end + LOOK_AROUND]
    flat = simplified(window)
    if len(flat) != len(window):
        flat = window
    start, end, at = hit.start - begin, hit.end - begin, 0
    for word in words(flat):
        after = at + len(word)
        if at < start < after and not _parts(word, start - at, min(end, after) - at):
            return False
        if at < end < after and not _parts(word, max(start, at) - at, end - at):
            return False
        at = after
    return True


def _parts(word: str, start: int, end: int) -> bool:
    """Whether a longer word is the hit with other whole words around it: 集体上访 is 集体 and 上访."""
    before, after = word[:start], word[end:]
    return all(not part or (len(part) > 1 and is_ordinary_word(part)) for part in (before, after))


# -- what follows ---------------------------------------------------------------------------------------


def raised(ticket: Ticket, hits: Sequence[SensitiveHit]) -> Raised:
    """What ``hits`` make of the ticket: never less than it is."""
    flags = set(ticket.flags)
    secrecy, urgency, supervision = ticket.secrecy, ticket.urgency, ticket.supervision
    for hit in hits:
        if WordEffect.FLAG in hit.effects:
            flags |= {Flag.SENSITIVE, *([OF_KIND[hit.kind]] if hit.kind in OF_KIND else [])}
        if WordEffect.CONFIDENTIAL in hit.effects and is_guarded_less(ticket):
            secrecy = Secrecy.CONFIDENTIAL
        if hit.urgency is not None and WordEffect.URGENCY in hit.effects:
            urgency = min(urgency, hit.urgency, key=rank)
        if WordEffect.SUPERVISE in hit.effects:
            supervision = max(supervision, hit.supervision)
    return Raised(frozenset(flags), secrecy, urgency, supervision)


def is_guarded_less(ticket: Ticket) -> bool:
    """Neither confidential nor a report, which is guarded by itself."""
    return ticket.secrecy in {Secrecy.OPEN, Secrecy.NORMAL} and ticket.kind is not TicketKind.REPORT


def news(ticket: Ticket, hits: Iterable[SensitiveHit]) -> tuple[SensitiveHit, ...]:
    """Those the ticket does not have yet, also of those a person has set aside: the same word raises once."""
    known = {hit.word for hit in ticket.sensitive}
    return tuple(hit for hit in hits if hit.word not in known)


def because(hits: Sequence[SensitiveHit]) -> str:
    """因：敏感词“跳楼”（危及生命与自伤）."""
    return "因：敏感词" + "、".join(f"“{hit.word}”（{hit.kind.label}）" for hit in hits)
