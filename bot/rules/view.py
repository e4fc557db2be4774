"""A text as the finders read it, and the way back to what was said.

People put spaces, emoji and full-width digits into the middle of a date or a number; a finder must not see them, and
what it finds must still be told in the citizen's own letters.
"""

import unicodedata
from dataclasses import dataclass

from kernel.chinese import simplified
from kernel.numerals import digits

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Me", "So", "Sk"})


@dataclass(frozen=True, slots=True)
class View:
    """``text`` is simplified, of ASCII digits, without blanks and emoji; its n-th letter stood at ``at[n]``."""

    said: str
    text: str
    at: tuple[int, ...]

    @classmethod
    def of(cls, said: str) -> "View":
        """The view of what was said."""
        kept = _seen(said)
        letters = "".join(letter for letter, _ in kept)
        return cls(said, digits(_simplified(letters)), tuple(place for _, place in kept))

    def back(self, start: int, end: int) -> tuple[int, int]:
        """Where in ``said`` the stretch of ``text`` is; ``end`` is after ``start``."""
        return self.at[start], self.at[end - 1] + 1

    def told(self, start: int, end: int) -> str:
        """The same in the citizen's own letters."""
        first, last = self.back(start, end)
        return self.said[first:last].strip()


def _seen(said: str) -> list[tuple[str, int]]:
    """The letters that tell something; a blank stays only where it keeps two numbers or words apart."""
    kept: list[tuple[str, int]] = []
    for place, letter in enumerate(said):
        blank = letter.isspace() and letter != "\n"
        if blank and kept and kept[-1][0] != " ":
            kept.append((" ", place))
        elif not blank and (letter == "\n" or unicodedata.category(letter) not in _UNSEEN):
            kept.append((letter, place))
    return [each for n, each in enumerate(kept) if each[0] != " " or _keeps_apart(kept, n)]


def _keeps_apart(kept: list[tuple[str, int]], n: int) -> bool:
    around = (kept[n - 1][0] if n else "", kept[n + 1][0] if n + 1 < len(kept) else "")
    return all(unicodedata.normalize("NFKC", each).isascii() and each.isalnum() for each in around)


def _simplified(letters: str) -> str:
    """Simplified letter by letter where the whole would change its length, for the places must stay."""
    whole = simplified(letters)
    if len(whole) == len(letters):
        return whole
    return "".join(one if len(one := simplified(letter)) == 1 else letter for letter in letters)
