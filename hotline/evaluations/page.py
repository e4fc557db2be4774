"""``evaluate page``: runs the evaluations one after the other and writes their figures into the documentation's page.

What is measured by hand stands in the page's text; between ``<!-- figures: NAME -->`` and ``<!-- /figures -->`` stands
what this command found last, with its day. An evaluation that cannot be run keeps the figures it had.
"""

import argparse
import csv
import hashlib
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hotline.evaluations import city, grouping, intent, replies, routing, search
from hotline.evaluations.evaluation import Evaluation, Figures
from hotline.evaluations.labelled_rows import Row, read_rows
from kernel.clock import SystemClock
from kernel.errors import Invalid, Unavailable
from kernel.settings import Settings

# A fifth of the rows is kept from the model, by a digest of their text: the same rows whatever their order.
FOLDS = 5
SHOWN_DIGITS = 12
BESIDE = frozenset({"digests", "models", "thresholds", "counts", "evaluation"})
OPEN, CLOSE = "<!-- figures: {} -->", "<!-- /figures -->"
NOT_RUN = (Invalid, Unavailable, OSError, TimeoutError)


@dataclass(frozen=True, slots=True)
class Run:
    """One column of a table: what stands above it, the evaluation, its arguments."""

    head: str
    evaluation: Evaluation
    arguments: Sequence[str]


def _city(_shared: Path, _work: Path) -> Sequence[Run]:
    return [Run(kind, city.EVALUATION, ["--set", kind]) for kind in city.KINDS]


def _routing(shared: Path, work: Path) -> Sequence[Run]:
    files = {"matters of letters": "messages/routing_dev.csv", "departments of items": "services/item_owner_dev.csv"}
    runs = []
    for head, file in files.items():
        train, test = _parted(shared / file, work)
        runs.append(Run(head, routing.EVALUATION, ["--train", str(train), "--test", str(test)]))
    return runs


def _events(shared: Path, _work: Path) -> Sequence[Run]:
    given = ["--input", str(shared / "messages/hot_dev.csv")]
    return [Run("duplicates", grouping.DUPLICATES, given), Run("topics", grouping.TOPICS, given)]


def _replies(shared: Path, _work: Path) -> Sequence[Run]:
    given = ["--input", str(shared / "messages/replies.jsonl")]
    return [Run(f"letters, draw {seed}", replies.EVALUATION, [*given, "--seed", str(seed)]) for seed in (1, 2)]


def _intents(_shared: Path, _work: Path) -> Sequence[Run]:
    given = ["--train", "bot/rasa/data/nlu.yml", "--test", "tests/bot/intents_check.csv"]
    return [Run(engine, intent.EVALUATION, [*given, "--engine", engine]) for engine in ("local", "rasa")]


def _search(shared: Path, _work: Path) -> Sequence[Run]:
    runs: list[Run] = []
    for head, folder in (("services", "services"), ("policy", "policy_qa")):
        files = [
            "--corpus",
            str(shared / folder / "docs.jsonl"),
            "--queries",
            str(shared / folder / "queries_dev.jsonl"),
        ]
        runs += [Run(f"{head}, {name}", search.EVALUATION, [*files, "--engine", name]) for name in search.ENGINES]
    return runs


# A table each, by name: the runs that make it, of the folder with shared sets and one that is thrown away.
BLOCKS: Mapping[str, Callable[[Path, Path], Sequence[Run]]] = {
    "city": _city,
    "routing": _routing,
    "events": _events,
    "replies": _replies,
    "intents": _intents,
    "search": _search,
}


async def run(settings: Settings, given: argparse.Namespace) -> Figures:
    """Run, write; Invalid for a page without the marks of a block that is asked for."""
    text = given.page.read_text("utf-8")
    chosen = given.only or list(BLOCKS)
    absent = [name for name in chosen if OPEN.format(name) not in text]
    if absent:
        raise Invalid({f"{given.page}:{name}": "no_such_mark" for name in absent}, code="set_wrong")
    day = SystemClock().now().date()
    ran: list[str] = []
    left: dict[str, str] = {}
    for name in chosen:
        with tempfile.TemporaryDirectory() as folder:
            found, why = await _found(settings, BLOCKS[name](given.shared, Path(folder)))
        left |= why
        if found:
            ran += [f"{name}: {head}" for head in found]
            text = replaced(text, name, table(found, why, day))
            given.page.write_text(text, "utf-8")
    return {"page": str(given.page), "ran": ran, "not_run": left}


