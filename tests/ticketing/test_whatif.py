"""Past tickets against another catalogue or threshold: what would go elsewhere, be saved, go newly wrong; read-only."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from kernel.database import metadata
from kernel.people import Role
from kernel.sheets import csv_grid, write_csv
from tests.ticketing.city import DISPATCHER, PHONE, VENDING, Hotline, lead_staff, staff
from ticketing import whatif
from ticketing.importing import MatterFileWrong
from ticketing.model.duties import Matter
from ticketing.model.labels import Action
from ticketing.model.ticket import Ticket
from ticketing.rules.matterfile import matter_table
from ticketing.rules.whatif import Outcome, Replayed, Tally

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
OTHER = "CC-CG"
MATTER = "street-vending"


def otherwise(desk: Hotline, function: str, level: str) -> list[Matter]:
    """The catalogue with the matter of the tests led by another function, as its sheet would say."""
    found = desk.room.catalogue.all()
    levels = {each.owner_level.value: each.owner_level for each in found}
    return [
        replace(each, function=function, owner_level=levels[level], needs_power="") if each.code == MATTER else each
        for each in found
    ]


async def replay(
    desk: Hotline, folder: Path, matters: list[Matter] | None = None, threshold: float | None = None,
    since: datetime = LONG_AGO,
) -> Outcome:  # fmt: skip
    return await desk.room.what_if.replay(since, matters, threshold, folder / "models")


def district_function(desk: Hotline) -> str:
    """A duty that the unit the tests move tickets to holds, and no other unit of its area."""
    unit = desk.lookup.unit(OTHER)
    area = next(iter(unit.areas))
    return next(f for f in unit.functions if [u.code for u in desk.lookup.units_at(f, area)] == [OTHER])


async def finished(desk: Hotline, ticket: Ticket) -> Ticket:
    return await desk.to_reply(ticket)


async def moved_and_finished(desk: Hotline) -> Ticket:
    ticket = await desk.open()
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    moved = await desk.act(ticket, Action.REASSIGN, DISPATCHER, unit=OTHER, reason="归区城管", beyond_area="全区")
    return await finished(desk, moved)


async def test_the_present_catalogue_again_changes_nothing(desk: Hotline, tmp_path: Path) -> None:
    await finished(desk, await desk.open())
    found = await replay(desk, tmp_path, list(desk.room.catalogue.all()))
    assert (found.tickets, found.judged, found.elsewhere) == (1, 1, 0)
    assert found.now == found.other
    assert (found.now.share, found.now.precision) == (1.0, 1.0)
    # The model in use serves where the words are the same: none is trained.
    assert not (tmp_path / "models").exists()


async def test_another_catalogue_saves_the_return_and_newly_misplaces_what_was_right(
    desk: Hotline, tmp_path: Path
) -> None:
    right = await finished(desk, await desk.open())
    returned = await moved_and_finished(desk)
    first = desk.lookup.unit(right.lead.unit).code if right.lead else ""
    found = await replay(desk, tmp_path, otherwise(desk, district_function(desk), "district"))
    (flow,) = found.flows
    assert (flow.before, flow.after, flow.tickets) == (first, OTHER, 2)
    assert set(flow.examples) == {right.number, returned.number}
    assert (found.saved.tickets, found.saved.examples, found.moves) == (1, (returned.number,), 1)
    assert (found.mistakes.tickets, found.mistakes.examples) == (1, (right.number,))
    assert (found.now.right, found.now.judged) == (1, 2)
    assert (found.other.right, found.other.judged) == (1, 2)


async def test_a_threshold_nothing_reaches_leaves_everything_to_people(desk: Hotline, tmp_path: Path) -> None:
    ticket = await finished(desk, await desk.open())
    found = await replay(desk, tmp_path, threshold=1.1)
    (flow,) = found.flows
    assert ticket.lead is not None
    assert (flow.before, flow.after, flow.tickets) == (ticket.lead.unit, "", 1)
    assert (found.other.alone, found.other.share, found.mistakes.tickets) == (0, 0.0, 0)


async def test_what_is_open_is_replayed_and_not_judged_and_what_is_older_is_left_out(
    desk: Hotline, tmp_path: Path
) -> None:
    ticket = await desk.open()
    found = await replay(desk, tmp_path, otherwise(desk, district_function(desk), "district"))
    assert (found.tickets, found.judged, found.elsewhere) == (1, 0, 1)
    assert (found.saved.tickets, found.mistakes.tickets) == (0, 0)
    assert ticket.received is not None
    later = await replay(desk, tmp_path, threshold=0.5, since=ticket.received + timedelta(seconds=1))
    assert later.tickets == 0


async def test_nothing_is_written_and_no_batch_is_missed(
    desk: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        await desk.open()
    await finished(desk, await desk.open())
    monkeypatch.setattr(whatif, "BATCH", 2)
    before = await everything(desk)
    told: list[tuple[int, int]] = []
    found = await desk.room.what_if.replay(
        LONG_AGO,
        otherwise(desk, district_function(desk), "district"),
        None,
        tmp_path,
        lambda n, of: told.append((n, of)),
    )
    assert found.tickets == 4
    assert told[-1] == (4, 4)
    assert await everything(desk) == before
    assert desk.room.catalogue.matter(MATTER).owner_level.value != "district"


async def everything(desk: Hotline) -> dict[str, list[str]]:
    """Every row of every table."""
    async with desk.database.reading() as tx:
        return {
            table.name: sorted(map(repr, map(dict, await tx.rows(select(table))))) for table in metadata.sorted_tables
        }


async def test_tickets_of_other_systems_are_replayed_too(desk: Hotline, tmp_path: Path) -> None:
    text = f"工单编号,诉求内容,承办单位,区域,退单次数\nA-1,{VENDING},{OTHER},440604012,2\n"
    done = await desk.room.history.load([csv_grid("history", text)], 'source = "旧热线"', staff(Role.ADMIN))
    assert done.loaded, done.problems
    found = await replay(desk, tmp_path, otherwise(desk, district_function(desk), "district"))
    assert (found.tickets, found.judged, found.saved.tickets, found.moves) == (1, 1, 1, 2)


async def test_neither_page_nor_line_holds_anything_of_a_person(desk: Hotline, tmp_path: Path) -> None:
    ticket = await finished(desk, await desk.open())
    found = await replay(desk, tmp_path, otherwise(desk, district_function(desk), "district"))
    page, line = desk.room.what_if.page(found), desk.room.what_if.line(found)
    for said in (page, line):
        assert ticket.number in said
        assert not [word for word in (PHONE, "张三", VENDING[:6], "同济路") if word in said]
    assert desk.lookup.unit(OTHER).name in page
    told = json.loads(line)
    assert told["elsewhere"] == 1
    assert told["now"]["precision"] == 1.0
    assert told["other"]["precision"] == 0.0


def test_the_sheet_is_read_as_the_import_reads_it(desk: Hotline) -> None:
    importer, matters = desk.room.importer, desk.room.catalogue.all()
    text = write_csv(matter_table(matters))
    read = importer.read_grids([csv_grid("whatever", text)])
    assert [each.code for each in read] == [each.code for each in matters]
    with pytest.raises(MatterFileWrong):
        importer.read_grids([csv_grid("matters", text.replace(matters[0].function, "no-such-duty"))])
    with pytest.raises(MatterFileWrong):
        importer.read_grids([])


def test_a_unit_that_was_wrong_before_too_is_no_new_mistake() -> None:
    tally = Tally()
    tally.add(Replayed("1", ended="A", moved=0, now="B", other="C"))
    tally.add(Replayed("2", ended="A", moved=0, now="", other="C"))
    tally.add(Replayed("3", ended="A", moved=1, now="A", other="B"))
    tally.add(Replayed("4", ended="A", moved=1, now="", other="A"))
    found = tally.outcome()
    assert (found.mistakes.examples, found.saved.examples) == (("2",), ("4",))
    assert (found.now.alone, found.now.right, found.other.right) == (2, 1, 1)
