"""The administrators' routes for accounts and roles, called as the host calls them."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any

import msgspec
import pytest

from directory.model import AccountState, Staff
from directory.room import DirectoryRoom
from directory.rules.staffing import wrong_fields
from directory.staff_api import StaffChange, StaffEdit, StaffForm, StaffQuery
from directory.staffing import NewStaff
from kernel.clock import ManualClock
from kernel.errors import Conflict, HotlineError, Invalid, NotAllowed, NotFound, NotSignedIn
from kernel.pages import PageQuery
from kernel.people import (
    OUTSOURCED_ROLES,
    PERMISSIONS,
    SYSTEM,
    UNIT_ROLES,
    Kind,
    May,
    Principal,
    Role,
    Scope,
    allow,
)
from kernel.room import Call, Floor
from tests.paging import read_on

BOSS = Principal(Kind.STAFF, "boss", "管理员", frozenset({Role.ADMIN}))


async def ask(room: DirectoryRoom, method: str, address: str, /, **call: Any) -> Any:
    """What a route answers, as the page reads it."""
    (found,) = [each for each in room.room.routes if (each.method, each.path) == (method, f"/api/v1{address}")]
    assert found.may is May.MANAGE_STAFF
    answer = await found.handler(Call(call.pop("by", BOSS), Scope.ANY, **call))
    assert found.gives is not None
    assert isinstance(answer, found.gives)
    return msgspec.to_builtins(answer)


async def added(room: DirectoryRoom, login: str, *roles: Role, unit: str = "", **more: Any) -> dict[str, Any]:
    """A new account, with the password it was given."""
    form = StaffForm(login, more.pop("name", f"{login}的人"), list(roles), unit, **more)
    made: dict[str, Any] = await ask(room, "POST", "/staff", body=form)
    return made


async def edited(room: DirectoryRoom, staff: dict[str, Any], by: Principal = BOSS, **changes: Any) -> dict[str, Any]:
    """The account after it was changed."""
    roles = changes.pop("roles", [Role(role["value"]) for role in staff["roles"]])
    now = {"name": staff["name"], "unit": staff["unit"], "outsourced": staff["outsourced"], "version": staff["version"]}
    body = StaffEdit(roles=roles, **(now | changes))
    given: dict[str, Any] = await ask(room, "PUT", "/staff/{id}", path={"id": staff["id"]}, body=body, by=by)
    return given


async def history(room: DirectoryRoom, staff: dict[str, Any]) -> list[dict[str, Any]]:
    page = await ask(room, "GET", "/staff/{id}/history", path={"id": staff["id"]}, query=PageQuery())
    found: list[dict[str, Any]] = page["items"]
    return found


def person(staff: dict[str, Any]) -> Principal:
    return Principal(Kind.STAFF, staff["id"], staff["name"], frozenset({Role.ADMIN}))


# -- a password given out ---------------------------------------------------------------------------------


async def test_a_given_password_opens_nothing_but_the_way_to_another(city_room: DirectoryRoom) -> None:
    made = await added(city_room, "newone", Role.AGENT)
    me = (await city_room.accounts.sign_in("newone", made["password"], "")).principal
    assert me.renew
    with pytest.raises(NotAllowed) as refused:
        allow(me, May.WORK_DESK)
    assert refused.value.code == "password_to_renew"
    assert allow(me, May.USE_OWN_SESSION) is Scope.OWN
    await city_room.accounts.change_password(me.id, made["password"], "a better one")
    assert allow((await city_room.accounts.sign_in("newone", "a better one", "")).principal, May.WORK_DESK) is Scope.ANY


async def test_a_reset_ends_sessions_lifts_the_lock_and_gives_a_password_to_replace(
    city_room: DirectoryRoom, floor: Floor
) -> None:
    made = await added(city_room, "newone", Role.AGENT)
    session = await city_room.accounts.sign_in("newone", made["password"], "")
    for _ in range(floor.settings.security.lockout_after):
        with pytest.raises(NotAllowed):
            await city_room.accounts.sign_in("newone", "wrong", "")
    given = await ask(city_room, "POST", "/staff/{id}/password", path={"id": made["staff"]["id"]})
    assert given["password"] != made["password"]
    assert given["staff"]["renew"] is True
    with pytest.raises(NotSignedIn):
        await city_room.accounts.principal_of(session.token)
    with pytest.raises(NotAllowed):
        await city_room.accounts.sign_in("newone", made["password"], "")
    assert (await city_room.accounts.sign_in("newone", given["password"], "")).principal.renew
    assert [each["change"] for each in await history(city_room, made["staff"])][:2] == ["signed_in", "reset"]
    me = person(made["staff"])
    with pytest.raises(Conflict) as refused:
        await ask(city_room, "POST", "/staff/{id}/password", path={"id": made["staff"]["id"]}, by=me)
    assert refused.value.code == "own_password"


async def test_whoever_is_locked_out_is_found_and_let_in_again(city_room: DirectoryRoom, floor: Floor) -> None:
    made = await added(city_room, "newone", Role.AGENT)
    await added(city_room, "other", Role.AGENT)
    for _ in range(floor.settings.security.lockout_after):
        with pytest.raises(NotAllowed):
            await city_room.accounts.sign_in("newone", "wrong", "")
    page = await ask(city_room, "GET", "/staff", query=StaffQuery(state=AccountState.LOCKED))
    assert [each["login"] for each in page["items"]] == ["newone"]
    assert page["items"][0]["locked_until"] is not None
    path = {"id": made["staff"]["id"]}
    assert (await ask(city_room, "POST", "/staff/{id}/unlock", path=path))["locked_until"] is None
    assert (await city_room.accounts.sign_in("newone", made["password"], "")).principal.id == made["staff"]["id"]
    # Unlocking what is not locked is no change.
    await ask(city_room, "POST", "/staff/{id}/unlock", path=path)
    changes = [each["change"] for each in await history(city_room, made["staff"])]
    assert changes == ["signed_in", "unlocked", "locked_out", "added"]


# -- lists ------------------------------------------------------------------------------------------------


async def test_thousands_of_accounts_are_read_page_by_page_and_each_once(
    city_room: DirectoryRoom, floor: Floor
) -> None:
    async with floor.database.transaction() as tx:
        for n in range(120):
            await city_room.staffing.add(tx, NewStaff(f"u{n:03}", "甲", frozenset({Role.AGENT})), "hash", SYSTEM)
    seen: list[str] = []
    cursor = ""
    while True:
        page = await ask(city_room, "GET", "/staff", query=StaffQuery(cursor=cursor, limit=50))
        seen += [each["login"] for each in page["items"]]
        # An account that comes while somebody turns the pages moves none of the others.
        await added(city_room, f"a{len(seen)}", Role.AGENT)
        if page["next"] is None:
            break
        cursor = page["next"]
    assert seen == [f"u{n:03}" for n in range(120)]


@pytest.mark.parametrize(
    ("query", "logins"),
    [
        (StaffQuery(q="城管"), ["cg-one", "cg-two"]),
        (StaffQuery(q="CG-T"), ["cg-two"]),
        (StaffQuery(q="王小明"), ["agent-x"]),
        (StaffQuery(q="100%"), []),
        (StaffQuery(q="_"), []),
        (StaffQuery(unit="DH-CG"), ["cg-one", "cg-two"]),
        (StaffQuery(role=Role.HANDLER), ["cg-two"]),
        (StaffQuery(role=Role.AGENT), ["agent-x"]),
        (StaffQuery(state=AccountState.SHUT), ["cg-two"]),
        (StaffQuery(state=AccountState.ACTIVE), ["agent-x", "cg-one"]),
        (StaffQuery(state=AccountState.NEVER), ["agent-x", "cg-one"]),
        (StaffQuery(state=AccountState.RENEW), ["agent-x", "cg-one"]),
        (StaffQuery(state=AccountState.STRAY), []),
        (StaffQuery(state=AccountState.LOCKED), []),
        (StaffQuery(outsourced=True), ["agent-x"]),
        (StaffQuery(outsourced=False, role=Role.LIAISON), ["cg-one"]),
    ],
)
async def test_accounts_are_found_by_what_is_known_of_them(
    city_room: DirectoryRoom, query: StaffQuery, logins: list[str]
) -> None:
    await added(city_room, "agent-x", Role.AGENT, name="王小明", outsourced=True)
    await added(city_room, "cg-one", Role.LIAISON, unit="DH-CG")
    two = await added(city_room, "cg-two", Role.HANDLER, unit="DH-CG")
    await ask(city_room, "PATCH", "/staff/{id}", path={"id": two["staff"]["id"]}, body=StaffChange(active=False))
    page = await ask(city_room, "GET", "/staff", query=query)
    assert [each["login"] for each in page["items"]] == logins


async def test_the_last_sign_in_is_shown(city_room: DirectoryRoom, clock: ManualClock) -> None:
    made = await added(city_room, "newone", Role.AGENT)
    assert made["staff"]["signed_in"] is None
    clock.advance(timedelta(hours=1))
    await city_room.accounts.sign_in("newone", made["password"], "", "Edge · Windows")
    shown = await ask(city_room, "GET", "/staff/{id}", path={"id": made["staff"]["id"]})
    assert shown["staff"]["signed_in"] == msgspec.to_builtins(clock.now())
    assert [each["device"] for each in shown["sessions"]] == ["Edge · Windows"]
    assert {each["value"]: each["scope"] for each in shown["may"]}["desk.work"] == "any"


# -- changes ----------------------------------------------------------------------------------------------


async def test_a_change_of_roles_holds_in_sessions_that_are_open_and_stands_in_the_history(
    city_room: DirectoryRoom, floor: Floor
) -> None:
    made = await added(city_room, "newone", Role.AGENT)
    session = await city_room.accounts.sign_in("newone", made["password"], "")
    staff = await edited(city_room, made["staff"], roles=[Role.LIAISON], unit="DH-CG", name="新名")
    now = (await city_room.accounts.principal_of(session.token)).principal
    assert (now.roles, now.unit, now.name) == (frozenset({Role.LIAISON}), "DH-CG", "新名")
    told = (await history(city_room, staff))[0]
    assert (told["change"], told["by"]) == ("edited", "boss")
    assert {each["field"]: (each["before"], each["after"]) for each in told["fields"]} == {
        "name": ("newone的人", "新名"),
        "roles": ("话务员", "联络员"),
        "unit": ("", "东湖区城市管理局"),
    }
    # Nothing changed is nothing told.
    assert (await edited(city_room, staff))["version"] == staff["version"]
    async with floor.database.reading() as tx:
        assert await floor.journal.broken_links(tx, f"staff:{staff['id']}") == []


async def test_two_administrators_do_not_undo_each_others_change(city_room: DirectoryRoom) -> None:
    staff = (await added(city_room, "newone", Role.AGENT))["staff"]
    await edited(city_room, staff, name="甲")
    with pytest.raises(Conflict) as refused:
        await edited(city_room, staff, name="乙")
    assert refused.value.code == "account_changed"


async def test_an_administrator_changes_their_own_name_and_nothing_else(city_room: DirectoryRoom) -> None:
    staff = (await added(city_room, "chief", Role.ADMIN))["staff"]
    me = person(staff)
    staff = await edited(city_room, staff, me, name="新名")
    for change in ({"roles": [Role.ADMIN, Role.AUDITOR]}, {"outsourced": True}):
        with pytest.raises(Conflict) as refused:
            await edited(city_room, staff, me, **change)
        assert refused.value.code == "own_roles"


async def test_the_last_active_administrator_stays(city_room: DirectoryRoom) -> None:
    one = (await added(city_room, "chief", Role.ADMIN))["staff"]
    two = (await added(city_room, "other", Role.ADMIN))["staff"]
    two = await edited(city_room, two, roles=[Role.AGENT])
    for work in (
        edited(city_room, one, roles=[Role.AGENT]),
        ask(city_room, "PATCH", "/staff/{id}", path={"id": one["id"]}, body=StaffChange(active=False)),
    ):
        with pytest.raises(Conflict) as refused:
            await work
        assert refused.value.code == "last_admin"
    await edited(city_room, two, roles=[Role.ADMIN])
    path = {"id": one["id"]}
    assert (await ask(city_room, "PATCH", "/staff/{id}", path=path, body=StaffChange(active=False)))["active"] is False


async def test_shutting_an_account_ends_its_sessions(city_room: DirectoryRoom) -> None:
    made = await added(city_room, "newone", Role.AGENT)
    session = await city_room.accounts.sign_in("newone", made["password"], "")
    path = {"id": made["staff"]["id"]}
    await ask(city_room, "PATCH", "/staff/{id}", path=path, body=StaffChange(active=False))
    with pytest.raises(NotSignedIn):
        await city_room.accounts.principal_of(session.token)
    with pytest.raises(NotAllowed):
        await city_room.accounts.sign_in("newone", made["password"], "")
    assert (await ask(city_room, "PATCH", "/staff/{id}", path=path, body=StaffChange(active=True)))["active"] is True
    assert [each["change"] for each in await history(city_room, made["staff"])][:2] == ["opened", "shut"]


async def test_an_account_of_a_unit_that_is_no_more_is_found_and_not_opened_again(
    city_room: DirectoryRoom, floor: Floor, write_city: Any
) -> None:
    made = await added(city_room, "old", Role.LIAISON, unit="JZ-GA")
    path = {"id": made["staff"]["id"]}
    await ask(city_room, "PATCH", "/staff/{id}", path=path, body=StaffChange(active=False))
    await city_room.import_city(write_city(units_csv=UNITS_WITHOUT_POLICE))
    page = await ask(city_room, "GET", "/staff", query=StaffQuery(state=AccountState.STRAY))
    assert [(each["login"], each["unit_active"]) for each in page["items"]] == [("old", False)]
    with pytest.raises(Invalid) as refused:
        await ask(city_room, "PATCH", "/staff/{id}", path=path, body=StaffChange(active=True))
    assert refused.value.fields == {"unit": "unknown"}


UNITS_WITHOUT_POLICE = """code,name,short_name,level,area,functions,powers,parent,hours
JZ-ZF,甲子市人民政府,市政府,city,990000,,,,
JZ-CG,甲子市城市管理局,市城管局,city,990000,sanitation,urban_enforcement,JZ-ZF,
DH-CG,东湖区城市管理局,东湖城管局,district,990001,sanitation,,JZ-CG,
DH-SY,松园街道办事处,松园街道办,town,990001001,sanitation,urban_enforcement,DH-CG,
"""


async def test_nobody_is_nobody(city_room: DirectoryRoom) -> None:
    path = {"id": "nobody"}
    for method, route, body in (
        ("GET", "/staff/{id}", None),
        ("GET", "/staff/{id}/history", None),
        ("PUT", "/staff/{id}", StaffEdit("甲", [Role.AGENT], 0)),
        ("PATCH", "/staff/{id}", StaffChange(active=False)),
        ("POST", "/staff/{id}/password", None),
        ("POST", "/staff/{id}/unlock", None),
    ):
        with pytest.raises(NotFound):
            await ask(city_room, method, route, path=path, query=PageQuery(), body=body)


# -- roles ------------------------------------------------------------------------------------------------


def few_roles() -> Iterator[frozenset[Role]]:
    """Every role and every pair of them."""
    yield from (frozenset({role}) for role in Role)
    yield from (frozenset(pair) for pair in combinations(Role, 2))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_no_account_can_hold_what_its_person_may_not(city_room: DirectoryRoom) -> None:
    """Units' people check and call back nobody; contractors' people decide nothing; a unit's role needs a unit."""
    for roles in few_roles():
        for unit in ("", "DH-CG"):
            for outsourced in (False, True):
                member = Staff("x", "abc", "甲", roles, unit, outsourced=outsourced)
                good = (roles <= UNIT_ROLES if unit else roles.isdisjoint(UNIT_ROLES)) and (
                    not outsourced or roles <= OUTSOURCED_ROLES
                )
                assert (wrong_fields(member, {"DH-CG"}) == {}) is good
    assert not OUTSOURCED_ROLES & (UNIT_ROLES | {Role.DISPATCHER, Role.REVIEWER, Role.SUPERVISOR})
    with pytest.raises(Invalid) as refused:
        await added(city_room, "abc", Role.REVIEWER, outsourced=True)
    assert refused.value.fields == {"roles": "role_not_outsourced"}
    staff = (await added(city_room, "abc", Role.AGENT, outsourced=True))["staff"]
    for change, field in (
        ({"roles": [Role.DISPATCHER]}, "roles"),
        ({"roles": [Role.LIAISON], "outsourced": False}, "unit"),
        ({"unit": "DH-CG"}, "roles"),
        ({"unit": "DH-CG", "outsourced": False, "roles": [Role.LIAISON, Role.CALLBACK]}, "roles"),
        ({"roles": []}, "roles"),
        ({"name": " "}, "name"),
    ):
        with pytest.raises(Invalid) as refused:
            await edited(city_room, staff, **change)
        assert list(refused.value.fields) == [field]


