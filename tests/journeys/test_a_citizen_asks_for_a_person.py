"""转人工 at the first ask: the agent sees the talk, answers in it, opens a ticket from it; the bot is silent."""

import uuid

from tests.journeys.house import Browser, RunningHouse, Visitor


async def waiting_for(agent: Browser, text: str) -> str:
    """The id of the conversation whose last words hold ``text``."""
    for view in ("waiting", "mine"):
        for row in (await agent.get(f"/desk/conversations?view={view}"))["items"]:
            if text in row["last_text"]:
                return str(row["id"])
    raise AssertionError("not in the queue")


async def test_a_citizen_asks_for_a_person(house: RunningHouse) -> None:
    async with Visitor(house.url) as citizen, Browser(house.url) as agent:
        await agent.sign_in("agent")
        await citizen.ask("桂城千灯湖公园的护栏坏了，小孩差点掉下去")
        await citizen.ask("转人工", "转接")
        conversation = await waiting_for(agent, "转人工")
        shown = await agent.post(f"/desk/conversations/{conversation}/claim")
        assert any("护栏坏了" in message["text"] for message in shown["messages"])
        said = {"id": str(uuid.uuid4()), "text": "您好，我是话务员，马上为您登记。"}
        await agent.post(f"/desk/conversations/{conversation}/messages", said)
        await agent.post(f"/desk/conversations/{conversation}/messages", said)
        assert (await citizen.hear("马上为您登记"))["author"] == "agent"
        await citizen.say("好的，谢谢")
        assist = await agent.get(f"/desk/conversations/{conversation}/assist")
        assert "护栏" in assist["draft"]["text"]
        assert assist["draft"]["area_name"]
        opened = await agent.post(
            f"/desk/conversations/{conversation}/tickets",
            {"kind": "help", "text": assist["draft"]["text"], "phone": "13900139000"},
        )
        assert opened["number"]
        assert opened["query_code"]
        await agent.post(f"/desk/conversations/{conversation}/close")
        await citizen.hear("已结束")
        ours = [m for m in citizen.messages.values() if m["text"] == said["text"]]
        assert len(ours) == 1, "sent twice by the screen, once to the citizen (P14)"
        assert not [m for m in citizen.messages.values() if m["author"] == "bot" and m["seq"] > ours[0]["seq"]]
        assert (await citizen.ask("你好"))["author"] == "bot"
