"""The demo city is whole and its tables agree: sizes, references, names, sentences, and nothing stated unverified."""

import csv
import datetime as dt
import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from directory.importing import read_city
from directory.model import Level, PlaceKind
from directory.rules.citysheets import TABLES
from directory.rules.reference import Reference
from kernel.emergency import emergencies_in, load_emergencies
from kernel.sheets import Layout
from knowledge.importing import read_articles
from knowledge.model import Article
from ticketing.model.labels import TicketKind, Urgency
from ticketing.rules.dutypage import led_by
from ticketing.rules.matterfile import LAYOUT as MATTERS_LAYOUT
from ticketing.rules.matterfile import read_matters

CITY = Path(__file__).parents[2] / "cities" / "foshan"
Row = dict[str, str]

# How large the city is at least; an exact number where the state has so many.
TOWNS_EXACTLY = 32
LEAST = {
    "district": 5,
    "village": 800,
    "gazetteer names": 2500,
    "unit": 380,
    "village unit": 100,
    "level 1": 15,
    "level 2": 120,
    "leaf": 500,
    "entry": 300,
}
# Of one row.
KEYWORDS, SENTENCES, VARIANTS = 3, 6, 5
# Of all rows: told in Cantonese as well; reports that only a unit with a power may take.
CANTONESE_LEAVES, CANTONESE_ENTRIES, REPORTS_WITH_POWER = 1 / 3, 1 / 3, 0.85

CANTONESE = re.compile("[唔嘅咗冇喺啲嘈俾系佢哋咩嗰嚟攞瞓搵睇]|点样|边度|几时|几耐")
# A matter that is not urgent by itself, though some of its sentences tell of what is.
ALARMING = {
    *("food-safety", "pyramid", "park-facility", "public-rental-repair", "bus-stop", "metro-service", "highway"),
    *("fire-exit", "fire-passage", "elevator-fault", "school-canteen", "wasp", "accident-hide", "noise-rail"),
    *("river-guardrail", "wild-injured", "work-accident", "epidemic", "ambulance", "public-security", "online-rumour"),
}
# What a citizen acts on stands empty unless somebody has verified the entry. Of one the limits alone were read, as
# SOURCES.md says.
LOCAL, READ, IN_SOURCES = ("place", "phone"), ("fee", "limit"), {"complaint-time"}
# The numbers every citizen of the country can call: 12345, 110, 12333 …
NATIONAL = re.compile(r"(?:1\d\d|12\d{3})(?:[、,，/ ]+(?:1\d\d|12\d{3}))*")
DOCUMENT_NUMBER = re.compile(r"[〔\[［（(]\s*(?:19|20)\d\d\s*[〕\]］）)]\s*第?\s*\d+\s*号")
LANDLINE = re.compile(r"(?<!\d)(?:0\d{2,3}[-—\s]?)?[2-8]\d{7}(?!\d)")


