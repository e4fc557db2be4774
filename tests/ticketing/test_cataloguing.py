"""Matters changed one by one: previewed, at once or from a day on, undone; the dispatcher follows; so do rulings."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from directory.model import Level
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.people import Role
from tests.schedule import local
from tests.ticketing.city import ADMIN, AGENT, DISPATCHER, SUPERVISOR, City, Hotline, staff
from tests.ticketing.test_api import Web
from ticketing.model.duties import Matter
from ticketing.model.labels import Action
from ticketing.model.rulings import Amendment, Precedent
from ticketing.rules.dispatch import Where
from ticketing.rules.exceptions import exception_at
from ticketing.store import matterchanges as changes
from ticketing.store import matters as matter_rows
from ticketing.store import precedents

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

CODE = "litter"
TODAY, LATER = "2026-03-16", "2026-03-23"


@pytest.fixture
async def web(desk: Hotline) -> Web:
    """The routes over a catalogue that is kept; its model is the session's."""
    async with desk.database.transaction() as tx:
        await matter_rows.replace_all(tx, tuple(desk.room.catalogue._matters.values()), desk.clock.now())
    return Web(desk)


async def follow(desk: Hotline) -> None:
    """What every process does when the catalogue has changed, without training: that is tested with the classifier."""
    async with desk.database.reading() as tx:
        found = await matter_rows.all_matters(tx)
        retired = await changes.all_retired(tx)
    desk.room.catalogue._matters = {matter.code: matter for matter in found}
    desk.room.catalogue._retired = {each.matter.code: each for each in retired}


def form_of(matter: dict[str, Any], **more: Any) -> dict[str, Any]:
    plain = (
        *("level1", "level2", "name", "keywords", "examples", "kind", "function", "owner_level", "needs_power"),
        *("urgency", "asks", "basis"),
    )
    return {name: matter[name] for name in plain} | {"supports": [each["code"] for each in matter["supports"]]} | more


async def order(web: Web, code: str = CODE, day: str = TODAY, kind: str = "edit", **more: Any) -> dict[str, Any]:
    matter = await web("GET", f"catalogue/matters/{code}", ADMIN)
    return {
        "kind": kind, "code": code, "valid_from": day, "why": "职责调整通知", "version": matter["version"],
        "matter": form_of(matter, **more),
    }  # fmt: skip


def matter_of(desk: Hotline, code: str = CODE) -> Matter:
    return desk.room.catalogue.matter(code)


async def test_the_tree_is_searched_by_words_and_groups(web: Web) -> None:
    whole = await web("GET", "catalogue/matters", ADMIN, limit=200)
    assert whole["total"] == len(whole["items"]) > 50
    found = await web("GET", "catalogue/matters", ADMIN, q="街道脏")
    assert [each["code"] for each in found["items"]] == [CODE]


async def test_a_matter_tells_who_leads_it_where(web: Web) -> None:
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert (view["name"], view["function_name"] != "", view["history"]) == ("道路保洁", True, [])
    assert view["led_by"]
    with pytest.raises(NotFound):
        await web("GET", "catalogue/matters/none", ADMIN)


async def test_an_edit_takes_effect_at_once_for_the_dispatcher(web: Web) -> None:
    made = await web("POST", "catalogue/changes", ADMIN, await order(web, function="telecom", owner_level="city"))
    assert (made["state"], made["kind_label"]) == ("done", "修改")
    assert {each["name"] for each in made["fields"]} >= {"负责职能"}
    await follow(web.desk)
    ticket = await web.desk.open("同济路25号街道脏", AGENT, matter=CODE)
    assert ticket.lead is not None
    assert "telecom" in web.desk.lookup.unit(ticket.lead.unit).functions


async def test_a_change_of_a_coming_day_waits_for_it(web: Web) -> None:
    made = await web("POST", "catalogue/changes", ADMIN, await order(web, day=LATER, name="道路清扫保洁"))
    assert made["state"] == "waiting"
    assert (await web("GET", f"catalogue/matters/{CODE}", ADMIN))["name"] == "道路保洁"
    (row,) = (await web("GET", "catalogue/matters", ADMIN, q="道路保洁"))["items"]
    assert row["waiting"] == 1
    assert await web.desk.room.cataloguing.take_effect() == 0
    web.desk.clock.set(local("2026-03-23 00:00"))
    assert await web.desk.room.cataloguing.take_effect() == 1
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert (view["name"], view["history"][0]["state"]) == ("道路清扫保洁", "done")


