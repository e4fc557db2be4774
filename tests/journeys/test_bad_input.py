"""What is forged, broken, too large or not allowed is refused politely, leaves no trace of its content, and breaks
nothing for the next one."""

import contextlib
import io
import json
import uuid
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass

import aiohttp
import pytest
from PIL import Image

from channels.sandbox.wechat_platform import Platform
from channels.sandbox.wechat_wire import Keys, to_xml
from tests.journeys.conftest import free_port
from tests.journeys.house import PASSWORD, Browser, RunningHouse, Visitor
from tests.journeys.outside import wechat
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import report_a_lamp
from tests.once import Once

WORDS = "桂丹路的窨井盖不见了"
MIB = 1024 * 1024
Query = dict[str, str]


@dataclass
class Place:
    """A house with a WeChat account."""

    house: RunningHouse
    platform: Platform
    keys: Keys

    @property
    def hook(self) -> str:
        return f"{self.house.url}/webhooks/wechat"

    def post(self) -> tuple[Query, str]:
        """What WeChat would post."""
        return self.platform.dressed(self.platform.message("bad-input", "text", Content=WORDS))


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory, once: Once) -> AsyncIterator[Place]:
    async with wechat(free_port()) as world:
        environ = {**world.environ, "HOTLINE_SERVER_LOG_LEVEL": "debug"}
        house = RunningHouse(tmp_path_factory.mktemp("bad-input"), free_port(), environ=environ)
        await house.furnish(once)
        house.start()
        await house.ready()
        yield Place(house, world.platform, world.keys)
        assert house.stop() == 0, house.output()


# -- WeChat ---------------------------------------------------------------------------------------------


def _wrong_signature(place: Place, query: Query, body: str) -> tuple[Query, str]:
    return {**query, "msg_signature": "0" * 40}, body


def _no_signature(place: Place, query: Query, body: str) -> tuple[Query, str]:
    return {name: value for name, value in query.items() if "signature" not in name}, body


def _yesterdays(place: Place, query: Query, body: str) -> tuple[Query, str]:
    return {**query, "timestamp": str(int(query["timestamp"]) - 86400)}, body


def _in_the_clear(place: Place, query: Query, _body: str) -> tuple[Query, str]:
    plain = {name: value for name, value in query.items() if name not in {"encrypt_type", "msg_signature"}}
    return plain, to_xml(place.platform.message("bad-input", "text", Content=WORDS))


def _signed_around(place: Place, query: Query, sealed: str) -> tuple[Query, str]:
    """Rightly signed, whatever is inside."""
    signed = place.keys.sign(query["timestamp"], query["nonce"], sealed)
    return {**query, "msg_signature": signed}, to_xml({"ToUserName": "gh", "Encrypt": sealed})


def _another_accounts_key(place: Place, query: Query, _body: str) -> tuple[Query, str]:
    strange = Keys(place.keys.app_id, place.keys.token, "A" * 43)
    return _signed_around(place, query, strange.encrypt(to_xml({"Content": WORDS})))


def _another_accounts_id(place: Place, query: Query, _body: str) -> tuple[Query, str]:
    strange = Keys("wxsomebodyelse", place.keys.token, place.keys.aes_key)
    return _signed_around(place, query, strange.encrypt(to_xml({"Content": WORDS})))


def _no_ciphertext(place: Place, query: Query, _body: str) -> tuple[Query, str]:
    return _signed_around(place, query, WORDS)


def _no_xml(place: Place, query: Query, _body: str) -> tuple[Query, str]:
    return query, WORDS


@pytest.mark.parametrize(
    "forge",
    [
        _wrong_signature, _no_signature, _yesterdays, _in_the_clear,
        _another_accounts_key, _another_accounts_id, _no_ciphertext, _no_xml,
    ],
    ids=lambda forge: forge.__name__.strip("_"),
)  # fmt: skip
async def test_a_post_that_is_not_wechats_is_refused_with_a_log_line_without_its_body(
    place: Place, forge: Callable[[Place, Query, str], tuple[Query, str]]
) -> None:
    query, body = forge(place, *place.post())
    before = place.house.said().count("hook.refused")
    async with aiohttp.ClientSession() as somebody, somebody.post(place.hook, params=query, data=body.encode()) as got:
        assert (got.status, await got.text()) == (403, "")
    said = place.house.said()
    assert said.count("hook.refused") == before + 1
    for part in (WORDS, body, query["nonce"], "bad-input"):
        assert part not in said
    assert "bad-input" not in place.platform.account.citizens


async def test_a_webhook_of_a_megabyte_is_refused_and_the_next_post_is_answered(place: Place) -> None:
    query, body = place.post()
    async with aiohttp.ClientSession() as somebody:
        async with somebody.post(place.hook, params=query, data=io.BytesIO(body.encode() + b" " * MIB)) as got:
            assert got.status == 413
        async with somebody.post(f"{place.house.url}/webhooks/nosuchthing", data=b"x") as got:
            assert got.status == 404
    place.platform.move_to(place.hook)
    assert [posted.status for posted in await place.platform.says("good-input", "居住证怎么办理")] == [200]
    assert [shown.how for shown in place.platform.account.citizens["good-input"].phone] == ["passive"]


