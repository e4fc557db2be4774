"""The place finder on the demo city's names: what it finds, how sure it is, and how fast."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from directory.elsewhere import names_elsewhere
from directory.importing import read_city
from directory.model import CityData, Level
from directory.rules.places import PlaceFinder
from kernel.chinese import add_words, simplified
from tests.pace import times_jieba
from tests.rooms import ROOT

CASES = list(csv.DictReader((Path(__file__).parent / "place_cases.csv").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def city() -> CityData:
    return read_city(ROOT / "cities" / "foshan")


@pytest.fixture(scope="module")
def finder(city: CityData) -> PlaceFinder:
    made = PlaceFinder(city.areas, city.places, names_elsewhere(city.city))
    add_words(made.index.names())
    return made


@pytest.fixture(scope="module")
def names(city: CityData) -> dict[str, str]:
    return {area.code: area.name for area in city.areas}


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_the_best_hit_is_the_place_the_sentence_speaks_of(
    case: dict[str, str], finder: PlaceFinder, names: dict[str, str]
) -> None:
    hits = finder.find(case["text"])
    if not case["place"]:
        assert hits == ()
        return
    best = hits[0]
    assert best.name == case["place"]
    assert best.certain == (case["certain"] == "yes")
    if case["town"]:
        assert names[best.town] == case["town"]


def test_there_are_enough_cases_and_cantonese_ones_among_them() -> None:
    assert len(CASES) >= 60
    assert sum(any(word in case["text"] for word in ("喺", "嘅", "咗", "冇", "嗰", "邊")) for case in CASES) >= 6
    assert {case["certain"] for case in CASES} == {"yes", "no", ""}


def test_positions_are_those_of_the_text_as_it_was_written(finder: PlaceFinder) -> None:
    text = "\U0001f600　投訴：祖廟街道　千燈湖"
    spoken = [text[hit.start : hit.end] for hit in finder.find(text)]
    assert sorted(spoken) == ["千燈湖", "祖廟街道"]


def test_a_chain_of_names_is_one_hit_that_spans_it(finder: PlaceFinder) -> None:
    text = "请到佛山市禅城区祖庙街道看看"
    hits = finder.find(text)
    assert [text[hit.start : hit.end] for hit in hits] == ["佛山市禅城区祖庙街道"]


def test_every_meaning_of_an_open_name_is_given_and_none_is_certain(finder: PlaceFinder) -> None:
    hits = finder.find("沙头社区有人乱倒垃圾")
    assert len({hit.area for hit in hits}) == len(hits) > 1
    assert not any(hit.certain for hit in hits)


def test_a_district_alone_has_no_town_and_is_never_certain(finder: PlaceFinder, city: CityData) -> None:
    for area in city.areas:
        if area.level is Level.DISTRICT:
            (hit,) = finder.find(f"在{area.name}办事")
            assert (hit.area, hit.town, hit.district, hit.certain) == (area.code, "", area.code, False)


def test_every_town_is_found_under_its_full_name_and_its_lineage_is_right(finder: PlaceFinder, city: CityData) -> None:
    for area in city.areas:
        if area.level is Level.TOWN:
            best = finder.find(f"我要反映{area.name}的问题")[0]
            assert (best.area, best.town, best.district, best.certain) == (area.code, area.code, area.parent, True)


def test_every_village_is_found_after_its_town(finder: PlaceFinder, city: CityData) -> None:
    towns = {area.code: area.name for area in city.areas if area.level is Level.TOWN}
    villages = [area for area in city.areas if area.level is Level.VILLAGE]
    missed = [v.name for v in villages if finder.find(f"{towns[v.parent]}{v.name}的路灯坏了")[0].area != v.code]
    assert missed == []


def test_every_place_is_found_in_its_town_and_is_certain_in_one_town_only(finder: PlaceFinder, city: CityData) -> None:
    names = Counter(place.name for place in city.places)
    missed = []
    for place in city.places:
        hits = finder.find(f"在{place.name}附近")
        alone = names[place.name] == 1
        if (hits[0].town != place.town) if alone else (place.town not in {hit.town for hit in hits} or hits[0].certain):
            missed.append((place.name, place.town))
    assert missed == []


def test_a_place_without_a_name_in_the_text_gives_nothing(finder: PlaceFinder) -> None:
    assert finder.find("") == ()
    assert finder.find("你") == ()
    assert finder.find("\ud83d孤\udc00祖") == ()


def test_the_same_names_mean_the_same_after_the_cutter_has_learnt_them(finder: PlaceFinder, city: CityData) -> None:
    again = PlaceFinder(city.areas, city.places, names_elsewhere(city.city))
    for case in CASES:
        assert again.find(case["text"]) == finder.find(case["text"])


def test_reading_a_long_message_costs_no_more_than_a_few_times_jieba_cutting_it(finder: PlaceFinder) -> None:
    long = "我住在南海区桂城街道，家里水管漏水，大晚上还在施工，希望有关部门到祖庙路处理。" * 8
    texts = [case["text"] for case in CASES] + [long] * 20
    assert times_jieba(texts, finder.find) < 4


def test_names_are_folded_to_simplified_characters_one_by_one(finder: PlaceFinder) -> None:
    folded = finder.index.fold("佛山祖廟ＡB，㗎")
    assert folded == simplified("佛山祖庙ab,㗎")
    assert len(folded) == len("佛山祖廟ＡB，㗎")
