"""``evaluate city`` judges a made-up city whose sets are right and wrong on purpose, and prints one line."""

import csv
import re
import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from bot.room import TakenAs
from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.city_questions import Outcome, Replied
from hotline.evaluations.city_sets import Question, read_sets
from hotline.evaluations.evaluation import said_of, share, spread
from hotline.house import ROOT
from kernel.errors import Invalid
from kernel.settings import CitySettings, Settings

CITY = Path(__file__).parent / "city"
SETS = CITY / "sets"

Evaluate = Callable[..., Awaitable[tuple[str, str]]]


@pytest.fixture
def evaluate(capsys: pytest.CaptureFixture[str]) -> Evaluate:
    """Run the command on the made-up city; standard output and standard error."""

    async def run(*arguments: str) -> tuple[str, str]:
        settings = replace(Settings(), city=CitySettings(str(CITY)))
        await main(settings, parser().parse_args(["evaluate", "city", *arguments]))
        told = capsys.readouterr()
        return told.out, told.err

    return run


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """The sets in a folder of their own, to be spoilt."""
    return Path(shutil.copytree(SETS, tmp_path / "sets"))


async def test_it_prints_one_line_of_figures_and_writes_every_wrong_row(evaluate: Evaluate, tmp_path: Path) -> None:
    out, err = await evaluate("--errors", str(tmp_path / "errors.csv"))
    # Where nobody has set the logs up, as in a test, they are written there too.
    [line] = [line for line in out.splitlines() if line.startswith("{")]
    assert "诉求事项：4 项" in err
    figures: dict[str, Any] = msgspec.json.decode(line)
    assert (figures["evaluation"], figures["set"], figures["city"]) == ("city", "blind", "甲子市")
    assert figures["counts"] == {
        "complaints": 5,
        "questions": 5,
        "answerable": 3,
        "unanswerable": 2,
        "matters": 4,
        "units": 6,
        "entries": 2,
    }
    complaints, questions = figures["complaints"], figures["questions"]
    # One complaint is put as a question and answered: no ticket, so nothing of it counts as right.
    assert (complaints["taken_as"]["ticket"], complaints["taken_as"]["answered"]) == (4, 1)
    assert (complaints["leaf"]["top1"], complaints["leaf"]["top3"]) == (0.8, 0.8)
    assert complaints["if_all_were_tickets"]["leaf"]["top1"] == 1.0
    assert (complaints["area"], complaints["unit"]) == ({"town": 0.6, "district": 0.8}, 0.6)
    assert complaints["by_itself"] == {"count": 4, "share": 0.8, "precision": 0.75}
    assert 0 < complaints["decision_ms"]["p50"] <= complaints["decision_ms"]["p95"]
    assert questions["answerable"] == {
        "rows": 3,
        "answered_right": 2,
        "among_choices": 0,
        "answered_wrong": 1,
        "choices_beside": 0,
        "asked_back": 0,
        "abstained": 0,
        "registered": 0,
    }
    assert questions["unanswerable"] == {"rows": 2, "wrongly_answered": 0, "choices_offered": 0, "rightly_declined": 2}
    assert (questions["search"]["hit_at_1"], questions["search"]["hit_at_5"]) == (0.6667, 0.6667)
    assert (
        figures["digests"]["complaints_blind.csv"] == sha256((SETS / "complaints_blind.csv").read_bytes()).hexdigest()
    )
    assert figures["models"]["matters"].startswith("matters-")
    assert figures["models"]["intents"].startswith("intent-")
    assert figures["thresholds"] == {"auto_dispatch": 0.8, "answer": 0.65, "unsure": 0.35}
    with (tmp_path / "errors.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["set"], row["row"], row["wrong"]) for row in rows] == [
        ("complaints", "5", "area|unit"),
        ("complaints", "6", "leaf|area|unit"),
        ("questions", "4", "answered_wrong|not_found"),
    ]
    lamp, permit, condition = rows
    assert lamp["expected"] == "990001001 松园街道|DH-SY 甲子市东湖区松园街道办事处"
    assert (lamp["given"], lamp["by_itself"]) == ("990001002 柳浦镇|DH-CG 甲子市东湖区城市管理局", "yes")
    assert "道路照明" in lamp["why"]
    assert (permit["taken_as"], permit["given"]) == ("直接答复", "-|-|-")
    assert (condition["expected"], condition["given"]) == ("newborn-hukou", "residence-permit")


async def test_the_docs_explain_every_figure(evaluate: Evaluate) -> None:
    figures: dict[str, Any] = msgspec.json.decode((await evaluate())[0])
    page = (ROOT / "docs" / "evaluation.md").read_text("utf-8")
    explained = {name for words in re.findall(r"`([\w.]+)`", page) for name in words.strip(".").split(".")}
    assert names_in({"complaints": figures["complaints"], "questions": figures["questions"]}) - explained == set()
    assert {"digests", "models", "thresholds"} <= explained & set(figures)


