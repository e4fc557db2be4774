"""What the staff's frame and the banner of addresses lead to is there."""

import re

import pytest

from hotline.pages import PAGES, STAFF_PAGES
from tests.web.conftest import WEB

ROWS = re.compile(r'\{ name: "(\w+)", href: "([^"]+)"')


def rows() -> list[tuple[str, str]]:
    """Name and address of every page the frame offers."""
    script = (WEB / "shared" / "shell.js").read_text("utf-8")
    return ROWS.findall(script[script.index("export const PAGES") :])


def test_the_frame_offers_pages() -> None:
    assert {"desk", "dispatch", "unit"} <= {name for name, _ in rows()}


@pytest.mark.parametrize(("name", "address"), rows())
def test_every_page_the_frame_offers_has_an_address_and_a_file(name: str, address: str) -> None:
    path = address.partition("#")[0]
    assert path in STAFF_PAGES, name
    assert (WEB / STAFF_PAGES[path]).is_file(), name


def test_the_sign_in_page_has_a_file() -> None:
    assert (WEB / PAGES["/login"]).is_file()
