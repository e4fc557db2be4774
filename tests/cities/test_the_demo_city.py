"""The demo city's tables agree: every reference resolves, every matter finds one owner in every town."""

import csv
import datetime as dt
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import TypedDict

import pytest
import yaml

from bot.emergencies import load_emergencies
from bot.rules.emergency import emergencies_in

CITY = Path(__file__).parents[2] / "cities" / "foshan"
LEVELS = ("town", "district", "city")
MATTER_COLUMNS = (
    "code level1 level2 name keywords examples kind function owner_level needs_power supports urgency asks basis"
)

Row = dict[str, str]


class Article(TypedDict):
    """One knowledge entry."""

    id: str
    title: str
    variants: list[str]
    short: str
    full: str
    materials: list[str]
    place: str
    hours: str
    phone: str
    fee: str
    limit: str
    online: str
    basis: list[str]
    owner: str
    areas: list[str]
    audience: str
    valid_from: str
    valid_to: str
    review_due: str
    verified_on: str
    matter: str


def table(name: str) -> list[Row]:
    with (CITY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def codes(rows: list[Row]) -> set[str]:
    return {row["code"] for row in rows}


def articles() -> dict[str, Article]:
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in (CITY / "articles").glob("*.yaml")}


AREAS = table("areas")
PLACES = table("places")
UNITS = table("units")
FUNCTIONS = table("functions")
POWERS = table("powers")
MATTERS = table("matters")
CALENDAR = table("calendar")
ARTICLES = articles()
DANGERS = load_emergencies()

AREA = {row["code"]: row for row in AREAS}
TOWNS = [row["code"] for row in AREAS if row["level"] == "town"]


def area_at(town: str, level: str) -> str:
    code = town
    while AREA[code]["level"] != level:
        code = AREA[code]["parent"]
    return code


def holders(area: str, function: str, power: str) -> list[str]:
    return [
        unit["code"]
        for unit in UNITS
        if unit["area"] == area
        and function in parts(unit["functions"])
        and (not power or power in parts(unit["powers"]))
    ]


def leads(matter: Row, town: str) -> list[str]:
    """The units the rule finds: at the owner's level, else the next above, else the coordinating unit."""
    for level in LEVELS[LEVELS.index(matter["owner_level"]) :]:
        found = holders(area_at(town, level), matter["function"], matter["needs_power"])
        if found:
            return found
    for level in ("district", "city"):
        found = holders(area_at(town, level), "coordination", "")
        if found:
            return found
    return []


@pytest.mark.parametrize(
    ("rows", "columns"),
    [
        (AREAS, "code name level parent aliases"),
        (PLACES, "name kind town aliases"),
        (UNITS, "code name short_name level area functions powers parent hours"),
        (FUNCTIONS, "code name"),
        (POWERS, "code name"),
        (MATTERS, MATTER_COLUMNS),
        (CALENDAR, "date kind name"),
    ],
)
def test_each_table_has_its_columns_and_no_ragged_row(rows: list[Row], columns: str) -> None:
    assert {tuple(row) for row in rows} == {tuple(columns.split())}
    assert not [row for row in rows if None in row.values() or any(v != v.strip() for v in row.values())]


def test_the_settings_name_an_area_and_the_years_of_the_calendar() -> None:
    city = tomllib.loads((CITY / "city.toml").read_text(encoding="utf-8"))
    assert AREA[city["area_code"]]["name"] == city["name"]
    assert city["calendar_years"] == sorted({int(row["date"][:4]) for row in CALENDAR})
    spans = [[dt.time.fromisoformat(t) for t in span] for span in city["business_hours"]]
    flat = [t for span in spans for t in span]
    assert flat == sorted(set(flat))


def test_areas_are_one_tree_of_four_levels_with_the_official_counts() -> None:
    assert Counter(row["level"] for row in AREAS) == {"city": 1, "district": 5, "town": 32, "village": 809}
    above = {"district": "city", "town": "district", "village": "town"}
    assert len(codes(AREAS)) == len(AREAS)
    for row in AREAS:
        if row["level"] == "city":
            assert row["parent"] == ""
        else:
            assert AREA[row["parent"]]["level"] == above[row["level"]]
        if row["level"] in ("town", "village"):
            assert row["code"].startswith(row["parent"])


