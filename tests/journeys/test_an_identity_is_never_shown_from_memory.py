"""A look at an identity that is sent twice is asked twice: after a freeze the old answer is not given again (P44)."""

import json
import uuid
from typing import Any

from tests.journeys.house import Browser, RunningHouse

PHONE = "13812345678"
MATTER = {
    "kind": "complaint",
    "text": "禅城区祖庙街道同济路路灯不亮",
    "where_text": "同济路25号",
    "name": "陈大文",
    "phone": PHONE,
}


async def look(person: Browser, number: str, key: str) -> tuple[int, Any]:
    """Ask for the identity of a ticket under an idempotency key."""
    cookies = {cookie.key: cookie.value for cookie in person.session.cookie_jar}
    headers = {"X-CSRF-Token": cookies.get("hotline_csrf", ""), "Origin": person.url, "Idempotency-Key": key}
    form = {"purpose": "联系诉求人核实地点", "reason": "contact"}
    url = f"{person.url}/api/v1/tickets/{number}/unmask"
    async with person.session.post(url, json=form, headers=headers) as answer:
        return answer.status, json.loads(await answer.text())


async def test_p44_after_a_freeze_the_same_key_shows_nothing(house: RunningHouse) -> None:
    async with Browser(house.url) as agent, Browser(house.url) as officer:
        await agent.sign_in("agent")
        await officer.sign_in("privacy")
        ticket = await agent.post("/tickets", MATTER)
        key = uuid.uuid4().hex
        status, shown = await look(agent, ticket["number"], key)
        assert (status, shown["phone"]) == (200, PHONE)
        leak = await officer.post("/privacy/leaks", {"number": ticket["number"], "why": "名单外传"})
        status, refused = await look(agent, ticket["number"], key)
        assert (status, refused["code"]) == (409, "identity_frozen")
        assert PHONE not in json.dumps(refused)
        await officer.post(f"/privacy/leaks/{leak['id']}/notify", {"text": "已电话告知"})
        await officer.post(f"/privacy/leaks/{leak['id']}/close", {"conclusion": "查无泄露"})
        for _ in range(2):
            status, shown = await look(agent, ticket["number"], key)
            assert (status, shown["phone"]) == (200, PHONE)
        looks = await officer.get(f"/tickets/{ticket['number']}/looks")
        assert len([each for each in looks["items"] if each["kind"] == "unmask"]) == 3
