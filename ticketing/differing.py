"""What changed in a ticket since somebody read it, in words: for whoever saves too late."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import NotFound
from ticketing.catalogue import Catalogue
from ticketing.model.acting import Record
from ticketing.model.labels import (
    AssignmentRole,
    AssignmentState,
    RequestKind,
    RequestState,
    State,
    TicketKind,
    Urgency,
)
from ticketing.model.ticket import Ticket
from ticketing.names import MOVES
from ticketing.rules.differences import JOINED
from ticketing.store.tickets import TicketStore

STEP = "step"


@dataclass(frozen=True, slots=True)
class Difference:
    """One field as it was and as it is, who changed it last and when; both empty for words: the ticket itself has
    them."""

    field: str
    before: str
    after: str
    by: str
    at: datetime


class Differing:
    """Reads a ticket's own history."""

    def __init__(self, lookup: Lookup, catalogue: Catalogue, store: TicketStore) -> None:
        self._lookup = lookup
        self._catalogue = catalogue
        self._store = store
        self._words: Mapping[str, Callable[[str], str]] = {
            "state": lambda code: State(code).label,
            "unit": self._unit,
            "matter": self._matter,
            "area": self._area,
            "kind": lambda code: TicketKind(code).label,
            "urgency": lambda code: Urgency(code).label,
            "due": self._moment,
            "contact": self._moment,
            "requests": self._requests,
            "parts": self._parts,
            STEP: lambda what: MOVES[what].label if what in MOVES else what,
        }

    async def since(self, tx: Tx, ticket: Ticket, version: int) -> Sequence[Difference]:
        """Field by field what later versions than ``version`` made of it; what was changed back is left out.

        Of steps that touch none of the fields (a flag, a note) the last is named, so that nobody is told of a change
        and shown none.
        """
        later = [record for record in await self._store.history(tx, ticket.id) if record.version > version]
        names = await self._lookup.staff_names(tx, {record.by for record in later})
        first: dict[str, str] = {}
        last: dict[str, tuple[str, Record]] = {}
        for record in later:
            for change in record.changes:
                first.setdefault(change.field, change.before)
                last[change.field] = (change.after, record)
        if silent := [record for record in later if not record.changes]:
            step = silent[-1]
            first[STEP], last[STEP] = "", (step.what, step)
        return [
            Difference(
                field,
                self._said(field, first[field]),
                self._said(field, after),
                names.get(record.by, "") or record.actor.label,
                record.at,
            )
            for field, (after, record) in last.items()
            if first[field] != after or not after
        ]

    def _said(self, field: str, code: str) -> str:
        words = self._words.get(field)
        return words(code) if words and code else code

    def _unit(self, code: str) -> str:
        try:
            return self._lookup.unit(code).name
        except NotFound:
            return code

    def _matter(self, code: str) -> str:
        matter = self._catalogue.known(code)
        return matter.name if matter else code

    def _area(self, code: str) -> str:
        try:
            return self._lookup.area(code).name
        except NotFound:
            return code

    def _moment(self, moment: str) -> str:
        return f"{datetime.fromisoformat(moment).astimezone(self._lookup.calendar().zone):%Y-%m-%d %H:%M}"

    def _requests(self, codes: str) -> str:
        parts = [part.split(":") for part in codes.split(JOINED)]
        return "；".join(f"{RequestKind(kind).label}：{RequestState(state).label}" for kind, state in parts)

    def _parts(self, codes: str) -> str:
        parts = [part.split(":") for part in codes.split(JOINED)]
        return "；".join(
            f"{self._unit(unit)}（{AssignmentRole(role).label} · {AssignmentState(state).label}）"
            for unit, role, state in parts
        )