# -- the chat's line ------------------------------------------------------------------------------------

MALFORMED = {
    "no json": "malformed",
    "{": "malformed",
    "[" * 30_000: "unknown_frame",
    '{"type":' + "[" * 30_000: "malformed",
    '{"type":"say","id":"\ud800"}': "malformed",
    "[1,2]": "unknown_frame",
    "{}": "unknown_frame",
    '{"type":"fly"}': "unknown_frame",
    '{"type":"say","id":7,"text":"x"}': "unknown_frame",
    '{"type":"say","id":"","text":"x"}': "bad_id",
    '{"type":"say","id":"a","text":"  "}': "text_empty",
    '{"type":"say","id":"a","text":"' + "长" * 4001 + '"}': "text_too_long",
    '{"type":"say","id":"a","text":"x","attachments":["0123"]}': "unknown_attachment",
    '{"type":"hello","token":null,"after":0}': "already_greeted",
}


async def test_a_malformed_frame_gets_an_error_frame_and_the_line_goes_on(place: Place) -> None:
    async with Visitor(place.house.url) as citizen:
        for frame, code in MALFORMED.items():
            await citizen.socket.send_frame(frame.encode("utf-8", "surrogatepass"), aiohttp.WSMsgType.TEXT)
            told = await citizen.frame("error")
            assert (told["code"], bool(told["text"])) == (code, True), frame[:60]
        await citizen.socket.send_bytes(b"\x00\x01")
        assert (await citizen.frame("error"))["code"] == "text_only"
        assert (await citizen.ask("你好"))["author"] == "bot"


