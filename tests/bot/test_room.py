"""The bot stands on the real rooms below it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import Caller, Dialogue
from bot.room import build
from desk.model import Reason
from directory.lookup import Lookup
from kernel.errors import Invalid
from kernel.messages import Address, Inbound, InboundKind
from kernel.room import Floor
from knowledge import room as knowledge_room
from suggestions import room as suggestions_room
from tests.bot.talk import START
from ticketing import room as ticketing_room


async def test_it_is_built_from_the_doors_and_fetches_a_person(city_floor: Floor, lookup: Lookup, models: Path) -> None:
    knowledge = knowledge_room.build(city_floor, lookup)
    ticketing = ticketing_room.build(city_floor, lookup)
    suggestions = suggestions_room.build(city_floor, lookup)
    bot = build(
        city_floor,
        lookup,
        knowledge.library,
        ticketing.tickets,
        ticketing.queries,
        suggestions.suggestions,
        models,
    )
    for start in bot.room.starting:
        await start()
    address = Address("web", "main", "room1")
    inbound = Inbound("m1", address, "e1", InboundKind.TEXT, "转人工", START, START)
    caller = Caller("c1", address, "v1")
    thought = await bot.assistant.think(Dialogue(), inbound, caller)
    async with city_floor.database.transaction() as tx:
        turn = await bot.assistant.do(tx, thought, caller)
    assert turn.hand_over is not None
    assert turn.hand_over.reason == "asked"


async def test_a_word_of_the_administrators_fetches_a_person_in_the_talk(
    city_floor: Floor, lookup: Lookup, models: Path
) -> None:
    ticketing, knowledge = ticketing_room.build(city_floor, lookup), knowledge_room.build(city_floor, lookup)
    suggestions = suggestions_room.build(city_floor, lookup)
    doors = (knowledge.library, ticketing.tickets, ticketing.queries, suggestions.suggestions)
    bot = build(city_floor, lookup, *doors, models)
    for start in bot.room.starting:
        await start()
    await ticketing.words.load()
    address = Address("web", "main", "words1")
    reasons = []
    for text in ("学校有人校园霸凌", "学校宣传防校园欺凌宣传周"):
        inbound = Inbound("m1", address, "e1", InboundKind.TEXT, text, START, START)
        caller = Caller("c1", address, "v1")
        thought = await bot.assistant.think(Dialogue(), inbound, caller)
        async with city_floor.database.transaction() as tx:
            turn = await bot.assistant.do(tx, thought, caller)
        reasons.append(turn.hand_over.reason if turn.hand_over else "")
    assert reasons == ["sensitive", ""]
    assert Reason(reasons[0]) is Reason.SENSITIVE


async def test_a_suggestion_reaches_the_real_room(city_floor: Floor, lookup: Lookup, models: Path) -> None:
    suggestions = suggestions_room.build(city_floor, lookup)
    knowledge, ticketing = knowledge_room.build(city_floor, lookup), ticketing_room.build(city_floor, lookup)
    doors = (knowledge.library, ticketing.tickets, ticketing.queries, suggestions.suggestions)
    bot = build(city_floor, lookup, *doors, models)
    for start in bot.room.starting:
        await start()
    address, dialogue, said = Address("web", "main", "room2"), Dialogue(), ""
    async with city_floor.database.transaction() as tx:
        citizen = await lookup.citizen_at(tx, address)
    caller = Caller(citizen.id, address, "v2")
    for n, text in enumerate(["建议在学校门口加一条斑马线", "确认提交"]):
        inbound = Inbound(f"s{n}", address, f"s{n}", InboundKind.TEXT, text, START, START)
        thought = await bot.assistant.think(dialogue, inbound, caller)
        async with city_floor.database.transaction() as tx:
            turn = await bot.assistant.do(tx, thought, caller)
        dialogue, said = turn.dialogue, turn.replies[-1].text
    assert "已登记，编号" in said


async def test_an_unknown_reader_is_refused(city_floor: Floor, lookup: Lookup) -> None:
    with pytest.raises(Invalid):
        _build_with_reader(city_floor, lookup, "oracle")


def _build_with_reader(floor: Floor, lookup: Lookup, reader: str) -> object:
    settings = replace(floor.settings, bot=replace(floor.settings.bot, reader=reader))
    changed = replace(floor, settings=settings)
    knowledge, ticketing = knowledge_room.build(floor, lookup), ticketing_room.build(floor, lookup)
    suggestions = suggestions_room.build(floor, lookup)
    return build(changed, lookup, knowledge.library, ticketing.tickets, ticketing.queries, suggestions.suggestions)
