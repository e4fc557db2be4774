"""The state machine finds every way in which a table can be unsound."""

from enum import Enum

import pytest

from kernel.errors import Conflict, NotAllowed
from kernel.lifecycle import Lifecycle, Transition, Unsound


class Lamp(Enum):
    OFF = "off"
    ON = "on"
    BROKEN = "broken"


class Do(Enum):
    PRESS = "press"
    DROP = "drop"


class Who(Enum):
    CHILD = "child"
    PARENT = "parent"


Row = Transition[Lamp, Do, Who]
SWITCH_ON = Row(Do.PRESS, (Lamp.OFF,), Lamp.ON, (Who.CHILD, Who.PARENT), ("is_dark",), ("shine",), ("finger",))
SWITCH_OFF = Row(Do.PRESS, (Lamp.ON,), Lamp.OFF, (Who.PARENT,))
DROP = Row(Do.DROP, (Lamp.OFF, Lamp.ON), Lamp.BROKEN, (Who.CHILD,))


def machine(*rows: Row, final: frozenset[Lamp] = frozenset({Lamp.BROKEN})) -> Lifecycle[Lamp, Do, Who]:
    return Lifecycle(Lamp.OFF, final, rows)


def faults(*rows: Row, final: frozenset[Lamp] = frozenset({Lamp.BROKEN})) -> tuple[str, ...]:
    with pytest.raises(Unsound) as raised:
        machine(*rows, final=final).check()
    return raised.value.faults


def test_a_sound_table_passes() -> None:
    machine(SWITCH_ON, SWITCH_OFF, DROP).check()


def test_two_rows_for_the_same_action_state_and_actor_are_found() -> None:
    other = Row(Do.PRESS, (Lamp.OFF,), Lamp.BROKEN, (Who.CHILD,))
    assert faults(SWITCH_ON, SWITCH_OFF, DROP, other) == ("press from off by child has 2 rows",)


def test_a_row_that_stands_twice_is_found() -> None:
    assert faults(SWITCH_ON, SWITCH_OFF, SWITCH_OFF, DROP) == ("press from on by parent has 2 rows",)


def test_the_same_action_may_lead_elsewhere_for_another_actor() -> None:
    child_only = Row(Do.PRESS, (Lamp.OFF,), Lamp.ON, (Who.CHILD,))
    parent = Row(Do.PRESS, (Lamp.OFF,), Lamp.BROKEN, (Who.PARENT,))
    machine(child_only, parent, SWITCH_OFF, DROP).check()


def test_a_state_nothing_leads_to_is_found() -> None:
    assert faults(Row(Do.DROP, (Lamp.OFF, Lamp.ON), Lamp.BROKEN, (Who.CHILD,))) == ("on cannot be reached",)


def test_states_that_only_lead_to_each_other_are_found() -> None:
    # BROKEN is reached only from itself, so it counts as not reached
    alone = Row(Do.DROP, (Lamp.BROKEN,), Lamp.BROKEN, (Who.CHILD,))
    found = faults(SWITCH_ON, SWITCH_OFF, alone, final=frozenset({Lamp.ON}))
    assert "broken cannot be reached" in found
    assert "broken never comes to an end" in found


def test_a_state_without_a_way_out_that_is_not_final_is_found() -> None:
    assert faults(SWITCH_ON, DROP, final=frozenset({Lamp.ON})) == (
        "broken never comes to an end",
        "on is final and can be left",
    )


def test_a_circle_without_an_end_is_found() -> None:
    drop_off = Row(Do.DROP, (Lamp.BROKEN,), Lamp.BROKEN, (Who.CHILD,))
    found = faults(SWITCH_ON, SWITCH_OFF, drop_off, final=frozenset())
    assert {"off never comes to an end", "on never comes to an end"} <= set(found)


def test_a_row_without_source_or_actor_is_found() -> None:
    nobody = Row(Do.DROP, (Lamp.ON,), Lamp.BROKEN, ())
    nowhere = Row(Do.PRESS, (), Lamp.OFF, (Who.CHILD,))
    found = faults(SWITCH_ON, SWITCH_OFF, DROP, nobody, nowhere)
    assert found == ("drop: a row needs a source and an actor", "press: a row needs a source and an actor")


def test_all_faults_are_told_at_once() -> None:
    assert len(faults(SWITCH_ON, final=frozenset())) == 4


def test_what_an_actor_may_do_comes_in_the_order_of_the_table() -> None:
    life = machine(SWITCH_ON, SWITCH_OFF, DROP)
    assert life.allowed(Lamp.OFF, Who.CHILD) == (SWITCH_ON, DROP)
    assert life.allowed(Lamp.ON, Who.CHILD) == (DROP,)
    assert life.allowed(Lamp.BROKEN, Who.PARENT) == ()


def test_the_row_for_an_action_is_found_with_its_names() -> None:
    found = machine(SWITCH_ON, SWITCH_OFF, DROP).find(Lamp.OFF, Do.PRESS, Who.PARENT)
    assert found.target is Lamp.ON
    assert (found.guards, found.effects, found.needs) == (("is_dark",), ("shine",), ("finger",))


def test_the_wrong_state_is_a_conflict_that_says_the_state() -> None:
    with pytest.raises(Conflict) as raised:
        machine(SWITCH_ON, SWITCH_OFF, DROP).find(Lamp.BROKEN, Do.PRESS, Who.PARENT)
    assert (raised.value.code, raised.value.current) == ("wrong_state", "broken")


def test_the_wrong_actor_is_not_allowed() -> None:
    with pytest.raises(NotAllowed) as raised:
        machine(SWITCH_ON, SWITCH_OFF, DROP).find(Lamp.ON, Do.PRESS, Who.CHILD)
    assert raised.value.data == {"action": "press", "actor": "child"}


def test_the_right_row_is_found_when_actors_have_different_ones() -> None:
    child = Row(Do.PRESS, (Lamp.OFF,), Lamp.ON, (Who.CHILD,))
    parent = Row(Do.PRESS, (Lamp.OFF,), Lamp.BROKEN, (Who.PARENT,))
    assert machine(child, parent).find(Lamp.OFF, Do.PRESS, Who.PARENT) is parent
