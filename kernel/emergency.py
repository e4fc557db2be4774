"""Words that say danger is now, from a table: which number is shown first, with which text."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from kernel.chinese import normalise
from kernel.errors import Invalid

TABLE = Path(__file__).resolve().parent / "data" / "emergency.yaml"
# A long letter that tells of a danger nowhere says it is happening now: it is told of, not called for.
LETTER = 120
_NOW = re.compile(
    r"现在(?!正?[直值])|而家|依家|正在(?:着|起|冒|打|漏|流)|刚刚|刚才|啱啱|马上来|快来|快派|救命|赶紧来|急[!！]"
)


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

    def fires(self, text: str) -> bool:
        """Whether ``text`` (normalised) speaks of this danger."""
        return bool(self.words(text))

    def words(self, text: str) -> str:
        """The words of ``text`` (normalised) that speak of this danger; empty when none do."""
        found = next((match for p in self.patterns if (match := p.search(text))), None)
        return found.group() if found and not any(p.search(text) for p in self.unless) else ""


@cache
def load_emergencies(path: Path = TABLE) -> tuple[Emergency, ...]:
    """The rules that come with the program, in their order; Invalid when one is broken."""
    return read_table(yaml.safe_load(path.read_text("utf-8"))["rules"])


def read_table(rows: Sequence[Mapping[str, object]]) -> tuple[Emergency, ...]:
    """The rules of a decoded table in its order; Invalid names the broken one."""
    return tuple(_rule(row) for row in rows)


def emergencies_in(text: str, table: Sequence[Emergency]) -> tuple[Emergency, ...]:
    """Every rule that fires, in the order of the table; the number of the first is the one to call first."""
    plain = normalise(text)
    fired = tuple(rule for rule in table if rule.fires(plain))
    if len(plain) <= LETTER or _NOW.search(plain):
        return fired
    return tuple(rule for rule in fired if rule.crisis)


def _rule(row: Mapping[str, object]) -> Emergency:
    try:
        return Emergency(
            id=str(row["id"]),
            number=str(row["number"]),
            text=str(row["text"]),
            urgency=str(row["urgency"]).lower(),
            person=bool(row["person"]),
            crisis=bool(row["crisis"]),
            patterns=_patterns(row["patterns"]),
            unless=_patterns(row["unless"]),
        )
    except (KeyError, TypeError, re.error) as error:
        raise Invalid({str(row.get("id", "?")): "emergency_rule_broken"}, code="emergency_table") from error


def _patterns(given: object) -> tuple[re.Pattern[str], ...]:
    if not isinstance(given, list):
        raise TypeError("a list of patterns")
    return tuple(re.compile(str(each), re.IGNORECASE) for each in given)
