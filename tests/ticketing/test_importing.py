"""The catalogue's file: wholly right or not taken, and every wrong cell named."""

from pathlib import Path

import pytest

from kernel.clock import ManualClock
from kernel.room import Floor
from tests.rooms import CITY
from tests.ticketing.city import Hotline
from ticketing.importing import MatterFileWrong
from ticketing.rules.matterfile import COLUMNS, read_matters

ROW = "a,一,二,名称,词,例句,COMPLAINT,housing,town,,,P2,,"


def read(*rows: str) -> list[tuple[int, str, str]]:
    text = "\n".join([",".join(COLUMNS), *rows])
    _, problems = read_matters(text, {"housing"}.__contains__, set[str]().__contains__)
    return [(problem.row, problem.column, problem.code) for problem in problems]


def test_a_right_row_has_no_problem() -> None:
    assert read(ROW) == []


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (ROW.replace("housing", "flying"), (2, "function", "unknown")),
        (ROW.replace("town,,,", "town,power,,"), (2, "needs_power", "unknown")),
        (ROW.replace("town", "street"), (2, "owner_level", "not_in_list")),
        (ROW.replace("COMPLAINT", "SHOUT"), (2, "kind", "not_in_list")),
        (ROW.replace("P2", "P9"), (2, "urgency", "not_in_list")),
        (ROW.replace(",词,", ",,"), (2, "keywords", "required")),
        (ROW.replace("a,", ",", 1), (2, "code", "required")),
        (ROW + ",more", (2, "", "wrong_number_of_cells")),
    ],
)
def test_a_wrong_cell_is_named_by_row_and_column(row: str, problem: tuple[int, str, str]) -> None:
    assert read(row) == [problem]


def test_a_code_twice_and_a_missing_column_are_told() -> None:
    assert read(ROW, ROW) == [(3, "code", "repeated")]
    _, problems = read_matters("code,name\na,b", str.isalpha, str.isalpha)
    assert {p.code for p in problems} == {"column_missing"}


async def test_importing_twice_changes_nothing_and_a_wrong_file_leaves_all_as_it_was(
    desk: Hotline, floor: Floor, clock: ManualClock, tmp_path: Path
) -> None:
    first = await desk.room.import_city(CITY)
    again = await desk.room.import_city(CITY)
    assert (first.matters, first.changed, again.changed) == (150, True, False)
    (tmp_path / "matters.csv").write_text("code\nx\n", "utf-8")
    with pytest.raises(MatterFileWrong) as error:
        await desk.room.import_city(tmp_path)
    assert error.value.problems[0].where == "matters.csv:1:level1"
    assert len(desk.room.queries.matters()) == 150
    assert desk.room.queries.matter_name("street-vending") == "占道经营"
    assert desk.room.queries.matter_name("no-such") == ""
