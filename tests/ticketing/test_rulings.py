"""Act first, argue later: both units' duties side by side, the ruling, and the precedent it leaves."""

import pytest

from kernel import cursors
from kernel.errors import Conflict, Invalid, NotAllowed
from kernel.people import Role
from tests.ticketing.city import AGENT, DISPATCHER, SUPERVISOR, Hotline, lead_staff, link, staff
from tests.ticketing.making import GOOD
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, State
from ticketing.model.ticket import Ticket
from ticketing.store import precedents as rows

OTHER = "CC-CG"
RULING = {"lead": OTHER, "supporting": [], "reason": "谁许可谁监管", "clause": "区职责清单第12条"}


@pytest.fixture
def web(desk: Hotline) -> Web:
    return Web(desk)


async def disputed(web: Web) -> tuple[Ticket, str]:
    """The lead gives it back, the dispatcher brings it before the supervisor; gives the path of the dispute."""
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    form = {"reason_code": "not_our_duty", "clause": "镇街权责清单", "reason": "归区城管", "suggested_unit": OTHER}
    seen = await web("POST", f"{one}/requests", unit, {"kind": "return", "form": form})
    request = seen["requests"][0]["id"]
    await web("POST", f"{one}/requests/{request}", DISPATCHER, {"disputed": True, "form": {"reason": "区城管不认领"}})
    return ticket, f"{one}/disputes/{request}"


async def test_both_units_stand_side_by_side_with_what_they_say(web: Web) -> None:
    ticket, path = await disputed(web)
    (row,) = (await web("GET", "disputes", SUPERVISOR))["items"]
    assert (row["ticket"]["number"], row["overdue"]) == (ticket.number, False)
    said = {"unit": OTHER, "text": "镇街有执法权", "clause": "赋权清单"}
    seen = await web("POST", f"{path}/arguments", DISPATCHER, said)
    first, other = seen["sides"]
    assert (first["unit"], first["first"], other["unit"]) == (lead_staff(ticket).unit, True, OTHER)
    assert first["arguments"][0]["text"] == "不属本单位职责：归区城管"
    assert other["arguments"][0]["clause"] == "赋权清单"
    assert first["duty_item"]
    assert other["duties"]


async def test_the_first_receiver_works_meanwhile(web: Web) -> None:
    ticket, _ = await disputed(web)
    unit = lead_staff(ticket)
    await web.desk.act(ticket, Action.ACCEPT, unit)
    begun = await web.desk.act(
        ticket, Action.START, unit, contacted_at=web.desk.clock.now(), contact_how="用办公座机打通并核对了情况"
    )
    assert begun.state is State.IN_PROGRESS
    seen = await web("GET", f"tickets/{ticket.number}", unit)
    assert any("先行办理" in notice["text"] for notice in seen["notices"])


async def test_no_supervisor_takes_it_away_before_the_ruling(web: Web) -> None:
    ticket, path = await disputed(web)
    one = f"tickets/{ticket.number}"
    seen = await web("GET", one, SUPERVISOR)
    assert not {"reassign", "recall"} & {each["action"] for each in seen["actions"]}
    for action, form in (("reassign", {"unit": OTHER, "reason": "先给区城管"}), ("recall", {"reason": "重新研判"})):
        with pytest.raises(Conflict, match="dispute_waits"):
            await web("POST", f"{one}/actions/{action}", SUPERVISOR, {"version": seen["version"], "form": form})
    ruled = await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    assert ruled["unit"] == OTHER
    assert {"reassign", "recall"} <= {each["action"] for each in ruled["actions"]}, "what is ruled may be moved again"


@pytest.mark.parametrize("granted", [True, False])
async def test_what_is_disputed_is_decided_by_a_ruling_only(web: Web, granted: bool) -> None:
    ticket, path = await disputed(web)
    one = f"tickets/{ticket.number}"
    for who, rules in ((SUPERVISOR, True), (staff(Role.JOINT_OFFICE), True), (DISPATCHER, False)):
        (request,) = (await web("GET", one, who))["requests"]
        assert (request["can_decide"], request["can_rule"]) == (False, rules)
        body = {"granted": granted, "form": {"reason": "同意退单", "clause": "第1条"}}
        with pytest.raises(Conflict, match="only_a_ruling_decides"):
            await web("POST", f"{one}/requests/{request['id']}", who, body)
    assert not (await web("GET", "precedents", DISPATCHER, matter=ticket.matter))["items"]
    ruled = await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    assert [(r["can_decide"], r["can_rule"]) for r in ruled["requests"]] == [(False, False)]


async def test_the_ruling_moves_it_and_becomes_a_precedent_shown_at_the_next_one(web: Web) -> None:
    ticket, path = await disputed(web)
    ruled = await web("POST", f"{path}/ruling", SUPERVISOR, RULING | {"supporting": [lead_staff(ticket).unit]})
    assert ruled["unit"] == OTHER
    assert {a["role"] for a in ruled["assignments"] if not a["ended_at"]} == {"lead", "supporting"}
    (precedent,) = (await web("GET", "precedents", DISPATCHER, matter=ticket.matter))["items"]
    assert (precedent["lead"], precedent["clause"]) == (OTHER, RULING["clause"])
    assert list(precedent["units"]) == [lead_staff(ticket).unit, OTHER]
    _, again = await disputed(web)
    seen = await web("GET", again, SUPERVISOR)
    assert [p["ticket"] for p in seen["precedents"]] == [ticket.number]
    assert not (await web("GET", "precedents", DISPATCHER, matter="street-lamp"))["items"]


