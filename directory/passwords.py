"""Passwords: hashed with argon2id in a thread, checked in the same time whether there is an account or not."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from kernel.errors import Invalid
from kernel.ids import new_code, new_token

SHORTEST = 10
LONGEST = 128
ISSUED_LENGTH = 12
AT_ONCE = 2  # each check takes a core and 64 MiB for some 50 ms


class Passwords:
    """Hashes and checks, a few at a time. The hasher's own defaults are those of RFC 9106 for little memory."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._decoy = ""

    async def prepare(self) -> None:
        """Make what logins without an account are checked against."""
        if not self._decoy:
            self._decoy = await self.hash(new_token())

    async def hash(self, password: str) -> str:
        """The string to store."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, stored: str | None, password: str) -> bool:
        """Whether ``password`` is the stored one; takes as long, and is False, when none is stored."""
        await self.prepare()
        async with self._turns:
            fits = await asyncio.to_thread(self._verify, stored or self._decoy, password)
        return fits and stored is not None

    def is_outdated(self, stored: str) -> bool:
        """Whether a stored hash was made with weaker parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    def _verify(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError):
            return False


def issue_password() -> str:
    """A password to hand to a new colleague, who replaces it."""
    return new_code(ISSUED_LENGTH)


def check_choice(password: str, login: str) -> None:
    """Refuse a password too short, too long or made from the login: Invalid({"new": …})."""
    if len(password) < SHORTEST:
        raise Invalid({"new": "too_short"})
    if len(password) > LONGEST:
        raise Invalid({"new": "too_long"})
    if login.casefold() in password.casefold():
        raise Invalid({"new": "password_like_login"})
