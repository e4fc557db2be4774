"""What must hold of an account, and what of it has changed."""

import re
from collections.abc import Collection

from directory.model import Staff
from kernel.people import OUTSOURCED_ROLES, UNIT_ROLES, Role

LONGEST_NAME = 60
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")


def wrong_fields(member: Staff, units: Collection[str]) -> dict[str, str]:
    """What is wrong with an account; ``units`` are those in use.

    People of a unit hold a unit's roles and no others, so that nobody checks or calls back about work of their own;
    people of a contractor hold no roles that decide.
    """
    wrong: dict[str, str] = {}
    if not _LOGIN.fullmatch(member.login):
        wrong["login"] = "login_malformed"
    if not member.name or len(member.name) > LONGEST_NAME:
        wrong["name"] = "missing" if not member.name else "too_long"
    if not member.roles:
        wrong["roles"] = "missing"
    if member.unit and member.unit not in units:
        wrong["unit"] = "unknown"
    elif member.roles & UNIT_ROLES and not member.unit:
        wrong["unit"] = "missing"
    elif member.unit and not member.roles <= UNIT_ROLES:
        wrong["roles"] = "role_not_of_a_unit"
    if member.outsourced and not member.roles <= OUTSOURCED_ROLES:
        wrong.setdefault("roles", "role_not_outsourced")
    return wrong


def said(member: Staff) -> dict[str, str]:
    """What an account is, as the record keeps it."""
    return {
        "name": member.name,
        "roles": ",".join(role.value for role in Role if role in member.roles),
        "unit": member.unit,
        "outsourced": "yes" if member.outsourced else "no",
    }


def changed(before: Staff, after: Staff) -> tuple[dict[str, str], dict[str, str]]:
    """What of an account is no longer what it was: how it was and how it is."""
    was, is_ = said(before), said(after)
    names = [name for name in was if was[name] != is_[name]]
    return {name: was[name] for name in names}, {name: is_[name] for name in names}
