"""The work list of a unit without a system: out as a workbook, back filled in."""

import zipfile
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from hotline.failures import problem_of
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Principal, Role, Scope
from kernel.room import Call, Download, Upload
from tests.ticketing.city import AGENT, DISPATCHER, PHONE, Hotline, address, lead_staff, staff
from ticketing.model.labels import Action, Secrecy, State, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.worksheet import LAYOUT, as_cells, heading
from ticketing.worklist_api import ReportView, ReturnedForm, ReturnedView, WorklistForm

PATH = "/api/v1/units/{code}/worklist.xlsx"
RESULT = {
    "办理动作": "提交结果",
    "首次联系时间": "2026-03-16 10:00",
    "首次联系方式": "用办公座机打通并核对了情况",
    "调查情况": "现场有三个烧烤档占道",
    "处理措施": "已劝离并清理",
    "办理依据": "城市市容和环境卫生管理条例",
    "承办人": "李工",
    "承办人电话": "0757-00000000",
    "办理结果": "解释说明",
}


def handler(desk: Hotline, method: str, path: str = PATH) -> Any:
    return next(r.handler for r in desk.room.room.routes if (r.method, r.path) == (method, path))


async def export(desk: Hotline, by: Principal, unit: str = "") -> bytes:
    given = await handler(desk, "GET")(Call(by, Scope.OWN_UNIT, {"code": unit or by.unit}))
    assert isinstance(given, Download)
    return given.data


def handing_in(by: Principal, data: bytes, form: WorklistForm | ReturnedForm, unit: str = "") -> Call:
    uploads = (Upload("file", "在办.xlsx", data),)
    return Call(by, Scope.OWN_UNIT, {"code": unit or by.unit}, body=form, uploads=uploads)


async def hand_in(desk: Hotline, by: Principal, data: bytes, unit: str = "", *, dry_run: bool = False) -> ReportView:
    given = await handler(desk, "POST")(handing_in(by, data, WorklistForm(dry_run), unit))
    assert isinstance(given, ReportView)
    assert given.dry_run is dry_run
    return given


async def give_back(desk: Hotline, by: Principal, data: bytes, *rows: int) -> bytes:
    form = ReturnedForm(",".join(map(str, rows)))
    given = await handler(desk, "POST", PATH.replace(".xlsx", "/refused"))(handing_in(by, data, form))
    assert isinstance(given, ReturnedView)
    return given.file


def filled(data: bytes, *rows: dict[str, Any]) -> bytes:
    """The workbook as somebody hands it back: by number, labels and values."""
    book: Any = load_workbook(BytesIO(data))
    sheet = book.worksheets[0]
    places = {cell.value: cell.column for cell in sheet[1]}
    lines = {sheet.cell(n, places["工单编号"]).value: n for n in range(2, sheet.max_row + 1)}
    for row in rows:
        for label, value in row.items():
            sheet.cell(lines[row["工单编号"]], places[label]).value = value
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def table(data: bytes) -> list[dict[str, str]]:
    book: Any = load_workbook(BytesIO(data))
    head, *rows = book.worksheets[0].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in rows]


@pytest.fixture
async def ticket(desk: Hotline) -> Ticket:
    """A ticket waiting for its unit."""
    return await desk.open(f"{PHONE}请尽快，同济路25号旁边每晚都有烧烤档占道经营，路都走不了")


async def test_a_units_open_tickets_stand_there_masked_with_their_due_times(desk: Hotline, ticket: Ticket) -> None:
    data = await export(desk, lead_staff(ticket))
    (row,) = table(data)
    assert list(row) == [column.label for column in LAYOUT.columns]
    assert (row["工单编号"], row["版本"], row["状态"]) == (ticket.number, str(ticket.version), "已派单待签收")
    assert (row["办理期限"], row["时限状态"]) == ("2026-03-25 17:30", "正常")
    assert all(row[label] is None for label in RESULT)
    assert PHONE not in str(row)


async def test_a_row_is_brought_as_far_as_it_says_in_one_go(desk: Hotline, ticket: Ticket) -> None:
    by = lead_staff(ticket)
    data = filled(await export(desk, by), {"工单编号": ticket.number, **RESULT})
    report = await hand_in(desk, by, data)
    assert (report.done, report.refused, report.left) == (1, 0, 0)
    assert report.rows[0].done == ("签收", "开始办理", "提交结果")
    now = await desk.now(ticket)
    assert now.state is State.REVIEW
    assert now.result is not None
    assert (now.result.handler, now.result.findings) == ("李工", "现场有三个烧烤档占道")


