"""Subscriptions and work lists over HTTP, as a unit's system and its people use them."""

from io import BytesIO
from typing import Any

import pytest
from aiohttp import FormData
from openpyxl import load_workbook

from hotline.assembly import Assembled
from tests.hotline.conftest import Browser
from tests.hotline.programs import bearer, make_key, open_ticket

HOOKS = "/api/v1/webhooks"
FORM = {"url": "https://cases.example/hook", "facts": ["TicketDispatched"]}


async def test_a_units_system_subscribes_for_itself_and_sees_no_other(client: Any, admin: Browser) -> None:
    mine = await make_key(admin, ["unit.read"], "FS-CG")
    other = await make_key(admin, ["unit.read"], "FS-ZJ")
    answer = await client.post(HOOKS, json=FORM, headers=bearer(mine))
    made = await answer.json()
    assert answer.status == 201, made
    hook = made["webhook"]
    assert (hook["unit"], hook["active"], hook["waiting"], hook["dead"]) == ("FS-CG", True, 0, 0)
    listed = await (await client.get(HOOKS, headers=bearer(mine))).json()
    assert hook["id"] in {each["id"] for each in listed["items"]}
    assert made["secret"] not in str(listed)
    assert hook["id"] not in str(await (await client.get(HOOKS, headers=bearer(other))).json())
    one = f"{HOOKS}/{hook['id']}"
    for method, path, form in (
        ("PATCH", one, {"active": False}),
        ("POST", f"{one}/replay", {"position": 0}),
        ("GET", f"{one}/deliveries", None),
        ("PATCH", one, {"url": "https://cases.example/other", "facts": []}),
        ("POST", f"{one}/secret", {"overlap_hours": 1}),
    ):
        assert (await client.request(method, path, json=form, headers=bearer(other))).status == 404
        assert (await client.request(method, path, json=form, headers=bearer(mine))).status == 200
    assert (await client.post(HOOKS, json=FORM | {"unit": "FS-ZJ"}, headers=bearer(mine))).status == 403
    for path in (f"{one}/test", f"{one}/deliveries/none/again"):
        assert (await client.post(path, json={}, headers=bearer(other))).status == 404
    acts = await make_key(admin, ["unit.act"], "FS-CG")
    assert (await client.get(HOOKS, headers=bearer(acts))).status == 403


async def test_an_administrator_sees_where_a_webhook_stands(admin: Browser) -> None:
    made = await (await admin.post(HOOKS, json=FORM | {"unit": "FS-ZJ"})).json()
    page = await (await admin.get(f"{HOOKS}?unit=FS-ZJ")).json()
    (hook,) = page["items"]
    assert (hook["id"], hook["state"], hook["state_label"], hook["delivered"]) == (
        *(made["webhook"]["id"], "active", "正常"),
        None,
    )
    assert "TicketDispatched" in page["offered"]
    one = f"{HOOKS}/{hook['id']}"
    turned = await (await admin.post(f"{one}/secret", json={})).json()
    assert turned["secret"] not in {made["secret"], ""}
    assert turned["webhook"]["old_until"] is not None
    for path, form, field in (
        (f"{one}/secret", {"overlap_hours": -1}, "overlap_hours"),
        (f"{one}/replay", {"position": -1}, "position"),
    ):
        answer = await admin.post(path, json=form)
        assert (answer.status, list((await answer.json())["fields"])) == (422, [field])
    answer = await admin.send("PATCH", one, json={"url": "https://10.0.0.1/"})
    assert (answer.status, list((await answer.json())["fields"])) == (422, ["url"])
    changed = await (await admin.send("PATCH", one, json={"facts": []})).json()
    assert (changed["facts"], changed["url"], changed["active"]) == ([], FORM["url"], True)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "http://cases.example/"}, "url"),
        ({"url": "https://192.168.1.5/"}, "url"),
        ({"facts": ["IdentityShown"]}, "facts"),
        ({"unit": "NONE"}, "unit"),
        ({"unit": ""}, "unit"),
    ],
)
async def test_a_wrong_subscription_is_refused(admin: Browser, change: dict[str, Any], field: str) -> None:
    answer = await admin.post(HOOKS, json=FORM | {"unit": "FS-CG"} | change)
    assert (answer.status, list((await answer.json())["fields"])) == (422, [field])


async def test_a_work_list_goes_out_and_comes_back_in_words(client: Any, admin: Browser, city: Assembled) -> None:
    ticket, unit = await open_ticket(city)
    made = await make_key(admin, ["unit.act"], unit)
    path = f"/api/v1/units/{unit}/worklist.xlsx"
    answer = await client.get(path, headers=bearer(made))
    assert (answer.status, "attachment" in answer.headers["Content-Disposition"]) == (200, True)
    book: Any = load_workbook(BytesIO(await answer.read()))
    sheet = book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    line = next(row for row in sheet.iter_rows(min_row=2) if row[0].value == ticket.number)
    line[head.index("办理动作")].value = "开始办理"
    out = BytesIO()
    book.save(out)

    async def hand_in(key: str) -> dict[str, Any]:
        form = FormData()
        form.add_field("file", out.getvalue(), filename="在办.xlsx")
        given = await client.post(path, data=form, headers=bearer(made, **{"Idempotency-Key": key}))
        assert given.status == 200
        report: dict[str, Any] = await given.json()
        return next(row for row in report["rows"] if row["number"] == ticket.number)

    first = await hand_in("one")
    assert (first["status"], first["fields"]) == (422, {"contacted_at": "请填写此项"})
    line[head.index("未联系原因")].value = "匿名诉求，未留电话"
    out = BytesIO()
    book.save(out)
    done = await hand_in("two")
    assert (done["status"], done["done"]) == (200, ["签收", "开始办理"])
    assert await hand_in("two") == done
    late = await hand_in("three")
    assert (late["status"], late["code"], late["detail"]) == (
        409,
        "ticket_changed",
        "第 2 行“版本”列：下载后工单已有变化（现为“办理中”），请按最新情况重新填写",
    )
