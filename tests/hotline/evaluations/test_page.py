"""``evaluate page``: tables between the marks of a page, and what is said where something cannot be run."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import msgspec
import pytest

from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.evaluation import Figures
from hotline.evaluations.page import replaced, table
from kernel.errors import Invalid
from kernel.settings import ElasticsearchSettings, Settings
from tests.hotline.evaluations.test_search import CORPUS, QUERIES, written
from tests.knowledge.elastic_server import elastic_server

PAGE = "# Search\n\nby hand\n\n<!-- figures: search -->\nold\n<!-- /figures -->\n\nafter\n"


def test_figures_stand_below_one_another_and_runs_side_by_side() -> None:
    found: dict[str, Figures] = {
        "one": {"right": 0.5, "parts": {"a": 2000, "b": None}, "digests": {"set.csv": "0123456789abcdef"}},
        "two": {"right": 0.25, "only": 1},
    }
    assert table(found, {"three": "Unavailable"}, date(2026, 11, 28)).splitlines() == [
        "| 2026-11-28 | one | two |",
        "|---|---:|---:|",
        "| `right` | 0.5 | 0.25 |",
        "| `parts.a` | 2,000 | – |",
        "| `parts.b` | – | – |",
        "| `only` | – | 1 |",
        "",
        "Made with set.csv `0123456789ab`.",
        "",
        "Not run: three.",
    ]


def test_only_what_stands_between_the_marks_is_replaced() -> None:
    assert replaced(PAGE, "search", "new") == PAGE.replace("old", "\nnew\n")
    assert replaced(PAGE, "intents", "new") == PAGE


async def paged(tmp_path: Path, settings: Settings, *more: str) -> str:
    for folder in ("services", "policy_qa"):
        (tmp_path / folder).mkdir(exist_ok=True)
        written(tmp_path / folder / "docs.jsonl", CORPUS)
        written(tmp_path / folder / "queries_dev.jsonl", QUERIES)
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    given = ["evaluate", "page", "--shared", str(tmp_path), "--page", str(page), "--only", *more]
    await main(settings, parser().parse_args(given))
    return page.read_text("utf-8")


async def test_both_engines_are_asked_and_told(tmp_path: Path) -> None:
    async with elastic_server() as server:
        shown = await paged(tmp_path, replace(Settings(), elasticsearch=ElasticsearchSettings(server.url)), "search")
        assert server.asked
    assert "| services, tantivy | services, elasticsearch | policy, tantivy | policy, elasticsearch |" in shown
    assert "| `recall@1` | 0.75 | 0.75 | 0.75 | 0.75 |" in shown
    assert (shown.startswith("# Search\n\nby hand"), shown.endswith("after\n")) == (True, True)
    assert "old" not in shown


async def test_what_cannot_be_run_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nobody = replace(Settings(), elasticsearch=ElasticsearchSettings("http://127.0.0.1:9"))
    shown = await paged(tmp_path, nobody, "search")
    assert "Not run: services, elasticsearch, policy, elasticsearch." in shown
    [line] = [line for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert set(msgspec.json.decode(line)["not_run"]) == {"services, elasticsearch", "policy, elasticsearch"}


async def test_a_page_without_the_marks_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as error:
        await paged(tmp_path, Settings(), "search", "intents")
    assert list(error.value.fields.values()) == ["no_such_mark"]
    assert (tmp_path / "page.md").read_text("utf-8") == PAGE
