"""The sheet accounts are made of many at once, and what is wrong with its rows."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from directory.model import Staff, Unit
from directory.rules.staffing import wrong_fields
from kernel.people import Role
from kernel.sheets import Column, Holds, Layout, Problem, Row, Sheet, Table, chosen_value, code, labels, table

YES, NO = "yes", "no"
MOST_ACCOUNTS = 1000

STAFF_SHEET = Layout(
    "staff",
    "账号",
    "一行一个新账号；登录密码由系统生成，导入后随结果下载",
    (
        code("login", "登录账号", "2 至 40 个小写字母、数字或 . _ -，以字母或数字开头", longest=40),
        Column("name", "姓名", "显示在处理记录中", required=True, longest=60),
        Column("roles", "角色", "一个或几个，用 | 或 、分开", Holds.LIST, required=True, choices=labels(Role)),
        Column("unit", "单位", "单位角色必填：成员单位的代码或全称；热线人员不填"),
        Column("outsourced", "外包", "外包人员填“是”", optional=True, choices={YES: "是", NO: "否"}),
    ),
    key=("login",),
)

GIVEN_SHEET = Layout(
    "passwords",
    "初始密码",
    "请分别交给本人；首次登录须修改",
    (
        Column("login", "登录账号"),
        Column("name", "姓名"),
        Column("roles", "角色"),
        Column("unit", "单位"),
        Column("password", "初始密码"),
    ),
    key=("login",),
)

_BETWEEN = re.compile(r"[|、，,;；\n]")


@dataclass(frozen=True, slots=True)
class Units:
    """The units in use, by code and by name."""

    codes: Collection[str]
    by_name: Mapping[str, str]

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "Units":
        """Those of ``units`` that are in use; a name two of them share says neither."""
        active = [unit for unit in units if unit.active]
        names = [unit.name for unit in active]
        return cls({unit.code for unit in active}, {u.name: u.code for u in active if names.count(u.name) == 1})

    def code(self, said: str) -> str:
        """The code that is meant; what is said itself when there is no such unit."""
        wanted = said.strip()
        if wanted.upper() in self.codes:
            return wanted.upper()
        return wanted if wanted in self.codes else self.by_name.get(wanted, wanted)


def read_staff(sheet: Sheet, units: Units, taken: Collection[str], problems: list[Problem]) -> list[Staff]:
    """The accounts of a sheet, without ids; what is wrong goes into ``problems``. ``taken`` are logins there are."""
    if sheet.whole and not sheet.rows:
        problems.append(Problem(sheet.layout.name, 0, "", "no_rows"))
    if len(sheet.rows) > MOST_ACCOUNTS:
        problems.append(Problem(sheet.layout.name, 0, "", "too_many_accounts"))
        return []
    seen: set[str] = set()
    found = []
    for row in sheet.rows:
        member = _member(row, units)
        if member.login in seen:
            row.wrong("login", "repeated")
        elif member.login in taken:
            row.wrong("login", "login_taken")
        seen.add(member.login)
        for field, what in wrong_fields(member, units.codes).items():
            row.wrong(field, what)
        found.append(member)
    return found


def _member(row: Row, units: Units) -> Staff:
    outsourced = row.raw("outsourced").strip()
    chosen = chosen_value(STAFF_SHEET.column("outsourced"), outsourced) if outsourced else NO
    if not chosen:
        row.wrong("outsourced", "unknown")
    login, name = row.raw("login").strip().casefold(), row.raw("name").strip()
    return Staff("", login, name, _roles(row), units.code(row.raw("unit")), outsourced=chosen == YES, renew=True)


def _roles(row: Row) -> frozenset[Role]:
    said = [part.strip() for part in _BETWEEN.split(row.raw("roles")) if part.strip()]
    found = set()
    for part in said:
        value = chosen_value(STAFF_SHEET.column("roles"), part)
        if value:
            found.add(Role(value))
        else:
            row.wrong("roles", "role_unknown", part)
    return frozenset(found)


def sheet_for(units: Iterable[Unit], taken: Collection[str]) -> Table:
    """The sheet filled in for units that have nobody yet: a liaison each, under a login that is free."""
    rows = []
    for unit in units:
        login = free_login(unit.code, taken)
        rows.append((login, f"{unit.short_name}联络员", Role.LIAISON.label, unit.name, ""))
    return table(STAFF_SHEET, rows)


def free_login(unit: str, taken: Collection[str]) -> str:
    """A login for somebody of a unit that nobody has."""
    login = unit.lower()
    return next(name for name in (login, *(f"{login}-{n}" for n in range(2, len(taken) + 3))) if name not in taken)
