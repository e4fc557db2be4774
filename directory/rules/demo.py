"""The demo's accounts: one a role of the hotline, one a member unit. Invented posts, no people."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from directory.model import Level, Unit
from kernel.people import Role

DEMO_PASSWORD = "hotline-demo"  # noqa: S105 - printed by the house, accepted in demo mode on this machine only


@dataclass(frozen=True, slots=True)
class Post:
    """An account to be: its login, the name shown, what it may do, for which unit."""

    login: str
    name: str
    role: Role
    unit: str = ""


HOTLINE_POSTS = (
    Post("agent", "话务员01号", Role.AGENT),
    Post("agent2", "话务员02号", Role.AGENT),
    Post("lead", "班长01号", Role.SHIFT_LEAD),
    Post("dispatcher", "分办员01号", Role.DISPATCHER),
    Post("reviewer", "审核员01号", Role.REVIEWER),
    Post("callback", "回访员01号", Role.CALLBACK),
    Post("callback2", "回访员02号", Role.CALLBACK),
    Post("supervisor", "督办员01号", Role.SUPERVISOR),
    Post("editor", "知识采编01号", Role.EDITOR),
    Post("admin", "管理员01号", Role.ADMIN),
    Post("analyst", "分析员01号", Role.ANALYST),
    Post("auditor", "审计员01号", Role.AUDITOR),
    Post("privacy", "隐私专员01号", Role.PRIVACY_OFFICER),
)


def demo_posts(units: Iterable[Unit]) -> Iterator[Post]:
    """The hotline's posts, a liaison for every active unit, and the leaders of one city and one town unit."""
    yield from HOTLINE_POSTS
    active = [unit for unit in units if unit.active]
    for unit in active:
        yield Post(unit.code.lower(), f"{unit.short_name}联络员", Role.LIAISON, unit.code)
    for level in (Level.CITY, Level.TOWN):
        led = next((unit for unit in active if unit.level is level and unit.functions), None)
        if led is not None:
            yield Post(f"{led.code.lower()}-leader", f"{led.short_name}负责人", Role.UNIT_LEADER, led.code)