def test_an_alias_means_one_area_of_its_level() -> None:
    for level in ("city", "district", "town", "village"):
        rows = [row for row in AREAS if row["level"] == level]
        names = {row["name"] for row in rows}
        aliases = Counter(alias for row in rows for alias in parts(row["aliases"]))
        assert not [alias for alias, count in aliases.items() if count > 1 or alias in names or len(alias) < 2]


def test_a_village_alias_never_hides_a_town_or_district() -> None:
    large = {n for row in AREAS if row["level"] != "village" for n in [row["name"], *parts(row["aliases"])]}
    assert not [a for row in AREAS if row["level"] == "village" for a in parts(row["aliases"]) if a in large]


def test_two_areas_under_one_parent_have_different_names() -> None:
    assert max(Counter((row["parent"], row["name"]) for row in AREAS).values()) == 1


def test_places_are_named_once_and_lie_in_a_town() -> None:
    assert 120 <= len(PLACES) <= 230
    kinds = {"road", "estate", "park", "metro", "school", "hospital", "market", "landmark", "station"}
    assert {row["kind"] for row in PLACES} == kinds
    assert {row["town"] for row in PLACES} <= set(TOWNS)
    names = Counter(name for row in PLACES for name in [row["name"], *parts(row["aliases"])])
    assert not [name for name, count in names.items() if count > 1 or len(name) < 2]


def test_a_place_is_not_called_like_an_area() -> None:
    areas = {n for row in AREAS for n in [row["name"], *parts(row["aliases"])]}
    assert not areas & {n for row in PLACES for n in [row["name"], *parts(row["aliases"])]}


def test_units_refer_to_areas_functions_powers_and_superiors_that_exist() -> None:
    for column in ("code", "name", "short_name"):
        assert max(Counter(row[column] for row in UNITS).values()) == 1
    for row in UNITS:
        assert row["level"] == AREA[row["area"]]["level"]
        assert set(parts(row["functions"])) <= codes(FUNCTIONS), row["code"]
        assert set(parts(row["powers"])) <= codes(POWERS), row["code"]
        assert row["hours"] in ("", "24x7")


def test_every_unit_reaches_the_government_through_its_superiors() -> None:
    parent = {row["code"]: row["parent"] for row in UNITS}
    for code in parent:
        seen = [code]
        while parent[seen[-1]]:
            seen.append(parent[seen[-1]])
            assert len(seen) == len(set(seen)), seen
        assert seen[-1] == "FS-ZF"


def test_every_district_and_the_city_have_one_coordinating_unit() -> None:
    for row in AREAS:
        if row["level"] in ("city", "district"):
            assert len(holders(row["code"], "coordination", "")) == 1, row["name"]


def test_no_area_has_two_units_for_one_function() -> None:
    held = Counter((unit["area"], function) for unit in UNITS for function in parts(unit["functions"]))
    assert not [key for key, count in held.items() if count > 1]


def test_each_function_and_each_power_is_held_by_someone() -> None:
    assert {f for unit in UNITS for f in parts(unit["functions"])} == codes(FUNCTIONS)
    assert {p for unit in UNITS for p in parts(unit["powers"])} == codes(POWERS)


def test_matters_are_complete_and_refer_to_what_exists() -> None:
    assert len(MATTERS) >= 90
    assert max(Counter(row["code"] for row in MATTERS).values()) == 1
    assert max(Counter(row["name"] for row in MATTERS).values()) == 1
    for row in MATTERS:
        assert all(row[c] for c in ("level1", "level2", "name", "function", "asks")), row["code"]
        assert row["kind"] in {"CONSULT", "HELP", "COMPLAINT", "REPORT"}, row["code"]
        assert row["urgency"] in {"P0", "P1", "P2", "P3"}, row["code"]
        assert row["owner_level"] in LEVELS, row["code"]
        assert row["function"] in codes(FUNCTIONS), row["code"]
        assert not row["needs_power"] or row["needs_power"] in codes(POWERS), row["code"]
        assert set(parts(row["supports"])) <= codes(FUNCTIONS) - {row["function"]}, row["code"]


def test_matters_have_enough_words_and_sentences_and_none_twice() -> None:
    for row in MATTERS:
        assert 3 <= len(parts(row["keywords"])) <= 10, row["code"]
        assert 4 <= len(parts(row["examples"])) <= 6, row["code"]
    for column in ("keywords", "examples"):
        words = Counter(word for row in MATTERS for word in parts(row[column]))
        assert not [word for word, count in words.items() if count > 1]


