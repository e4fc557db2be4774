"""Every city's calendar is what the state has announced, as far as chinesecalendar knows it."""

import csv
import tomllib
from datetime import date
from pathlib import Path

import pytest

from tests.cities import announced

FOLDERS = sorted(folder for folder in announced.CITIES.iterdir() if (folder / "city.toml").exists())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_calendar_is_what_the_package_says(folder: Path) -> None:
    assert (folder / "calendar.csv").read_text("utf-8") == announced.text(), "run: make calendar"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_settings_name_every_year_the_package_knows(folder: Path) -> None:
    assert tomllib.loads((folder / "city.toml").read_text("utf-8"))["calendar_years"] == announced.years()


def test_each_day_stands_once_and_is_worked_or_not_against_its_weekday() -> None:
    found = [(date.fromisoformat(day), kind) for day, kind, _ in announced.rows()]
    days = [day for day, _ in found]
    assert days == sorted(set(days))
    assert [day for day, kind in found if kind == "makeup" and day.weekday() < 5] == []
    assert {kind for _, kind in found} == {"holiday", "makeup"}


def test_every_year_has_its_festivals() -> None:
    # Before 2008 there were three; where 中秋节 falls into the week of 国庆节 one name stands for both.
    always, since_2008 = {"元旦", "春节", "劳动节", "国庆节"}, {"清明节", "端午节"}
    for year in announced.years():
        names = {name for day, kind, name in announced.rows() if day.startswith(str(year)) and kind == "holiday"}
        assert names >= (always | since_2008 if year >= 2008 else always), year


def test_the_file_can_be_read_back() -> None:
    read = list(csv.DictReader(announced.text().splitlines()))
    assert [tuple(row.values()) for row in read] == list(announced.rows())
    assert set(read[0]) == set(announced.COLUMNS)
