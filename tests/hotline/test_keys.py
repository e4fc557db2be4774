"""API keys over HTTP: a program shows one, acts for its unit, and is counted."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hotline.assembly import Assembled
from tests.hotline.conftest import Browser
from tests.hotline.programs import KEYS, bearer, make_key, open_ticket


async def test_a_key_is_shown_once_and_listed_without_what_opens(admin: Browser) -> None:
    made = await make_key(admin, ["unit.read"], "FS-CG")
    listed = await (await admin.get(KEYS)).json()
    (row,) = [each for each in listed["items"] if each["id"] == made["key"]["id"]]
    assert (row["prefix"], row["unit"], row["scopes"]) == (
        made["token"].rpartition("_")[0][:11],
        "FS-CG",
        [{"value": "unit.read", "label": "读取本单位工单"}],
    )
    assert row["made_by"] != ""
    assert made["token"] not in str(listed)


async def test_a_program_works_its_units_ticket_and_the_record_names_the_key(
    client: Any, admin: Browser, city: Assembled
) -> None:
    ticket, unit = await open_ticket(city)
    made = await make_key(admin, ["unit.act"], unit)
    one = f"/api/v1/tickets/{ticket.number}"
    seen = await (await client.get(one, headers=bearer(made))).json()
    assert "13800138000" not in str(seen)
    # No cookie and no CSRF token: a key leans on neither.
    form = {"version": seen["version"], "form": {}}
    answer = await client.post(f"{one}/actions/accept", json=form, headers=bearer(made))
    seen = await answer.json()
    assert (answer.status, seen["state"]) == (200, "accepted")
    assert seen["timeline"][-1]["who"].endswith("接口密钥“案件系统”")
    facts = city.house.floor.journal
    async with city.house.floor.database.reading() as tx:
        assert (await facts.about(tx, f"ticket:{ticket.number}"))[-1].fact.by == made["key"]["id"]
    assert (await client.post(f"{one}/unmask", json={"purpose": "联系"}, headers=bearer(made))).status == 403


async def test_a_key_opens_nothing_of_another_unit(client: Any, admin: Browser, city: Assembled) -> None:
    ticket, unit = await open_ticket(city)
    other = next(each.code for each in city.rooms.directory.lookup.units() if each.code != unit)
    made = await make_key(admin, ["unit.act", "unit.read"], other)
    one = f"/api/v1/tickets/{ticket.number}"
    assert (await client.get(one, headers=bearer(made))).status == 404
    form = {"version": ticket.version, "form": {}}
    assert (await client.post(f"{one}/actions/accept", json=form, headers=bearer(made))).status == 404
    page = await (await client.get("/api/v1/tickets?view=all", headers=bearer(made))).json()
    assert page["items"] == []
    assert (await client.get("/api/v1/tickets?view=triage", headers=bearer(made))).status == 403


async def test_what_is_sent_twice_under_one_number_is_done_once(client: Any, admin: Browser, city: Assembled) -> None:
    """P15: a program that hears no answer sends again."""
    ticket, unit = await open_ticket(city)
    made = await make_key(admin, ["unit.act"], unit)
    path, form = f"/api/v1/tickets/{ticket.number}/actions/accept", {"version": ticket.version, "form": {}}
    headers = bearer(made, **{"Idempotency-Key": "case-77"})
    first = await client.post(path, json=form, headers=headers)
    again = await client.post(path, json=form, headers=headers)
    assert (first.status, again.status) == (200, 200)
    assert await again.read() == await first.read()
    other = await make_key(admin, ["unit.act"], unit)
    third = await client.post(path, json=form, headers=bearer(other, **{"Idempotency-Key": "case-77"}))
    assert third.status == 409


async def test_a_list_is_read_page_by_page(client: Any, admin: Browser, city: Assembled) -> None:
    wanted = set()
    for _ in range(3):
        ticket, unit = await open_ticket(city)
        wanted.add(ticket.number)
    made = await make_key(admin, ["unit.read"], unit)
    seen, cursor = set[str](), ""
    while True:
        page = await (await client.get(f"/api/v1/tickets?limit=1&cursor={cursor}", headers=bearer(made))).json()
        seen |= {row["number"] for row in page["items"]}
        if page["next"] is None:
            break
        cursor = page["next"]
    assert wanted <= seen


async def test_a_revoked_or_unknown_key_is_refused_whatever_cookie_comes_with_it(client: Any, admin: Browser) -> None:
    made = await make_key(admin, ["unit.read"], "FS-CG")
    assert (await client.get("/api/v1/tickets", headers=bearer(made))).status == 200
    assert (await admin.post(f"{KEYS}/{made['key']['id']}/revoke")).status == 200
    answer = await client.get("/api/v1/tickets", headers=bearer(made))
    assert (answer.status, (await answer.json())["code"]) == (403, "bad_key")
    assert (await admin.get(KEYS, Authorization="Bearer hk_nothing")).status == 403


async def test_a_key_that_asks_too_often_is_told_to_wait(client: Any, admin: Browser) -> None:
    made = await make_key(admin, ["unit.read"], "FS-CG", per_minute=2)
    statuses = [(await client.get("/api/v1/tickets", headers=bearer(made))).status for _ in range(3)]
    assert statuses == [200, 200, 429]


async def test_only_administrators_make_keys(client: Any, admin: Browser) -> None:
    made = await make_key(admin, ["unit.read", "unit.act"], "FS-CG")
    form = {"name": "更多", "scopes": ["unit.act"], "unit": "FS-CG"}
    assert (await client.post(KEYS, json=form, headers=bearer(made))).status == 403
    assert (await client.get(KEYS)).status == 401


async def test_an_exchange_tells_of_calls_under_its_key_and_nobody_else_does(client: Any, admin: Browser) -> None:
    calls = "/api/v1/calls"
    made, other = await make_key(admin, ["calls.post"]), await make_key(admin, ["open311.post"])
    start = datetime.now(UTC) - timedelta(hours=1)
    told = {"id": "c1", "offered_at": start.isoformat(), "ended_at": (start + timedelta(minutes=3)).isoformat()}
    form = {"calls": [told, {**told, "id": "c2", "answered_at": (start + timedelta(seconds=8)).isoformat()}]}
    answer = await client.post(calls, json=form, headers=bearer(made))
    assert (answer.status, await answer.json()) == (200, {"new": 2, "known": 0})
    assert await (await client.post(calls, json=form, headers=bearer(made))).json() == {"new": 0, "known": 2}
    assert (await client.post(calls, json=form, headers=bearer(other))).status == 403
    assert (await admin.post(calls, json=form)).status == 403
    assert (await client.get("/api/v1/tickets", headers=bearer(made))).status == 403
    wrong = {"calls": [{**told, "id": "c3", "ended_at": (start - timedelta(minutes=1)).isoformat()}]}
    answer = await client.post(calls, json=wrong, headers=bearer(made))
    assert (answer.status, "挂断时间" in await answer.text()) == (422, True)
