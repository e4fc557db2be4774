"""What a replay reads, and the map of places."""

from pathlib import Path

import pytest

from hotline.house import ROOT
from hotline.replay_input import AreaMap, Message, read_area_map, read_messages
from kernel.errors import Invalid


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return path


def test_csv_rows_are_messages(tmp_path: Path) -> None:
    path = written(tmp_path, "a.csv", "\ufeffid,text,label\n7,路灯坏了,市政\n,井盖没了,市政\n")
    assert read_messages(path) == [Message("7", "路灯坏了"), Message("2", "井盖没了")]


def test_a_title_stands_before_the_text_unless_the_text_begins_with_it(tmp_path: Path) -> None:
    lines = '{"id": 1, "title": "投诉路灯", "text": "坏了"}\n\n{"id": 2, "title": "投诉", "text": "投诉井盖"}\n'
    assert [m.text for m in read_messages(written(tmp_path, "a.jsonl", lines))] == ["投诉路灯。坏了", "投诉井盖"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [("a.csv", "words\nx\n", "column_missing"), ("a.csv", "", "column_missing"), ("a.jsonl", "{", "file_wrong")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str, text: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_messages(written(tmp_path, name, text))
    assert refused.value.fields == {"file": code}


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        read_messages(tmp_path / "nowhere.csv")
    assert refused.value.fields == {"file": "file_unreadable"}


def test_the_map_is_applied_in_its_order(tmp_path: Path) -> None:
    made = read_area_map(written(tmp_path, "m.csv", "pattern,name\nA3区,桂城\n[A-Z]市,全市\n"))
    assert made.apply("A市A3区政府") == "全市桂城政府"
    assert AreaMap().apply("A市") == "A市"


@pytest.mark.parametrize("text", ["from,to\na,b\n", "pattern,name\n(,b\n"])
def test_a_broken_map_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_area_map(written(tmp_path, "m.csv", text))
    assert refused.value.fields == {"area_map": "file_wrong"}


@pytest.mark.parametrize(
    "text",
    ["A市A7县星沙镇", "K4县", "位于C4市某小区", "西地省", "M14县某村", "在B2区", "J11市"],
)
def test_the_map_of_the_docs_leaves_no_anonymous_place(text: str) -> None:
    mapped = read_area_map(ROOT / "docs" / "replay-area-map.csv").apply(text)
    assert not any(character in mapped for character in "ABCJKM")
    assert mapped != text


def test_the_map_of_the_docs_leaves_buildings_and_roads_alone() -> None:
    made = read_area_map(ROOT / "docs" / "replay-area-map.csv")
    assert made.apply("G2栋320房，A1苑，B12路公交") == "G2栋320房，A1苑，B12路公交"
