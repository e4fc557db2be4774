"""One route over HTTP: decoding, refusals, doing a request once, files."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from io import BytesIO

import aiohttp
import pytest
from sqlalchemy import select

from hotline.idempotency import Once
from hotline.store import answers
from kernel.clock import ManualClock
from kernel.errors import Unavailable
from kernel.room import Floor
from tests.hotline.conftest import Browser
from tests.hotline.small_house import SmallApi

KEY = {"Idempotency-Key": "a-key-of-the-page"}


async def test_what_is_sent_becomes_the_declared_form(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    answer = await browser.post("/api/v1/notes", json={"text": "路灯坏了", "stars": 2})
    assert answer.status == 201
    assert await answer.json() == {"number": 1, "text": "路灯坏了", "by": "agent-1"}
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b'{"stars": 1}', {"text": "请填写此项"}),
        (b"", {"text": "请填写此项"}),
        (b'{"text": "a", "stars": "many"}', {"stars": "填写的内容不符合要求"}),
        (b"[]", {"body": "填写的内容不符合要求"}),
        (b"{", {"body": "提交的内容无法识别，请刷新页面后再试"}),
        (b"\xff", {"body": "提交的内容无法识别，请刷新页面后再试"}),
    ],
)
async def test_wrong_input_names_the_wrong_field(
    browser: Browser, api: SmallApi, body: bytes, fields: dict[str, str]
) -> None:
    await browser.sign_in("agent-1")
    answer = await browser.post("/api/v1/notes", data=body)
    assert answer.status == 422
    assert answer.content_type == "application/problem+json"
    assert (await answer.json())["fields"] == fields
    assert api.notes == []


async def test_the_query_is_converted_and_lists_are_gathered(browser: Browser) -> None:
    await browser.sign_in("agent-1")
    answer = await (await browser.get("/api/v1/notes?q=路灯&limit=5&unit=A&unit=B")).json()
    assert answer == {"q": "路灯", "limit": 5, "unit": ["A", "B"], "scope": "any"}
    wrong = await browser.get("/api/v1/notes?limit=many")
    assert (await wrong.json())["fields"] == {"limit": "填写的内容不符合要求"}


async def test_a_megabyte_of_text_is_refused_politely(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    answer = await browser.post("/api/v1/notes", data=BytesIO(b'{"text": "' + b"x" * 1_200_000 + b'"}'))
    assert answer.status == 413
    assert (await answer.json())["detail"] == "内容过大（上限 256 KiB），请缩减后再试"
    assert api.notes == []


async def test_a_large_body_without_a_length_is_refused_too(browser: Browser, api: SmallApi) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 10_000

    await browser.sign_in("agent-1")
    answer = await browser.post("/api/v1/notes", data=endless())
    assert answer.status == 413
    assert api.notes == []


async def test_files_come_as_uploads(browser: Browser) -> None:
    await browser.sign_in("agent-1")
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", b"\x89PNG" + b"0" * 100, filename="现场.png", content_type="image/png")
    answer = await browser.post("/api/v1/files", data=form)
    assert await answer.json() == [{"field": "file", "name": "现场.png", "size": 104}]


async def test_files_larger_than_the_limit_are_refused(browser: Browser, floor: Floor) -> None:
    await browser.sign_in("agent-1")
    form = aiohttp.FormData(quote_fields=False)
    form.add_field("file", BytesIO(b"0" * (floor.settings.server.max_request_kib * 1024 + 1)), filename="big.mp4")
    assert (await browser.post("/api/v1/files", data=form)).status == 413


async def test_a_malformed_multipart_body_is_wrong_input(browser: Browser) -> None:
    await browser.sign_in("agent-1")
    headers = {"Content-Type": "multipart/form-data; boundary=xyz"}
    assert (await browser.post("/api/v1/files", headers, data=b"no boundary here")).status == 422


async def test_a_download_runs_nothing_in_the_browser(browser: Browser) -> None:
    await browser.sign_in("agent-1")
    answer = await browser.get("/api/v1/paper")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=UTF-8''%E7%8E%B0")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert await answer.read() == b"%PDF-1.7"


async def test_p14_a_request_sent_twice_is_done_once(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    first = await browser.post("/api/v1/notes", KEY, json={"text": "路灯"})
    second = await browser.post("/api/v1/notes", KEY, json={"text": "路灯"})
    assert (second.status, await second.read()) == (first.status, await first.read())
    assert len(api.notes) == 1


async def test_the_same_key_for_something_else_is_refused(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    await browser.post("/api/v1/notes", KEY, json={"text": "路灯"})
    answer = await browser.post("/api/v1/notes", KEY, json={"text": "井盖"})
    assert answer.status == 422
    assert (await answer.json())["code"] == "key_reused"


async def test_a_key_belongs_to_one_person(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    await browser.post("/api/v1/suggestions", KEY, json={"text": "多种树"})
    await browser.sign_in("analyst-1")
    answer = await browser.post("/api/v1/suggestions", KEY, json={"text": "多种树"})
    assert (await answer.json())["by"] == "analyst-1"


async def test_while_the_first_is_at_work_the_second_is_told_to_wait(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    api.gate.clear()
    first = asyncio.create_task(browser.post("/api/v1/notes", KEY, json={"text": "路灯"}))
    await api.entered.wait()
    second = await browser.post("/api/v1/notes", KEY, json={"text": "路灯"})
    assert (second.status, (await second.json())["code"]) == (409, "key_in_use")
    api.gate.set()
    assert (await first).status == 201
    assert len(api.notes) == 1


async def test_a_request_that_failed_may_be_tried_again(browser: Browser, api: SmallApi) -> None:
    await browser.sign_in("agent-1")
    api.fail = Unavailable()
    assert (await browser.post("/api/v1/notes", KEY, json={"text": "路灯"})).status == 503
    api.fail = None
    assert (await browser.post("/api/v1/notes", KEY, json={"text": "路灯"})).status == 201


async def test_kept_answers_are_sealed_and_forgotten_after_a_day(
    browser: Browser, floor: Floor, clock: ManualClock, api: SmallApi
) -> None:
    await browser.sign_in("agent-1")
    await browser.post("/api/v1/notes", KEY, json={"text": "市民陈先生来电"})
    async with floor.database.reading() as tx:
        kept = await tx.rows(select(answers))
    assert len(kept) == 1
    assert "陈先生" not in str(dict(kept[0]))
    once = Once(floor.database, floor.vault, clock)
    assert await once.forget_old() == 0
    clock.advance(timedelta(hours=25))
    assert await once.forget_old() == 1


async def test_sign_in_attempts_from_one_address_run_out(browser: Browser, clock: ManualClock) -> None:
    statuses = [(await browser.sign_in("agent-1", "wrong")).status for _ in range(21)]
    assert statuses == [403] * 20 + [429]
    last = await browser.sign_in("agent-1", "wrong")
    assert last.headers["Retry-After"] == "3"
    assert (await last.json())["detail"] == "操作过于频繁，请3秒后再试"
    clock.advance(timedelta(seconds=3))
    assert (await browser.sign_in("agent-1", "wrong")).status == 403


async def test_the_right_password_costs_the_others_at_one_address_nothing(browser: Browser) -> None:
    for _ in range(30):
        assert (await browser.sign_in("agent-1")).status == 200
        assert (await browser.send("DELETE", "/api/v1/session")).status == 204
    statuses = [(await browser.sign_in("agent-1", "wrong")).status for _ in range(21)]
    assert statuses == [403] * 20 + [429]


async def test_an_embedding_site_may_post_to_the_chat_after_asking(browser: Browser) -> None:
    await browser.get("/")
    asked = await browser.send("OPTIONS", "/api/v1/chat/uploads")
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Origin"] == browser.origin
    browser.origin = "https://evil.example"
    assert (await browser.send("OPTIONS", "/api/v1/chat/uploads")).status == 403
    refused = await browser.post("/api/v1/chat/uploads", data=b"x")
    assert refused.status == 403
    assert "Access-Control-Allow-Origin" not in refused.headers