def test_a_third_of_the_matters_are_also_told_in_cantonese() -> None:
    spoken = [row for row in MATTERS if re.search("[唔嘅咗冇喺啲嘈俾系佢]", row["examples"])]
    assert len(spoken) >= len(MATTERS) / 3


@pytest.mark.parametrize("matter", MATTERS, ids=[row["code"] for row in MATTERS])
def test_a_matter_has_exactly_one_lead_in_every_town(matter: Row) -> None:
    found = {town: leads(matter, town) for town in TOWNS}
    assert {len(units) for units in found.values()} == {1}, found


def test_enforcement_goes_only_to_a_unit_with_the_power() -> None:
    powers = {unit["code"]: parts(unit["powers"]) for unit in UNITS}
    for matter in MATTERS:
        if matter["needs_power"]:
            for town in TOWNS:
                assert matter["needs_power"] in powers[leads(matter, town)[0]], (matter["code"], town)


def test_a_report_always_needs_a_power() -> None:
    assert not [row["code"] for row in MATTERS if row["kind"] == "REPORT" and not row["needs_power"]]


@pytest.mark.parametrize(
    ("matter", "town", "unit"),
    [
        ("street-vending", "440604012", "CC-ZM"),
        ("street-vending", "440606104", "SD-CG"),
        ("wage-arrears", "440606105", "SD-RS"),
        ("water-outage", "440605122", "NH-HL"),
        ("water-outage", "440607105", "FS-SY"),
        ("marriage", "440606103", "SD-RS"),
        ("marriage", "440608108", "FS-MZ"),
        ("village-affairs", "440608106", "GM-ZS"),
        ("road-parking", "440604011", "FS-JJ"),
    ],
)
def test_known_matters_find_the_unit_expected(matter: str, town: str, unit: str) -> None:
    row = next(row for row in MATTERS if row["code"] == matter)
    assert leads(row, town) == [unit]


def test_articles_have_every_field_and_refer_to_what_exists() -> None:
    assert len(ARTICLES) == 32
    for name, article in ARTICLES.items():
        assert set(article) == set(Article.__annotations__), name
        assert article["id"] == name
        assert article["title"]
        assert article["full"], name
        assert 0 < len(article["short"]) <= 120, name
        assert len(set(article["variants"])) >= 6, name
        assert article["owner"] in codes(UNITS), name
        assert article["matter"] in codes(MATTERS) | {""}, name
        assert set(article["areas"]) <= codes(AREAS), name
        for field in ("valid_from", "valid_to", "review_due", "verified_on"):
            value = article[field]
            assert value == "" or dt.date.fromisoformat(value), name
        assert article["review_due"], name


def test_no_question_leads_to_two_articles() -> None:
    asked = Counter(q for article in ARTICLES.values() for q in {article["title"], *article["variants"]})
    assert not [question for question, count in asked.items() if count > 1]


def test_articles_state_no_phone_but_the_hotline() -> None:
    assert {article["phone"] for article in ARTICLES.values()} <= {"", "12345"}


def test_the_calendar_holds_each_day_once_and_only_days_that_differ() -> None:
    days = [dt.date.fromisoformat(row["date"]) for row in CALENDAR]
    assert days == sorted(set(days))
    assert {row["kind"] for row in CALENDAR} == {"holiday", "makeup"}
    for row, day in zip(CALENDAR, days, strict=True):
        assert row["kind"] == "holiday" or day.weekday() >= 5, day


def test_each_year_has_its_festivals() -> None:
    feasts = {"元旦", "春节", "清明节", "劳动节", "端午节", "国庆节", "中秋节"}
    for year in ("2024", "2025", "2026"):
        rows = [row for row in CALENDAR if row["date"].startswith(year) and row["kind"] == "holiday"]
        assert {row["name"] for row in rows} == feasts


def test_the_examples_of_calm_matters_raise_no_alarm() -> None:
    calm = [row for row in MATTERS if row["urgency"] in ("P2", "P3") and row["code"] not in ("food-safety", "pyramid")]
    assert not [(row["code"], e) for row in calm for e in parts(row["examples"]) if emergencies_in(e, DANGERS)]
