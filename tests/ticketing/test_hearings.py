"""Both units of a dispute say what they have to say before it is ruled on; a ruling that is late is told of."""

from datetime import timedelta
from typing import Any

import pytest

from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Principal, Role
from tests.ticketing.city import DISPATCHER, SUPERVISOR, Hotline, lead_staff, staff
from tests.ticketing.test_api import Web
from tests.ticketing.test_rulings import OTHER, RULING, disputed
from tests.ticketing.test_wall import numbers
from ticketing.events import RulingLate
from ticketing.model.labels import Secrecy, TicketKind
from ticketing.model.ticket import Ticket

WORDS = {"text": "镇街已承接该项执法权", "clause": "赋权清单第3项"}
SUGGESTED = staff(Role.LIAISON, unit=OTHER)


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


def stating(path: str) -> str:
    """Where a unit states its view on the dispute of this path."""
    _, number, _, request = path.split("/")
    return f"hearings/{number}/{request}"


async def heard(web: Web, by: Principal) -> list[Any]:
    page = await web("GET", "hearings", by)
    return list(page["items"])


async def late(web: Web, ticket: Ticket) -> list[Any]:
    return [each.fact for each in await web.desk.facts(ticket) if isinstance(each.fact, RulingLate)]


async def test_the_unit_it_is_to_go_to_says_its_own_words_and_whoever_rules_reads_them(web: Web) -> None:
    ticket, path = await disputed(web)
    (seen,) = await heard(web, SUGGESTED)
    assert (seen["number"], seen["works"], seen["stated"]) == (ticket.number, False, False)
    assert [(each["ours"], each["clause"]) for each in seen["words"]] == [(False, "镇街权责清单")]
    (after,) = (await web("POST", stating(path), SUGGESTED, WORDS))["items"]
    assert after["stated"] is True
    assert [(each["ours"], each["text"]) for each in after["words"]][1:] == [(True, WORDS["text"])]
    shown = await web("GET", path, SUPERVISOR)
    first, other = shown["sides"]
    assert (first["duty_item"] != "", other["unit"]) == (True, OTHER)
    assert [(each["text"], each["clause"], each["own"]) for each in other["arguments"]] == [(*WORDS.values(), True)]
    assert [each["own"] for each in first["arguments"]] == [True]
    recorded = await web("POST", f"{path}/arguments", DISPATCHER, {"unit": OTHER, "text": "电话里说不接"})
    assert [each["own"] for each in recorded["sides"][1]["arguments"]] == [True, False]


async def test_the_first_receiver_answers_on_its_page_too(web: Web) -> None:
    ticket, path = await disputed(web)
    unit = lead_staff(ticket)
    (seen,) = await heard(web, unit)
    assert (seen["works"], bool(seen["duty"]), seen["text"]) == (True, True, ticket.text)
    await web("POST", stating(path), unit, WORDS)
    await web("POST", stating(path), SUGGESTED, WORDS | {"text": "不在本区职责内"})
    (seen,) = await heard(web, unit)
    assert [(each["ours"], each["text"]) for each in seen["words"]][1:] == [
        (True, WORDS["text"]),
        (False, "不在本区职责内"),
    ]


async def test_units_are_told_that_they_are_asked(web: Web) -> None:
    ticket, _ = await disputed(web)
    notices = (await web("GET", f"tickets/{ticket.number}", DISPATCHER))["notices"]
    told = {each["unit_name"]: each["text"] for each in notices}
    assert "请在裁定前说明意见" in told[web.desk.lookup.unit(OTHER).name]


async def test_who_is_no_side_hears_and_says_nothing(web: Web) -> None:
    ticket, path = await disputed(web)
    sides = {OTHER, lead_staff(ticket).unit}
    third = next(unit.code for unit in web.desk.lookup.units() if unit.code not in sides)
    stranger = staff(Role.LIAISON, unit=third)
    assert await heard(web, stranger) == []
    with pytest.raises(NotFound):
        await web("POST", stating(path), stranger, WORDS)
    with pytest.raises(NotAllowed):
        await web("POST", stating(path), DISPATCHER, WORDS)


async def test_a_view_needs_words_and_a_clause_and_comes_before_the_ruling(web: Web) -> None:
    _, path = await disputed(web)
    with pytest.raises(Invalid) as missing:
        await web("POST", stating(path), SUGGESTED, {"text": " ", "clause": ""})
    assert missing.value.fields == {"text": "required", "clause": "required"}
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    assert await heard(web, SUGGESTED) == []
    with pytest.raises((NotFound, Conflict)):
        await web("POST", stating(path), SUGGESTED, WORDS)


async def test_of_a_report_a_unit_that_is_only_named_reads_no_word_of_the_citizen(web: Web) -> None:
    text = "我是给他们送货的，投诉张伟明先生，同济路25号旁边每晚都有烧烤档占道经营"
    ticket = await web.desk.open(text, kind=TicketKind.REPORT, secrecy=Secrecy.REPORT, place="同济路25号")
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    form = {"reason_code": "not_our_duty", "clause": "权责清单", "reason": "归区城管", "suggested_unit": OTHER}
    asked = await web("POST", f"{one}/requests", unit, {"kind": "return", "form": form})
    body = {"disputed": True, "form": {"reason": "双方不认领"}}
    await web("POST", f"{one}/requests/{asked['requests'][0]['id']}", DISPATCHER, body)
    (seen,) = await heard(web, SUGGESTED)
    assert seen["text"] == ""
    assert "送货" not in str(seen)
    assert "张伟明" not in str(seen)


async def test_a_dispute_not_ruled_on_within_a_working_day_is_told_once_and_stands_on_the_wall(web: Web) -> None:
    ticket, path = await disputed(web)
    request = path.rsplit("/", 1)[1]
    decide_by = next(r.decide_by for r in (await web.desk.now(ticket)).requests if r.id == request)
    web.desk.clock.advance(decide_by - web.desk.clock.now() - timedelta(minutes=1))
    assert await web.desk.room.rulings.note_late() == 0
    assert numbers(await web("GET", "wall", SUPERVISOR), "waiting")["late_rulings"] == 0
    web.desk.clock.advance(timedelta(minutes=2))
    assert [await web.desk.room.rulings.note_late() for _ in range(2)] == [1, 0]
    (fact,) = await late(web, ticket)
    assert (fact.request, fact.decide_by) == (request, decide_by)
    assert numbers(await web("GET", "wall", SUPERVISOR), "waiting")["late_rulings"] == 1
    (row,) = (await web("GET", "wall/late_rulings", staff(Role.JOINT_OFFICE)))["items"]
    assert (row["ticket"]["number"], row["disputed"]) == (ticket.number, request)
    assert row["reason"].endswith("已过裁决期限")
    (listed,) = (await web("GET", "disputes", SUPERVISOR))["items"]
    assert listed["overdue"] is True
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    assert numbers(await web("GET", "wall", SUPERVISOR), "waiting")["late_rulings"] == 0
