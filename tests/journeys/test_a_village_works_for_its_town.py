"""The city dispatches to a town, which hands down to a village's committee and stays accountable.

What takes a power of enforcement is never handed to one.
"""

from collections.abc import Mapping
from typing import Any

from tests.journeys.house import Browser, RunningHouse
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import REPLY, RESULT, act

VILLAGE = "CC-NZ-200"
LAMP = "禅城区南庄镇罗南村祠堂前的路灯不亮，晚上黑漆漆"
STALL = "禅城区南庄镇罗南村村口每晚都有流动摊贩占道经营，没人管"
CONTACTED = {"contacted_at": "now", "contact_how": "用办公座机打通并核对了地点"}
DONE = {"findings": "已到现场查看，祠堂前两盏路灯不亮，已报镇城建办更换灯泡并当场复亮。"}


async def written_down(house: RunningHouse, text: str) -> dict[str, Any]:
    async with Browser(house.url) as agent:
        await agent.sign_in("agent")
        ticket = await agent.post(
            "/tickets", {"kind": "complaint", "text": text, "name": "陈大文", "phone": "13800138000"}
        )
        return await shown(agent, ticket["number"])


async def shown(who: Browser, number: str) -> dict[str, Any]:
    ticket: dict[str, Any] = await who.get(f"/tickets/{number}")
    return ticket


async def handed_down(town: Browser, number: str, expect: int) -> Any:
    """What comes of handing it down to the village, and what the form held at first."""
    ticket = await shown(town, number)
    (form,) = [one for one in ticket["actions"] if one["action"] == "sub_dispatch"]
    (field,) = form["fields"]
    body = {"version": ticket["version"], "form": {"unit": VILLAGE}}
    answer = await town.post(f"/tickets/{number}/actions/sub_dispatch", body, expect=expect)
    return field["value"], field["value_label"], answer


async def begin(town: Browser, number: str, contacted: Mapping[str, object] = CONTACTED) -> None:
    await act(town, number, "accept", {})
    await act(town, number, "start", contacted)


async def test_a_village_works_and_its_town_answers(house: RunningHouse) -> None:
    ticket = await written_down(house, LAMP)
    number = ticket["number"]
    assert (ticket["state"], ticket["unit"]) == ("dispatched", "CC-NZ-CJ"), ticket["decision"]
    async with Browser(house.url) as town, Browser(house.url) as village, Browser(house.url) as reviewer:
        await town.sign_in("cc-nz-cj")
        await begin(town, number)
        value, label, _ = await handed_down(town, number, 200)
        assert (value, label) == (VILLAGE, "佛山市禅城区南庄镇罗南村民委员会")
        await village.sign_in(VILLAGE.lower())
        assert number in [row["number"] for row in (await village.get("/tickets?view=inbox"))["items"]]
        early = await shown(town, number)
        wanted = {"version": early["version"], "form": RESULT | {"handler": "某人", "phone": "0757-88888888"}}
        refused = await town.post(f"/tickets/{number}/actions/submit_result", wanted, expect=409)
        assert refused["code"] == "parts_open"
        await act(village, number, "accept_part", {})
        await act(village, number, "finish_part", DONE)
        # The town stays accountable: it has what the village found, and answers.
        parts = {part["unit_name"]: part for part in (await shown(town, number))["assignments"]}
        assert parts["佛山市禅城区南庄镇罗南村民委员会"]["result"] == DONE["findings"]
        await act(town, number, "submit_result", RESULT)
        await reviewer.sign_in("reviewer")
        await act(reviewer, number, "release", REPLY)
        after = await shown(reviewer, number)
        assert (after["state"], after["unit"], after["reply"]["unit_name"]) == (
            "replied", "CC-NZ-CJ", "佛山市禅城区南庄镇城市建设办公室",
        )  # fmt: skip


async def test_a_village_is_never_handed_what_takes_a_power(house: RunningHouse) -> None:
    ticket = await written_down(house, STALL)
    assert (ticket["state"], ticket["unit"]) == ("dispatched", "CC-NZ-ZHZF"), ticket["decision"]
    async with Browser(house.url) as town:
        await town.sign_in("cc-nz-zhzf")
        await begin(town, ticket["number"])
        value, _, refused = await handed_down(town, ticket["number"], 422)
        assert (value, set(refused["fields"])) == ("", {"unit"})
