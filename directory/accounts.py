"""The staff's accounts at the door: sign-in with lock-out, sessions that end, passwords that change."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from directory.events import StaffAccountChanged, StaffLockedOut, StaffSignedIn, StaffSignedOut
from directory.model import OpenSession, Staff
from directory.passwords import Passwords, check_choice
from directory.rules.lockout import PLACE_FACTOR, Counter, attempted, login_key, uncounted
from directory.store.staff import StaffStore
from kernel.database import Tx
from kernel.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from kernel.ids import new_token
from kernel.people import Kind, Principal
from kernel.room import Floor

# A session's last use is written down at most this often, so that reading does not write each time.
TOUCH_EVERY = timedelta(minutes=1)
UNKNOWN = "unknown"
LONGEST_DEVICE = 40


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session: the token its holder shows, who that is, and when the session ends at the latest."""

    token: str
    principal: Principal
    expires: datetime


@dataclass(frozen=True, slots=True)
class _Keys:
    """The counters of one attempt: of its login, and of the place it comes from."""

    login: str
    place: str


class Accounts:
    """Lets staff in and out."""

    def __init__(self, floor: Floor, staff: StaffStore, passwords: Passwords) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._vault = floor.vault
        self._security = floor.settings.security
        self._staff = staff
        self._passwords = passwords

    async def sign_in(self, login: str, password: str, remote: str, device: str = "") -> SignedIn:
        """A new session for the right password; ``device`` is how its holder knows it among others.

        NotAllowed("wrong_login") for an unknown or shut login and for a wrong password alike, after equal work;
        NotAllowed("locked") once there were too many failures under the login or from ``remote``, known or not.
        """
        login = login.strip().casefold()
        keys = self._keys(login, remote)
        async with self._database.transaction() as tx:
            is_locked, reached = await self._count(tx, keys)
            found = await self._staff.with_password(tx, login)
        member, stored = found or (None, None)
        fits = await self._passwords.fits(stored, password)
        if is_locked:
            raise NotAllowed("locked")
        if member is None or stored is None or not fits:
            if reached is not None:
                await self._tell_locked(member, reached)
            raise NotAllowed("wrong_login")
        renewed = await self._passwords.hash(password) if self._passwords.is_outdated(stored) else ""
        return await self._open_session(member, keys, renewed, device)

    async def principal_of(self, token: str) -> SignedIn:
        """The session of a token; NotSignedIn when it has ended, was too long idle, or its account was shut."""
        now = self._clock.now()
        async with self._database.reading() as tx:
            session = await self._staff.session(tx, token)
        idle = timedelta(minutes=self._security.idle_minutes)
        if session is None or now >= session.expires or now - session.seen >= idle:
            raise NotSignedIn
        if now - session.seen >= TOUCH_EVERY:
            async with self._database.transaction() as tx:
                await self._staff.touch_session(tx, token, now)
        return SignedIn(token, principal_for(session.staff), session.expires)

    async def sign_out(self, token: str) -> None:
        """End a session, everywhere at once; one that has ended already is no error."""
        async with self._database.transaction() as tx:
            staff_id = await self._staff.end_session(tx, token)
            if staff_id:
                await self._journal.state(tx, StaffSignedOut(staff_id, self._clock.now()))

    async def change_password(self, staff_id: str, old: str, new: str) -> None:
        """Replace a password and end every session of its holder.

        Invalid names ``old`` when it is wrong (a failure that counts towards the lock-out) and ``new`` when it is
        weak or the same; NotAllowed("locked") while locked.
        """
        async with self._database.transaction() as tx:
            login = (await self._staff.by_id(tx, staff_id)).login
            keys = self._keys(login, "")
            is_locked, reached = await self._count(tx, keys)
            found = await self._staff.with_password(tx, login)
        member, stored = found or (None, None)
        fits = await self._passwords.fits(stored, old)
        if is_locked:
            raise NotAllowed("locked")
        if member is None or not fits:
            if reached is not None:
                await self._tell_locked(member, reached)
            raise Invalid({"old": "wrong_password"})
        if new == old:
            raise Invalid({"new": "password_same"})
        check_choice(new, login)
        hashed = await self._passwords.hash(new)
        now = self._clock.now()
        async with self._database.transaction() as tx:
            await self._staff.set_password(tx, staff_id, hashed, renew=False)
            await self._staff.end_sessions_of(tx, staff_id)
            await self._forgive(tx, keys)
            await self._journal.state(tx, StaffAccountChanged(staff_id, now, "password", staff_id))

    async def sessions_of(self, staff_id: str, token: str) -> list[OpenSession]:
        """What somebody has open, the last used first; the session of ``token`` is told apart."""
        now = self._clock.now()
        idle = timedelta(minutes=self._security.idle_minutes)
        async with self._database.reading() as tx:
            return await self._staff.sessions_of(tx, staff_id, now, now - idle, token)

    async def end_session_of(self, staff_id: str, session_id: str) -> None:
        """End one of somebody's own sessions; NotFound."""
        async with self._database.transaction() as tx:
            if not await self._staff.end_one_of(tx, staff_id, session_id):
                raise NotFound("session")
            await self._journal.state(tx, StaffSignedOut(staff_id, self._clock.now()))

    async def end_others_of(self, staff_id: str, token: str) -> None:
        """End all of somebody's sessions but that of ``token``."""
        async with self._database.transaction() as tx:
            if await self._staff.end_others_of(tx, staff_id, token):
                await self._journal.state(tx, StaffSignedOut(staff_id, self._clock.now()))

    async def sweep(self) -> int:
        """Delete ended sessions and old counters; gives how many."""
        now = self._clock.now()
        idle = timedelta(minutes=self._security.idle_minutes)
        async with self._database.transaction() as tx:
            return await self._staff.sweep(tx, now, now - idle, now - self._lock)

    # -- lock-out ---------------------------------------------------------------------------------------

    @property
    def _lock(self) -> timedelta:
        return timedelta(minutes=self._security.lockout_minutes)

    def _keys(self, login: str, remote: str) -> _Keys:
        # What is typed as a login may be a password, and a remote address is somebody's: neither is kept in the open.
        place = f"place:{self._vault.blind_index('place', remote)}" if remote else ""
        return _Keys(login_key(self._vault, login), place)

    async def _count(self, tx: Tx, keys: _Keys) -> tuple[bool, datetime | None]:
        """Count an attempt; whether it came too late, and until when this one, if it fails, locks the login."""
        now, limit = self._clock.now(), self._security.lockout_after
        login = await self._staff.counter(tx, keys.login, now)
        place = await self._staff.counter(tx, keys.place, now) if keys.place else Counter(0, now)
        if login.is_locked(now) or place.is_locked(now):
            return True, None
        login = attempted(login, now, limit, self._lock)
        await self._staff.set_counter(tx, keys.login, login)
        if keys.place:
            await self._staff.set_counter(tx, keys.place, attempted(place, now, limit * PLACE_FACTOR, self._lock))
        return False, login.locked_until if login.is_locked(now) else None

    async def _forgive(self, tx: Tx, keys: _Keys) -> None:
        """The attempt was none that counts: the login's failures are forgotten, the place's others stay."""
        now = self._clock.now()
        await self._staff.set_counter(tx, keys.login, Counter(0, now))
        if keys.place:
            place = await self._staff.counter(tx, keys.place, now)
            await self._staff.set_counter(tx, keys.place, uncounted(place, self._security.lockout_after * PLACE_FACTOR))

    async def _tell_locked(self, member: Staff | None, until: datetime) -> None:
        staff_id = member.id if member else UNKNOWN
        async with self._database.transaction() as tx:
            await self._journal.state(tx, StaffLockedOut(staff_id, self._clock.now(), until))

    # -- sessions ---------------------------------------------------------------------------------------

    async def _open_session(self, member: Staff, keys: _Keys, renewed_hash: str, device: str) -> SignedIn:
        now = self._clock.now()
        token, expires = new_token(), now + timedelta(hours=self._security.session_hours)
        async with self._database.transaction() as tx:
            await self._forgive(tx, keys)
            if renewed_hash:
                await self._staff.set_password(tx, member.id, renewed_hash)
            await self._staff.add_session(tx, token, member.id, now, expires, device[:LONGEST_DEVICE])
            await self._staff.note_signed_in(tx, member.id, now)
            await self._journal.state(tx, StaffSignedIn(member.id, now))
        return SignedIn(token, principal_for(member), expires)


def principal_for(member: Staff) -> Principal:
    """Who a member of staff is to the rest of the program."""
    about = (member.id, member.name, member.roles, member.unit)
    return Principal(Kind.STAFF, *about, login=member.login, renew=member.renew)
