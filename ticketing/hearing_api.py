"""The routes by which a unit of a dispute says in its own words what it has to say, before the ruling."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from directory.lookup import Lookup
from kernel import cursors
from kernel.database import Tx
from kernel.pages import PageQuery
from kernel.people import May, Principal
from kernel.room import Call, Floor, Route
from ticketing.deciding import Deciding
from ticketing.model.ticket import Request, Ticket
from ticketing.names import REASON_LABELS
from ticketing.rules.redacting import redacted, redacted_note
from ticketing.rules.telling import SECRET
from ticketing.rulings import Rulings, sides
from ticketing.showing import Showing


@dataclass(frozen=True, slots=True)
class WordsView:
    """What one side said; ``ours``: the unit that reads it."""

    unit_name: str
    ours: bool
    text: str
    clause: str
    at: datetime


@dataclass(frozen=True, slots=True)
class HearingView:
    """A dispute as a unit of it sees it. ``works``: this unit has the ticket meanwhile; ``duty`` is what the catalogue
    charges it with here, empty for nothing."""

    number: str
    request: str
    title: str
    matter_name: str
    area_name: str
    text: str
    lead_name: str
    works: bool
    duty: str
    decide_by: datetime
    overdue: bool
    stated: bool
    words: Sequence[WordsView]


@dataclass(frozen=True, slots=True)
class HearingPage:
    """Disputes that wait for a ruling, the most pressing first."""

    items: Sequence[HearingView]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class StatementForm:
    """What the unit says, and by which clause."""

    text: str = ""
    clause: str = ""


class HearingApi:
    """Hears units."""

    def __init__(self, floor: Floor, lookup: Lookup, rulings: Rulings, deciding: Deciding, showing: Showing) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._lookup = lookup
        self._rulings = rulings
        self._deciding = deciding
        self._showing = showing

    async def show(self, call: Call) -> HearingPage:
        async with self._database.reading() as tx:
            return await self._page(tx, call.principal, call.asked(PageQuery))

    async def state(self, call: Call) -> HearingPage:
        form, number, id_ = call.form(StatementForm), call.path["number"], call.path["id"]
        async with self._database.transaction() as tx:
            await self._rulings.state(tx, number, id_, form.text, form.clause, call.principal)
            return await self._page(tx, call.principal, PageQuery())

    async def _page(self, tx: Tx, by: Principal, asked: PageQuery) -> HearingPage:
        found = await self._rulings.of_unit(tx, by.unit)
        page = cursors.part(found, lambda each: (each[1].decide_by, each[1].id), asked.cursor, asked.limit)
        return HearingPage([await self._view(tx, *each, by) for each in page.items], page.total, page.next)

    async def _view(self, tx: Tx, ticket: Ticket, request: Request, by: Principal) -> HearingView:
        said, secret = await self._rulings.arguments(tx, request), ticket.secrecy in SECRET
        ours, name = set(self._lookup.stands_for(by.unit)), self._showing.names.unit
        label = REASON_LABELS.get(request.reason_code, "")
        asked = "：".join(part for part in (label, request.reason) if part)
        words = [WordsView(name(request.unit), request.unit in ours, asked, request.clause, request.asked_at)]
        words += [WordsView(name(a.unit), a.unit in ours, a.text, a.clause, a.at) for a in said]
        unit = next((each for each in sides(ticket, request, said) if each in ours), by.unit)
        lead = ticket.lead.unit if ticket.lead else ""
        return HearingView(
            number=ticket.number,
            request=request.id,
            title=redacted(ticket.title) if secret else ticket.title,
            matter_name=self._showing.names.matter(ticket.matter),
            area_name=self._showing.names.area(ticket.area),
            # Of a secret ticket whoever does not work on it reads no word of the citizen's.
            text="" if secret else ticket.text,
            lead_name=name(lead),
            works=lead in ours,
            duty=self._duty(ticket, unit),
            decide_by=request.decide_by,
            overdue=self._clock.now() > request.decide_by,
            stated=any(each.ours for each in words),
            words=[_veiled(each) for each in words] if secret else words,
        )

    def _duty(self, ticket: Ticket, unit: str) -> str:
        item = self._deciding.duty_item(ticket, unit)
        if not item:
            return ""
        matter, functions = self._showing.matter(ticket.matter), self._lookup.functions()
        return f"{matter.name}：{functions.get(matter.function, matter.function)}（{item}）"


def _veiled(words: WordsView) -> WordsView:
    return WordsView(words.unit_name, words.ours, redacted_note(words.text), words.clause, words.at)


def routes(api: HearingApi) -> list[Route]:
    """A unit's part in a dispute."""
    root, may = "/api/v1/hearings", May.ASK_REQUEST
    one = f"{root}/{{number}}/{{id}}"
    return [
        Route("GET", root, api.show, may, "涉及本单位的派单争议", query=PageQuery, gives=HearingPage),
        Route("POST", one, api.state, may, "说明本单位意见", body=StatementForm, gives=HearingPage),
    ]
