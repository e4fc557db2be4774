"""Finds our codes for the names another system uses."""

import re
from collections.abc import Iterable, Mapping

from kernel.chinese import normalise

_NOT_WORD_LIKE = re.compile(r"[\W_]+")
_LEVELS = re.compile(r"\s*(?:[/\\>＞→|｜]+|-+|—+|－+)\s*")


class Names:
    """Codes by every name they go by. A name that means two codes means none."""

    def __init__(self, named: Iterable[tuple[str, Iterable[str]]], own: Mapping[str, str]) -> None:
        """``named`` gives code and names; ``own`` is the mapping of the other system's words, which goes before."""
        self._codes: dict[str, str] = {}
        doubtful: set[str] = set()
        for code, names in named:
            self._codes[code.lower()] = code
            for name in {plain(name) for name in names} - {""}:
                if self._codes.setdefault(name, code) != code:
                    doubtful.add(name)
        for name in doubtful:
            del self._codes[name]
        self._own = {plain(name): code for name, code in own.items()}
        self._known = frozenset(self._codes.values())

    def code(self, said: str) -> str:
        """The code of a name, of the last level of one that is a path; empty when nothing matches."""
        if not said:
            return ""
        whole = plain(said)
        if whole in self._own:
            return self._own[whole]
        for name in (said.strip().lower(), whole, plain(_LEVELS.split(said.strip())[-1])):
            if name in self._codes:
                return self._codes[name]
        return ""

    def unknown(self) -> list[tuple[str, str]]:
        """The names of the mapping whose code there is not."""
        return [(name, code) for name, code in self._own.items() if code and code not in self._known]


def plain(name: str) -> str:
    """A name without what people write differently: width, script, case, spaces, punctuation."""
    return _NOT_WORD_LIKE.sub("", normalise(name).lower())
