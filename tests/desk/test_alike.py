"""P39: the agent says whether two who left the same number are one person; only then are their histories one."""

import pytest

from desk.api import SameForm
from desk.model import Conversation
from desk.views import ConversationView
from directory.model import SamePerson
from kernel.errors import NotAllowed, NotFound
from kernel.people import Principal, Role
from tests.desk.world import World, address
from ticketing.model.labels import TicketKind
from ticketing.model.ticket import Draft

PHONE = "13800138000"


async def judge(
    world: World, talk: Conversation, other: str, verdict: SamePerson | None, by: Principal
) -> ConversationView:
    path = f"/conversations/{talk.id}/alike/{other}"
    view: ConversationView = await world.call("PUT", path, by, SameForm(verdict))
    return view


@pytest.fixture
async def two(world: World) -> tuple[Conversation, Conversation, Principal, str]:
    """Two talks on different channels with the same number left; the second has a ticket."""
    agent = await world.agent("a")
    here, there = await world.wait_for_person("one"), await world.wait_for_person("two")
    for talk in (here, there):
        async with world.floor.database.transaction() as tx:
            await world.lookup.keep_contact(tx, talk.citizen_id, name="张三", phone=PHONE)
    draft = Draft(TicketKind.HELP, "路灯不亮", place="文华路", contact=PHONE, address=address("two"))
    ticket = await world.writing(lambda tx: world.ticketing.tickets.open(tx, draft, agent))
    await world.claim(here, agent)
    return here, there, agent, ticket.number


async def test_a_confirmed_suggestion_joins_the_histories_and_can_be_undone(
    world: World, two: tuple[Conversation, Conversation, Principal, str]
) -> None:
    here, there, agent, number = two
    shown = await world.shown(here, agent)
    assert [(each.citizen, each.verdict) for each in shown.alike] == [(there.citizen_id, "")]
    assert PHONE not in str(shown.alike)
    assert "张三" not in str(shown.alike)
    assert number not in [each.number for each in shown.tickets]
    shown = await judge(world, here, there.citizen_id, SamePerson.YES, agent)
    assert number in [each.number for each in shown.tickets]
    assert [(each.verdict, each.verdict_label) for each in shown.alike] == [("yes", "同一人")]
    shown = await judge(world, here, there.citizen_id, None, agent)
    assert number not in [each.number for each in shown.tickets]
    assert [each.verdict for each in shown.alike] == [""]


async def test_a_rejected_one_is_not_suggested_again_and_joins_nothing(
    world: World, two: tuple[Conversation, Conversation, Principal, str]
) -> None:
    here, there, agent, number = two
    shown = await judge(world, here, there.citizen_id, SamePerson.NO, agent)
    assert [(each.verdict_label, each.by_name) for each in shown.alike] == [("不是同一人", agent.name)]
    assert number not in [each.number for each in shown.tickets]


async def test_only_whoever_speaks_with_them_judges_and_only_who_was_suggested(
    world: World, two: tuple[Conversation, Conversation, Principal, str]
) -> None:
    here, there, agent, _ = two
    colleague = await world.agent("b")
    with pytest.raises(NotAllowed):
        await judge(world, here, there.citizen_id, SamePerson.YES, colleague)
    with pytest.raises(NotFound):
        await judge(world, here, "somebody-else", SamePerson.YES, agent)
    lead = await world.agent("lead", Role.SHIFT_LEAD)
    assert (await judge(world, here, there.citizen_id, SamePerson.YES, lead)).alike[0].verdict == "yes"
