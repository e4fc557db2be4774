"""``whatif`` on the command line: past tickets of a small city against another catalogue and threshold."""

import argparse
import json
from dataclasses import replace
from pathlib import Path

import pytest

from hotline import whatif
from hotline.__main__ import parser
from hotline.assembly import Assembled, assemble
from hotline.data import commands
from hotline.data.books import read_path
from hotline.data.writing import workbook
from hotline.migrating import migrate
from kernel.clock import SystemClock
from kernel.errors import Conflict, Invalid
from kernel.people import Kind, Principal
from kernel.privacy import new_key
from kernel.settings import DatabaseSettings, Settings, TicketSettings
from tests.hotline.data.small_city import edited, sheets
from ticketing.model.labels import TicketKind
from ticketing.model.ticket import Draft
from ticketing.rules.matterfile import matter_table

KEY = new_key()
WORDS = "和安社区很脏"
BOT = Principal(Kind.SYSTEM, id="bot", name="智能客服")


def assembled(folder: Path, threshold: float = 0.0) -> Assembled:
    """A house over a file, that dispatches whatever it takes for something."""
    url = f"sqlite+aiosqlite:///{folder}/data.sqlite3"
    settings = replace(
        Settings(), database=DatabaseSettings(url=url), tickets=replace(TicketSettings(), auto_dispatch=threshold)
    )
    return assemble(settings, SystemClock(), KEY)


def given(*arguments: str) -> argparse.Namespace:
    return parser().parse_args(["whatif", "--since", "2020-01-01", *arguments])


async def told(folder: Path, *arguments: str) -> str:
    made = assembled(folder)
    try:
        return await whatif.told(made, given(*arguments))
    finally:
        await made.house.floor.database.close()


@pytest.fixture
async def city(tmp_path: Path) -> Path:
    """A folder with the small city's sheets and a database with one ticket about litter, which a unit leads."""
    folder = tmp_path / "city"
    folder.mkdir()
    for name, text in sheets().items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    made = assembled(tmp_path)
    await migrate(made.house.floor.database)
    await made.house.close()
    loading = parser().parse_args(["import", str(folder)])
    assert await commands.bring_in(assembled(tmp_path), loading, lambda _line: None)
    made = assembled(tmp_path)
    await made.rooms.directory.lookup.load()
    await made.rooms.ticketing.catalogue.load()
    draft = Draft(TicketKind.COMPLAINT, WORDS, place="和安社区", contact="13800138000", name="张三")
    async with made.house.floor.database.transaction() as tx:
        ticket = await made.rooms.ticketing.tickets.open(tx, draft, BOT)
    assert ticket.lead is not None
    assert ticket.lead.unit == "DH-CG"
    await made.house.floor.database.close()
    return tmp_path


def other_catalogue(folder: Path) -> Path:
    """Litter is led by the police of the city."""
    path = folder / "other.csv"
    changed = edited("matters", ("COMPLAINT,sanitation,district", "COMPLAINT,police,city"))
    path.write_text(changed["matters"], "utf-8")
    return path


async def test_another_catalogue_is_told_as_a_table_and_as_one_line(
    city: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = str(other_catalogue(city))
    page = await told(city, "--catalogue", path)
    assert "甲子市公安局" in page
    assert "会派往别处：1 件" in page
    out = capsys.readouterr()
    assert "已重放 1 / 1" in out.err
    assert "已重放" not in out.out
    line = json.loads(await told(city, "--catalogue", path, "--json"))
    [flow] = line["flows"]
    assert (flow["before"], flow["after"], flow["tickets"]) == ("DH-CG", "JZ-GA", 1)
    assert not [word for word in ("张三", "13800138000", "和安社区", "很脏") if word in page + json.dumps(line)]


async def test_a_workbook_with_all_sheets_serves_as_well_as_the_sheet(city: Path) -> None:
    folder = city / "city"
    (folder / "matters.csv").write_text(other_catalogue(city).read_text("utf-8"), "utf-8")
    made = assembled(city)
    await made.rooms.directory.lookup.load()
    importer = made.rooms.ticketing.importer
    matters = importer.read_grids(read_path(folder).grids)
    await made.house.floor.database.close()
    book = city / "other.xlsx"
    book.write_bytes(workbook([matter_table(matters)]))
    sheet, whole, excel = [
        json.loads(await told(city, "--catalogue", str(path), "--json")) for path in (city / "other.csv", folder, book)
    ]
    assert sheet == whole == excel
    assert sheet["elsewhere"] == 1


async def test_a_threshold_alone_leaves_the_ticket_to_a_person(city: Path) -> None:
    line = json.loads(await told(city, "--threshold", "1", "--json"))
    assert [(each["before"], each["after"]) for each in line["flows"]] == [("DH-CG", "")]
    assert line["other"]["share"] == 0


async def test_the_database_is_the_same_file_as_before(city: Path) -> None:
    database = city / "data.sqlite3"
    before = database.read_bytes()
    await told(city, "--catalogue", str(other_catalogue(city)))
    assert database.read_bytes() == before


async def test_what_cannot_be_tried_is_refused(city: Path) -> None:
    with pytest.raises(Invalid):
        await whatif.main(Settings(), given())
    broken = city / "broken.csv"
    broken.write_text(other_catalogue(city).read_text("utf-8").replace("police", "nobody"), "utf-8")
    with pytest.raises(Invalid):
        await told(city, "--catalogue", str(broken))
    for wrong in (["--threshold", "1.2"], ["--since", "yesterday", "--threshold", "1"]):
        with pytest.raises(SystemExit):
            given(*wrong)


async def test_a_database_that_is_not_migrated_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(Conflict):
        await told(tmp_path, "--threshold", "0.9")
