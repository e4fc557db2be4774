"""Every route of the API, asked by every role of a unit: no answer, list, search, event or log line tells who the
citizen is (P44). Planted are a name, a telephone number, an identity card and a plate; in a report also what its author
says of themself."""

import json
import re
import uuid
import zipfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest

from tests.journeys.house import PASSWORD, Browser, RunningHouse, Visitor

NAME, PHONE, ID_CARD, PLATE = "欧阳建国", "13802401357", "440601198803214817", "粤E7K9M3"
SELF = "包装二组的组长"
WHERE = "祖庙街道城门头路口"
SENTENCE = f"{WHERE}每晚有烧烤档占道经营。我叫{NAME}，我是{SELF}，身份证{ID_CARD}，车牌{PLATE}，请打{PHONE}。"
PLANTED = (NAME, PHONE, ID_CARD, PLATE, "建国", "380240", "19880321")
# What answers by itself and not in JSON, ends the session, or is the one way to ask for an identity.
LEFT_OUT = re.compile(r"/(?:live|chat|session|session/password|webhooks/.*)$|/unmask$")
ROLES = ("liaison", "handler", "unit_leader")
# Who reads every ticket, masked.
HOTLINE = ("dispatcher", "reviewer", "supervisor", "auditor", "privacy", "callback")


@dataclass
class Story:
    """A house with an ordinary complaint and a report by the same citizen, and the unit that has both."""

    house: RunningHouse
    complaint: str
    report: str
    unit: str
    admin: Browser
    routes: list[tuple[str, str]]


@pytest.fixture(scope="module")
async def story(house: RunningHouse) -> AsyncIterator[Story]:
    async with Browser(house.url) as agent, Browser(house.url) as admin, Visitor(house.url) as citizen:
        await agent.sign_in("agent")
        await admin.sign_in("admin")
        form = {"text": SENTENCE, "where_text": WHERE, "name": NAME, "phone": PHONE, "matter": "street-vending"}
        titles = {"complaint": "", "report": f"我是{SELF}，烧烤档占道经营"}
        made = [await agent.post("/tickets", {**form, "kind": kind, "title": title}) for kind, title in titles.items()]
        numbers = [each["number"] for each in made]
        await citizen.ask(SENTENCE)
        tickets = [await agent.get(f"/tickets/{number}") for number in numbers]
        assert tickets[0]["unit"] == tickets[1]["unit"] != ""
        async with agent.session.get(f"{house.url}/api/openapi.json") as answer:
            paths = (await answer.json())["paths"]
        routes = [(method.upper(), path) for path, methods in paths.items() for method in methods]
        kept = [(method, path) for method, path in routes if path.startswith("/api/v1/") and not LEFT_OUT.search(path)]
        yield Story(house, numbers[0], numbers[1], tickets[0]["unit"], admin, kept)


def asked_of(story: Story, path: str) -> Iterator[str]:
    """A route with its holes filled, once for each ticket; lists and searches also for what is planted."""
    for number in (story.complaint, story.report):
        yield re.sub(
            r"\{\w+\}",
            "none",
            path.replace("{number}", number).replace("{action}", "urge").replace("{unit}", story.unit),
        )
    if path == "/api/v1/tickets":
        for q in (PHONE, NAME, ID_CARD, PLATE, SELF, story.report, "烧烤档"):
            yield f"{path}?view=all&q={q}"
        yield f"{path}?view=inbox"
    if path == "/api/v1/tickets/{number}/actions/{action}":
        yield f"/api/v1/tickets/{story.report}/actions/accept"


async def everything(story: Story, person: Browser) -> list[tuple[str, str]]:
    """Every answer somebody gets, with what was asked."""
    cookies = {cookie.key: cookie.value for cookie in person.session.cookie_jar}
    answers = []
    for method, path in story.routes:
        for asked in dict.fromkeys(asked_of(story, path)):
            headers = {
                "X-CSRF-Token": cookies.get("hotline_csrf", ""),
                "Origin": person.url,
                "Idempotency-Key": uuid.uuid4().hex,
            }
            body: Any = {"version": 1, "form": {}} if method != "GET" else None
            async with person.session.request(method, person.url + asked, json=body, headers=headers) as answer:
                answers.append((f"{method} {asked} {answer.status}", readable(await answer.read())))
    return answers


def readable(body: bytes) -> str:
    """An answer as text; of a workbook or an archive what is packed in it."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(body)) as packed:
        return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())


async def signed_in(story: Story, role: str) -> Browser:
    """A new account of the unit in a role."""
    login = f"p44-{role.replace('_', '-')}-{uuid.uuid4().hex[:6]}"
    added = await story.admin.post("/staff", {"login": login, "name": "测试", "roles": [role], "unit": story.unit})
    person = await Browser(story.house.url).__aenter__()
    await person.post("/session", {"login": login, "password": added["password"]})
    await person.post("/session/password", {"old": added["password"], "new": PASSWORD})
    await person.sign_in(login)
    return person


def telling(answers: list[tuple[str, str]], planted: tuple[str, ...]) -> list[str]:
    return [f"{asked}: {word}" for asked, text in answers for word in planted if word in text.replace(asked, "")]


@pytest.mark.parametrize("role", ROLES)
async def test_p44_no_route_tells_a_unit_who_the_citizen_is(story: Story, role: str) -> None:
    person = await signed_in(story, role)
    try:
        answers = await everything(story, person)
        purpose = {"purpose": "电话联系核实举报线索", "reason": "contact"}
        refused = 403 if role == "unit_leader" else None
        shown_for_a_purpose = str(await person.post(f"/tickets/{story.report}/unmask", purpose, expect=refused))
    finally:
        await person.session.close()
    shown = [text for asked, text in answers if asked.startswith(f"GET /api/v1/tickets/{story.report} 200")]
    assert shown
    assert "举报人信息已隐去" in shown[0]
    assert telling(answers, PLANTED) == []
    # What is looked for is there: whoever states a purpose is shown it.
    if role != "unit_leader":
        assert PHONE in shown_for_a_purpose
    of_report = [each for each in answers if story.complaint not in each[1]]
    assert telling(of_report, (SELF,)) == []


@pytest.mark.parametrize("login", HOTLINE)
async def test_p44_no_route_tells_the_hotline_either_unless_it_states_a_purpose(story: Story, login: str) -> None:
    async with Browser(story.house.url) as person:
        await person.post("/session", {"login": login, "password": PASSWORD})
        answers = await everything(story, person)
    assert telling(answers, PLANTED) == []
    # Whoever guards privacy decides about doubtful words by those around them.
    decides = "/spans" if login == "privacy" else "no such route"
    of_report = [each for each in answers if story.complaint not in each[1] and decides not in each[0]]
    assert telling(of_report, (SELF,)) == []


async def test_p44_no_event_on_a_units_screen_and_no_line_of_the_log_tells_it(story: Story) -> None:
    person = await signed_in(story, "liaison")
    try:
        screen = await person.watch(after=0)
        ticket = await person.get(f"/tickets/{story.complaint}")
        await person.post(f"/tickets/{story.complaint}/actions/accept", {"version": ticket["version"], "form": {}})
        frames: list[str] = []
        while not any(f'"subject":"ticket:{story.complaint}"' in frame and '"accept"' in frame for frame in frames):
            frames.append(await screen.socket.receive_str())
    finally:
        await person.session.close()
    assert any(story.report in frame for frame in frames)
    assert telling([("live", frame) for frame in frames], (*PLANTED, SELF)) == []
    assert telling([("log", story.house.said())], PLANTED) == []
    assert json.loads(frames[0])
