"""Each measure's definition on a hand-made journal: nights, the bot, re-openings and second votes count as said."""

from datetime import timedelta

import pytest

from analytics.rules.indicators import RATES
from analytics.rules.parts import MEASURES, look_again
from tests.analytics.telling import MORNING, Told
from tests.schedule import local
from ticketing.model.labels import Actor, RequestKind, Score, Solved, State

DUE = local("2026-03-25 17:30")


def at_work() -> Told:
    return Told().opened().wait(minutes=5).dispatched().wait(minutes=30).moved("accept", State.ACCEPTED)


def answered() -> Told:
    return at_work().wait(hours=2).contacted().wait(days=3).replied(DUE)


def test_every_indicator_of_tickets_has_a_measure_and_every_measure_an_indicator() -> None:
    assert {rate.name for rate in RATES if not rate.over} == set(MEASURES)


def test_names_and_labels_are_given_once_and_every_indicator_says_what_it_divides() -> None:
    assert len({rate.name for rate in RATES}) == len({rate.label for rate in RATES}) == len(RATES)
    assert all(rate.definition for rate in RATES)


def test_only_what_the_hotline_answered_itself_is_a_direct_answer() -> None:
    assert Told().opened().replied(DUE, action="answer").share("direct") == (1, 1)
    assert answered().share("direct") == (0, 1)


def test_what_the_timer_signed_was_not_signed_in_time() -> None:
    assert at_work().share("signed") == (1, 1)
    assert Told().opened().dispatched().moved("accept", State.ACCEPTED, Actor.TIMER).share("signed") == (0, 1)


def test_each_unit_answers_for_its_own_signing() -> None:
    told = at_work().dispatched("unit-b", "reassign").moved("accept", State.ACCEPTED, Actor.TIMER)
    assert [(part.unit, part.numerator) for part in told.counts("signed")] == [("unit-a", 1), ("unit-b", 0)]


def test_a_return_that_was_refused_leaves_the_first_dispatch_right() -> None:
    refused = at_work().asked(RequestKind.RETURN).decided(RequestKind.RETURN, granted=False)
    assert (refused.share("first_right"), refused.share("returned")) == ((1, 1), (1, 1))
    granted = at_work().asked(RequestKind.RETURN).decided(RequestKind.RETURN).dispatched("unit-b", "reassign")
    assert (granted.share("first_right"), granted.share("hops")) == ((0, 1), (2, 1))
    assert granted.counts("first_right")[0].unit == "unit-a"


def test_the_day_of_contact_goes_on_through_the_night_and_the_weekend() -> None:
    friday = local("2026-03-20 17:00")
    told = Told(at=friday).opened().dispatched().wait(hours=23, minutes=59).contacted()
    assert told.share("responded") == (1, 1)
    told = Told(at=friday).opened().dispatched().wait(hours=24, minutes=1).contacted()
    assert told.share("responded") == (0, 1)
    told = Told(at=friday).opened().dispatched().wait(hours=30).contacted(timedelta(hours=20), believed=False)
    assert told.share("responded") == (0, 1)
    told = Told(at=friday).opened().dispatched().wait(hours=30).contacted(timedelta(hours=20))
    assert told.share("responded") == (1, 1)


def test_nobody_is_late_to_make_contact_before_the_day_is_over() -> None:
    told = at_work()
    assert told.share("responded") == (0, 0)
    due = MORNING + timedelta(minutes=5, hours=24)
    assert look_again(told.case(), told.at) == due
    assert told.share("responded", due) == (0, 1)
    assert look_again(told.case(), due) is None


def test_what_the_bot_says_is_no_contact() -> None:
    told = at_work()
    assert told.share("responded", told.at + timedelta(days=2)) == (0, 1)


def test_a_later_dispatch_does_not_begin_the_day_of_contact_anew() -> None:
    told = at_work().wait(hours=20).dispatched("unit-b", "reassign").wait(hours=6).contacted()
    assert told.share("responded") == (0, 1)


@pytest.mark.parametrize(("early", "numerator"), [(timedelta(0), 1), (timedelta(seconds=-1), 0)])
def test_a_reply_at_the_due_time_is_in_time(early: timedelta, numerator: int) -> None:
    told = at_work()
    due = told.at + early
    assert told.replied(due).share("on_time") == (numerator, 1)