async def test_nothing_of_a_row_is_done_when_a_part_of_it_cannot_be(desk: Hotline, ticket: Ticket) -> None:
    other = await desk.open("隔壁同济路又有烧烤档占道经营", address=address("two"), contact="13900139000")
    by = lead_staff(ticket)
    wrong = {"工单编号": ticket.number, **RESULT, "办理依据": None}
    data = filled(await export(desk, by), wrong, {"工单编号": other.number, "办理动作": "签收"})
    report = await hand_in(desk, by, data)
    by_number = {row.number: row for row in report.rows}
    assert by_number[ticket.number].fields == {"basis": "required"}
    assert by_number[other.number].done == ("签收",)
    assert (await desk.now(ticket)).state is State.DISPATCHED
    assert (await desk.now(other)).state is State.ACCEPTED


async def test_a_late_save_is_told_and_changes_nothing(desk: Hotline, ticket: Ticket) -> None:
    """P40: whoever saves over another's work is told, the other's work stands."""
    by = lead_staff(ticket)
    data = filled(await export(desk, by), {"工单编号": ticket.number, **RESULT})
    await desk.act(ticket, Action.ACCEPT, by)
    (row,) = (await hand_in(desk, by, data)).rows
    assert (row.code, row.done) == ("ticket_changed", ())
    assert (await desk.now(ticket)).state is State.ACCEPTED


async def test_the_same_workbook_twice_does_nothing_twice(desk: Hotline, ticket: Ticket) -> None:
    by = lead_staff(ticket)
    data = filled(await export(desk, by), {"工单编号": ticket.number, "办理动作": "签收"})
    assert (await hand_in(desk, by, data)).done == 1
    version = (await desk.now(ticket)).version
    report = await hand_in(desk, by, data)
    assert (report.done, report.refused) == (0, 1)
    assert (await desk.now(ticket)).version == version


async def test_a_trial_says_what_would_be_done_and_does_nothing(desk: Hotline, ticket: Ticket) -> None:
    by = lead_staff(ticket)
    data = filled(await export(desk, by), {"工单编号": ticket.number, **RESULT})
    before = await desk.facts(ticket)
    (row,) = (await hand_in(desk, by, data, dry_run=True)).rows
    assert row.done == ("签收", "开始办理", "提交结果")
    assert row.title
    now = await desk.now(ticket)
    assert (now.state, now.version) == (State.DISPATCHED, ticket.version)
    assert await desk.facts(ticket) == before
    assert (await hand_in(desk, by, data)).done == 1


async def test_refused_rows_come_back_as_filled_in_with_their_reasons_and_can_be_handed_in_mended(
    desk: Hotline, ticket: Ticket
) -> None:
    other = await desk.open("隔壁同济路又有烧烤档占道经营", address=address("two"), contact="13900139000")
    by = lead_staff(ticket)
    data = filled(
        await export(desk, by),
        {"工单编号": ticket.number, **RESULT, "办理依据": None},
        {"工单编号": other.number, "办理动作": "签收"},
    )
    # Somebody takes it on meanwhile: the sheet they get back knows the ticket as it stands now.
    await desk.act(ticket, Action.ACCEPT, by)
    report = await hand_in(desk, by, data)
    refused = [row for row in report.rows if row.faults]
    (fault,) = refused[0].faults
    assert (fault.heading, fault.text) == ("版本", "row_outdated")
    assert refused[0].detail == f"第 {refused[0].row} 行“版本”列：row_outdated"
    back = await give_back(desk, by, data, refused[0].row)
    (row,) = table(back)
    assert (row["工单编号"], row["状态"], row["调查情况"]) == (ticket.number, "已签收", RESULT["调查情况"])
    assert row["版本"] == str((await desk.now(ticket)).version)
    assert "row_outdated" in row["未办理原因"]
    (row_,) = (await hand_in(desk, by, back)).rows
    assert row_.detail == "第 2 行“办理依据”列：required"
    mended = filled(back, {"工单编号": ticket.number, "办理依据": RESULT["办理依据"]})
    assert (await hand_in(desk, by, mended)).done == 1
    assert (await desk.now(ticket)).state is State.REVIEW


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_of_two_rows_of_one_ticket_the_first_counts(desk: Hotline, ticket: Ticket) -> None:
    by = lead_staff(ticket)
    book: Any = load_workbook(BytesIO(filled(await export(desk, by), {"工单编号": ticket.number, "办理动作": "签收"})))
    sheet = book.worksheets[0]
    sheet.append([cell.value for cell in sheet[2]])
    out = BytesIO()
    book.save(out)
    for dry_run in (True, False):
        first, second = (await hand_in(desk, by, out.getvalue(), dry_run=dry_run)).rows
        assert (first.done, second.fields) == (("签收",), {"number": "row_repeated"})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_wrong_header_is_told_by_its_columns(desk: Hotline, ticket: Ticket) -> None:
    book: Any = load_workbook(BytesIO(await export(desk, lead_staff(ticket))))
    sheet = book.worksheets[0]
    for cell in sheet[1]:
        if cell.value == "办理依据":
            cell.value = "依据"
    out = BytesIO()
    book.save(out)
    with pytest.raises(Invalid) as refused:
        await hand_in(desk, lead_staff(ticket), out.getvalue())
    assert refused.value.fields == {"file": "sheet_columns_missing"}
    assert refused.value.data == {"columns": "“办理依据”"}


