"""The staff of a simulated house: agents in numbers, the hotline's other posts, people at every unit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from hotline.assembly import Rooms
from hotline.simulation.plan.dice import Dice
from kernel.database import Database
from kernel.people import Kind, Principal, Role

AGENTS = 200
POSTS: Mapping[Role, int] = {
    Role.SHIFT_LEAD: 6,
    Role.DISPATCHER: 10,
    Role.REVIEWER: 8,
    Role.CALLBACK: 10,
    Role.SUPERVISOR: 4,
    Role.JOINT_OFFICE: 1,
    Role.PRIVACY_OFFICER: 1,
    Role.ADMIN: 1,
    Role.ANALYST: 1,
    Role.AUDITOR: 1,
}
AT_A_UNIT = (Role.LIAISON, Role.HANDLER, Role.UNIT_LEADER)


@dataclass
class People:
    """Who there is, as principals of the house. People of units are hired when the unit first has something to do."""

    rooms: Rooms
    database: Database
    agents: Sequence[Principal]
    posts: Mapping[Role, Sequence[Principal]]
    by_id: dict[str, Principal]
    units: dict[tuple[str, Role], Principal] = field(default_factory=dict)

    def one(self, role: Role, dice: Dice) -> Principal:
        """Somebody of a post."""
        return dice.pick(self.posts[role])

    def others(self, role: Role, but: str, dice: Dice) -> Principal:
        """Somebody of a post who is not ``but`` (an id)."""
        return dice.pick([each for each in self.posts[role] if each.id != but])

    def knows(self, unit: str) -> bool:
        """Whether the unit's people are hired."""
        return (unit, Role.LIAISON) in self.units

    async def at(self, unit: str, role: Role) -> Principal:
        """The unit's person for a part."""
        if (unit, role) not in self.units:
            wanted = [(f"s-{unit.lower()}-{each.value}", f"{unit}{each.label}", each, unit) for each in AT_A_UNIT]
            for made, each in zip(await _add(self.rooms, self.database, wanted), AT_A_UNIT, strict=True):
                self.units[unit, each] = self.by_id[made.id] = made
        return self.units[unit, role]


async def hire(rooms: Rooms, database: Database, agents: int = AGENTS) -> People:
    """Accounts for everybody at the hotline, written down as accounts are."""
    known = await _add(rooms, database, [*_agents(agents), *_hotline()])
    posts = {role: [p for p in known if role in p.roles] for role in POSTS}
    return People(rooms, database, [p for p in known if Role.AGENT in p.roles], posts, {p.id: p for p in known})


async def _add(rooms: Rooms, database: Database, wanted: Sequence[tuple[str, str, Role, str]]) -> list[Principal]:
    async with database.transaction() as tx:
        made = await rooms.directory.staffing.rehearse(tx, wanted)
    return [Principal(Kind.STAFF, m.id, m.name, m.roles, m.unit, login=m.login) for m in made]


def _agents(many: int) -> Iterator[tuple[str, str, Role, str]]:
    for n in range(1, many + 1):
        yield f"s-agent-{n:03d}", f"{Role.AGENT.label}{n:03d}", Role.AGENT, ""


def _hotline() -> Iterator[tuple[str, str, Role, str]]:
    for role, many in POSTS.items():
        for n in range(1, many + 1):
            yield f"s-{role.value}-{n:02d}", f"{role.label}{n:02d}", role, ""
