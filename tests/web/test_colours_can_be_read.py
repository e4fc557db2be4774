"""Text and its ground keep WCAG AA contrast in the light and in the dark theme."""

import re
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "web" / "shared" / "tokens.css").read_text("utf-8")
VALUE = re.compile(r"(--[\w-]+):\s*([^;]+);")
TEXT_ON_GROUND = [
    *((ink, ground) for ink in ("ink", "ink-2", "ink-3") for ground in ("bg", "surface", "surface-2")),
    ("ink", "surface-3"),
    ("ink-2", "primary-soft"),
    *((f"{kind}-ink", f"{kind}-soft") for kind in ("green", "yellow", "orange", "red", "blue", "primary")),
    *((ink, ground) for ink in ("primary-ink", "red-ink", "green-ink", "orange-ink") for ground in ("bg", "surface")),
    ("ink", "red-soft"),
    ("on-primary", "primary"),
    ("on-primary", "primary-hover"),
    ("on-primary", "primary-active"),
    ("on-accent", "accent"),
    ("on-accent", "accent-hover"),
    *((ink, ground) for ink in ("on-band", "on-band-2") for ground in ("band", "band-2")),
]
LINE_ON_GROUND = [(line, ground) for line in ("line-strong", "focus", "primary") for ground in ("surface", "bg")]


def block(selector: str) -> dict[str, str]:
    start = TOKENS.index(selector)
    body = TOKENS[TOKENS.index("{", start) + 1 : TOKENS.index("}", start)]
    return dict(VALUE.findall(body))


LIGHT = block(":root,\n:host {")
DARK = block(':root[data-theme="dark"],')
THEMES = {"light": LIGHT, "dark": {**LIGHT, **DARK}}


def luminance(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: str, one: str, other: str) -> float:
    low, high = sorted(luminance(THEMES[theme][f"--{name}"]) for name in (one, other))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("ink", "ground"), TEXT_ON_GROUND)
def test_text_has_a_contrast_of_four_and_a_half(theme: str, ink: str, ground: str) -> None:
    assert contrast(theme, ink, ground) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("line", "ground"), LINE_ON_GROUND)
def test_the_edge_of_a_control_has_a_contrast_of_three(theme: str, line: str, ground: str) -> None:
    assert contrast(theme, line, ground) >= 3


def test_the_chosen_dark_theme_and_that_of_the_device_are_the_same() -> None:
    assert block(':root:not([data-theme="light"])') == DARK


def test_every_value_the_sheets_use_is_defined() -> None:
    used = {
        (path.name, name)
        for path in (Path(__file__).parents[2] / "web" / "shared").glob("*.css")
        for name in re.findall(r"var\((--[\w-]+)", path.read_text("utf-8"))
    }
    assert {(path, name) for path, name in used if name not in LIGHT} == set()
