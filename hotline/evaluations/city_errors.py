"""Writes every row that was judged wrong: what was expected, what was given, and why, for a person to look at."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from hotline.assembly import Assembled
from hotline.evaluations.city_complaints import Decided
from hotline.evaluations.city_questions import Replied

COLUMNS = ("set", "row", "text", "taken_as", "wrong", "expected", "given", "by_itself", "why")

Row = Mapping[str, str | int]


def write_errors(path: Path, assembled: Assembled, decided: Sequence[Decided], replied: Sequence[Replied]) -> None:
    """One line for each wrong row of both sets, as UTF-8 that spreadsheets open as such."""
    names = _Names(assembled)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(_of_complaints(decided, names))
        writer.writerows(_of_questions(replied))


def _of_complaints(decided: Sequence[Decided], names: "_Names") -> Iterator[Row]:
    for each in decided:
        wrong = list(each.wrong())
        if wrong:
            yield {
                "set": "complaints",
                "row": each.told.row,
                "text": each.told.text,
                "taken_as": each.taken_as.label,
                "wrong": "|".join(what for what, _, _ in wrong),
                "expected": "|".join(names.of(what, code) for what, code, _ in wrong),
                "given": "|".join(names.of(what, code) for what, _, code in wrong),
                "by_itself": "yes" if each.by_itself else "",
                "why": "；".join(each.why),
            }


def _of_questions(replied: Sequence[Replied]) -> Iterator[Row]:
    for each in replied:
        missed = bool(each.asked.entries) and each.asked.entries.isdisjoint(each.found)
        wrong = [*([] if each.is_right else [each.outcome.value]), *(["not_found"] if missed else [])]
        if wrong:
            yield {
                "set": "questions",
                "row": each.asked.row,
                "text": each.asked.text,
                "taken_as": each.taken_as.label,
                "wrong": "|".join(wrong),
                "expected": "|".join(sorted(each.asked.entries)),
                "given": "|".join(each.shown),
                "by_itself": "",
                "why": "；".join(each.why),
            }


class _Names:
    """Codes with their names beside them."""

    def __init__(self, assembled: Assembled) -> None:
        rooms = assembled.rooms
        lookup = rooms.directory.lookup
        self._of: Mapping[str, Callable[[str], str]] = {
            "leaf": rooms.ticketing.queries.matter_name,
            "area": lambda code: lookup.area(code).name,
            "unit": lambda code: lookup.unit(code).name,
        }

    def of(self, what: str, code: str) -> str:
        """The code and its name; a dash for none."""
        return f"{code} {self._of[what](code)}" if code else "-"