async def test_the_roles_say_what_the_table_of_permissions_says(city_room: DirectoryRoom) -> None:
    await added(city_room, "abc", Role.AGENT, Role.SHIFT_LEAD)
    shut = (await added(city_room, "gone", Role.AGENT))["staff"]
    await ask(city_room, "PATCH", "/staff/{id}", path={"id": shut["id"]}, body=StaffChange(active=False))
    found = {each["value"]: each for each in (await ask(city_room, "GET", "/roles"))["items"]}
    assert set(found) == set(Role)
    assert [found[role]["holders"] for role in (Role.AGENT, Role.SHIFT_LEAD, Role.ADMIN)] == [1, 1, 0]
    for role in Role:
        told = {(each["value"], each["scope"]) for each in found[role]["may"]}
        assert told == {(may, reach[role]) for may, reach in PERMISSIONS.items() if role in reach}


async def test_units_nobody_speaks_for_are_a_list_of_work(city_room: DirectoryRoom) -> None:
    await added(city_room, "cg-one", Role.LIAISON, unit="DH-CG")
    await added(city_room, "jz-cg", Role.AGENT)
    handler = await added(city_room, "sy-one", Role.HANDLER, unit="DH-SY")
    gaps = {each["code"]: each for each in (await ask(city_room, "GET", "/staff-gaps", query=PageQuery()))["items"]}
    assert set(gaps) == {"JZ-ZF", "JZ-CG", "DH-SY", "JZ-GA"}
    assert (gaps["JZ-CG"]["login"], gaps["DH-SY"]["login"], gaps["DH-SY"]["people"]) == ("jz-cg-2", "dh-sy", 1)
    await edited(city_room, handler["staff"], roles=[Role.LIAISON])
    assert "DH-SY" not in {
        each["code"] for each in (await ask(city_room, "GET", "/staff-gaps", query=PageQuery()))["items"]
    }


