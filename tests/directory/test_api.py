"""The directory's routes, called as the host calls them."""

from dataclasses import replace

import msgspec
import pytest

from directory.api import (
    AreaPage,
    AreaQuery,
    PasswordForm,
    SiteView,
    UnitPage,
    UnitQuery,
)
from directory.room import DirectoryRoom, build
from directory.staff_api import StaffForm
from kernel.errors import Invalid, NotAllowed, NotSignedIn
from kernel.people import GUEST, SYSTEM, Kind, Principal, Role, Scope, allow
from kernel.room import Call, Floor, Route
from tests.paging import read_on

ADMIN = Principal(Kind.STAFF, "boss", "管理员", frozenset({Role.ADMIN}))
AGENT = Principal(Kind.STAFF, "a", "话务员", frozenset({Role.AGENT}))

# Answered from memory or by plain reads: one kind of database is enough.
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def route(room: DirectoryRoom, method: str, path: str) -> Route:
    (found,) = [each for each in room.room.routes if (each.method, each.path) == (method, f"/api/v1{path}")]
    return found


async def ask(room: DirectoryRoom, method: str, path: str, call: Call) -> object:
    found = route(room, method, path)
    answer = await found.handler(call)
    assert found.gives is not None
    assert isinstance(answer, found.gives)
    return answer


async def test_the_site_names_city_hotline_and_districts(city_room: DirectoryRoom) -> None:
    site = await ask(city_room, "GET", "/site", Call(GUEST, Scope.OWN))
    assert isinstance(site, SiteView)
    assert msgspec.to_builtins(site) == {
        "city": "甲子市",
        "short": "甲子",
        "hotline": "12345",
        "districts": [{"code": "990001", "name": "东湖区"}, {"code": "990002", "name": "西岭区"}],
        "demo": False,
        "texts": {"welcome": "您好"},
    }


async def test_the_site_says_when_it_is_a_demo(city_room: DirectoryRoom, floor: Floor) -> None:
    demo = build(replace(floor, settings=replace(floor.settings, server=replace(floor.settings.server, demo=True))))
    await demo.lookup.load()
    site = await ask(demo, "GET", "/site", Call(GUEST, Scope.OWN))
    assert isinstance(site, SiteView)
    assert site.demo is True


async def test_areas_go_out_with_level_and_label(city_room: DirectoryRoom) -> None:
    page = await ask(city_room, "GET", "/areas", Call(GUEST, Scope.OWN, query=AreaQuery(parent="990002")))
    assert isinstance(page, AreaPage)
    assert msgspec.to_builtins(page) == {
        "items": [
            {"code": "990002001", "name": "石坎镇", "level": "town", "level_label": "镇街", "parent": "990002"},
        ],
        "total": 1,
        "next": None,
    }


@pytest.mark.parametrize(
    ("query", "codes"),
    [
        (UnitQuery(), ["JZ-ZF", "JZ-CG", "DH-CG", "DH-SY", "JZ-GA"]),
        (UnitQuery(q="城管"), ["JZ-CG", "DH-CG"]),
        (UnitQuery(q="dh-"), ["DH-CG", "DH-SY"]),
        (UnitQuery(area="990001"), ["DH-CG", "DH-SY"]),
        (UnitQuery(area="990001", function="police"), []),
        (UnitQuery(function="police"), ["JZ-GA"]),
    ],
)
async def test_units_are_filtered(city_room: DirectoryRoom, query: UnitQuery, codes: list[str]) -> None:
    page = await ask(city_room, "GET", "/units", Call(AGENT, Scope.ANY, query=query))
    assert isinstance(page, UnitPage)
    assert [unit.code for unit in page.items] == codes


async def test_people_change_their_own_password(city_room: DirectoryRoom) -> None:
    form = StaffForm("newone", "新同事", [Role.AGENT])
    added = msgspec.to_builtins(await ask(city_room, "POST", "/staff", Call(ADMIN, Scope.ANY, body=form)))
    me = (await city_room.accounts.sign_in("newone", added["password"], "")).principal
    body = PasswordForm(added["password"], "a better one")
    await ask(city_room, "POST", "/session/password", Call(me, Scope.OWN, body=body))
    assert (await city_room.accounts.sign_in("newone", "a better one", "")).principal == replace(me, renew=False)


def test_only_administrators_manage_accounts_and_guests_see_the_site(room: DirectoryRoom) -> None:
    for method, path in (("GET", "/staff"), ("POST", "/staff"), ("PATCH", "/staff/{id}")):
        may = route(room, method, path).may
        assert allow(ADMIN, may) is Scope.ANY
        with pytest.raises(NotAllowed):
            allow(AGENT, may)
    for path in ("/site", "/areas"):
        allow(GUEST, route(room, "GET", path).may)
    with pytest.raises(NotSignedIn):
        allow(GUEST, route(room, "GET", "/units").may)
    assert allow(SYSTEM, route(room, "GET", "/units").may) is Scope.ANY


async def test_areas_come_in_pages(city_room: DirectoryRoom) -> None:
    async def read(cursor: str) -> object:
        return await ask(city_room, "GET", "/areas", Call(GUEST, Scope.OWN, query=AreaQuery(cursor=cursor, limit=2)))

    pages = await read_on(read)
    assert [each.code for page in pages for each in page] == [each.code for each in city_room.lookup.areas()]
    assert {len(page) for page in pages[:-1]} == {2}
    with pytest.raises(Invalid):
        await read("x")