def table(name: str) -> list[Row]:
    with (CITY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parts(cell: str) -> list[str]:
    return [part for part in cell.split("|") if part]


def codes(rows: list[Row]) -> set[str]:
    return {row["code"] for row in rows}


def twice(names: list[str]) -> list[str]:
    """What stands there more than once."""
    return sorted(name for name, count in Counter(names).items() if count > 1)


AREAS = table("areas")
PLACES = table("places")
UNITS = table("units")
FUNCTIONS = table("functions")
POWERS = table("powers")
MATTERS = table("matters")
AREA = {row["code"]: row for row in AREAS}
DANGERS = load_emergencies()


@pytest.fixture(scope="module")
def reference() -> Reference:
    """The city as the directory reads it; CityFilesWrong names every fault."""
    return Reference(read_city(CITY))


@pytest.fixture(scope="module")
def entries() -> tuple[Article, ...]:
    """The entries as the library reads them; ArticleFilesWrong names every fault."""
    return read_articles(CITY / "articles", codes(UNITS), codes(AREAS), codes(MATTERS))


# -- tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("layout", [*TABLES, MATTERS_LAYOUT], ids=lambda layout: layout.name)
def test_each_table_has_the_columns_its_room_reads_and_no_ragged_row(layout: Layout) -> None:
    rows = table(layout.name)
    [header] = {tuple(row) for row in rows}
    assert {column.name for column in layout.columns if not column.optional} <= set(header)
    assert not [row for row in rows if None in row.values() or any(v != v.strip() for v in row.values())]


def test_the_rooms_read_every_file_without_a_fault(reference: Reference, entries: tuple[Article, ...]) -> None:
    functions, powers = reference.data.functions, reference.data.powers
    text = (CITY / "matters.csv").read_text("utf-8")
    assert read_matters(text, functions.__contains__, powers.__contains__)[1] == ()
    assert entries


def test_the_settings_name_an_area_and_ascending_hours() -> None:
    city = tomllib.loads((CITY / "city.toml").read_text("utf-8"))
    assert AREA[city["area_code"]]["name"] == city["name"]
    flat = [dt.time.fromisoformat(moment) for span in city["business_hours"] for moment in span]
    assert flat == sorted(set(flat))


# -- areas and places -------------------------------------------------------------------------------------


def test_areas_are_one_tree_of_four_levels() -> None:
    count = Counter(row["level"] for row in AREAS)
    assert (count["city"], count["town"]) == (1, TOWNS_EXACTLY)
    assert count["district"] >= LEAST["district"]
    assert count["village"] >= LEAST["village"]
    above = {"district": "city", "town": "district", "village": "town"}
    assert twice([row["code"] for row in AREAS]) == []
    for row in AREAS:
        if row["level"] == "city":
            assert row["parent"] == ""
        else:
            assert AREA[row["parent"]]["level"] == above[row["level"]]
        if row["level"] in ("town", "village"):
            assert row["code"].startswith(row["parent"])


def test_the_gazetteer_is_large_enough() -> None:
    names = {name for row in [*AREAS, *PLACES] for name in [row["name"], *parts(row["aliases"])]}
    assert len(names) >= LEAST["gazetteer names"]


@pytest.mark.parametrize("level", ["city", "district", "town"])
def test_an_alias_means_one_area_of_its_level(level: str) -> None:
    rows = [row for row in AREAS if row["level"] == level]
    names = {row["name"] for row in rows}
    aliases = [alias for row in rows for alias in parts(row["aliases"])]
    assert twice(aliases) == []
    assert [alias for alias in aliases if alias in names or len(alias) < 2] == []


def test_villages_of_different_towns_may_be_called_alike_but_not_those_of_one() -> None:
    villages = [row for row in AREAS if row["level"] == "village"]
    assert twice([f"{row['parent']} {n}" for row in villages for n in {row["name"], *parts(row["aliases"])}]) == []
    assert [alias for row in villages for alias in parts(row["aliases"]) if len(alias) < 2] == []


def test_a_village_alias_never_hides_a_town_or_district() -> None:
    large = {n for row in AREAS if row["level"] != "village" for n in [row["name"], *parts(row["aliases"])]}
    assert [a for row in AREAS if row["level"] == "village" for a in parts(row["aliases"]) if a in large] == []


def test_two_areas_under_one_parent_have_different_names() -> None:
    assert twice([f"{row['parent']} {row['name']}" for row in AREAS]) == []


def test_a_place_lies_in_a_town_and_is_named_once_in_it() -> None:
    towns = {row["code"] for row in AREAS if row["level"] == "town"}
    assert {row["town"] for row in PLACES} <= towns
    assert twice([f"{row['town']} {n}" for row in PLACES for n in {row["name"], *parts(row["aliases"])}]) == []
    assert [n for row in PLACES for n in [row["name"], *parts(row["aliases"])] if len(n) < 2] == []


def test_there_are_places_of_every_kind() -> None:
    assert {row["kind"] for row in PLACES} == {kind.value for kind in PlaceKind}


def test_a_place_is_not_called_like_an_area() -> None:
    areas = {n for row in AREAS for n in [row["name"], *parts(row["aliases"])]}
    assert sorted(areas & {n for row in PLACES for n in [row["name"], *parts(row["aliases"])]}) == []


# -- units ------------------------------------------------------------------------------------------------


def test_there_are_enough_units_and_none_shares_a_code_or_a_name() -> None:
    assert len(UNITS) >= LEAST["unit"]
    for column in ("code", "name", "short_name"):
        assert twice([row[column] for row in UNITS]) == [], column


def test_units_refer_to_areas_functions_and_powers_that_exist() -> None:
    for row in UNITS:
        assert row["level"] == AREA[row["area"]]["level"], row["code"]
        assert set(parts(row["functions"])) <= codes(FUNCTIONS), row["code"]
        assert set(parts(row["powers"])) <= codes(POWERS), row["code"]
        assert row["hours"] in ("", "24x7"), row["code"]


def test_every_unit_reaches_the_government_of_the_city_through_its_superiors() -> None:
    parent = {row["code"]: row["parent"] for row in UNITS}
    tops = [row for row in UNITS if not row["parent"]]
    assert [row["level"] for row in tops] == ["city"]
    for code in parent:
        seen = [code]
        while parent[seen[-1]]:
            seen.append(parent[seen[-1]])
            assert len(seen) == len(set(seen)), seen


def test_every_town_has_a_unit_of_its_own() -> None:
    at = {row["area"] for row in UNITS}
    assert [row["name"] for row in AREAS if row["level"] == "town" and row["code"] not in at] == []


def test_committees_of_villages_stand_below_their_town_are_called_as_the_area_is_and_enforce_nothing() -> None:
    units = {row["code"]: row for row in UNITS}
    villages = [row for row in UNITS if row["level"] == "village"]
    assert len(villages) >= LEAST["village unit"]
    for row in villages:
        area, town = AREA[row["area"]], units[row["parent"]]
        assert (town["area"], town["powers"], row["powers"]) == (area["parent"], "", ""), row["code"]
        stem = re.sub("(?:社区居委会|社区居民委员会|村委会|村民委员会)$", "", area["name"])
        assert stem != area["name"], row["code"]
        kind = "村民委员会" if "村委会" in area["name"] or "村民委员会" in area["name"] else "社区居民委员会"
        assert row["name"].endswith(stem + kind), row["code"]
        assert set(parts(row["functions"])) <= {"grassroots", "mediation", "village_affairs"}, row["code"]
    assert {row["area"][:6] for row in villages} == {row["code"] for row in AREAS if row["level"] == "district"}


def test_every_district_and_the_city_have_one_coordinating_unit(reference: Reference) -> None:
    for row in AREAS:
        if row["level"] in ("city", "district"):
            assert len(reference.units_at("coordination", row["code"], "")) == 1, row["name"]


def test_no_area_has_two_units_for_one_function() -> None:
    assert twice([f"{unit['area']} {function}" for unit in UNITS for function in parts(unit["functions"])]) == []


def test_each_function_and_each_power_is_held_by_someone() -> None:
    assert {f for unit in UNITS for f in parts(unit["functions"])} == codes(FUNCTIONS)
    assert {p for unit in UNITS for p in parts(unit["powers"])} == codes(POWERS)


# -- matters ----------------------------------------------------------------------------------------------


def test_the_catalogue_has_three_levels_of_the_size_wanted() -> None:
    assert len({row["level1"] for row in MATTERS}) >= LEAST["level 1"]
    assert len({(row["level1"], row["level2"]) for row in MATTERS}) >= LEAST["level 2"]
    assert len(MATTERS) >= LEAST["leaf"]


def test_two_matters_never_share_a_code_or_a_name() -> None:
    assert twice([row["code"] for row in MATTERS]) == []
    assert twice([row["name"] for row in MATTERS]) == []


def test_matters_are_complete_and_refer_to_what_exists() -> None:
    for row in MATTERS:
        assert all(row[c] for c in ("level1", "level2", "name", "function", "asks")), row["code"]
        assert row["kind"].lower() in {kind.value for kind in TicketKind}, row["code"]
        assert row["urgency"].lower() in {urgency.value for urgency in Urgency}, row["code"]
        assert row["owner_level"] in {"city", "district", "town"}, row["code"]
        assert row["function"] in codes(FUNCTIONS), row["code"]
        assert not row["needs_power"] or row["needs_power"] in codes(POWERS), row["code"]
        assert set(parts(row["supports"])) <= codes(FUNCTIONS) - {row["function"]}, row["code"]


def test_every_matter_has_enough_keywords_and_sentences() -> None:
    few = {
        row["code"]: (len(parts(row["keywords"])), len(parts(row["examples"])))
        for row in MATTERS
        if len(set(parts(row["keywords"]))) < KEYWORDS or len(set(parts(row["examples"]))) < SENTENCES
    }
    assert few == {}


def test_no_sentence_stands_under_two_matters_and_no_keyword_twice_under_one() -> None:
    assert twice([sentence for row in MATTERS for sentence in parts(row["examples"])]) == []
    assert [row["code"] for row in MATTERS if twice(parts(row["keywords"]))] == []


def test_a_third_of_the_matters_are_also_told_in_cantonese() -> None:
    spoken = [row for row in MATTERS if CANTONESE.search(row["examples"])]
    assert len(spoken) >= CANTONESE_LEAVES * len(MATTERS)


def test_what_is_reported_is_nearly_always_enforced_by_a_unit_with_a_power() -> None:
    reports = [row for row in MATTERS if row["kind"] == "REPORT"]
    assert sum(bool(row["needs_power"]) for row in reports) >= REPORTS_WITH_POWER * len(reports)


def test_every_matter_has_a_unit_charged_with_it_everywhere_and_not_only_the_coordinating_one(
    reference: Reference,
) -> None:
    matters, _ = read_matters((CITY / "matters.csv").read_text("utf-8"), lambda _code: True, lambda _code: True)
    towns = [reference.lineage(town.code) for town in reference.areas_where(Level.TOWN, None)]
    wrong = Counter(
        matter.code
        for matter in matters
        for led in led_by(matter, towns, reference.units_at)
        if led.duty is None or matter.function not in led.duty.units[0].functions
    )
    assert wrong == {}


@pytest.mark.parametrize(
    ("matter", "town", "unit"),
    [
        ("wage-arrears", "440606105", "SD-XT-RS"),
        ("marriage", "440606103", "SD-RS"),
        ("food-safety", "440606104", "SD-SJ"),
        ("property-service", "440606104", "SD-LJZ-CJ"),
        ("street-lamp", "440605011", "NH-GC-CJ"),
        ("water-outage", "440605122", "NH-HL"),
        ("water-outage", "440607105", "SS-GS"),
    ],
)
def test_known_matters_find_the_unit_expected(reference: Reference, matter: str, town: str, unit: str) -> None:
    matters, _ = read_matters((CITY / "matters.csv").read_text("utf-8"), lambda _code: True, lambda _code: True)
    known = next(each for each in matters if each.code == matter)
    [led] = led_by(known, [reference.lineage(town)], reference.units_at)
    assert led.duty is not None
    assert [each.code for each in led.duty.units] == [unit]


def test_a_street_stall_in_a_town_is_for_that_town_itself(reference: Reference) -> None:
    matters, _ = read_matters((CITY / "matters.csv").read_text("utf-8"), lambda _code: True, lambda _code: True)
    vending = next(each for each in matters if each.code == "street-vending")
    for town in reference.areas_where(Level.TOWN, None):
        [led] = led_by(vending, [reference.lineage(town.code)], reference.units_at)
        assert led.is_own, town.name


def test_the_examples_of_calm_matters_raise_no_alarm() -> None:
    calm = [row for row in MATTERS if row["urgency"] in ("P2", "P3") and row["code"] not in ALARMING]
    assert [(row["code"], e) for row in calm for e in parts(row["examples"]) if emergencies_in(e, DANGERS)] == []


# -- entries ----------------------------------------------------------------------------------------------


def test_there_are_enough_entries_each_with_enough_ways_to_ask(entries: tuple[Article, ...]) -> None:
    assert len(entries) >= LEAST["entry"]
    assert [e.id for e in entries if len(set(e.variants) - {e.title}) < VARIANTS] == []


def test_two_entries_never_share_a_title_and_no_question_leads_to_two(entries: tuple[Article, ...]) -> None:
    assert twice([entry.title for entry in entries]) == []
    assert twice([question for entry in entries for question in {entry.title, *entry.variants}]) == []


def test_entries_answer_in_short_and_in_full_and_are_due_for_review(entries: tuple[Article, ...]) -> None:
    assert [e.id for e in entries if not e.short or not e.full or e.review_due is None] == []


def test_a_third_of_the_entries_are_also_asked_for_in_cantonese(entries: tuple[Article, ...]) -> None:
    spoken = [entry for entry in entries if CANTONESE.search("\n".join(entry.variants))]
    assert len(spoken) >= CANTONESE_ENTRIES * len(entries)


def test_an_entry_nobody_has_verified_states_no_local_fact_no_fee_and_no_limit(
    entries: tuple[Article, ...],
) -> None:
    unsure = [entry for entry in entries if entry.verified_on is None]
    local = [
        (entry.id, name)
        for entry in unsure
        for name in LOCAL
        if getattr(entry, name) and not (name == "phone" and NATIONAL.fullmatch(entry.phone))
    ]
    assert local == []
    assert [(e.id, name) for e in unsure for name in READ if getattr(e, name) and e.id not in IN_SOURCES] == []


def test_an_entry_nobody_has_verified_names_no_document_number_and_no_telephone(entries: tuple[Article, ...]) -> None:
    texts = {e.id: "\n".join((e.short, e.full, *e.basis, *e.materials)) for e in entries if e.verified_on is None}
    assert [each for each, text in texts.items() if DOCUMENT_NUMBER.search(text) or LANDLINE.search(text)] == []


# -- sets to judge by -------------------------------------------------------------------------------------

SETS = CITY / "sets"


def set_of(name: str) -> list[Row]:
    with (SETS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("complaints_blind.csv", "c13a840cc3534e318f42833b69103ae40e96ffa03f66b3e19d115146c3acaffb"),
        ("questions_blind.csv", "3829e6b08576450509bd0bbd1c720228eabf7d1e955e9765bf55292a73ebbf48"),
    ],
)
def test_a_blind_set_is_what_was_committed_before_anything_was_measured(name: str, digest: str) -> None:
    assert hashlib.sha256((SETS / name).read_bytes()).hexdigest() == digest


def test_the_sets_are_whole_and_name_what_the_city_has(entries: tuple[Article, ...]) -> None:
    complaints, questions = set_of("complaints_blind.csv"), set_of("questions_blind.csv")
    assert (len(complaints), len(questions)) == (400, 600)
    assert sum(not row["entry"] for row in questions) == 150
    for rows in (complaints, set_of("complaints_tuning.csv")):
        assert {row["leaf"] for row in rows} <= codes(MATTERS)
        assert {row["area"] for row in rows} <= codes(AREAS)
        assert {row["unit"] for row in rows} <= codes(UNITS)
    known = {entry.id for entry in entries}
    for rows in (questions, set_of("questions_tuning.csv")):
        assert {entry for row in rows for entry in parts(row["entry"])} <= known
