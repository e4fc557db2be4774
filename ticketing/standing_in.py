"""In whose parts somebody acts beside their own: of whoever named them to stand in and is away."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import NotAllowed
from kernel.people import UNIT_ROLES, Kind, Principal, Role
from ticketing.model.acting import Doer
from ticketing.model.labels import Actor
from ticketing.rules.absences import present
from ticketing.rules.doers import ROLES, actors_of, doer
from ticketing.store import approvals as rows


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody and, as ``whole``, the same with the roles of those they stand in for, whose names are ``instead``."""

    own: Principal
    whole: Principal
    instead: Mapping[Role, tuple[str, ...]] = field(default_factory=dict)

    def doers(self, unit: str) -> list[Doer]:
        """Every part they act in, their own first; ``unit`` is the one they act for."""
        own = actors_of(self.own)
        others = (each for each in actors_of(self.whole) if each not in own)
        return [
            *(Doer(actor, self.own.id, unit, self.own.name) for actor in own),
            *(Doer(actor, self.own.id, unit, self.own.name, self._names(ROLES[actor])) for actor in others),
        ]

    def doer(self, admitted: Iterable[Actor]) -> Doer:
        """The part among ``admitted`` they act in, in their own where they can; NotAllowed where there is none."""
        wanted = frozenset(admitted)
        try:
            return doer(self.own, wanted)
        except NotAllowed:
            found = doer(self.whole, wanted)
            return replace(found, instead_of=self._names(ROLES[found.actor]))

    @property
    def for_whom(self) -> str:
        """The names of all they stand in for; empty where they act for themselves only."""
        return self._names(self.instead)

    def _names(self, roles: Iterable[Role]) -> str:
        named = (name for role in roles for name in self.instead.get(role, ()))
        return "、".join(dict.fromkeys(named))


class StandingIn:
    """Says who acts for whom at this moment."""

    def __init__(self, clock: Clock, lookup: Lookup) -> None:
        self._clock = clock
        self._lookup = lookup

    async def acting(self, tx: Tx, by: Principal) -> Acting:
        """``by`` with the roles of all of their unit who are away now and for whom nobody nearer is there."""
        if by.kind is not Kind.STAFF or not by.unit:
            return Acting(by, by)
        running = await rows.running(tx, self._clock.now(), [by.unit])
        if not running:
            return Acting(by, by)
        roles = {p.id: p.roles & UNIT_ROLES for p in await self._lookup.staff_of(tx, by.unit) if p.active}
        away: dict[str, str] = {}
        for each in running:
            away[each.absent] = away.get(each.absent) or (each.stand_in if each.stand_in in roles else "")
        instead: dict[Role, tuple[str, ...]] = {}
        for each in running:
            if each.absent != by.id and each.absent in roles and present(each.absent, away) == by.id:
                for role in roles[each.absent] - by.roles:
                    instead[role] = (*instead.get(role, ()), each.absent_name)
        return Acting(by, replace(by, roles=by.roles | instead.keys()), instead)
