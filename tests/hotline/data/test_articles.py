"""Entries out of the knowledge and back: nothing is lost on the way, what comes in waits for its reviews."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import Any

import msgspec
import pytest
from openpyxl import load_workbook

from hotline.data.articles import BringView, CarryForm, CarryQuery, Form
from kernel.attachments import CheckedFile
from kernel.errors import Invalid, NotAllowed
from kernel.messages import Media
from kernel.people import SYSTEM, Kind, Principal, Role, allow
from kernel.room import Call, Download, Upload
from knowledge.model import Article, ArticleState
from knowledge.store.articles import newest, versions_of
from tests.hotline.data.small_city import ADMIN, House

EDITOR = Principal(Kind.STAFF, id="e1", name="采编", roles=frozenset({Role.EDITOR}))
LIAISON = Principal(Kind.STAFF, id="l1", name="联络员", roles=frozenset({Role.LIAISON}), unit="DH-CG")
AWKWARD = Article(
    id="awkward",
    title="=垃圾“分类”: 怎么分？",
    short="第一行\n- 第二行: 含冒号 # 与井号\n  缩进",
    owner="JZ-ZS",
    full="开头\n\n---\nid: 假的\n---\n\n## 小标题\n`代码` | 竖线 \\ 反斜杠 😀",
    variants=("甲|乙", "丙\\丁", "'引号'", "yes", "2026-01-01"),
    materials=("null", "0123"),
    phone="0075712345",
    fee="0",
    limit="12:30",
    basis=("《办法》",),
    areas=("990001",),
    valid_from=date(2026, 1, 1),
    valid_to=date(2027, 1, 1),
    review_due=date(2026, 12, 1),
    verified_on=date(2026, 3, 1),
    matter="litter",
)
FORMS = {Form.XLSX: "x.xlsx", Form.JSONL: "x.jsonl", Form.MARKDOWN: "x.zip"}


async def call(house: House, method: str, path: str, by: Principal = EDITOR, **more: Any) -> Any:
    row = next(each for each in house.data.room.routes if (each.method, each.path) == (method, path))
    return await row.handler(Call(by, allow(by, row.may), **more))


async def out(house: House, form: Form, by: Principal = EDITOR, **more: Any) -> bytes:
    given = await call(house, "GET", "/api/v1/knowledge/export", by, query=CarryQuery(form, **more))
    assert isinstance(given, Download)
    return given.data


async def into(house: House, *files: tuple[str, bytes], by: Principal = EDITOR, dry_run: bool = False) -> BringView:
    uploads = tuple(Upload("file", name, data) for name, data in files)
    given = await call(house, "POST", "/api/v1/knowledge/import", by, body=CarryForm(dry_run), uploads=uploads)
    assert isinstance(given, BringView)
    return given


async def entries(house: House) -> dict[str, Article]:
    async with house.floor.database.reading() as tx:
        return await newest(tx, ["awkward", "litter-days", "new-one"])


@pytest.fixture
async def filled(small: House) -> House:
    """The small city with an awkward entry that has a file."""
    async with small.floor.database.transaction() as tx:
        kept = await small.floor.attachments.keep(tx, CheckedFile(Media.FILE, "application/pdf", "a.pdf", b"%PDF"))
        units, areas = {"JZ-ZS"}, {"990001"}
        await small.knowledge.editing.draft(tx, replace(AWKWARD, attachments=(kept.id,)), units, areas, ADMIN)
    await small.city.know()
    return small


@pytest.mark.parametrize("form", list(Form))
async def test_what_goes_out_and_comes_back_changes_nothing(filled: House, form: Form) -> None:
    before = await entries(filled)
    carried = await out(filled, form)
    seen = await into(filled, (FORMS[form], carried))
    assert (seen.faults, seen.added, seen.changed, seen.unchanged) == ([], 0, 0, 2)
    assert await entries(filled) == before
    assert await out(filled, form) == carried


@pytest.mark.parametrize("form", list(Form))
async def test_in_another_house_all_of_it_is_a_draft_that_says_the_same(filled: House, form: Form) -> None:
    carried, before = await out(filled, form), await entries(filled)
    async with filled.floor.database.transaction() as tx:
        for each in before.values():
            await filled.knowledge.editing.draft(tx, replace(each, title="别的"), {each.owner}, set(each.areas), SYSTEM)
    seen = await into(filled, (FORMS[form], carried), dry_run=True)
    assert (seen.loaded, seen.changed) == (False, 2)
    assert [each.title for each in (await entries(filled)).values()] == ["别的", "别的"]
    assert (await into(filled, (FORMS[form], carried))).loaded
    for id_, article in (await entries(filled)).items():
        assert article == replace(before[id_], version=article.version, state=ArticleState.DRAFT)
        assert article.version == before[id_].version + 2
    async with filled.floor.database.reading() as tx:
        assert [each.origin.value for each in await versions_of(tx, "litter-days")] == ["import", "editor", "import"]


async def test_a_faulty_row_is_told_by_line_and_column_and_keeps_all_back(filled: House) -> None:
    good = msgspec.json.encode({"id": "new-one", "title": "新的", "short": "答复", "owner": "JZ-ZS"})
    bad = msgspec.json.encode({"id": "Bad", "title": 7, "owner": "NO", "matter": "x", "colour": "red", "areas": "1"})
    seen = await into(filled, ("x.jsonl", b"\n".join([good, b"", bad, b"{no", good])))
    assert not seen.loaded
    told = {(each.row, each.column, each.code) for each in seen.faults}
    assert told == {
        (3, "id", "bad_id"),
        (3, "title", "not_text"),
        (3, "short", "missing"),
        (3, "owner", "unknown_unit"),
        (3, "areas", "unknown_area"),
        (3, "matter", "unknown_matter"),
        (3, "colour", "unknown_field"),
        (4, "", "not_json"),
        (5, "id", "repeated"),
    }
    assert {each.column_label for each in seen.faults if each.row == 3} >= {"条目编号", "责任单位"}
    assert "new-one" not in await entries(filled)


async def test_a_markdown_file_is_told_by_its_name(filled: House) -> None:
    good = b"---\nid: new-one\ntitle: \xe6\x96\xb0\nshort: \xe7\xad\x94\nowner: JZ-ZS\n---\n\n# long\n"
    seen = await into(filled, ("good.md", good), ("bad.md", b"no head"), ("worse.md", b"---\nid: [\n---\n"))
    assert [(each.sheet_label, each.row, each.code) for each in seen.faults] == [
        ("bad.md", 0, "no_front_matter"),
        ("worse.md", 0, "no_front_matter"),
    ]
    assert (await into(filled, ("good.md", good))).added == 1
    assert (await entries(filled))["new-one"].full == "# long"


async def test_a_workbook_without_files_leaves_an_entry_its_own(filled: House) -> None:
    book: Any = load_workbook(io.BytesIO(await out(filled, Form.XLSX)))
    sheet = book["知识条目"]
    assert sheet.cell(1, sheet.max_column).value == "附件"
    sheet.delete_cols(sheet.max_column)
    sheet.cell(2, 2).value = "改过的标题"
    changed = io.BytesIO()
    book.save(changed)
    files = (await entries(filled))["awkward"].attachments
    assert (await into(filled, ("x.xlsx", changed.getvalue()))).changed == 1
    now = (await entries(filled))["awkward"]
    assert (now.title, now.attachments, len(files)) == ("改过的标题", files, 1)


async def test_a_list_is_carried_as_it_is_filtered(filled: House) -> None:
    lines = (await out(filled, Form.JSONL, state="draft")).decode().splitlines()
    assert [msgspec.json.decode(each)["id"] for each in lines] == ["awkward"]
    with zipfile.ZipFile(io.BytesIO(await out(filled, Form.MARKDOWN, q="垃圾几点"))) as packed:
        assert packed.namelist() == ["litter-days.md"]
    with pytest.raises(Invalid):
        await out(filled, Form.JSONL, state="gone")


async def test_a_unit_carries_its_own_entries_only(filled: House) -> None:
    lines = (await out(filled, Form.JSONL, LIAISON)).decode().splitlines()
    assert [msgspec.json.decode(each)["id"] for each in lines] == ["litter-days"]
    stolen = msgspec.json.encode({"id": "awkward", "title": "改", "short": "改", "owner": "DH-CG"})
    seen = await into(filled, ("x.jsonl", stolen), by=LIAISON)
    assert [(each.column, each.code) for each in seen.faults] == [("owner", "not_your_article")]
    async with filled.floor.database.transaction() as tx:
        mine = replace(AWKWARD, owner="DH-CG")
        with pytest.raises(NotAllowed):
            await filled.knowledge.editing.draft(tx, mine, {"DH-CG"}, {"990001"}, LIAISON)


@pytest.mark.parametrize(
    "files",
    [
        (),
        (("x.jsonl", b""),),
        (("x.jsonl", b"{}"), ("y.jsonl", b"{}")),
        (("x.md", b"---\n"), ("x.exe", b"MZ")),
        (("x.zip", b"PK\x03\x04broken"),),
    ],
)
async def test_what_is_no_file_of_entries_is_refused(filled: House, files: tuple[tuple[str, bytes], ...]) -> None:
    with pytest.raises(Invalid):
        await into(filled, *files)
