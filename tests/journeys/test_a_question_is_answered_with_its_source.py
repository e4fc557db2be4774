"""A citizen asks in web chat and gets the entry's answer, with where it comes from."""

from tests.journeys.house import RunningHouse, Visitor


async def test_a_question_is_answered_with_its_source(house: RunningHouse) -> None:
    async with Visitor(house.url) as citizen:
        answer = await citizen.ask("居住证怎么办理")
        assert answer["author"] == "bot"
        assert answer["citations"], answer
        assert "居住证" in answer["citations"][0]["title"]
        assert answer["citations"][0]["owner"]


async def test_the_thread_is_there_again_after_the_page_was_closed(house: RunningHouse) -> None:
    async with Visitor(house.url) as citizen:
        await citizen.ask("公积金怎么提取")
        seen = dict(citizen.messages)
        token = citizen.token
    async with Visitor(house.url, token) as again:
        while len(again.messages) < len(seen):
            await again.frame("message")
        assert {m["text"] for m in again.messages.values()} == {m["text"] for m in seen.values()}
