"""Whoever writes of a danger reads the number to call before anything else, in every channel that sends text."""

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.assistant import warning
from channels.rules.rendering import cut, plain_text
from kernel.emergency import emergencies_in, load_emergencies
from kernel.messages import Address
from tests.channels.world import outbound

SETS = Path(__file__).parents[1] / "kernel" / "emergencies"
TABLE = load_emergencies()
# What one short message holds.
SMS = 70
CITIZEN, NOW = Address("web", "main", "u1"), datetime(2026, 3, 16, 2, 0, tzinfo=UTC)


def deadly() -> list[tuple[str, str]]:
    """Sentences of what threatens a life now, each with the numbers that are right."""
    found = []
    for file in sorted(SETS.glob("raising*.csv")):
        with file.open(encoding="utf-8", newline="") as lines:
            found += [(row["text"], row["number"]) for row in csv.DictReader(lines) if row["urgency"] == "p0"]
    return found


@pytest.mark.parametrize(("text", "numbers"), deadly())
def test_the_first_line_is_the_right_number_and_the_first_message_holds_it(text: str, numbers: str) -> None:
    said = warning(emergencies_in(text, TABLE))
    first = said.split("\n", maxsplit=1)[0]
    assert first in {f"【请立即拨打 {number}】" for number in numbers.split("|")}
    message = plain_text(outbound(CITIZEN, said, NOW), "http://127.0.0.1:12345")
    for limit in (SMS, 2000):
        assert cut(message, limit, len)[0].startswith(first)


def test_words_of_ending_ones_life_get_their_own_text_and_no_number_is_shouted() -> None:
    said = warning(emergencies_in("做人好冇意思，我想死", TABLE))
    assert said == next(rule.text for rule in TABLE if rule.crisis)
    assert "12356" in said
