"""Nothing in the pages needs what the strict Content-Security-Policy forbids."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
SCRIPTS = sorted(path for path in WEB.rglob("*.js") if "vendor" not in path.parts)
PAGES = sorted(WEB.rglob("*.html"))
SHEETS = sorted(WEB.rglob("*.css"))

IMPORT = re.compile(r"""\b(?:from|import)\s*\(?\s*["']([^"']+)["']""")
FORBIDDEN_IN_SCRIPTS = {
    "an inline style": re.compile(r"\sstyle=|styleMap|\.cssText\b|setAttribute\(\s*[\"']style"),
    "markup from text": re.compile(r"unsafeHTML|unsafeSVG|innerHTML|outerHTML|insertAdjacentHTML|document\.write\("),
    "code from text": re.compile(r"\beval\(|new Function\(|set(?:Timeout|Interval)\(\s*[\"'`]"),
    "another origin": re.compile(r"[\"'`]https?://(?!www\.w3\.org)"),
    "an inline handler": re.compile(r"\son[a-z]+=[\"']"),
}


def name(path: Path) -> str:
    return str(path.relative_to(WEB))


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
def test_a_script_imports_only_by_relative_path(script: Path) -> None:
    for target in IMPORT.findall(script.read_text("utf-8")):
        assert target.startswith(("./", "../")), target
        assert (script.parent / target).resolve().is_file(), target


@pytest.mark.parametrize("script", SCRIPTS, ids=name)
@pytest.mark.parametrize("what", FORBIDDEN_IN_SCRIPTS)
def test_a_script_holds_nothing_forbidden(script: Path, what: str) -> None:
    found = FORBIDDEN_IN_SCRIPTS[what].search(script.read_text("utf-8"))
    assert found is None, found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_holds_no_inline_script_style_or_handler(page: Path) -> None:
    text = page.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|javascript:", text)
    assert all(re.search(r"\ssrc=", tag) for tag in re.findall(r"<script[^>]*>", text))
    assert re.search(r'<html lang="zh-Hans"', text)
    assert 'name="viewport"' in text


@pytest.mark.parametrize("sheet", SHEETS, ids=name)
def test_a_sheet_loads_nothing_from_elsewhere(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    assert not re.search(r"url\(|https?:", text)
    for target in re.findall(r"@import\s+\"([^\"]+)\"", text):
        assert (sheet.parent / target).resolve().is_file(), target
