"""Sign-in, lock-out, sessions, passwords."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters, profiles
from sqlalchemy import select, text

from directory.accounts import SignedIn
from directory.events import StaffLockedOut, StaffSignedIn, StaffSignedOut
from directory.passwords import Passwords
from directory.room import DirectoryRoom, build
from directory.rules.demo import DEMO_PASSWORD
from directory.rules.lockout import PLACE_FACTOR
from directory.store.staff import sessions, staff
from kernel.clock import ManualClock
from kernel.errors import Invalid, NotAllowed, NotSignedIn
from kernel.people import SYSTEM, Kind, Role
from kernel.room import Floor
from tests.directory.conftest import CHEAP

HERE = "192.0.2.1"


@pytest.fixture
async def staffed(city_room: DirectoryRoom, floor: Floor) -> DirectoryRoom:
    async with floor.database.transaction() as tx:
        await city_room.make_demo_accounts(tx)
    return city_room


async def refused(room: DirectoryRoom, login: str, password: str, remote: str = HERE) -> str:
    with pytest.raises(NotAllowed) as caught:
        await room.accounts.sign_in(login, password, remote)
    return caught.value.code


async def sign_in(room: DirectoryRoom, login: str = "agent") -> SignedIn:
    return await room.accounts.sign_in(login, DEMO_PASSWORD, HERE)


async def test_the_right_password_opens_a_session(staffed: DirectoryRoom, clock: ManualClock) -> None:
    signed_in = await staffed.accounts.sign_in(" Agent ", DEMO_PASSWORD, HERE)
    assert signed_in.principal.kind is Kind.STAFF
    assert signed_in.principal.roles == {Role.AGENT}
    assert signed_in.expires == clock.now() + timedelta(hours=12)
    assert (await staffed.accounts.principal_of(signed_in.token)).principal == signed_in.principal


async def test_unit_staff_carry_their_unit(staffed: DirectoryRoom) -> None:
    principal = (await sign_in(staffed, "dh-sy")).principal
    assert (principal.unit, principal.roles) == ("DH-SY", frozenset({Role.LIAISON}))


async def test_an_unknown_login_is_answered_like_a_wrong_password(
    staffed: DirectoryRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[str] = []
    verify = Passwords._verify

    def counting(self: Passwords, stored: str, password: str) -> bool:
        checked.append(stored.rsplit("$", 2)[0])
        return verify(self, stored, password)

    monkeypatch.setattr(Passwords, "_verify", counting)
    assert await refused(staffed, "agent", "wrong password") == "wrong_login"
    assert await refused(staffed, "nobody", "wrong password") == "wrong_login"
    # Both went through one argon2 check with the same parameters, which takes nearly all of the time.
    assert len(checked) == 2
    assert checked[0] == checked[1]


async def test_a_login_is_locked_after_so_many_failures_and_opens_again(
    staffed: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    limit = floor.settings.security.lockout_after
    codes = [await refused(staffed, "agent", f"wrong {n}", f"192.0.2.{n}") for n in range(limit + 1)]
    assert codes == ["wrong_login"] * limit + ["locked"]
    assert await refused(staffed, "agent", DEMO_PASSWORD) == "locked"
    assert (await sign_in(staffed, "agent2")).principal.name
    clock.advance(timedelta(minutes=floor.settings.security.lockout_minutes))
    assert (await sign_in(staffed)).principal.name


async def test_an_unknown_login_is_locked_just_the_same(staffed: DirectoryRoom, floor: Floor) -> None:
    limit = floor.settings.security.lockout_after
    codes = [await refused(staffed, "nobody", "wrong") for _ in range(limit + 1)]
    assert codes == ["wrong_login"] * limit + ["locked"]


async def test_the_right_password_forgets_earlier_failures(staffed: DirectoryRoom, floor: Floor) -> None:
    limit = floor.settings.security.lockout_after
    for _ in range(3):
        codes = [await refused(staffed, "agent", "wrong") for _ in range(limit - 1)]
        assert codes == ["wrong_login"] * (limit - 1)
        assert (await sign_in(staffed)).token


async def test_guesses_sent_at_once_get_no_more_tries(staffed: DirectoryRoom, floor: Floor) -> None:
    limit = floor.settings.security.lockout_after
    codes = await asyncio.gather(*(refused(staffed, "agent", f"guess {n}") for n in range(limit + 4)))
    assert sorted(codes) == ["locked"] * 4 + ["wrong_login"] * limit


async def test_a_place_that_tries_many_logins_is_locked_out(staffed: DirectoryRoom, floor: Floor) -> None:
    limited = replace(
        floor, settings=replace(floor.settings, security=replace(floor.settings.security, lockout_after=1))
    )
    room = build(limited, CHEAP)
    await room.room.starting[0]()
    codes = [await refused(room, f"login{n}", "wrong", HERE) for n in range(PLACE_FACTOR + 1)]
    assert codes == ["wrong_login"] * PLACE_FACTOR + ["locked"]
    assert await refused(room, "agent", DEMO_PASSWORD, HERE) == "locked"
    assert (await room.accounts.sign_in("agent", DEMO_PASSWORD, "192.0.2.9")).token


async def test_many_people_of_one_hall_sign_in_without_locking_it(staffed: DirectoryRoom, floor: Floor) -> None:
    limited = replace(
        floor, settings=replace(floor.settings, security=replace(floor.settings.security, lockout_after=1))
    )
    room = build(limited, CHEAP)
    tokens = {(await sign_in(room)).token for _ in range(PLACE_FACTOR + 2)}
    assert len(tokens) == PLACE_FACTOR + 2
    assert await refused(room, "agent", "wrong") == "wrong_login"


async def test_what_was_typed_as_a_login_and_where_from_are_not_kept(staffed: DirectoryRoom, floor: Floor) -> None:
    await refused(staffed, "my-secret-password", "wrong")
    async with floor.database.reading() as tx:
        rows = [str(dict(row)) for row in await tx.rows(text("SELECT * FROM sign_in_counter"))]
    assert len(rows) == 2
    assert not any("secret" in row or HERE in row for row in rows)


async def test_the_database_holds_neither_passwords_nor_tokens(staffed: DirectoryRoom, floor: Floor) -> None:
    token = (await sign_in(staffed)).token
    async with floor.database.reading() as tx:
        rows = [str(dict(row)) for table in (staff, sessions) for row in await tx.rows(select(table))]
    assert any("$argon2id$" in row for row in rows)
    assert not any(DEMO_PASSWORD in row or token in row for row in rows)


async def test_a_session_ends_at_its_latest_hour_however_much_it_is_used(
    staffed: DirectoryRoom, clock: ManualClock
) -> None:
    signed_in = await sign_in(staffed)
    while clock.now() + timedelta(minutes=30) < signed_in.expires:
        clock.advance(timedelta(minutes=30))
        await staffed.accounts.principal_of(signed_in.token)
    clock.set(signed_in.expires)
    with pytest.raises(NotSignedIn):
        await staffed.accounts.principal_of(signed_in.token)


async def test_an_idle_session_ends_and_use_keeps_it_alive(
    staffed: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    idle = timedelta(minutes=floor.settings.security.idle_minutes)
    signed_in = await sign_in(staffed)
    for _ in range(3):
        clock.advance(idle - timedelta(seconds=1))
        await staffed.accounts.principal_of(signed_in.token)
    clock.advance(idle)
    with pytest.raises(NotSignedIn):
        await staffed.accounts.principal_of(signed_in.token)


async def test_signing_out_works_at_once_in_every_process(staffed: DirectoryRoom, floor: Floor) -> None:
    other = build(floor, CHEAP)
    signed_in = await sign_in(staffed)
    await other.accounts.principal_of(signed_in.token)
    await staffed.accounts.sign_out(signed_in.token)
    with pytest.raises(NotSignedIn):
        await other.accounts.principal_of(signed_in.token)
    await staffed.accounts.sign_out(signed_in.token)


async def test_a_made_up_token_is_nobody(staffed: DirectoryRoom) -> None:
    for token in ("", "made up"):
        with pytest.raises(NotSignedIn):
            await staffed.accounts.principal_of(token)


async def test_a_shut_account_is_out_at_once_and_cannot_come_back(staffed: DirectoryRoom, floor: Floor) -> None:
    signed_in = await sign_in(staffed)
    async with floor.database.transaction() as tx:
        await staffed.staffing.set_active(tx, signed_in.principal.id, False, SYSTEM)
    with pytest.raises(NotSignedIn):
        await staffed.accounts.principal_of(signed_in.token)
    assert await refused(staffed, "agent", DEMO_PASSWORD) == "wrong_login"
    async with floor.database.transaction() as tx:
        await staffed.staffing.set_active(tx, signed_in.principal.id, True, SYSTEM)
    with pytest.raises(NotSignedIn):
        await staffed.accounts.principal_of(signed_in.token)
    assert await sign_in(staffed)


async def test_a_changed_password_counts_at_once_and_ends_all_sessions(staffed: DirectoryRoom) -> None:
    first, second = await sign_in(staffed), await sign_in(staffed)
    await staffed.accounts.change_password(first.principal.id, DEMO_PASSWORD, "a better one")
    for signed_in in (first, second):
        with pytest.raises(NotSignedIn):
            await staffed.accounts.principal_of(signed_in.token)
    assert await refused(staffed, "agent", DEMO_PASSWORD) == "wrong_login"
    assert await staffed.accounts.sign_in("agent", "a better one", HERE)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("old", "new", "field", "code"),
    [
        ("wrong", "a better one", "old", "wrong_password"),
        (DEMO_PASSWORD, DEMO_PASSWORD, "new", "password_same"),
        (DEMO_PASSWORD, "short", "new", "too_short"),
        (DEMO_PASSWORD, "x" * 129, "new", "too_long"),
        (DEMO_PASSWORD, "my-AGENT-word", "new", "password_like_login"),
    ],
)
async def test_a_password_that_will_not_do_is_refused(
    staffed: DirectoryRoom, old: str, new: str, field: str, code: str
) -> None:
    signed_in = await sign_in(staffed)
    with pytest.raises(Invalid) as caught:
        await staffed.accounts.change_password(signed_in.principal.id, old, new)
    assert caught.value.fields == {field: code}
    assert await staffed.accounts.principal_of(signed_in.token)


async def test_guessing_the_old_password_locks_the_login(staffed: DirectoryRoom, floor: Floor) -> None:
    staff_id = (await sign_in(staffed)).principal.id
    for _ in range(floor.settings.security.lockout_after):
        with pytest.raises(Invalid):
            await staffed.accounts.change_password(staff_id, "guess", "a better one")
    with pytest.raises(NotAllowed) as caught:
        await staffed.accounts.change_password(staff_id, DEMO_PASSWORD, "a better one")
    assert caught.value.code == "locked"


async def test_the_journal_tells_who_came_went_and_was_locked_out(staffed: DirectoryRoom, floor: Floor) -> None:
    signed_in = await sign_in(staffed)
    await staffed.accounts.sign_out(signed_in.token)
    for _ in range(floor.settings.security.lockout_after):
        await refused(staffed, "agent", "wrong")
    async with floor.database.reading() as tx:
        subject = f"staff:{signed_in.principal.id}"
        facts = [recorded.fact for recorded in await floor.journal.about(tx, subject)]
        assert await floor.journal.broken_links(tx, subject) == []
    assert [type(fact) for fact in facts[1:]] == [StaffSignedIn, StaffSignedOut, StaffLockedOut]


async def test_the_sweep_deletes_what_has_ended_and_nothing_else(
    staffed: DirectoryRoom, floor: Floor, clock: ManualClock
) -> None:
    await sign_in(staffed)
    await refused(staffed, "nobody", "wrong")
    clock.advance(timedelta(minutes=floor.settings.security.idle_minutes))
    alive = await sign_in(staffed, "agent2")
    # The old session, the counters of agent and nobody; agent2's and this place's are new.
    (job,) = [each for each in staffed.room.jobs if each.name == "directory.sweep_sessions"]
    assert await job.run() == 3
    assert await staffed.accounts.principal_of(alive.token)
    async with floor.database.reading() as tx:
        assert await tx.scalar(text("SELECT count(*) FROM staff_session")) == 1


async def test_a_hash_with_weaker_parameters_is_renewed_at_sign_in(staffed: DirectoryRoom, floor: Floor) -> None:
    await sign_in(staffed)
    assert await stored_password(floor) == (64, 1)
    dearer = build(floor, PasswordHasher(time_cost=2, memory_cost=128, parallelism=1))
    await sign_in(dearer)
    assert await stored_password(floor) == (128, 2)
    assert (await sign_in(dearer)).principal.name


async def stored_password(floor: Floor) -> tuple[int, int]:
    """Memory and time cost of the agent's hash."""
    async with floor.database.reading() as tx:
        stored = await tx.scalar(select(staff.c.password).where(staff.c.login == "agent"))
    parameters = extract_parameters(stored)
    return parameters.memory_cost, parameters.time_cost


async def test_passwords_cost_what_rfc_9106_asks_of_machines_with_little_memory(clock: ManualClock) -> None:
    passwords = Passwords(PasswordHasher())
    hashed = await passwords.hash("a password")
    assert extract_parameters(hashed) == profiles.RFC_9106_LOW_MEMORY
    assert await passwords.fits(hashed, "a password")
    assert not await passwords.fits(None, "a password")
    assert not await passwords.fits("not a hash", "a password")
