"""The house as web, worker and command line see it: the floor, the rooms on it, the staff's sessions."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import structlog
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kernel.attachments import Attachments
from kernel.bell import Bell, LocalBell, PostgresBell
from kernel.clock import Clock
from kernel.database import Database
from kernel.errors import NotAllowed
from kernel.journal import Journal
from kernel.mailbox import Mailbox
from kernel.people import Principal
from kernel.privacy import Vault, key_name, load_or_make_key
from kernel.room import Floor, Room
from kernel.settings import Settings
from kernel.signing import Signer

log = structlog.get_logger()

ROOT = Path(__file__).resolve().parent.parent


class SignedIn(Protocol):
    """A staff session: the cookie's token, who it is, until when."""

    @property
    def token(self) -> str: ...
    @property
    def principal(self) -> Principal: ...
    @property
    def expires(self) -> datetime: ...


class OpenSession(Protocol):
    """One of the sessions somebody has open."""

    @property
    def id(self) -> str: ...
    @property
    def device(self) -> str: ...
    @property
    def created(self) -> datetime: ...
    @property
    def seen(self) -> datetime: ...
    @property
    def current(self) -> bool: ...


class Accounts(Protocol):
    """The staff's accounts, as the directory keeps them."""

    async def sign_in(self, login: str, password: str, remote: str, device: str = "") -> SignedIn:
        """A new session; NotAllowed when login and password do not fit or the account is locked."""
        ...

    async def principal_of(self, token: str) -> SignedIn:
        """The session of a cookie; NotSignedIn when it has ended."""
        ...

    async def sign_out(self, token: str) -> None:
        """End a session."""
        ...

    async def sessions_of(self, staff_id: str, token: str) -> Sequence[OpenSession]:
        """What somebody has open; the session of ``token`` is told apart."""
        ...

    async def end_session_of(self, staff_id: str, session_id: str) -> None:
        """End one of somebody's sessions; NotFound."""
        ...

    async def end_others_of(self, staff_id: str, token: str) -> None:
        """End all of somebody's sessions but one."""
        ...


class Holder(Protocol):
    """Who an API key makes its bearer, and how many requests a minute it may send."""

    @property
    def principal(self) -> Principal: ...
    @property
    def per_minute(self) -> int: ...


class Keys(Protocol):
    """The API keys of other programs, as the directory keeps them."""

    async def holder_of(self, token: str) -> Holder:
        """Who holds a key; NotAllowed("bad_key") when there is none such or it was revoked."""
        ...


class NoKeys:
    """A house that gives out no keys."""

    async def holder_of(self, token: str) -> Holder:
        """Nobody holds one."""
        raise NotAllowed("bad_key")


class Named(Protocol):
    """Anything with a name."""

    @property
    def name(self) -> str: ...


class Units(Protocol):
    """The directory's member units."""

    def unit(self, code: str) -> Named:
        """A unit by its code; NotFound."""
        ...


@dataclass(frozen=True, slots=True)
class House:
    """All that runs: web and worker read the rooms' tables from here. ``zone`` is the city's, once open."""

    floor: Floor
    rooms: Sequence[Room]
    accounts: Accounts
    units: Units
    zone: Callable[[], ZoneInfo]
    keys: Keys = field(default_factory=NoKeys)

    async def open(self) -> None:
        """Begin to hear other processes and let every room get ready."""
        await self.floor.bell.start()
        for room in self.rooms:
            for start in room.starting:
                await start()

    async def leave(self) -> None:
        """Let every room finish, the last built first: visitors are told, clients closed."""
        for room in reversed(self.rooms):
            for ended in await asyncio.gather(*(stop() for stop in room.stopping), return_exceptions=True):
                if isinstance(ended, BaseException):
                    log.error("room.stopping_failed", room=room.name, exc_info=ended)

    async def close(self) -> None:
        """Hear no more bells and let go of the database."""
        await self.floor.bell.stop()
        await self.floor.database.close()


def build_floor(settings: Settings, clock: Clock, key: bytes, facts: Sequence[type]) -> Floor:
    """The floor over the database of the settings; ``facts`` are the kinds the journal may hold."""
    database = Database(settings.database.url, pool_size=settings.database.pool_size)
    bell: Bell = LocalBell() if database.is_sqlite else PostgresBell(_dsn(database))
    vault = Vault({key_name(key): key}, key_name(key))
    signer = Signer(_signing_key(key), clock)
    return Floor(
        settings=settings,
        database=database,
        clock=clock,
        bell=bell,
        mailbox=Mailbox(vault, clock, bell),
        journal=Journal(vault, clock, bell, facts),
        vault=vault,
        signer=signer,
        attachments=Attachments(signer, clock),
    )


def key_of(settings: Settings) -> bytes:
    """The key of the settings' key file, made on first use."""
    return load_or_make_key(Path(settings.security.key_file))


def _signing_key(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"hotline signing").derive(key)


def _dsn(database: Database) -> str:
    return database.url.set(drivername="postgresql").render_as_string(hide_password=False)
