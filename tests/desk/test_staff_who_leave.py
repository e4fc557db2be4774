"""What an agent has goes back at once when their account is shut or they have other roles."""

import pytest

from desk.model import Presence, Reason, Turn
from desk.store import presence_of
from directory.staffing import Edited
from kernel.people import SYSTEM, Principal, Role
from tests.desk.world import World


async def shut(world: World, agent: Principal) -> None:
    async with world.floor.database.transaction() as tx:
        await world.directory.staffing.set_active(tx, agent.id, False, SYSTEM)


async def other_roles(world: World, agent: Principal, *roles: Role) -> None:
    async with world.floor.database.transaction() as tx:
        version = (await world.lookup.staff(tx, agent.id)).version
        edited = Edited(agent.name, frozenset(roles), "", outsourced=False, version=version)
        await world.directory.staffing.edit(tx, agent.id, edited, SYSTEM)


async def followed(world: World) -> None:
    """The desk has read the journal as far as it goes."""
    observer = next(each for each in world.desk.room.observers if each.name == "desk.staff")
    await world.floor.journal.sequence(world.floor.database)
    while await world.floor.journal.follow(world.floor.database, observer.name, observer.effect):
        pass


@pytest.mark.parametrize("how", ["shut", "edited"])
async def test_conversations_of_whoever_is_gone_wait_for_a_colleague_at_once_p29(world: World, how: str) -> None:
    """P29: no clock has moved and no reload was needed."""
    talk, agent = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    assert (await world.now(talk)).agent_id == agent.id
    if how == "shut":
        await shut(world, agent)
    else:
        await other_roles(world, agent, Role.DISPATCHER)
    await followed(world)
    back = await world.now(talk)
    assert (back.turn, back.reason, back.agent_id) == (Turn.WAITING, Reason.RETURNED, "")
    await world.distribute()
    assert (await world.now(talk)).turn is Turn.WAITING, "nobody who is gone is given anything"
    colleague = await world.agent("b", state=Presence.ONLINE)
    await world.distribute()
    assert (await world.now(talk)).agent_id == colleague.id


async def test_whoever_only_gets_another_role_besides_keeps_their_conversations(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a", state=Presence.ONLINE)
    await world.distribute()
    await other_roles(world, agent, Role.AGENT, Role.SHIFT_LEAD)
    await followed(world)
    assert (await world.now(talk)).agent_id == agent.id


async def test_people_who_were_never_at_the_desk_leave_no_trace_there(world: World) -> None:
    other = await world.agent("c", Role.ANALYST)
    await shut(world, other)
    await followed(world)
    async with world.floor.database.reading() as tx:
        assert await presence_of(tx, other.id) is Presence.OFFLINE
