"""Many tickets at once: each told how it went, none stopped by another, nothing done twice."""

from dataclasses import replace

import pytest

from kernel.errors import Invalid, NotAllowed
from tests.ticketing.city import AGENT, DISPATCHER, VENDING, Hotline, address, lead_staff
from tests.ticketing.test_api import Web
from ticketing import batching
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import Action, State
from ticketing.model.ticket import Ticket
from ticketing.rules.certain import MOSTLY, doubts, is_certain

BATCH = "batches/tickets"


@pytest.fixture
def web(desk: Hotline) -> Web:
    # The machine sends nothing by itself, so that what is certain waits to be confirmed.
    desk.room.deciding._threshold = lambda: 1.01
    return Web(desk)


async def waiting(web: Web, many: int) -> list[Ticket]:
    return [await web.desk.open(f"{VENDING}，第{n}晚") for n in range(many)]


async def test_thirty_certain_tickets_are_confirmed_in_one_request(web: Web) -> None:
    tickets = await waiting(web, 30)
    assert {ticket.state for ticket in tickets} == {State.TRIAGE}
    page = await web("GET", "proposals", DISPATCHER)
    assert page["total"] == 30
    first = page["items"][0]
    assert first["unit_name"] == web.desk.lookup.unit(first["unit"]).name
    assert first["lines"][0].startswith("因为：")
    assert first["said"] == f"{VENDING}，第0晚"
    items = [
        {"number": p["ticket"]["number"], "version": p["ticket"]["version"], "form": {"unit": p["unit"]}}
        for p in page["items"]
    ]
    told = await web("POST", BATCH, DISPATCHER, {"action": "dispatch", "items": items})
    assert (told["done"], told["failed"]) == (30, 0)
    assert {row["state_label"] for row in told["items"]} == {"已派单待签收"}
    assert (await web("GET", "proposals", DISPATCHER))["total"] == 0


