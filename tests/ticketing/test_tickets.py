"""A ticket through the doors: opened, dispatched, worked on, replied to, rated, closed; with its facts and messages."""

import asyncio
from datetime import timedelta

import pytest

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Kind, Principal, Role
from tests.ticketing.city import (
    AGENT,
    BAD,
    BOT,
    CALLBACK,
    CHECKED,
    DISPATCHER,
    GOOD,
    PHONE,
    PROOF,
    REPLY,
    RESULT,
    REVIEWER,
    SUPERVISOR,
    VENDING,
    Hotline,
    address,
    lead_staff,
    link,
    staff,
)
from ticketing.model.acting import Form
from ticketing.model.labels import (
    Action,
    ClockKind,
    Flag,
    Outcome,
    RequestKind,
    RequestState,
    ReturnReason,
    Secrecy,
    SideAction,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Draft
from ticketing.queries import View, ViewName, limited
from ticketing.rules.invariants import check
from ticketing.rules.numbering import is_number


async def test_a_complaint_goes_all_the_way_and_leaves_a_whole_chain(desk: Hotline) -> None:
    opened = await desk.open(by=AGENT)
    assert opened.state is State.DISPATCHED
    assert opened.lead is not None
    assert desk.lookup.unit(opened.lead.unit).area == "440604012"
    replied = await desk.to_reply(opened)
    closed = await desk.act(replied, Action.RATE, link(replied), **GOOD)
    assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.RESOLVED)
    kinds = [fact.kind.removeprefix("ticketing.") for fact in await desk.facts(opened)]
    assert kinds[:3] == ["TicketOpened", "TicketMoved", "TicketDispatched"]
    assert kinds[-4:] == ["TicketReplied", "TicketMoved", "TicketRated", "TicketClosed"]
    async with desk.database.reading() as tx:
        history = await desk.room.queries.history(tx, closed)
    assert check(closed, history) == []


async def test_the_citizen_reads_every_step_on_their_own_channel(desk: Hotline) -> None:
    ticket = await desk.open(by=AGENT)
    await desk.to_reply(ticket)
    mails = await desk.mails(address("one"))
    assert ticket.number in mails[0].text
    assert ticket.query_code in mails[0].text
    assert "祖庙街道办事处" in mails[1].text
    assert REPLY in mails[-1].text
    assert mails[-1].author == "unit"
    assert all(mail.link.startswith("/track/") for mail in mails)
    assert desk.floor.signer.verify("track", mails[0].link.removeprefix("/track/")) == ticket.number


async def test_what_is_opened_in_a_conversation_is_not_announced_twice(desk: Hotline) -> None:
    await desk.open(conversation="talk")
    assert await desk.mails(address("one")) == []


async def test_personal_data_are_masked_in_the_ticket_and_sealed_beside_it(desk: Hotline) -> None:
    text = f"我叫李四，电话{PHONE}，{VENDING}"
    ticket = await desk.open(text, place="同济路25号")
    assert PHONE not in str(ticket)
    assert "李四" not in str(ticket)
    async with desk.database.transaction() as tx:
        seen = await desk.room.tickets.show_identity(tx, ticket.number, "向来电人核实地点", AGENT)
    assert (seen.name, seen.phone, seen.address) == ("张三", PHONE, "同济路25号")
    assert seen.text == text


async def test_a_look_at_the_identity_needs_a_purpose_and_is_kept(desk: Hotline) -> None:
    ticket = await desk.open(kind=TicketKind.REPORT)
    assert ticket.secrecy is Secrecy.REPORT
    async with desk.database.transaction() as tx:
        with pytest.raises(Invalid):
            await desk.room.tickets.show_identity(tx, ticket.number, " ", SUPERVISOR)
        await desk.room.tickets.show_identity(tx, ticket.number, "核实举报线索来源", SUPERVISOR)
    shown = [f.fact for f in await desk.facts(ticket) if f.kind == "ticketing.IdentityShown"]
    assert [(fact.purpose, fact.by) for fact in shown] == [("核实举报线索来源", SUPERVISOR.id)]
    assert "phone" in shown[0].fields