def test_every_failure_of_a_sheet_has_words_that_name_no_field_of_the_api() -> None:
    for field, code in (("evidence", "required_if_resolved"), ("contact_how", "no_contact_on_record")):
        said = problem_of(as_cells(Invalid({field: code}, least=6)), "").fields
        assert heading(field) in {"办理结果", "首次联系方式"}
        assert all(text != code and "{" not in text for text in said.values())
    current = {"state": "accepted", "version": 3}
    for error in (NotFound("ticket"), Conflict("ticket_changed", current), Conflict("wrong_state", current)):
        ((name, text),) = problem_of(as_cells(error), "").fields.items()
        assert heading(name) in {"工单编号", "版本", "办理动作"}
        assert "{" not in text
        assert "row_" not in text


async def test_rows_left_empty_are_left_alone(desk: Hotline, ticket: Ticket) -> None:
    by = lead_staff(ticket)
    report = await hand_in(desk, by, await export(desk, by))
    assert (report.done, report.refused, report.left) == (0, 0, 1)


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"办理动作": None}, "step", "required"),
        ({"办理动作": "办好了"}, "step", "not_in_list"),
        ({"办理结果": "好"}, "outcome", "not_in_list"),
        ({"办理结果": "已解决"}, "evidence", "required_if_resolved"),
        ({"首次联系时间": "昨天"}, "contacted_at", "moment_wrong"),
        ({"首次联系时间": "2030-01-01 10:00"}, "contacted_at", "in_the_future"),
        ({"首次联系时间": None}, "contacted_at", "required"),
        ({"首次联系方式": None}, "contact_how", "no_contact_on_record"),
        ({"首次联系方式": "已联系"}, "contact_how", "no_contact_on_record"),
        ({"调查情况": "长" * 4001}, "findings", "too_long"),
        ({"调查情况": "=1+1"}, "findings", "cell_wrong"),
        ({"版本": "x"}, "version", "wrong"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_wrong_cell_is_named(
    desk: Hotline, ticket: Ticket, change: dict[str, Any], field: str, code: str
) -> None:
    by = lead_staff(ticket)
    data = filled(await export(desk, by), {"工单编号": ticket.number, **RESULT, **change})
    (row,) = (await hand_in(desk, by, data)).rows
    assert row.fields == {field: code}
    assert (await desk.now(ticket)).state is State.DISPATCHED


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_no_cell_of_a_citizen_is_taken_for_a_formula(desk: Hotline) -> None:
    """P42."""
    ticket = await desk.open('=HYPERLINK("http://x.example","看")同济路25号旁边每晚都有烧烤档占道经营', title="@SUM(1)")
    book: Any = load_workbook(BytesIO(await export(desk, lead_staff(ticket))))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert not [cell.value for cell in cells if str(cell.value)[0] in "=+-@"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_what_an_informer_says_of_themselves_is_not_in_it(desk: Hotline) -> None:
    """P44."""
    ticket = await desk.open(
        "举报公司偷排污水，我家住在厂子对面",
        AGENT,
        title="我家住在厂子对面，公司偷排污水",
        kind=TicketKind.REPORT,
        secrecy=Secrecy.REPORT,
        place="祖庙街道同济路",
    )
    if ticket.lead is None:
        ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-CG", basis="职责", reason="按职责")
    (row,) = table(await export(desk, lead_staff(ticket)))
    assert "我家" not in str(row)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_a_list_is_its_units_own(desk: Hotline, ticket: Ticket) -> None:
    by, other = lead_staff(ticket), staff(Role.LIAISON, unit="NH-GC")
    assert table(await export(desk, other)) == []
    with pytest.raises(NotFound):
        await export(desk, other, by.unit)
    data = filled(await export(desk, by), {"工单编号": ticket.number, "办理动作": "签收"})
    with pytest.raises(NotAllowed):
        await hand_in(desk, other, data, by.unit)
    (row,) = (await hand_in(desk, other, data)).rows
    assert row.code == "not_found"
    assert (await desk.now(ticket)).state is State.DISPATCHED


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (70 * 1024 * 1024))
    return out.getvalue()


def stranger() -> bytes:
    book, out = Workbook(), BytesIO()
    book.worksheets[0].append(["甲", "乙"])
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "sheet_unreadable"), (b"PK\x03\x04", "sheet_unreadable"), (bomb(), "sheet_too_large"),
     (stranger(), "sheet_header_wrong")],
)  # fmt: skip
async def test_what_is_no_work_list_is_refused_as_a_whole(desk: Hotline, data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        await hand_in(desk, staff(Role.LIAISON, unit="NH-GC"), data)
    assert refused.value.fields == {"file": code}
