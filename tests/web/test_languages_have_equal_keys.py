"""The pages' texts exist in all three languages, and every text a page asks for exists."""

import json
import re
from itertools import pairwise
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
TEXTS = WEB / "shared" / "i18n"
LANGUAGES = ("zh-Hans", "zh-Hant", "en")
PARAMETER = re.compile(r"\{\w+\}")
ASKED = re.compile(r"""\bt\(\s*["'`]([\w.-]+)["'`]""")


def read(path: Path) -> dict[str, str]:
    def refuse_twice(pairs: list[tuple[str, str]]) -> dict[str, str]:
        names = sorted(name for name, _ in pairs)
        twice = [one for one, other in pairwise(names) if one == other]
        assert not twice, f"{path.name}: {twice}"
        return dict(pairs)

    texts: dict[str, str] = json.loads(path.read_text("utf-8"), object_pairs_hook=refuse_twice)
    return texts


def sections() -> list[str]:
    return sorted(path.name.removesuffix("en.json") for path in TEXTS.glob("*en.json"))


def test_there_is_no_text_file_outside_the_three_languages() -> None:
    expected = {f"{section}{language}.json" for section in sections() for language in LANGUAGES}
    assert {path.name for path in TEXTS.iterdir()} == expected


@pytest.mark.parametrize("section", sections())
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_the_keys_and_parameters_of_simplified_chinese(section: str, language: str) -> None:
    chinese = read(TEXTS / f"{section}zh-Hans.json")
    other = read(TEXTS / f"{section}{language}.json")
    assert list(other) == list(chinese)
    for key, text in other.items():
        assert text.strip(), key
        assert sorted(PARAMETER.findall(text)) == sorted(PARAMETER.findall(chinese[key])), key


def test_every_text_a_page_asks_for_by_name_exists() -> None:
    known = {key for section in sections() for key in read(TEXTS / f"{section}zh-Hans.json")}
    asked = {
        (key, path.name)
        for path in WEB.rglob("*.js")
        if "vendor" not in path.parts
        for key in ASKED.findall(path.read_text("utf-8"))
    }
    assert asked
    assert {(key, name) for key, name in asked if key not in known} == set()
