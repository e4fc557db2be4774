"""The table of indicators: names are unique, kinds and attributes exist, each row counts what it says."""

from collections.abc import Mapping
from dataclasses import fields

import pytest

from analytics.rules.indicators import INDICATORS, RATES, Count, Indicator, counts
from kernel.journal import kind_of
from tests.architecture.contract import ROOT
from tests.rooms import all_facts

KINDS: Mapping[str, type] = {kind_of(fact): fact for fact in all_facts()}


def test_no_two_indicators_have_one_name_or_label() -> None:
    assert len({row.name for row in INDICATORS}) == len({row.label for row in INDICATORS}) == len(INDICATORS)


@pytest.mark.parametrize("row", INDICATORS, ids=lambda row: row.name)
def test_an_indicator_reads_a_kind_of_fact_and_attributes_that_exist(row: Indicator) -> None:
    attributes = {each.name for each in fields(KINDS[row.kind])}
    assert {*row.by, *filter(None, [row.amount])} <= attributes


@pytest.mark.parametrize("row", [row for row in INDICATORS if row.only], ids=lambda row: row.name)
def test_a_condition_asks_for_attributes_that_exist(row: Indicator) -> None:
    asked: set[str] = set()

    class Asked(dict[str, object]):
        def get(self, key: str, default: object = None) -> object:
            asked.add(key)
            return default

    assert row.only is not None
    row.only(Asked())
    assert asked
    assert asked <= {each.name for each in fields(KINDS[row.kind])}


def test_a_fact_counts_in_total_and_by_each_attribute_and_unit() -> None:
    fact = {
        "kind": "complaint",
        "urgency": "p2",
        "matter": "dog",
        "area": "",
        "channel": None,
        "units": ("A", "B", "A"),
    }
    told = {each for each in counts("ticketing.TicketOpened", fact) if each.name == "tickets_opened"}
    assert told == {
        Count("tickets_opened", key, 1)
        for key in ("", "kind=complaint", "urgency=p2", "matter=dog", "unit=A", "unit=B")
    }


def test_a_kind_nobody_counts_adds_nothing() -> None:
    assert list(counts("ticketing.NeverHeardOf", {"units": ("A",)})) == []


def test_an_amount_is_summed_and_counts_only_when_it_is_known() -> None:
    waited = list(counts("desk.AgentReplied", {"channel": "", "waited_seconds": 41.6}))
    assert Count("first_reply_seconds", "", 42) in waited
    assert Count("first_replies", "", 1) in waited
    again = {each.name for each in counts("desk.AgentReplied", {"channel": "", "waited_seconds": None})}
    assert again == {"agent_replies"}


def test_the_page_of_indicators_explains_each_as_the_code_does_and_no_other() -> None:
    page = (ROOT / "docs" / "indicators.md").read_text("utf-8")
    rows = [line for line in page.splitlines() if line.startswith("| ") and "`" in line]
    assert rows == [f"| {rate.label} | `{rate.name}` | {rate.definition} |" for rate in RATES]