async def test_a_waiting_change_is_cancelled_but_not_one_in_force(web: Web) -> None:
    made = await web("POST", "catalogue/changes", ADMIN, await order(web, day=LATER, name="道路清扫保洁"))
    gone = await web("POST", f"catalogue/changes/{made['id']}/cancel", ADMIN)
    assert gone["state"] == "cancelled"
    with pytest.raises(Conflict):
        await web("POST", f"catalogue/changes/{made['id']}/cancel", ADMIN)
    web.desk.clock.set(local("2026-03-23 00:00"))
    assert await web.desk.room.cataloguing.take_effect() == 0


async def test_a_waiting_change_of_a_matter_that_was_changed_otherwise_is_given_up(web: Web) -> None:
    await web("POST", "catalogue/changes", ADMIN, await order(web, day=LATER, name="道路清扫保洁"))
    await web("POST", "catalogue/changes", ADMIN, await order(web, name="街道保洁"))
    web.desk.clock.set(local("2026-03-23 00:00"))
    assert await web.desk.room.cataloguing.take_effect() == 0
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert (view["name"], [each["state"] for each in view["history"]]) == ("街道保洁", ["done", "cancelled"])


async def test_the_last_change_is_undone_once(web: Web) -> None:
    await web("POST", "catalogue/changes", ADMIN, await order(web, name="道路清扫保洁"))
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert view["can_undo"] is True
    web.desk.clock.advance(timedelta(minutes=1))
    undo = {"why": "改错了", "version": view["version"]}
    await web("POST", f"catalogue/matters/{CODE}/undo", ADMIN, undo)
    after = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert (after["name"], after["can_undo"]) == ("道路保洁", False)
    assert [each["kind_label"] for each in after["history"]] == ["撤销上次修改", "修改"]
    with pytest.raises(Conflict):
        await web("POST", f"catalogue/matters/{CODE}/undo", ADMIN, undo | {"version": after["version"]})


async def test_a_preview_shows_tickets_that_would_have_gone_elsewhere(web: Web) -> None:
    ticket = await web.desk.open("同济路25号街道脏", AGENT, matter=CODE)
    assert ticket.lead is not None
    seen = await web("POST", "catalogue/preview", ADMIN, await order(web, function="telecom", owner_level="city"))
    (flow,) = seen["flows"]
    assert flow["before_name"] == web.desk.lookup.unit(ticket.lead.unit).name
    assert (flow["open"], flow["closed"], seen["tickets"], seen["learns"]) == (1, 0, 1, False)
    words = await web("POST", "catalogue/preview", ADMIN, await order(web, keywords=["扫地", "清扫"]))
    assert (words["flows"], words["learns"]) == ([], True)
    assert (await web("GET", f"catalogue/matters/{CODE}", ADMIN))["history"] == []


async def test_a_change_that_leaves_enforcement_without_power_is_refused(web: Web) -> None:
    """Never enforcement to a unit without the power: who coordinates the place does not count."""
    wrong = await order(web, function="telecom", owner_level="city", needs_power="fire_enforcement")
    seen = await web("POST", "catalogue/preview", ADMIN, wrong)
    assert set(seen["nobody"]) == {town.name for town in web.desk.lookup.areas(Level.TOWN)}
    with pytest.raises(Conflict) as refused:
        await web("POST", "catalogue/changes", ADMIN, wrong)
    assert refused.value.code == "coverage_broken"


async def test_a_matter_is_added_beside_its_group(web: Web) -> None:
    new = await order(web, kind="add", name="积水清扫", keywords=["积水"]) | {"code": "road-puddle"}
    await web("POST", "catalogue/changes", ADMIN, new)
    items = (await web("GET", "catalogue/matters", ADMIN, limit=200))["items"]
    codes = [each["code"] for each in items]
    assert items[codes.index("road-puddle")]["level2"] == items[codes.index("road-puddle") - 1]["level2"]
    with pytest.raises(Invalid) as taken:
        await web("POST", "catalogue/changes", ADMIN, new | {"version": 2})
    assert taken.value.fields == {"code": "code_taken"}


