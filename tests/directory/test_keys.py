"""API keys: made and revoked by administrators, kept as a digest, known by what they show."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from directory.events import ApiKeyFollowed, ApiKeyMade, ApiKeyRevoked
from directory.keys import NewKey
from directory.model import ApiKey
from directory.room import DirectoryRoom
from directory.store.keys import keys
from kernel.clock import ManualClock
from kernel.errors import Conflict, Invalid, NotAllowed, NotFound
from kernel.pages import PageQuery
from kernel.people import SYSTEM, KeyScope, Kind, Principal, Scope
from kernel.room import Call, Floor
from tests.paging import read_on

ADMIN = Principal(Kind.STAFF, "boss")
UNIT = frozenset({KeyScope.UNIT_READ, KeyScope.UNIT_ACT})


async def made(room: DirectoryRoom, floor: Floor, new: NewKey) -> tuple[ApiKey, str]:
    async with floor.database.transaction() as tx:
        return await room.keys.make(tx, new, ADMIN)


async def test_whoever_shows_a_key_is_its_unit_and_nobody_else(city_room: DirectoryRoom, floor: Floor) -> None:
    key, token = await made(city_room, floor, NewKey("城管案件系统", UNIT, "DH-CG", per_minute=30))
    holder = await city_room.keys.holder_of(token)
    assert holder.per_minute == 30
    assert holder.principal == Principal(Kind.KEY, key.id, "城管案件系统", unit="DH-CG", scopes=UNIT)


async def test_nothing_that_is_kept_opens_anything(city_room: DirectoryRoom, floor: Floor) -> None:
    key, token = await made(city_room, floor, NewKey("甲", UNIT, "DH-CG"))
    async with floor.database.reading() as tx:
        row = await tx.row(select(keys))
        facts = await floor.journal.about(tx, key.id)
    assert row is not None
    assert token.startswith(f"{key.prefix}_")
    assert token not in f"{dict(row)} {facts}"
    for wrong in (token[:-1], token.upper(), row["digest"], key.prefix, ""):
        with pytest.raises(NotAllowed) as refused:
            await city_room.keys.holder_of(wrong)
        assert refused.value.code == "bad_key"


async def test_a_revoked_key_opens_nothing_at_once(city_room: DirectoryRoom, floor: Floor, clock: ManualClock) -> None:
    key, token = await made(city_room, floor, NewKey("甲", UNIT, "DH-CG"))
    now = clock.now()
    async with floor.database.transaction() as tx:
        for _ in range(2):
            assert (await city_room.keys.revoke(tx, key.id, ADMIN)).revoked == now
        with pytest.raises(NotFound):
            await city_room.keys.revoke(tx, "key:none", ADMIN)
        facts = [each.fact for each in await floor.journal.about(tx, key.id)]
    assert facts == [
        ApiKeyMade(key.id, now, "boss", "甲", ("unit.act", "unit.read"), "DH-CG"),
        ApiKeyRevoked(key.id, now, "boss"),
    ]
    with pytest.raises(NotAllowed):
        await city_room.keys.holder_of(token)


async def test_it_is_written_down_when_a_key_was_last_used(
    city_room: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    key, token = await made(city_room, floor, NewKey("甲", UNIT, "DH-CG"))
    assert key.used is None
    for minutes in (0, 0, 5):
        clock.advance(timedelta(minutes=minutes))
        await city_room.keys.holder_of(token)
        async with floor.database.reading() as tx:
            (seen,) = await city_room.keys.everyone(tx)
        assert seen.used == clock.now()


async def test_the_record_can_name_a_key(city_room: DirectoryRoom, floor: Floor) -> None:
    key, _ = await made(city_room, floor, NewKey("城管案件系统", UNIT, "DH-CG"))
    async with floor.database.reading() as tx:
        assert await city_room.lookup.staff_names(tx, [key.id, "key:none"]) == {key.id: "接口密钥“城管案件系统”"}


async def test_a_key_opens_until_it_expires_and_is_then_revoked(
    city_room: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    new = NewKey("甲", UNIT, "DH-CG", expires=clock.now() + timedelta(days=1), purpose=" 对接人：李四 ")
    key, token = await made(city_room, floor, new)
    assert key.purpose == "对接人：李四"
    clock.advance(timedelta(days=1) - timedelta(seconds=1))
    await city_room.keys.holder_of(token)
    assert await city_room.keys.expire() == 0
    clock.advance(timedelta(seconds=1))
    with pytest.raises(NotAllowed) as refused:
        await city_room.keys.holder_of(token)
    assert refused.value.code == "key_expired"
    assert [await city_room.keys.expire(), await city_room.keys.expire()] == [1, 0]
    async with floor.database.reading() as tx:
        assert (await floor.journal.about(tx, key.id))[-1].fact == ApiKeyRevoked(key.id, clock.now(), SYSTEM.id)


async def test_a_successor_may_the_same_and_both_open_while_they_overlap(
    city_room: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    old, old_token = await made(city_room, floor, NewKey("甲", UNIT, "DH-CG", 30, purpose="系统"))
    async with floor.database.transaction() as tx:
        key, token = await city_room.keys.follow(tx, old.id, 7, clock.now() + timedelta(days=365), ADMIN)
        facts = [each.fact for each in await floor.journal.about(tx, old.id)]
    assert (key.name, key.scopes, key.unit, key.per_minute, key.purpose, key.follows) == (
        *("甲", UNIT, "DH-CG", 30, "系统"),
        old.id,
    )
    assert facts[-1] == ApiKeyFollowed(old.id, clock.now(), "boss", key.id, clock.now() + timedelta(days=7))
    for each in (old_token, token):
        assert (await city_room.keys.holder_of(each)).principal.unit == "DH-CG"
    clock.advance(timedelta(days=7))
    assert (await city_room.keys.holder_of(token)).principal.id == key.id
    with pytest.raises(NotAllowed):
        await city_room.keys.holder_of(old_token)
    async with floor.database.transaction() as tx:
        with pytest.raises(Conflict) as refused:
            await city_room.keys.follow(tx, old.id, 7, None, ADMIN)
        assert refused.value.code == "key_gone"


async def test_a_leaked_key_is_followed_without_overlap(city_room: DirectoryRoom, floor: Floor) -> None:
    old, old_token = await made(city_room, floor, NewKey("甲", UNIT, "DH-CG"))
    async with floor.database.transaction() as tx:
        with pytest.raises(Invalid) as caught:
            await city_room.keys.follow(tx, old.id, 31, None, ADMIN)
        assert caught.value.fields == {"overlap_days": "out_of_range"}
        _, token = await city_room.keys.follow(tx, old.id, 0, None, ADMIN)
    with pytest.raises(NotAllowed):
        await city_room.keys.holder_of(old_token)
    await city_room.keys.holder_of(token)


async def test_an_overlap_lengthens_no_keys_life(city_room: DirectoryRoom, floor: Floor, clock: ManualClock) -> None:
    until = clock.now() + timedelta(days=2)
    old, _ = await made(city_room, floor, NewKey("甲", UNIT, "DH-CG", expires=until))
    async with floor.database.transaction() as tx:
        await city_room.keys.follow(tx, old.id, 30, None, ADMIN)
        (kept,) = [each for each in await city_room.keys.everyone(tx) if each.id == old.id]
    assert kept.expires == until


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("new", "field", "code"),
    [
        (NewKey(" ", UNIT, "DH-CG"), "name", "required"),
        (NewKey("甲" * 61, UNIT, "DH-CG"), "name", "too_long"),
        (NewKey("甲", frozenset()), "scopes", "required"),
        (NewKey("甲", UNIT), "unit", "required"),
        (NewKey("甲", UNIT, "XX"), "unit", "unknown_unit"),
        (NewKey("甲", UNIT, "DH-CG", per_minute=0), "per_minute", "out_of_range"),
        (NewKey("甲", UNIT, "DH-CG", purpose="甲" * 201), "purpose", "too_long"),
        (NewKey("甲", UNIT, "DH-CG", expires=datetime(2020, 1, 1, tzinfo=UTC)), "expires", "not_in_the_future"),
        (NewKey("甲", UNIT, "DH-CG", expires=datetime(2099, 1, 1)), "expires", "zone_needed"),  # noqa: DTZ001
    ],
)
async def test_a_wrong_key_is_refused_field_by_field(
    city_room: DirectoryRoom, floor: Floor, new: NewKey, field: str, code: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await made(city_room, floor, new)
    assert caught.value.fields == {field: code}


async def test_keys_come_in_pages(city_room: DirectoryRoom, floor: Floor, clock: ManualClock) -> None:
    for name in ("甲", "乙", "丙"):
        await made(city_room, floor, NewKey(name, UNIT, "DH-CG"))
        clock.advance(timedelta(minutes=1))
    (route,) = [each for each in city_room.room.routes if (each.method, each.path) == ("GET", "/api/v1/keys")]

    async def read(cursor: str) -> Any:
        return await route.handler(Call(ADMIN, Scope.ANY, query=PageQuery(cursor, 2)))

    pages = await read_on(read)
    assert [[each.name for each in page] for page in pages] == [["丙", "乙"], ["甲"]]
    assert (await read("")).total == 3
    with pytest.raises(Invalid):
        await read("x")
