"""The command that lists the duty catalogue reads the city's files and writes what the docs hold."""

from pathlib import Path

import pytest

from hotline.__main__ import main
from hotline.house import ROOT


def test_the_command_writes_the_page_of_the_docs(tmp_path: Path) -> None:
    assert main(["catalogue", "--write", str(tmp_path / "page.md")]) == 0
    assert (tmp_path / "page.md").read_text("utf-8") == (ROOT / "docs" / "duty-catalogue.md").read_text("utf-8")


def test_a_city_with_a_fault_is_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOTLINE_CITY_FOLDER", str(tmp_path))
    assert main(["catalogue"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert "units.csv" in told.err