def names_in(figures: dict[str, Any]) -> set[str]:
    """The names of all figures, but for what is told by ``taken_as``, by rows and by percentiles."""
    plain = {"rows", "count", "p50", "p95"}
    below = [value for name, value in figures.items() if isinstance(value, dict) and name != "taken_as"]
    return (set(figures) - plain).union(*map(names_in, below))


def test_sets_that_are_not_there_are_named_to_whoever_called(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hotline", "evaluate", "city", "--sets", str(tmp_path), "--set", "tuning"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"{tmp_path}/complaints_tuning.csv: 没有这个文件" in ended.stderr
    assert f"{tmp_path}/questions_tuning.csv: 没有这个文件" in ended.stderr


async def test_a_code_the_city_does_not_have_is_named_with_its_line(
    evaluate: Evaluate, sets: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with (sets / "complaints_blind.csv").open("a", encoding="utf-8") as file:
        file.write("石坎镇路灯坏了,street-lamps,990002001,XL\n")
    with (sets / "questions_blind.csv").open("a", encoding="utf-8") as file:
        file.write("怎么办护照,residence-permit|passport\n")
    with pytest.raises(Invalid) as refused:
        await evaluate("--sets", str(sets))
    assert refused.value.fields == dict.fromkeys(
        [
            "complaints_blind.csv:7:leaf street-lamps",
            "complaints_blind.csv:7:unit XL",
            "questions_blind.csv:7:entry passport",
        ],
        "unknown_code",
    )
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("name", "text", "wrong"),
    [
        ("complaints_blind.csv", "text,leaf,area\n路灯坏了,street-lamp,990001\n", {"complaints_blind.csv:1:unit"}),
        ("complaints_blind.csv", "text,leaf,area,unit\n路灯坏了,,990001,DH-CG\n", {"complaints_blind.csv:2:leaf"}),
        ("questions_blind.csv", "text,entry\n,residence-permit\n", {"questions_blind.csv:2:text"}),
        ("questions_blind.csv", 'text,entry\n"路灯', {"questions_blind.csv"}),
        ("questions_blind.csv", "text,entry\n", {"questions_blind.csv"}),
    ],
)
def test_a_set_that_cannot_be_used_is_refused(sets: Path, name: str, text: str, wrong: set[str]) -> None:
    (sets / name).write_text(text, "utf-8")
    with pytest.raises(Invalid) as refused:
        read_sets(sets, "blind")
    assert {where.removeprefix(f"{sets}/") for where in refused.value.fields} == wrong


def replied(taken_as: TakenAs, shown: str = "", entries: str = "a b") -> Replied:
    """A question with what the bot did."""
    return Replied(Question(2, "问", frozenset(entries.split())), taken_as, tuple(shown.split()), (), 1.0)


@pytest.mark.parametrize(
    ("taken_as", "shown", "outcome", "right"),
    [
        (TakenAs.ANSWERED, "b", Outcome.ANSWERED_RIGHT, True),
        (TakenAs.ANSWERED, "c", Outcome.ANSWERED_WRONG, False),
        (TakenAs.CHOICES, "c a", Outcome.AMONG_CHOICES, True),
        (TakenAs.CHOICES, "c d", Outcome.CHOICES_BESIDE, False),
        (TakenAs.UNANSWERED, "", Outcome.ABSTAINED, False),
        (TakenAs.PERSON, "", Outcome.ABSTAINED, False),
        (TakenAs.ASKED_BACK, "", Outcome.ASKED_BACK, False),
        (TakenAs.TICKET, "", Outcome.REGISTERED, False),
        (TakenAs.SUGGESTION, "", Outcome.REGISTERED, False),
    ],
)
def test_a_question_turns_out_as_the_citizen_sees_it(
    taken_as: TakenAs, shown: str, outcome: Outcome, right: bool
) -> None:
    assert replied(taken_as, shown).outcome is outcome
    assert replied(taken_as, shown).is_right is right


def test_where_there_is_no_answer_only_to_show_one_is_wrong() -> None:
    nothing = {each: replied(each, "c" if each in {TakenAs.ANSWERED, TakenAs.CHOICES} else "", "") for each in TakenAs}
    assert [each for each, it in nothing.items() if not it.is_right] == [TakenAs.ANSWERED, TakenAs.CHOICES]


def test_shares_of_nothing_are_none_and_percentiles_are_values_that_were_measured() -> None:
    assert (share(1, 3), share(0, 0)) == (0.3333, None)
    assert spread([]) == {"p50": None, "p95": None}
    assert spread([float(n) for n in range(1, 101)]) == {"p50": 50.0, "p95": 95.0}
    assert spread([3.0]) == {"p50": 3.0, "p95": 3.0}
    assert said_of([("甲", 0.5), ("乙", 0.25), ("丙", 0.1), ("丁", 0.05)]) == "甲 0.50、乙 0.25、丙 0.10"
