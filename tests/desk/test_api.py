"""What the agent's screen is told, and what it may not be told."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from PIL import Image
from sqlalchemy import event

from desk.api import LIST_LIMIT, AssistQuery, ListView, channel_label
from desk.model import Conversation, Presence, Reason, Turn
from kernel.attachments import check_file
from kernel.database import Database, Tx
from kernel.errors import Invalid, NotAllowed, NotFound
from kernel.ids import new_id
from kernel.messages import Attachment, Author, Media
from kernel.people import May
from tests.desk.world import World, address

PHONE = "13800138000"
NAME = "张小三"


async def test_the_queue_is_read_with_as_many_queries_for_a_hundred_rows_as_for_one(world: World) -> None:
    agent = await world.agent("a")
    await _put_waiting(world, 1)
    with _counted(world.floor.database) as for_one:
        assert len((await world.listed(ListView.WAITING, agent)).items) == 1
    await _put_waiting(world, 99, first=1)
    with _counted(world.floor.database) as for_hundred:
        assert len((await world.listed(ListView.WAITING, agent)).items) == 100
    assert len(for_hundred) == len(for_one)
    assert len(for_hundred) <= 3


async def test_lists_hold_what_they_are_named_for(world: World) -> None:
    agent, other = await world.agent("a"), await world.agent("b")
    bot, waits = await world.ask("bot", "你好"), await world.wait_for_person("waits")
    mine, theirs, over = [await world.wait_for_person(user) for user in ("mine", "theirs", "over")]
    await world.claim(mine, agent)
    await world.claim(theirs, other)
    await world.claim(over, other)
    await world.close(over, other)
    rows = {view: [row.id for row in (await world.listed(view, agent)).items] for view in ListView}
    assert rows == {"waiting": [waits.id], "mine": [mine.id], "bot": [bot.id], "closed": [over.id]}
    assert await world.call("GET", "/counts", agent) == {"waiting": 1, "mine": 1, "bot": 1}


async def test_the_queue_shows_the_longest_waiting_first(world: World) -> None:
    agent, talks = await world.agent("a"), []
    for n in range(3):
        talks.append(await world.wait_for_person(f"citizen{n}"))
        world.clock.advance(timedelta(seconds=1))
    await world.ask("citizen0", "还在等")
    assert [row.id for row in (await world.listed(ListView.WAITING, agent)).items] == [talk.id for talk in talks]


async def test_older_conversations_are_read_page_by_page_and_none_is_missed(world: World) -> None:
    agent = await world.agent("a")
    await _put_waiting(world, LIST_LIMIT * 2 + 7, turn=Turn.CLOSED)
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await world.listed(ListView.CLOSED, agent, cursor)
        seen += [row.id for row in page.items]
        cursor = page.next
    assert len(seen) == len(set(seen)) == LIST_LIMIT * 2 + 7


async def test_a_conversation_shows_who_said_what_and_what_became_of_it(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    view = await world.answer(talk, agent, "您好，请讲")
    assert [message.author for message in view.messages] == [
        Author.CITIZEN,
        *[Author.BOT] * (len(view.messages) - 3),
        Author.SYSTEM,
        Author.AGENT,
    ]
    last = view.messages[-1]
    assert (last.author_label, last.author_name, last.delivery, last.delivery_label) == (
        "坐席",
        agent.name,
        "queued",
        "待发送",
    )
    assert [message.seq for message in view.messages] == sorted(message.seq for message in view.messages)
    row = view.conversation
    assert (row.state_label, row.channel_label, row.agent_name) == ("人工服务", "网页", agent.name)
    assert (row.reason_label, row.citizen_name) == ("市民要求人工", f"市民 {talk.id[-4:].upper()}")


async def test_names_and_numbers_are_masked_in_every_answer_p44(city: World) -> None:
    talk, agent = await city.wait_for_person("one"), await city.agent("a", state=Presence.ONLINE)
    await city.writing(lambda tx: city.lookup.keep_contact(tx, talk.citizen_id, name=NAME, phone=PHONE))
    await city.claim(talk, agent)
    await city.ask("one", f"我叫{NAME}，电话{PHONE}，同济路25号门口的路灯坏了")
    await city.ask("one", "身份证440601199001011237，手机1 3 8 0 0 1 3 8 0 0 0")
    one = f"/conversations/{talk.id}"
    answers = [
        await city.shown(talk, agent),
        await city.listed(ListView.MINE, agent),
        await city.call("GET", f"{one}/assist", agent, query=AssistQuery()),
        await city.call("GET", f"{one}/assist", agent, query=AssistQuery(f"{NAME} {PHONE}")),
        await city.call("POST", f"{one}/tickets", agent, _form(city)),
        await city.shown(talk, agent),
        await city.answer(talk, agent, "已登记"),
        await city.transfer(talk, agent, None),
        await city.listed(ListView.WAITING, agent),
    ]
    for answer in answers:
        text = msgspec.json.encode(answer).decode()
        for secret in (PHONE, NAME, "440601199001011237", "1 3 8 0 0 1 3 8 0 0 0"):
            assert secret not in text, type(answer).__name__
    assert answers[0].conversation.citizen_name == "张*三"
    assert answers[0].slots["contact"] == "138****8000"
    assert "同济路25号" in msgspec.json.encode(answers[0]).decode(), "the place stays: the unit must find it"


async def test_no_fact_of_the_desk_holds_personal_data_p44(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    await world.ask("one", f"我叫{NAME}，电话{PHONE}")
    await world.answer(talk, agent, f"{NAME}您好")
    await world.close(talk, agent)
    told = "".join(str(fact.fact) for fact in await world.facts(talk))
    assert NAME not in told
    assert PHONE not in told


async def test_a_ticket_from_a_conversation_keeps_words_evidence_and_contact(city: World) -> None:
    photo = Attachment("f" * 32, Media.IMAGE, "image/jpeg", "路灯.jpg", 1000)
    talk, agent = await city.ask("one", "你好"), await city.agent("a")
    await city.claim(talk, agent)
    said = f"我叫{NAME}，电话{PHONE}，桂城千灯湖公园门口的路灯坏了三天"
    await city.ask("one", said)
    await city.ask("one", "", attachments=(photo,))
    offered = await city.call("GET", f"/conversations/{talk.id}/assist", agent, query=AssistQuery())
    assert offered.draft.phone_masked == "138****8000"
    assert offered.decision.lines
    form = _form(city, text=offered.draft.text, where_text=offered.draft.where_text, area=offered.draft.area)
    opened = await city.call("POST", f"/conversations/{talk.id}/tickets", agent, form)
    assert opened.number
    assert opened.query_code
    assert opened.link
    assert opened.decision is not None
    async with city.floor.database.transaction() as tx:
        ticket = await city.ticketing.queries.by_number(tx, opened.number)
        identity = await city.ticketing.tickets.show_identity(tx, opened.number, "核实来电人留的电话", agent)
    assert [file.id for file in ticket.evidence] == [photo.id]
    assert (ticket.conversation, ticket.citizen, ticket.address) == (talk.id, talk.citizen_id, address("one"))
    assert identity.phone == PHONE
    assert NAME not in ticket.title
    assert PHONE in identity.text, "the masked words the agent left alone are whole again"
    assert (await city.now(talk)).tickets == (opened.number,)
    view = await city.shown(talk, agent)
    assert [brief.number for brief in view.tickets] == [opened.number]


async def test_the_agents_own_phone_number_wins_and_a_wrong_one_is_named(city: World) -> None:
    talk, agent = await city.ask("one", f"路灯坏了，电话{PHONE}"), await city.agent("a")
    await city.claim(talk, agent)
    with pytest.raises(Invalid) as wrong:
        await city.call("POST", f"/conversations/{talk.id}/tickets", agent, _form(city, phone="123"))
    assert "phone" in wrong.value.fields
    opened = await city.call("POST", f"/conversations/{talk.id}/tickets", agent, _form(city, phone="13900139000"))
    async with city.floor.database.transaction() as tx:
        identity = await city.ticketing.tickets.show_identity(tx, opened.number, "核实来电人留的电话", agent)
    assert identity.phone == "13900139000"


async def test_a_ticket_is_opened_by_whoever_has_or_had_the_conversation(city: World) -> None:
    talk, agent = await city.wait_for_person("one"), await city.agent("a")
    other = await city.agent("b")
    await city.claim(talk, agent)
    await city.close(talk, agent)
    with pytest.raises(NotAllowed, match="conversation_of_colleague"):
        await city.call("POST", f"/conversations/{talk.id}/tickets", other, _form(city))
    assert (await city.call("POST", f"/conversations/{talk.id}/tickets", agent, _form(city))).number
    async with city.floor.database.reading() as tx:
        assert len(await city.ticketing.queries.of_citizen(tx, talk.citizen_id)) == 1


async def test_help_is_offered_though_the_library_has_nothing_yet(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    offered = await world.call("GET", f"/conversations/{talk.id}/assist", agent, query=AssistQuery("公积金"))
    assert offered.articles == []
    assert offered.draft.kind


async def test_a_file_an_agent_sends_is_known_to_both_sides(world: World) -> None:
    talk, agent = await world.wait_for_person("one"), await world.agent("a")
    await world.claim(talk, agent)
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    checked = await check_file("指引.png", picture.getvalue())
    kept = await world.writing(lambda tx: world.floor.attachments.keep(tx, checked))
    view = await world.answer(talk, agent, "", files=(kept.id,))
    (file,) = view.messages[-1].attachments
    assert (file.id, file.media_type) == (kept.id, kept.media_type)
    assert (await world.heard("one"))[-1].attachments == (kept,)
    with pytest.raises(Invalid) as wrong:
        await world.answer(talk, agent, "", files=("0" * 32,))
    assert wrong.value.fields == {"attachments": "unknown_attachment"}


async def test_the_agent_sees_until_when_the_platform_lets_them_write_p03(world: World) -> None:
    talk, agent = await world.ask("one", "转人工", channel="wechat"), await world.agent("a")
    until = world.clock.now() + timedelta(hours=48)
    view = await world.shown(talk, agent)
    assert view.window.reply_until == until
    assert "48小时" in view.window.note
    world.clock.set(until + timedelta(seconds=1))
    assert "可能无法送达" in (await world.shown(talk, agent)).window.note
    web = await world.wait_for_person("two")
    assert (await world.shown(web, agent)).window.reply_until is None


async def test_what_there_is_not_is_not_found(world: World) -> None:
    agent = await world.agent("a")
    for step in ("", "/claim", "/release", "/close"):
        with pytest.raises(NotFound):
            await world.call("POST" if step else "GET", f"/conversations/{'0' * 32}{step}", agent)


async def test_presence_is_what_the_screen_said_last(world: World) -> None:
    agent = await world.agent("a")
    assert (await world.call("GET", "/presence", agent)).state == Presence.OFFLINE
    for state in (Presence.ONLINE, Presence.BREAK, Presence.OFFLINE):
        await world.report(agent, state)
        shown = await world.call("GET", "/presence", agent)
        assert (shown.state, shown.state_label) == (state, state.label)


def test_every_channel_has_a_name_and_a_new_one_breaks_no_list() -> None:
    assert channel_label("wechat") == "微信"
    assert channel_label("carrier_pigeon") == "carrier_pigeon"


async def test_every_route_is_for_those_who_work_at_the_desk(world: World) -> None:
    assert {route.may for route in world.desk.room.routes} == {May.WORK_DESK, May.UNMASK_TALK, May.TELL_CALLS}


def _form(city: World, **more: Any) -> Any:
    (route,) = [r for r in city.desk.room.routes if r.path.endswith("/tickets")]
    assert route.body is not None
    given = {"kind": "complaint", "text": "千灯湖公园门口的路灯坏了", "where_text": "千灯湖公园"} | more
    return msgspec.convert(given, route.body)


async def _put_waiting(world: World, count: int, *, first: int = 0, turn: Turn = Turn.WAITING) -> None:
    now = world.clock.now()

    async def put(tx: Tx) -> None:
        for n in range(first, first + count):
            citizen = await world.lookup.citizen_at(tx, address(f"citizen{n}"))
            await world.lookup.keep_contact(tx, citizen.id, name=NAME)
            plain = Conversation(new_id(), address(f"citizen{n}"), citizen.id, turn, 1, now, now, reason=Reason.ASKED)
            await world.desk.store.add(tx, replace(plain, waiting_since=now))

    await world.writing(put)


@contextmanager
def _counted(database: Database) -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    statements: list[str] = []

    def note(*call: Any) -> None:
        if call[2].startswith("SELECT"):
            statements.append(call[2])

    event.listen(database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(database.engine.sync_engine, "before_cursor_execute", note)
