"""The administrators' routes for member units, as the house calls them."""

from typing import Any

import pytest

from directory.model import Level
from kernel.errors import Conflict, NotAllowed
from kernel.people import Role
from kernel.room import Download
from tests.ticketing.city import ADMIN, AGENT, DISPATCHER, Hotline, address, staff
from tests.ticketing.test_api import Web

# What differs between databases is tested where units change; the routes read and pass on.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MERGE: dict[str, Any] = {
    "kind": "merge",
    "units": ["GM-RS", "GM-JY"],
    "into": [{"code": "GM-RS", "functions": ["education"], "powers": ["education_enforcement"]}],
    "why": "机构改革方案",
}


@pytest.fixture
async def web(desk: Hotline) -> Web:
    """The routes over a directory that can be changed, with one open ticket."""
    await desk.load_city()
    await desk.open("补课乱收费", AGENT, matter="tutoring", area="440608", place="高明区", address=address("one"))
    return Web(desk)


async def test_units_are_listed_as_a_tree_page_by_page(web: Web) -> None:
    page = await web("GET", "directory/units", ADMIN, limit=2)
    top, below = page["items"]
    assert (top["depth"], below["depth"], below["parent"]["code"]) == (0, 1, top["code"])
    codes = [top["code"], below["code"]]
    while page["next"]:
        page = await web("GET", "directory/units", ADMIN, limit=50, cursor=page["next"])
        codes += [row["code"] for row in page["items"]]
    assert sorted(codes) == sorted(unit.code for unit in web.desk.lookup.units())
    assert page["total"] == len(codes)


async def test_a_row_says_duties_parent_people_and_open_tickets(web: Web) -> None:
    (row,) = (await web("GET", "directory/units", ADMIN, q="高明区教育"))["items"]
    assert (row["code"], row["tickets"], row["people"], row["parent"]["code"]) == ("GM-JY", 1, 0, "FS-JY")
    assert row["functions"] == [{"code": "education", "name": "教育"}]
    assert row["areas"] == [{"code": "440608", "name": "高明区"}]
    found = await web("GET", "directory/units", ADMIN, level="town", area="440608", function="grassroots")
    assert [each["code"] for each in found["items"]] == ["GM-HC"]


async def test_a_change_is_previewed_then_made_then_told(web: Web) -> None:
    preview = await web("POST", "directory/changes/preview", ADMIN, MERGE)
    assert [(unit["code"], unit["fate"]) for unit in preview["units"]] == [("GM-RS", "changed"), ("GM-JY", "retired")]
    assert preview["units"][0]["gained"] == ["教育", "教育行政执法"]
    flow = {"unit_name": web.desk.lookup.unit("GM-JY").name, "to_name": web.desk.lookup.unit("GM-RS").name}
    assert preview["flows"] == [flow | {"many": 1}]
    assert preview["shifts"][0]["to_name"] == flow["to_name"]
    assert (preview["tickets"], preview["broken"], preview["alone"]) == (1, [], [flow["to_name"]])
    made = await web("POST", "directory/changes", ADMIN, {"order": MERGE, "version": preview["version"]})
    assert (made["kind_label"], made["by"], made["tickets"], made["left"]) == ("合并", "管理员", 1, 1)
    await web.desk.room.following.step()
    (told,) = (await web("GET", "directory/changes", ADMIN))["items"]
    assert (told["id"], told["left"], told["why"]) == (made["id"], 0, "机构改革方案")
    (gone,) = (await web("GET", "directory/units", ADMIN, retired=True))["items"]
    assert (gone["code"], gone["successor"]["code"], gone["active"]) == ("GM-JY", "GM-RS", False)
    (found,) = (await web("GET", "directory/units", ADMIN, q="高明区教育"))["items"]
    assert (found["code"], found["tickets"]) == ("GM-RS", 1)


async def test_what_would_break_is_listed_by_matter_and_towns(web: Web) -> None:
    form = {"kind": "close", "units": ["FS-GJ"], "into": [{"code": "FS-MZ"}], "why": "撤销"}
    preview = await web("POST", "directory/changes/preview", ADMIN, form)
    assert {"住房公积金"} <= {name for unit in preview["units"] for name in unit["lost"]}
    first = preview["broken"][0]
    assert first["matter_name"] == web.desk.room.queries.matter_name(first["matter"])
    assert first["towns"] == [town.name for town in web.desk.lookup.areas(Level.TOWN)]
    with pytest.raises(Conflict):
        await web("POST", "directory/changes", ADMIN, {"order": form, "version": preview["version"]})


async def test_the_file_is_given_for_the_citys_own_records(web: Web) -> None:
    # Not through Web, which makes plain values of answers.
    (route,) = [each for each in web.desk.room.room.routes if each.path.endswith("/units.csv")]
    given = await route.handler(None)
    assert isinstance(given, Download)
    assert given.data.decode("utf-8-sig").splitlines()[0].startswith("code,name,short_name,level,area")


async def test_only_administrators_change_units(web: Web) -> None:
    for by in (DISPATCHER, AGENT, staff(Role.LIAISON, unit="GM-RS")):
        with pytest.raises(NotAllowed):
            await web("GET", "directory/units", by)
        with pytest.raises(NotAllowed):
            await web("POST", "directory/changes", by, {"order": MERGE, "version": 1})
    assert {each["code"] for each in (await web("GET", "directory/options", ADMIN))["levels"]} >= {"city", "town"}