async def test_proposals_are_read_page_by_page_beyond_what_is_looked_at_at_once(
    web: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ticketing.batching.LOOKED_AT", 2)
    tickets = await waiting(web, 7)
    read: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await web("GET", "proposals", DISPATCHER, cursor=cursor, limit=3)
        if not read:
            assert page["total"] == 7
            # One that goes meanwhile shifts nothing: the next page goes on behind the last row read.
            await web.desk.act(tickets[0], Action.ASK_INFO, DISPATCHER, question="几点？")
        read += [each["ticket"]["number"] for each in page["items"]]
        cursor = page["next"]
    assert read == [ticket.number for ticket in tickets]
    with pytest.raises(Invalid):
        await web("GET", "proposals", DISPATCHER, cursor="12")


async def test_one_that_fails_stops_no_other_and_says_why(web: Web) -> None:
    one, two, three = await waiting(web, 3)
    await web.desk.act(two, Action.ASK_INFO, DISPATCHER, question="几点？")
    unit = "CC-ZM"
    items = [
        {"number": t.number, "version": t.version, "form": {"unit": u}}
        for t, u in ((one, ""), (two, unit), (three, unit))
    ]
    told = await web("POST", BATCH, DISPATCHER, {"action": "dispatch", "items": items})
    assert [(row["done"], row["code"]) for row in told["items"]][1:] == [(False, "ticket_changed"), (True, "")]
    assert told["items"][0]["fields"] == {"unit": "required"}
    assert (await web.desk.now(three)).state is State.DISPATCHED


async def test_sent_again_after_a_break_what_was_done_is_told_as_done(web: Web) -> None:
    (ticket,) = await waiting(web, 1)
    item = {"number": ticket.number, "version": ticket.version, "form": {"unit": "CC-ZM"}}
    form = {"action": "dispatch", "items": [item]}
    assert (await web("POST", BATCH, DISPATCHER, form))["done"] == 1
    version = (await web.desk.now(ticket)).version
    assert (await web("POST", BATCH, DISPATCHER, form))["done"] == 1
    assert (await web.desk.now(ticket)).version == version
    colleague = replace(DISPATCHER, id="dispatcher-2")
    assert (await web("POST", BATCH, colleague, form))["items"][0]["code"] == "ticket_changed"


async def test_a_unit_signs_many_and_merging_takes_many(desk: Hotline) -> None:
    web = Web(desk)
    tickets = [await desk.open(f"{VENDING}，第{n}晚") for n in range(3)]
    unit = lead_staff(tickets[0])
    items = [{"number": t.number, "version": t.version} for t in tickets]
    assert (await web("POST", BATCH, unit, {"action": "accept", "items": items}))["done"] == 3
    parent, *rest = [await desk.now(t) for t in tickets]
    form = {"parent": parent.number, "reason": "同一处占道"}
    merge = [{"number": t.number, "version": t.version, "form": form} for t in rest]
    assert (await web("POST", BATCH, AGENT, {"action": "merge", "items": merge}))["done"] == 2
    seen = await web("GET", f"tickets/{parent.number}", DISPATCHER)
    assert [m["number"] for m in seen["merged"]] == [t.number for t in rest]
    undo = [{"number": m["number"], "version": m["version"], "form": {"reason": "不是同一处"}} for m in seen["merged"]]
    assert (await web("POST", BATCH, DISPATCHER, {"action": "unmerge", "items": undo}))["done"] == 2
    assert (await web("GET", f"tickets/{parent.number}", DISPATCHER))["merged"] == []


async def test_what_takes_thought_is_not_done_in_batches(desk: Hotline) -> None:
    web = Web(desk)
    with pytest.raises(Invalid):
        await web("POST", BATCH, DISPATCHER, {"action": "release", "items": [{"number": "x", "version": 1}]})
    with pytest.raises(Invalid):
        await web("POST", BATCH, DISPATCHER, {"action": "dispatch", "items": []})
    with pytest.raises(NotAllowed):
        await web("GET", "proposals", AGENT)


async def test_a_page_looks_at_so_many_and_the_next_goes_on(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "LOOKED_AT", 2)
    monkeypatch.setattr(batching, "LOOKED_AT_MOST", 4)
    for at in range(6):
        await web.desk.open("这里有问题，请派人来看看", place="祖庙街道同济路", address=address(f"vague {at}"))
    sure = await web.desk.open(place="同济路25号", address=address("sure"))
    first = await web("GET", "proposals", DISPATCHER)
    assert (first["items"], bool(first["next"])) == ([], True)
    last = await web("GET", "proposals", DISPATCHER, cursor=first["next"])
    assert [each["ticket"]["number"] for each in last["items"]] == [sure.number]


def test_a_rival_an_open_matter_or_a_coordinating_unit_is_not_certain() -> None:
    sure = Candidate("a", 0.8, "item")
    known = DispatchDecision(False, (sure,), matter="m")
    assert is_certain(known)
    assert is_certain(replace(known, candidates=(sure, Candidate("b", 0.1, "item"))))
    assert not is_certain(replace(known, automatic=True))
    assert not is_certain(replace(known, matter=""))
    assert not is_certain(replace(known, candidates=(sure, Candidate("b", 0.4, "item"))))
    assert not is_certain(replace(known, candidates=(Candidate("a", 0.44, "item"),)))
    assert not is_certain(replace(known, candidates=(replace(sure, doubtful=True),)))
    assert not is_certain(replace(known, candidates=(Candidate("a", 0.8),)))
    assert not is_certain(None)


def test_what_is_not_mostly_sure_says_why_in_words() -> None:
    best = Candidate("a", MOSTLY, "item")
    known = DispatchDecision(False, (best, Candidate("b", 0.2, "item")), matter="m", sureness=0.6)
    assert doubts(known, str.upper) == ()
    near = replace(known, candidates=(replace(best, confidence=0.6), *known.candidates[1:]))
    assert doubts(near, str.upper) == ("事项本身把握只有60%", "也可能由B负责（20%）")
    lonely = replace(near, candidates=near.candidates[:1], sureness=0.9)
    assert doubts(lonely, str.upper) == ("综合职责、地点和以往办理情况，把握只有60%",)
    coarse = replace(lonely, candidates=(replace(lonely.candidates[0], doubtful=True),))
    assert doubts(coarse, str.upper) == ("地点未能确定，或只找到统筹单位",)