async def test_a_frame_of_a_megabyte_is_refused_politely_and_the_page_goes_on(place: Place) -> None:
    async with Visitor(place.house.url) as citizen:
        await citizen.ask("你好")
        await citizen.socket.send_str(_said("啊" * (MIB // 3)))
        told = await citizen.frame("error")
        assert told["code"] == "message_too_large"
        assert "过大" in told["text"]
        await citizen.socket.receive()
        assert citizen.socket.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG
        # Twice as much is not even read: the line may be cut while it is still being sent.
        await citizen.connect()
        with contextlib.suppress(ConnectionError):
            await citizen.socket.send_str(_said("啊" * (2 * MIB // 3)))
        await citizen.socket.receive()
        assert citizen.socket.closed
        await citizen.connect()
        assert (await citizen.ask("你好"))["author"] == "bot"
        assert not [m for m in citizen.messages.values() if "啊啊啊" in m["text"]]


def _said(text: str) -> str:
    return json.dumps({"type": "say", "id": str(uuid.uuid4()), "text": text}, ensure_ascii=False)


# -- files ----------------------------------------------------------------------------------------------

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(2)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"


async def upload(house: RunningHouse, token: str | None, name: str, data: bytes) -> tuple[int, dict[str, object]]:
    """Upload a file as the chat does; the status and the answer."""
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(data), filename=name, content_type="image/png")
    headers = {"Origin": house.url, "X-Visitor": token or ""}
    async with (
        aiohttp.ClientSession() as page,
        page.post(f"{house.url}/api/v1/chat/uploads", data=form, headers=headers) as answer,
    ):
        return answer.status, await answer.json(content_type=None)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("drawing.svg", SVG),
        ("photo.png", SVG),
        ("photo.png", b'<?xml version="1.0"?>' + SVG),
        ("page.html", HTML),
        ("photo.jpg", HTML),
        ("photo.gif", b"GIF89a/*" + HTML + b"*/"),
        ("photo.png", b"\x89PNG\r\n\x1a\n" + HTML),
        ("run.exe", b"MZ" + b"\x00" * 200),
        ("empty.png", b""),
    ],
)
async def test_p43_what_a_browser_would_run_is_not_kept_whatever_it_calls_itself(
    place: Place, name: str, data: bytes
) -> None:
    async with Visitor(place.house.url) as citizen:
        status, answer = await upload(place.house, citizen.token, name, data)
    assert status == 422, answer
    assert isinstance(answer["fields"], dict)
    assert set(answer["fields"]) == {"file"}


async def test_a_file_of_thirteen_megabytes_is_refused_in_words(place: Place) -> None:
    async with Visitor(place.house.url) as citizen:
        status, answer = await upload(place.house, citizen.token, "photo.png", b"\x89PNG" + b"\x00" * (13 * MIB))
        assert status in {413, 422}, answer
        assert "10 MB" in json.dumps(answer, ensure_ascii=False)
        assert (await citizen.ask("你好"))["author"] == "bot"


async def test_p43_a_pictures_name_cannot_run_either_and_it_is_served_so_that_nothing_in_it_runs(place: Place) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(picture, "PNG")
    async with Visitor(place.house.url) as citizen, Browser(place.house.url) as anyone:
        name = '"><script>alert(1)</script>.html'
        status, answer = await upload(place.house, citizen.token, name, picture.getvalue() + HTML)
        assert status == 201
        assert not set("<>\"'/") & set(str(answer["name"]))
        assert not str(answer["name"]).endswith(".html")
        async with anyone.session.get(f"{place.house.url}{answer['url']}") as got:
            assert got.content_type == "image/jpeg"
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in got.headers["Content-Security-Policy"]
            assert b"script" not in await got.read()
        status, _ = await upload(place.house, "forged-token", "photo.png", picture.getvalue())
        assert status == 403


# -- pages of others ------------------------------------------------------------------------------------


async def test_a_post_without_the_token_or_from_another_site_is_refused(place: Place) -> None:
    own, other = place.house.url, "https://www.example.com"
    async with Browser(own) as victim:
        stale = _token(victim)
        await victim.sign_in("dispatcher")
        good = _token(victim)
        refused = {
            "bad_csrf": [
                {"Origin": own},
                {"Origin": own, "X-CSRF-Token": "made-up"},
                {"Origin": own, "X-CSRF-Token": good[:-2]},
                {"Origin": own, "X-CSRF-Token": stale},
            ],
            "bad_origin": [
                {"Origin": other, "X-CSRF-Token": good},
                {"Origin": "null", "X-CSRF-Token": good},
                {"Sec-Fetch-Site": "cross-site", "X-CSRF-Token": good},
            ],
        }
        for code, sent in refused.items():
            for headers in sent:
                assert await _press(victim, headers) == (403, code), headers
        # With both it is only the ticket that is wrong.
        assert (await _press(victim, {"Origin": own, "X-CSRF-Token": good}))[0] == 404
        for path in ("/api/v1/chat", "/api/v1/live"):
            with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
                await victim.session.ws_connect(own + path, headers={"Origin": other})


def _token(browser: Browser) -> str:
    return next(cookie.value for cookie in browser.session.cookie_jar if cookie.key == "hotline_csrf")


async def _press(browser: Browser, headers: dict[str, str]) -> tuple[int, str]:
    """A button of a ticket that does not exist."""
    url = f"{browser.url}/api/v1/tickets/FS000000000000/actions/dispatch"
    async with browser.session.post(url, json={"version": 1, "form": {}}, headers=headers) as got:
        return got.status, (await got.json(content_type=None))["code"]


# -- tickets --------------------------------------------------------------------------------------------


async def test_unit_staff_find_nothing_at_another_units_ticket(place: Place) -> None:
    async with Visitor(place.house.url) as citizen, Browser(place.house.url) as dispatcher:
        number, _ = await report_a_lamp(citizen)
        await dispatcher.sign_in("dispatcher")
        ticket = await dispatcher.get(f"/tickets/{number}")
        units = [one["code"] for one in (await dispatcher.get("/units"))["items"] if one["code"] != ticket["unit"]]
        async with Browser(place.house.url) as stranger:
            await stranger.sign_in(units[0].lower())
            made_up = await stranger.get("/tickets/FS000000000000", expect=404)
            refused = await stranger.get(f"/tickets/{number}", expect=404)
            assert {**refused, "reference": ""} == {**made_up, "reference": ""}, "tells that it exists"
            form = {"version": ticket["version"], "form": {}}
            await stranger.post(f"/tickets/{number}/actions/accept", form, expect=404)
            for view in ("inbox", "all"):
                found = await stranger.get(f"/tickets?view={view}&q={number}")
                assert found["items"] == []
        assert (await dispatcher.get(f"/tickets/{number}"))["version"] == ticket["version"]


async def test_an_unknown_matter_goes_to_a_person_and_to_no_unit(place: Place) -> None:
    said = ("我要投诉，有人在广场上对着石狮子念咒语，影响我的心情", "禅城区祖庙街道同济路", "昨晚八点", "不留电话")
    async with Visitor(place.house.url) as citizen, Browser(place.house.url) as dispatcher:
        for each in said:
            await citizen.ask(each)
        opened = await citizen.ask("确认提交", "工单号")
        number = next(line.split("：")[1] for line in opened["text"].splitlines() if line.startswith("工单号"))
        await dispatcher.sign_in("dispatcher")
        ticket = await dispatcher.get(f"/tickets/{number}")
        assert (ticket["state"], ticket["unit"], ticket["matter"]) == ("triage", "", "")
        assert not ticket["decision"]["automatic"]
        assert ticket["decision"]["lines"]
        inbox = await dispatcher.get("/tickets?view=triage")
        assert number in [row["number"] for row in inbox["items"]]


# -- passwords -----------------------------------------------------------------------------------------


async def test_five_wrong_passwords_lock_the_account_and_tell_nobody_whether_it_exists(place: Place) -> None:
    async with Browser(place.house.url) as guesser:
        logins = ("editor", "nobody-of-that-name")
        answers = {login: [await _guess(guesser, login, f"wrong-{n}") for n in range(6)] for login in logins}
        assert answers["editor"] == ["wrong_login"] * 5 + ["locked"]
        assert answers["editor"] == answers["nobody-of-that-name"]
        assert await _guess(guesser, "editor", PASSWORD) == "locked"
        await guesser.sign_in("reviewer")


async def _guess(guesser: Browser, login: str, password: str) -> str:
    refused = await guesser.post("/session", {"login": login, "password": password}, expect=403)
    return str(refused["code"])
