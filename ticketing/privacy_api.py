"""The routes by which privacy is guarded: doubtful spans, who looked, suspected leaks."""

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from directory.lookup import Lookup
from kernel.clock import Clock
from kernel.database import Database, Tx
from kernel.errors import Invalid
from kernel.pages import place
from kernel.people import May, Principal, Role
from kernel.room import Call, Download, Route
from ticketing.guarding import Guarding
from ticketing.leaking import Known, Leaking, check_stretch
from ticketing.model.privacy import Access
from ticketing.model.ticket import Ticket
from ticketing.privacy_views import (
    CloseForm,
    LeakForm,
    LeakPage,
    LeakView,
    LookPage,
    LookView,
    NotifyForm,
    PartQuery,
    SpanForm,
    SpanQueue,
    SpansView,
    SpanView,
    TraceQuery,
)
from ticketing.queries import Queries
from ticketing.rules.purposes import FIELD_NAMES
from ticketing.rules.reaching import AT_ONCE
from ticketing.showing import Showing
from ticketing.store import secrets as rows
from ticketing.store.secrets import LONGEST_PAGE, Trace
from ticketing.unveiling import Unveiling

HEADINGS = ("时间", "工单", "方式", "人员", "角色", "单位", "用途", "说明", "所见内容")
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class PrivacyApi:
    """Reads, decides, traces."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lookup: Lookup,
        queries: Queries,
        showing: Showing,
        guarding: Guarding,
        leaking: Leaking,
        unveiling: Unveiling,
    ) -> None:
        self._database = database
        self._clock = clock
        self._lookup = lookup
        self._queries = queries
        self._showing = showing
        self._guarding = guarding
        self._leaking = leaking
        self._unveiling = unveiling

    # -- doubtful spans ---------------------------------------------------------------------------------

    async def queue(self, call: Call) -> SpanQueue:
        asked = call.asked(PartQuery)
        at = place(asked.cursor, asked.limit)
        async with self._database.reading() as tx:
            found = await self._guarding.waiting(tx, at.limit + 1, at.start)
            return SpanQueue(
                [await self._spans(tx, ticket, call.principal) for ticket in found[: at.limit]], at.next_of(found)
            )

    async def spans(self, call: Call) -> SpansView:
        async with self._database.reading() as tx:
            return await self._spans(tx, await self._ticket(tx, call), call.principal)

    async def decide(self, call: Call) -> SpansView:
        async with self._database.transaction() as tx:
            ticket, shown = await self._ticket(tx, call), call.form(SpanForm).shown
            await self._guarding.decide(tx, ticket, call.path["mark"], call.principal, shown=shown)
            return await self._spans(tx, ticket, call.principal)

    async def decide_rest(self, call: Call) -> SpansView:
        async with self._database.transaction() as tx:
            ticket, shown = await self._ticket(tx, call), call.form(SpanForm).shown
            await self._guarding.decide_rest(tx, ticket, call.principal, shown=shown)
            return await self._spans(tx, ticket, call.principal)

    async def _ticket(self, tx: Tx, call: Call) -> Ticket:
        return await self._queries.by_number(tx, call.path["number"], call.principal)

    async def _spans(self, tx: Tx, ticket: Ticket, by: Principal) -> SpansView:
        found = await self._guarding.spans(tx, ticket, by)
        items = [
            SpanView(one.mark, one.span.kind.label, one.before, one.span.value, one.after, one.shown) for one in found
        ]
        unit = self._showing.names.unit(ticket.lead.unit if ticket.lead else "")
        clock, shown = await self._unveiling.clock(tx, ticket), self._showing.rows
        urgent = ticket.urgency.label if ticket.urgency in AT_ONCE else ""
        time = urgent, clock.due if clock else None, shown.light(clock), shown.remaining(clock)
        return SpansView(ticket.number, self._queries.title(ticket), ticket.state.label, unit, items, *time)

    # -- looks ------------------------------------------------------------------------------------------

    async def looks(self, call: Call) -> LookPage:
        async with self._database.reading() as tx:
            found = await self._guarding.looks(tx, await self._ticket(tx, call))
            return LookPage(await self._views(tx, found))

    async def trace(self, call: Call) -> LookPage:
        asked = call.asked(TraceQuery)
        limit = max(1, min(asked.limit, LONGEST_PAGE))
        async with self._database.reading() as tx:
            found = await rows.trace(tx, check_stretch(_trace(asked)), limit + 1, _place(asked.cursor))
            items = await self._views(tx, found[:limit])
        last = found[limit - 1] if len(found) > limit else None
        return LookPage(items, f"{last.at.isoformat()}~{last.id}" if last else None)

    async def trace_file(self, call: Call) -> Download:
        asked = check_stretch(_trace(call.asked(TraceQuery)))
        async with self._database.transaction() as tx:
            found = await self._leaking.export(tx, asked, call.principal)
            views = await self._views(tx, found)
        zone = self._lookup.calendar().zone
        lines = [_line(view, view.at.astimezone(zone)) for view in views]
        return Download("privacy-looks.csv", "text/csv", _table([HEADINGS, *lines]))

    async def _views(self, tx: Tx, found: Collection[Access]) -> list[LookView]:
        names = await self._lookup.staff_names(tx, {each.by for each in found})
        return [self._view(each, names) for each in found]

    def _view(self, look: Access, names: Mapping[str, str]) -> LookView:
        return LookView(
            look.id,
            look.number,
            look.kind,
            look.kind.label,
            look.at,
            names.get(look.by, look.by),
            Role(look.role).label if look.role in set(Role) else look.role,
            self._showing.names.unit(look.unit, look.at),
            look.purpose.label if look.purpose else "",
            look.note,
            [FIELD_NAMES.get(field, field) for field in look.fields],
        )

    # -- leaks ------------------------------------------------------------------------------------------

    async def leaks(self, call: Call) -> LeakPage:
        asked = call.asked(PartQuery)
        at = place(asked.cursor, asked.limit)
        async with self._database.reading() as tx:
            found = await self._leaking.all(tx, at.limit + 1, at.start)
            people = {who for known in found for who in _people(known)}
            names = await self._lookup.staff_names(tx, people)
        return LeakPage([self._leak(known, names) for known in found[: at.limit]], at.next_of(found))

    async def freeze(self, call: Call) -> LeakView:
        form = call.form(LeakForm)
        async with self._database.transaction() as tx:
            leak = await self._leaking.open(tx, form.number, form.why, call.principal)
            return await self._told(tx, await self._leaking.known(tx, leak))

    async def notify(self, call: Call) -> LeakView:
        text = call.form(NotifyForm).text
        async with self._database.transaction() as tx:
            leak = await self._leaking.notify(tx, call.path["id"], text, call.principal)
            return await self._told(tx, await self._leaking.known(tx, leak))

    async def close(self, call: Call) -> LeakView:
        conclusion = call.form(CloseForm).conclusion
        async with self._database.transaction() as tx:
            leak = await self._leaking.close(tx, call.path["id"], conclusion, call.principal)
            return await self._told(tx, await self._leaking.known(tx, leak))

    async def _told(self, tx: Tx, known: Known) -> LeakView:
        return self._leak(known, await self._lookup.staff_names(tx, _people(known)))

    def _leak(self, known: Known, names: Mapping[str, str]) -> LeakView:
        leak = known.leak
        return LeakView(
            leak.id,
            leak.number,
            leak.opened_at,
            names.get(leak.opened_by, ""),
            leak.why,
            leak.notify_by,
            leak.notified_at,
            names.get(leak.notified_by, ""),
            leak.notice,
            leak.closed_at,
            names.get(leak.closed_by, ""),
            leak.conclusion,
            (leak.notified_at or self._clock.now()) > leak.notify_by,
            known.writable,
        )


def _people(known: Known) -> set[str]:
    return {known.leak.opened_by, known.leak.notified_by, known.leak.closed_by} - {""}


def _trace(asked: TraceQuery) -> Trace:
    if asked.since.tzinfo is None or asked.until.tzinfo is None:
        raise Invalid({"since": "malformed"})
    return Trace(asked.since, asked.until, asked.number.strip().upper(), asked.person, asked.unit, asked.kind)


def _place(cursor: str) -> tuple[datetime, str] | None:
    if not cursor:
        return None
    moment, _, last = cursor.partition("~")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise Invalid({"cursor": "wrong"}) from error
    if at.tzinfo is None:
        raise Invalid({"cursor": "wrong"})
    return at, last


def _line(view: LookView, at: datetime) -> tuple[str, ...]:
    fields = "、".join(view.fields)
    who = (view.who, view.role_label, view.unit_name)
    return (f"{at:%Y-%m-%d %H:%M:%S}", view.number, view.kind_label, *who, view.purpose_label, view.note, fields)


def _table(lines: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row] for row in lines])
    # With the mark spreadsheets go by.
    return ("\ufeff" + out.getvalue()).encode()


def routes(api: PrivacyApi) -> list[Route]:
    """The privacy officer's part of the API."""
    root, one = "/api/v1/privacy", "/api/v1/tickets/{number}"
    spans, looks, guard = May.DECIDE_SPANS, May.READ_LOOKS, May.GUARD_PRIVACY
    leak = f"{root}/leaks"
    return [
        Route("GET", f"{root}/spans", api.queue, spans, "待核定的身份线索", query=PartQuery, gives=SpanQueue),
        Route("GET", f"{one}/spans", api.spans, spans, "工单的身份线索", gives=SpansView),
        Route("POST", f"{one}/spans", api.decide_rest, spans, "一次核定其余身份线索", body=SpanForm, gives=SpansView),
        Route("POST", f"{one}/spans/{{mark}}", api.decide, spans, "核定身份线索", body=SpanForm, gives=SpansView),
        Route("GET", f"{one}/looks", api.looks, looks, "工单的查看记录", gives=LookPage),
        Route("GET", f"{root}/looks", api.trace, looks, "查看记录", query=TraceQuery, gives=LookPage),
        Route("GET", f"{root}/looks.csv", api.trace_file, looks, "导出查看记录", query=TraceQuery, gives=Download),
        Route("GET", leak, api.leaks, looks, "泄露事件", query=PartQuery, gives=LeakPage),
        Route("POST", leak, api.freeze, guard, "冻结身份信息", body=LeakForm, gives=LeakView, status=201),
        Route("POST", f"{leak}/{{id}}/notify", api.notify, guard, "告知诉求人", body=NotifyForm, gives=LeakView),
        Route("POST", f"{leak}/{{id}}/close", api.close, guard, "泄露事件结案", body=CloseForm, gives=LeakView),
    ]
