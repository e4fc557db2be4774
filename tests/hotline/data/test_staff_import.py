"""Accounts made many at once: checked by sheet, row and column, made as a whole, passwords in a workbook."""

import base64
import csv
import io
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from hotline.assembly import Assembled
from kernel.people import SYSTEM, Role
from tests.hotline.conftest import Browser
from tests.hotline.data.test_api import form

PATH = "/api/v1/admin/import-staff"
HEAD = ("登录账号", "姓名", "角色", "单位", "外包")


def book(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD, title: str = "账号") -> bytes:
    """A workbook of accounts."""
    made = Workbook()
    sheet: Any = made.active
    sheet.title = title
    for row in (head, *rows):
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


async def handed_in(browser: Browser, data: bytes, name: str = "账号.xlsx", *, dry_run: bool = True) -> dict[str, Any]:
    answer = await browser.post(PATH, data=form((name, data), dry_run="true" if dry_run else "false"))
    assert answer.status == 200, await answer.text()
    given: dict[str, Any] = await answer.json()
    return given


def cells(data: bytes, sheet: str) -> list[list[str]]:
    loaded: Any = load_workbook(io.BytesIO(data))
    return [[cell or "" for cell in row] for row in loaded[sheet].iter_rows(min_row=2, values_only=True)]


async def test_units_without_liaison_get_theirs_by_handing_the_sheet_back(admin: Browser, city: Assembled) -> None:
    staffing = city.rooms.directory.staffing
    async with city.house.floor.database.transaction() as tx:
        (liaison,) = [each for each in await staffing.everyone(tx) if each.login == "ss-jy"]
        await staffing.set_active(tx, liaison.id, False, SYSTEM)
        units = await staffing.units_without(tx, Role.LIAISON)
    assert units == [liaison.unit]
    answer = await admin.get(f"{PATH}?gaps=true")
    filled = await answer.read()
    rows = cells(filled, "账号")
    assert [row[0] for row in rows] == ["ss-jy-2"]
    empty = cells(await (await admin.get(PATH)).read(), "账号")
    assert empty == []
    checked = await handed_in(admin, filled)
    assert (checked["accounts"], checked["made"], checked["count"]) == (1, 0, 0)
    async with city.house.floor.database.transaction() as tx:
        await staffing.set_active(tx, liaison.id, True, SYSTEM)


async def test_accounts_are_checked_then_made_and_get_in_with_the_passwords_of_the_file(
    admin: Browser, city: Assembled
) -> None:
    sheet = book(
        ("imp-one", "张一", "话务员、回访员", "", "是"),
        ("imp-two", "李二", "liaison|承办人", "FS-CG", ""),
        ("imp-three", "王三", "单位负责人", city.rooms.directory.lookup.unit("FS-CG").name, "否"),
    )
    checked = await handed_in(admin, sheet)
    assert (checked["accounts"], checked["made"], checked["count"], checked["file"]) == (3, 0, 0, "")
    made = await handed_in(admin, sheet, dry_run=False)
    assert (made["made"], made["count"]) == (3, 0)
    rows = cells(base64.b64decode(made["file"]), "初始密码")
    assert [row[:3] for row in rows] == [
        ["imp-one", "张一", "话务员、回访员"],
        ["imp-two", "李二", "联络员、承办人"],
        ["imp-three", "王三", "单位负责人"],
    ]
    for login, *_, password in rows:
        principal = (await city.rooms.directory.accounts.sign_in(login, password, "")).principal
        assert principal.renew
    async with city.house.floor.database.reading() as tx:
        by_login = {member.login: member for member in await city.rooms.directory.staffing.everyone(tx)}
    assert by_login["imp-one"].outsourced
    assert (by_login["imp-two"].unit, by_login["imp-three"].unit) == ("FS-CG", "FS-CG")
    again = await handed_in(admin, sheet, dry_run=False)
    assert [(fault["row"], fault["column"], fault["text"]) for fault in again["faults"]] == [
        (row, "login", "账号已被使用") for row in (2, 3, 4)
    ]


async def test_every_fault_has_its_place_and_nothing_is_made(admin: Browser, city: Assembled) -> None:
    sheet = book(
        ("good-one", "张一", "话务员", "", ""),
        ("有 空格", "", "话务员", "", ""),
        ("bad-role", "李二", "局长", "", ""),
        ("bad-unit", "王三", "联络员", "没有的局", ""),
        ("no-unit", "赵四", "联络员", "", ""),
        ("wrong-unit", "钱五", "审核员", "FS-CG", ""),
        ("bad-out", "孙六", "分办员", "", "是"),
        ("good-one", "周七", "话务员", "", "也许"),
        ("", "", "", "", ""),
    )
    report = await handed_in(admin, sheet, dry_run=False)
    assert (report["made"], report["file"]) == (0, "")
    places = [(fault["sheet_label"], fault["cell"], fault["column"]) for fault in report["faults"]]
    assert places == [
        ("账号", "A3", "login"),
        ("账号", "B3", "name"),
        ("账号", "C4", "roles"),
        ("账号", "D5", "unit"),
        ("账号", "D6", "unit"),
        ("账号", "C7", "roles"),
        ("账号", "C8", "roles"),
        ("账号", "E9", "outsourced"),
        ("账号", "A9", "login"),
    ]
    assert "没有这种角色：局长" in str(report["faults"])
    async with city.house.floor.database.reading() as tx:
        assert "good-one" not in {member.login for member in await city.rooms.directory.staffing.everyone(tx)}


async def test_a_csv_file_does_as_well_and_one_without_the_column_is_told(admin: Browser) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([("login", "name", "roles", "unit"), ("csv-one", "张一", "agent", "")])
    checked = await handed_in(admin, out.getvalue().encode("gb18030"), "名单.csv")
    assert (checked["accounts"], checked["count"]) == (1, 0)
    report = await handed_in(admin, book(("x1", "甲"), head=("登录账号", "姓名")))
    assert {(fault["column"], fault["code"]) for fault in report["faults"]} == {
        ("roles", "column_missing"),
        ("unit", "column_missing"),
    }


@pytest.mark.parametrize(
    ("files", "status"),
    [
        ([("a.xlsx", b"no workbook")], 422),
        ([("a.xlsx", b"")], 422),
        ([("a.csv", b"login\n"), ("b.csv", b"login\n")], 422),
    ],
)
async def test_what_is_no_sheet_of_accounts_is_refused(
    admin: Browser, files: list[tuple[str, bytes]], status: int
) -> None:
    answer = await admin.post(PATH, data=form(*files, dry_run="true"))
    assert (answer.status, list((await answer.json())["fields"])) == (status, ["file"])


async def test_an_empty_sheet_and_one_too_long_are_told(admin: Browser) -> None:
    assert [each["code"] for each in (await handed_in(admin, book()))["faults"]] == ["no_rows"]
    long = book(*((f"n{n}", "甲", "话务员", "", "") for n in range(1001)))
    assert [each["code"] for each in (await handed_in(admin, long))["faults"]] == ["too_many_accounts"]
