"""Tickets to work on, brought to the state a page needs over the API."""

from tests.journeys.house import Browser as Person
from tests.journeys.house import RunningHouse
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import CONTACTED, RESULT, act

FILLED = {**RESULT, "handler": "承办人甲", "phone": "12345"}
UNSURE = "河边一棵大树倒伏压住步道，行人无法通过。"
LAMP = "禅城区祖庙街道同济路路灯不亮"


async def written_down(writer: Person, text: str) -> dict[str, str]:
    """A ticket an agent wrote down; its number and tracking link."""
    form = {"kind": "complaint", "text": text, "name": "陈大文", "phone": "13800138000"}
    ticket: dict[str, str] = await writer.post("/tickets", form)
    return ticket


async def unit_of(house: RunningHouse, number: str) -> str:
    """The login of the unit that leads."""
    async with Person(house.url) as dispatcher:
        await dispatcher.sign_in("dispatcher")
        ticket = await dispatcher.get(f"/tickets/{number}")
        assert ticket["state"] == "dispatched", ticket["decision"]
        return str(ticket["unit"]).lower()


async def worked_on(house: RunningHouse, number: str, *, submitted: bool) -> None:
    """The unit has begun, or handed in its result."""
    async with Person(house.url) as officer:
        await officer.sign_in(await unit_of(house, number))
        await act(officer, number, "accept", {})
        await act(officer, number, "start", CONTACTED)
        if submitted:
            await act(officer, number, "submit_result", FILLED)


async def released(house: RunningHouse, number: str) -> None:
    """The reviewer has let the reply go to the citizen."""
    async with Person(house.url) as reviewer:
        await reviewer.sign_in("reviewer")
        await act(reviewer, number, "release", {"text": "您好！路灯已更换灯泡，恢复照明。"})
