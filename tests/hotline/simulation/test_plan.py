"""The plan is pure: shares, hours, the typhoon, several people for one event, the same for the same seed."""

from argparse import ArgumentParser
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from hotline.simulation.command import add_arguments, ordered_by
from hotline.simulation.plan.arrivals import day_weight, moments, typhoon_day
from hotline.simulation.plan.contacts import CityData, Contact, Spot, Subject, Want, Way, plan
from hotline.simulation.plan.dice import Dice
from hotline.simulation.plan.habits import HABITS, SCORES, habit_of, mood_of
from hotline.simulation.plan.shifts import shifts
from hotline.simulation.words import UNCLEAR
from kernel.errors import Invalid
from kernel.phones import phone
from tests.schedule import ZONE, calendar

FIRST, DAYS = date(2026, 6, 1), 30
KINDS = ("help", "complaint", "report", "praise", "consult")
CITY = CityData(
    (
        *(Subject(f"{kind}-{n}", f"{kind}{n}", kind, (f"{kind}的第{n}件事",)) for kind in KINDS for n in range(40)),
        Subject("flood", "道路积水内涝", "help", ("路面积水没过膝盖",)),
    ),
    {f"t{n}": (Spot(f"t{n}", f"第{n}镇", f"{n}村"),) for n in range(20)},
    ("居住证怎么办", "社保怎么查"),
)


def storm() -> date:
    return typhoon_day(FIRST, DAYS, calendar())


def contacts(seed: int = 1, many: int = 4000) -> list[Contact]:
    when = moments(seed, many, FIRST, DAYS, storm(), calendar())
    return plan(seed, when, CITY, lambda at: calendar().local_date(at) == storm())


def test_a_working_day_brings_more_than_a_weekend_and_the_typhoon_most() -> None:
    by_day = Counter(calendar().local_date(contact.at) for contact in contacts())
    assert calendar().is_workday(storm())
    worked = [many for day, many in by_day.items() if calendar().is_workday(day) and day != storm()]
    free = [many for day, many in by_day.items() if not calendar().is_workday(day)]
    assert len(free) == 9  # eight days of weekends and the Dragon Boat Festival's Friday
    assert max(free) < sum(worked) / len(worked) < by_day[storm()] / 2.5
    assert day_weight(date(2026, 6, 19), storm(), calendar()) == day_weight(date(2026, 6, 20), storm(), calendar())


def test_mornings_are_busy_and_nights_are_not_but_for_the_storm() -> None:
    found = [contact for contact in contacts() if calendar().local_date(contact.at) != storm()]
    hours = Counter(contact.at.astimezone(ZONE).hour for contact in found)
    assert hours[10] > 5 * hours[3]
    assert sorted(contact.at for contact in found) == [contact.at for contact in found]


def test_shares_are_what_they_are_said_to_be() -> None:
    found = [contact for contact in contacts() if calendar().local_date(contact.at) != storm()]
    ways, wants = Counter(c.way for c in found), Counter(c.want for c in found)
    assert 0.70 < ways[Way.PHONE] / len(found) < 0.80
    assert 0.25 < wants[Want.MATTER] / len(found) < 0.35
    assert wants[Want.QUESTION] > wants[Want.MATTER] > wants[Want.PROGRESS] > 0
    kinds = Counter(c.kind for c in found if c.want is Want.MATTER)
    assert kinds["help"] > kinds["complaint"] > kinds["report"] > kinds["praise"] > 0
    towns = Counter(c.town for c in found if c.town)
    assert max(towns.values()) > 2.5 * min(towns.values())


def test_some_say_neither_what_nor_where() -> None:
    told = [c for c in contacts() if c.kind in UNCLEAR and not c.storm]
    vague = [c for c in told if any(words in c.text for words in UNCLEAR[c.kind])]
    assert 0.1 < len(vague) / len(told) < 0.25
    assert not any(c.matter or c.area or c.place for c in vague)


def test_the_typhoon_is_about_water_and_many_tell_of_the_same() -> None:
    stormy = [c for c in contacts() if c.storm]
    assert stormy
    assert all(c.matter in {"", "flood"} and "积水" in c.text for c in stormy)
    events = Counter(c.event for c in stormy)
    assert max(events.values()) > 3
    people = {c.event: {d.person for d in stormy if d.event == c.event} for c in stormy}
    assert max(len(who) for who in people.values()) > 2


def test_some_tell_of_the_same_again_and_some_ask_how_it_stands() -> None:
    found = contacts()
    by_number = {c.number: c for c in found}
    again = [c for c in found if c.again and c.want is Want.MATTER]
    assert 0.05 < len(again) / sum(c.want is Want.MATTER for c in found) < 0.2
    for contact in (*again, *(c for c in found if c.want is Want.PROGRESS)):
        assert contact.again is not None
        assert by_number[contact.again].person == contact.person
        assert by_number[contact.again].at < contact.at


def test_phones_are_numbers_and_nobody_has_anothers() -> None:
    found = contacts(many=500)
    assert all(phone(contact.phone) == contact.phone for contact in found)
    people = {contact.person: contact.name for contact in found}
    assert all(people[contact.person] == contact.name for contact in found)


def test_the_same_seed_gives_the_same_plan_and_another_another() -> None:
    assert contacts(7, 300) == contacts(7, 300)
    assert contacts(7, 300) != contacts(8, 300)
    assert Dice(1, "a").between(0, 1) == Dice(1, "a").between(0, 1) != Dice(1, "b").between(0, 1)
    assert [habit_of(3, f"U{n}") for n in range(50)] == [habit_of(3, f"U{n}") for n in range(50)]


def test_shares_of_habits_and_votes_make_a_whole() -> None:
    assert sum(HABITS.values()) == pytest.approx(1)
    assert sum(SCORES.values()) == pytest.approx(1)
    assert {habit_of(1, f"U{n}").name for n in range(300)} == {habit.name for habit in HABITS}
    assert mood_of(1, 5) == mood_of(1, 5)


def test_agents_work_five_days_in_seven_and_somebody_is_always_there() -> None:
    found = list(shifts(1, 200, FIRST, 14, ZONE))
    days = Counter(shift.agent for shift in found)
    assert {10, 11} >= set(days.values())
    begins = datetime(2026, 6, 2, tzinfo=UTC)
    for hour in range(24 * 7):
        at = begins + timedelta(hours=hour)
        assert sum(shift.begins <= at < shift.ends for shift in found) >= 10


# -- the command's arguments --------------------------------------------------------------------------------


def ordered(*words: str) -> object:
    parser = ArgumentParser()
    add_arguments(parser)
    return ordered_by(parser.parse_args(words))


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ((), "--month"),
        (("--month", "--scale", "0"), "--scale"),
        (("--month", "--scale", "9"), "--scale"),
        (("--days", "0"), "--days"),
        (("--days", "1", "--scale", "0.0001"), "--scale"),
        (("--month", "--after", "-1"), "--after"),
        (("--month", "--tick", "0"), "--tick"),
        (("--month", "--rare", "0"), "--rare"),
    ],
)
def test_a_month_that_cannot_be_is_refused_with_its_argument(words: tuple[str, ...], field: str) -> None:
    with pytest.raises(Invalid) as error:
        ordered(*words)
    assert field in error.value.fields


def test_a_month_at_a_tenth_is_fifteen_thousand_contacts() -> None:
    found = ordered("--month", "--scale", "0.1")
    assert (found.contacts, found.days) == (15_000, 30)  # type: ignore[attr-defined]
