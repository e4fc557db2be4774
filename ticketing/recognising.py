"""Reads what citizens write by the tables of danger and of people, and says what the hotline is to do at once."""

from collections.abc import Iterable
from pathlib import Path

import yaml

from kernel.emergency import Emergency, load_emergencies
from ticketing.model.acting import Form
from ticketing.rules.recognising import read_tellings, recognised

PEOPLE = Path(__file__).parent / "data" / "people_words.yaml"


class Recogniser:
    """The two tables, read once."""

    def __init__(self) -> None:
        self._dangers = load_emergencies()
        self._tellings = read_tellings(yaml.safe_load(PEOPLE.read_text("utf-8"))["rules"])

    def read(self, text: str) -> Form:
        """What ``text`` raises, as the form of that step."""
        return recognised(text, self._dangers, self._tellings)

    def known(self, ids: Iterable[str]) -> tuple[Emergency, ...]:
        """The dangers of some ids, the one to call first at the front."""
        wanted = set(ids)
        return tuple(each for each in self._dangers if each.id in wanted)
