"""``evaluate duplicates`` and ``evaluate topics``: messages about one event found together, and ranked by heat."""

import argparse
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

from analytics.room import Topic, hot_topics
from hotline.evaluations.evaluation import Evaluation, Figures
from hotline.evaluations.labelled_rows import digest_of, read_rows
from kernel.errors import Invalid
from kernel.grouping import Message, group
from kernel.settings import Settings

COLUMNS = ("id", "text", "time", "place", "event")
REQUIRED = ("id", "text", "time")
HOTTEST = 20
_PARTS = re.compile(r"[-/T :.年月日时分秒]+")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A message, and the name of its event; empty where nobody has said."""

    message: Message
    event: str


async def duplicates(_settings: Settings, given: argparse.Namespace) -> Figures:
    """Group all rows and judge the labelled ones; Invalid for a file without columns, rows or a label."""
    rows = read_messages(given.input)
    began = perf_counter()
    groups = group([row.message for row in rows])
    seconds = perf_counter() - began
    precision, recall, f1 = b_cubed([(found, row.event) for found, row in zip(groups, rows, strict=True)])
    sizes = Counter(groups)
    return {
        "rows": len(rows),
        "labelled": sum(bool(row.event) for row in rows),
        "events": len({row.event for row in rows} - {""}),
        "groups": sum(n > 1 for n in sizes.values()),
        "in_groups": sum(n for n in sizes.values() if n > 1),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "seconds": round(seconds, 2),
        "digest": digest_of(given.input),
    }


async def topics(_settings: Settings, given: argparse.Namespace) -> Figures:
    """Rank the topics of all rows and say where each labelled event stands; Invalid as above."""
    rows = read_messages(given.input)
    began = perf_counter()
    found = hot_topics([row.message for row in rows])
    seconds = perf_counter() - began
    events = [row.event for row in rows]
    standing = ranks(found, events)
    grouping = {place: number for number, topic in enumerate(found) for place in topic.messages}
    alone = [(grouping.get(place, -1 - place), event) for place, event in enumerate(events)]
    precision, recall, f1 = b_cubed(alone)
    return {
        "rows": len(rows),
        "topics": len(found),
        "ranks": standing,
        "among_hottest_20": sum(rank is not None and rank <= HOTTEST for rank in standing.values()),
        "events": len(standing),
        "precision": precision,
        "recall": recall,
        "f1": f1,
        "seconds": round(seconds, 2),
        "digest": digest_of(given.input),
    }


def read_messages(path: Path) -> list[Labelled]:
    """The rows of a file; Invalid names what is missing, a time that is none, and a file without any label."""
    rows = read_rows(path, COLUMNS, REQUIRED)
    wrong: dict[str, str] = {}
    found = []
    for row in rows:
        try:
            at = time_of(row["time"])
        except ValueError:
            wrong[f"{path.name}:id {row['id']}:time"] = "no_time"
            continue
        found.append(Labelled(Message(row["text"], at, row["place"]), row["event"]))
    if wrong:
        raise Invalid(wrong, code="set_wrong")
    if not any(row.event for row in found):
        raise Invalid({f"{path.name}:event": "no_labelled_row"}, code="set_wrong")
    return found


def time_of(text: str) -> datetime:
    """A time written as 2026/1/2 3:04:05, 2026-01-02 03:04 or 2026年1月2日; ValueError for what is none."""
    parts = [int(part) for part in _PARTS.split(text.strip().removesuffix("Z")) if part]
    if len(parts) < len(("year", "month", "day")):
        raise ValueError(text)
    year, month, day, hour, minute, second = (*parts[:6], 0, 0, 0)[:6]
    return datetime(year, month, day, hour, minute, second)  # noqa: DTZ001 - the file says no zone, only distances count


def b_cubed(rows: Sequence[tuple[int, str]]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 over the labelled rows of (group, event).

    A row's precision is the share of its event among the labelled rows of its group, its recall the share of its group
    among the rows of its event, itself included; both are averaged over rows.
    """
    told = [(found, event) for found, event in rows if event]
    groups, events = Counter(found for found, _ in told), Counter(event for _, event in told)
    both = Counter(told)
    precision = sum(both[row] / groups[row[0]] for row in told) / len(told)
    recall = sum(both[row] / events[row[1]] for row in told) / len(told)
    return round(precision, 4), round(recall, 4), round(2 * precision * recall / (precision + recall), 4)


def ranks(found: Sequence[Topic], events: Sequence[str]) -> Mapping[str, int | None]:
    """Where each event stands: the hotness rank of the topic that holds the most of its rows; None if none does."""
    standing: dict[str, int | None] = {}
    for event in sorted(set(events) - {""}):
        held = [sum(events[place] == event for place in topic.messages) for topic in found]
        most = max(held, default=0)
        standing[event] = held.index(most) + 1 if most else None
    return standing


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    help_text = "评测用 CSV（列 id,text,time,place,event；event 为空表示未标注）"
    parser.add_argument("--input", type=Path, required=True, metavar="FILE", help=help_text)


DUPLICATES = Evaluation("duplicates", "评测同一事件来件的归并（B-cubed）", _add_arguments, duplicates)
TOPICS = Evaluation("topics", "评测热点排序：各标注事件排第几", _add_arguments, topics)
