"""Sessions, CSRF, origins, links: who gets in and who does not."""

from dataclasses import replace

import pytest
from aiohttp import WSMsgType, WSServerHandshakeError

from hotline.security import Cookies, Csrf, Doorman, Origins, origin_of
from kernel.clock import ManualClock
from kernel.people import May
from kernel.room import Floor
from kernel.settings import ServerSettings, Settings
from kernel.signing import Signer
from tests.hotline.conftest import Browser
from tests.hotline.small_house import SmallAccounts, SmallApi


async def test_a_member_of_staff_signs_in_and_is_known_afterwards(browser: Browser) -> None:
    answer = await browser.sign_in("liaison-1")
    assert answer.status == 200
    shown = await (await browser.get("/api/v1/session")).json()
    assert shown["staff"]["roles"] == [{"value": "liaison", "label": "联络员"}]
    assert shown["staff"]["unit"] == {"code": "U1", "name": "城管局"}


async def test_the_session_cookie_is_hidden_from_scripts_and_the_csrf_cookie_is_not(browser: Browser) -> None:
    answer = await browser.sign_in("agent-1")
    set_cookies = {line.split("=")[0]: line for line in answer.headers.getall("Set-Cookie")}
    assert "HttpOnly" in set_cookies["hotline_session"]
    assert "SameSite=Lax" in set_cookies["hotline_session"]
    assert "HttpOnly" not in set_cookies["hotline_csrf"]


async def test_a_wrong_password_is_told_in_chinese_and_sets_no_session(browser: Browser) -> None:
    answer = await browser.sign_in("agent-1", "wrong")
    assert answer.status == 403
    assert (await answer.json())["detail"] == "账号或密码不正确"
    assert "hotline_session" not in browser.cookies


async def test_signing_out_ends_the_session(browser: Browser, accounts: SmallAccounts) -> None:
    await browser.sign_in("agent-1")
    assert (await browser.send("DELETE", "/api/v1/session")).status == 204
    assert accounts.sessions == {}
    assert (await browser.get("/api/v1/session")).status == 401


async def test_signing_in_again_ends_the_session_before(browser: Browser, accounts: SmallAccounts) -> None:
    await browser.sign_in("agent-1")
    await browser.sign_in("analyst-1")
    assert [session.principal.id for session in accounts.sessions.values()] == ["analyst-1"]


async def test_a_route_needs_its_permission(browser: Browser, api: SmallApi) -> None:
    assert (await browser.get("/api/v1/notes")).status == 401
    await browser.sign_in("analyst-1")
    assert (await browser.get("/api/v1/notes")).status == 403
    await browser.sign_in("liaison-1")
    assert (await (await browser.get("/api/v1/notes")).json())["scope"] == "own_unit"
    assert (await browser.post("/api/v1/notes", json={"text": "路灯"})).status == 403
    assert api.notes == []


