"""docs/settings.md names every setting with its default, and invents none."""

import re
from dataclasses import MISSING, fields
from enum import Enum

import pytest

from channels.room import SETTINGS as CHANNELS
from hotline.house import ROOT
from kernel.settings import PREFIX, SHORT, Settings

SECTION = re.compile(r"^## \[(?P<name>[a-z_.]+)\]$", re.MULTILINE)
ROW = re.compile(r"^\| `(?P<name>\w+)` \| (?P<default>.+?) \| (?P<what>.+) \|$", re.MULTILINE)
PAGE = (ROOT / "docs" / "settings.md").read_text("utf-8")


def documented() -> dict[str, dict[str, str]]:
    """Section → setting → default, as the page says."""
    parts = SECTION.split(PAGE)
    return {
        name: {row["name"]: row["default"] for row in ROW.finditer(text)}
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


def shown(default: object) -> str:
    """A default as the page writes it."""
    if default is MISSING:
        return "required"
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if isinstance(default, Enum):
        return f'`"{default.value}"`'
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"


def in_code() -> dict[str, dict[str, str]]:
    """Section → setting → default, as the code says."""
    kinds: dict[str, type] = {each.name: each.type for each in fields(Settings) if each.name != "channels"}  # type: ignore[misc]
    kinds |= {f"channels.{name}": kind for name, kind in CHANNELS.items()}
    return {section: {each.name: shown(each.default) for each in fields(kind)} for section, kind in kinds.items()}


def test_every_section_is_documented_and_none_is_invented() -> None:
    assert set(documented()) == set(in_code())


@pytest.mark.parametrize("section", sorted(in_code()))
def test_every_setting_stands_there_with_its_default(section: str) -> None:
    assert documented()[section] == in_code()[section]


def test_variables_named_on_the_page_are_settings() -> None:
    for variable in re.findall(rf"`{PREFIX}([A-Z_]+)", PAGE):
        path = SHORT.get(variable.lower(), variable.lower())
        sections = [name for name in in_code() if path.startswith(name.replace(".", "_") + "_")]
        assert any(path.removeprefix(name.replace(".", "_") + "_") in in_code()[name] for name in sections), variable
