"""P43: what staff attach is judged by its content as what citizens send is, and served so that nothing in it runs."""

import io
import json
import uuid
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from PIL import Image

from tests.journeys.house import Browser, RunningHouse

SCRIPT = b"<script>alert(document.cookie)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"
HTML = b"<!doctype html><html><body>" + SCRIPT + b"</body></html>"
TEXT = "祖庙街道城门头路口东侧人行道上有烧烤摊占道经营，请处理。"


def picture(kind: str = "PNG", **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "green").save(out, kind, **options)
    return out.getvalue()


REFUSED = [
    ("drawing.svg", SVG),
    ("photo.png", SVG),
    ("photo.jpg", b'\xef\xbb\xbf<?xml version="1.0"?>' + SVG),
    ("page.html", HTML),
    ("page.xhtml", b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT + b"</html>"),
    ("proof.pdf", HTML),
    ("photo.gif", b"GIF89a=1;" + SCRIPT),
    ("photo.jpg", b"\xff\xd8\xff\xe0" + HTML),
    ("voice.webm", b"\x1a\x45\xdf\xa3\x82\x84webm" + b"V_VP8" + HTML),
    ("voice.webm", HTML + b"\x1a\x45\xdf\xa3\x82\x84webmA_OPUS"),
    ("macro.docm", b"PK\x03\x04" + b"\0" * 300),
    ("run.exe", b"MZ" + b"\0" * 300),
    ("mail.eml", b"From: a\r\nContent-Type: text/html\r\n\r\n" + HTML),
    ("empty.pdf", b""),
]
# Pictures that are something else as well: what is kept is the picture, drawn anew.
POLYGLOT = [
    ("png+html", picture() + HTML),
    ("jpeg+zip", picture("JPEG") + b"PK\x03\x04" + SCRIPT),
    ("jpeg comment", picture("JPEG", comment=SCRIPT)),
    ("gif+js", picture("GIF") + b"*/=1;" + SCRIPT),
]
NAMES = [
    '"><script>alert(1)</script>.png',
    "../../../etc/passwd.png",
    "..\\..\\windows\\a.png",
    "photo.png%0d%0aSet-Cookie: a=b",
    "照片\u202egnp.exe",
    "photo.html",
    "a" * 400 + ".png",
    "\u200b",
    "CON.png",
]


@pytest.fixture(scope="module")
async def ticket(house: RunningHouse) -> dict[str, Any]:
    """A ticket at a unit, and who is to attach to it."""
    async with Browser(house.url) as agent:
        await agent.sign_in("agent")
        made = await agent.post(
            "/tickets", {"kind": "complaint", "text": TEXT, "phone": "13800138000", "matter": "street-vending"}
        )
        found: dict[str, Any] = await agent.get(f"/tickets/{made['number']}")
    return found


@pytest.fixture(scope="module")
async def unit(house: RunningHouse, ticket: dict[str, Any]) -> AsyncIterator[Browser]:
    """The liaison of the unit."""
    async with Browser(house.url) as person:
        await person.sign_in(ticket["unit"].lower())
        yield person


async def attach(person: Browser, number: str, name: str, data: bytes) -> tuple[int, Any]:
    """Attach a file to a ticket as the form does; the status and the answer."""
    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(data), filename=name, content_type="image/png")
    token = {cookie.key: cookie.value for cookie in person.session.cookie_jar}["hotline_csrf"]
    headers = {"X-CSRF-Token": token, "Origin": person.url, "Idempotency-Key": uuid.uuid4().hex}
    url = f"{person.url}/api/v1/tickets/{number}/attachments"
    async with person.session.post(url, data=form, headers=headers) as answer:
        return answer.status, json.loads(await answer.text())


@pytest.mark.parametrize(("name", "data"), REFUSED)
async def test_p43_staff_cannot_attach_what_a_browser_would_run(
    unit: Browser, ticket: dict[str, Any], name: str, data: bytes
) -> None:
    status, answer = await attach(unit, ticket["number"], name, data)
    assert status == 422, answer
    assert set(answer["fields"]) == {"file"}


async def test_p43_of_a_polyglot_the_picture_alone_is_kept(unit: Browser, ticket: dict[str, Any]) -> None:
    for what, data in POLYGLOT:
        status, answer = await attach(unit, ticket["number"], "photo.png", data)
        assert status == 201, what
        async with unit.session.get(unit.url + answer[0]["url"]) as got:
            assert got.content_type in {"image/jpeg", "image/png"}, what
            assert got.headers["X-Content-Type-Options"] == "nosniff"
            assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
            assert b"script" not in await got.read(), what


async def test_p43_no_name_of_a_file_runs_leads_elsewhere_or_breaks_a_header(
    unit: Browser, ticket: dict[str, Any]
) -> None:
    for name in NAMES:
        status, answer = await attach(unit, ticket["number"], name, picture())
        assert status == 201, name
        kept = str(answer[0]["name"])
        assert kept.endswith((".jpg", ".png"))
        assert len(kept) <= 64 + 4
        assert not set("<>\"'/\\\r\n\u202e\u200b%;") & set(kept), name
        async with unit.session.get(unit.url + answer[0]["url"]) as got:
            assert "Set-Cookie" not in got.headers
            assert got.headers["Content-Disposition"].isascii()


async def test_p43_a_document_is_a_download_and_is_never_shown_in_the_page(
    unit: Browser, ticket: dict[str, Any]
) -> None:
    pdf = b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\ntrailer<<>>\n%%EOF\n"
    status, answer = await attach(unit, ticket["number"], "办理结果.pdf", pdf)
    assert status == 201, answer
    async with unit.session.get(unit.url + answer[0]["url"]) as got:
        assert got.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in got.headers["Content-Security-Policy"]


async def test_p43_a_voice_note_is_a_download_whatever_follows_its_sound(unit: Browser, ticket: dict[str, Any]) -> None:
    note = b"\x1a\x45\xdf\xa3\x82\x84webm" + b"A_OPUS" + HTML
    status, answer = await attach(unit, ticket["number"], "voice.html", note)
    assert status == 201, answer
    assert answer[0]["name"] == "voice.webm"
    async with unit.session.get(unit.url + answer[0]["url"]) as got:
        assert (got.content_type, got.headers["X-Content-Type-Options"]) == ("audio/webm", "nosniff")
        assert got.headers["Content-Disposition"].startswith("attachment;")
        assert "sandbox" in got.headers["Content-Security-Policy"]
