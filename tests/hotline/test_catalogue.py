"""The command that lists the duty catalogue reads the city's files and writes what the docs hold."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotline.__main__ import parser
from hotline.catalogue import main
from hotline.house import ROOT
from kernel.errors import Invalid
from kernel.settings import CitySettings, Settings

PAGE = ROOT / "docs" / "duty-catalogue.md"


async def test_the_command_writes_the_page_of_the_docs(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    await main(Settings(), parser().parse_args(["catalogue", "--write", str(page)]))
    assert page.read_text("utf-8") == PAGE.read_text("utf-8")


async def test_without_a_file_the_page_is_printed_and_nothing_else(capsys: pytest.CaptureFixture[str]) -> None:
    await main(Settings(), parser().parse_args(["catalogue"]))
    assert capsys.readouterr().out == PAGE.read_text("utf-8")


async def test_a_city_with_a_fault_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = replace(Settings(), city=CitySettings(str(tmp_path)))
    with pytest.raises(Invalid) as refused:
        await main(settings, parser().parse_args(["catalogue"]))
    assert any("units.csv" in where for where in refused.value.fields)
    assert capsys.readouterr().out == ""
