"""Other programs that call the house, and what they find there."""

from collections.abc import Sequence
from typing import Any

from directory.model import Level
from hotline.assembly import Assembled
from kernel.people import Kind, Principal, Role
from tests.hotline.conftest import Browser
from ticketing.model.acting import Form
from ticketing.model.labels import Action, TicketKind
from ticketing.model.ticket import Draft, Ticket

KEYS = "/api/v1/keys"
DISPATCHER = Principal(Kind.STAFF, "dispatcher-1", "分办员", frozenset({Role.DISPATCHER}))


async def make_key(admin: Browser, scopes: Sequence[str], unit: str = "", per_minute: int = 600) -> dict[str, Any]:
    """A key an administrator made."""
    form = {"name": "案件系统", "scopes": scopes, "unit": unit, "per_minute": per_minute}
    answer = await admin.post(KEYS, json=form)
    assert answer.status == 201, await answer.text()
    made: dict[str, Any] = await answer.json()
    return made


async def open_ticket(city: Assembled) -> tuple[Ticket, str]:
    """A ticket a dispatcher gave to the unit that comes first, and the unit."""
    text, tickets = "路边每晚都有烧烤档占道经营，路都走不了", city.rooms.ticketing
    town = city.rooms.directory.lookup.areas(Level.TOWN)[0]
    draft = Draft(TicketKind.COMPLAINT, text, place=town.name, area=town.code, name="张三", contact="13800138000")
    async with city.house.floor.database.transaction() as tx:
        ticket = await tickets.tickets.open(tx, draft, Principal(Kind.SYSTEM, "bot"))
        if ticket.lead is None:
            decision = await tickets.queries.decision(tx, ticket.number)
            assert decision is not None
            form = Form(unit=decision.candidates[0].unit, basis="职责")
            ticket = await tickets.tickets.act(tx, ticket.number, Action.DISPATCH, form, DISPATCHER)
    assert ticket.lead is not None
    return ticket, ticket.lead.unit


def bearer(made: dict[str, Any], **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {made['token']}"} | more