# -- one's own sessions -----------------------------------------------------------------------------------


async def test_people_see_and_end_their_own_sessions_and_nobody_elses(
    city_room: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    made, other = await added(city_room, "newone", Role.AGENT), await added(city_room, "other", Role.AGENT)
    accounts, me = city_room.accounts, made["staff"]["id"]
    home = await accounts.sign_in("newone", made["password"], "", "Chrome · Windows")
    clock.advance(timedelta(minutes=2))
    phone = await accounts.sign_in("newone", made["password"], "", "微信 · Android")
    theirs = await accounts.sign_in("other", other["password"], "")
    found = await accounts.sessions_of(me, home.token)
    assert [(each.device, each.current) for each in found] == [("微信 · Android", False), ("Chrome · Windows", True)]
    (foreign,) = await accounts.sessions_of(other["staff"]["id"], "")
    for wrong in (foreign.id, "", "%", "0" * 16):
        with pytest.raises(NotFound):
            await accounts.end_session_of(me, wrong)
    await accounts.end_session_of(me, found[0].id)
    with pytest.raises(NotSignedIn):
        await accounts.principal_of(phone.token)
    again = await accounts.sign_in("newone", made["password"], "")
    await accounts.end_others_of(me, again.token)
    with pytest.raises(NotSignedIn):
        await accounts.principal_of(home.token)
    assert (await accounts.principal_of(again.token)).principal.id == me
    assert (await accounts.principal_of(theirs.token)).principal.id == other["staff"]["id"]
    clock.advance(timedelta(minutes=floor.settings.security.idle_minutes))
    assert await accounts.sessions_of(me, again.token) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_only_administrators_see_accounts_and_roles(room: DirectoryRoom) -> None:
    mine = [each for each in room.room.routes if each.path.startswith(("/api/v1/staff", "/api/v1/roles"))]
    assert len(mine) == 10
    for role in Role:
        holder = Principal(Kind.STAFF, "s", "某某", frozenset({role}), unit="U1")
        for route in mine:
            if role is Role.ADMIN:
                assert allow(holder, route.may) is Scope.ANY
            else:
                with pytest.raises(HotlineError):
                    allow(holder, route.may)


async def test_two_administrators_who_shut_each_other_at_once_leave_one(city_room: DirectoryRoom, floor: Floor) -> None:
    one = (await added(city_room, "chief", Role.ADMIN))["staff"]
    two = (await added(city_room, "other", Role.ADMIN))["staff"]

    async def shut(whom: dict[str, Any], by: dict[str, Any]) -> Any:
        path = {"id": whom["id"]}
        body = StaffChange(active=False)
        return await ask(city_room, "PATCH", "/staff/{id}", path=path, body=body, by=person(by))

    came = await asyncio.gather(shut(one, two), shut(two, one), return_exceptions=True)
    (refused,) = [each for each in came if isinstance(each, BaseException)]
    assert isinstance(refused, Conflict)
    assert refused.code == "last_admin"
    async with floor.database.reading() as tx:
        assert sum(member.active for member in await city_room.staffing.everyone(tx)) == 1


# -- pages ------------------------------------------------------------------------------------------------


async def test_the_history_of_an_account_is_read_on_while_more_happens(
    city_room: DirectoryRoom, clock: ManualClock
) -> None:
    staff = (await added(city_room, "abc", Role.AGENT))["staff"]

    async def rename(name: str) -> None:
        nonlocal staff
        clock.advance(timedelta(minutes=1))
        staff = await edited(city_room, staff, name=name)

    for name in ("甲", "乙", "丙"):
        await rename(name)
    before = await history(city_room, staff)

    async def read(cursor: str) -> Any:
        asked = PageQuery(cursor, 2)
        return await ask(city_room, "GET", "/staff/{id}/history", path={"id": staff["id"]}, query=asked)

    pages = await read_on(read, lambda: rename("丁"))
    assert [len(page) for page in pages] == [2, 2]
    assert [*pages[0], *pages[1]] == before
    assert (await read(""))["total"] == 5
    with pytest.raises(Invalid) as refused:
        await read("x")
    assert refused.value.fields == {"cursor": "wrong"}


async def test_units_nobody_speaks_for_come_in_pages(city_room: DirectoryRoom) -> None:
    whole = await ask(city_room, "GET", "/staff-gaps", query=PageQuery())
    pages = await read_on(lambda cursor: ask(city_room, "GET", "/staff-gaps", query=PageQuery(cursor, 2)))
    assert [each for page in pages for each in page] == whole["items"]
    assert (len(pages[0]), whole["total"], whole["next"]) == (2, len(whole["items"]), None)
    with pytest.raises(Invalid):
        await ask(city_room, "GET", "/staff-gaps", query=PageQuery("x"))
