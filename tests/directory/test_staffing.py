"""Accounts added by administrators and by the demo."""

import pytest

from directory.events import StaffAccountChanged
from directory.room import DirectoryRoom
from directory.rules.demo import DEMO_PASSWORD
from directory.staffing import NewStaff
from kernel.errors import Conflict, Invalid, NotFound
from kernel.people import SYSTEM, Kind, Principal, Role
from kernel.room import Floor

AGENT = frozenset({Role.AGENT})
LIAISON = frozenset({Role.LIAISON})


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("new", "field", "code"),
    [
        (NewStaff("有空 格", "甲", AGENT), "login", "login_malformed"),
        (NewStaff("a", "甲", AGENT), "login", "login_malformed"),
        (NewStaff("abc", " ", AGENT), "name", "missing"),
        (NewStaff("abc", "甲" * 61, AGENT), "name", "too_long"),
        (NewStaff("abc", "甲", frozenset()), "roles", "missing"),
        (NewStaff("abc", "甲", LIAISON), "unit", "missing"),
        (NewStaff("abc", "甲", LIAISON, "XX"), "unit", "unknown"),
        (NewStaff("abc", "甲", AGENT, "DH-CG"), "roles", "role_not_of_a_unit"),
    ],
)
async def test_a_wrong_account_is_refused_field_by_field(
    city_room: DirectoryRoom, floor: Floor, new: NewStaff, field: str, code: str
) -> None:
    async with floor.database.transaction() as tx:
        with pytest.raises(Invalid) as caught:
            await city_room.staffing.add(tx, new, "hash", SYSTEM)
    assert caught.value.fields == {field: code}


async def test_a_login_is_given_once(city_room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        member = await city_room.staffing.add(tx, NewStaff(" ABC ", "甲", AGENT), "hash", SYSTEM)
        assert member.login == "abc"
        with pytest.raises(Conflict) as caught:
            await city_room.staffing.add(tx, NewStaff("abc", "乙", AGENT), "hash", SYSTEM)
        assert caught.value.code == "login_taken"
        assert await city_room.lookup.staff(tx, member.id) == member
        assert await city_room.lookup.staff_names(tx, [member.id, "nobody"]) == {member.id: "甲"}


async def test_nobody_shuts_their_own_account(city_room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        member = await city_room.staffing.add(tx, NewStaff("admin", "甲", frozenset({Role.ADMIN})), "hash", SYSTEM)
        with pytest.raises(Conflict) as caught:
            await city_room.staffing.set_active(tx, member.id, False, Principal(Kind.STAFF, member.id))
    assert caught.value.code == "own_account"


async def test_changes_of_accounts_are_in_the_journal_with_who_made_them(
    city_room: DirectoryRoom, floor: Floor
) -> None:
    async with floor.database.transaction() as tx:
        member = await city_room.staffing.add(tx, NewStaff("abc", "甲", AGENT), "hash", SYSTEM)
        boss = Principal(Kind.STAFF, "boss")
        for active in (False, False, True):
            assert (await city_room.staffing.set_active(tx, member.id, active, boss)).active is active
        with pytest.raises(NotFound):
            await city_room.staffing.set_active(tx, "nobody", False, boss)
        facts = [recorded.fact for recorded in await floor.journal.about(tx, f"staff:{member.id}")]
    now = floor.clock.now()
    is_ = {"name": "甲", "roles": "agent", "unit": "", "outsourced": "no"}
    assert facts == [
        StaffAccountChanged(member.id, now, "added", "system", {}, is_),
        StaffAccountChanged(member.id, now, "shut", "boss"),
        StaffAccountChanged(member.id, now, "opened", "boss"),
    ]


async def test_the_demo_has_one_account_a_post_and_is_made_once(city_room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        made = await city_room.make_demo_accounts(tx)
    by_login = {member.login: member for member in made}
    assert set(by_login) == {
        "agent", "agent2", "lead", "dispatcher", "reviewer", "callback", "callback2", "supervisor", "editor",
        "admin", "analyst", "auditor", "privacy",
        "jz-zf", "jz-cg", "dh-cg", "dh-sy", "jz-ga", "jz-cg-leader", "dh-sy-leader",
    }  # fmt: skip
    assert by_login["agent"].name == "话务员01号"
    assert (by_login["dh-cg"].unit, by_login["dh-cg"].name) == ("DH-CG", "东湖城管局联络员")
    assert by_login["jz-cg-leader"].roles == {Role.UNIT_LEADER}
    async with floor.database.transaction() as tx:
        assert await city_room.make_demo_accounts(tx) == ()
        assert len(await city_room.staffing.everyone(tx)) == len(made)


async def test_every_demo_account_gets_in_with_the_printed_password(city_room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        made = await city_room.make_demo_accounts(tx)
    for member in made[:3]:
        assert (await city_room.accounts.sign_in(member.login, DEMO_PASSWORD, "")).principal.id == member.id
