"""``evaluate duplicates`` and ``evaluate topics``: figures by hand, and what is said of wrong files."""

import csv
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from analytics.room import Topic
from hotline.__main__ import main as command
from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.grouping import b_cubed, ranks, time_of
from kernel.settings import Settings

HEADER = ("id", "text", "time", "place", "event")
ROWS = [
    ("1", "青禾市场门口占道经营\n车过不去", "2026/3/1 9:05:00", "", "市场"),
    ("2", "云溪小区停水两天了", "2026-03-02 10:00:00", "", "停水"),
    ("3", "青禾市场占道经营没人管", "2026/3/3 8:00", "", "市场"),
    ("4", "北岭路的路灯不亮", "2026-03-04", "", ""),
    ("5", "青禾市场又占道经营了", "2026-03-05T08:00:00", "", "市场"),
]


def written(path: Path, rows: list[tuple[str, ...]], header: tuple[str, ...] = HEADER) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


async def figures_of(name: str, path: str, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    await main(Settings(), parser().parse_args(["evaluate", name, "--input", path]))
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    figures: dict[str, Any] = msgspec.json.decode(line)
    return figures


def test_b_cubed_is_the_mean_over_labelled_rows() -> None:
    """By hand: a a b | a and an unlabelled row. Precision 2/3, 2/3, 1/3, 1; recall 2/3, 2/3, 1, 1/3; both 2/3."""
    rows = [(1, "a"), (1, "a"), (1, "b"), (2, "a"), (2, "")]
    assert list(b_cubed(rows)) == pytest.approx([2 / 3] * 3, abs=1e-4)


def test_b_cubed_of_rows_all_alone_is_precise_and_recalls_itself() -> None:
    assert b_cubed([(1, "a"), (2, "a")]) == (1.0, 0.5, 0.6667)


def test_an_event_stands_where_most_of_it_is() -> None:
    at = datetime(2026, 1, 1)  # noqa: DTZ001 - as a file says it
    found = [Topic((0, 1), at, at + timedelta(1), 9.0), Topic((2, 3, 4), at, at, 5.0)]
    assert ranks(found, ["甲", "", "甲", "甲", "", "乙"]) == {"甲": 2, "乙": None}


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026/3/1 9:05:00", datetime(2026, 3, 1, 9, 5)),  # noqa: DTZ001
        ("2026-03-01 09:05", datetime(2026, 3, 1, 9, 5)),  # noqa: DTZ001
        ("2026-03-01T09:05:07.5", datetime(2026, 3, 1, 9, 5, 7)),  # noqa: DTZ001
        ("2026年3月1日", datetime(2026, 3, 1)),  # noqa: DTZ001
    ],
)
def test_times_are_read_as_they_are_written(text: str, at: datetime) -> None:
    assert time_of(text) == at


async def test_duplicates_are_judged_over_the_labelled_rows(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = await figures_of("duplicates", written(tmp_path / "events.csv", list(ROWS)), capsys)
    assert (figures["rows"], figures["labelled"], figures["events"]) == (5, 4, 2)
    assert (figures["precision"], figures["recall"], figures["f1"]) == (1.0, 1.0, 1.0)
    assert (figures["groups"], figures["in_groups"]) == (1, 3)


async def test_topics_say_where_each_event_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The event one person told is no topic."""
    figures = await figures_of("topics", written(tmp_path / "events.csv", list(ROWS)), capsys)
    assert figures["ranks"] == {"市场": 1, "停水": None}
    assert (figures["topics"], figures["among_hottest_20"], figures["events"]) == (1, 1, 2)


@pytest.mark.parametrize("name", ["duplicates", "topics"])
@pytest.mark.parametrize(
    ("rows", "header", "said_of_it"),
    [
        ([], HEADER, "events.csv"),
        (list(ROWS), ("id", "text", "when", "place", "event"), "events.csv:1:time"),
        ([("1", "甲", "昨天", "", "乙")], HEADER, "events.csv:id 1:time"),
        ([("1", "甲", "2026/13/1", "", "乙")], HEADER, "events.csv:id 1:time"),
        ([("1", "甲", "2026/1/1", "", "")], HEADER, "events.csv:event"),
    ],
)
def test_a_wrong_file_is_named_and_nothing_is_judged(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    name: str,
    rows: list[tuple[str, ...]],
    header: tuple[str, ...],
    said_of_it: str,
) -> None:
    assert command(["evaluate", name, "--input", written(tmp_path / "events.csv", rows, header)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert said_of_it in err
