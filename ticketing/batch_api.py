"""The routes for many tickets at once: what a dispatcher may confirm with a glance, and one action on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kernel.database import Database
from kernel.people import May
from kernel.room import Call, Route
from ticketing.batching import MOST, Batching, Item, Told
from ticketing.model.duties import DispatchDecision
from ticketing.model.labels import Action, SideAction
from ticketing.model.ticket import Ticket
from ticketing.row_views import TicketRow
from ticketing.rules.certain import doubts
from ticketing.showing import Showing


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A ticket with the unit that is proposed and why; ``score`` between 0 and 1, ``said`` the beginning of the
    citizen's words, ``doubts`` why it is to be looked at by itself (empty where it is mostly sure)."""

    ticket: TicketRow
    unit: str
    unit_name: str
    score: float
    duty_item: str
    lines: Sequence[str]
    said: str
    doubts: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ProposalPage:
    """What can be confirmed in one go; ``total`` of the thousand that wait longest."""

    items: Sequence[ProposalView]
    total: int
    next: str | None = None


@dataclass(frozen=True, slots=True)
class ProposalsQuery:
    """A page of them; no longer than what may be confirmed at once."""

    cursor: str = ""
    limit: int = MOST


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One ticket as it was at ``version``."""

    number: str
    version: int
    form: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BatchForm:
    """``action``: dispatch, accept, accept_part, merge or unmerge; at most 100 tickets."""

    action: str
    items: list[BatchItem]


@dataclass(frozen=True, slots=True)
class ResultRow:
    """How it went with one ticket; ``code`` is empty where it was done."""

    number: str
    done: bool
    state_label: str = ""
    unit_name: str = ""
    code: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """How it went with each, in the order they were sent."""

    items: Sequence[ResultRow]
    done: int
    failed: int


# As much as two lines of the list hold.
SAID = 60
MOVES: Mapping[str, Action | SideAction] = {each.value: each for kind in (Action, SideAction) for each in kind}


class BatchApi:
    """Reads, does, shows."""

    def __init__(self, database: Database, batching: Batching, showing: Showing) -> None:
        self._database = database
        self._batching = batching
        self._showing = showing

    async def proposals(self, call: Call) -> ProposalPage:
        asked = call.asked(ProposalsQuery)
        async with self._database.reading() as tx:
            found, behind = await self._batching.certain(tx, asked.cursor, max(1, min(asked.limit, MOST)))
            total = await self._batching.how_many(tx)
        return ProposalPage([self._proposal(*each, call) for each in found], total, behind)

    def _proposal(self, ticket: Ticket, decision: DispatchDecision, call: Call) -> ProposalView:
        best = decision.candidates[0]
        row, name = self._showing.rows.row(ticket, call.principal), self._showing.names.unit(best.unit)
        veil = self._showing.rows.veil(ticket, call.principal)
        why = tuple(veil.over_note(line) for line in decision.explanation)
        unsure = doubts(decision, self._showing.names.unit)
        said = _beginning(veil.over(ticket.text))
        return ProposalView(row, best.unit, name, round(best.confidence, 2), best.duty_item, why, said, unsure)

    async def act(self, call: Call) -> ResultPage:
        form = call.form(BatchForm)
        action = MOVES.get(form.action, Action.SUBMIT)
        items = tuple(Item(each.number, each.version, each.form) for each in form.items)
        told = await self._batching.do(action, items, call.principal)
        done = sum(each.ticket is not None for each in told)
        return ResultPage([self._result(each) for each in told], done, len(told) - done)

    def _result(self, told: Told) -> ResultRow:
        ticket = told.ticket
        if ticket is None:
            return ResultRow(told.number, done=False, code=told.code, fields=told.fields)
        unit = self._showing.names.unit(ticket.lead.unit if ticket.lead else "")
        return ResultRow(told.number, done=True, state_label=ticket.state.label, unit_name=unit)


def _beginning(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= SAID else f"{plain[:SAID]}…"


def routes(api: BatchApi) -> list[Route]:
    """The routes."""
    batch = "/api/v1/batches/tickets"
    return [
        Route(
            "GET",
            "/api/v1/proposals",
            api.proposals,
            May.DISPATCH,
            "待确认派单",
            query=ProposalsQuery,
            gives=ProposalPage,
        ),
        Route("POST", batch, api.act, May.ACT_ON_TICKET, "批量办理", body=BatchForm, gives=ResultPage),
    ]
