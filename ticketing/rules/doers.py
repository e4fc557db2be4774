"""In which part a person acts: roles of the house become actors of the workflow."""

from collections.abc import Iterable

from kernel.errors import NotAllowed
from kernel.people import KeyScope, Kind, Principal, Role
from ticketing.model.acting import Doer
from ticketing.model.labels import Actor

ROLES: dict[Actor, frozenset[Role]] = {
    Actor.AGENT: frozenset({Role.AGENT, Role.SHIFT_LEAD}),
    Actor.DISPATCHER: frozenset({Role.DISPATCHER}),
    Actor.UNIT: frozenset({Role.LIAISON, Role.HANDLER}),
    Actor.UNIT_LEADER: frozenset({Role.UNIT_LEADER}),
    Actor.REVIEWER: frozenset({Role.REVIEWER}),
    Actor.CALLBACK: frozenset({Role.CALLBACK}),
    Actor.SUPERVISOR: frozenset({Role.SUPERVISOR, Role.JOINT_OFFICE}),
}
SYSTEM_PARTS = {"bot": Actor.BOT, "platform": Actor.PLATFORM}
OUTSIDE = frozenset({Kind.CITIZEN, Kind.LINK, Kind.GUEST})


def actors_of(principal: Principal) -> tuple[Actor, ...]:
    """Every part ``principal`` may act in; the system acts as the timer unless its id says otherwise."""
    if principal.kind in OUTSIDE:
        return (Actor.CITIZEN,)
    if principal.kind is Kind.KEY:
        return (Actor.UNIT,) if KeyScope.UNIT_ACT in principal.scopes else ()
    if principal.kind is Kind.SYSTEM:
        return (SYSTEM_PARTS.get(principal.id, Actor.TIMER),)
    return tuple(actor for actor, roles in ROLES.items() if principal.has(*roles))


def doer(principal: Principal, admitted: Iterable[Actor]) -> Doer:
    """``principal`` in the first of their parts that is among ``admitted``; NotAllowed when there is none."""
    wanted = frozenset(admitted)
    for actor in actors_of(principal):
        if actor in wanted:
            return Doer(actor, principal.id or principal.link or principal.kind.value, principal.unit, principal.name)
    raise NotAllowed("wrong_actor")