async def test_precedents_are_found_by_words_units_and_matters(web: Web) -> None:
    ticket, path = await disputed(web)
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    name, matter = web.desk.lookup.unit(OTHER).name, web.desk.room.queries.matter_name(ticket.matter)
    for words in ("谁许可", "第12条", ticket.number, name[-6:], matter):
        assert len((await web("GET", "precedents", DISPATCHER, q=words))["items"]) == 1, words
    assert not (await web("GET", "precedents", DISPATCHER, q="没有这样的话"))["items"]


@pytest.mark.parametrize("cursor", ["nothing", cursors.written(["a", "b"])])
async def test_a_cursor_that_is_not_ours_is_refused(web: Web, cursor: str) -> None:
    with pytest.raises(Invalid):
        await web("GET", "precedents", DISPATCHER, cursor=cursor)


async def test_rulings_are_read_page_by_page(web: Web) -> None:
    for _ in range(2):
        _, path = await disputed(web)
        await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    first = await web("GET", "precedents", DISPATCHER, limit="1")
    last = await web("GET", "precedents", DISPATCHER, limit="1", cursor=first["next"])
    assert len({page["items"][0]["id"] for page in (first, last)}) == 2
    assert last["next"] is None


async def test_a_ruling_against_the_catalogue_is_a_candidate_to_amend_it(web: Web) -> None:
    _, path = await disputed(web)
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    (found,) = (await web("GET", "precedents", SUPERVISOR, amendment="candidate"))["items"]
    adopted = {"amendment": "adopted", "note": "列入下次修订"}
    done = await web("POST", f"precedents/{found['id']}/amendment", SUPERVISOR, adopted)
    assert (done["amendment_label"], done["note"]) == ("已采纳修订", "列入下次修订")
    assert not (await web("GET", "precedents", SUPERVISOR, amendment="candidate"))["items"]


async def test_the_first_receiver_can_be_told_to_go_on_with_a_helper(web: Web) -> None:
    ticket, path = await disputed(web)
    unit = lead_staff(ticket).unit
    ruled = await web("POST", f"{path}/ruling", SUPERVISOR, RULING | {"lead": unit, "supporting": [OTHER]})
    assert (ruled["unit"], ruled["requests"][0]["state"]) == (unit, "refused")
    assert [a["unit"] for a in ruled["assignments"] if a["role"] == "supporting"] == [OTHER]
    (precedent,) = (await web("GET", "precedents", DISPATCHER, matter=ticket.matter))["items"]
    assert (precedent["lead"], precedent["amendment"]) == (unit, "none")


async def test_only_supervisors_rule_and_only_once_and_with_a_clause(web: Web) -> None:
    _, path = await disputed(web)
    with pytest.raises(NotAllowed):
        await web("POST", f"{path}/ruling", DISPATCHER, RULING)
    with pytest.raises(Invalid) as error:
        await web("POST", f"{path}/ruling", SUPERVISOR, RULING | {"clause": " "})
    assert error.value.fields == {"clause": "required"}
    await web("POST", f"{path}/ruling", staff(Role.JOINT_OFFICE), RULING)
    with pytest.raises(Conflict):
        await web("POST", f"{path}/ruling", SUPERVISOR, RULING)
    with pytest.raises(NotAllowed):
        await web("POST", f"{path}/arguments", AGENT, {"unit": OTHER, "text": "x"})


async def test_a_request_is_not_granted_and_disputed_at_once(web: Web) -> None:
    ticket = await web.desk.open()
    unit, one = lead_staff(ticket), f"tickets/{ticket.number}"
    form = {"reason_code": "not_our_duty", "clause": "镇街权责清单", "reason": "归区城管", "suggested_unit": OTHER}
    seen = await web("POST", f"{one}/requests", unit, {"kind": "return", "form": form})
    both = {"granted": True, "disputed": True, "form": {"reason": "同意"}}
    with pytest.raises(Invalid) as error:
        await web("POST", f"{one}/requests/{seen['requests'][0]['id']}", DISPATCHER, both)
    assert error.value.fields == {"disputed": "granted_too"}
    assert (await web("GET", one, DISPATCHER))["requests"][0]["state"] == "open"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"lead": "nobody"}, {"lead": "unknown"}),
        ({"supporting": ["nobody"]}, {"supporting": "unknown"}),
        ({"lead": "", "supporting": ["nobody"]}, {"supporting": "unknown"}),
    ],
)
async def test_what_is_wrong_with_a_ruling_is_told_of_its_own_field(
    web: Web, wrong: dict[str, object], field: dict[str, str]
) -> None:
    ticket, path = await disputed(web)
    first = {"lead": lead_staff(ticket).unit} if wrong.get("lead") == "" else {}
    with pytest.raises(Invalid) as error:
        await web("POST", f"{path}/ruling", SUPERVISOR, RULING | wrong | first)
    assert error.value.fields == field


