"""Data out and in over HTTP: for administrators alone, checked before they are loaded, never loaded on an old check."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import FormData
from aiohttp.test_utils import TestClient, TestServer

from directory.model import OpenSession
from hotline.assembly import Assembled
from hotline.metrics import Metrics
from hotline.web import host
from kernel.people import Kind, Principal, Role
from tests.hotline.conftest import Browser
from tests.hotline.data.small_city import SHEETS
from tests.hotline.small_house import Session

OUT, INTO = "/api/v1/admin/export", "/api/v1/admin/import"


class OneOf:
    """Accounts of somebody who holds the role they sign in as."""

    async def sign_in(self, login: str, password: str, remote: str, device: str = "") -> Session:
        return await self.principal_of(login)

    async def principal_of(self, token: str) -> Session:
        principal = Principal(Kind.STAFF, "s" * 32, "某某", frozenset({Role(token)}))
        return Session(token, principal, datetime.max.replace(tzinfo=UTC))

    async def sign_out(self, token: str) -> None: ...

    async def sessions_of(self, staff_id: str, token: str) -> list[OpenSession]:
        return []

    async def end_session_of(self, staff_id: str, session_id: str) -> None: ...

    async def end_others_of(self, staff_id: str, token: str) -> None: ...


@pytest.fixture
async def admin(city: Assembled) -> AsyncIterator[Browser]:
    """An administrator's browser over the demo city."""
    made = host(replace(city.house, accounts=OneOf()), Metrics())
    async with TestClient(TestServer(made.app)) as client:
        browser = Browser(client)
        await browser.sign_in("admin")
        yield browser


def form(*files: tuple[str, bytes], **fields: str) -> FormData:
    """A form with files."""
    made = FormData()
    for name, value in fields.items():
        made.add_field(name, value)
    for name, data in files:
        made.add_field("file", data, filename=name)
    return made


async def report(browser: Browser, *files: tuple[str, bytes], **fields: str) -> dict[str, Any]:
    """The report on files."""
    answer = await browser.post(INTO, data=form(*files, **fields))
    assert answer.status == 200, await answer.text()
    given: dict[str, Any] = await answer.json()
    return given


async def test_all_data_go_out_and_come_in_again_without_a_change(admin: Browser) -> None:
    for kind in ("xlsx", "csv"):
        answer = await admin.get(f"{OUT}?format={kind}")
        assert answer.headers["Cache-Control"] == "no-store"
        data = await answer.read()
        checked = await report(admin, (f"data.{kind}", data) if kind == "xlsx" else ("data.zip", data), dry_run="true")
        assert (checked["count"], checked["loaded"], checked["dry_run"]) == (0, False, True)
        assert {(c["added"], c["changed"], c["removed"]) for c in checked["changes"]} == {(0, 0, 0)}
        assert all(change["given"] for change in checked["changes"])
        done = await report(admin, ("data.zip", data), dry_run="false", basis=checked["basis"])
        assert done["loaded"] is True


async def test_the_template_has_all_columns_and_no_row(admin: Browser) -> None:
    data = await (await admin.get(f"{OUT}?format=xlsx&empty=true")).read()
    checked = await report(admin, ("template.xlsx", data))
    assert {fault["code"] for fault in checked["faults"]} == {"sheet_empty"}
    assert len(checked["faults"]) == 9


async def test_a_fault_is_answered_with_place_and_words_and_loads_nothing(admin: Browser) -> None:
    bad = ("calendar.csv", b"date,kind,name\n2026-01-01,party,x\n2026-02-30,holiday,x\n")
    done = await report(admin, bad, dry_run="false")
    assert done["loaded"] is False
    assert [(f["sheet_label"], f["row"], f["column_label"], f["cell"]) for f in done["faults"]] == [
        ("日历", 2, "类型", "B2"),
        ("日历", 3, "日期", "A3"),
    ]
    assert done["faults"][1]["text"] == "不是有效的日期，应如 2026-01-05"


