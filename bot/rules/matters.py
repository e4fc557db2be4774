"""Tells several matters in one message apart, each in the citizen's own words."""

import re

from bot.rules.grievance import asks_a_way, is_grievance, says_enough, substance

# Numbered: "一、…二、…", "1. …", "①", "一是…", "第一…". What stands before the first number holds for all of them.
_NUMBERED = re.compile(
    r"(?:^|(?<=[，,。；;：:\n!！?？\s]))(?:[(（]?[一二三四1-4][)）]|[一二三四1-4](?:[、．]|\.(?!\d))|[一二三四]是|第[一二三四][个件]?(?:事|点)?(?:是)?[，,：:]?|[①②③④])"
)
# Joined: "另外…", "还有就是…", "仲有…", "顺便投诉…".
_JOINED = re.compile(
    r"(?:^|(?<=[，,。；;\n!！?？\s]))(?:另外|此外|另一[个件]事?(?:是)?|还有(?:一件事|一个问题|个事|就是)?|仲有(?:一样|件事)?|"
    r"顺便(?:投诉|反映|说|讲)|同时(?:投诉|反映)|再(?:投诉|反映)(?:一个|一件)?)[，,：:]?"
)
_EDGES = " ，,。；;：:、！!\n"
_CLAUSE = re.compile(r"[^，,。；;！!？?\n]+[？?]?")
LONGEST, SHORTEST, MOST, MOST_ASKED = 300, 5, 4, 3
_LETTERS = re.compile(r"[\W_]+")


def matters_in(text: str) -> tuple[str, ...]:
    """What holds for all (it may be empty) and then the matters, two to four; nothing when it is one matter."""
    if len(text) > LONGEST:
        return ()
    numbered = _pieces(text, _NUMBERED)
    if len(numbered) > 2 and all(says_enough(each) for each in numbered[1:]):
        return _few(numbered)
    joined = [each for each in _pieces(text, _JOINED) if each]
    if len(joined) > 1 and all(_is_long_enough(each) and is_grievance(each) for each in joined):
        return _few(["", *joined])
    return ()


def questions_in(text: str) -> tuple[tuple[str, ...], str]:
    """The questions of a message that stand by themselves, and what else it tells; none where it is one question or
    one story."""
    if len(text) > LONGEST:
        return (), text
    pieces = [piece.strip(_EDGES) for each in _CLAUSE.findall(text) for piece in _pieces(each, _JOINED)]
    pieces = [piece for piece in pieces if piece]
    asked = [piece for piece in pieces if _is_question(piece)]
    rest = "，".join(piece for piece in pieces if piece not in asked)
    if not 0 < len(asked) <= MOST_ASKED or not (len(asked) > 1 or says_enough(rest)):
        return (), text
    return tuple(asked), rest


def _is_question(piece: str) -> bool:
    return len(_LETTERS.sub("", piece)) >= SHORTEST and asks_a_way(piece) and not is_grievance(piece)


def _few(pieces: list[str]) -> tuple[str, ...]:
    return tuple(pieces) if 3 <= len(pieces) <= MOST + 1 else ()


def _pieces(text: str, mark: re.Pattern[str]) -> list[str]:
    """What stands before the first mark and after each."""
    cuts = list(mark.finditer(text))
    starts, ends = [0, *(cut.end() for cut in cuts)], [*(cut.start() for cut in cuts), len(text)]
    return [text[start:end].strip(_EDGES) for start, end in zip(starts, ends, strict=True)]


def _is_long_enough(piece: str) -> bool:
    return says_enough(piece) and len(_LETTERS.sub("", substance(piece))) >= SHORTEST
