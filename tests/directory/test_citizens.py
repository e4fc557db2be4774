"""Citizens: one per address, contacts sealed at rest, found by blind index, never merged by what is typed."""

import asyncio

import pytest
from sqlalchemy import select, text

from directory.events import CitizenContactKept, CitizensJudged
from directory.model import Citizen, Contact, SamePerson
from directory.room import DirectoryRoom
from directory.store.citizens import addresses, citizens
from kernel.errors import Invalid, NotFound
from kernel.journal import heads, journal
from kernel.messages import Address
from kernel.room import Floor

OPENID = Address("wechat", "gh_1", "oAbC-dEf_9")
OTHER_CASE = Address("wechat", "gh_1", "oabc-def_9")
SMS = Address("sms", "10690", "13800138000")


async def test_the_same_address_is_the_same_citizen(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        first = await room.lookup.citizen_at(tx, OPENID)
    async with floor.database.transaction() as tx:
        assert await room.lookup.citizen_at(tx, OPENID) == first
        assert await room.lookup.addresses_of(tx, first.id) == (OPENID,)


async def test_addresses_that_differ_only_in_case_are_two_citizens(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        assert await room.lookup.citizen_at(tx, OPENID) != await room.lookup.citizen_at(tx, OTHER_CASE)


async def test_first_messages_that_come_at_once_make_one_citizen(room: DirectoryRoom, floor: Floor) -> None:
    async def attend() -> Citizen:
        async with floor.database.transaction() as tx:
            return await room.lookup.citizen_at(tx, OPENID)

    citizens = await asyncio.gather(*(attend() for _ in range(8)))
    assert len({citizen.id for citizen in citizens}) == 1
    async with floor.database.reading() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM citizen")) == 1


async def test_a_contact_is_kept_in_parts_and_read_back(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        citizen = await room.lookup.citizen_at(tx, OPENID)
        assert await room.lookup.contact(tx, citizen.id) == Contact()
        await room.lookup.keep_contact(tx, citizen.id, name=" 王小明 ", phone="+86 138-0013-8000")
        await room.lookup.keep_contact(tx, citizen.id, address="松园街道1号")
        assert await room.lookup.contact(tx, citizen.id) == Contact("王小明", "13800138000", "松园街道1号")
        await room.lookup.keep_contact(tx, citizen.id, phone="")
        assert await room.lookup.contact(tx, citizen.id) == Contact("王小明", "", "松园街道1号")
        assert await room.lookup.citizens_with_phone(tx, "13800138000") == ()


async def test_a_wrong_phone_or_too_long_a_name_is_refused(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        citizen = await room.lookup.citizen_at(tx, OPENID)
        with pytest.raises(Invalid) as wrong_phone:
            await room.lookup.keep_contact(tx, citizen.id, phone="12")
        with pytest.raises(Invalid) as long_name:
            await room.lookup.keep_contact(tx, citizen.id, name="王" * 61)
    assert wrong_phone.value.fields == {"phone": "phone_invalid"}
    assert long_name.value.fields == {"name": "too_long"}


async def test_nobody_has_no_contact(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        with pytest.raises(NotFound):
            await room.lookup.contact(tx, "nobody")
        with pytest.raises(NotFound):
            await room.lookup.keep_contact(tx, "nobody", name="王")


async def test_at_rest_no_row_holds_name_phone_or_address(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        citizen = await room.lookup.citizen_at(tx, SMS)
        await room.lookup.keep_contact(tx, citizen.id, name="王小明", phone="13900139000", address="松园街道1号")
    async with floor.database.reading() as tx:
        rows = [
            str(dict(row)) for table in (citizens, addresses, journal, heads) for row in await tx.rows(select(table))
        ]
    assert len(rows) >= 3
    for secret in ("13900139000", "13800138000", "王小明", "松园"):
        assert not any(secret in row for row in rows)


async def test_citizens_are_found_by_phone_however_it_is_written(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        citizen = await room.lookup.citizen_at(tx, OPENID)
        await room.lookup.keep_contact(tx, citizen.id, phone="0757-82345678")
        assert await room.lookup.citizens_with_phone(tx, "(0757) 8234 5678") == (citizen,)
        assert await room.lookup.citizens_with_phone(tx, "0757-82345679") == ()
        with pytest.raises(Invalid):
            await room.lookup.citizens_with_phone(tx, "no number")


async def test_the_same_typed_phone_is_only_a_suggestion(room: DirectoryRoom, floor: Floor) -> None:
    """P39: nobody is merged by what they typed."""
    async with floor.database.transaction() as tx:
        one = await room.lookup.citizen_at(tx, OPENID)
        other = await room.lookup.citizen_at(tx, SMS)
        assert await room.lookup.perhaps_same(tx, one.id) == ()
        for citizen in (one, other):
            await room.lookup.keep_contact(tx, citizen.id, phone="13800138000")
        assert await room.lookup.perhaps_same(tx, one.id) == (other,)
        assert await room.lookup.addresses_of(tx, one.id) == (OPENID,)
        assert await room.lookup.addresses_of(tx, other.id) == (SMS,)


async def test_the_journal_tells_which_fields_were_kept_and_nothing_of_them(room: DirectoryRoom, floor: Floor) -> None:
    async with floor.database.transaction() as tx:
        citizen = await room.lookup.citizen_at(tx, OPENID)
        await room.lookup.keep_contact(tx, citizen.id, name="王小明", phone="13800138000")
        await room.lookup.keep_contact(tx, citizen.id, name="王小明", phone="138 0013 8000")
        stated = await floor.journal.about(tx, f"citizen:{citizen.id}")
    assert [recorded.fact for recorded in stated] == [
        CitizenContactKept(citizen.id, ("name", "phone"), floor.clock.now())
    ]


async def test_p39_a_rejected_suggestion_does_not_come_back_and_a_confirmed_one_joins(
    room: DirectoryRoom, floor: Floor
) -> None:
    async with floor.database.transaction() as tx:
        found = [await room.lookup.citizen_at(tx, at) for at in (OPENID, SMS, OTHER_CASE, Address("web", "site", "x"))]
        one, other, third, stranger = (each.id for each in found)
        for citizen in (one, other, third):
            await room.lookup.keep_contact(tx, citizen, phone="13800138000")
        with pytest.raises(NotFound):
            await room.lookup.judge_same(tx, one, stranger, SamePerson.YES, "agent-1")
        await room.lookup.judge_same(tx, one, other, SamePerson.NO, "agent-1")
        assert [each.id for each in await room.lookup.perhaps_same(tx, one)] == [third]
        assert [each.id for each in await room.lookup.perhaps_same(tx, other)] == [third]
        await room.lookup.judge_same(tx, third, one, SamePerson.YES, "agent-1")
        assert await room.lookup.same_as(tx, one) == (third,)
        assert await room.lookup.same_as(tx, other) == ()
        assert await room.lookup.perhaps_same(tx, one) == ()
        await room.lookup.judge_same(tx, one, third, None, "agent-2")
        assert await room.lookup.same_as(tx, third) == ()
        assert [each.id for each in await room.lookup.perhaps_same(tx, one)] == [third]
        stated = await floor.journal.about(tx, f"citizen:{one}")
    judged = [each.fact for each in stated if isinstance(each.fact, CitizensJudged)]
    assert [(each.other, each.verdict, each.by) for each in judged] == [
        (other, "no", "agent-1"),
        (third, "", "agent-2"),
    ]
