"""Words that say danger is now, from a table: which number is shown first, with which text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from kernel.chinese import normalise, simplified
from kernel.errors import Invalid

TABLE = Path(__file__).resolve().parent / "data" / "emergency.yaml"
# A long letter that tells of a danger nowhere says it is happening now: it is told of, not called for.
LETTER = 120
_NEAR = 40
_NOW = re.compile(
    r"现在(?!正?[直值])|而家|依家|正在(?:着|起|冒|打|漏|流)|刚刚|刚才|啱啱|马上来|快来|快派|救命|赶紧来|急[!！]"
)


# Where a clause ends. People on a phone write a space where a comma belongs.
_CLAUSE_END = re.compile(r"[，。！？；,.!?;\n ]")
_TITLE = re.compile(r"《[^》]*》")
_NAMED = re.compile(r"<([a-z_]+)>")
_NOTHING = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Telling:
    """What shows that a danger is only told of: past, supposed, denied, asked about. One regular expression a place.

    ``prevented`` and ``before`` are searched from the start of the clause to the danger, ``clause`` to its end,
    ``after`` from there to the end of the clause, ``text`` anywhere. Words of ``now`` outweigh all but ``prevented``.
    """

    now: re.Pattern[str] = _NOTHING
    prevented: re.Pattern[str] = _NOTHING
    clause: re.Pattern[str] = _NOTHING
    before: re.Pattern[str] = _NOTHING
    after: re.Pattern[str] = _NOTHING
    text: re.Pattern[str] = _NOTHING

    def only_told(self, text: str, danger: re.Match[str]) -> bool:
        """Whether ``danger``, found in ``text``, is told of and not happening."""
        start, end = _clause(text, danger)
        ahead = text[start : danger.start()]
        if self.prevented.search(ahead):
            return True
        if self.now.search(text, start, end):
            return False
        return bool(
            self.clause.search(text, start, danger.end())
            or self.before.search(ahead)
            or self.after.search(text[danger.end() : end])
        )

    def is_question(self, text: str) -> bool:
        """Whether the whole ``text`` asks about rules, training or money, and nothing is happening."""
        return bool(self.text.search(text)) and not self.now.search(text)


@dataclass(frozen=True, slots=True)
class Emergency:
    """One rule of the table. ``person``: somebody is called in; ``crisis``: nothing but this text and the person."""

    id: str
    number: str
    text: str
    urgency: str
    person: bool
    crisis: bool
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]
    telling: Telling = Telling()

    def fires(self, text: str) -> bool:
        """Whether ``text`` (normalised) speaks of this danger."""
        return bool(self.words(text))

    def words(self, text: str) -> str:
        """The words of ``text`` (normalised) that speak of this danger; empty when none do."""
        for pattern in self.patterns:
            for match in pattern.finditer(text):
                if self._happens(text, match):
                    return "" if any(p.search(text) for p in self.unless) else match.group()
        return ""

    def _happens(self, text: str, match: re.Match[str]) -> bool:
        # Who speaks of ending their life is heard whatever the grammar: only what shall be prevented is left out.
        if self.crisis:
            return not self.telling.prevented.search(text[_clause(text, match)[0] : match.start()])
        return not self.telling.only_told(text, match)


@cache
def load_emergencies(path: Path = TABLE) -> tuple[Emergency, ...]:
    """The rules that come with the program, in their order; Invalid when one is broken."""
    table = yaml.safe_load(path.read_text("utf-8"))
    return read_table(table["rules"], table["words"], table["spoken_of"])


def read_table(
    rows: Sequence[Mapping[str, object]],
    words: Mapping[str, str] | None = None,
    spoken_of: Mapping[str, object] | None = None,
) -> tuple[Emergency, ...]:
    """The rules of a decoded table in its order; Invalid names the broken one.

    ``words``: what ``<name>`` stands for in a pattern. ``spoken_of``: the patterns of Telling, each text or a list.
    """
    named = words or {}
    try:
        telling = _telling(spoken_of, named) if spoken_of else Telling()
    except (KeyError, TypeError, re.error) as error:
        raise Invalid({"spoken_of": "emergency_rule_broken"}, code="emergency_table") from error
    return tuple(_rule(row, named, telling) for row in rows)


def emergencies_in(text: str, table: Sequence[Emergency]) -> tuple[Emergency, ...]:
    """Every rule that fires, in the order of the table; the number of the first is the one to call first."""
    plain = _TITLE.sub("《》", normalise(text))
    near = plain if len(plain) <= LETTER else _what_is_near_now(plain)
    fired = tuple(rule for rule in table if rule.fires(plain if rule.crisis else near))
    if fired and fired[0].telling.is_question(plain):
        return tuple(rule for rule in fired if rule.crisis)
    return fired


def _what_is_near_now(letter: str) -> str:
    """The parts of a long text around the words that say it is happening now: the first such place and the last."""
    found = [(match.start(), match.end()) for match in _NOW.finditer(letter)]
    if len(found) > 2:
        found = [found[0], found[-1]]
    parts: list[tuple[int, int]] = []
    for start, end in found:
        if parts and start - _NEAR <= parts[-1][1]:
            parts[-1] = (parts[-1][0], end + _NEAR)
        else:
            parts.append((max(start - _NEAR, 0), end + _NEAR))
    return "\n".join(letter[start:end] for start, end in parts)


def _clause(text: str, match: re.Match[str]) -> tuple[int, int]:
    start = max((end.end() for end in _CLAUSE_END.finditer(text, 0, match.start())), default=0)
    end = _CLAUSE_END.search(text, match.end())
    return start, end.start() if end else len(text)


def _telling(given: Mapping[str, object], named: Mapping[str, str]) -> Telling:
    def one(place: str) -> re.Pattern[str]:
        rows = given[place]
        return _compiled("|".join(rows) if isinstance(rows, list) else str(rows), named)

    return Telling(one("unless"), one("prevented"), one("clause"), one("before"), one("after"), one("text"))


def _rule(row: Mapping[str, object], named: Mapping[str, str], telling: Telling) -> Emergency:
    try:
        return Emergency(
            id=str(row["id"]),
            number=str(row["number"]),
            text=str(row["text"]),
            urgency=str(row["urgency"]).lower(),
            person=bool(row["person"]),
            crisis=bool(row["crisis"]),
            patterns=_patterns(row["patterns"], named),
            unless=_patterns(row["unless"], named),
            telling=telling,
        )
    except (KeyError, TypeError, re.error) as error:
        raise Invalid({str(row.get("id", "?")): "emergency_rule_broken"}, code="emergency_table") from error


def _patterns(given: object, named: Mapping[str, str]) -> tuple[re.Pattern[str], ...]:
    if not isinstance(given, list):
        raise TypeError("a list of patterns")
    return tuple(_compiled(str(each), named) for each in given)


def _compiled(pattern: str, named: Mapping[str, str]) -> re.Pattern[str]:
    """``pattern`` with its ``<name>``s filled in, names within names too; KeyError for one nobody gave."""
    while _NAMED.search(pattern):
        pattern = _NAMED.sub(lambda name: named[name.group(1)], pattern)
    # The text is simplified before it is searched, so that a character of Cantonese may have become another.
    return re.compile(simplified(pattern), re.IGNORECASE)
