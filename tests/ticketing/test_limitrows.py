"""Limits as rows: every value has one, what must hold is held, what differs is named."""

from datetime import timedelta

import pytest

from kernel.errors import Invalid
from tests.ticketing.making import PROOF, Life
from ticketing.model.labels import Actor, LimitUnit, RequestKind, RequestState, SideAction, State, TicketKind
from ticketing.model.ticket import Limit
from ticketing.rules.limitrows import Value, changed, differences, faults, limits_are_all_named, rows_of
from ticketing.rules.limits import Limits, business_hours, minutes, working_days


def test_every_value_has_a_row_and_the_program_s_own_limits_are_without_fault() -> None:
    assert limits_are_all_named()
    rows = rows_of(Limits())
    assert len({row.key for row in rows}) == len(rows)
    assert len({(row.group, row.label) for row in rows}) == len(rows)
    assert faults(Limits()) == {}


def test_setting_every_value_to_what_it_is_changes_nothing() -> None:
    limits = Limits()
    assert changed(limits, {row.key: row.value for row in rows_of(limits)}) == limits


def test_a_value_is_set_and_the_difference_named() -> None:
    made = changed(Limits(), {"handle.complaint.1": 5, "timers.accept.2": business_hours(1)})
    assert made.handle[TicketKind.COMPLAINT] == (15, 5)
    assert [(each.row.label, each.before, each.row.value) for each in differences(Limits(), made)] == [
        ("投诉 · 承诺", 7, 5),
        ("签收时限 · 一般", business_hours(2), business_hours(1)),
    ]


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"handle.complaint.1": 16}, {"handle.complaint.1": "beyond_legal_ceiling"}),
        ({"handle.help.0": 4}, {"handle.help.1": "beyond_legal_ceiling"}),
        ({"enterprise_other.1": 5}, {"enterprise_other.1": "beyond_legal_ceiling"}),
        ({"handle.complaint.1": 0}, {"handle.complaint.1": "out_of_range"}),
        ({"timers.dispatch.0": minutes(30)}, {"timers.dispatch.1": "less_than_more_urgent"}),
        ({"timers.dispatch.0": minutes(0)}, {"timers.dispatch.0": "out_of_range"}),
        ({"ruling": Limit(LimitUnit.SAME_DAY, 3)}, {"ruling": "out_of_range"}),
        ({"escalation_days.0": 3}, {"escalation_days.1": "not_ascending"}),
        ({"info_given_up": working_days(2)}, {"info_given_up": "not_ascending"}),
        ({"callback_days": 4}, {"callback_days": "more_than_attempts"}),
        ({"yellow_share": 1.2}, {"yellow_share": "out_of_range"}),
        ({"auto_dispatch": 0.0}, {"auto_dispatch": "out_of_range"}),
        ({"inspection_passed": 101}, {"inspection_passed": "out_of_range"}),
        ({"archived_after": timedelta(0)}, {"archived_after": "out_of_range"}),
        ({"handle.complaint.9": 3}, {"handle.complaint.9": "unknown_limit"}),
        ({"handle.complaint.1": working_days(3)}, {"handle.complaint.1": "wrong_kind"}),
    ],
)
def test_what_must_not_be_is_refused_under_its_key(values: dict[str, Value], wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as caught:
        changed(Limits(), values)
    assert caught.value.fields == wrong


def living_by(limits: Limits) -> Life:
    """A ticket under other limits."""
    life = Life()
    life.limits = limits
    return life


def test_from_the_how_manieth_time_on_supervision_rises_is_a_setting() -> None:
    """Urged once, a city that has no patience supervises; the highest level holds however often it is urged."""
    limits = changed(Limits(), {"patience_urges.0": 1, "highest_supervision": 2})
    life = living_by(limits).to(State.IN_PROGRESS)
    assert life.ticket.supervision == 0
    levels = []
    for _ in range(3):
        life.do(SideAction.URGE, Actor.CITIZEN)
        levels.append(life.ticket.supervision)
    assert levels == [1, 2, 2]


def test_from_the_how_manieth_return_on_it_is_ruled_is_a_setting() -> None:
    form = {"reason_code": "not_our_duty", "clause": "职责清单", "suggested_unit": "unit-b", "evidence": PROOF}
    once = living_by(changed(Limits(), {"ruled_from": 1})).to(State.DISPATCHED)
    once.ask(RequestKind.RETURN, **form)
    assert once.ticket.requests[-1].state is RequestState.DISPUTED
    later = Life().to(State.DISPATCHED)
    later.ask(RequestKind.RETURN, **form)
    assert later.ticket.requests[-1].state is RequestState.OPEN