async def test_an_unknown_matter_waits_for_a_person_and_is_never_guessed(desk: Hotline) -> None:
    ticket = await desk.open("我想说一件事情，祖庙那边有点情况", place="祖庙街道")
    assert (ticket.state, ticket.matter, ticket.lead) == (State.TRIAGE, "", None)
    async with desk.database.reading() as tx:
        decision = await desk.room.queries.decision(tx, ticket.number)
    assert decision is not None
    assert not decision.automatic
    assert "事项暂未能判断" in decision.explanation[0]


async def test_a_matter_without_a_place_waits_for_a_person(desk: Hotline) -> None:
    ticket = await desk.open("每晚都有烧烤档占道经营，走鬼太多", place="", placeless=True)
    assert (ticket.state, ticket.matter) == (State.TRIAGE, "street-vending")


async def test_an_emergency_from_the_bot_alone_waits_for_a_person_then_for_the_dispatchers(desk: Hotline) -> None:
    ticket = await desk.open(urgency=Urgency.P0)
    assert ticket.state is State.RECEIVED
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.RECEIVED
    desk.clock.advance(timedelta(minutes=6))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state in {State.TRIAGE, State.DISPATCHED}


async def test_an_emergency_a_person_takes_on_goes_out_at_once(desk: Hotline) -> None:
    ticket = await desk.open(urgency=Urgency.P0)
    assert (await desk.act(ticket, Action.TRIAGE, AGENT)).state is State.DISPATCHED


async def test_a_suggestion_is_no_ticket(desk: Hotline) -> None:
    with pytest.raises(Invalid) as error:
        await desk.open(kind=TicketKind.SUGGEST)
    assert error.value.fields == {"kind": "opens_a_suggestion"}


async def test_what_changed_meanwhile_is_a_conflict_with_the_present_state(desk: Hotline) -> None:
    """P40."""
    ticket = await desk.open()
    await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    with pytest.raises(Conflict) as error:
        async with desk.database.transaction() as tx:
            await desk.room.tickets.act(
                tx, ticket.number, Action.START, Form(), lead_staff(ticket), version=ticket.version
            )
    assert error.value.current == {"state": "accepted", "version": ticket.version + 1}


async def test_two_who_act_at_once_do_not_both_succeed(desk: Hotline) -> None:
    ticket = await desk.open()
    done = await asyncio.gather(
        *(desk.act(ticket, Action.ACCEPT, lead_staff(ticket)) for _ in range(5)), return_exceptions=True
    )
    assert sum(not isinstance(each, BaseException) for each in done) == 1
    assert all(isinstance(each, Conflict) for each in done if isinstance(each, BaseException))


async def test_a_unit_sees_and_touches_only_its_own_tickets(desk: Hotline) -> None:
    ours = await desk.open()
    other = staff(Role.LIAISON, unit="NH-GC")
    with pytest.raises(NotFound):
        await desk.act(ours, Action.ACCEPT, other)
    async with desk.database.reading() as tx:
        with pytest.raises(NotFound):
            await desk.room.queries.by_number(tx, ours.number, other)
        mine = await desk.room.queries.find(tx, limited(View(ViewName.INBOX), lead_staff(ours)))
        theirs = await desk.room.queries.find(tx, limited(View(ViewName.ALL), other))
    assert [t.number for t in mine.items] == [ours.number]
    assert theirs.items == []
    with pytest.raises(NotAllowed):
        limited(View(ViewName.TRIAGE), other)


async def test_a_link_opens_one_ticket_and_a_citizen_their_own(desk: Hotline) -> None:
    one, two = await desk.open(), await desk.open("公园路的路灯全黑了", address=address("two"), contact="13900139000")
    with pytest.raises(NotAllowed):
        await desk.act(one, SideAction.URGE, link(two))
    with pytest.raises(NotFound):
        await desk.act(one, SideAction.URGE, Principal(Kind.CITIZEN, two.citizen))
    assert (await desk.act(one, SideAction.URGE, Principal(Kind.CITIZEN, one.citizen))).counters.urges == 1


async def test_numbers_stay_unique_when_forty_are_opened_at_once(desk: Hotline) -> None:
    tickets = await asyncio.gather(*(desk.open(address=address(f"c{n}"), contact="") for n in range(40)))
    numbers = {ticket.number for ticket in tickets}
    assert len(numbers) == 40
    assert all(is_number(number, "FS") for number in numbers)
    assert not is_number(tickets[0].number[:-1] + str((int(tickets[0].number[-1]) + 1) % 10), "FS")