async def test_a_helper_that_is_none_is_told_of_as_a_helper_where_the_lead_stays(web: Web) -> None:
    ticket, path = await disputed(web)
    lead = lead_staff(ticket).unit
    with pytest.raises(Invalid) as error:
        await web("POST", f"{path}/ruling", SUPERVISOR, RULING | {"lead": lead, "supporting": [""]})
    assert error.value.fields == {"supporting": "required"}


async def reread(web: Web) -> None:
    """What the loop of the catalogue does when it is rung for."""
    async with web.desk.database.reading() as tx:
        await web.desk.room.catalogue.read_rulings(tx)


async def ruled_for(web: Web, lead: str) -> tuple[Ticket, str]:
    """A dispute that was ruled on; gives the ticket and the id of the precedent, which the catalogue knows of."""
    ticket, path = await disputed(web)
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING | {"lead": lead or lead_staff(ticket).unit})
    await reread(web)
    (found,) = (await web("GET", "precedents", DISPATCHER, matter=ticket.matter))["items"]
    return ticket, found["id"]


async def test_the_next_of_the_same_matter_and_town_waits_and_proposes_the_unit_of_the_ruling(web: Web) -> None:
    before, _ = await ruled_for(web, OTHER)
    ticket = await web.desk.open()
    assert (ticket.matter, ticket.state, ticket.lead) == (before.matter, State.TRIAGE, None)
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    decision = seen["decision"]
    assert (decision["automatic"], list(decision["precedents"])) == (False, [before.number])
    best, loser = decision["candidates"][:2]
    assert (best["unit"], loser["unit"], loser["score"]) == (OTHER, lead_staff(before).unit, 0)
    assert best["duty"].endswith("：裁决先例")
    name = web.desk.lookup.unit(OTHER).name
    assert f"裁决先例（{before.number}）：由{name}主办，依据：{RULING['clause']}" in decision["lines"]
    (dispatch,) = (each for each in seen["actions"] if each["action"] == "dispatch")
    assert next(f["value"] for f in dispatch["fields"] if f["name"] == "unit") == OTHER


async def test_a_ruling_for_the_first_receiver_is_told_and_sends_the_next_there(web: Web) -> None:
    before, _ = await ruled_for(web, "")
    ticket = await web.desk.open()
    assert lead_staff(ticket).unit == lead_staff(before).unit
    seen = await web("GET", f"tickets/{ticket.number}", DISPATCHER)
    assert list(seen["decision"]["precedents"]) == [before.number]


async def test_a_ruling_says_nothing_of_another_town(web: Web) -> None:
    await ruled_for(web, OTHER)
    ticket = await web.desk.open(place="石湾镇街道江湾路")
    assert ticket.lead is not None
    assert not (await web("GET", f"tickets/{ticket.number}", DISPATCHER))["decision"]["precedents"]


async def test_a_ruling_the_catalogue_was_kept_against_is_followed_no_more(web: Web) -> None:
    before, precedent = await ruled_for(web, OTHER)
    dropped = {"amendment": "dropped", "note": "个案"}
    await web("POST", f"precedents/{precedent}/amendment", SUPERVISOR, dropped)
    await reread(web)
    assert lead_staff(await web.desk.open()).unit == lead_staff(before).unit


async def test_the_ruling_of_a_unit_that_is_no_more_still_keeps_the_machine_from_the_loser(web: Web) -> None:
    before, precedent = await ruled_for(web, OTHER)
    async with web.desk.database.transaction() as tx:
        await tx.execute(rows.precedents.update().where(rows.precedents.c.id == precedent).values(id="z", lead="GONE"))
    await reread(web)
    reading = web.desk.room.deciding.reread(before)
    assert (reading.decision.automatic, reading.decision.candidates[0].unit) == (False, lead_staff(before).unit)


@pytest.mark.parametrize("moves", [True, False])
async def test_a_dispute_outlives_the_work_and_its_ruling_is_a_precedent_alone(web: Web, moves: bool) -> None:
    ticket, path = await disputed(web)
    first = lead_staff(ticket).unit
    await web.desk.to_reply(ticket)
    ticket = await web.desk.act(ticket, Action.RATE, link(ticket), **GOOD)
    assert ticket.state is State.CLOSED
    (row,) = (await web("GET", "disputes", SUPERVISOR))["items"]
    assert row["ticket"]["number"] == ticket.number
    lead = OTHER if moves else first
    await web("POST", f"{path}/ruling", SUPERVISOR, RULING | {"lead": lead})
    after = await web.desk.now(ticket)
    assert (after.state, after.lead) == (State.CLOSED, ticket.lead)
    assert not (await web("GET", "disputes", SUPERVISOR))["items"]
    (precedent,) = (await web("GET", "precedents", DISPATCHER, matter=ticket.matter))["items"]
    assert precedent["lead"] == lead
