"""API keys: what one looks like, what must hold of a new one."""

import hashlib
from collections.abc import Collection
from datetime import datetime

from directory.model import ApiKey
from kernel.ids import new_code, new_token
from kernel.people import UNIT_SCOPES

# Who finds a key lying about can tell what it is; who revokes one can tell which.
MARK = "hk"
KEY_ID = "key:"
LONGEST_NAME = 60
LONGEST_PURPOSE = 200
# A key that follows another leaves that one alone for so long at the most.
OVERLAP_DAYS = range(31)
RATES = range(1, 6001)


def new_key_token() -> tuple[str, str]:
    """The beginning by which a key is known, and the whole key, which is shown once."""
    prefix = f"{MARK}_{new_code(8)}"
    return prefix, f"{prefix}_{new_token()}"


def hashed(token: str) -> str:
    """What is kept of a key. It is too long to be guessed: a plain digest is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def opens(key: ApiKey, now: datetime) -> bool:
    """Whether a key opens anything now."""
    return key.revoked is None and (key.expires is None or now < key.expires)


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
    if len(key.purpose) > LONGEST_PURPOSE:
        wrong["purpose"] = "too_long"
    if key.expires is not None and key.expires.tzinfo is None:
        wrong["expires"] = "zone_needed"
    elif key.expires is not None and key.expires <= key.made:
        wrong["expires"] = "not_in_the_future"
    return wrong