async def test_the_query_code_opens_a_ticket_and_a_wrong_one_tells_nothing(desk: Hotline) -> None:
    ticket = await desk.open()
    async with desk.database.reading() as tx:
        found = await desk.room.queries.by_code(tx, ticket.number.lower(), f" {ticket.query_code.lower()} ")
        with pytest.raises(NotFound):
            await desk.room.queries.by_code(tx, ticket.number, "AAAAAA")
    assert found.number == ticket.number


async def test_the_same_person_telling_the_same_again_is_marked(desk: Hotline) -> None:
    first = await desk.open()
    again = await desk.open("同济路25号那边的烧烤档还是每晚占道经营，没人管")
    assert Flag.REPEAT not in first.flags
    assert Flag.REPEAT in again.flags
    async with desk.database.reading() as tx:
        assert [(n, k) for n, k, _ in await desk.room.queries.repeats(tx, again)] == [(first.number, "same_person")]


async def test_a_neighbour_telling_of_the_same_event_is_pointed_out_not_marked(desk: Hotline) -> None:
    first = await desk.open()
    other = await desk.open("同济路25号旁边烧烤档占道", address=address("two"), contact="13900139000")
    assert Flag.REPEAT not in other.flags
    async with desk.database.reading() as tx:
        assert [(n, k) for n, k, _ in await desk.room.queries.repeats(tx, other)] == [(first.number, "event")]


async def test_a_granted_return_goes_to_the_next_unit_and_the_citizen_is_told(desk: Hotline) -> None:
    ticket = await desk.open()
    before = ticket.lead
    assert before is not None
    async with desk.database.transaction() as tx:
        asked = await desk.room.tickets.ask(
            tx,
            ticket.number,
            RequestKind.RETURN,
            Form(reason_code=ReturnReason.NOT_OUR_AREA, clause="不在辖区内", suggested_unit="CC-SW"),
            lead_staff(ticket),
        )
    assert asked.state is State.DISPATCHED
    async with desk.database.transaction() as tx:
        page = await desk.room.queries.find(tx, View(ViewName.REQUESTS))
        assert [t.number for t in page.items] == [ticket.number]
        moved = await desk.room.tickets.decide(
            tx, ticket.number, asked.requests[0].id, True, Form(reason="地点在石湾镇街道"), DISPATCHER
        )
    assert moved.lead is not None
    assert moved.lead.unit == "CC-SW"
    assert moved.requests[0].used
    assert "石湾镇街道办事处" in (await desk.mails(address("one")))[-1].text
    with pytest.raises(NotFound):
        await desk.act(moved, Action.ACCEPT, staff(Role.LIAISON, unit=before.unit))


async def test_enforcement_is_refused_to_a_unit_without_the_power(desk: Hotline) -> None:
    ticket = await desk.open("烧烤档占道经营，走鬼很多", place="", placeless=True)
    ticket = await desk.now(ticket)
    with pytest.raises(Invalid) as error:
        await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-JY", basis="试派")
    assert error.value.fields == {"unit": "lacks_power"}
    sent = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit="CC-CG")
    assert (sent.state, sent.duty_item) == (State.DISPATCHED, "street-vending/city_management@CC-CG")


async def test_a_matter_a_person_chooses_is_as_urgent_as_the_catalogue_says(desk: Hotline) -> None:
    ticket = await desk.now(await desk.open("这里有问题，请派人来看看", place="祖庙街道同济路"))
    assert (ticket.state, ticket.matter, ticket.urgency) == (State.TRIAGE, "", Urgency.P2)
    before = ticket.clock(ClockKind.TOTAL)
    unit = next(each.code for each in desk.lookup.units() if "municipal_works" in each.functions)
    form = {"matter": "manhole", "basis": "职责", "reason": "按职责", "beyond_area": "跨区协助"}
    sent = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=unit, **form)
    assert (sent.state, sent.urgency) == (State.DISPATCHED, Urgency.P1)
    after = sent.clock(ClockKind.TOTAL)
    assert before is not None
    assert after is not None
    assert after.due < before.due


