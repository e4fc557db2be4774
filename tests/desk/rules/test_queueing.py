"""Who gets the next waiting conversation."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from desk.model import AgentState, Conversation, Presence, Turn
from desk.rules.queueing import free_agents, next_pair, present
from kernel.messages import Address

NOW = datetime(2026, 3, 16, 2, 0, tzinfo=UTC)
ABSENT = timedelta(seconds=45)


def agent(name: str, load: int = 0, presence: Presence = Presence.ONLINE, silent: int = 0) -> AgentState:
    """An agent whose screen spoke so many seconds ago."""
    return AgentState(name, presence, NOW - timedelta(seconds=silent), load)


def waiting(name: str, seconds: int) -> Conversation:
    """A conversation that has waited so long."""
    since = NOW - timedelta(seconds=seconds)
    return Conversation(name, Address("web", "site", name), "c", Turn.WAITING, 1, since, since, waiting_since=since)


def test_who_is_silent_for_longer_than_allowed_is_gone() -> None:
    assert present(agent("a", silent=45), NOW, ABSENT)
    assert not present(agent("a", silent=46), NOW, ABSENT)
    assert present(agent("a", presence=Presence.BREAK), NOW, ABSENT)
    assert not present(agent("a", presence=Presence.OFFLINE), NOW, ABSENT)


def test_only_those_on_line_with_room_left_are_given_anything() -> None:
    able = [agent("full", 5), agent("busy", 4), agent("idle"), agent("break", presence=Presence.BREAK)]
    assert [each.staff_id for each in free_agents(able, NOW, ABSENT, 5)] == ["idle", "busy"]


def test_nobody_or_nothing_makes_no_pair() -> None:
    assert next_pair([], [agent("a")], NOW, ABSENT, 5) is None
    assert next_pair([waiting("w", 1)], [], NOW, ABSENT, 5) is None


@given(
    st.lists(st.integers(0, 1000), max_size=40),
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 60), st.sampled_from(Presence)), max_size=8),
)
def test_given_out_one_by_one_no_limit_is_broken_and_none_overtakes_p28_p30(
    waits: list[int], people: list[tuple[int, int, Presence]]
) -> None:
    queue = [waiting(f"w{n:02}", seconds) for n, seconds in enumerate(waits)]
    agents = [agent(f"a{n}", load, presence, silent) for n, (load, silent, presence) in enumerate(people)]
    before = {each.staff_id: each.load for each in agents}
    given_out: list[Conversation] = []
    loads: Counter[str] = Counter(before)
    while pair := next_pair(queue, agents, NOW, ABSENT, 5):
        talk, taker = pair
        assert taker.load == min(each.load for each in free_agents(agents, NOW, ABSENT, 5))
        queue.remove(talk)
        given_out.append(talk)
        loads[taker.staff_id] += 1
        agents = [replace(each, load=each.load + 1) if each is taker else each for each in agents]
    assert given_out == sorted(given_out, key=lambda each: (each.waiting_since, each.id))
    for name, load in loads.items():
        assert load <= max(5, before[name])
    free = free_agents(agents, NOW, ABSENT, 5)
    assert not queue or not free, "nobody waits while somebody is free"
