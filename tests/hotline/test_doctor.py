"""The doctor says what is missing and how to get it, one line each."""

from dataclasses import replace
from pathlib import Path

import pytest

from hotline import doctor
from hotline.doctor import Finding, report
from kernel.settings import SecuritySettings, Settings


def settings_with(path: Path) -> Settings:
    return replace(Settings(), security=SecuritySettings(key_file=str(path)))


def test_what_is_fine_needs_no_advice_and_what_is_not_gets_one_line() -> None:
    text = report(
        [Finding("甲", fine=True, said="好"), Finding("乙", fine=False, said="", advice="sudo apt install b")]
    )
    assert text.splitlines() == ["✓ 甲：好", "✗ 乙：没有找到  →  sudo apt install b"]


def test_a_missing_browser_is_no_fault_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    found = doctor.browser()
    assert (found.fine, found.needed, found.advice) == (False, False, "sudo apt install chromium")
    assert report([found]).startswith("–")


def test_missing_fonts_are_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(doctor, "FONT_FOLDERS", (tmp_path,))
    assert doctor.fonts().advice == "sudo apt install fonts-noto-cjk"
    (tmp_path / "noto").mkdir()
    (tmp_path / "noto" / "NotoSansCJK-Regular.ttc").touch()
    assert doctor.fonts().fine


def test_a_key_that_others_can_read_is_found(tmp_path: Path) -> None:
    path = tmp_path / "key"
    assert doctor.key(settings_with(path)).fine
    path.write_text("secret", "ascii")
    path.chmod(0o644)
    assert doctor.key(settings_with(path)).advice == f"chmod 600 {path}"
    path.chmod(0o600)
    assert doctor.key(settings_with(path)).fine


def test_this_python_is_new_enough() -> None:
    assert doctor.python().fine