async def test_an_urgency_a_person_lowered_is_not_raised_again_by_the_matter_it_has(desk: Hotline) -> None:
    ticket = await desk.now(await desk.open("这里有问题，请派人来看看", place="祖庙街道同济路", matter="manhole"))
    assert ticket.urgency is Urgency.P1
    if ticket.lead is None:
        unit = next(each.code for each in desk.lookup.units() if "municipal_works" in each.functions)
        ticket = await desk.act(ticket, Action.DISPATCH, DISPATCHER, unit=unit, basis="职责", beyond_area="协助")
    lowered = await desk.act(
        ticket, SideAction.LOWER_URGENCY, DISPATCHER, urgency=Urgency.P2, reason="井盖处已有人设置围挡"
    )
    assert lowered.lead is not None
    other = next(
        each.code
        for each in desk.lookup.units()
        if "municipal_works" in each.functions and each.code != lowered.lead.unit
    )
    form = {"matter": "manhole", "basis": "职责", "reason": "由他区办理", "beyond_area": "协助"}
    moved = await desk.act(lowered, Action.REASSIGN, DISPATCHER, unit=other, **form)
    assert (moved.matter, moved.urgency) == ("manhole", Urgency.P2)


async def test_a_granted_extension_moves_the_due_time_and_the_citizen_is_told_why(desk: Hotline) -> None:
    ticket = await desk.open()
    due = ticket.clocks[0].due
    async with desk.database.transaction() as tx:
        asked = await desk.room.tickets.ask(
            tx,
            ticket.number,
            RequestKind.EXTENSION,
            Form(reason="需要联合执法", new_due=due + timedelta(days=3)),
            lead_staff(ticket),
        )
        done = await desk.room.tickets.decide(tx, ticket.number, asked.requests[0].id, True, Form(), DISPATCHER)
    assert done.clocks[0].due == due + timedelta(days=3)
    assert done.requests[0].state is RequestState.GRANTED
    assert "需要联合执法" in (await desk.mails(address("one")))[-1].text


async def test_those_merged_get_the_reply_of_the_parent_on_their_own_channel(desk: Hotline) -> None:
    parent = await desk.open()
    child = await desk.open("同济路25号旁边烧烤档占道", address=address("two"), contact="13900139000")
    merged = await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    assert merged.state is State.MERGED
    replied = await desk.to_reply(parent)
    await desk.act(replied, Action.RATE, link(parent), **GOOD)
    closed = await desk.now(child)
    assert (closed.state, closed.outcome) == (State.CLOSED, Outcome.DUPLICATE)
    assert REPLY in (await desk.mails(address("two")))[-1].text


async def test_those_merged_go_their_own_way_when_the_parent_is_withdrawn(desk: Hotline) -> None:
    parent = await desk.open()
    child = await desk.open("同济路25号旁边烧烤档占道", address=address("two"), contact="13900139000")
    await desk.act(child, Action.MERGE, DISPATCHER, parent=parent.number, reason="同一事件")
    await desk.act(parent, Action.WITHDRAW, link(parent))
    assert (await desk.now(child)).state is State.TRIAGE


async def test_what_the_citizen_adds_lets_the_ticket_go_on_by_itself(desk: Hotline) -> None:
    ticket = await desk.open("烧烤档占道经营，走鬼很多", place="", placeless=True)
    asked = await desk.act(ticket, Action.ASK_INFO, AGENT, question="在哪条路？")
    assert "在哪条路" in (await desk.mails(address("one")))[-1].text
    went_on = await desk.act(
        asked, Action.SUPPLY_INFO, link(asked), text=f"在祖庙街道同济路，电话{PHONE}", place="同济路"
    )
    assert went_on.state is State.DISPATCHED
    assert PHONE not in went_on.text
    async with desk.database.transaction() as tx:
        seen = await desk.room.tickets.show_identity(tx, ticket.number, "电话联系诉求人核实", AGENT)
    assert PHONE in seen.text


async def test_a_bad_vote_is_called_back_about_and_handled_again(desk: Hotline) -> None:
    ticket = await desk.open()
    first = ticket.lead
    rated = await desk.act(await desk.to_reply(ticket), Action.RATE, link(ticket), text="没人来过", **BAD)
    assert rated.state is State.CALL_BACK
    again = await desk.act(rated, Action.REHANDLE, CALLBACK)
    assert again.state is State.REHANDLE
    assert again.lead is not None
    assert first is not None
    assert again.lead.unit == first.unit
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.IN_PROGRESS


