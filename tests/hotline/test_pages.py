"""Pages and their files: addresses, headers, caching, the way to the sign-in page."""

import pytest

from hotline.pages import PAGES, STAFF_PAGES, WebFiles
from hotline.web import WEB_FOLDER
from tests.hotline.conftest import Browser


async def test_a_page_is_shown_with_strict_headers(browser: Browser) -> None:
    answer = await browser.get("/")
    assert "首页" in await answer.text()
    policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert "ws://127.0.0.1:12345" in policy["connect-src"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_a_staff_page_sends_strangers_to_the_sign_in_page_and_back(browser: Browser) -> None:
    answer = await browser.get("/desk?c=7")
    assert answer.status == 303
    assert answer.headers["Location"] == "/login?next=%2Fdesk%3Fc%3D7"
    await browser.sign_in("agent-1")
    assert "坐席" in await (await browser.get("/desk")).text()


async def test_a_page_without_a_file_is_not_there(browser: Browser) -> None:
    assert (await browser.get("/admin")).status == 404


async def test_a_file_is_sent_once_and_then_only_asked_about(browser: Browser) -> None:
    first = await browser.get("/web/shared/base.css")
    assert first.headers["Content-Encoding"] == "gzip"
    assert "margin" in await first.text()
    again = await browser.get("/web/shared/base.css", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status, await again.read()) == (304, b"")


async def test_modules_may_be_loaded_by_a_site_that_embeds_the_chat(browser: Browser) -> None:
    assert (await browser.get("/web/shared/base.css")).headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Origin" not in (await browser.get("/")).headers


@pytest.mark.parametrize(
    "path",
    [
        "/web/shared/secret.py",
        "/web/../pyproject.toml",
        "/web/%2e%2e/pyproject.toml",
        "/web/shared/..%2f..%2fpyproject.toml",
        "/web/shared",
        "/web/nothing.css",
        "/web/%00.css",
    ],
)
async def test_nothing_else_is_served(browser: Browser, path: str) -> None:
    assert (await browser.get(path)).status == 404


def test_every_page_that_is_there_is_html() -> None:
    files = WebFiles(WEB_FOLDER)
    assert [name for name in PAGES.values() if files.has(name) and not name.endswith(".html")] == []


def test_staff_pages_are_pages() -> None:
    assert set(STAFF_PAGES) <= set(PAGES)
