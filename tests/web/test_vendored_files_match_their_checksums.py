"""Vendored libraries are the files their README says, unedited."""

import hashlib
import re
from pathlib import Path

VENDOR = Path(__file__).parents[2] / "web" / "vendor"
ROW = re.compile(r"^\| `([^`]+)` \|.*`([0-9a-f]{64})` \|$", re.MULTILINE)


def stated() -> dict[str, str]:
    return dict(ROW.findall((VENDOR / "README.md").read_text("utf-8")))


def test_every_vendored_file_has_the_checksum_of_its_row() -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in VENDOR.glob("*.js")}
    assert found
    assert found == stated()


def test_every_vendored_library_brings_its_licence() -> None:
    for name in stated():
        licence = VENDOR / f"LICENSE-{Path(name).stem}.txt"
        assert licence.read_text("utf-8").strip(), licence


def test_no_vendored_library_needs_what_the_content_policy_forbids() -> None:
    for name in stated():
        text = (VENDOR / name).read_text("utf-8")
        assert not re.search(r"\beval\(|new Function\(|sourceMappingURL", text), name
