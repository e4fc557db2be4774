"""What is shown of accounts, of their history, and of roles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.accounts import principal_for
from directory.events import StaffAccountChanged, StaffLockedOut
from directory.lookup import Lookup
from directory.model import Account, OpenSession, Staff
from directory.rules.staffsheet import free_login
from kernel.errors import NotAllowed, NotFound
from kernel.journal import Recorded
from kernel.people import OUTSOURCED_ROLES, PERMISSIONS, PUBLIC, SYSTEM, UNIT_ROLES, May, Role, Scope, allow

SIGNED_IN, LOCKED_OUT = "signed_in", "locked_out"
COMMA = "、"


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role with its name."""

    value: Role
    label: str


@dataclass(frozen=True, slots=True)
class StaffView:
    """An account. ``unit_active``: its unit is in use, or it has none; if not, ``heir_name`` goes on with its work."""

    id: str
    login: str
    name: str
    roles: Sequence[RoleView]
    unit: str
    unit_name: str
    unit_active: bool
    heir_name: str
    active: bool
    outsourced: bool
    renew: bool
    version: int
    created: datetime | None = None
    signed_in: datetime | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class GrantView:
    """What may be done, and how far."""

    value: May
    scope: Scope


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session somebody has open."""

    device: str
    created: datetime
    seen: datetime


@dataclass(frozen=True, slots=True)
class StaffDetail:
    """An account in full: what its holder may do, and where they are signed in."""

    staff: StaffView
    may: Sequence[GrantView]
    sessions: Sequence[SessionRow]


@dataclass(frozen=True, slots=True)
class ChangedField:
    """A field of an account that changed, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class HistoryView:
    """What was done to an account and by whom; ``order``: it moved by a change of units."""

    at: datetime
    change: str
    by: str
    fields: Sequence[ChangedField]
    order: str = ""


@dataclass(frozen=True, slots=True)
class RoleDetail:
    """A role: how many hold it, what they may do and how far."""

    value: Role
    label: str
    holders: int
    of_unit: bool
    outsourced: bool
    may: Sequence[GrantView]


@dataclass(frozen=True, slots=True)
class GapView:
    """A unit nobody speaks for, with a login that is free to be used for it; ``retired`` are former units it stands
    for."""

    code: str
    name: str
    level_label: str
    area_name: str
    login: str
    people: int
    retired: Sequence[str]


def role_views(roles: frozenset[Role]) -> list[RoleView]:
    """Roles in the order of their table."""
    return [RoleView(role, role.label) for role in Role if role in roles]


class StaffShowing:
    """Names units and people in what is shown."""

    def __init__(self, lookup: Lookup) -> None:
        self._lookup = lookup

    def account(self, account: Account) -> StaffView:
        """An account in a list."""
        return self.member(account.staff, account)

    def member(self, member: Staff, account: Account | None = None) -> StaffView:
        """The same of an account just changed."""
        active, heir = self._standing(member.unit)
        return StaffView(
            member.id,
            member.login,
            member.name,
            role_views(member.roles),
            member.unit,
            self.unit_name(member.unit),
            active,
            heir,
            member.active,
            member.outsourced,
            member.renew,
            member.version,
            account.created if account else None,
            account.signed_in if account else None,
            account.locked_until if account else None,
        )

    def detail(self, account: Account, sessions: Sequence[OpenSession]) -> StaffDetail:
        """An account in full."""
        rows = [SessionRow(each.device, each.created, each.seen) for each in sessions]
        return StaffDetail(self.account(account), grants_of(account.staff), rows)

    def history(self, facts: Sequence[Recorded], names: Mapping[str, str]) -> list[HistoryView]:
        """What became of an account."""
        return [self._told(each, names) for each in facts]

    def _told(self, recorded: Recorded, names: Mapping[str, str]) -> HistoryView:
        fact = recorded.fact
        if isinstance(fact, StaffAccountChanged):
            by = SYSTEM.name if fact.by == SYSTEM.id else names.get(fact.by, fact.by)
            return HistoryView(fact.at, fact.change, by, self._fields(fact), fact.order)
        change = LOCKED_OUT if isinstance(fact, StaffLockedOut) else SIGNED_IN
        return HistoryView(recorded.at, change, "", [])

    def _fields(self, fact: StaffAccountChanged) -> list[ChangedField]:
        names = fact.after or fact.before
        return [
            ChangedField(each, self._word(each, fact.before.get(each, "")), self._word(each, fact.after.get(each, "")))
            for each in names
        ]

    def _word(self, field: str, value: str) -> str:
        if field == "unit":
            return self.unit_name(value)
        if field == "roles":
            return COMMA.join(Role(each).label for each in value.split(",") if each)
        return value

    def unit_name(self, code: str) -> str:
        """A unit's name; a code nobody knows stays as it is."""
        try:
            return self._lookup.unit(code).name if code else ""
        except NotFound:
            return code

    def _standing(self, code: str) -> tuple[bool, str]:
        try:
            active = not code or self._lookup.unit(code).active
        except NotFound:
            active = False
        return active, "" if active else self.unit_name(self._lookup.heir(code))

    def gap(self, code: str, people: int, taken: set[str]) -> GapView:
        """A unit nobody speaks for."""
        unit = self._lookup.unit(code)
        free = free_login(code, taken)
        retired = [self.unit_name(each) for each in self._lookup.stands_for(code) if each != code]
        area = self._lookup.area(unit.area).name
        return GapView(code, unit.name, unit.level.label, area, free, people, retired)


def grants_of(member: Staff) -> list[GrantView]:
    """What somebody may do by all their roles, and how far at the most."""
    found = []
    # A password still to be replaced holds them up; it takes nothing from what they may do.
    principal = principal_for(Staff(member.id, member.login, member.name, member.roles, member.unit))
    for may in PERMISSIONS:
        try:
            found.append(GrantView(may, allow(principal, may)))
        except NotAllowed:
            continue
    return [each for each in found if each.value not in PUBLIC]


def role_detail(role: Role, holders: int) -> RoleDetail:
    """A role as its row of the table says."""
    may = [GrantView(each, reach[role]) for each, reach in PERMISSIONS.items() if role in reach]
    return RoleDetail(role, role.label, holders, role in UNIT_ROLES, role in OUTSOURCED_ROLES, may)
