"""What the timer does next, and that it does nothing early."""

import pytest

from kernel.errors import Conflict
from kernel.people import GUEST, SYSTEM, Kind, Principal, Role
from tests.schedule import local
from tests.ticketing.making import Life
from ticketing.model.labels import Action, Actor, SideAction, State
from ticketing.rules.doers import actors_of, doer
from ticketing.rules.timers import WAKES, next_wake, not_too_early, reminders
from ticketing.rules.transitions import LIFE

S = State

WAITS = [
    (S.RECEIVED, "2026-03-02 09:00", Action.TRIAGE),
    (S.NEED_INFO, "2026-03-09 17:30", Action.GIVE_UP_INFO),
    (S.DECLINED, "2026-03-09 17:30", Action.LET_STAND),
    (S.DISPATCHED, "2026-03-02 11:00", Action.ACCEPT),
    (S.SHELVED, "2026-06-01 09:00", Action.UNSHELVE),
    (S.REPLIED, "2026-03-03 17:30", Action.BEGIN_CALLBACK),
]


@pytest.mark.parametrize(("state", "moment", "action"), WAITS)
def test_what_the_timer_does_next_and_when(state: State, moment: str, action: Action) -> None:
    life = Life().to(state)
    assert next_wake(life.ticket, life.calendar, life.limits) == (local(moment), action)
    not_too_early(life.ticket, action, local(moment), life.calendar, life.limits)


@pytest.mark.parametrize("state", [S.TRIAGE, S.ACCEPTED, S.IN_PROGRESS, S.REVIEW, S.CALL_BACK, S.HANDED_OVER])
def test_where_no_moment_decides_the_timer_waits_for_nothing(state: State) -> None:
    life = Life().to(state)
    assert next_wake(life.ticket, life.calendar, life.limits) is None


def test_a_refusal_with_an_appeal_waits_for_the_supervisor() -> None:
    life = Life().to(S.DECLINED)
    life.do(SideAction.FILE_APPEAL, Actor.CITIZEN, reason="应受理")
    assert next_wake(life.ticket, life.calendar, life.limits) is None


def test_every_wake_is_a_row_the_timer_may_take() -> None:
    for wake in WAKES:
        assert LIFE.find(wake.state, wake.action, Actor.TIMER)


def test_every_row_of_the_timer_is_woken_or_decided_by_something_else() -> None:
    decided_otherwise = {Action.DISPATCH, Action.CLOSE, Action.CLOSE_MERGED}
    by_timer = {(s, row.action) for row in LIFE.transitions if Actor.TIMER in row.by for s in row.sources}
    woken = {(wake.state, wake.action) for wake in WAKES}
    assert {action for _, action in by_timer - woken} == decided_otherwise
    assert len(woken) == len(WAKES)


def test_a_moment_before_is_too_early_and_says_until_when() -> None:
    life = Life().to(S.REPLIED)
    with pytest.raises(Conflict) as raised:
        not_too_early(life.ticket, Action.BEGIN_CALLBACK, local("2026-03-03 17:29"), life.calendar, life.limits)
    assert raised.value.data["until"] == local("2026-03-03 17:30")


def test_a_citizen_who_owes_information_is_reminded_after_one_and_three_working_days() -> None:
    life = Life().to(S.NEED_INFO)
    expected = (local("2026-03-03 17:30"), local("2026-03-05 17:30"))
    assert reminders(life.ticket, life.calendar, life.limits) == expected
    life.do(Action.SUPPLY_INFO, Actor.CITIZEN, text="门口")
    assert reminders(life.ticket, life.calendar, life.limits) == ()


def test_people_act_in_the_parts_their_roles_give_them() -> None:
    both = Principal(Kind.STAFF, "p", roles=frozenset({Role.AGENT, Role.DISPATCHER}))
    assert set(actors_of(both)) == {Actor.AGENT, Actor.DISPATCHER}
    assert actors_of(GUEST) == (Actor.CITIZEN,)
    assert actors_of(SYSTEM) == (Actor.TIMER,)
    assert actors_of(Principal(Kind.SYSTEM, "bot")) == (Actor.BOT,)
    handler = Principal(Kind.STAFF, "h", roles=frozenset({Role.HANDLER}), unit="unit-a")
    assert (doer(handler, [Actor.UNIT]).unit, doer(handler, [Actor.UNIT]).actor) == ("unit-a", Actor.UNIT)
    link = doer(Principal(Kind.LINK, link="N1"), [Actor.CITIZEN])
    assert link.id == "N1"
