"""Inner approval: whether a unit's results pass through its leader, and who approves while the leader is away."""

from collections.abc import Iterator
from datetime import datetime

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Tx
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id
from kernel.people import Kind, Principal, Role
from ticketing.absences import Absences, check_absence, wants_approval
from ticketing.model.acting import Doer
from ticketing.model.labels import Action, Actor, SideAction, State
from ticketing.model.presence import Absence
from ticketing.model.ticket import Ticket
from ticketing.rules.approving import Approvers, approvers
from ticketing.store import approvals

MAY_STAND_IN = frozenset({Role.LIAISON, Role.HANDLER, Role.UNIT_LEADER})
# What a leader of a unit above does in the place of a leader who is not there, and nothing else.
DONE_FROM_ABOVE: frozenset[Action | SideAction] = frozenset({Action.APPROVE, Action.REDO_INSIDE})


class Approving:
    """Reads and sets how a unit approves."""

    def __init__(self, clock: Clock, lookup: Lookup, absences: Absences) -> None:
        self._absences = absences
        self._clock = clock
        self._lookup = lookup

    async def wanted(self, tx: Tx, unit: str) -> bool:
        """Whether results pass through the leader: as the unit has set it, else as the city's file says."""
        return await wants_approval(tx, self._lookup, unit)

    async def set_wanted(self, tx: Tx, unit: str, want: bool, by: Principal) -> None:
        """From now on; NotFound for a unit nobody knows."""
        self._lookup.unit(unit)
        await approvals.set_wanted(tx, unit, want, self._clock.now(), by.id)

    def now(self) -> datetime:
        """This moment."""
        return self._clock.now()

    # -- who approves -----------------------------------------------------------------------------------

    async def approvers(self, tx: Tx, ticket: Ticket) -> Approvers:
        """Who could approve the result that waits now: of the lead or, where nobody of it could, of the nearest unit
        above that has somebody. Nobody where nothing waits."""
        if ticket.state is not State.SUBMITTED or ticket.lead is None:
            return Approvers()
        author = ticket.result.by if ticket.result else ""
        for unit in self._upward(ticket.lead.unit):
            staff = await self._lookup.staff_of(tx, unit)
            leaders = [each.id for each in staff if each.active and Role.UNIT_LEADER in each.roles]
            found = approvers(leaders, await self._absences.away(tx, staff), author)
            if found:
                names = {each.id: each.name for each in staff}
                return Approvers(unit, tuple((id_, names[id_]) for id_ in found))
        return Approvers()

    async def from_above(self, tx: Tx, ticket: Ticket, by: Principal) -> Doer | None:
        """``by`` as who approves in the place of the lead's leader, where nobody of the lead could and ``by`` leads the
        unit above, or stands in there; else None."""
        lead = ticket.lead
        if (
            by.kind is not Kind.STAFF
            or not by.unit
            or ticket.state is not State.SUBMITTED
            or lead is None
            or by.unit == lead.unit
        ):
            return None
        found = await self.approvers(tx, ticket)
        if found.unit != by.unit or not found.has(by.id):
            return None
        below, above = self._lookup.unit(lead.unit).name, self._lookup.unit(by.unit).name
        return Doer(Actor.UNIT_LEADER, by.id, lead.unit, by.name, f"{below}负责人（上级单位{above}）")

    def _upward(self, unit: str) -> Iterator[str]:
        passed: set[str] = set()
        while unit and unit not in passed:
            passed.add(unit)
            yield unit
            unit = self._lookup.unit(unit).parent

    # -- deputies ---------------------------------------------------------------------------------------

    async def deputies(self, tx: Tx, unit: str) -> list[Absence]:
        """Who stands in for a leader now or later: named here, or where the leader said that they are away."""
        found = [each for each in await approvals.absences_of(tx, unit, self._clock.now()) if each.stand_in]
        if not found:
            return []
        leads = {p.id for p in await self._lookup.staff_of(tx, unit) if p.active and Role.UNIT_LEADER in p.roles}
        return [each for each in found if each.absent in leads]

    async def name_deputy(self, tx: Tx, deputy: str, since: datetime, until: datetime, by: Principal) -> None:
        """A leader names a colleague of the same unit for some days; Invalid for anybody else, or days gone by."""
        wrong = {}
        try:
            person = await self._lookup.staff(tx, deputy)
        except NotFound as error:
            raise Invalid({"deputy": "unknown"}) from error
        if not person.active or person.unit != by.unit or person.id == by.id or not person.roles & MAY_STAND_IN:
            wrong["deputy"] = "not_of_the_unit"
        if wrong:
            raise Invalid(wrong)
        named = Absence(new_id(), by.unit, by.id, by.name, person.id, person.name, since, until)
        try:
            await check_absence(tx, self._lookup, named, self._clock.now(), aware=True)
        except Invalid as error:
            fields = {"deputy" if name == "stand_in" else name: code for name, code in error.fields.items()}
            raise Invalid(fields, error.code, **error.data) from error
        await approvals.keep_absence(tx, named)

    async def end_deputy(self, tx: Tx, id_: str, by: Principal) -> None:
        """The leader is back."""
        if id_ in {each.id for each in await self.deputies(tx, by.unit)}:
            await approvals.end_absence(tx, by.unit, id_)
