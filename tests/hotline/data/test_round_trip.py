"""What is exported and imported again changes nothing: in every form, on both databases, whatever the cells hold."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotline.data.books import GUIDE, read_files, read_path
from hotline.data.planning import Checked
from hotline.data.report import import_view
from hotline.data.writing import packed_csv, workbook, write_path
from kernel.database import Database
from kernel.people import SYSTEM
from kernel.sheets import Holds, Layout, Problem, Table, read_sheet, table
from knowledge import events as knowledge_events
from knowledge.model import ArticleState
from knowledge.rules.articlesheet import LAYOUT as ARTICLES
from tests.hotline.data.small_city import ADMIN, SHEETS, House, book, edited

# Whatever a database can hold: formulas, quotes, bars, line ends, control characters, what workbooks escape.
NASTY = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=30),
    st.sampled_from(["=1+1", "'=1", "@x", "-1", "+86 138", "00123", "1e5", "a|b\\c", "甲\n乙\r\n丙"]),
    st.sampled_from(["_x000D_", "_x0041_", "\ufeff"]),
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """Both databases: what is kept in one must come out of the other alike."""
    made: Database = request.getfixturevalue(f"{request.param}_database")
    return made


def rows_of(layout: Layout) -> st.SearchStrategy[list[tuple[object, ...]]]:
    """Rows of any text where text is held; codes are codes, and keys differ."""
    cells = [_cells(column.holds, column.name) for column in layout.columns]
    return st.lists(st.tuples(*cells), max_size=3, unique_by=lambda row: row[0])


def _cells(holds: Holds, name: str) -> st.SearchStrategy[Any]:
    if holds is Holds.DATE:
        return st.one_of(st.none(), st.dates())
    if holds in {Holds.LIST, Holds.CODES}:
        return st.lists(NASTY, max_size=3).map(tuple)
    if holds is Holds.CODE:
        return st.from_regex(r"[a-z0-9]{1,12}(-[a-z0-9]{1,12})?", fullmatch=True)
    return NASTY


@given(rows_of(ARTICLES))
@settings(max_examples=60, deadline=None)
def test_cells_come_back_from_a_workbook_and_from_csv_as_they_were(rows: list[tuple[object, ...]]) -> None:
    made = table(ARTICLES, rows)
    for name, data in (("a.xlsx", workbook([made])), ("a.zip", packed_csv([made]))):
        problems: list[Problem] = []
        grids = read_files([(name, data)]).grids
        sheet = read_sheet(ARTICLES, grids[0], problems)
        found = [tuple(row.raw(column) for column in ARTICLES.names) for row in sheet.rows]
        # A row of which nothing is left is no row.
        assert (problems, found) == ([], [row for row in made.rows if any(row)])


async def test_export_and_import_change_nothing_and_the_second_export_is_the_same_bytes(
    small: House, tmp_path: Path
) -> None:
    first, packed = await small.workbook(), await small.packed()
    write_path(await small.city.tables(), tmp_path / "folder")
    async with small.floor.database.reading() as tx:
        before = [await small.floor.journal.about(tx, of) for of in ("directory", "matters", "article:litter-days")]
    for given_book in (
        read_files([("a.xlsx", first)]),
        read_files([("a.zip", packed)]),
        read_path(tmp_path / "folder"),
    ):
        checked = await small.load(given_book)
        assert (checked.problems, checked.loaded) == ((), True)
        assert checked.before == checked.after
    assert (await small.workbook(), await small.packed()) == (first, packed)
    async with small.floor.database.reading() as tx:
        after = [await small.floor.journal.about(tx, of) for of in ("directory", "matters", "article:litter-days")]
    assert after == before


@given(st.data())
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_any_text_that_was_loaded_survives_export_and_import(small: House, data: st.DataObject) -> None:
    words = NASTY.filter(lambda text: text.strip() != "")
    header, row = ARTICLES.names, dict.fromkeys(ARTICLES.names, "")
    row |= {
        "id": "nasty",
        "owner": "DH-CG",
        "title": data.draw(words),
        "short": data.draw(words),
        "full": data.draw(NASTY),
    }
    cells = tuple(row[name] for name in header)
    made = Table(ARTICLES, table(ARTICLES, [cells]).rows)
    await small.load(read_files([("a.zip", packed_csv([made]))]))
    first = await small.workbook()
    checked = await small.load(read_files([("a.xlsx", first)]))
    assert checked.problems == ()
    assert checked.before == checked.after
    assert await small.workbook() == first


async def test_the_order_of_rows_is_kept_and_rows_that_are_gone_do_not_stir_the_others(small: House) -> None:
    lines = SHEETS["functions"].splitlines(keepends=True)
    await small.loaded(book(functions="".join([lines[0], lines[3], lines[1], lines[2]])))
    tables = {each.layout.name: each for each in await small.city.tables()}
    assert [row[0] for row in tables["functions"].rows] == ["police", "coordination", "sanitation"]
    units = SHEETS["units"] + "JZ-XX,甲子市某局,某局,city,990000,,,,\n"
    await small.loaded(book(units=units))
    await small.loaded(book())
    checked = await small.load(read_files([("a.xlsx", await small.workbook())]))
    assert checked.before == checked.after
    async with small.floor.database.reading() as tx:
        assert len(await small.floor.journal.about(tx, "directory")) == 4


async def test_what_changes_is_told_row_by_row_before_and_after(small: House) -> None:
    changed = edited("units", ("东湖城管局", "东湖城管"), ("JZ-GA,", "JZ-JG,")) | edited(
        "calendar", ("2026-01-04,makeup,元旦\n", "")
    )
    checked = await small.city.check(book(**changed))
    view = import_view(checked, small.city.layouts, dry_run=True)
    told = {each.label: (each.added, each.changed, each.removed, each.gone) for each in view.changes}
    assert told["单位"] == (1, 1, 1, "停用")
    assert told["日历"] == (0, 0, 1, "删除")
    assert told["区域"] == (0, 0, 0, "停用")
    rows = {row.key: row for each in view.changes if each.label == "单位" for row in each.shown}
    cell = rows["DH-CG"].cells[0]
    assert (cell.column_label, cell.before, cell.after) == ("简称", "东湖城管局", "东湖城管")
    assert rows["JZ-GA"].what == "removed"


async def test_who_loaded_is_in_the_journal_and_an_edited_entry_is_a_new_version(small: House) -> None:
    await small.loaded(
        book(**edited("articles", ("早上七点前", "早上六点前")), **edited("units", ("东湖城管局", "东湖城管")))
    )
    async with small.floor.database.reading() as tx:
        stated = [each.fact for each in await small.floor.journal.about(tx, "directory")]
        articles = [each.fact for each in await small.floor.journal.about(tx, "article:litter-days")]
    assert [fact.by for fact in stated] == [ADMIN.id, ADMIN.id]
    published = [fact for fact in articles if isinstance(fact, knowledge_events.ArticlePublished)]
    assert [(fact.version, fact.by) for fact in published] == [(1, ADMIN.id), (2, ADMIN.id)]
    await small.city.know()
    article = await small.knowledge.library.article("litter-days")
    assert (article.short, article.state) == ("每天早上六点前。", ArticleState.PUBLISHED)


async def test_a_place_keeps_the_unit_that_owns_it(small: House) -> None:
    assert {place.name: place.owner for place in small.directory.lookup._reference.data.places} == {
        "松园北路": "DH-CG",
        "柳浦医院": "",
    }
    columns = SHEETS["places"].replace(",owner", "").replace(",DH-CG", "").replace("卫生院,", "卫生院")
    await small.loaded(book(places=columns))
    assert {place.owner for place in small.directory.lookup._reference.data.places} == {""}


async def test_coordinates_come_in_alone_and_go_out_as_they_are_kept(small: House) -> None:
    header, row = "place,area,lat,lon,datum,source", "柳浦医院,,30.001,120,GCJ-02,地图"
    only: dict[str, str | None] = dict.fromkeys(SHEETS)
    before = small.directory.lookup._reference.data.places
    await small.loaded(book(**(only | {"coordinates": f"{header}\n{row}\n"})))
    data = small.directory.lookup._reference.data
    assert data.places == before
    assert [(each.place, each.area, each.source) for each in data.spots] == [("柳浦医院", "990001002", "地图")]
    table = next(each for each in await small.city.tables() if each.layout.name == "coordinates")
    (kept,) = table.rows
    assert kept[:2] == ("柳浦医院", "990001002")
    assert kept[4] == "wgs84"
    again = "\n".join([header, ",".join(kept)])
    checked = await small.load(book(**(only | {"coordinates": again})))
    view = import_view(checked, small.city.layouts, dry_run=True)
    assert [
        (each.sheet, each.added, each.removed, each.changed) for each in view.changes if each.sheet == "coordinates"
    ] == [("coordinates", 0, 0, 0)]


async def cut_off(small: House, checked: Checked) -> None:
    """Keep a plan's first two parts, then fail."""
    async with small.floor.database.transaction() as tx:
        for plan in checked.plans[:2]:
            await plan.keep(tx, SYSTEM)
        raise RuntimeError("power cut")


async def test_a_crash_in_the_middle_leaves_the_old_data_whole(small: House) -> None:
    before = await small.packed()
    checked = await small.city.check(book(**edited("units", ("东湖城管局", "东湖城管"))))
    with pytest.raises(RuntimeError, match="power cut"):
        await cut_off(small, checked)
    assert await small.packed() == before


def test_a_workbook_is_text_in_every_cell_with_labels_people_read() -> None:
    made = table(ARTICLES, [tuple("=1+1" if name == "title" else "" for name in ARTICLES.names)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.xlsx"
        write_path([made], path)
        grid = read_path(path).grids[0]
    assert grid.title == "知识条目"
    assert grid.lines[0][1][:2] == ["条目编号", "标题"]
    assert grid.lines[1][1][1] == "=1+1"
    assert grid.title != GUIDE
