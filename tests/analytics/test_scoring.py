"""Scores, bands, the lot, and tables for spreadsheets."""

from datetime import date

import pytest

from analytics.rules.csvfile import defused, table
from analytics.rules.sampling import draw
from analytics.rules.scoring import BANDS, WEIGHTS, Share, score, shrunk

CITY = {name: Share(80, 100) for name in WEIGHTS} | {"rehandled": Share(10, 100)}


def test_three_tickets_make_no_champion() -> None:
    assert shrunk(Share(3, 3), Share(80, 100), 20) == pytest.approx((3 + 16) / 23)
    assert shrunk(Share(900, 1000), Share(80, 100), 20) == pytest.approx(0.9, abs=0.005)


def test_a_unit_like_the_city_gets_the_citys_points_less_what_it_handles_again() -> None:
    told = score(CITY, CITY, 20)
    assert told is not None
    assert (told.points, told.band, told.tickets) == (79.0, "C", 100)


def test_what_is_measured_nowhere_yet_leaves_its_weight_to_the_rest() -> None:
    perfect = {"on_time": Share(10, 10)}
    told = score(perfect, perfect, 0)
    assert told is not None
    assert (told.points, told.band) == (100.0, "A")


def test_a_unit_without_tickets_has_no_score() -> None:
    assert score({}, CITY, 20) is None


def test_bands_fall() -> None:
    assert [band for _, band in BANDS] == ["A", "B", "C", "D"]
    assert [least for least, _ in BANDS] == sorted((least for least, _ in BANDS), reverse=True)


def test_the_lot_of_a_day_is_the_same_however_often_it_is_drawn() -> None:
    numbers = [f"N{n}" for n in range(100)]
    day = date(2026, 3, 16)
    drawn = draw(day, numbers, 0.05)
    assert len(drawn) == 5
    assert drawn == draw(day, reversed(numbers), 0.05)
    assert drawn != draw(date(2026, 3, 17), numbers, 0.05)
    assert (len(draw(day, ["N1"], 0.05)), draw(day, numbers, 0.0), draw(day, [], 0.05)) == (1, [], [])


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_no_cell_is_run_as_a_formula(cell: str) -> None:
    assert defused(cell) == f"'{cell}"


def test_numbers_stay_numbers_and_the_file_has_its_mark() -> None:
    assert table(["甲", "=乙"], [["丙", -1], [None, 0.5]]).decode() == "\ufeff甲,'=乙\r\n丙,-1\r\n,0.5\r\n"
