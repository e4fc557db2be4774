"""Calls between an officer and a citizen: what hinders one, how it goes, what there were. No number in any answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from directory.lookup import Lookup
from kernel.calls import CallHeard, CallResult, CallState, RelayedCall
from kernel.database import Tx
from kernel.people import May
from kernel.phones import phone as valid_phone
from kernel.room import Call, Floor, Route
from ticketing.callbacks import proves, was_made
from ticketing.calling import Calling
from ticketing.model.ticket import Ticket
from ticketing.queries import Queries
from ticketing.rules.reaching import Reach
from ticketing.store import reaching as reaches


@dataclass(frozen=True, slots=True)
class CallView:
    """One call; ``seconds`` is how long it was talked. ``asks``: whoever reads it is to say who picked up, and may put
    it right until ``correctable_until``; ``before_label`` is what was said by mistake. ``tries``: an attempt may
    rest on it; ``proves``: it stands behind what they put down of a call-back next."""

    id: str
    state: CallState
    state_label: str
    result: str
    result_label: str
    who: str
    at: datetime
    seconds: int
    running: bool
    heard: str
    heard_label: str
    asks: bool
    before_label: str
    correctable_until: datetime | None
    proves: bool
    tries: bool


@dataclass(frozen=True, slots=True)
class CallsView:
    """The calls about a ticket, the newest first; ``hindrance`` is why there can be no other now, a code.
    ``knows_phone``: it is known where to ring whoever asks."""

    hindrance: str
    knows_phone: bool
    calls: Sequence[CallView]


@dataclass(frozen=True, slots=True)
class HeardForm:
    """Who picked up."""

    heard: CallHeard


@dataclass(frozen=True, slots=True)
class CallForm:
    """A call; ``phone`` is where to ring from now on, empty where that is known."""

    phone: str = ""


class CallingApi:
    """Asks and shows."""

    def __init__(self, floor: Floor, lookup: Lookup, queries: Queries, calling: Calling) -> None:
        self._database = floor.database
        self._vault = floor.vault
        self._clock = floor.clock
        self._lookup = lookup
        self._queries = queries
        self._calling = calling

    async def show(self, call: Call) -> CallsView:
        async with self._database.reading() as tx:
            return await self._view(tx, call)

    async def ask(self, call: Call) -> CallsView:
        given = call.form(CallForm).phone.strip()
        phone = valid_phone(given) if given else ""
        async with self._database.transaction() as tx:
            if phone:
                who = call.principal.id
                known = (await reaches.of(tx, self._vault, [who])).get(who, Reach({}))
                await reaches.keep(tx, self._vault, who, replace(known, phone=phone), self._clock.now())
            await self._calling.ask(tx, call.path["number"], call.principal)
            return await self._view(tx, call)

    async def hear(self, call: Call) -> CallsView:
        async with self._database.transaction() as tx:
            heard, number = call.form(HeardForm).heard, call.path["number"]
            await self._calling.hear(tx, number, call.path["id"], heard, call.principal)
            return await self._view(tx, call)

    async def _view(self, tx: Tx, call: Call) -> CallsView:
        ticket = await self._queries.by_number(tx, call.path["number"], call.principal)
        found = await self._calling.calls(tx, ticket)
        names = await self._lookup.staff_names(tx, {each.asked_by for each in found})
        hindrance = await self._calling.hindrance(tx, ticket, call.principal)
        knows = bool(await self._calling.phone_of(tx, call.principal))
        return CallsView(hindrance, knows, [self._shown(each, names, call.principal.id, ticket) for each in found])

    def _shown(self, call: RelayedCall, names: Mapping[str, str], me: str, ticket: Ticket) -> CallView:
        result, heard, before, mine = call.result, call.heard, call.heard_before, call.asked_by == me
        return CallView(
            call.id,
            call.state,
            call.state.label,
            result.value if result else "",
            result.label if result else "",
            names.get(call.asked_by, ""),
            call.asked_at,
            call.seconds,
            call.state is not CallState.ENDED,
            heard.value if heard else "",
            heard.label if heard else "",
            result is CallResult.ANSWERED and heard is None and mine,
            before.label if before else "",
            self._calling.correctable_until(call) if mine else None,
            proves(call, ticket, me),
            was_made(call, ticket, me),
        )


def routes(api: CallingApi) -> list[Route]:
    """The calls of a ticket."""
    path, may = "/api/v1/tickets/{number}/calls", May.CALL_CITIZEN
    return [
        Route("GET", path, api.show, may, "与诉求人的通话", gives=CallsView),
        Route("POST", path, api.ask, may, "拨打诉求人（双方不见号码）", body=CallForm, gives=CallsView, status=201),
        Route("POST", f"{path}/{{id}}/heard", api.hear, may, "登记通话对象", body=HeardForm, gives=CallsView),
    ]