def test_an_extension_counts_in_one_version_of_on_time_only() -> None:
    told = at_work().wait(days=12).replied(MORNING + timedelta(days=14), first_due=MORNING + timedelta(days=9))
    assert (told.share("on_time"), told.share("on_time_raw")) == ((1, 1), (0, 1))


def test_what_is_overdue_counts_before_it_is_replied_to_and_once_only() -> None:
    told = at_work()
    due = told.at + timedelta(days=9)
    late = told.wait(days=9).late(due).wait(days=1).late(due, 1)
    assert late.share("on_time") == (0, 1)
    assert late.wait(days=3).replied(due).share("on_time") == (0, 1)
    assert late.counts("on_time")[0].at == due


def test_a_rehandling_moves_neither_the_first_reply_nor_its_day() -> None:
    """P37: what is opened again has had its first reply."""
    told = answered()
    day = told.counts("on_time")
    told.rated(Score.DISSATISFIED, Solved.NO).moved("rate", State.CALL_BACK).moved("rehandle", State.REHANDLE)
    told.wait(days=20).replied(DUE)
    assert told.counts("on_time") == day
    assert (told.share("rehandled"), told.share("first_time")) == ((1, 1), (0, 0))


def test_what_is_closed_after_a_rehandling_was_not_solved_the_first_time() -> None:
    assert answered().rated().closed().share("first_time") == (1, 1)
    again = answered().moved("rehandle", State.REHANDLE).wait(days=2).replied(DUE).closed()
    assert again.share("first_time") == (0, 1)


def test_a_reopened_ticket_counts_once_when_it_closes_again() -> None:
    told = answered().closed().wait(days=5).moved("rehandle", State.REHANDLE).replied(DUE).closed()
    assert told.share("first_time") == (0, 1)


def test_the_last_vote_counts_and_only_once() -> None:
    told = answered().rated(Score.DISSATISFIED, Solved.NO)
    assert (told.share("satisfied"), told.share("solved")) == ((0, 1), (0, 1))
    told.wait(days=2).rated(Score.BASICALLY_SATISFIED, Solved.PARTLY)
    assert (told.share("satisfied"), told.share("solved")) == ((1, 1), (0.5, 1))


@pytest.mark.parametrize("said", [True, False])
def test_p41_what_a_call_back_worker_heard_takes_no_vote_of_the_citizens_place(*, said: bool) -> None:
    told = answered().rated(Score.DISSATISFIED, Solved.NO).noted(said=said)
    assert (told.share("satisfied"), told.share("solved"), told.share("bad_mended")) == ((0, 1), (0, 1), (0, 1))


def test_p41_what_a_call_back_worker_noted_counts_where_the_citizen_said_nothing_and_until_they_do() -> None:
    told = answered().noted()
    assert told.share("satisfied") == (1, 1)
    assert told.rated(Score.DISSATISFIED, Solved.NO).share("satisfied") == (0, 1)
    assert told.noted().share("satisfied") == (0, 1)


def test_a_vote_on_the_reply_of_before_is_none_on_the_next() -> None:
    told = answered().rated(Score.DISSATISFIED, Solved.NO).moved("rehandle", State.REHANDLE).wait(days=2).replied(DUE)
    assert told.noted().share("satisfied") == (1, 1)


def test_a_contact_that_was_none_counts_as_none() -> None:
    told = Told().opened().dispatched().wait(hours=1).contacted()
    assert told.share("responded") == (1, 1)
    assert told.contact_taken_back().share("responded") != (1, 1)


def test_a_bad_vote_is_mended_by_a_good_one_after_it() -> None:
    told = answered().rated(Score.VERY_DISSATISFIED, Solved.NO)
    assert told.share("bad_mended") == (0, 1)
    assert told.wait(days=4).rated().share("bad_mended") == (1, 1)
    assert answered().rated().share("bad_mended") == (0, 0)


def test_call_backs_are_measured_over_replies_and_votes_over_call_backs() -> None:
    silent = answered().moved("begin_callback", State.CALL_BACK, Actor.TIMER)
    assert (silent.share("called_back"), silent.share("voted")) == ((1, 1), (0, 1))
    assert (answered().share("called_back"), answered().share("voted")) == ((0, 1), (0, 0))


def test_a_withdrawn_ticket_is_not_due_for_contact() -> None:
    told = at_work().moved("merge", State.MERGED)
    assert told.share("responded", told.at + timedelta(days=3)) == (0, 0)
