"""Tickets to work on, brought to the state a page needs over the API."""

from contextlib import AsyncExitStack
from typing import Self

from tests.journeys.house import Browser as Person
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import CONTACTED, RESULT, act

FILLED = {**RESULT, "handler": "承办人甲", "phone": "12345"}
UNSURE = "河边一棵大树倒伏压住步道，行人无法通过。"
LAMP = "禅城区祖庙街道同济路路灯不亮"


async def written_down(writer: Person, text: str) -> dict[str, str]:
    """A ticket an agent wrote down; its number and tracking link."""
    form = {"kind": "complaint", "text": text, "name": "陈大文", "phone": "13800138000"}
    ticket: dict[str, str] = await writer.post("/tickets", form)
    return ticket


class Staff:
    """Members of staff at the API, each signed in once: the house lets one place sign in only so often."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._signed_in: dict[str, Person] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def of(self, login: str) -> Person:
        """Whoever has this login."""
        if login not in self._signed_in:
            person = await self._stack.enter_async_context(Person(self._url))
            await person.sign_in(login)
            self._signed_in[login] = person
        return self._signed_in[login]


async def unit_of(staff: Staff, number: str) -> str:
    """The login of the unit that leads."""
    ticket = await (await staff.of("dispatcher")).get(f"/tickets/{number}")
    assert ticket["unit"], ticket["decision"]
    return str(ticket["unit"]).lower()


async def worked_on(staff: Staff, number: str, *, submitted: bool) -> None:
    """The unit has begun, or handed in its result."""
    officer = await staff.of(await unit_of(staff, number))
    await act(officer, number, "accept", {})
    await act(officer, number, "start", CONTACTED)
    if submitted:
        await act(officer, number, "submit_result", FILLED)


async def released(staff: Staff, number: str) -> None:
    """The reviewer has let the reply go to the citizen."""
    reply = {"text": "您好！路灯已更换灯泡，恢复照明。", "reason": "已与承办单位核实答复内容"}
    await act(await staff.of("reviewer"), number, "release", reply)