async def test_a_retired_matter_keeps_its_tickets_and_sends_new_ones_to_its_successor(web: Web) -> None:
    before = await web.desk.open("同济路25号街道脏", AGENT, matter=CODE)
    retire = await order(web, kind="retire") | {"matter": None, "successor": "street-vending"}
    await web("POST", "catalogue/changes", ADMIN, retire)
    await follow(web.desk)
    (row,) = (await web("GET", "catalogue/matters", ADMIN, q="街道脏"))["items"]
    assert (row["code"], row["retired"]) == (CODE, True)
    seen = await web("GET", f"tickets/{before.number}", DISPATCHER)
    assert (seen["matter"], seen["matter_name"]) == (CODE, "道路保洁")
    await web.desk.act(before, Action.RECALL, DISPATCHER, reason="核对事项")
    assert (await web.desk.now(before)).matter == CODE
    after = await web.desk.open("同济路25号街道脏", AGENT, matter=CODE, contact="13900139000")
    assert after.matter == "street-vending"
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert (view["retired"], view["successor_name"]) == (True, "占道经营")
    await web("POST", f"catalogue/matters/{CODE}/undo", ADMIN, {"why": "恢复", "version": view["version"]})
    await follow(web.desk)
    again = await web.desk.open("同济路25号街道脏", AGENT, matter=CODE, contact="13700137000")
    assert again.matter == CODE


@pytest.mark.parametrize(
    ("more", "fields"),
    [
        ({"name": " "}, {"name": "required"}),
        ({"keywords": []}, {"keywords": "required"}),
        ({"keywords": ["a|b"]}, {"keywords": "wrong"}),
        ({"function": "magic"}, {"function": "unknown_function"}),
        ({"needs_power": "magic"}, {"needs_power": "unknown_power"}),
        ({"supports": ["magic"]}, {"supports": "unknown_function"}),
        ({"examples": ["长" * 501]}, {"examples": "too_long"}),
        ({"leads": [{"area": "9", "unit": "FS-JJ"}]}, {"leads": "unknown_area"}),
        ({"leads": [{"area": "440604", "unit": "XX"}]}, {"leads": "unknown_unit"}),
        ({}, {"name": "nothing_changed"}),
    ],
)
async def test_a_wrong_matter_is_refused_by_its_field(web: Web, more: dict[str, Any], fields: dict[str, str]) -> None:
    for path in ("preview", "changes"):
        with pytest.raises(Invalid) as refused:
            await web("POST", f"catalogue/{path}", ADMIN, await order(web, **more))
        assert refused.value.fields == fields


async def test_a_change_needs_a_reason_a_day_and_the_version_that_was_previewed(web: Web) -> None:
    good = await order(web, name="街道保洁")
    wrongs = ({"why": " "}, {"why": "required"}), ({"valid_from": "2026-03-15"}, {"valid_from": "in_the_past"})
    for more, fields in wrongs:
        with pytest.raises(Invalid) as refused:
            await web("POST", "catalogue/changes", ADMIN, good | more)
        assert refused.value.fields == fields
    with pytest.raises(Conflict) as stale:
        await web("POST", "catalogue/changes", ADMIN, good | {"version": 0})
    assert stale.value.code == "matters_changed"
    for successor, code in (("", "required"), (CODE, "is_itself"), ("none", "unknown_matter")):
        retire = await order(web, kind="retire") | {"matter": None, "successor": successor}
        with pytest.raises(Invalid) as wrong:
            await web("POST", "catalogue/changes", ADMIN, retire)
        assert wrong.value.fields == {"successor": code}


# -- rulings --------------------------------------------------------------------------------------------


async def ruling(desk: Hotline, lead: str, area: str = "440604") -> str:
    said = Precedent(
        "r1", "12345260316000001", "q1", CODE, area, ("FS-JJ",), lead, (), "由其主办", "三定方案第二条",
        desk.clock.now(), "s", Amendment.CANDIDATE,
    )  # fmt: skip
    async with desk.database.transaction() as tx:
        await precedents.add(tx, said)
    return said.id