async def test_what_was_checked_against_other_data_is_not_loaded(admin: Browser) -> None:
    data = await (await admin.get(f"{OUT}?format=csv")).read()
    answer = await admin.post(INTO, data=form(("data.zip", data), dry_run="false", basis="of-yesterday"))
    assert (answer.status, (await answer.json())["code"]) == (409, "data_changed")


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ((("a.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 9),), "另存为不加密的 .xlsx"),
        ((("a.pdf", b"%PDF"),), "不是 XLSX 工作簿"),
    ],
)
async def test_a_file_that_is_none_is_refused_in_words(
    admin: Browser, files: tuple[tuple[str, bytes], ...], text: str
) -> None:
    answer = await admin.post(INTO, data=form(*files, dry_run="true"))
    assert answer.status == 422
    assert text in (await answer.json())["fields"]["file"]


async def test_nothing_handed_in_is_asked_for(admin: Browser) -> None:
    answer = await admin.post(INTO, json={"dry_run": True})
    assert (answer.status, (await answer.json())["fields"]) == (422, {"file": "请填写此项"})


HISTORY = "编号,内容,事项,承办单位\nX1,外星人占道,外星事务,外星局\nX2,无,,\n"


async def test_tickets_of_another_system_are_checked_taken_in_and_found(city: Assembled, admin: Browser) -> None:
    past = "/api/v1/admin/import-history"
    mapping = 'source = "旧系统"\n'
    given = ("old.csv", HISTORY.encode())
    answer = await admin.post(past, data=form(given, dry_run="true", mapping=mapping))
    checked = await answer.json()
    assert (checked["rows"], checked["added"], checked["loaded"], checked["learnable"]) == (2, 2, False, 0)
    assert [(e["field"], e["rows"], e["silent"]) for e in checked["unmatched"]][:2] == [
        ("matter", 1, 1),
        ("unit", 1, 1),
    ]
    assert checked["unmatched"][0]["names"] == [{"name": "外星事务", "count": 1}]
    assert [(e["field"], e["headers"]) for e in checked["taken"][:2]] == [("number", ["编号"]), ("text", ["内容"])]
    assert '"外星事务" = ""' in checked["mapping"]
    done = await (await admin.post(past, data=form(given, dry_run="false", mapping=checked["mapping"]))).json()
    assert (done["loaded"], done["source"]) == (True, "旧系统")
    state = await (await admin.get(past)).json()
    assert [(each["name"], each["tickets"]) for each in state["sources"]] == [("旧系统", 2)]
    assert state["sentences"] > 1000
    bad = ("old.csv", "编号,内容\n,没有编号\nX3,有\n".encode())
    refused = await (await admin.post(past, data=form(bad, dry_run="false", mapping=mapping))).json()
    fault = refused["faults"][0]
    assert (refused["loaded"], fault["row"], fault["column_label"], fault["cell"]) == (False, 2, "工单编号", "A2")
    skipped = await (
        await admin.post(past, data=form(bad, dry_run="false", mapping=mapping, skip_faulty="true"))
    ).json()
    assert (skipped["loaded"], skipped["added"]) == (True, 1)
    wrong = await admin.post(past, data=form(given, mapping="x"))
    assert (wrong.status, (await wrong.json())["fields"]) == (422, {"mapping": "对照表不是有效的 TOML"})


async def test_nobody_but_administrators_takes_data_out_or_in(city: Assembled) -> None:
    made = host(replace(city.house, accounts=OneOf()), Metrics())
    async with TestClient(TestServer(made.app)) as client:
        for role in Role:
            browser = Browser(client)
            await browser.sign_in(role.value)
            refused = role is not Role.ADMIN
            assert ((await browser.get(f"{OUT}?empty=true")).status == 403) is refused
            upload = form(("units.csv", SHEETS["units"].encode()), dry_run="true")
            assert ((await browser.post(INTO, data=upload)).status == 403) is refused
