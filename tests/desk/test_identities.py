"""Who a citizen at the desk is: masked until asked, and every look is kept (P44)."""

from dataclasses import replace

import msgspec
import pytest

from bot.model import NO_CONTACT, Dialogue, Slots
from desk.api import PurposeForm
from desk.model import Conversation
from desk.views import CallerView
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import May, Principal, Role, allow
from tests.desk.world import World
from ticketing.model.labels import TicketKind
from ticketing.model.privacy import Access, Leak, LookKind, Purpose
from ticketing.model.ticket import Draft
from ticketing.store.secrets import Trace, add_leak, save_leak, trace

PHONE, NAME = "13800138000", "张小三"


async def talking(world: World) -> tuple[Conversation, Principal]:
    """A citizen whose name and number are known talks with an agent."""
    agent = await world.agent("a")
    talk = await world.wait_for_person("one")
    await world.writing(lambda tx: world.lookup.keep_contact(tx, talk.citizen_id, name=NAME, phone=PHONE))
    await world.claim(talk, agent)
    return await world.now(talk), agent


async def unmask(world: World, talk: Conversation, by: Principal, form: PurposeForm | None = None) -> CallerView:
    view: CallerView = await world.call("POST", f"/conversations/{talk.id}/unmask", by, form or PurposeForm())
    return view


async def looks(world: World) -> list[Access]:
    """All looks at talks, the oldest first."""
    now = world.clock.now()
    asked = Trace(now.replace(year=now.year - 1), now.replace(year=now.year + 1))
    async with world.floor.database.reading() as tx:
        return [each for each in reversed(await trace(tx, asked, 100)) if each.talk]


async def test_p44_in_a_live_talk_the_talk_is_what_for_and_it_is_kept_once(world: World) -> None:
    talk, agent = await talking(world)
    shown = await world.shown(talk, agent)
    assert PHONE not in str(shown)
    assert NAME not in str(shown)
    for _ in range(2):
        caller = await unmask(world, talk, agent)
        assert (caller.name, caller.phone, caller.seconds) == (NAME, PHONE, 300)
    kept = [each for each in await looks(world) if each.kind is LookKind.UNMASK]
    assert [(each.by, each.talk, each.purpose, each.role, each.fields) for each in kept] == [
        (agent.id, talk.id, Purpose.TALK, "agent", ("name", "phone"))
    ]
    (fact,) = await world.facts(talk, "CallerShown")
    assert PHONE not in str(fact)


async def test_p44_who_only_reads_a_talk_is_kept_too(world: World) -> None:
    talk, agent = await talking(world)
    lead = await world.agent("lead", Role.SHIFT_LEAD)
    for by in (agent, agent, lead, lead):
        await world.shown(talk, by)
    kept = [(each.by, each.kind) for each in await looks(world)]
    assert kept == [(agent.id, LookKind.TALK), (lead.id, LookKind.TALK)]


async def test_after_the_talk_and_by_a_shift_lead_a_purpose_is_needed_and_kept_each_time(world: World) -> None:
    talk, agent = await talking(world)
    lead = await world.agent("lead", Role.SHIFT_LEAD)
    with pytest.raises(Invalid) as missing:
        await unmask(world, talk, lead)
    assert missing.value.fields == {"purpose": "required"}
    with pytest.raises(Invalid) as wrong:
        await unmask(world, talk, lead, PurposeForm("说说而已", Purpose.TALK))
    assert wrong.value.fields == {"reason": "wrong"}
    await unmask(world, talk, lead, PurposeForm("质检回听核查服务态度", Purpose.SUPERVISE))
    await world.close(talk, agent)
    with pytest.raises(Invalid):
        await unmask(world, talk, agent)
    for _ in range(2):
        await unmask(world, talk, agent, PurposeForm("漏记号码，回拨诉求人核实", Purpose.CONTACT))
    kept = [(each.by, each.purpose, each.note) for each in await looks(world) if each.kind is LookKind.UNMASK]
    contact = (agent.id, Purpose.CONTACT, "漏记号码，回拨诉求人核实")
    assert kept == [(lead.id, Purpose.SUPERVISE, "质检回听核查服务态度"), contact, contact]


async def test_the_talk_of_a_colleague_shows_nobody(world: World) -> None:
    talk, _ = await talking(world)
    other = await world.agent("b")
    with pytest.raises(NotAllowed) as refused:
        await unmask(world, talk, other, PurposeForm("好奇", Purpose.OTHER))
    assert refused.value.code == "conversation_of_colleague"
    assert [each for each in await looks(world) if each.kind is LookKind.UNMASK] == []
    for role in set(Role) - {Role.AGENT, Role.SHIFT_LEAD}:
        with pytest.raises(NotAllowed):
            allow(replace(other, roles=frozenset({role})), May.UNMASK_TALK)


async def test_a_leak_of_theirs_freezes_the_talk_as_well(city: World) -> None:
    talk, agent = await talking(city)
    draft = Draft(TicketKind.COMPLAINT, "路灯坏了", citizen=talk.citizen_id, placeless=True, contact=PHONE)
    ticket = await city.writing(lambda tx: city.ticketing.tickets.open(tx, draft, agent))
    now = city.clock.now()
    leak = Leak("l" * 32, ticket.number, now, "officer", "名单外传", now)
    await city.writing(lambda tx: add_leak(tx, leak, ticket.id))
    with pytest.raises(Conflict) as frozen:
        await unmask(city, talk, agent)
    assert frozen.value.code == "identity_frozen"
    await city.writing(lambda tx: save_leak(tx, replace(leak, closed_at=now)))
    assert (await unmask(city, talk, agent)).phone == PHONE


async def test_who_wants_to_stay_unknown_stays_unknown(world: World) -> None:
    talk, agent = await talking(world)
    dialogue = msgspec.json.encode(Dialogue(slots=Slots(contact=NO_CONTACT))).decode()
    await world.writing(lambda tx: world.desk.store.save(tx, replace(talk, dialogue=dialogue)))
    caller = await unmask(world, talk, agent)
    assert (caller.name, caller.phone, caller.address) == ("", "", "")
