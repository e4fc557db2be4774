"""The main story: a complaint becomes a ticket at the right unit, is answered, and the citizen reads it in the chat."""

import re
from collections.abc import Mapping

from tests.journeys.house import Browser, RunningHouse, Visitor


async def report_a_lamp(citizen: Visitor) -> tuple[str, str]:
    """Tell the bot about a lamp until the ticket is open; its number and tracking link."""
    said = {
        "请核对": "确认提交",
        "哪里": "禅城区祖庙街道同济路",
        "地点": "禅城区祖庙街道同济路",
        "时候": "昨晚八点",
        "时间": "昨晚八点",
        "电话": "13800138000",
        "联系": "13800138000",
    }
    reply = await citizen.ask("同济路的路灯坏了三天，晚上黑漆漆很危险，请派人来修")
    for _ in range(8):
        found = re.search(r"[A-Z]{2}\d{6,}\d", reply["text"])
        if found and reply["link"]:
            return found.group(), reply["link"]
        answer = next((said[word] for word in said if word in reply["text"]), "确认提交")
        reply = await citizen.ask(answer)
    raise AssertionError([m["text"] for m in citizen.messages.values()])


async def test_a_broken_street_lamp_is_reported_and_answered(house: RunningHouse) -> None:
    async with Visitor(house.url) as citizen:
        number, link = await report_a_lamp(citizen)
        async with Browser(house.url) as dispatcher:
            await dispatcher.sign_in("dispatcher")
            ticket = await dispatcher.get(f"/tickets/{number}")
            assert ticket["state"] == "dispatched", ticket["decision"]
            assert ticket["decision"]["lines"]
            assert "13800138000" not in str(ticket)
            unit = ticket["unit"]
        async with Browser(house.url) as officer:
            await officer.sign_in(unit.lower())
            inbox = await officer.get("/tickets?view=inbox")
            assert number in [row["number"] for row in inbox["items"]]
            await act(officer, number, "accept", {})
            await act(officer, number, "start", CONTACTED)
            await act(officer, number, "submit_result", RESULT)
        async with Browser(house.url) as reviewer:
            await reviewer.sign_in("reviewer")
            state = (await reviewer.get(f"/tickets/{number}"))["state"]
            if state == "submitted":
                raise AssertionError("units without inner approval pass at once")
            await act(reviewer, number, "release", REPLY)
        answer = await citizen.hear("更换灯泡")
        assert answer["author"] == "unit"
        async with Browser(house.url) as anyone:
            page = await anyone.get(f"/track/{link.rsplit('/', 1)[-1]}")
            assert page["number"] == number
            assert "更换灯泡" in page["reply"]["text"]
            rated = {"score": "very_satisfied", "solved": "yes"}
            page = await anyone.post(f"/track/{link.rsplit('/', 1)[-1]}/rate", rated)
            assert page["rating"]


REPLY = {"text": "您好！经现场查看，同济路3盏路灯损坏，已更换灯泡，路灯恢复照明。"}
CONTACTED = {"no_contact_reason": "地点清楚，先到现场处置，随后联系。"}
RESULT = {
    "findings": "经现场查看，同济路3盏路灯灯泡损坏。",
    "measures": "已更换灯泡3只，路灯恢复照明。",
    "basis": "按照市政设施养护职责办理。",
    "outcome": "explained",
}


async def act(who: Browser, number: str, action: str, form: Mapping[str, object]) -> None:
    """Press a button of the ticket's page, filling what the form asks for."""
    ticket = await who.get(f"/tickets/{number}")
    offered = {one["action"]: one for one in ticket["actions"]}
    assert action in offered, (action, list(offered), ticket["state"])
    filled = {}
    for each in offered[action]["fields"]:
        name = each["name"]
        if name in form:
            filled[name] = form[name]
        elif each["required"] and each["type"] == "bool":
            filled[name] = True
        elif each["required"] and each["type"] == "choice":
            filled[name] = each["options"][0]["value"]
        elif each["required"]:
            filled[name] = "0757-88888888" if "phone" in name else "已核实并联系市民"
    await who.post(f"/tickets/{number}/actions/{action}", {"version": ticket["version"], "form": filled})


async def test_another_unit_does_not_see_the_ticket(house: RunningHouse) -> None:
    async with Visitor(house.url) as citizen, Browser(house.url) as dispatcher:
        number, _ = await report_a_lamp(citizen)
        await dispatcher.sign_in("dispatcher")
        unit = (await dispatcher.get(f"/tickets/{number}"))["unit"]
        units = [one["code"] for one in (await dispatcher.get("/units"))["items"] if one["code"] != unit]
        async with Browser(house.url) as stranger:
            await stranger.sign_in(units[-1].lower())
            await stranger.get(f"/tickets/{number}", expect=404)
            inbox = await stranger.get("/tickets?view=inbox")
            assert number not in [row["number"] for row in inbox["items"]]