async def _found(settings: Settings, runs: Sequence[Run]) -> tuple[dict[str, Figures], dict[str, str]]:
    found: dict[str, Figures] = {}
    left: dict[str, str] = {}
    for each in runs:
        print(f"{each.evaluation.name}: {each.head}", file=sys.stderr, flush=True)
        parser = argparse.ArgumentParser()
        each.evaluation.add_arguments(parser)
        try:
            found[each.head] = await each.evaluation.run(settings, parser.parse_args(each.arguments))
        except NOT_RUN as error:
            left[each.head] = type(error).__name__
    return found, left


def table(found: Mapping[str, Figures], left: Mapping[str, str], day: date) -> str:
    """Figures down, runs across; then what the runs were made with."""
    columns = {head: dict(_flat("", figures)) for head, figures in found.items()}
    names = dict.fromkeys(name for column in columns.values() for name in column)
    rows = [f"| {day.isoformat()} | {' | '.join(columns)} |", f"|---|{'---:|' * len(columns)}"]
    for name in names:
        cells = [_cell(column.get(name)) for column in columns.values()]
        rows.append(f"| `{name}` | {' | '.join(cells)} |")
    made = {name: value for figures in found.values() for name, value in _with(figures)}
    told = [f"Made with {', '.join(f'{name} `{value}`' for name, value in made.items())}."] if made else []
    told += [f"Not run: {', '.join(left)}."] if left else []
    return "\n".join([*rows, *(f"\n{each}" for each in told)])


def replaced(text: str, name: str, table: str) -> str:
    """The page with another table between the marks of a block."""
    marks = re.compile(f"({re.escape(OPEN.format(name))}\n).*?({re.escape(CLOSE)})", re.DOTALL)
    return marks.sub(lambda found: f"{found.group(1)}\n{table}\n\n{found.group(2)}", text, count=1)


def _flat(before: str, figures: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for name, value in figures.items():
        if name in BESIDE:
            continue
        if isinstance(value, Mapping):
            yield from _flat(f"{before}{name}.", value)
        elif not isinstance(value, list | tuple):
            yield f"{before}{name}", value


def _with(figures: Figures) -> Iterator[tuple[str, str]]:
    for kind, digits in (("digests", SHOWN_DIGITS), ("models", None)):
        said = figures.get(kind)
        if isinstance(said, Mapping):
            yield from ((name, str(value)[:digits]) for name, value in said.items())


def _cell(value: object) -> str:
    return "–" if value is None else f"{value:,}" if isinstance(value, int) else str(value)


def _parted(file: Path, work: Path) -> tuple[Path, Path]:
    columns = ("text", "label")
    if not file.is_file():
        return file, file
    rows = read_rows(file, columns, columns)
    parts: tuple[list[Row], list[Row]] = ([], [])
    for row in rows:
        parts[int(hashlib.sha256(row["text"].encode()).hexdigest()[:8], 16) % FOLDS == 0].append(row)
    train, test = (_written(work / f"{file.stem}-{n}.csv", columns, part) for n, part in zip("ab", parts, strict=True))
    return train, test


def _written(file: Path, columns: Sequence[str], rows: Sequence[Row]) -> Path:
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, columns)
        writer.writeheader()
        writer.writerows(rows)
    return file


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--shared", type=Path, required=True, metavar="FOLDER", help="评测数据所在目录")
    parser.add_argument("--page", type=Path, default=Path("docs/evaluation.md"), metavar="FILE", help="写入哪一页")
    parser.add_argument("--only", nargs="*", choices=BLOCKS, metavar="NAME", help=f"只做这些（{'、'.join(BLOCKS)}）")


EVALUATION = Evaluation("page", "逐项评测，并把结果写入文档页", _add_arguments, run)
