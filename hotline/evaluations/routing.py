"""``evaluate routing``: the product's text model learns from one file of labelled texts and is judged on another."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from hotline.evaluations.evaluation import Evaluation, Figures, share
from hotline.evaluations.labelled_rows import Row, digest_of, read_rows
from kernel.errors import Invalid
from kernel.settings import Settings
from kernel.textmodel import Prediction, TextModel, train

COLUMNS = ("text", "label")
PRECISION = 0.95
FIRST = 3
BINS = 10


@dataclass(frozen=True, slots=True)
class Judged:
    """A test text's label, and what the model said of it."""

    label: str
    said: Prediction

    @property
    def right(self) -> bool:
        """The likeliest label is the right one."""
        return self.said.label == self.label


async def run(_settings: Settings, given: argparse.Namespace) -> Figures:
    """Train and judge; Invalid for files that lack a column or a row, or a training file of one label."""
    lessons, tests = read_rows(given.train, COLUMNS, COLUMNS), read_rows(given.test, COLUMNS, COLUMNS)
    unseen = _check_labels(given.test, lessons, tests)
    began = perf_counter()
    model = await train([row["text"] for row in lessons], [row["label"] for row in lessons], hold_out=True)
    trained = perf_counter() - began
    judged, per_second = judge(model, tests)
    return {
        "train": len(lessons),
        "test": len(tests),
        "labels": len(model.labels),
        "labels_not_in_train": unseen,
        **figures_of(judged, model.held_out.threshold(PRECISION)),
        "texts_per_second": round(per_second, 1),
        "training_seconds": round(trained, 1),
        "digests": {path.name: digest_of(path) for path in (given.train, given.test)},
    }


def judge(model: TextModel, tests: Sequence[Row]) -> tuple[list[Judged], float]:
    """What the model says of each text, put to it one at a time, and how many texts a second that makes."""
    model.predict(tests[0]["text"])
    began = perf_counter()
    said = [model.predict(row["text"]) for row in tests]
    per_second = len(tests) / (perf_counter() - began)
    return [Judged(row["label"], each) for row, each in zip(tests, said, strict=True)], per_second


def figures_of(judged: Sequence[Judged], threshold: float | None) -> Figures:
    """The figures of predictions; ``threshold`` is the confidence from which on a text is answered."""
    answered = [each for each in judged if threshold is not None and each.said.confidence >= threshold]
    return {
        "accuracy": share(sum(each.right for each in judged), len(judged)),
        "macro_f1": macro_f1([(each.label, each.said.label) for each in judged]),
        "top3": share(sum(each.label in _first(each.said) for each in judged), len(judged)),
        "coverage_at_p95": share(len(answered), len(judged)),
        "precision_of_covered": share(sum(each.right for each in answered), len(answered)),
        "threshold": None if threshold is None else round(threshold, 4),
        "calibration_error": calibration_error([(each.said.confidence, each.right) for each in judged]),
    }


def macro_f1(pairs: Sequence[tuple[str, str]]) -> float:
    """The mean over all labels, given or predicted, of each one's F1; ``pairs`` are (label, predicted)."""
    found = []
    for label in sorted({label for pair in pairs for label in pair}):
        both = sum(pair == (label, label) for pair in pairs)
        either = sum((pair[0] == label) + (pair[1] == label) for pair in pairs)
        found.append(2 * both / either)
    return round(sum(found) / len(found), 4)


def calibration_error(told: Sequence[tuple[float, bool]]) -> float:
    """How far confidence and share of right answers lie apart, in ten bins of confidence, weighted by their size."""
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in told:
        bins[min(int(confidence * BINS), BINS - 1)].append((confidence, right))
    apart = sum(abs(sum(confidence - right for confidence, right in each)) for each in bins)
    return round(apart / len(told), 4)


def _first(said: Prediction) -> list[str]:
    return [label for label, _ in said.ranked[:FIRST]]


def _check_labels(path: Path, lessons: Sequence[Row], tests: Sequence[Row]) -> list[str]:
    known = {row["label"] for row in lessons}
    if len(known) < 2:
        raise Invalid({"label": "need_two_labels"}, code="need_two_labels")
    unseen = sorted({row["label"] for row in tests} - known)
    if unseen:
        print(f"{path.name}: 训练集中没有的类别，按答错计：{'、'.join(unseen)}", file=sys.stderr)
    return unseen


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--train", type=Path, required=True, metavar="FILE", help="训练用 CSV（列 text,label）")
    parser.add_argument("--test", type=Path, required=True, metavar="FILE", help="评测用 CSV（列 text,label）")


EVALUATION = Evaluation("routing", "训练并评测文本分类（事项或部门）", _add_arguments, run)
