"""One's own account over HTTP: a given password is replaced first, and what is open is seen and ended."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from hotline.assembly import Assembled
from hotline.devices import device_of
from hotline.metrics import Metrics
from hotline.web import host
from tests.hotline.conftest import Browser

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0 Safari/537.36"


@pytest.fixture
async def citizen(city: Assembled) -> AsyncIterator[Browser]:
    """Somebody's browser, not signed in, with a page of ours open."""
    async with TestClient(TestServer(host(city.house, Metrics()).app)) as made:
        browser = Browser(made)
        await browser.get("/login")
        yield browser


async def new_account(admin: Browser, login: str, role: str = "agent") -> str:
    """The password of a new account."""
    answer = await admin.post("/api/v1/staff", json={"login": login, "name": "测试", "roles": [role]})
    given: dict[str, Any] = await answer.json()
    assert answer.status == 201, given
    return str(given["password"])


async def test_a_given_password_lets_nobody_work(admin: Browser, citizen: Browser) -> None:
    password = await new_account(admin, "own-one", "admin")
    answer = await citizen.sign_in("own-one", password)
    assert (await answer.json())["staff"]["renew"] is True
    for path in ("/api/v1/staff", "/api/v1/units", "/api/v1/keys", "/api/v1/admin/export"):
        refused = await citizen.get(path)
        assert (refused.status, (await refused.json())["code"]) == (403, "password_to_renew")
    assert (await citizen.get("/account")).status == 200
    form = {"old": password, "new": "long enough now"}
    assert (await citizen.post("/api/v1/session/password", json=form)).status == 200
    assert (await citizen.sign_in("own-one", password)).status == 403
    answer = await citizen.sign_in("own-one", "long enough now")
    assert (await answer.json())["staff"]["renew"] is False
    assert (await citizen.get("/api/v1/staff")).status == 200


async def test_people_see_where_they_are_signed_in_and_end_it(admin: Browser, client: Any, citizen: Browser) -> None:
    password = await new_account(admin, "own-two")
    elsewhere = Browser(client)
    form = {"login": "own-two", "password": password}
    await elsewhere.get("/login")
    assert (await elsewhere.post("/api/v1/session", {"User-Agent": WINDOWS}, json=form)).status == 200
    await citizen.sign_in("own-two", password)
    items = (await (await citizen.get("/api/v1/sessions")).json())["items"]
    assert sorted((each["device"], each["current"]) for each in items) == [("", True), ("Chrome · Windows", False)]
    (other,) = [each for each in items if not each["current"]]
    ended = await citizen.send("DELETE", f"/api/v1/sessions/{other['id']}")
    assert [each["current"] for each in (await ended.json())["items"]] == [True]
    assert (await elsewhere.get("/api/v1/session")).status == 401
    assert (await citizen.send("DELETE", f"/api/v1/sessions/{other['id']}")).status == 404
    await elsewhere.sign_in("own-two", password)
    assert (await citizen.send("DELETE", "/api/v1/sessions")).status == 200
    assert (await elsewhere.get("/api/v1/session")).status == 401
    assert (await citizen.get("/api/v1/session")).status == 200


async def test_another_page_cannot_end_anything(admin: Browser) -> None:
    answer = await admin.send("DELETE", "/api/v1/sessions", {"X-CSRF-Token": "made up"})
    assert (answer.status, (await answer.json())["code"]) == (403, "bad_csrf")


async def test_guests_have_no_sessions(citizen: Browser) -> None:
    assert (await citizen.get("/api/v1/sessions")).status == 401


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (WINDOWS, "Chrome · Windows"),
        (f"{WINDOWS} Edg/126.0", "Edge · Windows"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox · Linux"),
        ("curl/8.5.0", ""),
        ("", ""),
    ],
)
def test_a_device_is_known_by_a_word(agent: str, device: str) -> None:
    assert device_of(agent) == device
