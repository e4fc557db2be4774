"""Rows of accounts as administrators look for them: pages of a list, holders of roles, units nobody works for."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass

import msgspec
from sqlalchemy import ColumnElement, RowMapping, Select, String, cast, func, or_, select

from directory.model import Account
from directory.store.staff import staff, staff_of
from kernel.database import Tx
from kernel.people import Role

S = staff.c


@dataclass(frozen=True, slots=True)
class Wanted:
    """What accounts are looked for: ``q`` in login, name or one of the units ``units_like``; None asks for any.

    ``logins`` are the only ones that count, ``units_in_use`` those whose people are no strays.
    """

    q: str = ""
    units_like: Collection[str] = ()
    unit: str = ""
    role: Role | None = None
    active: bool | None = None
    outsourced: bool | None = None
    never: bool = False
    renew: bool = False
    logins: Collection[str] | None = None
    units_in_use: Collection[str] | None = None


async def page(tx: Tx, wanted: Wanted, after: str, limit: int) -> list[Account]:
    """Accounts that fit, by login, behind the login ``after``."""
    query = select(staff).where(*_conditions(wanted), S.login > after).order_by(S.login).limit(limit)
    return [_account(row) for row in await tx.rows(query)]


async def one(tx: Tx, staff_id: str) -> Account | None:
    """One account."""
    row = await tx.row(select(staff).where(S.id == staff_id))
    return None if row is None else _account(row)


async def officers(tx: Tx) -> list[Account]:
    """Active accounts of units, by login."""
    query = select(staff).where(S.active, S.unit != "").order_by(S.login)
    return [_account(row) for row in await tx.rows(query)]


async def logins(tx: Tx) -> list[str]:
    """Every login there is."""
    return [row["login"] for row in await tx.rows(select(S.login))]


async def holders(tx: Tx) -> Counter[Role]:
    """How many active accounts hold each role."""
    held = cast(S.roles, String).label("held")
    rows = await tx.rows(select(held, func.count().label("many")).where(S.active).group_by(held))
    found: Counter[Role] = Counter()
    for row in rows:
        for role in msgspec.json.decode(row["held"], type=list[Role]):
            found[role] += row["many"]
    return found


async def units_with(tx: Tx, role: Role) -> set[str]:
    """Units that have an active account of a role."""
    query = select(S.unit).distinct().where(S.active, _holds(role))
    return {row["unit"] for row in await tx.rows(query)}


async def lock_admins(tx: Tx) -> set[str]:
    """The ids of active administrators; nobody else changes one until the transaction ends."""
    query: Select[tuple[str]] = select(S.id).where(S.active, _holds(Role.ADMIN)).order_by(S.id).with_for_update()
    return {row["id"] for row in await tx.rows(query)}


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.q:
        text = wanted.q.casefold()
        said = or_(S.login.contains(text, autoescape=True), S.name.icontains(wanted.q, autoescape=True))
        found.append(said | S.unit.in_(wanted.units_like) if wanted.units_like else said)
    if wanted.unit:
        found.append(S.unit == wanted.unit)
    if wanted.role is not None:
        found.append(_holds(wanted.role))
    if wanted.active is not None:
        found.append(S.active if wanted.active else ~S.active)
    if wanted.outsourced is not None:
        found.append(S.outsourced if wanted.outsourced else ~S.outsourced)
    if wanted.never:
        found.append(S.signed_in_at.is_(None))
    if wanted.renew:
        found.append(S.renew)
    if wanted.logins is not None:
        found.append(S.login.in_(wanted.logins))
    if wanted.units_in_use is not None:
        found += [S.unit != "", S.unit.not_in(wanted.units_in_use)]
    return found


def _holds(role: Role) -> ColumnElement[bool]:
    return cast(S.roles, String).contains(f'"{role.value}"', autoescape=True)


def _account(row: RowMapping) -> Account:
    return Account(staff_of(row), row["created_at"], row["signed_in_at"])
