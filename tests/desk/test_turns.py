"""Whoever judges the bot's answers reads the question and what was answered to it, and nothing of who asked."""

from kernel.messages import Author, Citation, Outbound
from tests.desk.world import World, address


async def words(world: World, inbound_id: str) -> tuple[str, str]:
    async with world.floor.database.reading() as tx:
        return await world.desk.turns.words(tx, inbound_id)


async def test_a_turn_is_found_by_what_the_journal_says_of_it_among_all_that_was_said(world: World) -> None:
    await world.ask("one", "你好")
    talk = await world.ask("one", "我叫陈大文，电话13800138000，想问养狗的事")
    await world.ask("one", "谢谢")
    turns = [fact.fact.question for fact in await world.facts(talk, "BotAnswered")]
    lines = [line for line in await world.thread("one") if line.inbound is not None]
    assert turns == [line.inbound.id for line in lines if line.inbound]
    question, answer = await words(world, turns[1])
    assert "养狗的事" in question
    assert "13800138000" not in question
    own = [each.text for each in await world.heard("one") if each.reply_to == turns[1] and each.author is Author.BOT]
    assert own
    assert answer.split("\n\n") == own


async def test_what_quotes_an_entry_is_whole_and_what_repeats_the_citizen_is_masked(world: World) -> None:
    inbound = await world.say("one", "社保电话是多少")
    said = (("请拨打0757-12345678。", (Citation("si", "社保", "人社局", ""),)), ("您的电话是13800138000。", ()))
    async with world.floor.database.transaction() as tx:
        for number, (text, citations) in enumerate(said):
            told = (f"out{number}", address("one"), text, Author.BOT, world.clock.now())
            await world.floor.mailbox.put_out(tx, Outbound(*told, citations=citations, reply_to=inbound.id))
    question, answer = await words(world, inbound.id)
    assert question == "社保电话是多少"
    assert answer == "请拨打0757-12345678。\n\n您的电话是138****8000。"


async def test_what_is_no_more_has_no_words(world: World) -> None:
    assert await words(world, "gone") == ("", "")