@pytest.mark.parametrize(
    "headers",
    [
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": "made up"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
async def test_an_unsafe_request_of_another_page_is_refused(
    browser: Browser, api: SmallApi, headers: dict[str, str]
) -> None:
    await browser.sign_in("agent-1")
    answer = await browser.post("/api/v1/notes", headers, json={"text": "路灯"})
    assert answer.status == 403
    assert (await answer.json())["code"] in {"bad_csrf", "bad_origin"}
    assert api.notes == []


async def test_a_request_without_origin_is_judged_by_where_the_browser_says_it_comes_from(browser: Browser) -> None:
    await browser.sign_in("agent-1")
    browser.origin = None
    refused = await browser.post("/api/v1/notes", {"Sec-Fetch-Site": "cross-site"}, json={"text": "路灯"})
    assert refused.status == 403
    assert (await browser.post("/api/v1/notes", json={"text": "路灯"})).status == 201


async def test_a_token_of_another_session_does_not_fit(clock: ManualClock) -> None:
    csrf = Csrf(Signer(b"s" * 32, clock))
    token = csrf.issue("session-a")
    assert csrf.fits(token, "session-a")
    assert not csrf.fits(token, "session-b")
    assert not csrf.fits(token, "")
    assert not csrf.fits(csrf.issue(""), "session-a")


async def test_a_guest_may_post_to_public_routes_with_a_token_from_a_page(browser: Browser, api: SmallApi) -> None:
    assert (await browser.post("/api/v1/suggestions", json={"text": "多种树"})).status == 403
    await browser.get("/")
    assert (await browser.post("/api/v1/suggestions", json={"text": "多种树"})).status == 200
    assert [note.text for note in api.notes] == ["多种树"]


async def test_signing_in_from_another_site_is_refused(browser: Browser, accounts: SmallAccounts) -> None:
    await browser.get("/")
    browser.origin = "https://evil.example"
    assert (await browser.sign_in("agent-1")).status == 403
    assert accounts.sessions == {}


async def test_a_webhook_needs_no_page_of_ours(browser: Browser) -> None:
    answer = await browser.post("/webhooks/wechat", {"Origin": "https://platform.example"}, data=b"<xml/>")
    assert await answer.text() == "heard 6"


async def test_a_tracking_link_opens_its_ticket_only(browser: Browser, floor: Floor) -> None:
    link = floor.signer.sign("track", "FS202603160001")
    shown = await (await browser.get(f"/api/v1/track/{link}")).json()
    assert shown == {"number": "FS202603160001", "kind": "link"}
    assert (await browser.get(f"/api/v1/track/{link}x")).status == 403
    assert (await browser.get("/api/v1/notes")).status == 401


async def test_a_link_signed_for_something_else_opens_nothing(browser: Browser, floor: Floor) -> None:
    link = floor.signer.sign("file", "FS202603160001")
    answer = await browser.get(f"/api/v1/track/{link}")
    assert answer.status == 403
    assert (await answer.json())["detail"] == "链接无效，请重新获取"


async def test_acting_over_a_link_needs_a_token_of_our_page(browser: Browser, floor: Floor) -> None:
    link = floor.signer.sign("track", "FS202603160001")
    assert (await browser.post(f"/api/v1/track/{link}/urge", json={})).status == 403
    await browser.get("/")
    assert (await browser.post(f"/api/v1/track/{link}/urge", json={})).status == 200


async def test_a_socket_of_another_site_is_refused(browser: Browser) -> None:
    with pytest.raises(WSServerHandshakeError) as refused:
        await browser.socket("/api/v1/chat", "https://evil.example")
    assert refused.value.status == 403
    socket = await browser.socket("/api/v1/chat")
    assert await socket.receive_str() == "hello"


async def test_a_socket_of_somebody_not_signed_in_is_closed_with_a_code_scripts_can_read(browser: Browser) -> None:
    socket = await browser.socket("/api/v1/live")
    message = await socket.receive()
    assert (message.type, socket.close_code) == (WSMsgType.CLOSE, 4401)


def test_sites_that_embed_the_chat_may_use_the_chat_and_nothing_else() -> None:
    settings = Settings(channels={"web": {"origins": ["https://www.city.example"]}})
    origins = Origins(settings)
    assert origins.allows("https://www.city.example", May.CHAT)
    assert not origins.allows("https://www.city.example", May.SIGN_IN)
    assert not origins.allows("https://www.city.example.evil.example", May.CHAT)


def test_the_demo_is_reached_under_both_names_of_this_machine() -> None:
    demo = Settings(server=ServerSettings(demo=True))
    assert Origins(demo).allows("http://localhost:12345", May.SIGN_IN)
    assert not Origins(Settings()).allows("http://localhost:12345", May.SIGN_IN)


def test_cookies_are_bound_to_the_host_under_https() -> None:
    assert Cookies(secure=True).session == "__Host-hotline_session"
    assert Cookies(secure=False).csrf == "hotline_csrf"


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://12345.city.example/", "https://12345.city.example"),
        ("https://12345.city.example:443", "https://12345.city.example"),
        ("http://127.0.0.1:12345", "http://127.0.0.1:12345"),
        ("http://[::1]:8080/x", "http://[::1]:8080"),
    ],
)
def test_an_origin_is_written_as_browsers_write_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin


async def test_only_a_proxy_on_this_machine_may_name_the_callers_address(
    floor: Floor, accounts: SmallAccounts, browser: Browser
) -> None:
    public = replace(floor.settings, server=ServerSettings(public_url="https://12345.city.example"))
    behind = Doorman(public, floor.signer, accounts)
    direct = Doorman(floor.settings, floor.signer, accounts)

    class Request:
        def __init__(self, remote: str) -> None:
            self.remote = remote
            self.headers = {"X-Real-IP": "203.0.113.9"}

    assert behind.remote(Request("127.0.0.1")) == "203.0.113.9"  # type: ignore[arg-type]
    assert behind.remote(Request("198.51.100.7")) == "198.51.100.7"  # type: ignore[arg-type]
    assert direct.remote(Request("127.0.0.1")) == "127.0.0.1"  # type: ignore[arg-type]