async def test_three_calls_on_two_days_over_two_channels_close_a_ticket(desk: Hotline) -> None:
    ticket = await desk.to_reply(await desk.open())
    desk.clock.advance(timedelta(days=2))
    await desk.room.waking.wake()
    assert (await desk.now(ticket)).state is State.CALL_BACK
    for channel, hours in (("phone", 0), ("sms", 1), ("phone", 24)):
        desk.clock.advance(timedelta(hours=hours))
        form = {"channel": channel, "reached": False, "no_call_reason": "线路故障，用手机联系"}
        ticket = await desk.act(ticket, SideAction.LOG_CALL, CALLBACK, **form)
    assert (ticket.state, ticket.outcome) == (State.CLOSED, Outcome.UNREACHABLE)


async def test_a_unit_with_inner_approval_needs_its_leader(desk: Hotline) -> None:
    ticket = await desk.open()
    await desk.approve_inside(lead_staff(ticket).unit)
    submitted = await desk.to_review(ticket)
    assert submitted.state is State.SUBMITTED
    leader = staff(Role.UNIT_LEADER, unit=lead_staff(ticket).unit)
    redo = await desk.act(submitted, Action.REDO_INSIDE, leader, reason="请补充办理照片")
    again = await desk.act(redo, Action.SUBMIT_RESULT, lead_staff(ticket), **RESULT)
    assert (await desk.act(again, Action.APPROVE, leader)).state is State.REVIEW


async def test_a_preview_says_where_it_would_go_and_writes_nothing(desk: Hotline) -> None:
    decision = await desk.room.tickets.preview(Draft(TicketKind.COMPLAINT, VENDING, place="祖庙街道同济路"))
    assert decision.automatic
    assert decision.candidates[0].unit == "CC-ZM"
    assert decision.explanation == (
        "因为：占道经营 → 城市管理与市容（镇街一级，把握" + decision.explanation[0].split("把握")[1],
        "地点：禅城区祖庙街道（由“祖庙街道同济路”得出）",
        "佛山市禅城区祖庙街道办事处负责祖庙街道",
    )
    async with desk.database.reading() as tx:
        assert (await desk.room.queries.find(tx, View())).items == []


async def test_words_find_tickets_on_both_databases(desk: Hotline) -> None:
    ticket = await desk.open()
    await desk.open("人民西路的井盖不见了", place="祖庙街道人民西路", address=address("two"), contact="13900139000")
    async with desk.database.reading() as tx:
        for words in ("烧烤 占道", "同济路", ticket.number, ticket.number[:8]):
            found = await desk.room.queries.find(tx, View(text=words))
            assert ticket.number in [t.number for t in found.items], words
        assert len((await desk.room.queries.find(tx, View(text="烧烤"))).items) == 1
        assert (await desk.room.queries.find(tx, View(text='"；DROP'))).items == []


async def test_a_list_is_read_to_its_end_page_by_page(desk: Hotline) -> None:
    for n in range(7):
        desk.clock.advance(timedelta(minutes=1))
        await desk.open(address=address(f"c{n}"), contact="")
    seen: list[str] = []
    cursor = ""
    async with desk.database.reading() as tx:
        while True:
            page = await desk.room.queries.find(tx, View(cursor=cursor, limit=3))
            seen += [ticket.number for ticket in page.items]
            if page.next is None:
                break
            cursor = page.next
        with pytest.raises(Invalid):
            await desk.room.queries.find(tx, View(cursor="nonsense"))
    assert len(seen) == 7
    assert seen == sorted(seen, reverse=True)


async def test_nobody_of_the_handling_unit_releases_the_reply(desk: Hotline) -> None:
    ticket = await desk.to_review(await desk.open())
    insider = staff(Role.REVIEWER, unit=lead_staff(ticket).unit)
    with pytest.raises(NotAllowed):
        await desk.act(ticket, Action.RELEASE, insider, text=REPLY, checked=CHECKED)
    assert (await desk.act(ticket, Action.RELEASE, REVIEWER, text=REPLY, checked=CHECKED)).state is State.REPLIED


async def test_pictures_that_come_later_reach_the_unit(desk: Hotline) -> None:
    ticket = await desk.open()
    async with desk.database.transaction() as tx:
        added = await desk.room.tickets.add_attachment(tx, ticket.number, PROOF, link(ticket))
    assert added.evidence == PROOF
    assert BOT.id not in {a.unit for a in added.assignments}