async def test_a_ruling_is_taken_over_with_one_click_and_the_dispatcher_follows(web: Web) -> None:
    id_ = await ruling(web.desk, "FS-GX")
    (said,) = (await web("GET", "catalogue/rulings", ADMIN))["items"]
    assert (said["lead_name"], said["matter_name"]) == (web.desk.lookup.unit("FS-GX").name, "道路保洁")
    await web("POST", f"catalogue/rulings/{id_}", ADMIN, {"adopt": True})
    await follow(web.desk)
    matter = matter_of(web.desk)
    where = Where(web.desk.lookup.lineage("440604"))
    lead = exception_at(matter, where, web.desk.room.cataloguing.unit_of)
    assert lead is not None
    assert (lead.unit, lead.basis, lead.precedent) == ("FS-GX", "三定方案第二条", id_)
    there = await web.desk.open("禅城区街道脏", AGENT, matter=CODE, area="440604", place="禅城区")
    assert there.lead is not None
    assert (there.lead.unit, there.duty_item) == ("FS-GX", f"{CODE}/ruling@FS-GX")
    other = await web.desk.open(
        "高明区街道脏", AGENT, matter=CODE, area="440608", place="高明区", contact="13900139000"
    )
    assert other.lead is None or other.lead.unit != "FS-GX"
    assert (await web("GET", "catalogue/rulings", ADMIN))["items"] == []
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert [each["unit"] for each in view["leads"]] == ["FS-GX"]
    assert view["history"][0]["kind_label"] == "采纳裁定"
    with pytest.raises(Conflict):
        await web("POST", f"catalogue/rulings/{id_}", ADMIN, {"adopt": True})


async def test_a_ruling_for_a_unit_without_the_power_is_not_taken_over(web: Web) -> None:
    async with web.desk.database.transaction() as tx:
        said = Precedent(
            "r2", "12345260316000002", "q2", "street-vending", "440604", (), "FS-GX", (), "由其主办", "条款",
            web.desk.clock.now(), "s", Amendment.CANDIDATE,
        )  # fmt: skip
        await precedents.add(tx, said)
    with pytest.raises(Invalid) as refused:
        await web("POST", "catalogue/rulings/r2", ADMIN, {"adopt": True})
    assert refused.value.fields == {"leads": "lacks_power"}
    assert len((await web("GET", "catalogue/rulings", ADMIN))["items"]) == 1


async def test_a_ruling_is_dismissed_with_a_reason(web: Web) -> None:
    id_ = await ruling(web.desk, "FS-GX")
    with pytest.raises(Invalid) as refused:
        await web("POST", f"catalogue/rulings/{id_}", ADMIN, {"adopt": False})
    assert refused.value.fields == {"why": "required"}
    await web("POST", f"catalogue/rulings/{id_}", ADMIN, {"adopt": False, "why": "个案"})
    found = await web("GET", "precedents", ADMIN, amendment="dropped")
    assert [each["note"] for each in found["items"]] == ["个案"]


async def test_only_administrators_change_the_catalogue(web: Web) -> None:
    form = await order(web, name="街道保洁")
    for by in (DISPATCHER, SUPERVISOR, AGENT, staff(Role.LIAISON, unit="GM-RS"), staff(Role.EDITOR)):
        with pytest.raises(NotAllowed):
            await web("GET", "catalogue/matters", by)
        with pytest.raises(NotAllowed):
            await web("POST", "catalogue/changes", by, form)


async def test_loading_a_sheet_keeps_what_rulings_said(web: Web, city: City) -> None:
    await ruling(web.desk, "FS-GX")
    await web("POST", "catalogue/rulings/r1", ADMIN, {"adopt": True})
    changed = tuple(replace(m, name="街道保洁") if m.code == CODE else m for m in city.matters)
    async with web.desk.database.transaction() as tx:
        await web.desk.room.importer.keep(tx, changed, ADMIN)
    view = await web("GET", f"catalogue/matters/{CODE}", ADMIN)
    assert (view["name"], [each["unit"] for each in view["leads"]]) == ("街道保洁", ["FS-GX"])
