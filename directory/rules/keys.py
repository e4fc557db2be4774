"""API keys: what one looks like, what must hold of a new one."""

import hashlib
from collections.abc import Collection

from directory.model import ApiKey
from kernel.ids import new_code, new_token
from kernel.people import UNIT_SCOPES

# Who finds a key lying about can tell what it is; who revokes one can tell which.
MARK = "hk"
KEY_ID = "key:"
LONGEST_NAME = 60
RATES = range(1, 6001)


def new_key_token() -> tuple[str, str]:
    """The beginning by which a key is known, and the whole key, which is shown once."""
    prefix = f"{MARK}_{new_code(8)}"
    return prefix, f"{prefix}_{new_token()}"


def hashed(token: str) -> str:
    """What is kept of a key. It is too long to be guessed: a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def wrong_fields(key: ApiKey, units: Collection[str]) -> dict[str, str]:
    """What is wrong with a new key; ``units`` are those in use."""
    wrong = {}
    if not key.name:
        wrong["name"] = "required"
    elif len(key.name) > LONGEST_NAME:
        wrong["name"] = "too_long"
    if not key.scopes:
        wrong["scopes"] = "required"
    if key.unit and key.unit not in units:
        wrong["unit"] = "unknown_unit"
    elif key.scopes & UNIT_SCOPES and not key.unit:
        wrong["unit"] = "required"
    if key.per_minute not in RATES:
        wrong["per_minute"] = "out_of_range"
    return wrong
