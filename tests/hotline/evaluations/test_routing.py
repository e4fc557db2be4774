"""``evaluate routing``: figures by hand, and what is said of wrong files."""

import csv
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hotline.__main__ import main as command
from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.routing import Judged, calibration_error, figures_of, macro_f1
from kernel.settings import Settings
from kernel.textmodel import Prediction
from tests.kernel.test_textmodel import LABELS, TEXTS


def written(path: Path, rows: list[tuple[str, str]], header: tuple[str, str] = ("text", "label")) -> str:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([header, *rows])
    return str(path)


def said(label: str, *ranked: tuple[str, float]) -> Judged:
    return Judged(label, Prediction(ranked))


def test_macro_f1_is_the_mean_of_the_labels() -> None:
    """By hand: a has precision 2/3 and recall 1, F1 0.8; b precision 1 and recall 1/2, F1 2/3; c, never right, 0."""
    pairs = [("a", "a"), ("a", "a"), ("b", "a"), ("b", "b"), ("c", "d")]
    assert macro_f1(pairs[:4]) == pytest.approx((0.8 + 2 / 3) / 2, abs=1e-4)
    assert macro_f1(pairs) == pytest.approx((0.8 + 2 / 3) / 4, abs=1e-4)


def test_coverage_and_its_precision_are_of_what_is_sure_enough() -> None:
    judged = [
        said("a", ("a", 0.9), ("b", 0.1)),
        said("a", ("b", 0.8), ("a", 0.2)),
        said("b", ("b", 0.7), ("a", 0.3)),
        said("c", ("a", 0.4), ("b", 0.3), ("d", 0.2), ("c", 0.1)),
    ]
    figures = figures_of(judged, 0.7)
    assert (figures["accuracy"], figures["top3"]) == (0.5, 0.75)
    assert (figures["coverage_at_p95"], figures["precision_of_covered"]) == (0.75, 0.6667)
    assert figures_of(judged, None)["coverage_at_p95"] == 0.0


def test_the_calibration_error_is_the_mean_distance_of_confidence_and_truth() -> None:
    """By hand: two of confidence 0.75, one right (0.25 apart); two of 1.0, both right (0 apart)."""
    assert calibration_error([(0.75, True), (0.75, False), (1.0, True), (1.0, True)]) == pytest.approx(0.125)


async def test_it_trains_on_one_file_and_judges_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Texts may hold line breaks; a label the training file has not counts as wrong and is named."""
    train = written(tmp_path / "train.csv", list(zip(TEXTS, LABELS, strict=True)))
    rows = [
        ("巷口的路灯\n又坏了", "路灯"),
        ("楼下垃圾\n没人清运", "垃圾"),
        ("工地半夜施工", "噪音"),
        ("河水发黑", "河涌"),
    ]
    given = parser().parse_args(
        ["evaluate", "routing", "--train", train, "--test", written(tmp_path / "test.csv", rows)]
    )
    await main(Settings(), given)
    out, err = capsys.readouterr()
    [line] = [line for line in out.splitlines() if line.startswith("{")]
    figures: dict[str, Any] = msgspec.json.decode(line)
    assert (figures["evaluation"], figures["train"], figures["test"]) == ("routing", len(TEXTS), 4)
    assert (figures["accuracy"], figures["macro_f1"]) == (0.75, pytest.approx(figures["macro_f1"]))
    assert figures["labels_not_in_train"] == ["河涌"]
    assert "河涌" in err
    assert figures["texts_per_second"] > 0
    assert 0 <= figures["coverage_at_p95"] <= 1


@pytest.mark.parametrize(
    ("header", "rows", "said_of_it"),
    [
        (("text", "kind"), [("甲", "乙")], "test.csv:1:label"),
        (("text", "label"), [], "test.csv"),
        (("text", "label"), [("甲", "")], "test.csv:2:label"),
        (("text", "label"), [("", "甲")], "test.csv:2:text"),
    ],
)
def test_a_wrong_file_is_named_with_its_line_and_column(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    header: tuple[str, str],
    rows: list[tuple[str, str]],
    said_of_it: str,
) -> None:
    train = written(tmp_path / "train.csv", [("甲", "a"), ("乙", "b")])
    test = written(tmp_path / "test.csv", rows, header)
    assert command(["evaluate", "routing", "--train", train, "--test", test]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "评测集有误" in err
    assert said_of_it in err


def test_a_missing_file_and_a_training_file_of_one_label_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = written(tmp_path / "one.csv", [("甲", "a"), ("乙", "a")])
    assert command(["evaluate", "routing", "--train", one, "--test", str(tmp_path / "none.csv")]) == 1
    assert "none.csv" in capsys.readouterr().err
    assert command(["evaluate", "routing", "--train", one, "--test", one]) == 1
    assert "至少要有两类" in capsys.readouterr().err