async def test_a_matter_only_the_reader_supposed_is_no_surer_after_the_citizen_added_something(desk: Hotline) -> None:
    """Otherwise a supposition would dispatch itself on the second look."""
    ticket = await desk.open("同济路物业不打扫，垃圾桶边上很脏", place="同济路")
    async with desk.database.reading() as tx:
        first = await desk.room.queries.decision(tx, ticket.number)
    assert first is not None
    assert not first.automatic
    assert ticket.matter != ""
    asked = await desk.act(ticket, Action.ASK_INFO, AGENT, question="是什么情况？")
    again = await desk.act(asked, Action.SUPPLY_INFO, link(asked), text="就是我说的那样")
    assert again.state is State.TRIAGE


async def test_a_citizen_who_wants_no_call_keeps_their_number_to_themselves(desk: Hotline) -> None:
    """What was told before fills in only what was not said this time."""
    async with desk.database.transaction() as tx:
        citizen = await desk.lookup.citizen_at(tx, address("one"))
        await desk.lookup.keep_contact(tx, citizen.id, name="张三", phone=PHONE)
    left_open = await desk.open(contact=None, name=None)
    refused = await desk.open("人民西路的井盖不见了", place="祖庙街道人民西路", contact="", name="")
    async with desk.database.transaction() as tx:
        known = await desk.room.tickets.show_identity(tx, left_open.number, "向来电人核实地点", AGENT)
        hidden = await desk.room.tickets.show_identity(tx, refused.number, "向来电人核实地点", AGENT)
        kept = await desk.lookup.contact(tx, citizen.id)
    assert (known.name, known.phone) == ("张三", PHONE)
    assert (hidden.name, hidden.phone) == ("", "")
    assert (kept.name, kept.phone) == ("张三", PHONE)


async def test_an_inbox_holds_open_work_only_and_the_most_overdue_first(desk: Hotline) -> None:
    replied = await desk.to_reply(await desk.open())
    withdrawn = await desk.open("同济路29号旁边又有烧烤档占道", address=address("two"))
    await desk.act(withdrawn, Action.WITHDRAW, link(withdrawn))
    overdue = await desk.open("同济路27号旁边烧烤档占道经营", address=address("three"))
    desk.clock.advance(timedelta(days=30))
    fresh = await desk.open("同济路31号旁边烧烤档占道经营", address=address("four"))
    hurried = await desk.open("同济路33号旁边烧烤档占道经营", address=address("five"), urgency=Urgency.P1)
    unit = lead_staff(fresh)
    assert {lead_staff(each).unit for each in (replied, overdue, hurried)} == {unit.unit}
    async with desk.database.reading() as tx:
        theirs = await desk.room.queries.find(tx, limited(View(ViewName.INBOX), unit))
        everyones = await desk.room.queries.find(tx, View(ViewName.INBOX))
        counted = await desk.room.queries.counts(tx, [View(ViewName.INBOX)])
    wanted = [overdue.number, hurried.number, fresh.number]
    assert [each.number for each in theirs.items] == wanted
    assert [each.number for each in everyones.items] == wanted
    assert counted == [len(wanted)]


async def test_the_reply_offers_the_five_votes_and_each_names_its_ticket(desk: Hotline) -> None:
    replied = await desk.to_reply(await desk.open())
    offered = (await desk.mails(address("one")))[-1].choices
    assert [choice.label for choice in offered] == ["非常满意", "满意", "基本满意", "不满意", "非常不满意"]
    assert all(replied.number in choice.value and choice.value.endswith(choice.label) for choice in offered)
    assert [mail.choices for mail in (await desk.mails(address("one")))[:-1] if mail.choices] == []


@pytest.mark.parametrize(
    ("place", "title"), [("同济路100号", "同济路100号占道经营"), ("同济路佳佳占道", "同济路佳佳占道经营")]
)
async def test_a_title_says_no_word_of_place_and_matter_twice(desk: Hotline, place: str, title: str) -> None:
    assert (await desk.open(VENDING, place=place, matter="street-vending")).title == title


async def test_a_title_given_or_made_tells_no_name_and_no_number(desk: Hotline) -> None:
    text = f"我叫李四光，电话{PHONE}，同济路25号旁边有烧烤档占道"
    for title in (text, ""):
        ticket = await desk.open(text, place="祖庙街道同济路", title=title)
        assert PHONE[:7] not in ticket.title
        assert "李四" not in ticket.title
